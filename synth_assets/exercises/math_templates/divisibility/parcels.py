"""The greatest number of equal parcels: the greatest common divisor of three numbers."""

from fractions import Fraction
from math import gcd
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_equal_parcels(rng: Random, difficulty: str) -> Values:
    least, most, share = {"easy": (3, 12, 12), "medium": (8, 30, 18), "hard": (18, 72, 30)}[difficulty]
    parcels = rng.randint(least, most)
    a, b, c = (parcels * rng.randint(2, share) for _ in range(3))
    return {"a": a, "b": b, "c": c}


def _equal_parcels_workings(values: Values) -> Values:
    a, b, c = values["a"], values["b"], values["c"]
    parcels = gcd(a, b, c)
    return {
        "ab": gcd(a, b),
        "each_a": a // parcels,
        "each_b": b // parcels,
        "each_c": c // parcels,
        "each": (a + b + c) // parcels,
    }


def _solve_equal_parcels(values: Values) -> int:
    return gcd(values["a"], values["b"], values["c"])


def _equal_parcels_holds(values: Values) -> bool:
    a, b, c = values["a"], values["b"], values["c"]
    parcels = gcd(a, b, c)
    # all three numbers matter, and the first step does not yet give the result
    return len({a, b, c}) == 3 and 3 <= parcels < gcd(a, b) < min(a, b, c)


def _check_equal_parcels(values: Values, result: Fraction) -> bool:
    """Every number of parcels is tried, from the greatest down."""
    goods = [values[name] for name in "abc"]
    return result == next(n for n in range(min(goods), 0, -1) if all(number % n == 0 for number in goods))


def _smaller_divisor(number: int) -> int:
    """The next smaller divisor of a number greater than 1."""
    return number // next(prime for prime in range(2, number + 1) if number % prime == 0)


PARCELS = Template(
    id="divisibility.parcels",
    family="divisibility",
    unit="relief_parcel",
    draw=_draw_equal_parcels,
    holds=_equal_parcels_holds,
    solve=_solve_equal_parcels,
    check=_check_equal_parcels,
    workings=_equal_parcels_workings,
    texts={
        "en": Wording(
            problems=(
                "A relief organisation has {a} tins, {b} blankets and {c} torches. All of them are to be packed into "
                "parcels with exactly the same contents, and nothing may be left over. What is the greatest possible "
                "number of parcels?",
                "For the children of another school, a class has collected {a} notebooks, {b} pencils and {c} bars of "
                "chocolate. It wants to make as many parcels as possible, each with the same contents, and to use up "
                "everything. How many parcels will there be?",
            ),
            solution="The number of parcels must divide {a}, {b} and {c}, so the greatest common divisor is sought. "
            "That of {a} and {b} is {ab}. The greatest common divisor of {ab} and {c} is {result}, so "
            "{result:relief_parcel} can be made, each with {each_a} + {each_b} + {each_c} = {each} things.",
        ),
        "fr": Wording(
            problems=(
                "Une organisation d'entraide dispose de {a} boîtes de conserve, de {b} couvertures et de {c} lampes de "
                "poche. Tout doit être réparti dans des colis au contenu exactement identique, sans qu'il reste rien. "
                "Quel est le plus grand nombre de colis possible ?",
                "Pour les enfants d'une autre école, une classe a rassemblé {a} cahiers, {b} crayons et {c} tablettes "
                "de chocolat. Elle veut faire le plus de colis possible, tous de même contenu, et tout utiliser. "
                "Combien y aura-t-il de colis ?",
            ),
            solution="Le nombre de colis doit diviser {a}, {b} et {c} : on cherche leur plus grand commun diviseur. "
            "Celui de {a} et {b} est {ab}. Celui de {ab} et {c} est {result} ; on peut donc faire "
            "{result:relief_parcel}, chacun de {each_a} + {each_b} + {each_c} = {each} objets.",
        ),
        "de": Wording(
            problems=(
                "Eine Hilfsorganisation hat {a} Dosen, {b} Decken und {c} Taschenlampen. Alles soll in Pakete mit "
                "genau gleichem Inhalt gepackt werden, und nichts darf übrig bleiben. Wie viele Pakete sind höchstens "
                "möglich?",
                "Für die Kinder einer anderen Schule hat eine Klasse {a} Hefte, {b} Bleistifte und {c} Tafeln "
                "Schokolade gesammelt. Sie will möglichst viele Pakete mit gleichem Inhalt machen und dabei alles "
                "aufbrauchen. Wie viele Pakete werden es?",
            ),
            solution="Die Zahl der Pakete muss {a}, {b} und {c} teilen, gesucht ist also der größte gemeinsame Teiler. "
            "Der von {a} und {b} ist {ab}. Der größte gemeinsame Teiler von {ab} und {c} ist {result}, also werden es "
            "{result:relief_parcel} mit je {each_a} + {each_b} + {each_c} = {each} Dingen.",
        ),
        "it": Wording(
            problems=(
                "Un'organizzazione umanitaria ha {a} barattoli, {b} coperte e {c} torce. Tutto va sistemato in pacchi "
                "dal contenuto esattamente uguale, senza che avanzi nulla. Qual è il massimo numero possibile di "
                "pacchi?",
                "Per i bambini di un'altra scuola una classe ha raccolto {a} quaderni, {b} matite e {c} tavolette di "
                "cioccolato. Vuole fare il maggior numero possibile di pacchi con lo stesso contenuto, usando tutto. "
                "Quanti saranno i pacchi?",
            ),
            solution="Il numero dei pacchi deve essere un divisore di {a}, di {b} e di {c}: si cerca il massimo comune "
            "divisore. Quello di {a} e {b} è {ab}. Il massimo comune divisore di {ab} e {c} è {result}: si fanno "
            "quindi {result:relief_parcel}, ciascuno con {each_a} + {each_b} + {each_c} = {each} oggetti.",
        ),
        "es": Wording(
            problems=(
                "Una organización de ayuda dispone de {a} latas, {b} mantas y {c} linternas. Hay que repartirlo todo "
                "en paquetes de contenido exactamente igual, sin que sobre nada. ¿Cuál es el mayor número posible de "
                "paquetes?",
                "Para los niños de otra escuela, una clase ha reunido {a} cuadernos, {b} lápices y {c} tabletas de "
                "chocolate. Quiere hacer el mayor número posible de paquetes con el mismo contenido y usarlo todo. "
                "¿Cuántos paquetes serán?",
            ),
            solution="El número de paquetes debe dividir a {a}, a {b} y a {c}, así que se busca el máximo común "
            "divisor. El de {a} y {b} es {ab}. El máximo común divisor de {ab} y {c} es {result}, de modo que salen "
            "{result:relief_parcel}, cada uno con {each_a} + {each_b} + {each_c} = {each} objetos.",
        ),
        "pl": Wording(
            problems=(
                "Organizacja pomocowa ma {a:relief_tin.acc}, {b:relief_blanket} i {c:relief_torch.acc}. Wszystko "
                "trzeba zapakować w paczki o dokładnie takiej samej zawartości, tak by nic nie zostało. Jaka jest "
                "największa możliwa liczba paczek?",
                "Dla dzieci z innej szkoły klasa zebrała {a:school_notebook}, {b:school_pencil} i "
                "{c:school_chocolate.acc}. Chce zrobić jak najwięcej paczek o jednakowej zawartości i wykorzystać "
                "wszystko. Ile będzie paczek?",
            ),
            solution="Liczba paczek musi być dzielnikiem liczb {a}, {b} i {c}, szukamy więc ich największego wspólnego "
            "dzielnika. Dla liczb {a} i {b} jest nim {ab}. Największy wspólny dzielnik liczb {ab} i {c} to {result}, "
            "można więc zrobić {result:relief_parcel}, a liczba rzeczy w każdej wynosi {each_a} + {each_b} + {each_c} "
            "= {each}.",
        ),
        "nl": Wording(
            problems=(
                "Een hulporganisatie heeft {a} blikken, {b} dekens en {c} zaklampen. Alles moet worden ingepakt in "
                "pakketten met precies dezelfde inhoud, en er mag niets overblijven. Wat is het grootst mogelijke "
                "aantal pakketten?",
                "Voor de kinderen van een andere school heeft een klas {a} schriften, {b} potloden en {c} repen "
                "chocola verzameld. Ze wil zo veel mogelijk pakketten met dezelfde inhoud maken en alles gebruiken. "
                "Hoeveel pakketten worden het?",
            ),
            solution="Het aantal pakketten moet een deler zijn van {a}, van {b} en van {c}; gezocht wordt dus de "
            "grootste gemene deler. Die van {a} en {b} is {ab}. De grootste gemene deler van {ab} en {c} is {result}, "
            "dus het worden {result:relief_parcel} met elk {each_a} + {each_b} + {each_c} = {each} dingen.",
        ),
        "la": Wording(
            problems=(
                "Societas auxiliaris {a} pyxides cibi, {b} stragula, {c} lucernas habet. Omnia in fasces eiusdem "
                "prorsus copiae colligenda sunt, ita ut nihil supersit. Quot fasces ad summum fieri possunt?",
                "Discipuli pueris alterius scholae {a} libellos, {b} stilos, {c} placentas collegerunt. Quam plurimos "
                "fasces facere volunt, qui omnes eadem contineant, et omnibus rebus uti. Quot fasces erunt?",
            ),
            solution="Numerus fascium numeros {a}, {b}, {c} sine residuo dividere debet; quaeritur ergo divisor "
            "communis maximus. Numerorum {a} et {b} divisor communis maximus est {ab}. Numerorum {ab} et {c} est "
            "{result}; itaque fiunt {result:relief_parcel}, quorum unusquisque {each_a} + {each_b} + {each_c} = {each} "
            "res continet.",
        ),
    },
    trace=Trace(
        given="{a}, {b} and {c} things, to be shared out completely among equal parcels",
        sought="greatest possible number of parcels",
        insight="the number of parcels divides all three numbers, and the greatest such number is their greatest "
        "common divisor",
        steps=(
            "{a} and {b} → greatest common divisor {ab}",
            "{ab} and {c} → greatest common divisor {result}",
            "parcels → {result:relief_parcel}, each with {each_a}, {each_b} and {each_c} things",
        ),
        checks=(
            "{result} * {each_a} = {a} AND {result} * {each_b} = {b} AND {result} * {each_c} = {c}",
            "{each_a}, {each_b} and {each_c} have no common divisor, so no greater number of parcels is possible",
        ),
    ),
    mistakes=(
        Mistake(
            name="forgets_the_third",
            says="takes only the first two numbers into account",
            result=lambda values: gcd(values["a"], values["b"]),
        ),
        Mistake(
            name="takes_the_smallest_number",
            says="takes the smallest of the three numbers",
            result=lambda values: min(values["a"], values["b"], values["c"]),
        ),
        Mistake(
            name="stops_at_a_smaller_divisor",
            says="stops at a common divisor that is not yet the greatest",
            result=lambda values: _smaller_divisor(_solve_equal_parcels(values)),
        ),
        Mistake(
            name="counts_the_contents",
            says="gives the number of things in each parcel",
            result=lambda values: _equal_parcels_workings(values)["each"],
        ),
        Mistake(
            name="takes_the_smallest_difference",
            says="takes the difference of the first two numbers for their common divisor",
            result=lambda values: abs(values["a"] - values["b"]),
        ),
    ),
)
