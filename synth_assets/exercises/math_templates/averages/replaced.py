"""A mean after one of its values was replaced."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_replaced(rng: Random, difficulty: str) -> Values:
    sizes, step = {
        "easy": ((4, 5, 8, 10), Fraction(1)),
        "medium": ((6, 8, 12, 15, 16, 20), Fraction(1, 2)),
        "hard": ((14, 18, 22, 24, 25, 30, 32, 40), Fraction(1, 10)),
    }[difficulty]
    return {
        "people": rng.choice(sizes),
        "mean": step * rng.randint(int(28 / step), int(50 / step)),
        "leaver": rng.randint(19, 68),
        "comer": rng.randint(19, 68),
    }


def _replaced_workings(values: Values) -> Values:
    before = values["people"] * values["mean"]
    gone = before - values["leaver"]
    change = values["comer"] - values["leaver"]
    return {
        "before": before,
        "gone": gone,
        "after": gone + values["comer"],
        "distance": abs(change),
        "shift": Fraction(abs(change), values["people"]),
        "higher": max(values["mean"], _solve_replaced(values)),
        "lower": min(values["mean"], _solve_replaced(values)),
        "elder": max(values["comer"], values["leaver"]),
        "younger": min(values["comer"], values["leaver"]),
    }


def _solve_replaced(values: Values) -> Fraction:
    return Fraction(values["people"] * values["mean"] - values["leaver"] + values["comer"]) / values["people"]


def _replaced_holds(values: Values) -> bool:
    # whole years add up to a whole sum; two decimals at most; old and new member differ enough to notice
    if values["mean"] in (values["comer"], values["leaver"]):
        return False
    sum_is_whole = Fraction(values["people"] * values["mean"]).denominator == 1
    short = (100 * _solve_replaced(values)).denominator == 1
    return sum_is_whole and short and abs(values["comer"] - values["leaver"]) >= 5


def _check_replaced(values: Values, result: Fraction) -> bool:
    """The mean moves by the difference of the two ages, shared by all."""
    return values["people"] * (result - values["mean"]) == values["comer"] - values["leaver"]


REPLACED = Template(
    id="averages.replaced",
    family="averages",
    unit="year",
    draw=_draw_replaced,
    holds=_replaced_holds,
    solve=_solve_replaced,
    check=_check_replaced,
    workings=_replaced_workings,
    texts={
        "en": Wording(
            problems=(
                "The {people} members of a choir are {mean} years old on average. A member aged {leaver} leaves, and a "
                "new one aged {comer} takes the free place. What is the average age now?",
                "A crew of {people} has a mean age of {mean} years. Then one of them, who is {leaver} years old, is "
                "replaced by somebody of {comer}. What is the mean age of the new crew?",
            ),
            solution="At first all ages add up to {people} * {mean} = {before:year}. The change turns this sum into "
            "{before} - {leaver} + {comer} = {after:year}. The number of people stays the same, so the new mean is "
            "{after} ÷ {people} = {result:year}.",
        ),
        "fr": Wording(
            problems=(
                "Les {people} membres d'une chorale ont en moyenne {mean:year}. Un membre de {leaver} ans s'en va et "
                "un nouveau de {comer} ans prend la place libre. Quel est l'âge moyen maintenant ?",
                "L'âge moyen d'un équipage de {people} personnes est de {mean:year}. L'une d'elles, âgée de {leaver} "
                "ans, est ensuite remplacée par quelqu'un de {comer} ans. Quel est l'âge moyen du nouvel équipage ?",
            ),
            solution="Au départ, la somme de tous les âges est {people} * {mean} = {before:year}. Le changement la "
            "porte à {before} - {leaver} + {comer} = {after:year}. Le nombre de personnes reste le même ; la nouvelle "
            "moyenne est donc {after} ÷ {people} = {result:year}.",
        ),
        "de": Wording(
            problems=(
                "Die {people} Mitglieder eines Chores sind durchschnittlich {mean} Jahre alt. Ein Mitglied von "
                "{leaver} Jahren scheidet aus, und ein neues von {comer} Jahren nimmt den freien Platz ein. Wie hoch "
                "ist das Durchschnittsalter jetzt?",
                "Eine Besatzung von {people} Personen hat ein mittleres Alter von {mean} Jahren. Dann wird eine "
                "Person, die {leaver} Jahre alt ist, durch eine andere ersetzt, die {comer} Jahre alt ist. Wie hoch "
                "ist das mittlere Alter der neuen Besatzung?",
            ),
            solution="Anfangs beträgt die Summe aller Alter {people} * {mean} = {before:year}. Durch den Wechsel wird "
            "daraus {before} - {leaver} + {comer} = {after:year}. Die Zahl der Personen bleibt gleich, also ist der "
            "neue Durchschnitt {after} ÷ {people} = {result:year}.",
        ),
        "it": Wording(
            problems=(
                "I {people} membri di un coro hanno in media {mean:year}. Un membro di {leaver} anni se ne va e uno "
                "nuovo di {comer} anni prende il posto libero. Qual è adesso l'età media?",
                "L'età media di un equipaggio di {people} persone è di {mean:year}. Poi una di loro, che ha {leaver} "
                "anni, viene sostituita da un'altra che ne ha {comer}. Qual è l'età media del nuovo equipaggio?",
            ),
            solution="All'inizio la somma di tutte le età è {people} * {mean} = {before:year}. Con il cambio diventa "
            "{before} - {leaver} + {comer} = {after:year}. Il numero delle persone resta uguale, perciò la nuova media "
            "è {after} ÷ {people} = {result:year}.",
        ),
        "es": Wording(
            problems=(
                "Los {people} miembros de un coro tienen {mean:year} de media. Se marcha un miembro de {leaver} años y "
                "ocupa la plaza libre uno nuevo de {comer} años. ¿Cuál es ahora la edad media?",
                "La edad media de una tripulación de {people} personas es de {mean:year}. Después, una de ellas, que "
                "tiene {leaver} años, es sustituida por otra de {comer}. ¿Cuál es la edad media de la nueva "
                "tripulación?",
            ),
            solution="Al principio todas las edades suman {people} * {mean} = {before:year}. Con el cambio, la suma "
            "pasa a ser {before} - {leaver} + {comer} = {after:year}. El número de personas no varía, así que la nueva "
            "media es {after} ÷ {people} = {result:year}.",
        ),
        "pl": Wording(
            problems=(
                "Chór liczy {people} członków, a ich średni wiek wynosi {mean:year}. Odchodzi z niego osoba, która ma "
                "{leaver:year}, a wolne miejsce zajmuje osoba, która ma {comer:year}. Ile wynosi teraz średni wiek w "
                "chórze?",
                "Średni wiek załogi złożonej z {people} osób wynosi {mean:year}. Następnie jedną z nich, która ma "
                "{leaver:year}, zastępuje ktoś, kto ma {comer:year}. Jaki jest średni wiek nowej załogi?",
            ),
            solution="Na początku suma wieku wszystkich osób wynosi {people} * {mean} = {before:year}. Po zmianie jest "
            "to {before} - {leaver} + {comer} = {after:year}. Liczba osób się nie zmienia, więc nowa średnia wynosi "
            "{after} ÷ {people} = {result:year}.",
        ),
        "nl": Wording(
            problems=(
                "De {people} leden van een koor zijn gemiddeld {mean} jaar oud. Een lid van {leaver} jaar vertrekt en "
                "een nieuw lid van {comer} jaar neemt de vrije plaats in. Wat is nu de gemiddelde leeftijd?",
                "Een bemanning van {people} personen heeft een gemiddelde leeftijd van {mean} jaar. Daarna wordt een "
                "van hen, die {leaver} jaar oud is, vervangen door iemand van {comer}. Wat is de gemiddelde leeftijd "
                "van de nieuwe bemanning?",
            ),
            solution="In het begin is de som van alle leeftijden {people} * {mean} = {before:year}. Door de wisseling "
            "wordt dat {before} - {leaver} + {comer} = {after:year}. Het aantal personen blijft gelijk, dus het nieuwe "
            "gemiddelde is {after} ÷ {people} = {result:year}.",
        ),
        "la": Wording(
            problems=(
                "In choro sunt {people} cantores, quorum media aetas est {mean} annorum. Unus, qui {leaver} annos "
                "habet, discedit, et novus, qui {comer} annos habet, in locum eius succedit. Quae est nunc media aetas "
                "cantorum?",
                "Nautae cuiusdam navis sunt {people}, et media eorum aetas est {mean} annorum. Deinde uni ex iis, qui "
                "{leaver} annos natus est, alius succedit, qui {comer} annos natus est. Quot annorum est media aetas "
                "nautarum nunc?",
            ),
            solution="Initio summa omnium aetatum est {people} * {mean} = {before:year}. Cum alter alteri succedit, "
            "summa fit {before} - {leaver} + {comer} = {after:year}. Numerus hominum idem manet; itaque nova media "
            "aetas est {after} ÷ {people} = {result:year}.",
        ),
    },
    trace=Trace(
        given="{people} people, mean age {mean}; one of {leaver} is replaced by one of {comer}",
        sought="new mean age, in years",
        insight="the sum changes by the difference of the two ages, the number of people does not change",
        steps=(
            "sum of all ages → {people} * {mean} = {before}",
            "after the change → {before} - {leaver} + {comer} = {after}",
            "new mean → {after} ÷ {people} = {result:year}",
        ),
        checks=(
            "the two ages differ by {elder} - {younger} = {distance}, which is {distance} ÷ {people} = {shift} for "
            "each",
            "the two means differ by {higher} - {lower} = {shift} as well",
        ),
    ),
    mistakes=(
        Mistake(
            name="wrong_direction",
            says="moves the mean the wrong way",
            result=lambda values: 2 * values["mean"] - _solve_replaced(values),
        ),
        Mistake(
            name="counts_the_leaver_too",
            says="adds the new age without taking the old one away, and divides by one more",
            result=lambda values: round(
                Fraction(values["people"] * values["mean"] + values["comer"]) / (values["people"] + 1), 2
            ),
        ),
        Mistake(
            name="divides_by_one_less",
            says="divides by the number of people who stay",
            result=lambda values: round(Fraction(_replaced_workings(values)["after"]) / (values["people"] - 1), 2),
        ),
        Mistake(
            name="averages_mean_and_newcomer",
            says="takes the middle between the old mean and the new age",
            result=lambda values: Fraction(values["mean"] + values["comer"]) / 2,
        ),
        Mistake(
            name="does_not_share_the_change",
            says="moves the mean by the whole difference of the two ages",
            result=lambda values: values["mean"] + values["comer"] - values["leaver"],
        ),
    ),
)
