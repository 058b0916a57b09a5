"""Lengths and areas."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_border(rng: Random, difficulty: str) -> Values:
    least, most, widest = {"easy": (5, 20, 2), "medium": (15, 60, 5), "hard": (40, 180, 12)}[difficulty]
    return {"length": rng.randint(least, most), "width": rng.randint(least, most), "border": rng.randint(1, widest)}


def _border_holds(values: Values) -> bool:
    return values["length"] > values["width"] > 2 * values["border"]


def _solve_border(values: Values) -> int:
    return (values["length"] + 2 * values["border"]) * (values["width"] + 2 * values["border"]) - (
        values["length"] * values["width"]
    )


def _border_workings(values: Values) -> Values:
    outer_length, outer_width = (values[side] + 2 * values["border"] for side in ("length", "width"))
    return {
        "outer_length": outer_length,
        "outer_width": outer_width,
        "outer": outer_length * outer_width,
        "inner": values["length"] * values["width"],
        "strips": 2 * values["border"] * (values["length"] + values["width"]),
        "corners": 4 * values["border"] ** 2,
    }


def _check_border(values: Values, result: Fraction) -> bool:
    """Cut apart: two strips along the length, two along the width, four square corners."""
    border = values["border"]
    return result == sum([values["length"] * border] * 2 + [values["width"] * border] * 2 + [border * border] * 4)


BORDER = Template(
    id="geometry.border",
    family="geometry",
    unit="m²",
    draw=_draw_border,
    holds=_border_holds,
    solve=_solve_border,
    check=_check_border,
    workings=_border_workings,
    texts={
        "en": Wording(
            problems=(
                "A rectangular pond is {length:metre} long and {width:metre} wide. A path {border:metre} wide, with "
                "square corners, runs all the way round it. What is the area of the path in square metres?",
                "A rectangular lawn measures {length:metre} by {width:metre}. Around it lies a paved strip that is "
                "{border:metre} wide everywhere and has right-angled corners. How many square metres are paved?",
            ),
            solution="The outer rectangle is {length} + 2 * {border} = {outer_length:m} long and {width} + 2 * "
            "{border} = {outer_width:m} wide. Its area is {outer_length} * {outer_width} = {outer:m²}, and that of "
            "the inner rectangle is {length} * {width} = {inner:m²}. What lies between the two is {outer} - {inner} = "
            "{result:m²}.",
        ),
        "fr": Wording(
            problems=(
                "Un bassin rectangulaire a {length:metre} de long et {width:metre} de large. Une allée de "
                "{border:metre} de large, aux angles droits, en fait tout le tour. Quelle est l'aire de l'allée en "
                "mètres carrés ?",
                "Une pelouse rectangulaire mesure {length:metre} sur {width:metre}. Elle est entourée d'une bande "
                "pavée, large partout de {border:metre} et aux angles droits. Combien de mètres carrés sont pavés ?",
            ),
            solution="Le rectangle extérieur a {length} + 2 * {border} = {outer_length:m} de long et {width} + 2 * "
            "{border} = {outer_width:m} de large. Son aire est de {outer_length} * {outer_width} = {outer:m²}, celle "
            "du rectangle intérieur de {length} * {width} = {inner:m²}. L'aire comprise entre les deux est de {outer} "
            "- {inner} = {result:m²}.",
        ),
        "de": Wording(
            problems=(
                "Ein rechteckiger Teich ist {length:metre} lang und {width:metre} breit. Ringsum führt ein "
                "{border:metre} breiter Weg mit rechtwinkligen Ecken. Wie groß ist die Fläche des Weges in "
                "Quadratmetern?",
                "Ein rechteckiger Rasen misst {length:metre} mal {width:metre}. Um ihn herum liegt ein gepflasterter "
                "Streifen, der überall {border:metre} breit ist und rechtwinklige Ecken hat. Wie viele Quadratmeter "
                "sind gepflastert?",
            ),
            solution="Das äußere Rechteck ist {length} + 2 * {border} = {outer_length:m} lang und {width} + 2 * "
            "{border} = {outer_width:m} breit. Seine Fläche beträgt {outer_length} * {outer_width} = {outer:m²}, die "
            "des inneren Rechtecks {length} * {width} = {inner:m²}. Dazwischen liegen {outer} - {inner} = "
            "{result:m²}.",
        ),
        "it": Wording(
            problems=(
                "Un laghetto rettangolare è lungo {length:metre} e largo {width:metre}. Tutt'intorno corre un "
                "vialetto con gli angoli retti, largo {border:metre}. Qual è l'area del vialetto in metri quadrati?",
                "Un prato rettangolare misura {length:metre} per {width:metre}. È circondato da una fascia "
                "lastricata, larga ovunque {border:metre} e con gli angoli retti. Quanti metri quadrati sono "
                "lastricati?",
            ),
            solution="Il rettangolo esterno è lungo {length} + 2 * {border} = {outer_length:m} e largo {width} + 2 * "
            "{border} = {outer_width:m}. La sua area è {outer_length} * {outer_width} = {outer:m²}, quella del "
            "rettangolo interno {length} * {width} = {inner:m²}. Fra i due restano {outer} - {inner} = {result:m²}.",
        ),
        "es": Wording(
            problems=(
                "Un estanque rectangular mide {length:metre} de largo y {width:metre} de ancho. Lo rodea por completo "
                "un camino de {border:metre} de ancho con esquinas en ángulo recto. ¿Cuál es el área del camino en "
                "metros cuadrados?",
                "Un césped rectangular mide {length:metre} por {width:metre}. A su alrededor hay una franja "
                "pavimentada que tiene en todas partes {border:metre} de ancho y esquinas en ángulo recto. ¿Cuántos "
                "metros cuadrados están pavimentados?",
            ),
            solution="El rectángulo exterior mide {length} + 2 * {border} = {outer_length:m} de largo y {width} + 2 * "
            "{border} = {outer_width:m} de ancho. Su área es {outer_length} * {outer_width} = {outer:m²} y la del "
            "rectángulo interior {length} * {width} = {inner:m²}. Entre los dos quedan {outer} - {inner} = "
            "{result:m²}.",
        ),
        "pl": Wording(
            problems=(
                "Prostokątny staw ma {length:metre} długości i {width:metre} szerokości. Dookoła niego biegnie "
                "ścieżka o szerokości {border:metre.gen} z kwadratowymi narożnikami. Jakie jest pole powierzchni "
                "ścieżki w metrach kwadratowych?",
                "Prostokątny trawnik ma wymiary {length:metre} na {width:metre.acc}. Otacza go brukowany pas, który "
                "wszędzie ma {border:metre} szerokości i kwadratowe narożniki. Ile metrów kwadratowych wybrukowano?",
            ),
            solution="Zewnętrzny prostokąt ma {length} + 2 * {border} = {outer_length:m} długości i {width} + 2 * "
            "{border} = {outer_width:m} szerokości. Jego pole wynosi {outer_length} * {outer_width} = {outer:m²}, a "
            "pole wewnętrznego prostokąta {length} * {width} = {inner:m²}. Różnica tych pól to {outer} - {inner} = "
            "{result:m²}.",
        ),
        "nl": Wording(
            problems=(
                "Een rechthoekige vijver is {length:metre} lang en {width:metre} breed. Eromheen loopt een pad van "
                "{border:metre} breed met rechte hoeken. Wat is de oppervlakte van het pad in vierkante meters?",
                "Een rechthoekig gazon is {length:metre} bij {width:metre}. Eromheen ligt een bestrate strook die "
                "overal {border:metre} breed is en rechte hoeken heeft. Hoeveel vierkante meter is er bestraat?",
            ),
            solution="De buitenste rechthoek is {length} + 2 * {border} = {outer_length:m} lang en {width} + 2 * "
            "{border} = {outer_width:m} breed. De oppervlakte daarvan is {outer_length} * {outer_width} = {outer:m²}, "
            "die van de binnenste rechthoek {length} * {width} = {inner:m²}. Daartussen ligt {outer} - {inner} = "
            "{result:m²}.",
        ),
        "la": Wording(
            problems=(
                "Piscina rectangula {length:metre.acc} longa et {width:metre.acc} lata est. Circum eam via "
                "{border:metre.acc} lata ducitur, cuius anguli recti sunt. Quot metra quadrata viae area continet?",
                "Pratum rectangulum {length:metre.acc} longum et {width:metre.acc} latum est. Circum pratum "
                "pavimentum iacet, quod ubique {border:metre.acc} latum est et angulos rectos habet. Quot metra "
                "quadrata pavimento teguntur?",
            ),
            solution="Rectangulum exterius {length} + 2 * {border} = {outer_length:m} longum et {width} + 2 * "
            "{border} = {outer_width:m} latum est. Area eius est {outer_length} * {outer_width} = {outer:m²}, area "
            "autem rectanguli interioris {length} * {width} = {inner:m²}. Inter utrumque manent {outer} - {inner} = "
            "{result:m²}.",
        ),
    },
    trace=Trace(
        given="inner rectangle {length:m} by {width:m}, border {border:m} wide on every side",
        sought="area of the border in m²",
        insight="the border adds its width twice to each side; area of the border = outer area less inner area",
        steps=(
            "outer length → {length} + 2 * {border} = {outer_length:m}",
            "outer width → {width} + 2 * {border} = {outer_width:m}",
            "outer and inner area → {outer_length} * {outer_width} = {outer:m²} AND {length} * {width} = {inner:m²}",
            "difference → {outer} - {inner} = {result:m²}",
        ),
        checks=(
            "strips along the sides 2 * {border} * ({length} + {width}) = {strips}, corners 4 * {border}² = {corners}",
            "{strips} + {corners} = {result:m²}, the same",
        ),
    ),
    mistakes=(
        Mistake(
            name="one_side_only",
            says="adds the width of the border once to each side and not twice",
            result=lambda values: values["border"] * (values["length"] + values["width"] + values["border"]),
        ),
        Mistake(
            name="forgets_the_corners",
            says="leaves the four corners out",
            result=lambda values: 2 * values["border"] * (values["length"] + values["width"]),
        ),
        Mistake(
            name="outer_area",
            says="does not take off the area inside",
            result=lambda values: _border_workings(values)["outer"],
        ),
        Mistake(
            name="one_corner",
            says="adds one corner instead of four",
            result=lambda values: _border_workings(values)["strips"] + values["border"] ** 2,
        ),
        Mistake(
            name="inner_area",
            says="gives the area inside",
            result=lambda values: _border_workings(values)["inner"],
        ),
    ),
)
