"""Conversion of units."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording

# Grams per cubic centimetre of aluminium, titanium, zinc, tin, iron, brass, copper, silver and lead.
_DENSITIES = tuple(map(Fraction, ("2.7", "4.5", "7.1", "7.3", "7.9", "8.4", "8.9", "10.5", "11.3")))


def _draw_plate(rng: Random, difficulty: str) -> Values:
    step, thickness = {
        "easy": (10, rng.choice((10, 20, 30, 40, 50))),
        "medium": (5, rng.choice((2, 4, 5, 6, 8, 12, 15, 25))),
        "hard": (1, rng.choice((2, 3, 4, 6, 7, 8, 9, 12, 14, 16, 18))),
    }[difficulty]
    length, width = step * rng.randint(20 // step, 120 // step), step * rng.randint(10 // step, 80 // step)
    return {"l": length, "w": width, "t": thickness, "rho": rng.choice(_DENSITIES)}


def _solve_plate(values: Values) -> Fraction:
    return values["l"] * values["w"] * Fraction(values["t"], 10) * values["rho"] / 1000


def _plate_workings(values: Values) -> Values:
    thick = Fraction(values["t"], 10)
    volume = values["l"] * values["w"] * thick
    return {"thick": thick, "volume": volume, "grams": volume * values["rho"], "thousand": 1000}


def _plate_holds(values: Values) -> bool:
    result = _solve_plate(values)
    return values["l"] > values["w"] and (1000 * result).denominator == 1 and 1 <= result <= 250


def _check_plate(values: Values, result: Fraction) -> bool:
    """In metres throughout: volume in cubic metres times kilograms per cubic metre, a thousand times the density."""
    cubic_metres = Fraction(values["l"], 100) * Fraction(values["w"], 100) * Fraction(values["t"], 1000)
    return cubic_metres * (1000 * values["rho"]) == result


PLATE = Template(
    id="conversion.plate",
    family="unit conversion",
    unit="ws_kilogram",
    draw=_draw_plate,
    holds=_plate_holds,
    solve=_solve_plate,
    check=_check_plate,
    workings=_plate_workings,
    texts={
        "en": Wording(
            problems=(
                "A metal plate is {l:ws_centimetre} long, {w:ws_centimetre} wide and {t:ws_millimetre} thick. A cubic "
                "centimetre of the metal weighs {rho:ws_gram}. How many kilograms does the plate weigh?",
                "A sculptor needs a rectangular slab of metal that measures {l:ws_centimetre} by {w:ws_centimetre} "
                "and is {t:ws_millimetre} thick. The density is {rho:ws_gram} per cubic centimetre. What is the mass "
                "of the slab in kilograms?",
            ),
            solution="The thickness is {t} ÷ 10 = {thick:ws_centimetre}. So the volume is {l} * {w} * {thick} = "
            "{volume} cubic centimetres. These weigh {volume} * {rho} = {grams:ws_gram}. A kilogram has "
            "{thousand:ws_gram}, so the mass is {grams} ÷ {thousand} = {result:ws_kilogram}.",
        ),
        "fr": Wording(
            problems=(
                "Une plaque de métal mesure {l:ws_centimetre} de long, {w:ws_centimetre} de large et "
                "{t:ws_millimetre} d'épaisseur. Un centimètre cube de ce métal pèse {rho:ws_gram}. Combien de "
                "kilogrammes la plaque pèse-t-elle ?",
                "Une sculptrice a besoin d'une dalle de métal rectangulaire de {l:ws_centimetre} sur "
                "{w:ws_centimetre}, épaisse de {t:ws_millimetre}. La masse volumique est de {rho:ws_gram} par "
                "centimètre cube. Quelle est la masse de la dalle, en kilogrammes ?",
            ),
            solution="L'épaisseur est de {t} ÷ 10 = {thick:ws_centimetre}. Le volume est donc de {l} * {w} * {thick} "
            "= {volume} centimètres cubes, qui pèsent {volume} * {rho} = {grams:ws_gram}. Un kilogramme compte "
            "{thousand:ws_gram} ; la masse est donc de {grams} ÷ {thousand} = {result:ws_kilogram}.",
        ),
        "de": Wording(
            problems=(
                "Eine Metallplatte ist {l:ws_centimetre} lang, {w:ws_centimetre} breit und {t:ws_millimetre} dick. "
                "Ein Kubikzentimeter des Metalls wiegt {rho:ws_gram}. Wie viel Kilogramm wiegt die Platte?",
                "Eine Bildhauerin braucht eine rechteckige Tafel aus Metall, {l:ws_centimetre} mal {w:ws_centimetre} "
                "groß und {t:ws_millimetre} dick. Die Dichte beträgt {rho:ws_gram} je Kubikzentimeter. Welche Masse "
                "hat die Tafel, in Kilogramm?",
            ),
            solution="Die Dicke beträgt {t} ÷ 10 = {thick:ws_centimetre}. Das Volumen ist also {l} * {w} * {thick} = "
            "{volume} Kubikzentimeter. Diese wiegen {volume} * {rho} = {grams:ws_gram}. Ein Kilogramm hat "
            "{thousand:ws_gram}, die Masse beträgt also {grams} ÷ {thousand} = {result:ws_kilogram}.",
        ),
        "it": Wording(
            problems=(
                "Una lastra di metallo è lunga {l:ws_centimetre}, larga {w:ws_centimetre} e spessa {t:ws_millimetre}. "
                "Un centimetro cubo di questo metallo pesa {rho:ws_gram}. Quanti chilogrammi pesa la lastra?",
                "A una scultrice serve una tavola rettangolare di metallo di {l:ws_centimetre} per {w:ws_centimetre}, "
                "dello spessore di {t:ws_millimetre}. La densità è di {rho:ws_gram} al centimetro cubo. Qual è la "
                "massa della tavola, in chilogrammi?",
            ),
            solution="Lo spessore è {t} ÷ 10 = {thick:ws_centimetre}. Il volume è quindi {l} * {w} * {thick} = "
            "{volume} centimetri cubi, che pesano {volume} * {rho} = {grams:ws_gram}. Un chilogrammo ha "
            "{thousand:ws_gram}, perciò la massa è {grams} ÷ {thousand} = {result:ws_kilogram}.",
        ),
        "es": Wording(
            problems=(
                "Una placa de metal mide {l:ws_centimetre} de largo, {w:ws_centimetre} de ancho y {t:ws_millimetre} "
                "de grosor. Un centímetro cúbico de ese metal pesa {rho:ws_gram}. ¿Cuántos kilogramos pesa la placa?",
                "Una escultora necesita una losa rectangular de metal de {l:ws_centimetre} por {w:ws_centimetre}, con "
                "un grosor de {t:ws_millimetre}. La densidad es de {rho:ws_gram} por centímetro cúbico. ¿Cuál es la "
                "masa de la losa, en kilogramos?",
            ),
            solution="El grosor es {t} ÷ 10 = {thick:ws_centimetre}. El volumen es, por tanto, {l} * {w} * {thick} = "
            "{volume} centímetros cúbicos, que pesan {volume} * {rho} = {grams:ws_gram}. Un kilogramo tiene "
            "{thousand:ws_gram}, así que la masa es {grams} ÷ {thousand} = {result:ws_kilogram}.",
        ),
        "pl": Wording(
            problems=(
                "Metalowa płyta ma {l:ws_centimetre} długości, {w:ws_centimetre} szerokości i {t:ws_millimetre} "
                "grubości. Centymetr sześcienny tego metalu waży {rho:ws_gram}. Ile kilogramów waży płyta?",
                "Rzeźbiarka potrzebuje prostokątnej metalowej tablicy o wymiarach {l:ws_centimetre} na "
                "{w:ws_centimetre} i grubości {t:ws_millimetre.gen}. Gęstość metalu wynosi {rho:ws_gram} na centymetr "
                "sześcienny. Jaka jest masa tablicy w kilogramach?",
            ),
            solution="Grubość wynosi {t} ÷ 10 = {thick:ws_centimetre}. Objętość wynosi więc {l} * {w} * {thick} = "
            "{volume:ws_cubic_centimetre}. Waży to {volume} * {rho} = {grams:ws_gram}. Kilogram ma "
            "{thousand:ws_gram}, zatem masa wynosi {grams} ÷ {thousand} = {result:ws_kilogram}.",
        ),
        "nl": Wording(
            problems=(
                "Een metalen plaat is {l:ws_centimetre} lang, {w:ws_centimetre} breed en {t:ws_millimetre} dik. Een "
                "kubieke centimeter van het metaal weegt {rho:ws_gram}. Hoeveel kilogram weegt de plaat?",
                "Een beeldhouwster heeft een rechthoekig stuk metaal nodig van {l:ws_centimetre} bij "
                "{w:ws_centimetre}, met een dikte van {t:ws_millimetre}. De dichtheid is {rho:ws_gram} per kubieke "
                "centimeter. Wat is de massa van het stuk, in kilogram?",
            ),
            solution="De dikte is {t} ÷ 10 = {thick:ws_centimetre}. Het volume is dus {l} * {w} * {thick} = {volume} "
            "kubieke centimeter. Dat weegt {volume} * {rho} = {grams:ws_gram}. Een kilogram is {thousand:ws_gram}, "
            "dus de massa is {grams} ÷ {thousand} = {result:ws_kilogram}.",
        ),
        "la": Wording(
            problems=(
                "Lamina metallica {l:ws_centimetre} longa, {w:ws_centimetre} lata, {t:ws_millimetre} crassa est. Unum "
                "centimetrum cubicum huius metalli {rho:ws_gram} pendit. Quot chiliogrammata lamina pendit?",
                "Sculptrici opus est tabula metallica rectangula, cuius latera sunt {l:ws_centimetre} et "
                "{w:ws_centimetre}, crassitudo {t:ws_millimetre}. Singula centimetra cubica {rho:ws_gram} pendunt. "
                "Quot chiliogrammatum est pondus tabulae?",
            ),
            solution="Crassitudo est {t} ÷ 10 = {thick:ws_centimetre}. Ergo volumen est {l} * {w} * {thick} = "
            "{volume} centimetra cubica. Haec {volume} * {rho} = {grams:ws_gram} pendunt. Chiliogramma "
            "{thousand:ws_gram} continet; pondus igitur est {grams} ÷ {thousand} = {result:ws_kilogram}.",
        ),
    },
    trace=Trace(
        given="plate of {l:ws_centimetre} by {w:ws_centimetre}, {t:ws_millimetre} thick, {rho:ws_gram} per cubic "
        "centimetre",
        sought="mass in kilograms",
        insight="bring the thickness to centimetres first, the density is per cubic centimetre",
        steps=(
            "thickness → {t} ÷ 10 = {thick:ws_centimetre}",
            "volume → {l} * {w} * {thick} = {volume} cubic centimetres",
            "mass → {volume} * {rho} = {grams:ws_gram}",
            "in kilograms → {grams} ÷ {thousand} = {result:ws_kilogram}",
        ),
        checks=(
            "{result} * {thousand} ÷ {rho} = {volume} cubic centimetres",
            "{volume} ÷ ({l} * {w}) * 10 = {t:ws_millimetre} of thickness",
        ),
    ),
    mistakes=(
        Mistake(
            name="takes_millimetres_for_centimetres",
            says="takes the thickness in millimetres as if it were in centimetres",
            result=lambda values: 10 * _solve_plate(values),
        ),
        Mistake(
            name="divides_the_millimetres_by_a_hundred",
            says="divides the millimetres by 100 to get centimetres",
            result=lambda values: _solve_plate(values) / 10,
        ),
        Mistake(
            name="forgets_the_density",
            says="takes a gram for each cubic centimetre, as for water",
            result=lambda values: values["l"] * values["w"] * Fraction(values["t"], 10_000),
        ),
        Mistake(
            name="divides_by_the_density",
            says="divides the volume by the density instead of multiplying",
            result=lambda values: round(values["l"] * values["w"] * Fraction(values["t"], 10_000) / values["rho"], 2),
        ),
        Mistake(
            name="gives_the_grams",
            says="gives the grams as if they were kilograms",
            result=lambda values: 1000 * _solve_plate(values),
        ),
    ),
)
