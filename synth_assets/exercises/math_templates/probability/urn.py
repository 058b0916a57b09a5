"""Probabilities as fractions."""

from fractions import Fraction
from itertools import combinations
from math import comb, prod
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_urn(rng: Random, difficulty: str) -> Values:
    least, most, drawn = {"easy": (3, 15, (2,)), "medium": (5, 18, (2, 3)), "hard": (6, 18, (3, 4))}[difficulty]
    return {"red": rng.randint(least, most), "blue": rng.randint(least, most), "k": rng.choice(drawn)}


def _solve_urn(values: Values) -> Fraction:
    return Fraction(comb(values["red"], values["k"]), comb(values["red"] + values["blue"], values["k"]))


def _urn_workings(values: Values) -> Values:
    balls = values["red"] + values["blue"]
    factors = [Fraction(values["red"] - drawn, balls - drawn) for drawn in range(values["k"])]
    assert prod(factors) == _solve_urn(values)
    return {
        "balls": balls,
        "all": comb(balls, values["k"]),
        "good": comb(values["red"], values["k"]),
        "one": Fraction(values["red"], balls),
        "last_red": values["red"] - values["k"] + 1,
        "last_all": balls - values["k"] + 1,
    }


def _check_urn(values: Values, result: Fraction) -> bool:
    """Every selection is listed, the red balls being the first ones, and those of red balls only are counted."""
    good = total = 0
    for selection in combinations(range(values["red"] + values["blue"]), values["k"]):
        total += 1
        good += selection[-1] < values["red"]
    return result == Fraction(good, total)


URN = Template(
    id="probability.urn",
    family="probability",
    unit="fraction",
    draw=_draw_urn,
    holds=lambda values: values["k"] < values["red"],
    solve=_solve_urn,
    check=_check_urn,
    workings=_urn_workings,
    texts={
        "en": Wording(
            problems=(
                "A bag holds {red:red} and {blue:blue}. Someone draws {k:ball} at random, without putting any of them "
                "back. What is the probability that all the balls drawn are red? Give it as a fraction in lowest "
                "terms.",
                "From a box with {red:red} and {blue:blue}, {k:ball} are taken blindly and at once. What is the "
                "probability, as a fraction in lowest terms, that there is no blue one among them?",
            ),
            solution="There are C({balls}, {k}) = {all} equally likely ways to draw {k:ball} from {balls}. In "
            "C({red}, {k}) = {good} of them all the balls are red. The probability is {good} ÷ {all} = "
            "{result:fraction}.",
        ),
        "fr": Wording(
            problems=(
                "Un sac contient {red:red} et {blue:blue}. On tire au hasard {k:ball}, sans en remettre aucune. "
                "Quelle est la probabilité que toutes les boules tirées soient rouges ? Donnez-la sous forme de "
                "fraction irréductible.",
                "Dans une boîte contenant {red:red} et {blue:blue}, on prend {k:ball} à l'aveugle et en une seule "
                "fois. Quelle est la probabilité, sous forme de fraction irréductible, qu'il n'y ait aucune boule "
                "bleue parmi elles ?",
            ),
            solution="Le nombre de tirages équiprobables de {k:ball} parmi {balls} est C({balls}, {k}) = {all}. Dans "
            "C({red}, {k}) = {good} d'entre eux, toutes les boules sont rouges. La probabilité est donc {good} ÷ "
            "{all} = {result:fraction}.",
        ),
        "de": Wording(
            problems=(
                "In einem Beutel liegen {red:red} und {blue:blue}. Jemand zieht zufällig {k:ball}, ohne eine davon "
                "zurückzulegen. Wie groß ist die Wahrscheinlichkeit, dass alle gezogenen Kugeln rot sind? Gesucht ist "
                "ein vollständig gekürzter Bruch.",
                "Aus einer Schachtel mit {red:red.dat} und {blue:blue.dat} werden blind und auf einmal {k:ball} "
                "genommen. Wie groß ist, als vollständig gekürzter Bruch, die Wahrscheinlichkeit, dass keine blaue "
                "darunter ist?",
            ),
            solution="Es gibt C({balls}, {k}) = {all} gleich wahrscheinliche Möglichkeiten, {k:ball} aus {balls} zu "
            "ziehen. Bei C({red}, {k}) = {good} davon sind alle Kugeln rot. Die Wahrscheinlichkeit beträgt {good} ÷ "
            "{all} = {result:fraction}.",
        ),
        "it": Wording(
            problems=(
                "Un sacchetto contiene {red:red} e {blue:blue}. Si estraggono a caso {k:ball}, senza rimetterne "
                "dentro nessuna. Qual è la probabilità che tutte le palline estratte siano rosse? Si dia il risultato "
                "come frazione ridotta ai minimi termini.",
                "Da una scatola con {red:red} e {blue:blue} si prendono alla cieca e in una sola volta {k:ball}. Qual "
                "è la probabilità, espressa come frazione ridotta ai minimi termini, che fra di esse non ci sia "
                "nessuna pallina blu?",
            ),
            solution="I modi equiprobabili di estrarre {k:ball} da {balls} sono C({balls}, {k}) = {all}. In C({red}, "
            "{k}) = {good} di questi tutte le palline sono rosse. La probabilità è {good} ÷ {all} = "
            "{result:fraction}.",
        ),
        "es": Wording(
            problems=(
                "Una bolsa contiene {red:red} y {blue:blue}. Se sacan al azar {k:ball} sin devolver ninguna. ¿Cuál es "
                "la probabilidad de que todas las bolas extraídas sean rojas? Exprésela como fracción irreducible.",
                "De una caja con {red:red} y {blue:blue} se sacan a ciegas y de una vez {k:ball}. ¿Cuál es, en forma "
                "de fracción irreducible, la probabilidad de que no haya ninguna azul entre ellas?",
            ),
            solution="Hay C({balls}, {k}) = {all} maneras igualmente probables de sacar {k:ball} de un total de "
            "{balls}. En C({red}, {k}) = {good} de ellas todas las bolas son rojas. La probabilidad es {good} ÷ {all} "
            "= {result:fraction}.",
        ),
        "pl": Wording(
            problems=(
                "W worku umieszczono {red:red} i {blue:blue}. Losujemy z niego {k:ball.acc} bez zwracania. Jakie jest "
                "prawdopodobieństwo, że wszystkie wylosowane kule są czerwone? Wynik podaj jako ułamek nieskracalny.",
                "Pudełko zawiera {red:red} i {blue:blue}. Na ślepo i za jednym razem wyjmujemy z niego {k:ball.acc}. "
                "Jakie jest prawdopodobieństwo, zapisane jako ułamek nieskracalny, że nie ma wśród nich żadnej kuli "
                "niebieskiej?",
            ),
            solution="Liczba jednakowo prawdopodobnych sposobów wylosowania {k:ball.gen} z {balls} wynosi C({balls}, "
            "{k}) = {all}. Wyłącznie czerwone kule dają C({red}, {k}) = {good} z tych sposobów. Prawdopodobieństwo "
            "jest zatem równe {good} ÷ {all} = {result:fraction}.",
        ),
        "nl": Wording(
            problems=(
                "In een zak zitten {red:red} en {blue:blue}. Iemand trekt willekeurig {k:ball} zonder er een terug te "
                "leggen. Hoe groot is de kans dat alle getrokken ballen rood zijn? Geef de kans als een niet verder "
                "te vereenvoudigen breuk.",
                "Uit een doos met {red:red} en {blue:blue} worden blindelings en in één keer {k:ball} gepakt. Hoe "
                "groot is, als niet verder te vereenvoudigen breuk, de kans dat er geen blauwe bij is?",
            ),
            solution="Er zijn C({balls}, {k}) = {all} even waarschijnlijke manieren om {k:ball} uit {balls} te "
            "trekken. Bij C({red}, {k}) = {good} daarvan zijn alle ballen rood. De kans is {good} ÷ {all} = "
            "{result:fraction}.",
        ),
        "la": Wording(
            problems=(
                "In sacculo sunt {red:red} et {blue:blue}. Aliquis {k:ball.acc} sorte extrahit neque ullum reponit. "
                "Quae est probabilitas omnes globulos extractos rubros esse? Responde fractione, quae minui iam non "
                "possit.",
                "Ex arca, in qua sunt {red:red} et {blue:blue}, aliquis clausis oculis {k:ball.acc} simul sumit. Quae "
                "est probabilitas, fractione minima expressa, nullum caeruleum inter eos esse?",
            ),
            solution="Ex {balls:ball.abl} C({balls}, {k}) = {all} modis aeque probabilibus {k:ball} sumi possunt. Ex "
            "his modis C({red}, {k}) = {good} solos globulos rubros praebent. Ergo probabilitas est {good} ÷ {all} = "
            "{result:fraction}.",
        ),
    },
    trace=Trace(
        given="{red:red}, {blue:blue}, {k:ball} drawn without replacement",
        sought="probability that all drawn balls are red, in lowest terms",
        insight="order does not matter: count selections; favourable over possible",
        steps=(
            "balls in all → {red} + {blue} = {balls}",
            "possible selections → C({balls}, {k}) = {all}",
            "favourable selections → C({red}, {k}) = {good}",
            "probability → {good} ÷ {all} = {result:fraction}",
        ),
        checks=(
            "one by one: factors from {red} of {balls} down to {last_red} of {last_all} multiply to {result:fraction}",
            "smaller than {one:fraction}, the probability for a single ball",
        ),
    ),
    mistakes=(
        Mistake(
            name="puts_them_back",
            says="reckons as if every ball were put back",
            result=lambda values: Fraction(values["red"], values["red"] + values["blue"]) ** values["k"],
        ),
        Mistake(
            name="first_ball_only",
            says="gives the probability that a single ball is red",
            result=lambda values: Fraction(values["red"], values["red"] + values["blue"]),
        ),
        Mistake(
            name="opposite",
            says="gives the probability that not all of them are red",
            result=lambda values: 1 - _solve_urn(values),
        ),
        Mistake(
            name="takes_the_blue_ones",
            says="gives the probability that all of them are blue",
            result=lambda values: Fraction(
                comb(values["blue"], values["k"]), comb(values["red"] + values["blue"], values["k"])
            ),
        ),
        Mistake(
            name="one_ball_too_few",
            says="draws one ball fewer",
            result=lambda values: Fraction(
                comb(values["red"], values["k"] - 1), comb(values["red"] + values["blue"], values["k"] - 1)
            ),
        ),
    ),
)
