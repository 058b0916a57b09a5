"""Ratios and proportional shares."""

from fractions import Fraction
from math import gcd
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_chain(rng: Random, difficulty: str) -> Values:
    most, part = {
        "easy": (5, 5 * rng.randint(1, 12)),
        "medium": (9, rng.randint(3, 40)),
        "hard": (15, rng.randint(7, 60)),
    }[difficulty]
    a, b, c, d = (rng.randint(2, most) for _ in range(4))
    return {"a": a, "b": b, "c": c, "d": d, "g": b * d * part}


def _chain_workings(values: Values) -> Values:
    first, middle, last = values["a"] * values["c"], values["b"] * values["c"], values["b"] * values["d"]
    return {
        "first": first,
        "middle": middle,
        "last": last,
        "parts": first + middle + last,
        "part": Fraction(values["g"], last),
    }


def _solve_chain(values: Values) -> Fraction:
    workings = _chain_workings(values)
    return workings["parts"] * workings["part"]


def _chain_holds(values: Values) -> bool:
    a, b, c, d = (values[name] for name in "abcd")
    apart = b != c and (a, b) != (c, d) and gcd(a, b) == 1 and gcd(c, d) == 1
    return apart and 200 <= _solve_chain(values) <= 9000


def _check_chain(values: Values, result: Fraction) -> bool:
    """Backwards from the known amount, one ratio after the other, and all of it added up."""
    middle = Fraction(values["g"] * values["c"], values["d"])
    first = middle * values["a"] / values["b"]
    return first + middle + values["g"] == result


CHAIN = Template(
    id="ratios.chain",
    family="ratios",
    unit="ws_gram",
    draw=_draw_chain,
    holds=_chain_holds,
    solve=_solve_chain,
    check=_check_chain,
    workings=_chain_workings,
    texts={
        "en": Wording(
            problems=(
                "In a muesli, oats and nuts are mixed in the ratio {a} : {b} by weight, nuts and raisins in the ratio "
                "{c} : {d}. The mixture contains {g:ws_gram} of raisins. How many grams does the whole mixture weigh?",
                "For her dough, a baker takes rye flour and wheat flour in the ratio {a} : {b}, and wheat flour and "
                "spelt flour in the ratio {c} : {d}. She uses {g:ws_gram} of spelt flour. How many grams of flour "
                "does she need altogether?",
            ),
            solution="The middle ingredient links the two ratios and gets the same number of parts in both, {b} * {c} "
            "= {middle}. If the first ratio is multiplied by {c} and the second by {b}, all three stand in the ratio "
            "{first} : {middle} : {last}. The last ingredient has {last} parts, so one part weighs {g} ÷ {last} = "
            "{part:ws_gram}. In all there are {first} + {middle} + {last} = {parts} parts, that is {parts} * {part} = "
            "{result:ws_gram}.",
        ),
        "fr": Wording(
            problems=(
                "Dans un muesli, les flocons d'avoine et les noix sont mélangés dans le rapport {a} : {b} en masse, "
                "les noix et les raisins secs dans le rapport {c} : {d}. Le mélange contient {g:ws_gram} de raisins "
                "secs. Combien de grammes pèse le mélange entier ?",
                "Pour sa pâte, une boulangère prend de la farine de seigle et de la farine de blé dans le rapport {a} "
                ": {b}, de la farine de blé et de la farine d'épeautre dans le rapport {c} : {d}. Elle utilise "
                "{g:ws_gram} de farine d'épeautre. Combien de grammes de farine lui faut-il en tout ?",
            ),
            solution="L'ingrédient du milieu relie les deux rapports et reçoit le même nombre de parts dans les deux, "
            "{b} * {c} = {middle}. En multipliant le premier rapport par {c} et le second par {b}, on obtient {first} "
            ": {middle} : {last} pour les trois. Le dernier ingrédient a {last} parts ; une part pèse donc {g} ÷ "
            "{last} = {part:ws_gram}. Il y a en tout {first} + {middle} + {last} = {parts} parts, soit {parts} * "
            "{part} = {result:ws_gram}.",
        ),
        "de": Wording(
            problems=(
                "In einem Müsli sind Haferflocken und Nüsse im Gewichtsverhältnis {a} : {b} gemischt, Nüsse und "
                "Rosinen im Verhältnis {c} : {d}. Die Mischung enthält {g:ws_gram} Rosinen. Wie viel Gramm wiegt die "
                "ganze Mischung?",
                "Eine Bäckerin nimmt für ihren Teig Roggenmehl und Weizenmehl im Verhältnis {a} : {b}, Weizenmehl und "
                "Dinkelmehl im Verhältnis {c} : {d}. Sie verwendet {g:ws_gram} Dinkelmehl. Wie viel Gramm Mehl "
                "braucht sie insgesamt?",
            ),
            solution="Die mittlere Zutat verbindet die beiden Verhältnisse und erhält in beiden gleich viele Teile, "
            "nämlich {b} * {c} = {middle}. Multipliziert man das erste Verhältnis mit {c} und das zweite mit {b}, so "
            "ergibt sich für alle drei {first} : {middle} : {last}. Auf die letzte Zutat entfallen {last} Teile, ein "
            "Teil wiegt also {g} ÷ {last} = {part:ws_gram}. Zusammen sind es {first} + {middle} + {last} = {parts} "
            "Teile, das macht {parts} * {part} = {result:ws_gram}.",
        ),
        "it": Wording(
            problems=(
                "In un muesli i fiocchi d'avena e le noci sono mescolati nel rapporto {a} : {b} in peso, le noci e "
                "l'uvetta nel rapporto {c} : {d}. La miscela contiene {g:ws_gram} di uvetta. Quanti grammi pesa "
                "l'intera miscela?",
                "Per il suo impasto una fornaia prende farina di segale e farina di frumento nel rapporto {a} : {b}, "
                "farina di frumento e farina di farro nel rapporto {c} : {d}. Usa {g:ws_gram} di farina di farro. "
                "Quanti grammi di farina le servono in tutto?",
            ),
            solution="L'ingrediente intermedio collega i due rapporti e riceve in entrambi lo stesso numero di parti, "
            "{b} * {c} = {middle}. Moltiplicando il primo rapporto per {c} e il secondo per {b} si ottiene {first} : "
            "{middle} : {last} per tutti e tre. All'ultimo ingrediente spettano {last} parti, quindi una parte pesa "
            "{g} ÷ {last} = {part:ws_gram}. In tutto le parti sono {first} + {middle} + {last} = {parts}, cioè "
            "{parts} * {part} = {result:ws_gram}.",
        ),
        "es": Wording(
            problems=(
                "En un muesli, los copos de avena y las nueces están mezclados en la proporción {a} : {b} en peso, y "
                "las nueces y las pasas en la proporción {c} : {d}. La mezcla contiene {g:ws_gram} de pasas. ¿Cuántos "
                "gramos pesa toda la mezcla?",
                "Para su masa, una panadera emplea harina de centeno y harina de trigo en la proporción {a} : {b}, y "
                "harina de trigo y harina de espelta en la proporción {c} : {d}. Usa {g:ws_gram} de harina de "
                "espelta. ¿Cuántos gramos de harina necesita en total?",
            ),
            solution="El ingrediente intermedio une las dos proporciones y recibe en ambas el mismo número de partes, "
            "{b} * {c} = {middle}. Al multiplicar la primera proporción por {c} y la segunda por {b} se obtiene "
            "{first} : {middle} : {last} para los tres. Al último ingrediente le tocan {last} partes, así que una "
            "parte pesa {g} ÷ {last} = {part:ws_gram}. En total hay {first} + {middle} + {last} = {parts} partes, es "
            "decir, {parts} * {part} = {result:ws_gram}.",
        ),
        "pl": Wording(
            problems=(
                "W musli płatki owsiane i orzechy zmieszano w stosunku wagowym {a} : {b}, a orzechy i rodzynki w "
                "stosunku {c} : {d}. Mieszanka zawiera {g:ws_gram} rodzynek. Ile gramów waży cała mieszanka?",
                "Piekarka bierze do ciasta mąkę żytnią i pszenną w stosunku {a} : {b} oraz mąkę pszenną i orkiszową w "
                "stosunku {c} : {d}. Zużywa {g:ws_gram} mąki orkiszowej. Ile gramów mąki potrzebuje łącznie?",
            ),
            solution="Środkowy składnik łączy oba stosunki i w obu otrzymuje tę samą liczbę części: {b} * {c} = "
            "{middle}. Mnożąc pierwszy stosunek przez {c}, a drugi przez {b}, otrzymujemy dla wszystkich trzech "
            "{first} : {middle} : {last}. Liczba części ostatniego składnika to {last}, więc jedna część waży {g} ÷ "
            "{last} = {part:ws_gram}. Liczba wszystkich części wynosi {first} + {middle} + {last} = {parts}, czyli "
            "razem jest {parts} * {part} = {result:ws_gram}.",
        ),
        "nl": Wording(
            problems=(
                "In een muesli zijn havervlokken en noten in de gewichtsverhouding {a} : {b} gemengd, noten en "
                "rozijnen in de verhouding {c} : {d}. Het mengsel bevat {g:ws_gram} rozijnen. Hoeveel gram weegt het "
                "hele mengsel?",
                "Een bakster neemt voor haar deeg roggemeel en tarwemeel in de verhouding {a} : {b}, tarwemeel en "
                "speltmeel in de verhouding {c} : {d}. Ze gebruikt {g:ws_gram} speltmeel. Hoeveel gram meel heeft ze "
                "in totaal nodig?",
            ),
            solution="Het middelste ingrediënt verbindt de twee verhoudingen en krijgt in beide evenveel delen, "
            "namelijk {b} * {c} = {middle}. Vermenigvuldig je de eerste verhouding met {c} en de tweede met {b}, dan "
            "krijg je voor alle drie {first} : {middle} : {last}. Het laatste ingrediënt telt {last} delen, dus één "
            "deel weegt {g} ÷ {last} = {part:ws_gram}. In totaal zijn er {first} + {middle} + {last} = {parts} delen, "
            "en dat is {parts} * {part} = {result:ws_gram}.",
        ),
        "la": Wording(
            problems=(
                "In pulmento avena et nuces pondere miscentur ratione {a} : {b}, nuces et uvae siccae ratione {c} : "
                "{d}. Insunt {g:ws_gram} uvarum siccarum. Quot grammata tota mixtura pendit?",
                "Pistrix ad panem farinam secalis et tritici ratione {a} : {b} sumit, farinam autem tritici et "
                "speltae ratione {c} : {d}. Farinae speltae {g:ws_gram} adhibet. Quot grammata farinae omnino "
                "requirit?",
            ),
            solution="Res media utramque rationem coniungit et in utraque eundem numerum partium accipit, {b} * {c} = "
            "{middle}. Si prior ratio per {c}, altera per {b} multiplicatur, omnium trium ratio fit {first} : "
            "{middle} : {last}. Rei ultimae sunt {last} partes; ergo una pars est {g} ÷ {last} = {part:ws_gram}. "
            "Omnino sunt {first} + {middle} + {last} = {parts} partes, id est {parts} * {part} = {result:ws_gram}.",
        ),
    },
    trace=Trace(
        given="first to second {a} : {b}, second to third {c} : {d}, of the third {g:ws_gram}",
        sought="weight of all three together",
        insight="the second ingredient stands in both ratios and must have the same parts in both",
        steps=(
            "parts of the second → {b} * {c} = {middle}",
            "all three → {first} : {middle} : {last}",
            "one part → {g} ÷ {last} = {part:ws_gram}",
            "all parts → ({first} + {middle} + {last}) * {part} = {result:ws_gram}",
        ),
        checks=(
            "{first} : {middle} shortens to {a} : {b}, and {middle} : {last} to {c} : {d}",
            "{last} * {part} = {g:ws_gram} of the third, as given",
        ),
    ),
    mistakes=(
        Mistake(
            name="joins_the_ratios_as_they_stand",
            says="writes the two ratios behind one another without making the middle parts equal",
            result=lambda values: round(Fraction(values["g"] * (values["a"] + values["b"] + values["d"]), values["d"])),
        ),
        Mistake(
            name="leaves_out_the_known_ingredient",
            says="adds the other two ingredients only",
            result=lambda values: _solve_chain(values) - values["g"],
        ),
        Mistake(
            name="gives_the_first_ingredient",
            says="gives the weight of the first ingredient instead of the whole",
            result=lambda values: Fraction(values["g"] * values["a"] * values["c"], values["b"] * values["d"]),
        ),
        Mistake(
            name="forgets_the_middle_ingredient",
            says="adds the first and the last ingredient and leaves out the middle one",
            result=lambda values: _solve_chain(values) - Fraction(values["g"] * values["c"], values["d"]),
        ),
        Mistake(
            name="takes_the_known_ingredient_for_the_first",
            says="takes the given weight for that of the first ingredient",
            result=lambda values: round(
                Fraction(values["g"] * _chain_workings(values)["parts"], values["a"] * values["c"])
            ),
        ),
    ),
)
