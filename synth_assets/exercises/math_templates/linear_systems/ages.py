"""Ages of two people: their sum now, their ratio later."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_ages(rng: Random, difficulty: str) -> Values:
    times, years = {
        "easy": ((2, 3, 4), (2, 9)),
        "medium": ((2, 3, 4, 5), (6, 16)),
        "hard": ((Fraction(3, 2), Fraction(5, 2), Fraction(7, 2)), (3, 21)),
    }[difficulty]
    child, later, ratio = rng.randint(2, 30), rng.randint(*years), rng.choice(times)
    parent = ratio * (child + later) - later
    return {"together": child + parent, "years": later, "times": ratio}


def _ages_workings(values: Values) -> Values:
    together_then = values["together"] + 2 * values["years"]
    parts = values["times"] + 1
    child_then = Fraction(together_then) / parts
    child = child_then - values["years"]
    return {
        "together_then": together_then,
        "parts": parts,
        "child_then": child_then,
        "parent": values["together"] - child,
        "parent_then": together_then - child_then,
    }


def _solve_ages(values: Values) -> Fraction:
    return Fraction(values["together"] + 2 * values["years"]) / (values["times"] + 1) - values["years"]


def _ages_holds(values: Values) -> bool:
    child = _solve_ages(values)
    parent = values["together"] - child
    whole = child.denominator == parent.denominator == 1
    return whole and child >= 2 and 20 <= parent - child <= 42 and parent + values["years"] <= 85


def _check_ages(values: Values, result: Fraction) -> bool:
    """Both ages, so many years later, have the ratio that was told."""
    parent = values["together"] - result
    return parent + values["years"] == values["times"] * (result + values["years"])


AGES = Template(
    id="linear_systems.ages",
    family="linear systems",
    unit="year",
    draw=_draw_ages,
    holds=_ages_holds,
    solve=_solve_ages,
    check=_check_ages,
    workings=_ages_workings,
    texts={
        "en": Wording(
            problems=(
                "A mother and her daughter are {together} years old together. In {years} years the mother will be "
                "exactly {times} times as old as her daughter. How old is the daughter now?",
                "Whoever adds a father's age to his son's gets {together} years. When another {years} years have "
                "passed, the father's age will be {times} times the son's. How many years old is the son today?",
            ),
            solution="In {years} years the two will be {together} + 2 * {years} = {together_then} years old together, "
            "since both grow older. Then the parent's age is {times} times the child's, so both together are {times} + "
            "1 = {parts} times the child's age, which will be {together_then} ÷ {parts} = {child_then} years. Today "
            "the child is therefore {child_then} - {years} = {result:year} old.",
        ),
        "fr": Wording(
            problems=(
                "Une mère et sa fille ont ensemble {together} ans. Dans {years} ans, l'âge de la mère sera exactement "
                "{times} fois celui de sa fille. Quel âge la fille a-t-elle aujourd'hui ?",
                "En additionnant l'âge d'un père et celui de son fils, on trouve {together} ans. Quand il se sera "
                "encore écoulé {years} ans, l'âge du père vaudra {times} fois celui du fils. Combien d'années le fils "
                "a-t-il à présent ?",
            ),
            solution="Dans {years} ans, les deux auront ensemble {together} + 2 * {years} = {together_then} ans, car "
            "chacun vieillit. L'âge du parent vaudra alors {times} fois celui de l'enfant, et les deux ensemble "
            "{times} + 1 = {parts} fois ; l'enfant aura donc {together_then} ÷ {parts} = {child_then} ans. "
            "Aujourd'hui, il a par conséquent {child_then} - {years} = {result:year}.",
        ),
        "de": Wording(
            problems=(
                "Eine Mutter und ihre Tochter sind zusammen {together} Jahre alt. In {years} Jahren wird die Mutter "
                "genau {times}-mal so alt sein wie die Tochter. Wie alt ist die Tochter jetzt?",
                "Addiert man das Alter eines Vaters und das seines Sohnes, so erhält man {together} Jahre. Wenn "
                "weitere {years} Jahre vergangen sind, wird der Vater {times}-mal so alt sein wie der Sohn. Wie alt "
                "ist der Sohn heute?",
            ),
            solution="In {years} Jahren werden die beiden zusammen {together} + 2 * {years} = {together_then} Jahre "
            "alt sein, denn beide werden älter. Dann ist der Elternteil {times}-mal so alt wie das Kind, beide "
            "zusammen also {times} + 1 = {parts}-mal so alt, und das Kind ist {together_then} ÷ {parts} = {child_then} "
            "Jahre alt. Heute ist es demnach {child_then} - {years} = {result:year} alt.",
        ),
        "it": Wording(
            problems=(
                "Una madre e sua figlia hanno insieme {together} anni. Fra {years} anni l'età della madre sarà "
                "esattamente {times} volte quella della figlia. Quanti anni ha adesso la figlia?",
                "Sommando l'età di un padre e quella di suo figlio si ottengono {together} anni. Quando saranno "
                "passati altri {years} anni, l'età del padre sarà {times} volte quella del figlio. Qual è oggi l'età "
                "del figlio?",
            ),
            solution="Fra {years} anni i due avranno insieme {together} + 2 * {years} = {together_then} anni, perché "
            "entrambi invecchiano. Allora l'età del genitore sarà {times} volte quella del figlio e le due insieme "
            "{times} + 1 = {parts} volte; l'età minore sarà quindi {together_then} ÷ {parts} = {child_then} anni. Oggi "
            "essa è dunque di {child_then} - {years} = {result:year}.",
        ),
        "es": Wording(
            problems=(
                "Una madre y su hija suman {together} años. Dentro de {years} años, la edad de la madre será "
                "exactamente {times} veces la de su hija. ¿Cuántos años tiene ahora la hija?",
                "Si se suman la edad de un padre y la de su hijo, se obtienen {together} años. Cuando hayan pasado "
                "otros {years} años, la edad del padre será {times} veces la del hijo. ¿Qué edad tiene hoy el hijo?",
            ),
            solution="Dentro de {years} años los dos sumarán {together} + 2 * {years} = {together_then} años, pues "
            "ambos cumplen años. Entonces la edad mayor será {times} veces la menor y las dos juntas, {times} + 1 = "
            "{parts} veces; la menor será, por tanto, de {together_then} ÷ {parts} = {child_then} años. Hoy es, pues, "
            "de {child_then} - {years} = {result:year}.",
        ),
        "pl": Wording(
            problems=(
                "Matka i córka mają razem {together:year}. Za {years:year} matka będzie dokładnie {times:age_times} "
                "starsza od córki. Ile lat ma teraz córka?",
                "Suma wieku ojca i wieku syna wynosi {together:year}. Za {years:year} wiek ojca będzie "
                "{times:age_times} większy od wieku syna. Ile lat ma dziś syn?",
            ),
            solution="Za {years:year} oboje będą mieli razem {together} + 2 * {years} = {together_then:year}, bo lat "
            "przybywa każdemu. Wiek rodzica będzie wtedy {times:age_times} większy od wieku dziecka, a suma obu będzie "
            "{times} + 1 = {parts:age_times} większa od wieku dziecka, które będzie wtedy miało {together_then} ÷ "
            "{parts} = {child_then:year}. Dzisiaj ma zatem {child_then} - {years} = {result:year}.",
        ),
        "nl": Wording(
            problems=(
                "Een moeder en haar dochter zijn samen {together} jaar oud. Over {years} jaar is de moeder precies "
                "{times} keer zo oud als haar dochter. Hoe oud is de dochter nu?",
                "Wie de leeftijd van een vader en die van zijn zoon optelt, krijgt {together} jaar. Als er nog "
                "{years} jaar verstreken zijn, is de leeftijd van de vader {times} keer die van de zoon. Hoe oud is "
                "de zoon vandaag?",
            ),
            solution="Over {years} jaar zijn de twee samen {together} + 2 * {years} = {together_then} jaar oud, want "
            "ze worden allebei ouder. Dan is de ouder {times} keer zo oud als het kind en zijn ze samen {times} + 1 = "
            "{parts} keer zo oud als het kind, dat dan {together_then} ÷ {parts} = {child_then} jaar is. Vandaag is "
            "het kind dus {child_then} - {years} = {result:year} oud.",
        ),
        "la": Wording(
            problems=(
                "Mater et filia simul {together} annos natae sunt. Post {years} annos aetas filiae, per {times} "
                "multiplicata, aetatem matris aequabit. Quot annos filia nunc nata est?",
                "Si aetas patris et aetas filii in unum computantur, {together} anni efficiuntur. Cum {years} anni "
                "praeterierint, aetas filii, per {times} multiplicata, aetas patris erit. Quot annos filius hodie "
                "natus est?",
            ),
            solution="Post {years} annos ambo simul {together} + 2 * {years} = {together_then} annos habebunt, quia "
            "uterque senescit. Tum aetas parentis ex aetate prolis per {times} multiplicata fiet, ambae simul per "
            "{times} + 1 = {parts} multiplicata; itaque aetas prolis erit {together_then} ÷ {parts} = {child_then} "
            "annorum. Hodie ergo proli sunt {child_then} - {years} = {result:year}.",
        ),
    },
    trace=Trace(
        given="together {together} years now; in {years} years the parent is {times} times as old as the child",
        sought="the child's age now",
        insight="both grow older, so the sum grows by twice the years; then it is shared as {times} to 1",
        steps=(
            "sum then → {together} + 2 * {years} = {together_then}",
            "parts → {times} + 1 = {parts}",
            "child then → {together_then} ÷ {parts} = {child_then}",
            "child now → {child_then} - {years} = {result:year}",
        ),
        checks=(
            "parent now: {together} - {result} = {parent}",
            "in {years} years: {parent} + {years} = {parent_then} AND {times} * {child_then} = {parent_then}",
        ),
    ),
    mistakes=(
        Mistake(
            name="forgets_to_go_back",
            says="gives the child's age at the later time",
            result=lambda values: int(_solve_ages(values)) + values["years"],
        ),
        Mistake(
            name="gives_the_parent",
            says="gives the parent's age now",
            result=lambda values: int(values["together"] - _solve_ages(values)),
        ),
        Mistake(
            name="divides_the_present_sum",
            says="takes the ratio of the later time for the present one",
            result=lambda values: int(values["together"] / (values["times"] + 1)),
        ),
        Mistake(
            name="ages_only_one",
            says="adds the years to the sum only once, as if one of the two did not grow older",
            result=lambda values: int((values["together"] + values["years"]) / (values["times"] + 1)) - values["years"],
        ),
        Mistake(
            name="forgets_one_part",
            says="divides the later sum by the ratio, not by one part more",
            result=lambda values: int((values["together"] + 2 * values["years"]) / values["times"]) - values["years"],
        ),
    ),
)
