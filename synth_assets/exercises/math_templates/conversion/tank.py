"""Conversion of units."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_tank(rng: Random, difficulty: str) -> Values:
    step, height = {
        "easy": (10, Fraction(rng.randint(5, 40))),
        "medium": (5, Fraction(rng.randint(9, 89), 2)),
        "hard": (1, Fraction(rng.randint(31, 480), 10)),
    }[difficulty]
    length, width = step * rng.randint(40 // step, 150 // step), step * rng.randint(20 // step, 70 // step)
    return {"l": length, "w": width, "v": length * width * height / 1000}


def _solve_tank(values: Values) -> Fraction:
    return Fraction(values["v"] * 1000) / (values["l"] * values["w"])


def _tank_workings(values: Values) -> Values:
    return {"thousand": 1000, "volume": values["v"] * 1000, "base": values["l"] * values["w"]}


def _check_tank(values: Values, result: Fraction) -> bool:
    """In decimetres, length, width and height multiply to litres."""
    return Fraction(values["l"], 10) * Fraction(values["w"], 10) * result / 10 == values["v"]


TANK = Template(
    id="conversion.tank",
    family="unit conversion",
    unit="ws_centimetre",
    draw=_draw_tank,
    holds=lambda values: (
        (10 * Fraction(values["v"])).denominator == 1
        and values["l"] > values["w"]
        and values["v"] >= 4
        and (10 * _solve_tank(values)).denominator == 1
    ),
    solve=_solve_tank,
    check=_check_tank,
    workings=_tank_workings,
    texts={
        "en": Wording(
            problems=(
                "Someone pours {v:litre} of water into an empty aquarium whose rectangular base measures "
                "{l:ws_centimetre} by {w:ws_centimetre}. How high does the water stand, in centimetres?",
                "In a rectangular trough, {l:ws_centimetre} long and {w:ws_centimetre} wide, there is some rainwater. "
                "By how many centimetres does the level rise when {v:litre} are added?",
            ),
            solution="A litre has {thousand} cubic centimetres, so the volume is {v} * {thousand} = {volume} cubic "
            "centimetres. The base measures {l} * {w} = {base} square centimetres. The height is {volume} ÷ {base} = "
            "{result:ws_centimetre}.",
        ),
        "fr": Wording(
            problems=(
                "On verse {v:litre} d'eau dans un aquarium vide dont le fond rectangulaire mesure {l:ws_centimetre} "
                "sur {w:ws_centimetre}. Quelle est la hauteur de l'eau, en centimètres ?",
                "Dans une auge rectangulaire de {l:ws_centimetre} de long et {w:ws_centimetre} de large, il y a un "
                "peu d'eau de pluie. De combien de centimètres le niveau monte-t-il si l'on ajoute {v:litre} ?",
            ),
            solution="Un litre fait {thousand} centimètres cubes ; le volume est donc de {v} * {thousand} = {volume} "
            "centimètres cubes. L'aire du fond est de {l} * {w} = {base} centimètres carrés. La hauteur est de "
            "{volume} ÷ {base} = {result:ws_centimetre}.",
        ),
        "de": Wording(
            problems=(
                "Jemand gießt {v:litre} Wasser in ein leeres Aquarium, dessen rechteckiger Boden {l:ws_centimetre} "
                "lang und {w:ws_centimetre} breit ist. Wie hoch steht das Wasser, in Zentimetern?",
                "In einem rechteckigen Trog, der {l:ws_centimetre} lang und {w:ws_centimetre} breit ist, steht etwas "
                "Regenwasser. Um wie viele Zentimeter steigt der Spiegel, wenn {v:litre} hinzukommen?",
            ),
            solution="Ein Liter hat {thousand} Kubikzentimeter, das Volumen beträgt also {v} * {thousand} = {volume} "
            "Kubikzentimeter. Die Grundfläche misst {l} * {w} = {base} Quadratzentimeter. Die Höhe beträgt {volume} ÷ "
            "{base} = {result:ws_centimetre}.",
        ),
        "it": Wording(
            problems=(
                "Si versano {v:litre} d'acqua in un acquario vuoto, il cui fondo rettangolare misura "
                "{l:ws_centimetre} per {w:ws_centimetre}. A quanti centimetri di altezza arriva l'acqua?",
                "In un abbeveratoio rettangolare, lungo {l:ws_centimetre} e largo {w:ws_centimetre}, c'è un po' "
                "d'acqua piovana. Di quanti centimetri sale il livello se si aggiungono {v:litre}?",
            ),
            solution="Un litro ha {thousand} centimetri cubi, quindi il volume è {v} * {thousand} = {volume} "
            "centimetri cubi. L'area del fondo è {l} * {w} = {base} centimetri quadrati. L'altezza è {volume} ÷ "
            "{base} = {result:ws_centimetre}.",
        ),
        "es": Wording(
            problems=(
                "Alguien vierte {v:litre} de agua en un acuario vacío cuyo fondo rectangular mide {l:ws_centimetre} "
                "por {w:ws_centimetre}. ¿Qué altura alcanza el agua, en centímetros?",
                "En un abrevadero rectangular de {l:ws_centimetre} de largo y {w:ws_centimetre} de ancho hay un poco "
                "de agua de lluvia. ¿Cuántos centímetros sube el nivel si se añaden {v:litre}?",
            ),
            solution="Un litro tiene {thousand} centímetros cúbicos, así que el volumen es {v} * {thousand} = "
            "{volume} centímetros cúbicos. El área del fondo es {l} * {w} = {base} centímetros cuadrados. La altura "
            "es {volume} ÷ {base} = {result:ws_centimetre}.",
        ),
        "pl": Wording(
            problems=(
                "Do pustego akwarium, którego prostokątne dno ma wymiary {l:ws_centimetre} na {w:ws_centimetre}, "
                "wlano {v:litre} wody. Na jaką wysokość, w centymetrach, sięga woda?",
                "W prostokątnym korycie o długości {l:ws_centimetre.gen} i szerokości {w:ws_centimetre.gen} stoi "
                "trochę deszczówki. O ile centymetrów podniesie się jej poziom po dolaniu {v:litre.gen}?",
            ),
            solution="Litr to {thousand:ws_cubic_centimetre}, więc objętość wynosi {v} * {thousand} = "
            "{volume:ws_cubic_centimetre}. Pole dna wynosi {l} * {w} = {base:ws_square_centimetre}. Wysokość wynosi "
            "{volume} ÷ {base} = {result:ws_centimetre}.",
        ),
        "nl": Wording(
            problems=(
                "Iemand giet {v:litre} water in een leeg aquarium met een rechthoekige bodem van {l:ws_centimetre} "
                "bij {w:ws_centimetre}. Hoe hoog staat het water, in centimeters?",
                "In een rechthoekige trog van {l:ws_centimetre} lang en {w:ws_centimetre} breed staat wat regenwater. "
                "Hoeveel centimeter stijgt het peil als er {v:litre} bij komt?",
            ),
            solution="Een liter is {thousand} kubieke centimeter, dus het volume is {v} * {thousand} = {volume} "
            "kubieke centimeter. De bodem meet {l} * {w} = {base} vierkante centimeter. De hoogte is {volume} ÷ "
            "{base} = {result:ws_centimetre}.",
        ),
        "la": Wording(
            problems=(
                "Aliquis {v:litre.acc} aquae in vas piscium vacuum infundit, cuius fundus rectangulus "
                "{l:ws_centimetre} longus et {w:ws_centimetre} latus est. Quot centimetra aqua alta est?",
                "In alveo rectangulo, qui {l:ws_centimetre} longus et {w:ws_centimetre} latus est, aliquid aquae "
                "pluviae inest. Quot centimetris aqua ascendit, si {v:litre} adduntur?",
            ),
            solution="Litrum {thousand} centimetra cubica habet; ergo mensura aquae est {v} * {thousand} = {volume} "
            "centimetra cubica. Area fundi est {l} * {w} = {base} centimetra quadrata. Altitudo igitur est {volume} ÷ "
            "{base} = {result:ws_centimetre}.",
        ),
    },
    trace=Trace(
        given="{v:litre} of water, rectangular base of {l:ws_centimetre} by {w:ws_centimetre}",
        sought="height of the water in centimetres",
        insight="all in centimetres: a litre is {thousand} cubic centimetres",
        steps=(
            "volume → {v} * {thousand} = {volume} cubic centimetres",
            "base → {l} * {w} = {base} square centimetres",
            "height → {volume} ÷ {base} = {result:ws_centimetre}",
        ),
        checks=(
            "{l} * {w} * {result} = {volume} cubic centimetres",
            "{volume} ÷ {thousand} = {v:litre}, as poured in",
        ),
    ),
    mistakes=(
        Mistake(
            name="takes_a_hundred_cubic_centimetres",
            says="takes 100 cubic centimetres for a litre",
            result=lambda values: _solve_tank(values) / 10,
        ),
        Mistake(
            name="takes_ten_thousand_cubic_centimetres",
            says="takes 10,000 cubic centimetres for a litre",
            result=lambda values: _solve_tank(values) * 10,
        ),
        Mistake(
            name="divides_by_the_length_only",
            says="divides the volume by the length and forgets the width",
            result=lambda values: round(Fraction(values["v"] * 1000) / values["l"], 1),
        ),
        Mistake(
            name="divides_by_the_perimeter",
            says="divides the volume by the perimeter of the base",
            result=lambda values: round(Fraction(values["v"] * 1000) / (2 * (values["l"] + values["w"])), 1),
        ),
        Mistake(
            name="adds_the_sides",
            says="adds length and width instead of multiplying them",
            result=lambda values: round(Fraction(values["v"] * 1000) / (values["l"] + values["w"]), 1),
        ),
    ),
)
