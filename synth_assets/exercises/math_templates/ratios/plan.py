"""Ratios and proportional shares."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording

_SCALES = {
    "easy": (200, 400, 500, 1000),
    "medium": (150, 200, 250, 300, 400, 500, 800),
    "hard": (125, 150, 250, 350, 450, 600, 750, 1250),
}


def _draw_plan(rng: Random, difficulty: str) -> Values:
    parts = {"easy": 1, "medium": 2, "hard": 10}[difficulty]
    longer, shorter = (Fraction(rng.randint(2 * parts, 30 * parts), parts) for _ in range(2))
    return {"scale": rng.choice(_SCALES[difficulty]), "w": longer, "h": shorter}


def _solve_plan(values: Values) -> Fraction:
    return Fraction(values["w"] * values["scale"], 100) * Fraction(values["h"] * values["scale"], 100)


def _plan_workings(values: Values) -> Values:
    return {
        "width": Fraction(values["w"] * values["scale"], 100),
        "height": Fraction(values["h"] * values["scale"], 100),
        "on_plan": values["w"] * values["h"],
        "square": 100 * 100,
    }


def _plan_holds(values: Values) -> bool:
    sides = _plan_workings(values)
    whole = all((10 * sides[side]).denominator == 1 for side in ("width", "height"))
    return whole and 4 <= sides["height"] < sides["width"] <= 90


def _check_plan(values: Values, result: Fraction) -> bool:
    """The area, back in square centimetres, is the plan's area times the square of the scale."""
    return result * 100 * 100 == values["w"] * values["h"] * values["scale"] ** 2


PLAN = Template(
    id="ratios.plan",
    family="ratios",
    unit="m²",
    draw=_draw_plan,
    holds=_plan_holds,
    solve=_solve_plan,
    check=_check_plan,
    workings=_plan_workings,
    texts={
        "en": Wording(
            problems=(
                "On a plan drawn to the scale 1:{scale}, a rectangular garden measures {w:ws_centimetre} by "
                "{h:ws_centimetre}. What is the area of the garden in reality, in square metres?",
                "An architect's drawing has the scale 1:{scale}. A rectangular hall appears on it with sides of "
                "{w:ws_centimetre} and {h:ws_centimetre}. How many square metres does the hall cover?",
            ),
            solution="In reality every length is {scale} times as great, and a metre has 100 centimetres. So the "
            "sides are {w} * {scale} ÷ 100 = {width:m} and {h} * {scale} ÷ 100 = {height:m}. The area is {width} * "
            "{height} = {result:m²}. Multiplying the area on paper by {scale} only once would not be enough, because "
            "areas grow with the square of the scale.",
        ),
        "fr": Wording(
            problems=(
                "Sur un plan à l'échelle 1:{scale}, un jardin rectangulaire mesure {w:ws_centimetre} sur "
                "{h:ws_centimetre}. Quelle est l'aire réelle du jardin, en mètres carrés ?",
                "Le dessin d'une architecte est à l'échelle 1:{scale}. Une salle rectangulaire y a des côtés de "
                "{w:ws_centimetre} et {h:ws_centimetre}. Combien de mètres carrés la salle occupe-t-elle ?",
            ),
            solution="En réalité, chaque longueur est {scale} fois plus grande, et un mètre compte 100 centimètres. "
            "Les côtés mesurent donc {w} * {scale} ÷ 100 = {width:m} et {h} * {scale} ÷ 100 = {height:m}. L'aire est "
            "de {width} * {height} = {result:m²}. Il ne suffirait pas de multiplier une seule fois par {scale} l'aire "
            "mesurée sur le papier, car les aires croissent avec le carré de l'échelle.",
        ),
        "de": Wording(
            problems=(
                "Auf einem Plan im Maßstab 1:{scale} ist ein rechteckiger Garten {w:ws_centimetre} lang und "
                "{h:ws_centimetre} breit. Wie groß ist die Fläche des Gartens in Wirklichkeit, in Quadratmetern?",
                "Die Zeichnung einer Architektin hat den Maßstab 1:{scale}. Ein rechteckiger Saal hat darauf Seiten "
                "von {w:ws_centimetre.dat} und {h:ws_centimetre.dat}. Wie viele Quadratmeter nimmt der Saal ein?",
            ),
            solution="In Wirklichkeit ist jede Länge {scale}-mal so groß, und ein Meter hat 100 Zentimeter. Die "
            "Seiten messen also {w} * {scale} ÷ 100 = {width:m} und {h} * {scale} ÷ 100 = {height:m}. Die Fläche "
            "beträgt {width} * {height} = {result:m²}. Die Fläche auf dem Papier nur einmal mit {scale} zu "
            "multiplizieren, würde nicht genügen, denn Flächen wachsen mit dem Quadrat des Maßstabs.",
        ),
        "it": Wording(
            problems=(
                "Su una pianta in scala 1:{scale} un giardino rettangolare misura {w:ws_centimetre} per "
                "{h:ws_centimetre}. Qual è l'area reale del giardino, in metri quadrati?",
                "Il disegno di un'architetta è in scala 1:{scale}. Una sala rettangolare vi compare con lati di "
                "{w:ws_centimetre} e {h:ws_centimetre}. Quanti metri quadrati occupa la sala?",
            ),
            solution="Nella realtà ogni lunghezza è {scale} volte più grande, e un metro ha 100 centimetri. I lati "
            "misurano quindi {w} * {scale} ÷ 100 = {width:m} e {h} * {scale} ÷ 100 = {height:m}. L'area è {width} * "
            "{height} = {result:m²}. Moltiplicare una sola volta per {scale} l'area misurata sulla carta non "
            "basterebbe, perché le aree crescono con il quadrato della scala.",
        ),
        "es": Wording(
            problems=(
                "En un plano a escala 1:{scale}, un jardín rectangular mide {w:ws_centimetre} por "
                "{h:ws_centimetre}. ¿Cuál es el área real del jardín, en metros cuadrados?",
                "El dibujo de una arquitecta está hecho a escala 1:{scale}. Una sala rectangular aparece en él con "
                "lados de {w:ws_centimetre} y {h:ws_centimetre}. ¿Cuántos metros cuadrados ocupa la sala?",
            ),
            solution="En la realidad cada longitud es {scale} veces mayor, y un metro tiene 100 centímetros. Los "
            "lados miden, por tanto, {w} * {scale} ÷ 100 = {width:m} y {h} * {scale} ÷ 100 = {height:m}. El área es "
            "{width} * {height} = {result:m²}. No bastaría con multiplicar una sola vez por {scale} el área medida "
            "sobre el papel, porque las áreas crecen con el cuadrado de la escala.",
        ),
        "pl": Wording(
            problems=(
                "Na planie w skali 1:{scale} prostokątny ogród ma wymiary {w:ws_centimetre} na {h:ws_centimetre}. "
                "Jakie jest rzeczywiste pole powierzchni ogrodu w metrach kwadratowych?",
                "Rysunek architektki wykonano w skali 1:{scale}. Prostokątna sala ma na nim boki o długości "
                "{w:ws_centimetre.gen} i {h:ws_centimetre.gen}. Ile metrów kwadratowych zajmuje sala?",
            ),
            solution="W rzeczywistości każda długość jest {scale} razy większa, a metr ma 100 centymetrów. Boki mają "
            "więc {w} * {scale} ÷ 100 = {width:m} i {h} * {scale} ÷ 100 = {height:m}. Pole wynosi {width} * {height} "
            "= {result:m²}. Jednokrotne pomnożenie pola na papierze przez {scale} nie wystarczyłoby, bo pola rosną z "
            "kwadratem skali.",
        ),
        "nl": Wording(
            problems=(
                "Op een plattegrond met schaal 1:{scale} is een rechthoekige tuin {w:ws_centimetre} lang en "
                "{h:ws_centimetre} breed. Wat is de werkelijke oppervlakte van de tuin, in vierkante meters?",
                "De tekening van een architecte heeft schaal 1:{scale}. Een rechthoekige zaal heeft daarop zijden van "
                "{w:ws_centimetre} en {h:ws_centimetre}. Hoeveel vierkante meter beslaat de zaal?",
            ),
            solution="In werkelijkheid is elke lengte {scale} keer zo groot, en een meter telt 100 centimeter. De "
            "zijden zijn dus {w} * {scale} ÷ 100 = {width:m} en {h} * {scale} ÷ 100 = {height:m}. De oppervlakte is "
            "{width} * {height} = {result:m²}. De oppervlakte op papier slechts één keer met {scale} vermenigvuldigen "
            "zou niet genoeg zijn, want oppervlakten groeien met het kwadraat van de schaal.",
        ),
        "la": Wording(
            problems=(
                "In forma ratione 1:{scale} descripta hortus rectangulus {w:ws_centimetre} longus et "
                "{h:ws_centimetre} latus est. Quot metra quadrata hortus re vera continet?",
                "Architecta aedificium ratione 1:{scale} delineavit. Atrium rectangulum in tabula latera habet "
                "{w:ws_centimetre.gen} et {h:ws_centimetre.gen}. Quot metra quadrata atrium occupat?",
            ),
            solution="Re vera singulae longitudines per {scale} multiplicandae sunt, et metrum 100 centimetra habet. "
            "Latera igitur sunt {w} * {scale} ÷ 100 = {width:m} et {h} * {scale} ÷ 100 = {height:m}. Area est {width} "
            "* {height} = {result:m²}. Aream in charta semel tantum per {scale} multiplicare non sufficit, quia areae "
            "quadrato rationis crescunt.",
        ),
    },
    trace=Trace(
        given="scale 1:{scale}, sides on paper {w:ws_centimetre} and {h:ws_centimetre}",
        sought="area in reality, in square metres",
        insight="enlarge the sides first; the area grows with the square of the scale",
        steps=(
            "first side → {w} * {scale} ÷ 100 = {width:m}",
            "second side → {h} * {scale} ÷ 100 = {height:m}",
            "area → {width} * {height} = {result:m²}",
        ),
        checks=(
            "area on paper: {w} * {h} = {on_plan} square centimetres",
            "{on_plan} * {scale} * {scale} ÷ {square} = {result:m²}, the same by another way",
        ),
    ),
    mistakes=(
        Mistake(
            name="does_not_square_the_scale",
            says="multiplies the area on paper by the scale once and converts as if it were a length",
            result=lambda values: round(Fraction(values["w"] * values["h"] * values["scale"], 100), 2),
        ),
        Mistake(
            name="takes_a_hundred_square_centimetres",
            says="takes 100 square centimetres for a square metre",
            result=lambda values: 100 * _solve_plan(values),
        ),
        Mistake(
            name="works_out_the_perimeter",
            says="works out the perimeter instead of the area",
            result=lambda values: Fraction(2 * (values["w"] + values["h"]) * values["scale"], 100),
        ),
        Mistake(
            name="adds_the_sides",
            says="adds the two sides instead of multiplying them",
            result=lambda values: Fraction((values["w"] + values["h"]) * values["scale"], 100),
        ),
        Mistake(
            name="scales_once_and_converts_twice",
            says="converts the units rightly but multiplies the area on paper by the scale once only",
            result=lambda values: round(Fraction(values["w"] * values["h"] * values["scale"], 10_000), 2),
        ),
    ),
)
