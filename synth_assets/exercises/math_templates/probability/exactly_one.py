"""Exactly one of two independent events."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording

_ROUND = (10, 20, 25, 30, 40, 60, 70, 75, 80, 90)


def _draw_exactly_one(rng: Random, difficulty: str) -> Values:
    if difficulty == "easy":
        return {"first": rng.choice(_ROUND), "second": rng.choice(_ROUND)}
    step = {"medium": 5, "hard": 1}[difficulty]
    return {"first": step * rng.randint(1, 99 // step), "second": step * rng.randint(1, 99 // step)}


def _exactly_one_workings(values: Values) -> dict[str, int | Fraction]:
    first, second = values["first"], values["second"]
    return {
        "not_first": 100 - first,
        "not_second": 100 - second,
        "only_first": Fraction(first * (100 - second), 100),
        "only_second": Fraction((100 - first) * second, 100),
        "both": Fraction(first * second, 100),
        "neither": Fraction((100 - first) * (100 - second), 100),
    }


def _exactly_one_holds(values: Values) -> bool:
    """Not as likely as both or neither, nor the two cases alike."""
    workings = _exactly_one_workings(values)
    results = {_solve_exactly_one(values), workings["both"], workings["only_first"], workings["only_second"]}
    return len(results) == 4 and 50 not in (values["first"], values["second"])


def _solve_exactly_one(values: Values) -> Fraction:
    workings = _exactly_one_workings(values)
    return workings["only_first"] + workings["only_second"]


def _check_exactly_one(values: Values, result: Fraction) -> bool:
    """What is left of all cases when both and neither are taken away."""
    both = Fraction(values["first"], 100) * Fraction(values["second"], 100)
    neither = (1 - Fraction(values["first"], 100)) * (1 - Fraction(values["second"], 100))
    return both + neither + result / 100 == 1


EXACTLY_ONE = Template(
    id="probability.exactly_one",
    family="probability",
    unit="pct",
    draw=_draw_exactly_one,
    holds=_exactly_one_holds,
    solve=_solve_exactly_one,
    check=_check_exactly_one,
    workings=_exactly_one_workings,
    texts={
        "en": Wording(
            problems=(
                "Two archers shoot at a target once each, independently of one another. The first hits it with a "
                "probability of {first:pct}, the second with a probability of {second:pct}. What is the probability, "
                "in per cent, that exactly one of them hits it?",
                "A mill has two old pumps that run independently. In the course of a year the first pump breaks down "
                "with a probability of {first:pct} and the second with a probability of {second:pct}. In per cent, how "
                "likely is it that just one of the two breaks down within the year?",
            ),
            solution="That it happens to the first and not to the second has the probability {first} * {not_second} ÷ "
            "100 = {only_first:pct}. That it happens to the second and not to the first has the probability "
            "{not_first} * {second} ÷ 100 = {only_second:pct}. The two cases exclude each other, so their "
            "probabilities add up: {only_first} + {only_second} = {result:pct}.",
        ),
        "fr": Wording(
            problems=(
                "Deux archers tirent chacun une fois sur une cible, indépendamment l'un de l'autre. Le premier "
                "l'atteint avec une probabilité de {first:pct}, le second avec une probabilité de {second:pct}. Quelle "
                "est la probabilité, en pour cent, qu'un seul des deux l'atteigne ?",
                "Un moulin a deux vieux moteurs qui marchent indépendamment. Au cours d'une année, le premier tombe en "
                "panne avec une probabilité de {first:pct} et le second avec une probabilité de {second:pct}. En pour "
                "cent, quelle est la probabilité qu'exactement un des deux tombe en panne dans l'année ?",
            ),
            solution="La probabilité que cela arrive au premier et non au second est de {first} * {not_second} ÷ 100 = "
            "{only_first:pct}. La probabilité que cela arrive au second et non au premier est de {not_first} * "
            "{second} ÷ 100 = {only_second:pct}. Les deux cas s'excluent, leurs probabilités s'ajoutent donc : "
            "{only_first} + {only_second} = {result:pct}.",
        ),
        "de": Wording(
            problems=(
                "Zwei Bogenschützen schießen unabhängig voneinander je einmal auf eine Scheibe. Der erste trifft sie "
                "mit einer Wahrscheinlichkeit von {first:pct}, der zweite mit einer Wahrscheinlichkeit von "
                "{second:pct}. Wie groß ist die Wahrscheinlichkeit in Prozent, dass genau einer von beiden trifft?",
                "Eine Mühle hat zwei alte Motoren, die unabhängig voneinander laufen. Im Lauf eines Jahres fällt der "
                "erste mit einer Wahrscheinlichkeit von {first:pct} aus, der zweite mit einer Wahrscheinlichkeit von "
                "{second:pct}. Mit welcher Wahrscheinlichkeit in Prozent fällt in dem Jahr genau einer der beiden aus?",
            ),
            solution="Dass es beim ersten eintritt und beim zweiten nicht, hat die Wahrscheinlichkeit {first} * "
            "{not_second} ÷ 100 = {only_first:pct}. Dass es beim zweiten eintritt und beim ersten nicht, hat die "
            "Wahrscheinlichkeit {not_first} * {second} ÷ 100 = {only_second:pct}. Die beiden Fälle schließen einander "
            "aus, ihre Wahrscheinlichkeiten addieren sich also: {only_first} + {only_second} = {result:pct}.",
        ),
        "it": Wording(
            problems=(
                "Due arcieri tirano una volta ciascuno a un bersaglio, indipendentemente l'uno dall'altro. Il primo lo "
                "colpisce con probabilità {first:del+pct}, il secondo con probabilità {second:del+pct}. Qual è la "
                "probabilità, in percentuale, che lo colpisca esattamente uno dei due?",
                "Un mulino ha due vecchi motori che funzionano in modo indipendente. Nel corso di un anno il primo si "
                "guasta con probabilità {first:del+pct} e il secondo con probabilità {second:del+pct}. In percentuale, "
                "quanto è probabile che entro l'anno se ne guasti uno solo?",
            ),
            solution="Che accada al primo e non al secondo ha probabilità {first} * {not_second} ÷ 100 = "
            "{only_first:pct}. Che accada al secondo e non al primo ha probabilità {not_first} * {second} ÷ 100 = "
            "{only_second:pct}. I due casi si escludono a vicenda, perciò le loro probabilità si sommano: {only_first} "
            "+ {only_second} = {result:pct}.",
        ),
        "es": Wording(
            problems=(
                "Dos arqueros tiran una vez cada uno a una diana, independientemente el uno del otro. El primero "
                "acierta con una probabilidad del {first:pct} y el segundo, con una probabilidad del {second:pct}. "
                "¿Cuál es la probabilidad, en tanto por ciento, de que acierte exactamente uno de los dos?",
                "Un molino tiene dos motores viejos que funcionan de manera independiente. A lo largo de un año, el "
                "primero se avería con una probabilidad del {first:pct} y el segundo, con una probabilidad del "
                "{second:pct}. En tanto por ciento, ¿qué probabilidad hay de que en ese año se averíe solo uno de los "
                "dos?",
            ),
            solution="Que le ocurra al primero y no al segundo tiene una probabilidad de {first} * {not_second} ÷ 100 "
            "= {only_first:pct}. Que le ocurra al segundo y no al primero tiene una probabilidad de {not_first} * "
            "{second} ÷ 100 = {only_second:pct}. Los dos casos se excluyen, así que sus probabilidades se suman: "
            "{only_first} + {only_second} = {result:pct}.",
        ),
        "pl": Wording(
            problems=(
                "Dwóch łuczników strzela do tarczy po jednym razie, niezależnie od siebie. Pierwszy trafia z "
                "prawdopodobieństwem {first:pct}, drugi z prawdopodobieństwem {second:pct}. Jakie jest "
                "prawdopodobieństwo, w procentach, że trafi dokładnie jeden z nich?",
                "W młynie pracują niezależnie od siebie dwa stare silniki. W ciągu roku pierwszy z nich psuje się z "
                "prawdopodobieństwem {first:pct}, a drugi z prawdopodobieństwem {second:pct}. Ile procent wynosi "
                "prawdopodobieństwo, że w ciągu roku zepsuje się tylko jeden z nich?",
            ),
            solution="Prawdopodobieństwo, że zdarzy się to pierwszemu, a drugiemu nie, wynosi {first} * {not_second} ÷ "
            "100 = {only_first:pct}. Prawdopodobieństwo, że zdarzy się to drugiemu, a pierwszemu nie, wynosi "
            "{not_first} * {second} ÷ 100 = {only_second:pct}. Te dwa przypadki się wykluczają, więc ich "
            "prawdopodobieństwa się dodają: {only_first} + {only_second} = {result:pct}.",
        ),
        "nl": Wording(
            problems=(
                "Twee boogschutters schieten elk één keer op een schijf, onafhankelijk van elkaar. De eerste raakt die "
                "met een kans van {first:pct}, de tweede met een kans van {second:pct}. Hoe groot is de kans, in "
                "procenten, dat precies een van beiden raak schiet?",
                "Een molen heeft twee oude motoren die onafhankelijk van elkaar draaien. In de loop van een jaar "
                "valt de eerste uit met een kans van {first:pct} en de tweede met een kans van {second:pct}. Hoeveel "
                "procent is de kans dat in dat jaar precies een van de twee uitvalt?",
            ),
            solution="De kans dat het bij de eerste gebeurt en bij de tweede niet, is {first} * {not_second} ÷ 100 = "
            "{only_first:pct}. De kans dat het bij de tweede gebeurt en bij de eerste niet, is {not_first} * {second} "
            "÷ 100 = {only_second:pct}. De twee gevallen sluiten elkaar uit, dus hun kansen worden opgeteld: "
            "{only_first} + {only_second} = {result:pct}.",
        ),
        "la": Wording(
            problems=(
                "Duo sagittarii singulas sagittas in scopum mittunt, ita ut alter ab altero non pendeat. Prior scopum "
                "probabilitate {first:pct} ferit, alter probabilitate {second:pct}. Quae est probabilitas, in "
                "centesimis expressa, unum solum ex duobus scopum ferire?",
                "In mola sunt duae machinae veteres, quarum altera ab altera non pendet. Intra annum prior "
                "probabilitate {first:pct} deficit, altera probabilitate {second:pct}. Quot centesimarum est "
                "probabilitas intra annum unam tantum ex duabus deficere?",
            ),
            solution="Probabilitas id priori accidere, alteri non accidere, est {first} * {not_second} ÷ 100 = "
            "{only_first:pct}. Probabilitas id alteri accidere, priori non accidere, est {not_first} * {second} ÷ 100 "
            "= {only_second:pct}. Duo casus inter se excludunt, itaque probabilitates eorum adduntur: {only_first} + "
            "{only_second} = {result:pct}.",
        ),
    },
    trace=Trace(
        given="two independent events with probabilities {first:pct} and {second:pct}",
        sought="probability that exactly one of them happens, in per cent",
        insight="two cases exclude each other: the first without the second, or the second without the first",
        steps=(
            "opposites → 100 - {first} = {not_first:pct} AND 100 - {second} = {not_second:pct}",
            "first only → {first} * {not_second} ÷ 100 = {only_first:pct}",
            "second only → {not_first} * {second} ÷ 100 = {only_second:pct}",
            "sum → {only_first} + {only_second} = {result:pct}",
        ),
        checks=(
            "both: {first} * {second} ÷ 100 = {both:pct}; neither: {not_first} * {not_second} ÷ 100 = {neither:pct}",
            "{result} + {both} + {neither} = 100, every case once",
        ),
    ),
    mistakes=(
        Mistake(
            name="both",
            says="multiplies the two probabilities, which is the case of both",
            result=lambda values: _exactly_one_workings(values)["both"],
        ),
        Mistake(
            name="at_least_one",
            says="does not exclude that both happen",
            result=lambda values: 100 - _exactly_one_workings(values)["neither"],
        ),
        Mistake(
            name="first_only",
            says="counts only the case that the first happens without the second",
            result=lambda values: _exactly_one_workings(values)["only_first"],
        ),
        Mistake(
            name="second_only",
            says="counts only the case that the second happens without the first",
            result=lambda values: _exactly_one_workings(values)["only_second"],
        ),
        Mistake(
            name="adds_the_chances",
            says="adds the two probabilities",
            result=lambda values: values["first"] + values["second"] if values["first"] + values["second"] < 100 else 0,
        ),
    ),
)
