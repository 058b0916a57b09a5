"""The sum of two numbers that come up by chance, each from a range of its own."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_two_wheels(rng: Random, difficulty: str) -> Values:
    least, most = {"easy": (3, 9), "medium": (6, 16), "hard": (11, 36)}[difficulty]
    first, second = rng.randint(least, most), rng.randint(least, most)
    return {"first": first, "second": second, "total": rng.randint(3, first + second - 1)}


def _two_wheels_workings(values: Values) -> dict[str, int]:
    low = max(1, values["total"] - values["second"])
    high = min(values["first"], values["total"] - 1)
    return {
        "low": low,
        "high": high,
        "good": high - low + 1,
        "all": values["first"] * values["second"],
        "to_low": values["total"] - low,
        "to_high": values["total"] - high,
        "least": 2,
        "most": values["first"] + values["second"],
    }


def _two_wheels_holds(values: Values) -> bool:
    """Several pairs, and as many equally likely sums would be neither right nor another mistake's result."""
    workings = _two_wheels_workings(values)
    pairs_a_sum = Fraction(workings["all"], workings["most"] - 1)
    return workings["good"] >= 3 and pairs_a_sum not in (workings["good"], workings["good"] - 1)


def _solve_two_wheels(values: Values) -> Fraction:
    workings = _two_wheels_workings(values)
    return Fraction(workings["good"], workings["all"])


def _check_two_wheels(values: Values, result: Fraction) -> bool:
    """All pairs are listed."""
    pairs = [(a, b) for a in range(1, values["first"] + 1) for b in range(1, values["second"] + 1)]
    return result == Fraction(sum(1 for pair in pairs if sum(pair) == values["total"]), len(pairs))


def _below_one(numerator: int, denominator: int) -> Fraction | int:
    """A probability, or 0 where the mistake leads to none."""
    return Fraction(numerator, denominator) if numerator < denominator else 0


TWO_WHEELS = Template(
    id="probability.two_wheels",
    family="probability",
    unit="fraction",
    draw=_draw_two_wheels,
    holds=_two_wheels_holds,
    solve=_solve_two_wheels,
    check=_check_two_wheels,
    workings=_two_wheels_workings,
    texts={
        "en": Wording(
            problems=(
                "Two wheels of fortune are spun. One has {first} equal sectors numbered from 1 to {first}, the other "
                "has {second} equal sectors numbered from 1 to {second}. What is the probability, as a fraction in "
                "lowest terms, that the two numbers add up to {total}?",
                "One box holds {first} cards with the numbers from 1 to {first}, another holds {second} cards with the "
                "numbers from 1 to {second}. From each box one card is drawn at random. How likely is it that the sum "
                "of the two numbers is {total}? Give the probability as a fraction in lowest terms.",
            ),
            solution="There are {first} * {second} = {all} equally likely pairs. Whatever the first number is, the "
            "second must make it up to {total}; this is possible for every first number from {low} to {high}, and for "
            "no other. That makes {high} - {low} + 1 = {good} favourable pairs. The probability is {good} ÷ {all} = "
            "{result:fraction}.",
        ),
        "fr": Wording(
            problems=(
                "On fait tourner deux roues de loterie. L'une a {first} secteurs égaux numérotés de 1 à {first}, "
                "l'autre a {second} secteurs égaux numérotés de 1 à {second}. Quelle est la probabilité, sous forme de "
                "fraction irréductible, que la somme des deux numéros soit {total} ?",
                "Une boîte contient {first} cartes portant les nombres de 1 à {first}, une autre contient {second} "
                "cartes portant les nombres de 1 à {second}. On tire au hasard une carte de chaque boîte. Quelle est "
                "la probabilité que les deux nombres donnent ensemble {total} ? Donnez-la sous forme de fraction "
                "irréductible.",
            ),
            solution="Il y a {first} * {second} = {all} paires équiprobables. Quel que soit le premier nombre, le "
            "second doit le compléter à {total} ; c'est possible pour tout premier nombre de {low} à {high}, et pour "
            "aucun autre. Cela fait {high} - {low} + 1 = {good} paires favorables. La probabilité est de {good} ÷ "
            "{all} = {result:fraction}.",
        ),
        "de": Wording(
            problems=(
                "Zwei Glücksräder werden gedreht. Das eine hat {first} gleich große Felder mit den Nummern von 1 bis "
                "{first}, das andere {second} gleich große Felder mit den Nummern von 1 bis {second}. Wie groß ist, "
                "als vollständig gekürzter Bruch, die Wahrscheinlichkeit, dass beide Nummern zusammen {total} ergeben?",
                "In einer Schachtel liegen {first} Karten mit den Zahlen von 1 bis {first}, in einer anderen {second} "
                "Karten mit den Zahlen von 1 bis {second}. Aus jeder Schachtel wird zufällig eine Karte gezogen. Mit "
                "welcher Wahrscheinlichkeit ist die Summe der beiden Zahlen {total}? Gesucht ist ein vollständig "
                "gekürzter Bruch.",
            ),
            solution="Es gibt {first} * {second} = {all} gleich wahrscheinliche Paare. Die zweite Zahl muss die erste "
            "jeweils zu {total} ergänzen; das geht für jede erste Zahl von {low} bis {high} und für keine andere. "
            "Damit sind {high} - {low} + 1 = {good} Paare günstig. Die Wahrscheinlichkeit beträgt {good} ÷ {all} = "
            "{result:fraction}.",
        ),
        "it": Wording(
            problems=(
                "Si fanno girare due ruote della fortuna. Una ha {first} settori uguali numerati da 1 a {first}, "
                "l'altra ha {second} settori uguali numerati da 1 a {second}. Qual è la probabilità, espressa come "
                "frazione ridotta ai minimi termini, che la somma dei due numeri sia {total}?",
                "Una scatola contiene {first} carte con i numeri da 1 a {first}, un'altra contiene {second} carte con "
                "i numeri da 1 a {second}. Da ogni scatola si estrae a caso una carta. Con quale probabilità i due "
                "numeri danno insieme {total}? Si dia il risultato come frazione ridotta ai minimi termini.",
            ),
            solution="Ci sono {first} * {second} = {all} coppie equiprobabili. Qualunque sia il primo numero, il "
            "secondo deve completarlo fino a {total}; ciò è possibile per ogni primo numero da {low} a {high} e per "
            "nessun altro. Le coppie favorevoli sono dunque {high} - {low} + 1 = {good} in tutto. La probabilità è "
            "{good} ÷ {all} = {result:fraction}.",
        ),
        "es": Wording(
            problems=(
                "Se hacen girar dos ruletas. Una tiene {first} sectores iguales numerados del 1 al {first}; la otra "
                "tiene {second} sectores iguales numerados del 1 al {second}. ¿Cuál es, en forma de fracción "
                "irreducible, la probabilidad de que los dos números sumen {total}?",
                "Una caja contiene {first} tarjetas con los números del 1 al {first}; otra contiene {second} tarjetas "
                "con los números del 1 al {second}. De cada caja se saca al azar una tarjeta. ¿Con qué probabilidad la "
                "suma de los dos números es {total}? Exprésela como fracción irreducible.",
            ),
            solution="Hay {first} * {second} = {all} pares igualmente probables. Sea cual sea el primer número, el "
            "segundo tiene que completarlo hasta {total}; eso es posible para cada primer número del {low} al {high} y "
            "para ningún otro. Resultan {high} - {low} + 1 = {good} pares favorables. La probabilidad es {good} ÷ "
            "{all} = {result:fraction}.",
        ),
        "pl": Wording(
            problems=(
                "Zakręcono dwoma kołami fortuny. Pierwsze ma {first:nat_field} tej samej wielkości z numerami od 1 do "
                "{first}, drugie też ma równe pola, a na nich numery od 1 do {second}, czyli {second:nat_field}. Jakie "
                "jest prawdopodobieństwo, zapisane jako ułamek nieskracalny, że suma obu numerów jest równa {total}?",
                "Pierwsze pudełko zawiera karty z liczbami od 1 do {first}, razem {first:nat_card}, drugie karty z "
                "liczbami od 1 do {second}, razem {second:nat_card}. Z każdego pudełka losujemy jedną kartę. Z jakim "
                "prawdopodobieństwem obie liczby dadzą razem {total}? Wynik podaj jako ułamek nieskracalny.",
            ),
            solution="Liczba jednakowo prawdopodobnych par wynosi {first} * {second} = {all}. Jakakolwiek jest "
            "pierwsza liczba, druga musi ją uzupełnić do {total}; jest to możliwe dla każdej pierwszej liczby od {low} "
            "do {high} i dla żadnej innej. Sprzyja więc temu {high} - {low} + 1 = {good} z tych par. "
            "Prawdopodobieństwo jest równe {good} ÷ {all} = {result:fraction}.",
        ),
        "nl": Wording(
            problems=(
                "Er wordt aan twee raderen van fortuin gedraaid. Het ene heeft {first} gelijke vakken, genummerd van 1 "
                "tot en met {first}, het andere {second} gelijke vakken, genummerd van 1 tot en met {second}. Hoe "
                "groot is, als niet verder te vereenvoudigen breuk, de kans dat de twee nummers samen {total} zijn?",
                "In een doos zitten {first} kaarten met de getallen van 1 tot en met {first}, in een andere {second} "
                "kaarten met de getallen van 1 tot en met {second}. Uit elke doos wordt willekeurig één kaart "
                "getrokken. Hoe groot is de kans dat de som van de twee getallen {total} is? Geef de kans als een niet "
                "verder te vereenvoudigen breuk.",
            ),
            solution="Er zijn {first} * {second} = {all} even waarschijnlijke paren. Wat het eerste getal ook is, het "
            "tweede moet het aanvullen tot {total}; dat kan bij elk eerste getal van {low} tot en met {high} en bij "
            "geen ander. Dat geeft {high} - {low} + 1 = {good} gunstige paren. De kans is {good} ÷ {all} = "
            "{result:fraction}.",
        ),
        "la": Wording(
            problems=(
                "Duae rotae fortunae versantur. Altera {first} partes aequales habet, numeris ab 1 usque ad {first} "
                "notatas, altera {second} partes aequales, numeris ab 1 usque ad {second} notatas. Quae est "
                "probabilitas, fractione minima expressa, duos numeros simul {total} efficere?",
                "In una arca sunt {first} chartae, numeris ab 1 usque ad {first} inscriptae, in altera {second} "
                "chartae, numeris ab 1 usque ad {second} inscriptae. Ex utraque arca una charta sorte extrahitur. Quae "
                "est probabilitas summam duorum numerorum esse {total}? Responde fractione, quae minui iam non possit.",
            ),
            solution="Paria aeque probabilia sunt {first} * {second} = {all} omnino. Quicumque est prior numerus, "
            "alter eum ad {total} complere debet; quod fieri potest, si prior est inter {low} et {high}, his ipsis "
            "inclusis, aliter non potest. Sunt igitur {high} - {low} + 1 = {good} paria idonea. Probabilitas est "
            "{good} ÷ {all} = {result:fraction}.",
        ),
    },
    trace=Trace(
        given="one number from 1 to {first}, one from 1 to {second}, all pairs equally likely",
        sought="probability of the sum {total}, in lowest terms",
        insight="the first number settles the second, so count the first numbers whose partner exists",
        steps=(
            "all pairs → {first} * {second} = {all}",
            "least first number → {low}, with partner {total} - {low} = {to_low}",
            "greatest first number → {high}, with partner {total} - {high} = {to_high}",
            "favourable → {high} - {low} + 1 = {good}",
            "probability → {good} ÷ {all} = {result:fraction}",
        ),
        checks=(
            "both partners, {to_low} and {to_high}, lie between 1 and {second}",
            "{total} lies between the least sum {least} and the greatest {most}",
        ),
    ),
    mistakes=(
        Mistake(
            name="takes_sums_as_equally_likely",
            says="takes all the possible sums as equally likely",
            result=lambda values: Fraction(1, values["first"] + values["second"] - 1),
        ),
        Mistake(
            name="counts_one_too_few",
            says="subtracts without adding one and so misses a pair",
            result=lambda values: Fraction(
                _two_wheels_workings(values)["good"] - 1, _two_wheels_workings(values)["all"]
            ),
        ),
        Mistake(
            name="adds_the_numbers_of_cases",
            says="divides by the sum of the two numbers of cases and not by their product",
            result=lambda values: _below_one(_two_wheels_workings(values)["good"], values["first"] + values["second"]),
        ),
        Mistake(
            name="forgets_the_limits",
            says="counts every way to write the sum, even with numbers that do not come up",
            result=lambda values: _below_one(values["total"] - 1, _two_wheels_workings(values)["all"]),
        ),
        Mistake(
            name="forgets_the_order",
            says="takes a pair and its reverse for one",
            result=lambda values: Fraction(
                (_two_wheels_workings(values)["good"] + 1) // 2, _two_wheels_workings(values)["all"]
            ),
        ),
    ),
)
