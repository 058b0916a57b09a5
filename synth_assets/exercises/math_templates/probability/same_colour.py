"""Two of one colour, drawn without replacement from three colours."""

from fractions import Fraction
from math import comb
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording

_COLOURS = ("red", "blue", "green")


def _draw_same_colour(rng: Random, difficulty: str) -> Values:
    least, most = {"easy": (3, 9), "medium": (5, 15), "hard": (9, 32)}[difficulty]
    return {colour: rng.randint(least, most) for colour in _COLOURS}


def _same_colour_workings(values: Values) -> dict[str, int]:
    red, blue, green = (comb(values[colour], 2) for colour in _COLOURS)
    total = sum(values[colour] for colour in _COLOURS)
    unlike = values["red"] * values["blue"] + (values["red"] + values["blue"]) * values["green"]
    return {
        "total": total,
        "all": comb(total, 2),
        "two_red": red,
        "two_blue": blue,
        "two_green": green,
        "good": red + blue + green,
        "unlike": unlike,
    }


def _same_colour_holds(values: Values) -> bool:
    """Of one colour is not as likely as of two."""
    workings = _same_colour_workings(values)
    return workings["good"] != workings["unlike"]


def _solve_same_colour(values: Values) -> Fraction:
    workings = _same_colour_workings(values)
    return Fraction(workings["good"], workings["all"])


def _check_same_colour(values: Values, result: Fraction) -> bool:
    """One after the other: whatever the first one is, the second is another one of its colour."""
    total = sum(values[colour] for colour in _COLOURS)
    return result == sum(Fraction(values[each], total) * Fraction(values[each] - 1, total - 1) for each in _COLOURS)


def _put_back(values: Values) -> Fraction:
    total = sum(values[colour] for colour in _COLOURS)
    return Fraction(sum(values[colour] ** 2 for colour in _COLOURS), total**2)


SAME_COLOUR = Template(
    id="probability.same_colour",
    family="probability",
    unit="fraction",
    draw=_draw_same_colour,
    holds=_same_colour_holds,
    solve=_solve_same_colour,
    check=_check_same_colour,
    workings=_same_colour_workings,
    texts={
        "en": Wording(
            problems=(
                "In a dark room, someone takes two socks at random out of a drawer with {red} red, {blue} blue and "
                "{green} green socks. What is the probability, as a fraction in lowest terms, that both have the same "
                "colour?",
                "A box contains ribbons: {red} of them are red, {blue} are blue and {green} are green. Two are pulled "
                "out blindly at the same time. How likely is it that they match in colour? Give the probability as a "
                "fraction in lowest terms.",
            ),
            solution="Two can be taken out of {red} + {blue} + {green} = {total} in C({total}, 2) = {all} equally "
            "likely ways. Both are red in {two_red} of them, both blue in {two_blue} and both green in {two_green} "
            "ways. That makes {two_red} + {two_blue} + {two_green} = {good} favourable ways. The probability is {good} "
            "÷ {all} = {result:fraction}.",
        ),
        "fr": Wording(
            problems=(
                "Dans l'obscurité, quelqu'un prend au hasard deux chaussettes dans un tiroir qui en contient {red} "
                "rouges, {blue} bleues et {green} vertes. Quelle est la probabilité, sous forme de fraction "
                "irréductible, qu'elles soient toutes deux de la même couleur ?",
                "Une boîte contient des bobines de fil : {red} sont rouges, {blue} sont bleues et {green} sont vertes. "
                "On en tire deux à l'aveugle et en même temps. Quelle est la probabilité que leurs couleurs soient "
                "identiques ? Donnez-la sous forme de fraction irréductible.",
            ),
            solution="Il y a C({total}, 2) = {all} façons équiprobables d'en prendre deux parmi {red} + {blue} + "
            "{green} = {total} en tout. Les deux sont rouges dans {two_red} cas, bleues dans {two_blue} cas et vertes "
            "dans {two_green} cas. Cela fait {two_red} + {two_blue} + {two_green} = {good} cas favorables. La "
            "probabilité est de {good} ÷ {all} = {result:fraction}.",
        ),
        "de": Wording(
            problems=(
                "Im Dunkeln nimmt jemand zufällig zwei Socken aus einer Schublade mit {red} roten, {blue} blauen und "
                "{green} grünen Socken. Wie groß ist, als vollständig gekürzter Bruch, die Wahrscheinlichkeit, dass "
                "beide dieselbe Farbe haben?",
                "In einer Schachtel liegen Bänder: {red} davon sind rot, {blue} sind blau und {green} sind grün. Zwei "
                "werden blind und gleichzeitig herausgezogen. Mit welcher Wahrscheinlichkeit stimmen sie in der Farbe "
                "überein? Gesucht ist ein vollständig gekürzter Bruch.",
            ),
            solution="Zwei aus {red} + {blue} + {green} = {total} lassen sich auf C({total}, 2) = {all} gleich "
            "wahrscheinliche Arten auswählen. Bei {two_red} davon sind beide rot, bei {two_blue} beide blau und bei "
            "{two_green} beide grün. Das sind {two_red} + {two_blue} + {two_green} = {good} günstige Fälle. Die "
            "Wahrscheinlichkeit beträgt {good} ÷ {all} = {result:fraction}.",
        ),
        "it": Wording(
            problems=(
                "Al buio qualcuno prende a caso due calze da un cassetto che ne contiene {red} rosse, {blue} blu e "
                "{green} verdi. Qual è la probabilità, espressa come frazione ridotta ai minimi termini, che siano "
                "entrambe dello stesso colore?",
                "Una scatola contiene delle matite: {red} sono rosse, {blue} sono blu e {green} sono verdi. Se ne "
                "estraggono due alla cieca e insieme. Con quale probabilità hanno lo stesso colore? Si dia il "
                "risultato come frazione ridotta ai minimi termini.",
            ),
            solution="Due oggetti su {red} + {blue} + {green} = {total} si possono prendere in C({total}, 2) = {all} "
            "modi equiprobabili. In {two_red} di questi entrambi sono rossi, in {two_blue} blu e in {two_green} verdi. "
            "I casi favorevoli sono {two_red} + {two_blue} + {two_green} = {good} in tutto. La probabilità è {good} ÷ "
            "{all} = {result:fraction}.",
        ),
        "es": Wording(
            problems=(
                "A oscuras, alguien saca al azar dos calcetines de un cajón en el que hay {red} rojos, {blue} azules y "
                "{green} verdes. ¿Cuál es, en forma de fracción irreducible, la probabilidad de que ambos sean del "
                "mismo color?",
                "Una caja contiene lápices: {red} son rojos, {blue} son azules y {green} son verdes. Se sacan dos a "
                "ciegas y a la vez. ¿Con qué probabilidad coinciden en el color? Exprésela como fracción irreducible.",
            ),
            solution="Hay C({total}, 2) = {all} maneras igualmente probables de sacar dos de un total de {red} + "
            "{blue} + {green} = {total} objetos. En {two_red} de ellas los dos son rojos, en {two_blue} son azules y "
            "en {two_green} son verdes. Resultan {two_red} + {two_blue} + {two_green} = {good} casos favorables. La "
            "probabilidad es {good} ÷ {all} = {result:fraction}.",
        ),
        "pl": Wording(
            problems=(
                "W szufladzie leżą skarpetki w trzech kolorach. Liczba czerwonych wynosi {red}, niebieskich {blue}, a "
                "zielonych {green}. Ktoś po ciemku wyjmuje losowo dwie skarpetki. Jakie jest prawdopodobieństwo, "
                "zapisane jako ułamek nieskracalny, że obie są tego samego koloru?",
                "Pudełko zawiera wstążki: {red:nat_red_one}, {blue:nat_blue_one} i {green:nat_green_one}. Na ślepo i "
                "jednocześnie wyciągamy z niego dwie. Z jakim prawdopodobieństwem mają one jednakowy kolor? Wynik "
                "podaj jako ułamek nieskracalny.",
            ),
            solution="Dwie spośród {red} + {blue} + {green} = {total} można wybrać na C({total}, 2) = {all} jednakowo "
            "prawdopodobnych sposobów. Liczba par czerwonych wynosi {two_red}, niebieskich {two_blue}, a zielonych "
            "{two_green}. Sprzyja więc temu {two_red} + {two_blue} + {two_green} = {good} z tych sposobów. "
            "Prawdopodobieństwo jest równe {good} ÷ {all} = {result:fraction}.",
        ),
        "nl": Wording(
            problems=(
                "In het donker pakt iemand willekeurig twee sokken uit een la met {red} rode, {blue} blauwe en {green} "
                "groene sokken. Hoe groot is, als niet verder te vereenvoudigen breuk, de kans dat ze allebei dezelfde "
                "kleur hebben?",
                "In een doos liggen linten: {red} ervan zijn rood, {blue} zijn blauw en {green} zijn groen. Er worden "
                "er blindelings twee tegelijk uitgetrokken. Hoe groot is de kans dat hun kleuren overeenkomen? Geef de "
                "kans als een niet verder te vereenvoudigen breuk.",
            ),
            solution="Uit {red} + {blue} + {green} = {total} kun je er op C({total}, 2) = {all} even waarschijnlijke "
            "manieren twee kiezen. Bij {two_red} daarvan zijn beide rood, bij {two_blue} beide blauw en bij "
            "{two_green} beide groen. Dat zijn {two_red} + {two_blue} + {two_green} = {good} gunstige gevallen. De "
            "kans is {good} ÷ {all} = {result:fraction}.",
        ),
        "la": Wording(
            problems=(
                "In tenebris aliquis duo tibialia temere sumit ex arca, in qua sunt {red} rubra, {blue} caerulea, "
                "{green} viridia. Quae est probabilitas, fractione minima expressa, utrumque eiusdem coloris esse?",
                "In capsa sunt vittae, ex quibus {red} rubrae sunt, {blue} caeruleae, {green} virides. Duae simul "
                "clausis oculis extrahuntur. Quae est probabilitas colores earum congruere? Responde fractione, quae "
                "minui iam non possit.",
            ),
            solution="Ex {red} + {blue} + {green} = {total} par sumi potest C({total}, 2) = {all} modis aeque "
            "probabilibus. Ex his modis {two_red} par rubrum praebent, {two_blue} par caeruleum, {two_green} par "
            "viride. Sunt igitur {two_red} + {two_blue} + {two_green} = {good} modi idonei. Probabilitas est {good} ÷ "
            "{all} = {result:fraction}.",
        ),
    },
    trace=Trace(
        given="{red} red, {blue} blue and {green} green things, two drawn without replacement",
        sought="probability that both have one colour, in lowest terms",
        insight="three cases that exclude one another: count the pairs within each colour and add",
        steps=(
            "all pairs → C({total}, 2) = {all}",
            "red pairs → C({red}, 2) = {two_red}",
            "blue and green pairs → C({blue}, 2) = {two_blue} AND C({green}, 2) = {two_green}",
            "favourable → {two_red} + {two_blue} + {two_green} = {good}",
            "probability → {good} ÷ {all} = {result:fraction}",
        ),
        checks=(
            "pairs of two colours: {red} * {blue} + {red} * {green} + {blue} * {green} = {unlike}",
            "{good} + {unlike} = {all}, every pair is counted once",
        ),
    ),
    mistakes=(
        Mistake(
            name="puts_it_back",
            says="reckons as if the first one were put back",
            result=_put_back,
        ),
        Mistake(
            name="different_colours",
            says="gives the probability of two different colours",
            result=lambda values: 1 - _solve_same_colour(values),
        ),
        Mistake(
            name="counts_ordered_pairs",
            says="counts the possible pairs in order but the favourable ones without",
            result=lambda values: _solve_same_colour(values) / 2,
        ),
        Mistake(
            name="red_only",
            says="counts red pairs only",
            result=lambda values: Fraction(
                _same_colour_workings(values)["two_red"], _same_colour_workings(values)["all"]
            ),
        ),
        Mistake(
            name="one_colour_in_three",
            says="gives a third, as there are three colours to match",
            result=lambda values: Fraction(1, 3),
        ),
    ),
)
