"""Ratios and proportional shares."""

from fractions import Fraction
from math import gcd, lcm
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_newcomers(rng: Random, difficulty: str) -> Values:
    most, largest_part = {"easy": (6, 12), "medium": (9, 15), "hard": (16, 20)}[difficulty]
    least = {"easy": 2, "medium": 2, "hard": 4}[difficulty]
    a, b, c, d = (rng.randint(least, most) for _ in range(4))
    common = lcm(a, c)
    joined = (common // c * d - common // a * b) * rng.randint(1, largest_part)
    return {"a": a, "b": b, "n": joined, "c": c, "d": d}


def _newcomers_workings(values: Values) -> Values:
    common = lcm(values["a"], values["c"])
    before, after = common // values["a"] * values["b"], common // values["c"] * values["d"]
    return {
        "adults": common,
        "before": before,
        "after": after,
        "gap": after - before,
        "parts": common + before,
        "part": Fraction(values["n"], after - before),
    }


def _solve_newcomers(values: Values) -> Fraction:
    workings = _newcomers_workings(values)
    return workings["parts"] * workings["part"]


def _newcomers_hold(values: Values) -> bool:
    a, b, c, d, n = (values[name] for name in "abcdn")
    lowest = gcd(a, b) == 1 and gcd(c, d) == 1
    # children that join raise their part of the ratio; a gap or a part of 1 leaves nothing to divide or multiply
    grows = a * d > b * c and 1 < _newcomers_workings(values)["gap"] < n
    return lowest and grows and 2 <= n <= 160 and 10 <= _solve_newcomers(values) <= 700


def _check_newcomers(values: Values, result: Fraction) -> bool:
    """Adults and children of the first ratio, counted out, are in the second one once the others have joined."""
    adults = result * values["a"] / (values["a"] + values["b"])
    children = result - adults + values["n"]
    return adults.denominator == 1 and adults * values["d"] == children * values["c"]


def _joined_parts(values: Values) -> Fraction:
    return Fraction(values["n"], _newcomers_workings(values)["gap"])


NEWCOMERS = Template(
    id="ratios.newcomers",
    family="ratios",
    unit="ws_person",
    draw=_draw_newcomers,
    holds=_newcomers_hold,
    solve=_solve_newcomers,
    check=_check_newcomers,
    workings=_newcomers_workings,
    texts={
        "en": Wording(
            problems=(
                "In a sports club the ratio of adults to children was {a} : {b}. Then {n:ws_child} joined, nobody "
                "left, and the ratio became {c} : {d}. How many people belonged to the club before?",
                "On a boat trip there are {a} adults to every {b} children. At the next stop {n:ws_child} get on and "
                "nobody gets off; after that there are {c} adults to every {d} children. How many people were on "
                "board before the stop?",
            ),
            solution="The number of adults has not changed, so both ratios are written with the same number of parts "
            "for them: {adults} : {before} before and {adults} : {after} after. The new children make up the "
            "difference of the parts, {after} - {before} = {gap}, so one part stands for {n} ÷ {gap} = "
            "{part:ws_person}. Before, the number of parts was {adults} + {before} = {parts}, and that is {parts} * "
            "{part} = {result:ws_person}.",
        ),
        "fr": Wording(
            problems=(
                "Dans un club sportif, le rapport entre adultes et enfants était de {a} : {b}. Puis {n:ws_child} se "
                "sont inscrits, personne n'est parti, et le rapport est devenu {c} : {d}. Combien de personnes le "
                "club comptait-il auparavant ?",
                "Sur un bateau d'excursion, on compte {a} adultes pour {b} enfants. À l'escale, {n:ws_child} montent "
                "à bord et personne ne descend ; on compte alors {c} adultes pour {d} enfants. Combien de personnes "
                "étaient à bord avant l'escale ?",
            ),
            solution="Le nombre d'adultes n'a pas changé : on écrit donc les deux rapports avec le même nombre de "
            "parts pour eux, {adults} : {before} avant et {adults} : {after} après. Les nouveaux enfants font la "
            "différence des parts, {after} - {before} = {gap} ; une part vaut donc {n} ÷ {gap} = {part:ws_person}. "
            "Avant, le nombre de parts était de {adults} + {before} = {parts}, soit {parts} * {part} = "
            "{result:ws_person}.",
        ),
        "de": Wording(
            problems=(
                "In einem Sportverein war das Verhältnis von Erwachsenen zu Kindern {a} : {b}. Dann kamen "
                "{n:ws_child} hinzu, niemand trat aus, und das Verhältnis wurde {c} : {d}. Wie viele Personen "
                "gehörten dem Verein vorher an?",
                "Auf einem Ausflugsschiff kommen auf je {a} Erwachsene {b} Kinder. Beim nächsten Halt steigen "
                "{n:ws_child} ein und niemand aus; danach kommen auf je {c} Erwachsene {d} Kinder. Wie viele Personen "
                "waren vor dem Halt an Bord?",
            ),
            solution="Die Zahl der Erwachsenen ist gleich geblieben, daher schreibt man beide Verhältnisse mit gleich "
            "vielen Teilen für sie: vorher {adults} : {before}, nachher {adults} : {after}. Die neuen Kinder machen "
            "den Unterschied der Teile aus, {after} - {before} = {gap}, also entspricht ein Teil {n} ÷ {gap} = "
            "{part:ws_person}. Vorher betrug die Zahl der Teile {adults} + {before} = {parts}, das sind {parts} * "
            "{part} = {result:ws_person}.",
        ),
        "it": Wording(
            problems=(
                "In una società sportiva il rapporto fra adulti e bambini era {a} : {b}. Poi si sono iscritti "
                "{n:ws_child}, nessuno se n'è andato e il rapporto è diventato {c} : {d}. Quante persone contava prima "
                "la società?",
                "Su un battello ci sono {a} adulti ogni {b} bambini. Alla fermata salgono {n:ws_child} e non scende "
                "nessuno; allora ci sono {c} adulti ogni {d} bambini. Quante persone erano a bordo prima della "
                "fermata?",
            ),
            solution="Il numero degli adulti non è cambiato, quindi si scrivono i due rapporti con lo stesso numero di "
            "parti per loro: {adults} : {before} prima e {adults} : {after} dopo. I nuovi bambini formano la "
            "differenza delle parti, {after} - {before} = {gap}, perciò una parte vale {n} ÷ {gap} = "
            "{part:ws_person}. Prima il numero delle parti era {adults} + {before} = {parts}, cioè {parts} * {part} = "
            "{result:ws_person}.",
        ),
        "es": Wording(
            problems=(
                "En un club deportivo, la proporción entre adultos y niños era de {a} : {b}. Después se apuntaron "
                "{n:ws_child}, no se fue nadie y la proporción pasó a ser de {c} : {d}. ¿Cuántas personas tenía antes "
                "el club?",
                "En un barco de excursiones hay {a} adultos por cada {b} niños. En la parada suben {n:ws_child} y no "
                "baja nadie; entonces hay {c} adultos por cada {d} niños. ¿Cuántas personas iban a bordo antes de la "
                "parada?",
            ),
            solution="El número de adultos no ha cambiado, así que se escriben ambas proporciones con las mismas "
            "partes para ellos: {adults} : {before} antes y {adults} : {after} después. Los niños nuevos forman la "
            "diferencia de las partes, {after} - {before} = {gap}, de modo que una parte vale {n} ÷ {gap} = "
            "{part:ws_person}. Antes el número de partes era {adults} + {before} = {parts}, es decir, {parts} * "
            "{part} = {result:ws_person}.",
        ),
        "pl": Wording(
            problems=(
                "W klubie sportowym stosunek liczby dorosłych do liczby dzieci wynosił {a} : {b}. Potem zapisało się "
                "{n:ws_child}, nikt nie odszedł i stosunek ten zmienił się na {c} : {d}. Ile osób należało wcześniej "
                "do klubu?",
                "Na statku wycieczkowym na każdych {a} dorosłych przypada {b} dzieci. Na przystani wsiada "
                "{n:ws_child}, a nikt nie wysiada; odtąd na każdych {c} dorosłych przypada {d} dzieci. Ile osób było "
                "na pokładzie przed postojem?",
            ),
            solution="Liczba dorosłych się nie zmieniła, więc oba stosunki zapisujemy z taką samą liczbą części dla "
            "dorosłych: przedtem {adults} : {before}, potem {adults} : {after}. Nowe dzieci to różnica części, {after} "
            "- {before} = {gap}, zatem jedna część to {n} ÷ {gap} = {part:ws_person}. Przedtem liczba części wynosiła "
            "{adults} + {before} = {parts}, czyli {parts} * {part} = {result:ws_person}.",
        ),
        "nl": Wording(
            problems=(
                "In een sportclub was de verhouding tussen volwassenen en kinderen {a} : {b}. Toen kwamen er "
                "{n:ws_child} bij, niemand ging weg, en de verhouding werd {c} : {d}. Hoeveel personen telde de club "
                "daarvoor?",
                "Op een rondvaartboot zijn er {a} volwassenen op elke {b} kinderen. Bij de halte stappen {n:ws_child} "
                "in en niemand uit; daarna zijn er {c} volwassenen op elke {d} kinderen. Hoeveel personen waren er "
                "vóór de halte aan boord?",
            ),
            solution="Het aantal volwassenen is gelijk gebleven, dus schrijf je beide verhoudingen met evenveel delen "
            "voor hen: eerst {adults} : {before} en daarna {adults} : {after}. De nieuwe kinderen vormen het verschil "
            "van de delen, {after} - {before} = {gap}, dus één deel staat voor {n} ÷ {gap} = {part:ws_person}. Eerst "
            "was het aantal delen {adults} + {before} = {parts}, en dat is {parts} * {part} = {result:ws_person}.",
        ),
        "la": Wording(
            problems=(
                "In sodalitate ratio adultorum ad pueros erat {a} : {b}. Deinde {n:ws_child} accesserunt, nemo "
                "discessit, et ratio facta est {c} : {d}. Quot homines antea in sodalitate erant?",
                "In nave {a} adultis {b} pueri respondent. In portu {n:ws_child} conscendunt, nemo egreditur; tum {c} "
                "adultis {d} pueri respondent. Quot homines antea in nave erant?",
            ),
            solution="Numerus adultorum non est mutatus; itaque utraque ratio eodem numero partium pro adultis "
            "scribitur: antea {adults} : {before}, postea {adults} : {after}. Pueri novi differentiam partium "
            "efficiunt, {after} - {before} = {gap}; ergo una pars est {n} ÷ {gap} = {part:ws_person}. Antea numerus "
            "partium erat {adults} + {before} = {parts}, id est {parts} * {part} = {result:ws_person}.",
        ),
    },
    trace=Trace(
        given="ratio {a} : {b} of adults to children, {n:ws_child} join, ratio {c} : {d}",
        sought="number of people before",
        insight="the adults stay the same, so give them equal parts in both ratios",
        steps=(
            "same parts for the adults → {adults} : {before} before, {adults} : {after} after",
            "the new children → {after} - {before} = {gap} in parts, so one part is {n} ÷ {gap} = {part:ws_person}",
            "people before → ({adults} + {before}) * {part} = {result:ws_person}",
        ),
        checks=(
            "children after: {before} * {part} + {n} = {after} * {part}",
            "then {adults} * {part} to {after} * {part} is the ratio {c} : {d}",
        ),
    ),
    mistakes=(
        Mistake(
            name="gives_the_number_after",
            says="gives the number of people after the children have joined",
            result=lambda values: _solve_newcomers(values) + values["n"],
        ),
        Mistake(
            name="gives_the_adults_only",
            says="gives the number of adults instead of everybody",
            result=lambda values: lcm(values["a"], values["c"]) * _joined_parts(values),
        ),
        Mistake(
            name="gives_the_children_only",
            says="gives the number of children there were instead of everybody",
            result=lambda values: _solve_newcomers(values) - lcm(values["a"], values["c"]) * _joined_parts(values),
        ),
        Mistake(
            name="takes_the_newcomers_for_one_part",
            says="takes all the newcomers for a single part of the first ratio",
            result=lambda values: (values["a"] + values["b"]) * values["n"],
        ),
        Mistake(
            name="compares_parts_of_different_size",
            says="subtracts the children's parts of the two ratios without making the parts equal first",
            result=lambda values: (
                (values["a"] + values["b"]) * values["n"] // (values["d"] - values["b"])
                if values["d"] > values["b"]
                else 0
            ),
        ),
    ),
)
