"""How many numbers of a range one of two divisors divides: counting without counting twice."""

from fractions import Fraction
from math import lcm
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_multiples(rng: Random, difficulty: str) -> Values:
    first_most, span, divisor_least, divisor_most = {
        "easy": (60, 150, 3, 9),
        "medium": (400, 500, 4, 15),
        "hard": (1500, 1800, 8, 36),
    }[difficulty]
    low = rng.randint(11, first_most)
    a, b = sorted(rng.randint(divisor_least, divisor_most) for _ in range(2))
    return {"low": low, "high": low + rng.randint(span // 3, span), "a": a, "b": b}


def _multiples_workings(values: Values) -> Values:
    before, high = values["low"] - 1, values["high"]
    workings: dict[str, int] = {"before": before, "ab": lcm(values["a"], values["b"])}
    for name, divisor in (("a", values["a"]), ("b", values["b"]), ("both", workings["ab"])):
        workings |= {
            f"{name}_to_high": high // divisor,
            f"{name}_before": before // divisor,
            f"of_{name}": high // divisor - before // divisor,
        }
    return workings | {
        "only_a": workings["of_a"] - workings["of_both"],
        "only_b": workings["of_b"] - workings["of_both"],
    }


def _solve_multiples(values: Values) -> int:
    workings = _multiples_workings(values)
    return workings["of_a"] + workings["of_b"] - workings["of_both"]


def _multiples_holds(values: Values) -> bool:
    workings = _multiples_workings(values)
    # neither divisor is a multiple of the other, and some numbers are divisible by both
    return values["a"] < values["b"] < workings["ab"] and workings["of_both"] >= 2 and workings["only_b"] >= 2


def _check_multiples(values: Values, result: Fraction) -> bool:
    """Number after number is tried."""
    numbers = range(values["low"], values["high"] + 1)
    return result == sum(1 for number in numbers if number % values["a"] == 0 or number % values["b"] == 0)


MULTIPLES = Template(
    id="divisibility.multiples",
    family="divisibility",
    unit="",
    draw=_draw_multiples,
    holds=_multiples_holds,
    solve=_solve_multiples,
    check=_check_multiples,
    workings=_multiples_workings,
    texts={
        "en": Wording(
            problems=(
                "How many of the whole numbers from {low} to {high}, both included, are divisible by {a} or by {b}, or "
                "by both?",
                "The lockers of a swimming pool are numbered from {low} to {high}. Every locker whose number is a "
                "multiple of {a} gets a new lock, and every locker whose number is a multiple of {b} gets a new door. "
                "How many lockers get anything new?",
            ),
            solution="The multiples of {a} up to {high}, less those below {low}, number {a_to_high} - {a_before} = "
            "{of_a}, and for {b} the same count gives {b_to_high} - {b_before} = {of_b}. Numbers divisible by both, "
            "that is by {ab}, have been counted twice. There are {both_to_high} - {both_before} = {of_both} of these, "
            "so the number sought is {of_a} + {of_b} - {of_both} = {result}.",
        ),
        "fr": Wording(
            problems=(
                "Combien de nombres entiers de {low} à {high}, ces deux nombres compris, sont divisibles par {a} ou "
                "par {b}, ou par les deux ?",
                "Les casiers d'une piscine sont numérotés de {low} à {high}. Tout casier dont le numéro est un "
                "multiple de {a} reçoit une nouvelle serrure, et tout casier dont le numéro est un multiple de {b} une "
                "nouvelle porte. Combien de casiers reçoivent quelque chose de neuf ?",
            ),
            solution="Le nombre de multiples de {a} jusqu'à {high}, diminué du nombre de ceux qui sont inférieurs à "
            "{low}, est {a_to_high} - {a_before} = {of_a}. De même, le nombre de multiples de {b} est {b_to_high} - "
            "{b_before} = {of_b}, mais ceux qui sont divisibles par les deux nombres, c'est-à-dire par {ab}, ont été "
            "comptés deux fois. Leur nombre est {both_to_high} - {both_before} = {of_both}, et le résultat est donc "
            "{of_a} + {of_b} - {of_both} = {result}.",
        ),
        "de": Wording(
            problems=(
                "Wie viele der ganzen Zahlen von {low} bis {high}, diese beiden eingeschlossen, sind durch {a} oder "
                "durch {b} oder durch beide teilbar?",
                "Die Schließfächer eines Schwimmbads sind von {low} bis {high} nummeriert. Jedes Fach, dessen Nummer "
                "ein Vielfaches von {a} ist, bekommt ein neues Schloss, und jedes, dessen Nummer ein Vielfaches von "
                "{b} ist, eine neue Tür. Wie viele Fächer bekommen etwas Neues?",
            ),
            solution="Zieht man von der Anzahl der Vielfachen von {a} bis {high} die derjenigen unterhalb von {low} "
            "ab, so bleiben {a_to_high} - {a_before} = {of_a}, und für {b} ergibt die gleiche Zählung {b_to_high} - "
            "{b_before} = {of_b}. Die Zahlen, die durch beide, also durch {ab} teilbar sind, wurden doppelt gezählt. "
            "Davon gibt es {both_to_high} - {both_before} = {of_both}, und die gesuchte Anzahl ist {of_a} + {of_b} - "
            "{of_both} = {result}.",
        ),
        "it": Wording(
            problems=(
                "Quanti dei numeri interi da {low} a {high}, compresi questi due, sono divisibili per {a} o per {b} o "
                "per entrambi?",
                "Gli armadietti di una piscina sono numerati da {low} a {high}. Ogni armadietto il cui numero è "
                "multiplo di {a} riceve una serratura nuova e ogni armadietto il cui numero è multiplo di {b} riceve "
                "uno sportello nuovo. Quanti armadietti ricevono qualcosa di nuovo?",
            ),
            solution="Il numero dei multipli di {a} fino a {high}, tolti quelli minori di {low}, è {a_to_high} - "
            "{a_before} = {of_a}. Allo stesso modo i multipli di {b} sono {b_to_high} - {b_before} = {of_b}, ma quelli "
            "divisibili per entrambi, cioè per {ab}, sono stati contati due volte. Il loro numero è {both_to_high} - "
            "{both_before} = {of_both} e il numero cercato è dunque {of_a} + {of_b} - {of_both} = {result}.",
        ),
        "es": Wording(
            problems=(
                "¿Cuántos de los números enteros del {low} al {high}, ambos incluidos, son divisibles por {a} o por "
                "{b}, o por los dos?",
                "Las taquillas de una piscina están numeradas del {low} al {high}. Cada taquilla cuyo número es "
                "múltiplo de {a} recibe una cerradura nueva, y cada taquilla cuyo número es múltiplo de {b}, una "
                "puerta nueva. ¿Cuántas taquillas reciben algo nuevo?",
            ),
            solution="El número de múltiplos de {a} hasta {high}, descontados los menores que {low}, es {a_to_high} - "
            "{a_before} = {of_a}. Del mismo modo, los múltiplos de {b} son {b_to_high} - {b_before} = {of_b}, pero los "
            "divisibles por los dos, es decir, por {ab}, se han contado dos veces. Su número es {both_to_high} - "
            "{both_before} = {of_both}, así que el número buscado es {of_a} + {of_b} - {of_both} = {result}.",
        ),
        "pl": Wording(
            problems=(
                "Ile liczb całkowitych od {low} do {high} włącznie dzieli się przez {a} lub przez {b}, lub przez obie "
                "te liczby?",
                "Szafki na basenie mają numery od {low} do {high}. Każda szafka, której numer jest wielokrotnością "
                "liczby {a}, dostaje nowy zamek, a każda, której numer jest wielokrotnością liczby {b}, nowe "
                "drzwiczki. Ile szafek dostaje coś nowego?",
            ),
            solution="Liczba wielokrotności {a} nie większych niż {high}, pomniejszona o liczbę tych, które są "
            "mniejsze od {low}, wynosi {a_to_high} - {a_before} = {of_a}; dla {b} w ten sam sposób otrzymujemy "
            "{b_to_high} - {b_before} = {of_b}. Liczby podzielne przez obie, czyli przez {ab}, zostały policzone dwa "
            "razy. Jest ich {both_to_high} - {both_before} = {of_both}, zatem szukana liczba to {of_a} + {of_b} - "
            "{of_both} = {result}.",
        ),
        "nl": Wording(
            problems=(
                "Hoeveel van de gehele getallen van {low} tot en met {high} zijn deelbaar door {a} of door {b}, of "
                "door allebei?",
                "De kluisjes van een zwembad zijn genummerd van {low} tot en met {high}. Elk kluisje waarvan het "
                "nummer een veelvoud van {a} is, krijgt een nieuw slot, en elk kluisje waarvan het nummer een veelvoud "
                "van {b} is, een nieuwe deur. Hoeveel kluisjes krijgen iets nieuws?",
            ),
            solution="Het aantal veelvouden van {a} tot en met {high}, verminderd met het aantal onder {low}, is "
            "{a_to_high} - {a_before} = {of_a}, en voor {b} geeft dezelfde telling {b_to_high} - {b_before} = {of_b}. "
            "De getallen die door beide deelbaar zijn, dus door {ab}, zijn dubbel geteld. Dat zijn er {both_to_high} - "
            "{both_before} = {of_both}, dus het gezochte aantal is {of_a} + {of_b} - {of_both} = {result}.",
        ),
        "la": Wording(
            problems=(
                "Quot numeri integri a {low} usque ad {high}, utroque numerato, per {a} aut per {b} aut per utrumque "
                "sine residuo dividi possunt?",
                "Capsae cuiusdam balnei numeros a {low} usque ad {high} habent. Capsis, quarum numerus multiplum "
                "numeri {a} est, nova sera datur; iis, quarum numerus multiplum numeri {b} est, nova ianua. Quot "
                "capsis aliquid novi datur?",
            ),
            solution="Numerus multiplorum numeri {a} usque ad {high}, demptis iis quae minora sunt quam {low}, est "
            "{a_to_high} - {a_before} = {of_a}. Item multiplorum numeri {b} numerus est {b_to_high} - {b_before} = "
            "{of_b}, sed numeri, qui per utrumque, id est per {ab}, dividi possunt, bis numerati sunt. Qui sunt "
            "{both_to_high} - {both_before} = {of_both}; itaque numerus quaesitus est {of_a} + {of_b} - {of_both} = "
            "{result}.",
        ),
    },
    trace=Trace(
        given="whole numbers from {low} to {high}, divisors {a} and {b}",
        sought="how many are divisible by at least one of the two",
        insight="multiples of both are counted twice, so they come off once; multiples of both are those of {ab}",
        steps=(
            "multiples of {a} → {a_to_high} - {a_before} = {of_a}",
            "multiples of {b} → {b_to_high} - {b_before} = {of_b}",
            "multiples of {ab} → {both_to_high} - {both_before} = {of_both}",
            "at least one → {of_a} + {of_b} - {of_both} = {result}",
        ),
        checks=(
            "only by {a}: {of_a} - {of_both} = {only_a}; only by {b}: {of_b} - {of_both} = {only_b}",
            "{only_a} + {only_b} + {of_both} = {result}",
        ),
    ),
    mistakes=(
        Mistake(
            name="counts_twice",
            says="adds the two numbers of multiples and counts those of both twice",
            result=lambda values: _multiples_workings(values)["of_a"] + _multiples_workings(values)["of_b"],
        ),
        Mistake(
            name="leaves_out_both",
            says="leaves out the multiples of both altogether",
            result=lambda values: _multiples_workings(values)["only_a"] + _multiples_workings(values)["only_b"],
        ),
        Mistake(
            name="counts_only_both",
            says="counts only the numbers that both divide",
            result=lambda values: _multiples_workings(values)["of_both"],
        ),
        Mistake(
            name="counts_the_others",
            says="counts the numbers that neither divides",
            result=lambda values: values["high"] - values["low"] + 1 - _solve_multiples(values),
        ),
        Mistake(
            name="starts_at_one",
            says="counts from 1 on instead of from the first number",
            result=lambda values: (
                _multiples_workings(values)["a_to_high"]
                + _multiples_workings(values)["b_to_high"]
                - _multiples_workings(values)["both_to_high"]
            ),
        ),
    ),
)
