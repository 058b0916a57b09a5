"""Counting codes: letters that must differ, digits that need not."""

from fractions import Fraction
from math import comb, factorial, perm
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_codes(rng: Random, difficulty: str) -> Values:
    letters, least, places = {"easy": (2, 4, (2, 3)), "medium": (3, 5, (2, 3)), "hard": (4, 6, (3, 4))}[difficulty]
    return {
        "alphabet": rng.randint(least, 20),
        "letters": letters,
        "allowed": rng.randint(least, 9),
        "digits": rng.choice(places),
    }


def _solve_codes(values: Values) -> int:
    return perm(values["alphabet"], values["letters"]) * values["allowed"] ** values["digits"]


def _codes_workings(values: Values) -> Values:
    of_digits = values["allowed"] ** values["digits"]
    return {
        "unused": values["alphabet"] - values["letters"],
        "of_letters": perm(values["alphabet"], values["letters"]),
        "of_digits": of_digits,
        "selections": comb(values["alphabet"], values["letters"]),
        "orders": factorial(values["letters"]),
        "shorter": _solve_codes(values) // values["allowed"],
    }


def _check_codes(values: Values, result: Fraction) -> bool:
    """Taken apart again: digit place by digit place, then the orders of the letters; selections must be left."""
    for _ in range(values["digits"]):
        result /= values["allowed"]
    return result / factorial(values["letters"]) == comb(values["alphabet"], values["letters"])


CODES = Template(
    id="counting.codes",
    family="counting",
    unit="code_word",
    draw=_draw_codes,
    holds=lambda values: values["allowed"] > values["digits"],
    solve=_solve_codes,
    check=_check_codes,
    workings=_codes_workings,
    texts={
        "en": Wording(
            problems=(
                "Every bicycle of a hire scheme bears a code. It begins with {letters:code_letter}, all different, "
                "taken from the first {alphabet:code_letter} of the alphabet; then come {digits:code_digit}, for which "
                "{allowed} different digits are permitted and may be repeated. How many codes are possible?",
                "A locker opens with a code of {letters:code_letter} followed by {digits:code_digit}. The lock knows "
                "only the first {alphabet:code_letter} of the alphabet and {allowed:code_digit}. No letter may occur "
                "twice, whereas digits may be used again. How many different codes can be set?",
            ),
            solution="The order of the letters matters and none is repeated, so there are {alphabet}! ÷ {unused}! = "
            "{of_letters} ways to choose them. Each of the digit places can be filled in {allowed} ways, which gives "
            "{allowed}{digits:power} = {of_digits} ways. Both choices are independent, so there are {of_letters} * "
            "{of_digits} = {result:code_word}.",
        ),
        "fr": Wording(
            problems=(
                "Chaque vélo d'un service de location porte un code. Il commence par {letters:code_letter} toutes "
                "différentes, prises parmi les {alphabet} premières de l'alphabet ; viennent ensuite "
                "{digits:code_digit}, pour lesquels {allowed} chiffres différents sont autorisés et peuvent se "
                "répéter. Combien de codes sont possibles ?",
                "Un casier s'ouvre avec un code de {letters:code_letter} suivies de {digits:code_digit}. La serrure ne "
                "connaît que les {alphabet} premières lettres de l'alphabet et {allowed:code_digit}. Aucune lettre ne "
                "peut figurer deux fois, mais un chiffre peut resservir. Combien de codes différents peut-on régler ?",
            ),
            solution="L'ordre des lettres compte et aucune ne se répète : il y a {alphabet}! ÷ {unused}! = "
            "{of_letters} façons de les choisir. Chaque place de chiffre peut être remplie de {allowed} façons, ce qui "
            "en donne {allowed}{digits:power} = {of_digits} pour tous les chiffres. Les deux choix sont indépendants, "
            "d'où {of_letters} * {of_digits} = {result:code_word}.",
        ),
        "de": Wording(
            problems=(
                "Jedes Rad eines Fahrradverleihs trägt einen Code. Er beginnt mit {letters:code_letter}, die alle "
                "verschieden sind und zu den ersten {alphabet:code_letter} des Alphabets gehören; darauf folgen "
                "{digits:code_digit}, die sich wiederholen dürfen; zugelassen sind dafür {allowed} verschiedene "
                "Ziffern. Wie viele Codes sind möglich?",
                "Ein Schließfach öffnet sich mit einem Code aus {letters:code_letter} und danach {digits:code_digit}. "
                "Das Schloss kennt nur die ersten {alphabet:code_letter} des Alphabets und {allowed:code_digit}. Kein "
                "Buchstabe darf doppelt vorkommen, Ziffern dagegen schon. Wie viele verschiedene Codes lassen sich "
                "einstellen?",
            ),
            solution="Bei den Buchstaben kommt es auf die Reihenfolge an und keiner wiederholt sich, das ergibt "
            "{alphabet}! ÷ {unused}! = {of_letters} Möglichkeiten. Jede Ziffernstelle lässt sich auf {allowed} Arten "
            "besetzen, zusammen also auf {allowed}{digits:power} = {of_digits} Arten. Beides ist voneinander "
            "unabhängig, daher gibt es {of_letters} * {of_digits} = {result:code_word}.",
        ),
        "it": Wording(
            problems=(
                "Ogni bicicletta di un servizio di noleggio porta un codice. Comincia con {letters:code_letter}, tutte "
                "diverse, prese tra le prime {alphabet} dell'alfabeto; seguono {digits:code_digit}, per le quali sono "
                "ammesse {allowed} cifre diverse, che si possono ripetere. Quanti codici sono possibili?",
                "Un armadietto si apre con un codice di {letters:code_letter} seguite da {digits:code_digit}. La "
                "serratura conosce soltanto le prime {alphabet:code_letter} dell'alfabeto e {allowed:code_digit}. "
                "Nessuna lettera può comparire due volte, mentre le cifre si possono riusare. Quanti codici diversi si "
                "possono impostare?",
            ),
            solution="L'ordine delle lettere conta e nessuna si ripete: si possono scegliere in {alphabet}! ÷ "
            "{unused}! = {of_letters} modi. Ogni posto di cifra si può occupare in {allowed} modi, e tutti insieme in "
            "{allowed}{digits:power} = {of_digits} modi. Le due scelte sono indipendenti, quindi si hanno {of_letters} "
            "* {of_digits} = {result:code_word}.",
        ),
        "es": Wording(
            problems=(
                "Cada bicicleta de un servicio de alquiler lleva un código. Empieza con {letters:code_letter}, todas "
                "distintas, tomadas de las {alphabet} primeras del alfabeto; le siguen {digits:code_digit}, para las "
                "que se admiten {allowed} cifras diferentes, que pueden repetirse. ¿Cuántos códigos son posibles?",
                "Una taquilla se abre con un código de {letters:code_letter} seguidas de {digits:code_digit}. La "
                "cerradura solo conoce las {alphabet} primeras letras del alfabeto y {allowed:code_digit}. Ninguna "
                "letra puede aparecer dos veces, pero las cifras sí pueden repetirse. ¿Cuántos códigos distintos se "
                "pueden fijar?",
            ),
            solution="El orden de las letras importa y ninguna se repite, así que hay {alphabet}! ÷ {unused}! = "
            "{of_letters} maneras de elegirlas. Cada lugar de cifra puede ocuparse de {allowed} maneras, lo que da "
            "{allowed}{digits:power} = {of_digits} maneras en total. Las dos elecciones son independientes, por lo que "
            "hay {of_letters} * {of_digits} = {result:code_word}.",
        ),
        "pl": Wording(
            problems=(
                "Każdy rower z wypożyczalni ma swój kod. Na początku są {letters:code_letter}, każda inna, wybierane "
                "spośród pierwszych {alphabet:code_letter.gen} alfabetu; potem następują {digits:code_digit}, przy "
                "czym liczba dozwolonych cyfr wynosi {allowed} i cyfry mogą się powtarzać. Ile kodów jest możliwych?",
                "Szafkę otwiera kod, na który składają się {letters:code_letter}, a po nich {digits:code_digit}. Zamek "
                "zna tylko początek alfabetu (liczba liter: {alphabet}) i nie wszystkie cyfry (liczba cyfr: "
                "{allowed}). Żadna litera nie może wystąpić dwa razy, cyfry natomiast mogą się powtarzać. Ile różnych "
                "kodów można ustawić?",
            ),
            solution="Kolejność liter ma znaczenie i żadna się nie powtarza, można je więc wybrać na {alphabet}! ÷ "
            "{unused}! = {of_letters:count_way}. Każde miejsce na cyfrę można zapełnić na {allowed:count_way}, a "
            "wszystkie razem na {allowed}{digits:power} = {of_digits:count_way}. Oba wybory są od siebie niezależne, "
            "zatem liczba możliwości to {of_letters} * {of_digits} = {result:code_word}.",
        ),
        "nl": Wording(
            problems=(
                "Elke fiets van een verhuurbedrijf draagt een code. Die begint met {letters:code_letter}, allemaal "
                "verschillend, uit de eerste {alphabet:code_letter} van het alfabet; daarna volgen "
                "{digits:code_digit}, waarvoor {allowed} verschillende cijfers zijn toegestaan, die herhaald mogen "
                "worden. Hoeveel codes zijn er mogelijk?",
                "Een kluisje gaat open met een code van {letters:code_letter} en daarna {digits:code_digit}. Het slot "
                "kent alleen de eerste {alphabet:code_letter} van het alfabet en {allowed:code_digit}. Geen enkele "
                "letter mag twee keer voorkomen, maar cijfers mogen wel opnieuw worden gebruikt. Hoeveel verschillende "
                "codes kan men instellen?",
            ),
            solution="De volgorde van de letters telt en geen ervan wordt herhaald, dus er zijn {alphabet}! ÷ "
            "{unused}! = {of_letters} manieren om ze te kiezen. Elke cijferplaats kan op {allowed} manieren worden "
            "gevuld, samen op {allowed}{digits:power} = {of_digits} manieren. De twee keuzes staan los van elkaar, dus "
            "er zijn {of_letters} * {of_digits} = {result:code_word}.",
        ),
        "la": Wording(
            problems=(
                "Quaeque birota, quae conducitur, signo notata est. Primum ponuntur {letters:code_letter} inter se "
                "diversae, quae e primis {alphabet:code_letter.abl} alphabeti sumuntur; sequuntur {digits:code_digit}, "
                "e {allowed} permissis sumptae, quae iterari possunt. Quot signa fieri possunt?",
                "Arca signo aperitur, quod ex {letters:code_letter.abl} et deinde ex {digits:code_digit.abl} constat. "
                "Sera primas tantum {alphabet:code_letter.acc} alphabeti et {allowed:code_digit.acc} novit. Nullam "
                "litteram bis ponere licet, cifras autem iterare licet. Quot signa diversa constitui possunt?",
            ),
            solution="Ordo litterarum refert neque ulla iteratur; itaque {alphabet}! ÷ {unused}! = {of_letters} modis "
            "eligi possunt. Unusquisque locus cifrae {allowed} modis, omnes simul {allowed}{digits:power} = "
            "{of_digits} modis impleri possunt. Altera electio ab altera non pendet, unde fiunt {of_letters} * "
            "{of_digits} = {result:code_word}.",
        ),
    },
    trace=Trace(
        given="{letters:code_letter} without repetition out of {alphabet}, then {digits:code_digit} with repetition "
        "out of {allowed}",
        sought="number of different codes",
        insight="letters are used up one by one, digits are not; the two parts are independent and multiply",
        steps=(
            "letters, in order → {alphabet}! ÷ {unused}! = {of_letters}",
            "digits, each of them free → {allowed}{digits:power} = {of_digits}",
            "both parts → {of_letters} * {of_digits} = {result:code_word}",
        ),
        checks=(
            "letters another way: {selections} selections, each in {orders} orders, {selections} * {orders} = "
            "{of_letters}",
            "without the last digit there would be {shorter}, and {shorter} * {allowed} = {result:code_word}",
        ),
    ),
    mistakes=(
        Mistake(
            name="repeats_letters",
            says="lets a letter be chosen again and takes a power for the letters too",
            result=lambda values: values["alphabet"] ** values["letters"] * values["allowed"] ** values["digits"],
        ),
        Mistake(
            name="uses_up_digits",
            says="forbids the repetition of digits as well",
            result=lambda values: (
                perm(values["alphabet"], values["letters"]) * perm(values["allowed"], values["digits"])
            ),
        ),
        Mistake(
            name="ignores_order",
            says="counts selections of letters and so ignores their order",
            result=lambda values: comb(values["alphabet"], values["letters"]) * values["allowed"] ** values["digits"],
        ),
        Mistake(
            name="adds_parts",
            says="adds the possibilities of letters and digits instead of multiplying them",
            result=lambda values: perm(values["alphabet"], values["letters"]) + values["allowed"] ** values["digits"],
        ),
        Mistake(
            name="swaps_base_and_exponent",
            says="raises the number of digit places to the number of permitted digits",
            result=lambda values: perm(values["alphabet"], values["letters"]) * values["digits"] ** values["allowed"],
        ),
    ),
)
