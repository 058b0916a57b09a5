"""Counting selections."""

from fractions import Fraction
from itertools import combinations
from math import comb, perm
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_committee(rng: Random, difficulty: str) -> Values:
    least, most, chosen = {"easy": (3, 10, 2), "medium": (5, 12, 3), "hard": (7, 16, 4)}[difficulty]
    return {
        "women": rng.randint(least, most),
        "men": rng.randint(least, most),
        "w": rng.randint(1, chosen),
        "m": rng.randint(1, chosen),
    }


def _committee_holds(values: Values) -> bool:
    # one of one kind alone would make half of the problem empty
    return values["w"] < values["women"] and values["m"] < values["men"] and values["w"] + values["m"] > 2


def _solve_committee(values: Values) -> int:
    return comb(values["women"], values["w"]) * comb(values["men"], values["m"])


def _committee_workings(values: Values) -> Values:
    return {
        "ways_w": comb(values["women"], values["w"]),
        "ways_m": comb(values["men"], values["m"]),
        "left_w": values["women"] - values["w"],
        "left_m": values["men"] - values["m"],
    }


def _check_committee(values: Values, result: Fraction) -> bool:
    """Every choice of the women, and of the men, is listed and counted."""
    listed = [sum(1 for _ in combinations(range(values[of]), values[k])) for of, k in (("women", "w"), ("men", "m"))]
    return result == listed[0] * listed[1]


COMMITTEE = Template(
    id="counting.committee",
    family="counting",
    unit="committee",
    draw=_draw_committee,
    holds=_committee_holds,
    solve=_solve_committee,
    check=_check_committee,
    workings=_committee_workings,
    texts={
        "en": Wording(
            problems=(
                "From a group of {women:woman} and {men:man}, a committee of {w:woman} and {m:man} is to be chosen. "
                "How many different committees are possible?",
                "In a club, {women:woman} and {men:man} are willing to serve on a committee that is to consist of "
                "{w:woman} and {m:man}. How many different committees can be formed?",
            ),
            solution="For the women there are C({women}, {w}) = {ways_w} possible choices, for the men C({men}, {m}) "
            "= {ways_m}. Every choice of the women can be combined with every choice of the men. That makes {ways_w} "
            "* {ways_m} = {result:committee}.",
        ),
        "fr": Wording(
            problems=(
                "Dans un groupe de {women:woman} et {men:man}, on veut former un comité de {w:woman} et {m:man}. "
                "Combien de comités différents sont possibles ?",
                "Dans une association, {women:woman} et {men:man} sont prêts à siéger dans un comité qui doit se "
                "composer de {w:woman} et {m:man}. Combien de comités différents peut-on former ?",
            ),
            solution="Pour les femmes, le nombre de choix est C({women}, {w}) = {ways_w} ; pour les hommes, il est "
            "C({men}, {m}) = {ways_m}. Chaque choix de femmes peut se combiner avec chaque choix d'hommes. On obtient "
            "donc {ways_w} * {ways_m} = {result:committee}.",
        ),
        "de": Wording(
            problems=(
                "Aus einer Gruppe von {women:woman} und {men:man.dat} soll ein Ausschuss aus {w:woman} und "
                "{m:man.dat} gewählt werden. Wie viele verschiedene Ausschüsse sind möglich?",
                "In einem Verein stellen sich {women:woman} und {men:man} für einen Ausschuss zur Verfügung, der aus "
                "{w:woman} und {m:man.dat} bestehen soll. Wie viele verschiedene Ausschüsse lassen sich bilden?",
            ),
            solution="Für die Frauen gibt es C({women}, {w}) = {ways_w} Möglichkeiten, für die Männer C({men}, {m}) = "
            "{ways_m}. Jede Auswahl der Frauen lässt sich mit jeder Auswahl der Männer verbinden. Das ergibt {ways_w} "
            "* {ways_m} = {result:committee}.",
        ),
        "it": Wording(
            problems=(
                "Da un gruppo di {women:woman} e {men:man} si deve scegliere un comitato di {w:woman} e {m:man}. "
                "Quanti comitati diversi sono possibili?",
                "In un'associazione {women:woman} e {men:man} sono disponibili a far parte di un comitato, che deve "
                "essere composto da {w:woman} e {m:man}. Quanti comitati diversi si possono formare?",
            ),
            solution="Per le donne le scelte possibili sono C({women}, {w}) = {ways_w}, per gli uomini C({men}, {m}) "
            "= {ways_m}. Ogni scelta delle donne si può combinare con ogni scelta degli uomini. Si ottengono così "
            "{ways_w} * {ways_m} = {result:committee}.",
        ),
        "es": Wording(
            problems=(
                "De un grupo de {women:woman} y {men:man} hay que elegir un comité formado por {w:woman} y {m:man}. "
                "¿Cuántos comités distintos son posibles?",
                "En una asociación, {women:woman} y {men:man} están dispuestos a formar parte de un comité que debe "
                "constar de {w:woman} y {m:man}. ¿Cuántos comités distintos se pueden formar?",
            ),
            solution="Para las mujeres hay C({women}, {w}) = {ways_w} elecciones posibles y para los hombres, "
            "C({men}, {m}) = {ways_m}. Cada elección de mujeres puede combinarse con cada elección de hombres. "
            "Resultan {ways_w} * {ways_m} = {result:committee}.",
        ),
        "pl": Wording(
            problems=(
                "Z grupy liczącej {women:woman.acc} i {men:man.acc} trzeba wybrać komisję złożoną z {w:woman.gen} i "
                "{m:man.gen}. Ile różnych komisji można utworzyć?",
                "W stowarzyszeniu liczba chętnych kobiet wynosi {women}, a liczba chętnych mężczyzn {men}. Komisja ma "
                "się składać z {w:woman.gen} i {m:man.gen}. Ile jest możliwych składów komisji?",
            ),
            solution="Liczba sposobów wyboru kobiet wynosi C({women}, {w}) = {ways_w}, a mężczyzn C({men}, {m}) = "
            "{ways_m}. Każdy wybór kobiet można połączyć z każdym wyborem mężczyzn. Daje to {ways_w} * {ways_m} = "
            "{result:committee}.",
        ),
        "nl": Wording(
            problems=(
                "Uit een groep van {women:woman} en {men:man} moet een commissie van {w:woman} en {m:man} worden "
                "gekozen. Hoeveel verschillende commissies zijn er mogelijk?",
                "In een vereniging zijn {women:woman} en {men:man} bereid zitting te nemen in een commissie, die uit "
                "{w:woman} en {m:man} moet bestaan. Hoeveel verschillende commissies kunnen er worden gevormd?",
            ),
            solution="Voor de vrouwen zijn er C({women}, {w}) = {ways_w} mogelijkheden, voor de mannen C({men}, {m}) "
            "= {ways_m}. Elke keuze van vrouwen kan met elke keuze van mannen worden gecombineerd. Dat geeft {ways_w} "
            "* {ways_m} = {result:committee}.",
        ),
        "la": Wording(
            problems=(
                "Ex {women:woman.abl} et {men:man.abl} consilium eligendum est, quod {w:woman.acc} et {m:man.acc} "
                "habeat. Quot consilia diversa fieri possunt?",
                "In sodalitate {women:woman} et {men:man} parati sunt consilio interesse. Consilium ex {w:woman.abl} "
                "et {m:man.abl} constare debet. Quot consilia diversa constitui possunt?",
            ),
            solution="Feminae C({women}, {w}) = {ways_w} modis eligi possunt, viri autem C({men}, {m}) = {ways_m} "
            "modis. Unaquaeque electio feminarum cum unaquaque electione virorum coniungi potest. Itaque fiunt "
            "{ways_w} * {ways_m} = {result:committee}.",
        ),
    },
    trace=Trace(
        given="{women:woman} and {men:man}; to be chosen: {w:woman} and {m:man}",
        sought="number of different committees",
        insight="order does not matter within either group; the two choices are independent, so their numbers multiply",
        steps=(
            "women → C({women}, {w}) = {ways_w}",
            "men → C({men}, {m}) = {ways_m}",
            "both → {ways_w} * {ways_m} = {result:committee}",
        ),
        checks=(
            "choosing who stays out gives the same: C({women}, {left_w}) = {ways_w} AND C({men}, {left_m}) = {ways_m}",
            "{result} ÷ {ways_m} = {ways_w}",
        ),
    ),
    mistakes=(
        Mistake(
            name="adds_the_choices",
            says="adds the numbers of choices instead of multiplying them",
            result=lambda values: _committee_workings(values)["ways_w"] + _committee_workings(values)["ways_m"],
        ),
        Mistake(
            name="ignores_the_groups",
            says="chooses the whole committee from everybody, whoever they are",
            result=lambda values: comb(values["women"] + values["men"], values["w"] + values["m"]),
        ),
        Mistake(
            name="minds_the_order",
            says="counts the same people in another order as another committee",
            result=lambda values: perm(values["women"], values["w"]) * perm(values["men"], values["m"]),
        ),
        Mistake(
            name="multiplies_heads_by_seats",
            says="multiplies heads by seats in each group instead of counting choices",
            result=lambda values: values["women"] * values["w"] * values["men"] * values["m"],
        ),
        Mistake(
            name="forgets_the_men",
            says="counts the choices of the women only",
            result=lambda values: _committee_workings(values)["ways_w"],
        ),
        Mistake(
            name="forgets_the_women",
            says="counts the choices of the men only",
            result=lambda values: _committee_workings(values)["ways_m"],
        ),
    ),
)
