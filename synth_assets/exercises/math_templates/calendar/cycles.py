"""When events of different periods fall on one day again."""

from fractions import Fraction
from math import lcm
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_cycles(rng: Random, difficulty: str) -> Values:
    shortest, longest = {"easy": (2, 13), "medium": (6, 30), "hard": (12, 60)}[difficulty]
    a, b, c = sorted(rng.randint(shortest, longest) for _ in range(3))
    return {"a": a, "b": b, "c": c}


def _cycles_workings(values: Values) -> Values:
    a, b, c = values["a"], values["b"], values["c"]
    together = lcm(a, b, c)
    return {"ab": lcm(a, b), "by_a": together // a, "by_b": together // b, "by_c": together // c}


def _cycles_holds(values: Values) -> bool:
    a, b, c = values["a"], values["b"], values["c"]
    together = lcm(a, b, c)
    # three different periods with something in common, and each of the first two steps changes something
    return a < b < c and b < lcm(a, b) < together < min(a * b * c, 1500) and together not in (c, a + b + c)


def _solve_cycles(values: Values) -> int:
    return lcm(values["a"], values["b"], values["c"])


def _check_cycles(values: Values, result: Fraction) -> bool:
    """Day after day: the first one that all three periods divide."""
    day = values["c"]
    while day % values["a"] or day % values["b"]:
        day += values["c"]
    return result == day


CYCLES = Template(
    id="calendar.cycles",
    family="calendar",
    unit="day",
    draw=_draw_cycles,
    holds=_cycles_holds,
    solve=_solve_cycles,
    check=_check_cycles,
    workings=_cycles_workings,
    texts={
        "en": Wording(
            problems=(
                "From a harbour one ship sails every {a} days, a second every {b} days and a third every {c} days. "
                "Today all three sail. In how many days will that next happen?",
                "In a factory the boiler is inspected every {a} days, the lift every {b} days and the fire alarm every "
                "{c} days. If all three inspections take place today, after how many days do they first coincide "
                "again?",
            ),
            solution="The number of days must be a multiple of {a}, of {b} and of {c}, and the smallest one is sought. "
            "The least common multiple of {a} and {b} is {ab}. The least common multiple of {ab} and {c} is {result}, "
            "so it happens again in {result:day}.",
        ),
        "fr": Wording(
            problems=(
                "D'un port, un premier navire part tous les {a} jours, un deuxième tous les {b} jours et un troisième "
                "tous les {c} jours. Aujourd'hui, ils partent tous les trois. Dans combien de jours cela se "
                "reproduira-t-il pour la première fois ?",
                "Dans une usine, on contrôle la chaudière tous les {a} jours, l'ascenseur tous les {b} jours et "
                "l'alarme incendie tous les {c} jours. Si les trois contrôles tombent aujourd'hui, au bout de combien "
                "de jours coïncideront-ils de nouveau ?",
            ),
            solution="Le nombre de jours doit être un multiple de {a}, de {b} et de {c}, et l'on cherche le plus "
            "petit. Le plus petit commun multiple de {a} et {b} est {ab}. Celui de {ab} et {c} est {result} ; cela se "
            "reproduira donc dans {result:day}.",
        ),
        "de": Wording(
            problems=(
                "Von einem Hafen legt ein Schiff alle {a} Tage ab, ein zweites alle {b} Tage und ein drittes alle "
                "{c} Tage. Heute legen alle drei ab. In wie vielen Tagen ist das wieder der Fall?",
                "In einer Fabrik wird der Kessel alle {a} Tage geprüft, der Aufzug alle {b} Tage und der Feueralarm "
                "alle {c} Tage. Nach wie vielen Tagen fallen die drei Prüfungen wieder zusammen, wenn heute alle drei "
                "stattfinden?",
            ),
            solution="Die Zahl der Tage muss ein Vielfaches von {a}, von {b} und von {c} sein, und zwar das kleinste. "
            "Das kleinste gemeinsame Vielfache von {a} und {b} ist {ab}. Das kleinste gemeinsame Vielfache von {ab} "
            "und {c} ist {result}, die gesuchte Zeit also {result:day}.",
        ),
        "it": Wording(
            problems=(
                "Da un porto una prima nave salpa ogni {a} giorni, una seconda ogni {b} giorni e una terza ogni {c} "
                "giorni. Oggi salpano tutte e tre. Fra quanti giorni succederà di nuovo?",
                "In una fabbrica la caldaia si controlla ogni {a} giorni, l'ascensore ogni {b} giorni e l'allarme "
                "antincendio ogni {c} giorni. Se i tre controlli cadono oggi, dopo quanti giorni coincideranno di "
                "nuovo?",
            ),
            solution="Il numero di giorni deve essere un multiplo di {a}, di {b} e di {c}, e si cerca il più piccolo. "
            "Il minimo comune multiplo di {a} e {b} è {ab}. Il minimo comune multiplo di {ab} e {c} è {result}, quindi "
            "succederà di nuovo fra {result:day}.",
        ),
        "es": Wording(
            problems=(
                "De un puerto zarpa un barco cada {a} días, otro cada {b} días y un tercero cada {c} días. Hoy zarpan "
                "los tres. ¿Dentro de cuántos días volverá a ocurrir?",
                "En una fábrica se revisa la caldera cada {a} días, el ascensor cada {b} días y la alarma de incendios "
                "cada {c} días. Si las tres revisiones caen hoy, ¿al cabo de cuántos días volverán a coincidir?",
            ),
            solution="El número de días debe ser múltiplo de {a}, de {b} y de {c}, y se busca el menor. El mínimo "
            "común múltiplo de {a} y {b} es {ab}. El mínimo común múltiplo de {ab} y {c} es {result}, de modo que "
            "volverá a ocurrir dentro de {result:day}.",
        ),
        "pl": Wording(
            problems=(
                "Z portu jeden statek wypływa co {a:day}, drugi co {b:day}, a trzeci co {c:day}. Dziś wypływają "
                "wszystkie trzy. Za ile dni zdarzy się to następnym razem?",
                "W fabryce kocioł sprawdza się co {a:day}, windę co {b:day}, a alarm przeciwpożarowy co {c:day}. Po "
                "ilu dniach te trzy kontrole znów się zbiegną, jeśli wszystkie wypadają dzisiaj?",
            ),
            solution="Liczba dni musi być wielokrotnością liczb {a}, {b} i {c}, a szukamy najmniejszej z nich. "
            "Najmniejsza wspólna wielokrotność liczb {a} i {b} to {ab}. Najmniejsza wspólna wielokrotność liczb {ab} i "
            "{c} to {result}, a więc zdarzy się to za {result:day}.",
        ),
        "nl": Wording(
            problems=(
                "Uit een haven vertrekt één schip elke {a} dagen, een tweede elke {b} dagen en een derde elke {c} "
                "dagen. Vandaag vertrekken ze alle drie. Over hoeveel dagen gebeurt dat opnieuw?",
                "In een fabriek wordt de ketel elke {a} dagen gekeurd, de lift elke {b} dagen en het brandalarm elke "
                "{c} dagen. Na hoeveel dagen vallen de drie keuringen weer samen, als ze vandaag alle drie "
                "plaatsvinden?",
            ),
            solution="Het aantal dagen moet een veelvoud zijn van {a}, van {b} en van {c}, en wel het kleinste. Het "
            "kleinste gemene veelvoud van {a} en {b} is {ab}. Het kleinste gemene veelvoud van {ab} en {c} is "
            "{result}, dus het gebeurt opnieuw over {result:day}.",
        ),
        "la": Wording(
            problems=(
                "E portu prima navis per intervalla {a} dierum solvit, altera per intervalla {b} dierum, tertia per "
                "intervalla {c} dierum. Hodie omnes tres solvunt. Post quot dies hoc iterum fiet?",
                "In officina caldarium per intervalla {a} dierum, machina scansoria per intervalla {b} dierum, index "
                "incendii per intervalla {c} dierum inspicitur. Si omnes tres hodie inspiciuntur, post quot dies hae "
                "inspectiones rursus in eundem diem cadent?",
            ),
            solution="Numerus dierum per {a}, per {b}, per {c} dividi posse debet, et minimus quaeritur. Minimum "
            "commune multiplum numerorum {a} et {b} est {ab}. Minimum commune multiplum numerorum {ab} et {c} est "
            "{result}; itaque hoc iterum fiet post {result:day.acc}.",
        ),
    },
    trace=Trace(
        given="periods of {a:day}, {b:day} and {c:day}, all three events today",
        sought="days until all three fall on one day again",
        insight="the number of days is the least common multiple of the three periods",
        steps=(
            "{a} and {b} first → least common multiple {ab}",
            "{ab} and {c} → least common multiple {result}",
            "all three again → in {result:day}",
        ),
        checks=(
            "{result} ÷ {a} = {by_a} AND {result} ÷ {b} = {by_b} AND {result} ÷ {c} = {by_c}, all whole",
            "{by_a}, {by_b} and {by_c} have no common divisor, so no smaller number will do",
        ),
    ),
    mistakes=(
        Mistake(
            name="multiplies_periods",
            says="multiplies the three periods, although they have divisors in common",
            result=lambda values: values["a"] * values["b"] * values["c"],
        ),
        Mistake(
            name="forgets_third",
            says="stops at the least common multiple of the first two periods",
            result=lambda values: lcm(values["a"], values["b"]),
        ),
        Mistake(
            name="adds_periods",
            says="adds the three periods",
            result=lambda values: values["a"] + values["b"] + values["c"],
        ),
        Mistake(
            name="counts_the_day_before",
            says="counts the days between, without the last one",
            result=lambda values: lcm(values["a"], values["b"], values["c"]) - 1,
        ),
        Mistake(
            name="multiplies_the_longest",
            says="multiplies the two longest periods and leaves out the shortest",
            result=lambda values: values["b"] * values["c"],
        ),
    ),
)
