"""Counting choices of which one may be left out, but not both."""

from fractions import Fraction
from itertools import product
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_menus(rng: Random, difficulty: str) -> Values:
    least, most = {"easy": (2, 6), "medium": (5, 12), "hard": (9, 25)}[difficulty]
    return {
        "starters": rng.randint(least, most),
        "mains": rng.randint(least, most + 2),
        "desserts": rng.randint(least, most),
    }


def _menus_holds(values: Values) -> bool:
    # with two of each, leaving out the full meals and counting nothing else come to the same number
    return values["starters"] + values["desserts"] > 4


def _solve_menus(values: Values) -> int:
    return values["mains"] * ((values["starters"] + 1) * (values["desserts"] + 1) - 1)


def _menus_workings(values: Values) -> Values:
    starters, mains, desserts = values["starters"], values["mains"], values["desserts"]
    return {
        "starters_or_none": starters + 1,
        "desserts_or_none": desserts + 1,
        "with_none": (starters + 1) * (desserts + 1),
        "extras": (starters + 1) * (desserts + 1) - 1,
        "only_starter": mains * starters,
        "only_dessert": mains * desserts,
        "full": mains * starters * desserts,
    }


def _check_menus(values: Values, result: Fraction) -> bool:
    """Every meal is put together and counted; 0 stands for a course that is left out."""
    courses = (range(values["starters"] + 1), range(1, values["mains"] + 1), range(values["desserts"] + 1))
    return result == sum(1 for starter, _, dessert in product(*courses) if starter or dessert)


MENUS = Template(
    id="counting.menus",
    family="counting",
    unit="menu_meal",
    draw=_draw_menus,
    holds=_menus_holds,
    solve=_solve_menus,
    check=_check_menus,
    workings=_menus_workings,
    texts={
        "en": Wording(
            problems=(
                "A restaurant offers {starters:menu_starter}, {mains:menu_main} and {desserts:menu_dessert}. A guest "
                "orders a main course and, to go with it, a starter or a dessert or both. How many different meals are "
                "possible?",
                "The canteen of a factory has {starters:menu_starter}, {mains:menu_main} and {desserts:menu_dessert} "
                "on its list. Everyone takes exactly one main course; either the starter or the dessert may be left "
                "out, but not both. How many different meals can be put together?",
            ),
            solution="Counting “none” as a choice, there are {starters} + 1 = {starters_or_none} possibilities for the "
            "starter and {desserts} + 1 = {desserts_or_none} for the dessert. Of the {starters_or_none} * "
            "{desserts_or_none} = {with_none} combinations, the one with neither is not allowed, which leaves "
            "{with_none} - 1 = {extras}. Each of them goes with every main course, so there are {mains} * {extras} = "
            "{result:menu_meal}.",
        ),
        "fr": Wording(
            problems=(
                "Un restaurant propose {starters:menu_starter}, {mains:menu_main} et {desserts:menu_dessert}. Un "
                "client commande un plat et, pour l'accompagner, une entrée ou un dessert, ou bien les deux. Combien "
                "de repas différents sont possibles ?",
                "À la cantine d'une usine, on a le choix entre {starters:menu_starter}, {mains:menu_main} et "
                "{desserts:menu_dessert}. Chacun prend exactement un plat ; il peut renoncer à l'entrée ou au dessert, "
                "mais pas aux deux. Combien de repas différents peut-on composer ?",
            ),
            solution="Si l'on compte «\u00a0rien\u00a0» parmi les choix, il y a {starters} + 1 = {starters_or_none} "
            "possibilités pour l'entrée et {desserts} + 1 = {desserts_or_none} pour le dessert. Parmi les "
            "{starters_or_none} * {desserts_or_none} = {with_none} combinaisons, celle qui n'a ni l'un ni l'autre est "
            "exclue : il en reste {with_none} - 1 = {extras}. Chacune va avec chaque plat, ce qui donne {mains} * "
            "{extras} = {result:menu_meal}.",
        ),
        "de": Wording(
            problems=(
                "Ein Restaurant bietet {starters:menu_starter}, {mains:menu_main} und {desserts:menu_dessert} an. Ein "
                "Gast bestellt ein Hauptgericht und dazu eine Vorspeise, eine Nachspeise oder beides. Wie viele "
                "verschiedene Menüs sind möglich?",
                "In der Kantine einer Fabrik stehen {starters:menu_starter}, {mains:menu_main} und "
                "{desserts:menu_dessert} auf der Karte. Jeder nimmt genau ein Hauptgericht; auf die Vorspeise oder auf "
                "die Nachspeise darf man verzichten, aber nicht auf beide. Wie viele verschiedene Menüs lassen sich "
                "zusammenstellen?",
            ),
            solution="Zählt man „keine“ als Möglichkeit mit, so gibt es für die Vorspeise {starters} + 1 = "
            "{starters_or_none} und für die Nachspeise {desserts} + 1 = {desserts_or_none} Möglichkeiten. Von den "
            "{starters_or_none} * {desserts_or_none} = {with_none} Kombinationen ist die eine ohne beides nicht "
            "erlaubt, also bleiben {with_none} - 1 = {extras}. Jede davon passt zu jedem Hauptgericht, das ergibt "
            "{mains} * {extras} = {result:menu_meal}.",
        ),
        "it": Wording(
            problems=(
                "Un ristorante offre {starters:menu_starter}, {mains:menu_main} e {desserts:menu_dessert}. Un cliente "
                "ordina un secondo e, insieme a questo, un antipasto o un dolce oppure entrambi. Quanti pasti diversi "
                "sono possibili?",
                "Nella mensa di una fabbrica si può scegliere fra {starters:menu_starter}, {mains:menu_main} e "
                "{desserts:menu_dessert}. Ognuno prende esattamente un secondo; può rinunciare all'antipasto o al "
                "dolce, ma non a tutti e due. Quanti pasti diversi si possono comporre?",
            ),
            solution="Se si conta anche «nessuno» tra le scelte, le possibilità sono {starters} + 1 = "
            "{starters_or_none} per l'antipasto e {desserts} + 1 = {desserts_or_none} per il dolce. Delle "
            "{starters_or_none} * {desserts_or_none} = {with_none} combinazioni non è ammessa quella senza né l'uno né "
            "l'altro: ne restano {with_none} - 1 = {extras}. Ciascuna si abbina a ogni secondo e si ottengono così "
            "{mains} * {extras} = {result:menu_meal}.",
        ),
        "es": Wording(
            problems=(
                "Un restaurante ofrece {starters:menu_starter}, {mains:menu_main} y {desserts:menu_dessert}. Un "
                "cliente pide un plato principal y, para acompañarlo, un entrante o un postre, o bien las dos cosas. "
                "¿Cuántos menús distintos son posibles?",
                "En el comedor de una fábrica se puede elegir entre {starters:menu_starter}, {mains:menu_main} y "
                "{desserts:menu_dessert}. Cada uno toma exactamente un plato principal; se puede renunciar al entrante "
                "o al postre, pero no a ambos. ¿Cuántos menús distintos se pueden componer?",
            ),
            solution="Si se cuenta «ninguno» como una opción más, hay {starters} + 1 = {starters_or_none} "
            "posibilidades para el entrante y {desserts} + 1 = {desserts_or_none} para el postre. De las "
            "{starters_or_none} * {desserts_or_none} = {with_none} combinaciones no vale la que carece de los dos, así "
            "que quedan {with_none} - 1 = {extras}. Cada una va con cada plato principal, lo que da {mains} * {extras} "
            "= {result:menu_meal}.",
        ),
        "pl": Wording(
            problems=(
                "Restauracja oferuje {starters:menu_starter.acc}, {mains:menu_main} i {desserts:menu_dessert}. Gość "
                "zamawia danie główne, a do niego przystawkę lub deser, lub jedno i drugie. Ile różnych zestawów jest "
                "możliwych?",
                "Stołówka w fabryce ma w karcie {starters:menu_starter.acc}, {mains:menu_main} i "
                "{desserts:menu_dessert}. Każdy bierze dokładnie jedno danie główne; można zrezygnować z przystawki "
                "albo z deseru, ale nie z obu naraz. Ile różnych zestawów można ułożyć?",
            ),
            solution="Jeśli brak przystawki i brak deseru też uznać za wybór, to przystawkę można wybrać na {starters} "
            "+ 1 = {starters_or_none:count_way}, a deser na {desserts} + 1 = {desserts_or_none:count_way}. Wśród "
            "{starters_or_none} * {desserts_or_none} = {with_none} kombinacji niedozwolona jest ta jedna, w której "
            "brakuje i przystawki, i deseru; po jej odjęciu mamy {with_none} - 1 = {extras}. Każdą z nich można "
            "połączyć z każdym daniem głównym, co daje {mains} * {extras} = {result:menu_meal}.",
        ),
        "nl": Wording(
            problems=(
                "Een restaurant biedt {starters:menu_starter}, {mains:menu_main} en {desserts:menu_dessert} aan. Een "
                "gast bestelt een hoofdgerecht en daarbij een voorgerecht of een nagerecht of allebei. Hoeveel "
                "verschillende maaltijden zijn er mogelijk?",
                "In de kantine van een fabriek staan {starters:menu_starter}, {mains:menu_main} en "
                "{desserts:menu_dessert} op de kaart. Iedereen neemt precies één hoofdgerecht; het voorgerecht of het "
                "nagerecht mag men weglaten, maar niet allebei. Hoeveel verschillende maaltijden kan men samenstellen?",
            ),
            solution="Als “geen” ook als keuze telt, zijn er {starters} + 1 = {starters_or_none} mogelijkheden voor "
            "het voorgerecht en {desserts} + 1 = {desserts_or_none} voor het nagerecht. Van de {starters_or_none} * "
            "{desserts_or_none} = {with_none} combinaties is die zonder beide niet toegestaan, dus er blijven "
            "{with_none} - 1 = {extras} over. Elk daarvan past bij elk hoofdgerecht, en dat geeft {mains} * {extras} = "
            "{result:menu_meal}.",
        ),
        "la": Wording(
            problems=(
                "In caupona {starters:menu_starter}, {mains:menu_main}, {desserts:menu_dessert} praebentur. Hospes "
                "unum ferculum poscit et praeterea aut gustationem aut placentam aut utramque. Quot cenae diversae "
                "fieri possunt?",
                "Caupo hospitibus {starters:menu_starter.acc}, {mains:menu_main.acc}, {desserts:menu_dessert.acc} "
                "proponit. Quisque unum ferculum sumit; licet aut gustationem aut placentam omittere, sed non "
                "utramque. Quot cenae diversae componi possunt?",
            ),
            solution="Si etiam is numeratur qui nihil sumit, gustatio {starters} + 1 = {starters_or_none} modis, "
            "placenta {desserts} + 1 = {desserts_or_none} modis eligi potest. Ex his {starters_or_none} * "
            "{desserts_or_none} = {with_none} coniunctionibus una excluditur, in qua utraque deest; restant "
            "{with_none} - 1 = {extras}. Unaquaeque cum unoquoque ferculo coniungi potest, unde fiunt {mains} * "
            "{extras} = {result:menu_meal}.",
        ),
    },
    trace=Trace(
        given="{starters:menu_starter}, {mains:menu_main}, {desserts:menu_dessert}; a meal is a main course with a "
        "starter, a dessert or both",
        sought="number of different meals",
        insight="“none” is one more choice for starter and for dessert; only the pair none and none is excluded",
        steps=(
            "starter or none → {starters} + 1 = {starters_or_none}",
            "dessert or none → {desserts} + 1 = {desserts_or_none}",
            "pairs without none and none → {starters_or_none} * {desserts_or_none} - 1 = {extras}",
            "with a main course → {mains} * {extras} = {result:menu_meal}",
        ),
        checks=(
            "starter only: {mains} * {starters} = {only_starter}; dessert only: {mains} * {desserts} = {only_dessert}",
            "all three courses: {mains} * {starters} * {desserts} = {full}",
            "{only_starter} + {only_dessert} + {full} = {result:menu_meal}",
        ),
    ),
    mistakes=(
        Mistake(
            name="only_full_meals",
            says="multiplies the three numbers and so counts only the meals with all three courses",
            result=lambda values: values["starters"] * values["mains"] * values["desserts"],
        ),
        Mistake(
            name="forgets_full_meals",
            says="counts the meals with a starter and those with a dessert, but none with both",
            result=lambda values: values["mains"] * (values["starters"] + values["desserts"]),
        ),
        Mistake(
            name="allows_main_alone",
            says="counts the main course without anything as a meal too",
            result=lambda values: values["mains"] * (values["starters"] + 1) * (values["desserts"] + 1),
        ),
        Mistake(
            name="adds_instead",
            says="adds the numbers of dishes instead of multiplying them",
            result=lambda values: values["starters"] + values["mains"] + values["desserts"],
        ),
        Mistake(
            name="excludes_one_meal",
            says="takes away one meal in all instead of one for every main course",
            result=lambda values: values["mains"] * (values["starters"] + 1) * (values["desserts"] + 1) - 1,
        ),
    ),
)
