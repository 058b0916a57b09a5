"""Ratios and proportional shares."""

from fractions import Fraction
from math import gcd
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_shares(rng: Random, difficulty: str) -> Values:
    most, part = {
        "easy": (6, 10 * rng.randint(2, 60)),
        "medium": (9, 5 * rng.randint(20, 240)),
        "hard": (15, rng.randint(120, 1400)),
    }[difficulty]
    a, b, c = (rng.randint(1, most) for _ in range(3))
    return {"sum": (a + b + c) * part, "a": a, "b": b, "c": c}


def _solve_shares(values: Values) -> Fraction:
    return Fraction(values["sum"] * values["c"], values["a"] + values["b"] + values["c"])


def _shares_workings(values: Values) -> Values:
    parts = values["a"] + values["b"] + values["c"]
    part = Fraction(values["sum"], parts)
    return {"parts": parts, "part": part, "first": values["a"] * part, "second": values["b"] * part}


def _shares_hold(values: Values) -> bool:
    a, b, c = values["a"], values["b"], values["c"]
    # a part of whole hundreds makes every amount of the solution end alike, which reads as a repetition
    return len({a, b, c}) == 3 and gcd(a, b, c) == 1 and c > 1 and values["sum"] // (a + b + c) % 100 != 0


def _check_shares(values: Values, result: Fraction) -> bool:
    """By cross-multiplication: the others in proportion to this share use up the whole sum."""
    first, second = result * values["a"] / values["c"], result * values["b"] / values["c"]
    return first + second == values["sum"] - result and first * values["b"] == second * values["a"]


SHARES = Template(
    id="ratios.shares",
    family="ratios",
    unit="money",
    draw=_draw_shares,
    holds=_shares_hold,
    solve=_solve_shares,
    check=_check_shares,
    workings=_shares_workings,
    texts={
        "en": Wording(
            problems=(
                "Three partners share a profit of {sum:money} in the ratio {a} : {b} : {c}. How much does the third "
                "partner receive?",
                "An inheritance of {sum:money} is divided among three siblings, from the eldest to the youngest, in "
                "the ratio {a} : {b} : {c}. How much does the youngest get?",
            ),
            solution="The ratio has {a} + {b} + {c} = {parts} parts in all. One part is worth {sum} ÷ {parts} = "
            "{part:money}. The third share is therefore {c} * {part} = {result:money}. The other two come to "
            "{first:money} and {second:money}, and all three together make {sum:money}.",
        ),
        "fr": Wording(
            problems=(
                "Trois associés se partagent un bénéfice de {sum:money} dans le rapport {a} : {b} : {c}. Combien "
                "reçoit le troisième associé ?",
                "Un héritage de {sum:money} est réparti entre trois frères et sœurs, de l'aîné au plus jeune, dans le "
                "rapport {a} : {b} : {c}. Combien le plus jeune reçoit-il ?",
            ),
            solution="Le rapport compte en tout {a} + {b} + {c} = {parts} parts. Une part vaut {sum} ÷ {parts} = "
            "{part:money}. Le troisième reçoit donc {c} * {part} = {result:money}. Les deux autres touchent "
            "{first:money} et {second:money}, et le total fait bien {sum:money}.",
        ),
        "de": Wording(
            problems=(
                "Drei Teilhaber teilen sich einen Gewinn von {sum:money} im Verhältnis {a} : {b} : {c}. Wie viel "
                "erhält der dritte?",
                "Ein Erbe von {sum:money} wird unter drei Geschwistern, vom ältesten bis zum jüngsten, im Verhältnis "
                "{a} : {b} : {c} aufgeteilt. Wie viel bekommt das jüngste von ihnen?",
            ),
            solution="Das Verhältnis besteht aus {a} + {b} + {c} = {parts} Teilen. Ein Teil ist {sum} ÷ {parts} = "
            "{part:money} wert. Der dritte Anteil beträgt also {c} * {part} = {result:money}. Die beiden anderen "
            "betragen {first:money} und {second:money}; alle drei zusammen ergeben {sum:money}.",
        ),
        "it": Wording(
            problems=(
                "Tre soci si dividono un utile di {sum:money} nel rapporto {a} : {b} : {c}. Quanto riceve il terzo "
                "socio?",
                "Un'eredità di {sum:money} viene divisa fra tre fratelli, dal maggiore al minore, nel rapporto {a} : "
                "{b} : {c}. Quanto spetta al minore?",
            ),
            solution="Il rapporto è formato in tutto da {a} + {b} + {c} = {parts} parti. Una parte vale {sum} ÷ "
            "{parts} = {part:money}. La terza quota è quindi {c} * {part} = {result:money}. Le altre due sono di "
            "{first:money} e {second:money}, e tutte e tre insieme fanno {sum:money}.",
        ),
        "es": Wording(
            problems=(
                "Tres socios se reparten un beneficio de {sum:money} en la proporción {a} : {b} : {c}. ¿Cuánto recibe "
                "el tercer socio?",
                "Una herencia de {sum:money} se reparte entre tres hermanos, del mayor al menor, en la proporción {a} "
                ": {b} : {c}. ¿Cuánto le corresponde al menor?",
            ),
            solution="La proporción consta en total de {a} + {b} + {c} = {parts} partes. Cada parte vale {sum} ÷ "
            "{parts} = {part:money}. La tercera cuota es, por tanto, {c} * {part} = {result:money}. Las otras dos son "
            "de {first:money} y {second:money}, y las tres juntas suman {sum:money}.",
        ),
        "pl": Wording(
            problems=(
                "Trzej wspólnicy dzielą zysk w wysokości {sum:money.gen} w stosunku {a} : {b} : {c}. Ile otrzymuje "
                "trzeci wspólnik?",
                "Spadek w wysokości {sum:money.gen} podzielono między troje rodzeństwa, od najstarszego do "
                "najmłodszego, w stosunku {a} : {b} : {c}. Ile dostało najmłodsze z nich?",
            ),
            solution="Liczba wszystkich części wynosi {a} + {b} + {c} = {parts}. Jedna część to {sum} ÷ {parts} = "
            "{part:money}. Trzeci udział wynosi zatem {c} * {part} = {result:money}. Pozostałe dwa to {first:money} i "
            "{second:money}, a wszystkie trzy dają razem {sum:money}.",
        ),
        "nl": Wording(
            problems=(
                "Drie vennoten verdelen een winst van {sum:money} in de verhouding {a} : {b} : {c}. Hoeveel krijgt de "
                "derde vennoot?",
                "Een erfenis van {sum:money} wordt onder drie kinderen verdeeld, van het oudste tot het jongste, in "
                "de verhouding {a} : {b} : {c}. Hoeveel krijgt het jongste kind?",
            ),
            solution="De verhouding telt in totaal {a} + {b} + {c} = {parts} delen. Eén deel is {sum} ÷ {parts} = "
            "{part:money} waard. Het derde aandeel is dus {c} * {part} = {result:money}. De andere twee zijn "
            "{first:money} en {second:money}, en samen is dat weer {sum:money}.",
        ),
        "la": Wording(
            problems=(
                "Tres socii lucrum {sum:money.gen} inter se dividunt ratione {a} : {b} : {c}. Quantum tertius socius "
                "accipit?",
                "Hereditas {sum:money.gen} inter tres fratres, a maximo ad minimum natu, ratione {a} : {b} : {c} "
                "dividitur. Quantum minimus natu accipit?",
            ),
            solution="Summa partium est {a} + {b} + {c} = {parts}. Una pars valet {sum} ÷ {parts} = {part:money.acc}. "
            "Tertia igitur portio est {c} * {part} = {result:money}. Ceterae portiones sunt {first:money} et "
            "{second:money}, et omnes simul {sum:money.acc} efficiunt.",
        ),
    },
    trace=Trace(
        given="sum {sum:money}, ratio {a} : {b} : {c}",
        sought="the third share",
        insight="count the parts first, then the worth of one part",
        steps=(
            "parts → {a} + {b} + {c} = {parts}",
            "one part → {sum} ÷ {parts} = {part:money}",
            "third share → {c} * {part} = {result:money}",
        ),
        checks=(
            "first share {a} * {part} = {first:money}, second share {b} * {part} = {second:money}",
            "{first} + {second} + {result} = {sum}, nothing left over",
        ),
    ),
    mistakes=(
        Mistake(
            name="gives_the_first_share",
            says="gives the first share instead of the third",
            result=lambda values: _shares_workings(values)["first"],
        ),
        Mistake(
            name="gives_the_second_share",
            says="gives the second share instead of the third",
            result=lambda values: _shares_workings(values)["second"],
        ),
        Mistake(
            name="gives_one_part",
            says="gives the worth of one part, without multiplying it",
            result=lambda values: _shares_workings(values)["part"],
        ),
        Mistake(
            name="shares_evenly",
            says="divides the sum by three, as if the shares were equal",
            result=lambda values: round(Fraction(values["sum"], 3), 2),
        ),
        Mistake(
            name="divides_by_its_own_number",
            says="divides the sum by the third number of the ratio",
            result=lambda values: round(Fraction(values["sum"], values["c"]), 2),
        ),
        Mistake(
            name="gives_the_rest",
            says="gives what the other two receive together",
            result=lambda values: values["sum"] - _solve_shares(values),
        ),
        Mistake(
            name="takes_the_ratio_for_a_percentage",
            says="takes the third number of the ratio for a percentage of the sum",
            result=lambda values: Fraction(values["sum"] * values["c"], 100),
        ),
    ),
)
