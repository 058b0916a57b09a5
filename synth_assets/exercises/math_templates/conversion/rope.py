"""Conversion of units."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_rope(rng: Random, difficulty: str) -> Values:
    feet, inches, centimetres, fathoms = {
        "easy": (6, rng.choice((10, 12)), Fraction(rng.choice(("2", "2.5", "3"))), rng.randint(2, 9)),
        "medium": (rng.randint(5, 8), rng.choice((10, 12)), Fraction(rng.randint(22, 29), 10), rng.randint(4, 24)),
        "hard": (rng.randint(5, 9), rng.randint(9, 16), Fraction(rng.randint(211, 298), 100), rng.randint(11, 60)),
    }[difficulty]
    return {
        "f": feet,
        "g": inches,
        "z": centimetres,
        "a": fathoms,
        "b": rng.randint(2, feet - 1),
        "c": rng.randint(2, inches - 1),
    }


def _inches(values: Values) -> int:
    return (values["a"] * values["f"] + values["b"]) * values["g"] + values["c"]


def _solve_rope(values: Values) -> Fraction:
    return _inches(values) * Fraction(values["z"])


def _rope_workings(values: Values) -> Values:
    return {"feet": values["a"] * values["f"] + values["b"], "inches": _inches(values)}


def _check_rope(values: Values, result: Fraction) -> bool:
    """Laid out again in the old measures, the greatest first, the centimetres use up each of the numbers given."""
    inch = Fraction(values["z"])
    foot = values["g"] * inch
    fathom = values["f"] * foot
    fathoms, rest = divmod(result, fathom)
    feet, rest = divmod(rest, foot)
    return (fathoms, feet, rest) == (values["a"], values["b"], values["c"] * inch)


ROPE = Template(
    id="conversion.rope",
    family="unit conversion",
    unit="ws_centimetre",
    draw=_draw_rope,
    holds=lambda values: values["b"] < values["f"] and values["c"] < values["g"] and values["f"] != values["g"],
    solve=_solve_rope,
    check=_check_rope,
    workings=_rope_workings,
    texts={
        "en": Wording(
            problems=(
                "In the old measures of a port, a fathom has {f:ws_foot}, a foot has {g:ws_inch}, and an inch is "
                "{z:ws_centimetre} long. A rope measures {a:ws_fathom}, {b:ws_foot} and {c:ws_inch}. How many "
                "centimetres is that?",
                "An old building plan gives the length of a wall as {a:ws_fathom}, {b:ws_foot} and {c:ws_inch}. It "
                "counts {f:ws_foot} to the fathom, {g:ws_inch} to the foot and {z:ws_centimetre} to the inch. How "
                "long is the wall in centimetres?",
            ),
            solution="In feet, {a:ws_fathom} and {b:ws_foot} come to {a} * {f} + {b} = {feet:ws_foot}. In inches, the "
            "odd ones included, this makes {feet} * {g} + {c} = {inches:ws_inch}. The length is {inches} * {z} = "
            "{result:ws_centimetre}.",
        ),
        "fr": Wording(
            problems=(
                "Dans les anciennes mesures d'un port, la toise compte {f:ws_foot}, le pied {g:ws_inch}, et le pouce "
                "mesure {z:ws_centimetre}. Une corde mesure {a:ws_fathom}, {b:ws_foot} et {c:ws_inch}. Combien de "
                "centimètres cela fait-il ?",
                "Un vieux plan donne la longueur d'un mur : {a:ws_fathom}, {b:ws_foot} et {c:ws_inch}. On y compte "
                "{f:ws_foot} par toise, {g:ws_inch} par pied et {z:ws_centimetre} par pouce. Quelle est la longueur du "
                "mur, en centimètres ?",
            ),
            solution="En pieds, {a:ws_fathom} et {b:ws_foot} font {a} * {f} + {b} = {feet:ws_foot}. En pouces, en "
            "comptant aussi ceux qui restent, cela fait {feet} * {g} + {c} = {inches:ws_inch}. La longueur est de "
            "{inches} * {z} = {result:ws_centimetre}.",
        ),
        "de": Wording(
            problems=(
                "Nach den alten Maßen einer Hafenstadt hat ein Klafter {f:ws_foot}, ein Fuß {g:ws_inch}, und ein Zoll "
                "misst {z:ws_centimetre}. Ein Seil ist {a:ws_fathom}, {b:ws_foot} und {c:ws_inch} lang. Wie viele "
                "Zentimeter sind das?",
                "Ein alter Bauplan gibt die Länge einer Mauer mit {a:ws_fathom}, {b:ws_foot} und {c:ws_inch} an. Er "
                "rechnet {f:ws_foot} auf den Klafter, {g:ws_inch} auf den Fuß und {z:ws_centimetre} auf den Zoll. Wie "
                "lang ist die Mauer in Zentimetern?",
            ),
            solution="In Fuß umgerechnet, ergeben {a:ws_fathom} und {b:ws_foot} zusammen {a} * {f} + {b} = "
            "{feet:ws_foot}. In Zoll, die übrigen mitgezählt, macht das {feet} * {g} + {c} = {inches:ws_inch}. Die "
            "Länge beträgt {inches} * {z} = {result:ws_centimetre}.",
        ),
        "it": Wording(
            problems=(
                "Nelle antiche misure di un porto la tesa ha {f:ws_foot}, il piede {g:ws_inch}, e un pollice misura "
                "{z:ws_centimetre}. Una fune misura {a:ws_fathom}, {b:ws_foot} e {c:ws_inch}. Quanti centimetri sono?",
                "Un vecchio progetto indica la lunghezza di un muro: {a:ws_fathom}, {b:ws_foot} e {c:ws_inch}. Conta "
                "{f:ws_foot} per tesa, {g:ws_inch} per piede e {z:ws_centimetre} per pollice. Quanto è lungo il muro "
                "in centimetri?",
            ),
            solution="In piedi, {a:ws_fathom} e {b:ws_foot} fanno {a} * {f} + {b} = {feet:ws_foot}. In pollici, "
            "contando anche quelli rimanenti, sono {feet} * {g} + {c} = {inches:ws_inch}. La lunghezza è {inches} * "
            "{z} = {result:ws_centimetre}.",
        ),
        "es": Wording(
            problems=(
                "En las antiguas medidas de un puerto, la braza tiene {f:ws_foot}, el pie {g:ws_inch} y la pulgada "
                "mide {z:ws_centimetre}. Una cuerda mide {a:ws_fathom}, {b:ws_foot} y {c:ws_inch}. ¿Cuántos "
                "centímetros son?",
                "Un plano antiguo da la longitud de un muro: {a:ws_fathom}, {b:ws_foot} y {c:ws_inch}. Cuenta "
                "{f:ws_foot} por braza, {g:ws_inch} por pie y {z:ws_centimetre} por pulgada. ¿Cuánto mide el muro en "
                "centímetros?",
            ),
            solution="En pies, {a:ws_fathom} y {b:ws_foot} hacen {a} * {f} + {b} = {feet:ws_foot}. En pulgadas, "
            "contando también las que sobran, son {feet} * {g} + {c} = {inches:ws_inch}. La longitud es {inches} * "
            "{z} = {result:ws_centimetre}.",
        ),
        "pl": Wording(
            problems=(
                "Według dawnych miar pewnego portu sążeń ma {f:ws_foot}, stopa ma {g:ws_inch}, a cal mierzy "
                "{z:ws_centimetre}. Lina mierzy {a:ws_fathom}, {b:ws_foot.acc} i {c:ws_inch}. Ile to centymetrów?",
                "Stary plan podaje długość muru: {a:ws_fathom}, {b:ws_foot} i {c:ws_inch}. Liczy się w nim "
                "{f:ws_foot.acc} na sążeń, {g:ws_inch} na stopę i {z:ws_centimetre} na cal. Jaka jest długość muru w "
                "centymetrach?",
            ),
            solution="W stopach {a:ws_fathom} i {b:ws_foot} to razem {a} * {f} + {b} = {feet:ws_foot}. W calach, "
            "licząc także pozostałe, daje to {feet} * {g} + {c} = {inches:ws_inch}. Długość wynosi {inches} * {z} = "
            "{result:ws_centimetre}.",
        ),
        "nl": Wording(
            problems=(
                "Volgens de oude maten van een havenstad telt een vadem {f:ws_foot} en een voet {g:ws_inch}; een "
                "duim is {z:ws_centimetre} lang. Een touw meet {a:ws_fathom}, {b:ws_foot} en {c:ws_inch}. Hoeveel "
                "centimeter is dat?",
                "Een oude bouwtekening geeft als lengte van een muur {a:ws_fathom}, {b:ws_foot} en {c:ws_inch} op. "
                "Er gaan {f:ws_foot} in een vadem, {g:ws_inch} in een voet en {z:ws_centimetre} in een duim. Hoe "
                "lang is de muur in centimeters?",
            ),
            solution="In voet zijn {a:ws_fathom} en {b:ws_foot} samen {a} * {f} + {b} = {feet:ws_foot}. In duim, de "
            "overige meegerekend, wordt dat {feet} * {g} + {c} = {inches:ws_inch}. De lengte is {inches} * {z} = "
            "{result:ws_centimetre}.",
        ),
        "la": Wording(
            problems=(
                "Secundum veteres mensuras cuiusdam portus orgyia {f:ws_foot.acc} habet, pes {g:ws_inch.acc}, pollex "
                "autem {z:ws_centimetre} longus est. Funis {a:ws_fathom.acc}, {b:ws_foot.acc}, {c:ws_inch.acc} longus "
                "est. Quot centimetra sunt?",
                "In vetere forma aedificii longitudo muri sic scripta est: {a:ws_fathom}, {b:ws_foot}, {c:ws_inch}. "
                "Ibi orgyia {f:ws_foot.acc} habet, pes {g:ws_inch.acc}, pollex {z:ws_centimetre}. Quot centimetra "
                "murus longus est?",
            ),
            solution="Si pedibus numeratur, {a:ws_fathom} et {b:ws_foot} fiunt {a} * {f} + {b} = {feet:ws_foot}. Si "
            "pollicibus, reliquis quoque additis, fiunt {feet} * {g} + {c} = {inches:ws_inch}. Longitudo est {inches} "
            "* {z} = {result:ws_centimetre}.",
        ),
    },
    trace=Trace(
        given="{a:ws_fathom}, {b:ws_foot}, {c:ws_inch}; {f:ws_foot} to the fathom, {g:ws_inch} to the foot, "
        "{z:ws_centimetre} to the inch",
        sought="length in centimetres",
        insight="go down step by step, from fathoms to feet, from feet to inches, and add what stands there",
        steps=(
            "feet → {a} * {f} + {b} = {feet:ws_foot}",
            "inches → {feet} * {g} + {c} = {inches:ws_inch}",
            "centimetres → {inches} * {z} = {result:ws_centimetre}",
        ),
        checks=(
            "{result} ÷ {z} = {inches:ws_inch}; without the odd {c} they are {feet} * {g}",
            "{feet:ws_foot} without the odd {b} are {a} * {f}",
        ),
    ),
    mistakes=(
        Mistake(
            name="reckons_with_tens",
            says="reads fathoms, feet and inches as hundreds, tens and ones",
            result=lambda values: (100 * values["a"] + 10 * values["b"] + values["c"]) * Fraction(values["z"]),
        ),
        Mistake(
            name="forgets_the_odd_inches",
            says="leaves out the odd inches",
            result=lambda values: (_inches(values) - values["c"]) * Fraction(values["z"]),
        ),
        Mistake(
            name="swaps_the_two_factors",
            says="takes the number of inches in a foot for that of feet in a fathom, and the other way round",
            result=lambda values: (
                ((values["a"] * values["g"] + values["b"]) * values["f"] + values["c"]) * Fraction(values["z"])
            ),
        ),
        Mistake(
            name="stops_at_inches",
            says="gives the inches as if they were centimetres",
            result=_inches,
        ),
        Mistake(
            name="adds_fathoms_to_feet",
            says="adds the fathoms to the feet without converting them",
            result=lambda values: ((values["a"] + values["b"]) * values["g"] + values["c"]) * Fraction(values["z"]),
        ),
    ),
)
