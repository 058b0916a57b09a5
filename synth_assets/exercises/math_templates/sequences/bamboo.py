"""The term of an arithmetic sequence of which two others are known."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_bamboo(rng: Random, difficulty: str) -> Values:
    unit, rate, start, wait, gap, ahead = {
        "easy": (1, rng.randint(2, 9), rng.randint(3, 20), 4, 4, 8),
        "medium": (2, rng.randint(3, 25), rng.randint(9, 70), 8, 7, 14),
        "hard": (10, rng.randint(7, 85), rng.randint(31, 480), 12, 9, 25),
    }[difficulty]
    before = rng.randint(2, wait)
    then = before + rng.randint(2, gap)
    weeks = then + rng.randint(2, ahead)
    return {
        "before": before,
        "low": Fraction(start + rate * before, unit),
        "then": then,
        "high": Fraction(start + rate * then, unit),
        "weeks": weeks,
    }


def _bamboo_workings(values: Values) -> dict[str, Fraction]:
    between, ahead = values["then"] - values["before"], values["weeks"] - values["then"]
    gained = Fraction(values["high"] - values["low"])
    return {
        "between": between,
        "gained": gained,
        "rate": gained / between,
        "ahead": ahead,
        "more": gained / between * ahead,
        "start": values["low"] - gained / between * values["before"],
        "in_all": gained / between * values["weeks"],
    }


def _bamboo_holds(values: Values) -> bool:
    """Not a multiple of the weeks from the beginning, which would not need two measurements."""
    return values["low"] * values["then"] != values["high"] * values["before"]


def _solve_bamboo(values: Values) -> Fraction:
    return values["high"] + _bamboo_workings(values)["more"]


def _check_bamboo(values: Values, result: Fraction) -> bool:
    """The three points lie on a line: the triangle between them has no area."""
    (x1, y1), (x2, y2) = (values["before"], values["low"]), (values["then"], values["high"])
    x3 = values["weeks"]
    return x1 * (y2 - result) + x2 * (result - y1) + x3 * (y1 - y2) == 0


BAMBOO = Template(
    id="sequences.bamboo",
    family="sequences",
    unit="nat_centimetre",
    draw=_draw_bamboo,
    holds=_bamboo_holds,
    solve=_solve_bamboo,
    check=_check_bamboo,
    workings=_bamboo_workings,
    texts={
        "en": Wording(
            problems=(
                "A bamboo cane grows by the same amount every week. After {before} weeks it is {low:nat_centimetre} "
                "tall, and after {then} weeks {high:nat_centimetre}. How many centimetres tall is it after {weeks} "
                "weeks?",
                "Water seeps evenly into a shaft, so that its level rises by an equal amount each week. When {before} "
                "weeks have passed, the water stands {low:nat_centimetre} high; by the end of week {then} it has "
                "reached {high:nat_centimetre}. What will its height be, in centimetres, {weeks} weeks after the "
                "beginning?",
            ),
            solution="From week {before} to week {then}, {between} weeks pass and the height increases by {high} - "
            "{low} = {gained:nat_centimetre}. That is {gained} ÷ {between} = {rate:nat_centimetre} a week. Another "
            "{ahead} weeks later the height is {high} + {ahead} * {rate} = {result:nat_centimetre}.",
        ),
        "fr": Wording(
            problems=(
                "Une tige de bambou grandit chaque semaine de la même longueur. Au bout de {before} semaines, elle "
                "mesure {low:nat_centimetre}, au bout de {then} semaines, {high:nat_centimetre}. Combien de "
                "centimètres mesure-t-elle au bout de {weeks} semaines ?",
                "De l'eau s'infiltre régulièrement dans un puits, si bien que son niveau monte de la même hauteur "
                "chaque semaine. Au bout de {before} semaines, l'eau atteint {low:nat_centimetre} ; après {then} "
                "semaines, elle en est à {high:nat_centimetre}. À quelle hauteur, en centimètres, sera-t-elle quand "
                "{weeks} semaines auront passé ?",
            ),
            solution="De la semaine {before} à la semaine {then}, il s'écoule {between} semaines et la hauteur "
            "augmente de {high} - {low} = {gained:nat_centimetre}. Cela fait {gained} ÷ {between} = "
            "{rate:nat_centimetre} par semaine. Encore {ahead} semaines plus tard, la hauteur est de {high} + {ahead} "
            "* {rate} = {result:nat_centimetre}.",
        ),
        "de": Wording(
            problems=(
                "Ein Bambusrohr wächst jede Woche um dieselbe Länge. Nach {before} Wochen ist es {low:nat_centimetre} "
                "hoch, nach {then} Wochen {high:nat_centimetre}. Wie viele Zentimeter hoch ist es nach {weeks} Wochen?",
                "In einen Schacht sickert gleichmäßig Wasser, sodass der Pegel jede Woche um gleich viel steigt. Nach "
                "{before} Wochen steht das Wasser {low:nat_centimetre} hoch, am Ende der Woche {then} sind es schon "
                "{high:nat_centimetre}. Auf wie viele Zentimeter wird es gestiegen sein, wenn {weeks} Wochen vergangen "
                "sind?",
            ),
            solution="Von Woche {before} bis Woche {then} vergehen {between} Wochen, und die Höhe nimmt um {high} - "
            "{low} = {gained:nat_centimetre} zu. Das ergibt {gained} ÷ {between} = {rate:nat_centimetre} pro Woche. "
            "Weitere {ahead} Wochen später beträgt die Höhe {high} + {ahead} * {rate} = {result:nat_centimetre}.",
        ),
        "it": Wording(
            problems=(
                "Una canna di bambù cresce ogni settimana della stessa lunghezza. Dopo {before} settimane è alta "
                "{low:nat_centimetre}, dopo {then} settimane {high:nat_centimetre}. Quanti centimetri è alta dopo "
                "{weeks} settimane?",
                "In un pozzo filtra acqua con regolarità, così che il livello sale ogni settimana della stessa misura. "
                "Dopo {before} settimane l'acqua arriva a {low:nat_centimetre}; alla fine della settimana {then} ha "
                "raggiunto {high:nat_centimetre}. A quanti centimetri sarà quando saranno passate {weeks} settimane?",
            ),
            solution="Dalla settimana {before} alla settimana {then} passano {between} settimane e l'altezza aumenta "
            "di {high} - {low} = {gained:nat_centimetre}. L'aumento settimanale è {gained} ÷ {between} = "
            "{rate:nat_centimetre}. Dopo altre {ahead} settimane l'altezza è {high} + {ahead} * {rate} = "
            "{result:nat_centimetre}.",
        ),
        "es": Wording(
            problems=(
                "Una caña de bambú crece cada semana la misma longitud. Al cabo de {before} semanas mide "
                "{low:nat_centimetre}, y al cabo de {then} semanas, {high:nat_centimetre}. ¿Cuántos centímetros mide "
                "al cabo de {weeks} semanas?",
                "En un pozo se filtra agua de manera uniforme, de modo que el nivel sube lo mismo cada semana. A las "
                "{before} semanas el agua alcanza {low:nat_centimetre}; al final de la semana {then} llega ya a "
                "{high:nat_centimetre}. ¿A cuántos centímetros estará cuando hayan pasado {weeks} semanas?",
            ),
            solution="De la semana {before} a la semana {then} pasan {between} semanas y la altura aumenta {high} - "
            "{low} = {gained:nat_centimetre}. Eso supone {gained} ÷ {between} = {rate:nat_centimetre} por semana. "
            "Otras {ahead} semanas más tarde la altura es {high} + {ahead} * {rate} = {result:nat_centimetre}.",
        ),
        "pl": Wording(
            problems=(
                "Pęd bambusa rośnie co tydzień o tyle samo. Po {before} tygodniach ma {low:nat_centimetre} wysokości, "
                "a po {then} tygodniach {high:nat_centimetre}. Ile centymetrów wysokości ma po {weeks} tygodniach?",
                "Do szybu równomiernie sączy się woda, tak że jej poziom podnosi się co tydzień o tyle samo. Po "
                "{before} tygodniach woda sięga wysokości {low:nat_centimetre.gen}, a po {then} tygodniach już "
                "{high:nat_centimetre.gen}. Na jakiej wysokości, w centymetrach, stanie po upływie {weeks} tygodni?",
            ),
            solution="Liczba tygodni między pomiarami wynosi {then} - {before} = {between}, a wysokość wzrasta w tym "
            "czasie o {high} - {low} = {gained:nat_centimetre.acc}. Tygodniowo jest to {gained} ÷ {between} = "
            "{rate:nat_centimetre}. Liczba pozostałych tygodni to {weeks} - {then} = {ahead}, więc wysokość osiąga "
            "{high} + {ahead} * {rate} = {result:nat_centimetre.acc}.",
        ),
        "nl": Wording(
            problems=(
                "Een bamboestengel groeit elke week evenveel. Na {before} weken is hij {low:nat_centimetre} hoog, na "
                "{then} weken {high:nat_centimetre}. Hoeveel centimeter hoog is hij na {weeks} weken?",
                "In een schacht sijpelt gelijkmatig water, zodat het peil elke week evenveel stijgt. Na {before} weken "
                "staat het water {low:nat_centimetre} hoog, aan het einde van week {then} is dat al "
                "{high:nat_centimetre}. Hoeveel centimeter hoog zal het staan als er {weeks} weken voorbij zijn?",
            ),
            solution="Van week {before} tot week {then} verlopen er {between} weken en neemt de hoogte met {high} - "
            "{low} = {gained:nat_centimetre} toe. Dat is {gained} ÷ {between} = {rate:nat_centimetre} per week. Nog "
            "eens {ahead} weken later is de hoogte {high} + {ahead} * {rate} = {result:nat_centimetre}.",
        ),
        "la": Wording(
            problems=(
                "Harundo quaedam singulis hebdomadibus aequaliter crescit. Post {before} hebdomades "
                "{low:nat_centimetre.acc} alta est, post {then} hebdomades {high:nat_centimetre.acc}. Quot centimetra "
                "alta est post {weeks} hebdomades?",
                "In puteum aqua aequaliter influit, ita ut singulis hebdomadibus eadem mensura ascendat. Post {before} "
                "hebdomades aqua {low:nat_centimetre.acc} alta est, post {then} hebdomades altitudo eius est "
                "{high:nat_centimetre}. Quot centimetra aqua alta erit, cum {weeks} hebdomades praeterierint?",
            ),
            solution="Inter duas mensuras {then} - {before} = {between} hebdomades intersunt, et altitudo {high} - "
            "{low} = {gained:nat_centimetre.abl} augetur. Incrementum unius hebdomadis est {gained} ÷ {between} = "
            "{rate:nat_centimetre}. Post {ahead} alias hebdomades altitudo est {high} + {ahead} * {rate} = "
            "{result:nat_centimetre}.",
        ),
    },
    trace=Trace(
        given="{low:nat_centimetre} at week {before}, {high:nat_centimetre} at week {then}, even growth",
        sought="height at week {weeks}",
        insight="arithmetic sequence: the difference of two terms is the common difference times the steps between "
        "them",
        steps=(
            "steps between the two → {then} - {before} = {between}",
            "common difference → ({high} - {low}) ÷ {between} = {gained} ÷ {between} = {rate:nat_centimetre}",
            "steps still to go → {weeks} - {then} = {ahead}, which bring {ahead} * {rate} = {more:nat_centimetre}",
            "height → {high} + {more} = {result:nat_centimetre}",
        ),
        checks=(
            "back to week 0: {low} - {before} * {rate} = {start:nat_centimetre}",
            "from there: {start} + {weeks} * {rate} = {start} + {in_all} = {result:nat_centimetre}",
        ),
    ),
    mistakes=(
        Mistake(
            name="starts_at_nothing",
            says="multiplies all the weeks by the growth and forgets the height at the beginning",
            result=lambda values: _bamboo_workings(values)["in_all"],
        ),
        Mistake(
            name="one_step_short",
            says="counts one week too few",
            result=lambda values: _solve_bamboo(values) - _bamboo_workings(values)["rate"],
        ),
        Mistake(
            name="mixes_the_measurements",
            says="starts from the second height but counts the weeks from the first",
            result=lambda values: _solve_bamboo(values) + values["high"] - values["low"],
        ),
        Mistake(
            name="starts_from_the_first",
            says="starts from the first height but counts the weeks from the second",
            result=lambda values: _solve_bamboo(values) - values["high"] + values["low"],
        ),
        Mistake(
            name="does_not_divide",
            says="takes the whole difference between the heights for the growth of one week",
            result=lambda values: values["high"] + (values["high"] - values["low"]) * _bamboo_workings(values)["ahead"],
        ),
    ),
)
