"""Conversion of units."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording

_HECTARE = 10_000  # square metres


def _draw_field(rng: Random, difficulty: str) -> Values:
    step, tonnes = {
        "easy": (50, rng.randint(2, 9)),
        "medium": (10, Fraction(rng.randint(4, 19), 2)),
        "hard": (5, Fraction(rng.randint(21, 98), 10)),
    }[difficulty]
    longer, shorter = (step * rng.randint(80 // step + 1, 600 // step) for _ in range(2))
    return {"l": longer, "w": shorter, "y": tonnes}


def _solve_field(values: Values) -> Fraction:
    return Fraction(values["l"] * values["w"], _HECTARE) * values["y"]


def _field_workings(values: Values) -> Values:
    area = values["l"] * values["w"]
    return {"area": area, "square": _HECTARE, "hectares": Fraction(area, _HECTARE)}


def _check_field(values: Values, result: Fraction) -> bool:
    """A square metre bears a ten-thousandth of what a hectare bears; in kilograms, strip by strip of one metre."""
    kilograms = Fraction(values["y"] * 1000) / _HECTARE
    return sum(kilograms * values["l"] for _ in range(values["w"])) == result * 1000


FIELD = Template(
    id="conversion.field",
    family="unit conversion",
    unit="ws_tonne",
    draw=_draw_field,
    holds=lambda values: (
        values["l"] > values["w"] and (1000 * _solve_field(values)).denominator == 1 and _solve_field(values) >= 2
    ),
    solve=_solve_field,
    check=_check_field,
    workings=_field_workings,
    texts={
        "en": Wording(
            problems=(
                "A rectangular field is {l:m} long and {w:m} wide. It yields {y:ws_tonne} of wheat per hectare. How "
                "many tonnes of wheat are harvested in all?",
                "A farmer spreads {y:ws_tonne} of compost on every hectare. His plot is a rectangle with sides of "
                "{l:m} and {w:m}. How many tonnes of compost does he need?",
            ),
            solution="The area is {l} * {w} = {area:m²}. A hectare has {square:m²}, so that is {area} ÷ {square} = "
            "{hectares:ws_hectare}. The amount is {hectares} * {y} = {result:ws_tonne}.",
        ),
        "fr": Wording(
            problems=(
                "Un champ rectangulaire mesure {l:m} de long et {w:m} de large. Il donne {y:ws_tonne} de blé par "
                "hectare. Combien de tonnes de blé récolte-t-on en tout ?",
                "Un agriculteur épand {y:ws_tonne} de compost par hectare. Sa parcelle est un rectangle dont les "
                "côtés mesurent {l:m} et {w:m}. Combien de tonnes de compost lui faut-il ?",
            ),
            solution="L'aire est de {l} * {w} = {area:m²}. Un hectare compte {square:m²} ; cela fait donc {area} ÷ "
            "{square} = {hectares:ws_hectare}. La quantité est de {hectares} * {y} = {result:ws_tonne}.",
        ),
        "de": Wording(
            problems=(
                "Ein rechteckiges Feld ist {l:m} lang und {w:m} breit. Es bringt {y:ws_tonne} Weizen je Hektar. Wie "
                "viele Tonnen Weizen werden insgesamt geerntet?",
                "Ein Bauer bringt auf jedem Hektar {y:ws_tonne} Kompost aus. Sein Grundstück ist ein Rechteck mit "
                "Seiten von {l:m} und {w:m}. Wie viele Tonnen Kompost braucht er?",
            ),
            solution="Die Fläche beträgt {l} * {w} = {area:m²}. Ein Hektar hat {square:m²}, das sind also {area} ÷ "
            "{square} = {hectares:ws_hectare}. Die Menge beträgt {hectares} * {y} = {result:ws_tonne}.",
        ),
        "it": Wording(
            problems=(
                "Un campo rettangolare è lungo {l:m} e largo {w:m}. Rende {y:ws_tonne} di grano per ettaro. Quante "
                "tonnellate di grano si raccolgono in tutto?",
                "Un contadino sparge {y:ws_tonne} di compost su ogni ettaro. Il suo terreno è un rettangolo con lati "
                "di {l:m} e {w:m}. Quante tonnellate di compost gli servono?",
            ),
            solution="L'area è {l} * {w} = {area:m²}. Un ettaro ha {square:m²}, quindi sono {area} ÷ {square} = "
            "{hectares:ws_hectare}. La quantità è {hectares} * {y} = {result:ws_tonne}.",
        ),
        "es": Wording(
            problems=(
                "Un campo rectangular mide {l:m} de largo y {w:m} de ancho. Da {y:ws_tonne} de trigo por hectárea. "
                "¿Cuántas toneladas de trigo se cosechan en total?",
                "Un agricultor esparce {y:ws_tonne} de compost en cada hectárea. Su parcela es un rectángulo con "
                "lados de {l:m} y {w:m}. ¿Cuántas toneladas de compost necesita?",
            ),
            solution="El área es {l} * {w} = {area:m²}. Una hectárea tiene {square:m²}, así que son {area} ÷ {square} "
            "= {hectares:ws_hectare}. La cantidad es {hectares} * {y} = {result:ws_tonne}.",
        ),
        "pl": Wording(
            problems=(
                "Prostokątne pole ma {l:m} długości i {w:m} szerokości. Daje {y:ws_tonne.acc} pszenicy z hektara. Ile "
                "ton pszenicy zbiera się z całego pola?",
                "Rolnik rozrzuca na każdym hektarze {y:ws_tonne.acc} kompostu. Jego działka jest prostokątem o bokach "
                "{l:m} i {w:m}. Ile ton kompostu potrzebuje?",
            ),
            solution="Powierzchnia wynosi {l} * {w} = {area:m²}. Hektar ma {square:m²}, więc jest to {area} ÷ "
            "{square} = {hectares:ws_hectare}. Szukana ilość wynosi {hectares} * {y} = {result:ws_tonne.acc}.",
        ),
        "nl": Wording(
            problems=(
                "Een rechthoekige akker is {l:m} lang en {w:m} breed. Hij levert {y:ws_tonne} tarwe per hectare op. "
                "Hoeveel ton tarwe wordt er in totaal geoogst?",
                "Een boer strooit op elke hectare {y:ws_tonne} compost. Zijn perceel is een rechthoek met zijden van "
                "{l:m} en {w:m}. Hoeveel ton compost heeft hij nodig?",
            ),
            solution="De oppervlakte is {l} * {w} = {area:m²}. Een hectare is {square:m²}, dus dat is {area} ÷ "
            "{square} = {hectares:ws_hectare}. De hoeveelheid is {hectares} * {y} = {result:ws_tonne}.",
        ),
        "la": Wording(
            problems=(
                "Ager rectangulus {l:m} longus et {w:m} latus est. Singulae hectareae {y:ws_tonne.acc} tritici "
                "ferunt. Quot tonnae tritici omnino metuntur?",
                "Agricola in singulas hectareas {y:ws_tonne.acc} stercoris spargit. Ager eius est rectangulum, cuius "
                "latera sunt {l:m} et {w:m}. Quot tonnis stercoris ei opus est?",
            ),
            solution="Area est {l} * {w} = {area:m²}. Hectarea {square:m²} habet; ergo fiunt {area} ÷ {square} = "
            "{hectares:ws_hectare}. Summa quaesita est {hectares} * {y} = {result:ws_tonne}.",
        ),
    },
    trace=Trace(
        given="rectangle of {l:m} by {w:m}, {y:ws_tonne} per hectare",
        sought="tonnes in all",
        insight="a hectare is a square of 100 m, that is {square:m²}",
        steps=(
            "area → {l} * {w} = {area:m²}",
            "in hectares → {area} ÷ {square} = {hectares:ws_hectare}",
            "tonnes → {hectares} * {y} = {result:ws_tonne}",
        ),
        checks=(
            "sides in hundreds of metres: {l} ÷ 100 * {w} ÷ 100 = {hectares}, the same hectares",
            "backwards: {result} ÷ {hectares} = {y:ws_tonne} per hectare",
        ),
    ),
    mistakes=(
        Mistake(
            name="takes_a_thousand_square_metres",
            says="takes 1,000 square metres for a hectare",
            result=lambda values: 10 * _solve_field(values),
        ),
        Mistake(
            name="takes_a_hundred_square_metres",
            says="takes 100 square metres, an are, for a hectare",
            result=lambda values: 100 * _solve_field(values),
        ),
        Mistake(
            name="gives_the_hectares",
            says="stops at the number of hectares",
            result=lambda values: Fraction(values["l"] * values["w"], _HECTARE),
        ),
        Mistake(
            name="divides_by_the_yield",
            says="divides the hectares by the tonnes per hectare instead of multiplying",
            result=lambda values: round(Fraction(values["l"] * values["w"], _HECTARE) / values["y"], 2),
        ),
        Mistake(
            name="uses_the_perimeter",
            says="works with the perimeter in hundreds of metres instead of the area",
            result=lambda values: Fraction(2 * (values["l"] + values["w"]), 100) * values["y"],
        ),
    ),
)
