"""A number that leaves the same remainder by three divisors."""

from fractions import Fraction
from math import lcm
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_remainder(rng: Random, difficulty: str) -> Values:
    least, most, common_most = {"easy": (4, 10, 72), "medium": (6, 20, 240), "hard": (8, 36, 720)}[difficulty]
    a, b, c = sorted(rng.randint(least, most) for _ in range(3))
    common = lcm(a, b, c)
    left = rng.randint(2, a - 1)
    cards = common * rng.randint(2, 5 if common <= common_most else 2) + left
    return {
        "low": (cards - rng.randint(3, max(common // 2, 4))) // 10 * 10,
        "high": -(-(cards + rng.randint(3, max(common // 2, 4))) // 10) * 10,
        "a": a,
        "b": b,
        "c": c,
        "left": left,
    }


def _remainder_workings(values: Values) -> Values:
    common = lcm(values["a"], values["b"], values["c"])
    times = (values["high"] - 1 - values["left"]) // common
    return {
        "common": common,
        "times": times,
        "multiple": times * common,
        "smaller": times * common - common + values["left"],
        "greater": times * common + common + values["left"],
        "by_a": times * common // values["a"],
        "by_b": times * common // values["b"],
        "by_c": times * common // values["c"],
    }


def _remainder_holds(values: Values) -> bool:
    a, b, c, workings = values["a"], values["b"], values["c"], _remainder_workings(values)
    number = workings["multiple"] + values["left"]
    different = a < b < c < workings["common"] < a * b * c and workings["common"] <= 900
    # one number only lies between the bounds
    return different and workings["smaller"] <= values["low"] < number < values["high"] <= workings["greater"]


def _solve_remainder(values: Values) -> int:
    return _remainder_workings(values)["multiple"] + values["left"]


def _check_remainder(values: Values, result: Fraction) -> bool:
    """Of all numbers between the bounds, this one alone leaves the remainder by each divisor."""
    fitting = [
        number
        for number in range(values["low"] + 1, values["high"])
        if all(number % values[name] == values["left"] for name in "abc")
    ]
    return fitting == [result]


REMAINDER = Template(
    id="divisibility.remainder",
    family="divisibility",
    unit="index_card",
    draw=_draw_remainder,
    holds=_remainder_holds,
    solve=_solve_remainder,
    check=_check_remainder,
    workings=_remainder_workings,
    texts={
        "en": Wording(
            problems=(
                "Tom has more than {low} but fewer than {high} cards in his collection. Whether he puts them in piles "
                "of {a}, of {b} or of {c}, there are always {left} cards left over. How many cards does he have?",
                "An archive keeps its cards in boxes. Boxes for {a}, boxes for {b} and boxes for {c} cards have been "
                "tried, and each time, when as many boxes as possible were full, {left} cards remained. Their number "
                "lies between {low} and {high}. How many cards are there?",
            ),
            solution="Without the {left} cards left over, the number can be divided by {a}, by {b} and by {c}, hence "
            "by {common}, their least common multiple. The only multiple of {common} that gives a number between {low} "
            "and {high} when {left} is added is {times} * {common} = {multiple}. So there are {multiple} + {left} = "
            "{result:index_card}.",
        ),
        "fr": Wording(
            problems=(
                "Tom a plus de {low} fiches mais moins de {high} dans sa collection. Qu'il en fasse des tas de {a}, de "
                "{b} ou de {c}, il reste toujours {left} fiches. Combien de fiches a-t-il ?",
                "Un service d'archives range ses fiches dans des boîtes. On a essayé des boîtes de {a}, des boîtes de "
                "{b} et des boîtes de {c} fiches ; chaque fois, une fois remplies autant de boîtes que possible, il "
                "restait {left} fiches. Leur nombre est compris entre {low} et {high}. Combien y a-t-il de fiches ?",
            ),
            solution="Sans les {left} fiches qui restent, le nombre est divisible par {a}, par {b} et par {c}, donc "
            "par {common}, leur plus petit commun multiple. Le seul multiple de {common} qui, augmenté de {left}, "
            "donne un nombre compris entre {low} et {high} est {times} * {common} = {multiple}. Il y a donc {multiple} "
            "+ {left} = {result:index_card}.",
        ),
        "de": Wording(
            problems=(
                "Tom hat mehr als {low}, aber weniger als {high} Karteikarten. Ob er sie zu Stapeln von {a}, von {b} "
                "oder von {c} ordnet, immer bleiben {left} Karteikarten übrig. Wie viele Karteikarten hat er?",
                "Ein Archiv bewahrt seine Karteikarten in Kästen auf. Man hat Kästen für {a}, Kästen für {b} und "
                "Kästen für {c} Karteikarten versucht, und jedes Mal blieben, als möglichst viele Kästen voll waren, "
                "{left} Karteikarten übrig. Ihre Zahl liegt zwischen {low} und {high}. Wie viele Karteikarten sind es?",
            ),
            solution="Ohne die {left} übrigen Karteikarten ist die Zahl durch {a}, durch {b} und durch {c} teilbar, "
            "also durch {common}, ihr kleinstes gemeinsames Vielfaches. Das einzige Vielfache von {common}, das um "
            "{left} vermehrt zwischen {low} und {high} liegt, ist {times} * {common} = {multiple}. Es sind also "
            "{multiple} + {left} = {result:index_card}.",
        ),
        "it": Wording(
            problems=(
                "Tom ha più di {low} schede ma meno di {high}. Che le disponga in mucchi da {a}, da {b} o da {c}, ne "
                "restano sempre {left}. Quante schede ha?",
                "Un archivio conserva le sue schede in scatole. Si sono provate scatole da {a}, scatole da {b} e "
                "scatole da {c} schede e ogni volta, riempite quante più scatole possibile, ne avanzavano {left}. Il "
                "loro numero è compreso fra {low} e {high}. Quante sono le schede?",
            ),
            solution="Senza le {left} schede che avanzano, il numero è divisibile per {a}, per {b} e per {c}, quindi "
            "per {common}, il loro minimo comune multiplo. L'unico multiplo di {common} che, aumentato di {left}, dà "
            "un numero compreso fra {low} e {high} è {times} * {common} = {multiple}. Ci sono dunque {multiple} + "
            "{left} = {result:index_card}.",
        ),
        "es": Wording(
            problems=(
                "Tom tiene más de {low} fichas y menos de {high}. Tanto si hace montones de {a} como de {b} o de {c}, "
                "siempre le sobran {left} fichas. ¿Cuántas fichas tiene?",
                "Un archivo guarda sus fichas en cajas. Se han probado cajas de {a}, cajas de {b} y cajas de {c} "
                "fichas y, cada vez, después de llenar tantas cajas como era posible, sobraban {left} fichas. Su "
                "número está entre {low} y {high}. ¿Cuántas fichas hay?",
            ),
            solution="Sin las {left} fichas que sobran, el número es divisible por {a}, por {b} y por {c}, y por tanto "
            "por {common}, su mínimo común múltiplo. El único múltiplo de {common} que, aumentado en {left}, da un "
            "número entre {low} y {high} es {times} * {common} = {multiple}. Hay, pues, {multiple} + {left} = "
            "{result:index_card}.",
        ),
        "pl": Wording(
            problems=(
                "Tomek ma w kolekcji więcej niż {low}, ale mniej niż {high} kart. Czy układa je w stosy po {a}, czy po "
                "{b}, czy po {c}, zawsze zostaje mu reszta, która liczy {left:index_card.acc}. Ile kart ma Tomek?",
                "Archiwum trzyma karty w pudełkach. Wypróbowano pudełka na {a}, na {b} i na {c:index_card.acc}; za "
                "każdym razem po zapełnieniu możliwie wielu pudełek reszta liczyła {left:index_card.acc}. Liczba kart "
                "leży między {low} a {high}. Ile jest kart?",
            ),
            solution="Po odjęciu reszty, czyli {left}, liczba kart dzieli się przez {a}, przez {b} i przez {c}, a więc "
            "także przez {common}, ich najmniejszą wspólną wielokrotność. Jedyna wielokrotność liczby {common}, która "
            "po dodaniu {left} leży między {low} a {high}, to {times} * {common} = {multiple}. Razem daje to zatem "
            "{multiple} + {left} = {result:index_card.acc}.",
        ),
        "nl": Wording(
            problems=(
                "Tom heeft meer dan {low} maar minder dan {high} kaarten. Of hij ze nu in stapels van {a}, van {b} of "
                "van {c} legt, er blijven altijd {left} kaarten over. Hoeveel kaarten heeft hij?",
                "Een archief bewaart zijn kaarten in dozen. Er zijn dozen voor {a}, dozen voor {b} en dozen voor {c} "
                "kaarten geprobeerd, en elke keer bleven er, toen er zo veel mogelijk dozen vol waren, {left} kaarten "
                "over. Hun aantal ligt tussen {low} en {high}. Hoeveel kaarten zijn er?",
            ),
            solution="Zonder de {left} kaarten die overblijven is het aantal deelbaar door {a}, door {b} en door {c}, "
            "en dus door {common}, hun kleinste gemene veelvoud. Het enige veelvoud van {common} dat, met {left} "
            "vermeerderd, tussen {low} en {high} ligt, is {times} * {common} = {multiple}. Er zijn dus {multiple} + "
            "{left} = {result:index_card}.",
        ),
        "la": Wording(
            problems=(
                "Marcus plures quam {low} chartas habet, sed pauciores quam {high}. Sive eas in acervos {a} chartarum "
                "sive {b} sive {c} disponit, semper {left} chartae supersunt. Quot chartas habet?",
                "In tabulario chartae in capsis servantur. Capsae temptatae sunt, quae {a} vel {b} vel {c} chartas "
                "caperent, et quotiens quam plurimae capsae plenae erant, {left} chartae supererant. Numerus earum "
                "inter {low} et {high} est. Quot chartae sunt?",
            ),
            solution="Demptis {left} chartis, quae supersunt, numerus per {a}, per {b}, per {c} sine residuo dividi "
            "potest, ergo etiam per {common}, minimum commune multiplum eorum. Unum tantum multiplum numeri {common}, "
            "si {left} adduntur, inter {low} et {high} est: {times} * {common} = {multiple}. Sunt igitur {multiple} + "
            "{left} = {result:index_card}.",
        ),
    },
    trace=Trace(
        given="between {low} and {high} cards; by {a}, by {b} and by {c} always {left} left over",
        sought="number of cards",
        insight="without the {left} the number is a common multiple of all three",
        steps=(
            "least common multiple of {a}, {b} and {c} → {common}",
            "its multiple that fits between the bounds → {times} * {common} = {multiple}",
            "with those left over → {multiple} + {left} = {result:index_card}",
        ),
        checks=(
            "{by_a} * {a} + {left} = {result} AND {by_b} * {b} + {left} = {result} AND {by_c} * {c} + {left} = "
            "{result}",
            "the neighbours {smaller} and {greater} do not lie between {low} and {high}",
        ),
    ),
    mistakes=(
        Mistake(
            name="forgets_the_remainder",
            says="gives the common multiple and forgets what is left over",
            result=lambda values: _remainder_workings(values)["multiple"],
        ),
        Mistake(
            name="takes_the_remainder_away",
            says="takes what is left over away from the common multiple instead of adding it",
            result=lambda values: _remainder_workings(values)["multiple"] - values["left"],
        ),
        Mistake(
            name="ignores_the_lower_bound",
            says="takes the smallest number that leaves the remainder and ignores the lower bound",
            result=lambda values: _remainder_workings(values)["common"] + values["left"],
        ),
        Mistake(
            name="multiplies_the_divisors",
            says="multiplies the three divisors instead of taking their least common multiple",
            result=lambda values: values["a"] * values["b"] * values["c"] + values["left"],
        ),
        Mistake(
            name="ignores_the_upper_bound",
            says="takes the next number that leaves the remainder, beyond the upper bound",
            result=lambda values: _remainder_workings(values)["greater"],
        ),
    ),
)
