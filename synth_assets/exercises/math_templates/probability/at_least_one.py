"""At least one success in several independent tries."""

from fractions import Fraction
from itertools import product
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_at_least_one(rng: Random, difficulty: str) -> Values:
    least, most, tries = {"easy": (5, 16, (2,)), "medium": (5, 16, (3,)), "hard": (5, 12, (4, 5))}[difficulty]
    lots = rng.randint(least, most)
    return {"lots": lots, "winning": rng.randint(2, lots - 2), "tries": rng.choice(tries)}


def _at_least_one_workings(values: Values) -> dict[str, int | Fraction]:
    blanks, lots, tries = values["lots"] - values["winning"], values["lots"], values["tries"]
    return {
        "blanks": blanks,
        "all_blank": blanks**tries,
        "all": lots**tries,
        "none": Fraction(blanks, lots) ** tries,
        "one": Fraction(values["winning"], lots),
        "one_blank": Fraction(blanks, lots),
        "good": lots**tries - blanks**tries,
    }


def _at_least_one_holds(values: Values) -> bool:
    """Not half of the lots: then a miss is as likely as a win, and mistakes lead to one result."""
    return 2 <= values["winning"] <= values["lots"] - 2 and 2 * values["winning"] != values["lots"]


def _solve_at_least_one(values: Values) -> Fraction:
    return 1 - Fraction(values["lots"] - values["winning"], values["lots"]) ** values["tries"]


def _check_at_least_one(values: Values, result: Fraction) -> bool:
    """Sums over all sequences of hits and misses that contain a hit."""
    win = Fraction(values["winning"], values["lots"])
    chance = Fraction(0)
    for hits in product((True, False), repeat=values["tries"]):
        if any(hits):
            chance += win ** sum(hits) * (1 - win) ** (values["tries"] - sum(hits))
    return result == chance


def _exactly_one(values: Values) -> Fraction:
    win = Fraction(values["winning"], values["lots"])
    return values["tries"] * win * (1 - win) ** (values["tries"] - 1)


def _sum_of_chances(values: Values) -> Fraction | int:
    """0 where it is no probability any more."""
    chances = values["tries"] * Fraction(values["winning"], values["lots"])
    return chances if chances < 1 else 0


AT_LEAST_ONE = Template(
    id="probability.at_least_one",
    family="probability",
    unit="fraction",
    draw=_draw_at_least_one,
    holds=_at_least_one_holds,
    solve=_solve_at_least_one,
    check=_check_at_least_one,
    workings=_at_least_one_workings,
    texts={
        "en": Wording(
            problems=(
                "A wheel of fortune has {lots} equal sectors, of which {winning} bring a prize. Mia spins it {tries} "
                "times. What is the probability, as a fraction in lowest terms, that she wins at least one prize?",
                "In a drum there are {lots} tickets, {winning} of which win. One after another, {tries} people draw a "
                "ticket at random, look at it and put it back. What is the probability that at least one of them draws "
                "a winning ticket? Give it as a fraction in lowest terms.",
            ),
            solution="It is easier to find the probability that there is no win at all. In one try, {lots} - {winning} "
            "= {blanks} of {lots} outcomes are blanks; in {tries} independent tries, {blanks}{tries:power} = "
            "{all_blank} of {lots}{tries:power} = {all} outcomes are blanks only. The probability of at least one win "
            "is therefore ({all} - {all_blank}) ÷ {all} = {result:fraction}.",
        ),
        "fr": Wording(
            problems=(
                "Une roue de loterie a {lots} secteurs égaux, dont {winning} font gagner un lot. Mia la fait tourner "
                "{tries} fois. Quelle est la probabilité, sous forme de fraction irréductible, qu'elle gagne au moins "
                "un lot ?",
                "Dans un tambour se trouvent {lots} billets, dont {winning} sont gagnants. L'une après l'autre, "
                "{tries} personnes tirent au hasard un billet, le regardent et le remettent. Quelle est la probabilité "
                "qu'au moins l'une d'elles tire un billet gagnant ? Donnez-la sous forme de fraction irréductible.",
            ),
            solution="Il est plus facile de trouver la probabilité de ne rien gagner du tout. En un essai, {lots} - "
            "{winning} = {blanks} issues sur {lots} sont perdantes ; en {tries} essais indépendants, "
            "{blanks}{tries:power} = {all_blank} issues sur {lots}{tries:power} = {all} ne comptent que des échecs. La "
            "probabilité de gagner au moins une fois est donc ({all} - {all_blank}) ÷ {all} = {result:fraction}.",
        ),
        "de": Wording(
            problems=(
                "Ein Glücksrad hat {lots} gleich große Felder, von denen {winning} einen Gewinn bringen. Mia dreht es "
                "{tries}-mal. Wie groß ist, als vollständig gekürzter Bruch, die Wahrscheinlichkeit, dass sie "
                "mindestens einmal gewinnt?",
                "In einer Trommel liegen {lots} Lose, von denen {winning} gewinnen. Nacheinander ziehen {tries} "
                "Personen zufällig ein Los, sehen es an und legen es zurück. Wie groß ist die Wahrscheinlichkeit, dass "
                "mindestens eine von ihnen ein Gewinnlos zieht? Gesucht ist ein vollständig gekürzter Bruch.",
            ),
            solution="Leichter findet man die Wahrscheinlichkeit, dass es gar keinen Gewinn gibt. Bei einem Versuch "
            "sind {lots} - {winning} = {blanks} von {lots} Ergebnissen Nieten; bei {tries} unabhängigen Versuchen "
            "bestehen {blanks}{tries:power} = {all_blank} von {lots}{tries:power} = {all} Ergebnissen nur aus Nieten. "
            "Die Wahrscheinlichkeit für mindestens einen Gewinn beträgt also ({all} - {all_blank}) ÷ {all} = "
            "{result:fraction}.",
        ),
        "it": Wording(
            problems=(
                "Una ruota della fortuna ha {lots} settori uguali, di cui {winning} fanno vincere un premio. Mia la fa "
                "girare {tries} volte. Qual è la probabilità, espressa come frazione ridotta ai minimi termini, che "
                "vinca almeno un premio?",
                "In un'urna ci sono {lots} biglietti, di cui {winning} sono vincenti. Una dopo l'altra, {tries} "
                "persone estraggono a caso un biglietto, lo guardano e lo rimettono dentro. Qual è la probabilità che "
                "almeno una di loro estragga un biglietto vincente? Si dia il risultato come frazione ridotta ai "
                "minimi termini.",
            ),
            solution="È più facile trovare la probabilità che non si vinca affatto. In una prova sono perdenti {lots} "
            "- {winning} = {blanks} esiti su {lots}; in {tries} prove indipendenti, {blanks}{tries:power} = "
            "{all_blank} esiti su {lots}{tries:power} = {all} sono fatti di sole perdite. La probabilità di vincere "
            "almeno una volta è dunque ({all} - {all_blank}) ÷ {all} = {result:fraction}.",
        ),
        "es": Wording(
            problems=(
                "Una ruleta tiene {lots} sectores iguales, de los cuales {winning} dan un premio. Marta la hace girar "
                "{tries} veces. ¿Cuál es, en forma de fracción irreducible, la probabilidad de que gane al menos un "
                "premio?",
                "En un bombo hay {lots} boletos, de los cuales {winning} están premiados. Una tras otra, {tries} "
                "personas sacan al azar un boleto, lo miran y lo devuelven. ¿Cuál es la probabilidad de que al menos "
                "una de ellas saque un boleto premiado? Exprésela como fracción irreducible.",
            ),
            solution="Es más fácil hallar la probabilidad de que no haya ningún premio. En un intento, {lots} - "
            "{winning} = {blanks} de los {lots} resultados no tienen premio; en {tries} intentos independientes, "
            "{blanks}{tries:power} = {all_blank} de los {lots}{tries:power} = {all} resultados constan solo de fallos. "
            "La probabilidad de ganar al menos una vez es, por tanto, ({all} - {all_blank}) ÷ {all} = "
            "{result:fraction}.",
        ),
        "pl": Wording(
            problems=(
                "Koło fortuny podzielono na {lots} równych pól, a liczba pól wygrywających wynosi {winning}. Mia kręci "
                "nim {tries} razy. Jakie jest prawdopodobieństwo, zapisane jako ułamek nieskracalny, że wygra co "
                "najmniej raz?",
                "W bębnie umieszczono losy w liczbie {lots}, wśród nich wygrywające w liczbie {winning}. Losowanie "
                "powtarza się {tries} razy: za każdym razem inna osoba wyciąga na ślepo jeden los, ogląda go i wrzuca "
                "z powrotem. Jakie jest prawdopodobieństwo, że co najmniej jedna z nich wyciągnie los wygrywający? "
                "Wynik podaj jako ułamek nieskracalny.",
            ),
            solution="Łatwiej znaleźć prawdopodobieństwo, że nie będzie żadnej wygranej. W jednej próbie pustych jest "
            "{lots} - {winning} = {blanks} z {lots} możliwości; gdy niezależna próba powtarza się {tries} razy, z "
            "samych pustych składa się {blanks}{tries:power} = {all_blank} z {lots}{tries:power} = {all} możliwości. "
            "Prawdopodobieństwo co najmniej jednej wygranej wynosi zatem ({all} - {all_blank}) ÷ {all} = "
            "{result:fraction}.",
        ),
        "nl": Wording(
            problems=(
                "Een rad van fortuin heeft {lots} gelijke vakken, waarvan er {winning} een prijs opleveren. Mia draait "
                "er {tries} keer aan. Hoe groot is, als niet verder te vereenvoudigen breuk, de kans dat ze ten minste "
                "één prijs wint?",
                "In een trommel zitten {lots} loten, waarvan er {winning} winnen. Een voor een trekken {tries} mensen "
                "willekeurig een lot, bekijken het en leggen het terug. Hoe groot is de kans dat ten minste één van "
                "hen een winnend lot trekt? Geef de kans als een niet verder te vereenvoudigen breuk.",
            ),
            solution="Het is gemakkelijker om de kans te vinden dat er helemaal niets wordt gewonnen. Bij één poging "
            "zijn {lots} - {winning} = {blanks} van de {lots} uitkomsten nieten; bij {tries} onafhankelijke pogingen "
            "bestaan {blanks}{tries:power} = {all_blank} van de {lots}{tries:power} = {all} uitkomsten alleen uit "
            "nieten. De kans op ten minste één prijs is dus ({all} - {all_blank}) ÷ {all} = {result:fraction}.",
        ),
        "la": Wording(
            problems=(
                "Rota fortunae {lots} partes aequales habet, ex quibus {winning} praemium afferunt. Livia eam {tries} "
                "vicibus versat. Quae est probabilitas, fractione minima expressa, eam saltem semel praemium accipere?",
                "In urna sunt {lots} sortes, ex quibus {winning} praemium afferunt. Deinceps {tries} homines singuli "
                "sortem caeco casu trahunt, inspiciunt, reponunt. Quae est probabilitas saltem unum eorum sortem "
                "felicem trahere? Responde fractione, quae minui iam non possit.",
            ),
            solution="Facilius est probabilitatem invenire nullum praemium accipi. In uno experimento ex {lots} "
            "casibus {lots} - {winning} = {blanks} inanes sunt; si experimentum {tries} vicibus repetitur, ex "
            "{lots}{tries:power} = {all} casibus {blanks}{tries:power} = {all_blank} ex solis inanibus constant. "
            "Probabilitas igitur saltem unius praemii est ({all} - {all_blank}) ÷ {all} = {result:fraction}.",
        ),
    },
    trace=Trace(
        given="{winning} of {lots} outcomes win, {tries} independent tries",
        sought="probability of at least one win, in lowest terms",
        insight="'at least one' is the opposite of 'none', and 'none' is a plain product",
        steps=(
            "blanks in one try → {lots} - {winning} = {blanks} of {lots}",
            "none in {tries} tries → {blanks}{tries:power} of {lots}{tries:power} = {all_blank} of {all}",
            "at least one → ({all} - {all_blank}) ÷ {all} = {good} ÷ {all} = {result:fraction}",
        ),
        checks=(
            "{result:fraction} + {none:fraction} = 1, one of the two must happen",
            "more than {one:fraction}, the probability of a win in a single try",
        ),
    ),
    mistakes=(
        Mistake(
            name="no_win",
            says="gives the probability of no win at all",
            result=lambda values: Fraction(values["lots"] - values["winning"], values["lots"]) ** values["tries"],
        ),
        Mistake(
            name="every_time",
            says="gives the probability of a win every time",
            result=lambda values: Fraction(values["winning"], values["lots"]) ** values["tries"],
        ),
        Mistake(
            name="exactly_one",
            says="gives the probability of exactly one win",
            result=_exactly_one,
        ),
        Mistake(
            name="adds_the_chances",
            says="adds the probabilities of the single tries",
            result=_sum_of_chances,
        ),
        Mistake(
            name="single_try",
            says="gives the probability of a win in one try",
            result=lambda values: Fraction(values["winning"], values["lots"]),
        ),
    ),
)
