"""Wire for a fence that a gate interrupts."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_fence(rng: Random, difficulty: str) -> Values:
    least, most, gate, wires, unit = {
        "easy": (8, 30, 3, 3, 1),
        "medium": (20, 95, 5, 5, 1),
        "hard": (60, 400, 12, 6, 2),
    }[difficulty]
    return {
        "length": Fraction(rng.randint(least, most), unit),
        "width": Fraction(rng.randint(least, most), unit),
        "gate": Fraction(rng.randint(2 * unit, gate), unit),
        "wires": rng.randint(2, wires),
    }


def _fence_holds(values: Values) -> bool:
    return values["length"] > values["width"] > 2 * values["gate"]


def _solve_fence(values: Values) -> Fraction:
    return values["wires"] * _fence_workings(values)["open"]


def _fence_workings(values: Values) -> dict[str, Fraction]:
    perimeter = 2 * (values["length"] + values["width"])
    return {
        "perimeter": perimeter,
        "open": perimeter - values["gate"],
        "closed": values["wires"] * perimeter,
        "gaps": values["wires"] * values["gate"],
    }


def _check_fence(values: Values, result: Fraction) -> bool:
    """Put back: what each wire takes, the gate and three of the sides leave the fourth side."""
    rest = result / values["wires"] + values["gate"] - values["length"] - values["width"] - values["length"]
    return rest == values["width"]


FENCE = Template(
    id="geometry.fence",
    family="geometry",
    unit="m",
    draw=_draw_fence,
    holds=_fence_holds,
    solve=_solve_fence,
    check=_check_fence,
    workings=_fence_workings,
    texts={
        "en": Wording(
            problems=(
                "A rectangular meadow is {length:metre} long and {width:metre} wide. It is to be fenced all the way "
                "round with {wires} parallel wires, but a gap of {gate:metre} is left for a gate. How many metres of "
                "wire are needed?",
                "A farmer stretches wire around a rectangular paddock that measures {length:metre} by {width:metre}. "
                "The fence has {wires} strands, one above the other, and is interrupted only by a gate {gate:metre} "
                "wide. What is the total length of wire in metres?",
            ),
            solution="The perimeter is 2 * ({length} + {width}) = {perimeter:m}. Without the gate, {perimeter} - "
            "{gate} = {open:m} are left to be fenced. With {wires} wires, that makes {wires} * {open} = {result:m} of "
            "wire.",
        ),
        "fr": Wording(
            problems=(
                "Un pré rectangulaire a {length:metre} de long et {width:metre} de large. On veut l'entourer d'une "
                "clôture de {wires} fils parallèles, en laissant une ouverture de {gate:metre} pour un portail. "
                "Combien de mètres de fil faut-il ?",
                "Une agricultrice tend du fil de fer autour d'un enclos rectangulaire de {length:metre} sur "
                "{width:metre}. La clôture compte {wires} fils superposés et ne s'interrompt qu'au portail, large de "
                "{gate:metre}. Quelle est la longueur totale du fil en mètres ?",
            ),
            solution="Le périmètre mesure 2 * ({length} + {width}) = {perimeter:m}. Sans le portail, il reste "
            "{perimeter} - {gate} = {open:m} à clôturer. Avec {wires} fils, cela fait {wires} * {open} = {result:m} de "
            "fil.",
        ),
        "de": Wording(
            problems=(
                "Eine rechteckige Wiese ist {length:metre} lang und {width:metre} breit. Sie soll ringsum mit {wires} "
                "parallelen Drähten eingezäunt werden; nur für ein Tor bleiben {gate:metre} frei. Wie viele Meter "
                "Draht werden gebraucht?",
                "Ein Bauer spannt Draht um eine rechteckige Koppel, die {length:metre} mal {width:metre} misst. Der "
                "Zaun besteht aus {wires} übereinander gespannten Drähten und ist nur durch ein {gate:metre} breites "
                "Tor unterbrochen. Wie viele Meter Draht sind es insgesamt?",
            ),
            solution="Der Umfang beträgt 2 * ({length} + {width}) = {perimeter:m}. Ohne das Tor bleiben {perimeter} - "
            "{gate} = {open:m} einzuzäunen. Bei {wires} Drähten ergibt das {wires} * {open} = {result:m} Draht.",
        ),
        "it": Wording(
            problems=(
                "Un prato rettangolare è lungo {length:metre} e largo {width:metre}. Lo si vuole recintare con {wires} "
                "fili paralleli, lasciando un'apertura di {gate:metre} per il cancello. Quanti metri di filo "
                "occorrono?",
                "Un contadino tende del filo di ferro intorno a un recinto rettangolare che misura {length:metre} per "
                "{width:metre}. La recinzione è formata da {wires} fili sovrapposti e si interrompe soltanto al "
                "cancello, largo {gate:metre}. Qual è la lunghezza totale del filo in metri?",
            ),
            solution="Il perimetro misura 2 * ({length} + {width}) = {perimeter:m}. Tolto il cancello, restano da "
            "recintare {perimeter} - {gate} = {open:m}. Con {wires} fili si arriva a {wires} * {open} = {result:m} di "
            "filo.",
        ),
        "es": Wording(
            problems=(
                "Un prado rectangular mide {length:metre} de largo y {width:metre} de ancho. Se quiere cercar con "
                "{wires} alambres paralelos, dejando una abertura de {gate:metre} para la puerta. ¿Cuántos metros de "
                "alambre hacen falta?",
                "Una agricultora tiende alambre alrededor de un corral rectangular de {length:metre} por "
                "{width:metre}. La cerca consta de {wires} alambres superpuestos y solo se interrumpe en la puerta, "
                "que tiene {gate:metre} de ancho. ¿Cuál es la longitud total del alambre en metros?",
            ),
            solution="El perímetro mide 2 * ({length} + {width}) = {perimeter:m}. Sin la puerta quedan por cercar "
            "{perimeter} - {gate} = {open:m}. Con {wires} alambres resultan {wires} * {open} = {result:m} de alambre.",
        ),
        "pl": Wording(
            problems=(
                "Prostokątna łąka ma {length:metre} długości i {width:metre} szerokości. Ma być ogrodzona dookoła "
                "płotem z {wires} równoległych drutów, przy czym na bramę zostaje wolne miejsce o szerokości "
                "{gate:metre.gen}. Ile metrów drutu potrzeba?",
                "Rolniczka rozciąga drut wokół prostokątnego wybiegu o wymiarach {length:metre} na {width:metre.acc}. "
                "Ogrodzenie składa się z {wires:nat_wire.gen} biegnących jeden nad drugim i przerywa je tylko brama o "
                "szerokości {gate:metre.gen}. Ile metrów ma łącznie cały drut?",
            ),
            solution="Obwód wynosi 2 * ({length} + {width}) = {perimeter:m}. Bez bramy do ogrodzenia pozostaje "
            "{perimeter} - {gate} = {open:m}. Liczba drutów to {wires}, razem potrzeba więc {wires} * {open} = "
            "{result:m} drutu.",
        ),
        "nl": Wording(
            problems=(
                "Een rechthoekige weide is {length:metre} lang en {width:metre} breed. Ze wordt rondom afgezet met "
                "{wires} evenwijdige draden, maar voor een poort blijft {gate:metre} vrij. Hoeveel meter draad is er "
                "nodig?",
                "Een boer spant draad om een rechthoekig erf van {length:metre} bij {width:metre}. De afrastering "
                "bestaat uit {wires} draden boven elkaar en wordt alleen onderbroken door een poort van {gate:metre} "
                "breed. Wat is de totale lengte van de draad in meters?",
            ),
            solution="De omtrek is 2 * ({length} + {width}) = {perimeter:m}. Zonder de poort blijft er {perimeter} - "
            "{gate} = {open:m} over om af te zetten. Met {wires} draden komt dat op {wires} * {open} = {result:m} "
            "draad.",
        ),
        "la": Wording(
            problems=(
                "Pratum rectangulum {length:metre.acc} longum et {width:metre.acc} latum est. Undique {wires} filis "
                "ferreis parallelis saepiendum est, sed portae locus {gate:metre.acc} latus vacuus relinquitur. Quot "
                "metra fili necessaria sunt?",
                "Agricola filum ferreum circum hortum rectangulum tendit, qui {length:metre.acc} longus et "
                "{width:metre.acc} latus est. Saepes ex {wires} filis aliis super alia tensis constat et sola porta, "
                "quae {gate:metre.acc} lata est, interrumpitur. Quot metra fili omnino consumuntur?",
            ),
            solution="Ambitus est 2 * ({length} + {width}) = {perimeter:m}. Porta dempta, {perimeter} - {gate} = "
            "{open:m} saepienda restant. Cum fila sint {wires}, necessaria sunt {wires} * {open} = {result:m} fili.",
        ),
    },
    trace=Trace(
        given="rectangle {length:m} by {width:m}, gate {gate:m} wide, {wires} wires",
        sought="metres of wire",
        insight="every wire runs round the rectangle except at the gate, so the gate is taken off before multiplying",
        steps=(
            "perimeter → 2 * ({length} + {width}) = {perimeter:m}",
            "one wire → {perimeter} - {gate} = {open:m}",
            "all wires → {wires} * {open} = {result:m}",
        ),
        checks=(
            "without any gate {wires} * {perimeter} = {closed:m}, the gate saves {wires} * {gate} = {gaps:m}",
            "{closed} - {gaps} = {result:m}, the same",
        ),
    ),
    mistakes=(
        Mistake(
            name="forgets_gate",
            says="fences the gate too",
            result=lambda values: 2 * values["wires"] * (values["length"] + values["width"]),
        ),
        Mistake(
            name="takes_gate_off_once",
            says="takes the gate off for a single wire only",
            result=lambda values: 2 * values["wires"] * (values["length"] + values["width"]) - values["gate"],
        ),
        Mistake(
            name="one_wire",
            says="stops after the length of one wire",
            result=lambda values: 2 * (values["length"] + values["width"]) - values["gate"],
        ),
        Mistake(
            name="half_perimeter",
            says="adds only one length and one width",
            result=lambda values: values["wires"] * (values["length"] + values["width"] - values["gate"]),
        ),
        Mistake(
            name="adds_gate",
            says="adds the gate instead of taking it off",
            result=lambda values: values["wires"] * (2 * (values["length"] + values["width"]) + values["gate"]),
        ),
    ),
)
