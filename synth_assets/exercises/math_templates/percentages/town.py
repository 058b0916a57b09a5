"""A share of something that grows, when its part grows at another rate."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_town(rng: Random, difficulty: str) -> Values:
    if difficulty == "easy":
        return {
            "share": 5 * rng.randint(2, 10),
            "growth": rng.choice((20, 25, 40, 50, 60)),
            "part": 5 * rng.randint(1, 18),
        }
    if difficulty == "medium":
        return {
            "share": rng.randint(6, 50),
            "growth": rng.choice((10, 12, 15, 20, 25, 28)),
            "part": 2 * rng.randint(1, 55),
        }
    return {
        "share": Fraction(rng.randint(31, 440), 10),
        "growth": rng.choice((4, 5, 8, 10, 12, 14, 15, 16, 18, 22, 24, 25, 30, 32, 35)),
        "part": rng.randint(3, 110),
    }


def _town_workings(values: Values) -> Values:
    part_then = Fraction(values["share"] * (100 + values["part"]), 100)
    whole_then = 100 + values["growth"]
    return {
        "part_then": part_then,
        "whole_then": whole_then,
        "others_then": whole_then - part_then,
        "others_share": 100 * (whole_then - part_then) / whole_then,
    }


def _solve_town(values: Values) -> Fraction:
    workings = _town_workings(values)
    return 100 * Fraction(workings["part_then"]) / workings["whole_then"]


def _town_holds(values: Values) -> bool:
    result = _solve_town(values)
    readable = (10 * result).denominator == 1 and (100 * Fraction(_town_workings(values)["part_then"])).denominator == 1
    # a share beyond 100 % would give the mistake of adding away
    possible = values["share"] + values["part"] < 100
    return readable and possible and abs(result - values["share"]) >= 1 and values["part"] != values["growth"]


def _check_town(values: Values, result: Fraction) -> bool:
    """The part and the others, each grown by itself, are to each other as the result to 100 less it."""
    part = values["share"] + Fraction(values["share"] * values["part"], 100)
    others = 100 - values["share"] + values["growth"] - (part - values["share"])
    return part * (100 - result) == others * result


TOWN = Template(
    id="percentages.town",
    family="percentages",
    unit="pct",
    draw=_draw_town,
    holds=_town_holds,
    solve=_solve_town,
    check=_check_town,
    workings=_town_workings,
    texts={
        "en": Wording(
            problems=(
                "In a town {share:pct} of the inhabitants held a library card. Since then the number of inhabitants "
                "has grown by {growth:pct}, and the number of card holders by {part:pct}. What percentage of the "
                "inhabitants hold a library card now?",
                "In an orchard {share:pct} of the trees were pear trees. Ten years of planting have raised the "
                "number of trees by {growth:pct} and the number of pear trees by {part:pct}. What per cent of the "
                "trees are pear trees today?",
            ),
            solution="Imagine 100 at first, {share} of them in the part that is asked for. The part grows to {share} "
            "* (100 + {part}) ÷ 100 = {part_then}, the whole to {whole_then} in the same time. The new share is "
            "{part_then} ÷ {whole_then} * 100 = {result:pct}.",
        ),
        "fr": Wording(
            problems=(
                "Dans une ville, {share:pct} des habitants possédaient une carte de bibliothèque. Depuis, le nombre "
                "d'habitants a augmenté de {growth:pct} et celui des titulaires de la carte de {part:pct}. Quel "
                "pourcentage des habitants possède maintenant une carte de bibliothèque ?",
                "Dans un verger, {share:pct} des arbres étaient des poiriers. Après des années de plantation, le "
                "nombre d'arbres a crû de {growth:pct} et celui des poiriers de {part:pct}. Quel pourcentage des "
                "arbres les poiriers représentent-ils aujourd'hui ?",
            ),
            solution="Imaginons qu'au début il y en ait 100 en tout, dont {share} dans la partie considérée. Cette "
            "partie passe à {share} * (100 + {part}) ÷ 100 = {part_then} et l'ensemble, dans le même temps, à "
            "{whole_then} exactement. La nouvelle part est de {part_then} ÷ {whole_then} * 100 = {result:pct}.",
        ),
        "de": Wording(
            problems=(
                "In einer Stadt besaßen {share:pct} der Einwohner einen Bibliotheksausweis. Seitdem ist die "
                "Einwohnerzahl um {growth:pct} gewachsen, die Zahl der Ausweisinhaber um {part:pct}. Wie viel "
                "Prozent der Einwohner besitzen jetzt einen Bibliotheksausweis?",
                "In einem Obstgarten waren {share:pct} der Bäume Birnbäume. Durch jahrelanges Pflanzen ist die Zahl "
                "der Bäume um {growth:pct} gestiegen, die der Birnbäume um {part:pct}. Wie viel Prozent der Bäume "
                "sind heute Birnbäume?",
            ),
            solution="Man denke sich anfangs 100 im Ganzen, davon {share} im gesuchten Teil. Der Teil wächst auf "
            "{share} * (100 + {part}) ÷ 100 = {part_then}, das Ganze in derselben Zeit auf {whole_then} an. Der neue "
            "Anteil beträgt {part_then} ÷ {whole_then} * 100 = {result:pct}.",
        ),
        "it": Wording(
            problems=(
                "In una città {share:il+pct} degli abitanti aveva la tessera della biblioteca. Da allora il numero "
                "degli abitanti è cresciuto {growth:del+pct} e quello dei possessori della tessera {part:del+pct}. "
                "Quale percentuale degli abitanti ha ora la tessera della biblioteca?",
                "In un frutteto {share:il+pct} degli alberi era costituito da peri. Dopo anni di nuove piantagioni "
                "il numero degli alberi è aumentato {growth:del+pct} e quello dei peri {part:del+pct}. Quale "
                "percentuale degli alberi è oggi costituita da peri?",
            ),
            solution="Immaginiamo che all'inizio siano 100 in tutto, di cui {share} nella parte considerata. La "
            "parte diventa {share} * (100 + {part}) ÷ 100 = {part_then} e l'insieme, nello stesso tempo, "
            "{whole_then} in totale. La nuova quota è {part_then} ÷ {whole_then} * 100 = {result:pct}.",
        ),
        "es": Wording(
            problems=(
                "En una ciudad, el {share:pct} de los habitantes tenía carné de biblioteca. Desde entonces, el "
                "número de habitantes ha crecido un {growth:pct} y el de titulares del carné, un {part:pct}. ¿Qué "
                "porcentaje de los habitantes tiene ahora carné de biblioteca?",
                "En un huerto, el {share:pct} de los árboles eran perales. Tras años de plantación, el número de "
                "árboles ha aumentado un {growth:pct} y el de perales, un {part:pct}. ¿Qué porcentaje de los árboles "
                "son hoy perales?",
            ),
            solution="Imaginemos que al principio son 100 en total, {share} de ellos en la parte considerada. La "
            "parte pasa a ser {share} * (100 + {part}) ÷ 100 = {part_then} y el conjunto, en el mismo tiempo, "
            "{whole_then} en total. La nueva cuota es {part_then} ÷ {whole_then} * 100 = {result:pct}.",
        ),
        "pl": Wording(
            problems=(
                "W pewnym mieście {share:pct} mieszkańców miało kartę biblioteczną. Od tego czasu liczba mieszkańców "
                "wzrosła o {growth:pct}, a liczba posiadaczy karty o {part:pct}. Jaki procent mieszkańców ma teraz "
                "kartę biblioteczną?",
                "W sadzie {share:pct} drzew stanowiły grusze. Po latach sadzenia liczba drzew wzrosła o "
                "{growth:pct}, a liczba grusz o {part:pct}. Jaki procent drzew stanowią dziś grusze?",
            ),
            solution="Wyobraźmy sobie na początku 100 jako całość i {share} jako badaną część. Część rośnie do "
            "{share} * (100 + {part}) ÷ 100 = {part_then}, a całość w tym samym czasie do {whole_then}. Nowy udział "
            "wynosi {part_then} ÷ {whole_then} * 100 = {result:pct}.",
        ),
        "nl": Wording(
            problems=(
                "In een stad had {share:pct} van de inwoners een bibliotheekpas. Sindsdien is het aantal inwoners "
                "met {growth:pct} gegroeid en het aantal pashouders met {part:pct}. Hoeveel procent van de inwoners "
                "heeft nu een bibliotheekpas?",
                "In een boomgaard was {share:pct} van de bomen een perenboom. Door jarenlang planten is het aantal "
                "bomen met {growth:pct} toegenomen en het aantal perenbomen met {part:pct}. Hoeveel procent van de "
                "bomen is nu een perenboom?",
            ),
            solution="Stel je er in het begin 100 voor, waarvan {share} in het gevraagde deel. Dat deel groeit tot "
            "{share} * (100 + {part}) ÷ 100 = {part_then} en het geheel in dezelfde tijd tot {whole_then}. Het "
            "nieuwe aandeel is {part_then} ÷ {whole_then} * 100 = {result:pct}.",
        ),
        "la": Wording(
            problems=(
                "In oppido quodam {share:pct} incolarum tesseram bibliothecae habebant. Ex eo tempore numerus "
                "incolarum {growth:pct} crevit, numerus autem eorum, qui tesseram habent, {part:pct} crevit. Quot "
                "centesimae incolarum nunc tesseram bibliothecae habent?",
                "In pomario {share:pct} arborum piri erant. Multis annis serendo numerus arborum {growth:pct} auctus "
                "est, numerus pirorum {part:pct}. Quot centesimae arborum hodie piri sunt?",
            ),
            solution="Fingamus initio 100 omnino fuisse, quorum {share} ad partem quaesitam pertineant. Pars crescit "
            "ad {share} * (100 + {part}) ÷ 100 = {part_then}, totum eodem tempore ad {whole_then} augetur. Nova ergo "
            "pars est {part_then} ÷ {whole_then} * 100 = {result:pct}.",
        ),
    },
    trace=Trace(
        given="part {share:pct} at first; the whole grows by {growth:pct}, the part by {part:pct}",
        sought="the part in per cent of the new whole",
        insight="choose 100 for the whole; then part and whole can be followed separately",
        steps=(
            "part → {share} * (100 + {part}) ÷ 100 = {part_then}",
            "whole → 100 + {growth} = {whole_then}",
            "new share → {part_then} ÷ {whole_then} * 100 = {result:pct}",
        ),
        checks=(
            "the others: {whole_then} - {part_then} = {others_then}, which is {others_share:pct} of {whole_then}",
            "{result} + {others_share} = 100",
        ),
    ),
    mistakes=(
        Mistake(
            name="adds_the_growth_of_the_part",
            says="adds the growth of the part to its share",
            result=lambda values: values["share"] + values["part"],
        ),
        Mistake(
            name="forgets_the_growth_of_the_whole",
            says="lets the part grow, but compares it with the old whole",
            result=lambda values: round(Fraction(_town_workings(values)["part_then"]), 1),
        ),
        Mistake(
            name="adds_the_difference",
            says="adds the difference of the two growth rates to the share",
            result=lambda values: values["share"] + values["part"] - values["growth"],
        ),
        Mistake(
            name="takes_the_difference_as_growth",
            says="lets the share grow by the difference of the two rates",
            result=lambda values: round(Fraction(values["share"] * (100 + values["part"] - values["growth"]), 100), 1),
        ),
        Mistake(
            name="swaps_the_growth_rates",
            says="applies the growth of the whole to the part and the other way round",
            result=lambda values: round(
                Fraction(values["share"] * (100 + values["growth"])) / (100 + values["part"]), 1
            ),
        ),
    ),
)
