"""Two numbers from their sum, a quotient and a remainder."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_quotient(rng: Random, difficulty: str) -> Values:
    times, smaller = {
        "easy": (rng.randint(2, 4), rng.randint(6, 25)),
        "medium": (rng.randint(3, 7), rng.randint(20, 70)),
        "hard": (rng.randint(4, 12), rng.randint(50, 200)),
    }[difficulty]
    more = rng.randint(2, smaller - 1)
    return {"books": (times + 1) * smaller + more, "times": times, "more": more}


def _quotient_workings(values: Values) -> Values:
    rest, parts = values["books"] - values["more"], values["times"] + 1
    return {"rest": rest, "parts": parts, "smaller": rest // parts, "multiple": values["times"] * (rest // parts)}


def _solve_quotient(values: Values) -> int:
    workings = _quotient_workings(values)
    return workings["multiple"] + values["more"]


def _check_quotient(values: Values, result: Fraction) -> bool:
    """What is left for the other shelf divides the result with that quotient and remainder."""
    other = values["books"] - result
    return other > 0 and divmod(result, other) == (values["times"], values["more"])


QUOTIENT = Template(
    id="linear_systems.quotient",
    family="linear systems",
    unit="stored_book",
    draw=_draw_quotient,
    holds=lambda values: _quotient_workings(values)["smaller"] >= values["times"],
    solve=_solve_quotient,
    check=_check_quotient,
    workings=_quotient_workings,
    texts={
        "en": Wording(
            problems=(
                "Two rooms of a library hold {books:stored_book} in all. In the larger room there are {times} times as "
                "many as in the smaller one, and another {more:stored_book} besides. How many books does the larger "
                "room hold?",
                "A bookseller keeps {books:stored_book} in two storerooms. If the number in the new storeroom is "
                "divided by the number in the old one, the quotient is {times} and the remainder {more}. How many "
                "books are there in the new storeroom?",
            ),
            solution="Let x be the smaller number; the larger one is then {times}x + {more}, and both together are "
            "{parts}x + {more} = {books}. Without the additional books {books} - {more} = {rest} remain, so x = {rest} "
            "÷ {parts} = {smaller:stored_book}. The larger number is {times} * {smaller} + {more} = "
            "{result:stored_book}.",
        ),
        "fr": Wording(
            problems=(
                "Deux salles d'une bibliothèque contiennent {books:stored_book} en tout. Dans la grande, il y en a "
                "{times} fois autant que dans la petite, et encore {more:stored_book} de plus. Combien de livres la "
                "grande salle contient-elle ?",
                "Un libraire garde {books:stored_book} dans deux réserves. Si l'on divise le nombre de livres de la "
                "nouvelle réserve par celui de l'ancienne, le quotient est {times} et le reste {more}. Combien de "
                "livres y a-t-il dans la nouvelle réserve ?",
            ),
            solution="Soit x le plus petit nombre ; le plus grand est alors {times}x + {more}, et les deux ensemble "
            "font {parts}x + {more} = {books}. Sans les livres supplémentaires, il en reste {books} - {more} = {rest}, "
            "d'où x = {rest} ÷ {parts} = {smaller:stored_book}. Le plus grand nombre est {times} * {smaller} + {more} "
            "= {result:stored_book}.",
        ),
        "de": Wording(
            problems=(
                "In zwei Sälen einer Bibliothek stehen insgesamt {books:stored_book}. Im großen Saal sind es "
                "{times}-mal so viele wie im kleinen und dazu noch {more:stored_book}. Wie viele Bücher stehen im "
                "großen Saal?",
                "Ein Buchhändler bewahrt {books:stored_book} in zwei Lagern auf. Teilt man die Anzahl im neuen Lager "
                "durch die Anzahl im alten, so ist der Quotient {times} und der Rest {more}. Wie viele Bücher befinden "
                "sich im neuen Lager?",
            ),
            solution="Ist x die kleinere Zahl, so ist die größere {times}x + {more}, und beide zusammen sind {parts}x "
            "+ {more} = {books}. Ohne die zusätzlichen Bücher bleiben {books} - {more} = {rest}, also ist x = {rest} ÷ "
            "{parts} = {smaller:stored_book}. Die größere Zahl ist {times} * {smaller} + {more} = "
            "{result:stored_book}.",
        ),
        "it": Wording(
            problems=(
                "Due sale di una biblioteca contengono in tutto {books:stored_book}. Nella sala grande ce ne sono "
                "{times} volte quelli della piccola, più altri {more}. Quanti libri contiene la sala grande?",
                "Un libraio conserva {books:stored_book} in due magazzini. Dividendo il numero dei libri del magazzino "
                "nuovo per quello dei libri del magazzino vecchio, il quoziente è {times} e il resto {more}. Quanti "
                "libri ci sono nel magazzino nuovo?",
            ),
            solution="Sia x il numero minore: il maggiore è allora {times}x + {more} e i due insieme danno {parts}x + "
            "{more} = {books}. Senza i libri in più ne restano {books} - {more} = {rest}, quindi x = {rest} ÷ {parts} "
            "= {smaller:stored_book}. Il numero maggiore è {times} * {smaller} + {more} = {result:stored_book}.",
        ),
        "es": Wording(
            problems=(
                "Dos salas de una biblioteca contienen {books:stored_book} en total. En la sala grande hay {times} "
                "veces los de la pequeña y otros {more} más. ¿Cuántos libros hay en la sala grande?",
                "Un librero guarda {books:stored_book} en dos almacenes. Si se divide el número de libros del almacén "
                "nuevo entre el del viejo, el cociente es {times} y el resto es {more}. ¿Cuántos libros hay en el "
                "almacén nuevo?",
            ),
            solution="Sea x el número menor; el mayor es entonces {times}x + {more}, y entre los dos suman {parts}x + "
            "{more} = {books}. Sin los libros de más quedan {books} - {more} = {rest}, luego x = {rest} ÷ {parts} = "
            "{smaller:stored_book}. El número mayor es {times} * {smaller} + {more} = {result:stored_book}.",
        ),
        "pl": Wording(
            problems=(
                "Dwie sale biblioteki mieszczą łącznie {books:stored_book.acc}. Duża sala mieści {times} razy tyle "
                "książek co mała i ponadto {more:stored_book.acc}. Ile książek mieści duża sala?",
                "Księgarz przechowuje {books:stored_book.acc} w dwóch magazynach. Gdy liczbę książek w nowym magazynie "
                "podzieli się przez liczbę książek w starym, iloraz wynosi {times}, a reszta {more}. Ile książek jest "
                "w nowym magazynie?",
            ),
            solution="Niech x oznacza mniejszą liczbę; większa wynosi wtedy {times}x + {more}, a razem daje to "
            "{parts}x + {more} = {books}. Po odjęciu dodatkowych książek mamy {books} - {more} = {rest}, skąd x = "
            "{rest} ÷ {parts} = {smaller:stored_book}. Większa liczba to {times} * {smaller} + {more} = "
            "{result:stored_book}.",
        ),
        "nl": Wording(
            problems=(
                "In twee zalen van een bibliotheek staan in totaal {books:stored_book}. In de grote zaal staan er "
                "{times} keer zoveel als in de kleine, en daarbij nog {more:stored_book}. Hoeveel boeken staan er in "
                "de grote zaal?",
                "Een boekhandelaar bewaart {books:stored_book} in twee magazijnen. Deelt men het aantal in het nieuwe "
                "magazijn door het aantal in het oude, dan is het quotiënt {times} en de rest {more}. Hoeveel boeken "
                "staan er in het nieuwe magazijn?",
            ),
            solution="Noem het kleinste aantal x; het grootste is dan {times}x + {more}, en samen zijn ze {parts}x + "
            "{more} = {books}. Zonder de extra boeken blijven er {books} - {more} = {rest} over, dus x = {rest} ÷ "
            "{parts} = {smaller:stored_book}. Het grootste aantal is {times} * {smaller} + {more} = "
            "{result:stored_book}.",
        ),
        "la": Wording(
            problems=(
                "In duobus conclavibus bibliothecae omnino {books:stored_book} sunt. Numerus librorum minoris "
                "conclavis, per {times} multiplicatus et {more} auctus, numerum maioris conclavis efficit. Quot libri "
                "in maiore conclavi sunt?",
                "Bibliopola {books} libros in duobus horreis servat. Si numerus librorum novi horrei per numerum "
                "veteris dividitur, quotiens est {times}, residuum {more}. Quot libri in novo horreo sunt?",
            ),
            solution="Sit x numerus minor; maior igitur est {times}x + {more}, et ambo simul efficiunt {parts}x + "
            "{more} = {books}. Demptis libris additis restant {books} - {more} = {rest}, unde x = {rest} ÷ {parts} = "
            "{smaller:stored_book}. Numerus maior est {times} * {smaller} + {more} = {result:stored_book}.",
        ),
    },
    trace=Trace(
        given="{books:stored_book} in two places; the larger number is {times} times the smaller and {more} more",
        sought="the larger number",
        insight="without the {more} the whole is {parts} times the smaller number",
        steps=(
            "smaller number x, larger {times}x + {more} → {parts}x + {more} = {books}",
            "without the remainder → {books} - {more} = {rest}",
            "smaller → {rest} ÷ {parts} = {smaller}",
            "larger → {times} * {smaller} + {more} = {result:stored_book}",
        ),
        checks=(
            "{smaller} + {result} = {books:stored_book}",
            "{result} - {more} = {multiple} AND {multiple} ÷ {smaller} = {times}",
        ),
    ),
    mistakes=(
        Mistake(
            name="gives_the_smaller",
            says="stops at the smaller number",
            result=lambda values: _quotient_workings(values)["smaller"],
        ),
        Mistake(
            name="forgets_the_remainder",
            says="leaves out the remainder when it goes back to the larger number",
            result=lambda values: _quotient_workings(values)["multiple"],
        ),
        Mistake(
            name="forgets_one_part",
            says="divides by the quotient instead of by one part more",
            result=lambda values: values["books"] - _quotient_workings(values)["rest"] // values["times"],
        ),
        Mistake(
            name="adds_the_remainder",
            says="adds the remainder to the whole before dividing instead of taking it away",
            result=lambda values: (
                values["books"] - (values["books"] + values["more"]) // _quotient_workings(values)["parts"]
            ),
        ),
        Mistake(
            name="takes_the_remainder_off_at_the_end",
            says="takes the remainder away from the larger number instead of adding it",
            result=lambda values: _quotient_workings(values)["multiple"] - values["more"],
        ),
    ),
)
