"""Per cent and percentage points."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_points(rng: Random, difficulty: str) -> Values:
    if difficulty == "easy":
        return {"share": 5 * rng.randint(2, 9), "rise": 20 * rng.randint(1, 3), "points": rng.randint(2, 9)}
    if difficulty == "medium":
        return {"share": rng.randint(8, 48), "rise": 5 * rng.randint(1, 12), "points": Fraction(rng.randint(3, 20), 2)}
    return {
        "share": Fraction(rng.randint(41, 480), 10),
        "rise": rng.randint(3, 60),
        "points": Fraction(rng.randint(12, 125), 10),
    }


def _points_workings(values: Values) -> Values:
    gain = Fraction(values["share"] * values["rise"], 100)
    return {
        "gain": gain,
        "between": values["share"] + gain,
        "in_points": gain + values["points"],
    }


def _solve_points(values: Values) -> Fraction:
    return Fraction(_points_workings(values)["between"] + values["points"])


def _points_hold(values: Values) -> bool:
    result = _solve_points(values)
    readable = (100 * result).denominator == 1
    # a share beyond 100 % would give the mistake of adding all three away
    possible = values["share"] + values["rise"] + values["points"] < 100
    return readable and possible and values["points"] > 1 and values["rise"] != values["points"]


def _check_points(values: Values, result: Fraction) -> bool:
    """Without the points that came last, the share stands to the first share as 100 + rise to 100."""
    return 100 * (result - values["points"]) == values["share"] * (100 + values["rise"])


POINTS = Template(
    id="percentages.points",
    family="percentages",
    unit="pct",
    draw=_draw_points,
    holds=_points_hold,
    solve=_solve_points,
    check=_check_points,
    workings=_points_workings,
    texts={
        "en": Wording(
            problems=(
                "In one year {share:pct} of a country's electricity came from the wind. The next year this share "
                "rose by {rise:pct}, and in the year after that it went up by another {points:pct_point}. What per "
                "cent of the electricity came from the wind then?",
                "A party won {share:pct} of the votes. At the following election its share was {rise:pct} larger, "
                "and at the one after that it gained a further {points:pct_point}. What was its share of the votes "
                "in the end, in per cent?",
            ),
            solution="A rise of {rise:pct} is reckoned on the share itself: {share} * {rise} ÷ 100 = {gain}, which "
            "gives {between:pct}. Percentage points, however, are simply added. So the share ends at {between} + "
            "{points} = {result:pct}.",
        ),
        "fr": Wording(
            problems=(
                "Une année, {share:pct} de l'électricité d'un pays provenaient du vent. L'année suivante, cette part "
                "a augmenté de {rise:pct} et, un an plus tard, elle a encore gagné {points:pct_point}. Quel "
                "pourcentage de l'électricité provenait alors du vent ?",
                "Un parti a obtenu {share:pct} des voix. À l'élection suivante, sa part a crû de {rise:pct} ; à "
                "celle d'après, elle a encore progressé de {points:pct_point}. Quelle a été finalement sa part des "
                "voix, en pour cent ?",
            ),
            solution="Une hausse de {rise:pct} se calcule sur la part elle-même : {share} * {rise} ÷ 100 = {gain}, "
            "ce qui donne {between:pct}. Les points de pourcentage, eux, s'ajoutent simplement. La part atteint donc "
            "à la fin {between} + {points} = {result:pct}.",
        ),
        "de": Wording(
            problems=(
                "In einem Jahr stammten {share:pct} des Stroms eines Landes aus Windkraft. Im Jahr darauf stieg "
                "dieser Anteil um {rise:pct}, im übernächsten Jahr noch einmal um {points:pct_point}. Wie viel "
                "Prozent des Stroms stammten dann aus Windkraft?",
                "Eine Partei erhielt {share:pct} der Stimmen. Bei der folgenden Wahl war ihr Anteil um {rise:pct} "
                "größer, und bei der Wahl danach legte sie weitere {points:pct_point} zu. Wie groß war ihr "
                "Stimmenanteil am Ende in Prozent?",
            ),
            solution="Ein Anstieg um {rise:pct} wird vom Anteil selbst berechnet: {share} * {rise} ÷ 100 = {gain}, "
            "das ergibt {between:pct}. Prozentpunkte dagegen werden einfach addiert. Am Ende beträgt der Anteil also "
            "{between} + {points} = {result:pct}.",
        ),
        "it": Wording(
            problems=(
                "Un anno {share:il+pct} dell'elettricità di un paese proveniva dal vento. L'anno seguente questa "
                "quota è cresciuta {rise:del+pct} e l'anno dopo ancora è salita di altri {points:pct_point}. Quale "
                "percentuale dell'elettricità proveniva allora dal vento?",
                "Un partito ha ottenuto {share:il+pct} dei voti. Alle elezioni successive la sua quota è aumentata "
                "{rise:del+pct} e a quelle seguenti ha guadagnato altri {points:pct_point}. Qual è stata alla fine "
                "la sua quota di voti, in percentuale?",
            ),
            solution="Un aumento {rise:del+pct} si calcola sulla quota stessa: {share} * {rise} ÷ 100 = {gain}, e si "
            "arriva {between:al+pct}. I punti percentuali, invece, si sommano semplicemente. La quota finale è "
            "dunque {between} + {points} = {result:pct}.",
        ),
        "es": Wording(
            problems=(
                "Un año, el {share:pct} de la electricidad de un país procedía del viento. Al año siguiente esa "
                "cuota aumentó un {rise:pct} y al otro subió {points:pct_point} más. ¿Qué porcentaje de la "
                "electricidad procedía entonces del viento?",
                "Un partido obtuvo el {share:pct} de los votos. En las elecciones siguientes su cuota creció un "
                "{rise:pct} y en las posteriores ganó otros {points:pct_point}. ¿Cuál fue al final su cuota de "
                "votos, en tanto por ciento?",
            ),
            solution="Un aumento del {rise:pct} se calcula sobre la propia cuota: {share} * {rise} ÷ 100 = {gain}, "
            "lo que da un {between:pct}. Los puntos porcentuales, en cambio, se suman sin más. La cuota final es, "
            "pues, {between} + {points} = {result:pct}.",
        ),
        "pl": Wording(
            problems=(
                "Pewnego roku udział energii z wiatru w produkcji prądu w kraju wynosił {share:pct}. W następnym "
                "roku udział ten wzrósł o {rise:pct}, a rok później jeszcze o {points:pct_point}. Ile procent prądu "
                "pochodziło wtedy z wiatru?",
                "Partia zdobyła {share:pct} głosów. W następnych wyborach jej udział był o {rise:pct} większy, a w "
                "kolejnych zyskała jeszcze {points:pct_point}. Jaki był ostatecznie jej udział w głosach wyrażony w "
                "procentach?",
            ),
            solution="Wzrost o {rise:pct} liczy się od samego udziału: {share} * {rise} ÷ 100 = {gain}, co daje "
            "{between:pct}. Punkty procentowe natomiast po prostu się dodaje. Udział wynosi więc na końcu {between} "
            "+ {points} = {result:pct}.",
        ),
        "nl": Wording(
            problems=(
                "In een jaar kwam {share:pct} van de stroom in een land uit windenergie. Het jaar daarop steeg dat "
                "aandeel met {rise:pct} en weer een jaar later nog eens met {points:pct_point}. Hoeveel procent van "
                "de stroom kwam toen uit windenergie?",
                "Een partij kreeg {share:pct} van de stemmen. Bij de volgende verkiezing was haar aandeel {rise:pct} "
                "groter en bij die daarna won ze er nog {points:pct_point} bij. Wat was ten slotte haar aandeel in "
                "de stemmen, in procenten?",
            ),
            solution="Een stijging van {rise:pct} wordt over het aandeel zelf berekend: {share} * {rise} ÷ 100 = "
            "{gain}, dat geeft {between:pct}. Procentpunten worden daarentegen gewoon opgeteld. Het aandeel is dus "
            "uiteindelijk {between} + {points} = {result:pct}.",
        ),
        "la": Wording(
            problems=(
                "Quodam anno {share:pct} vis electricae cuiusdam terrae e vento oriebantur. Anno sequenti haec pars "
                "ipsa {rise:pct} crevit, et post alterum annum iterum aucta est, sed {points:pct_point.abl}. Quot "
                "centesimae vis electricae tum e vento oriebantur?",
                "Factio quaedam {share:pct} suffragiorum tulit. Proximis comitiis pars eius {rise:pct} maior fuit "
                "quam antea, et comitiis sequentibus {points:pct_point.abl} aucta est. Quot centesimas suffragiorum "
                "postremo habuit?",
            ),
            solution="Incrementum, quod est {rise:pct}, ex parte ipsa computatur: {share} * {rise} ÷ 100 = {gain}, "
            "unde fiunt {between:pct}. Puncta autem centesimalia simpliciter adduntur. Postremo igitur pars est "
            "{between} + {points} = {result:pct}.",
        ),
    },
    trace=Trace(
        given="share {share:pct}, first up by {rise:pct} of itself, then by {points:pct_point}",
        sought="share at the end",
        insight="per cent of a share multiplies it, percentage points are added to it",
        steps=(
            "{rise:pct} of {share} → {share} * {rise} ÷ 100 = {gain}",
            "share after the first change → {share} + {gain} = {between:pct}",
            "{points:pct_point} more → {between} + {points} = {result:pct}",
        ),
        checks=(
            "back: {result} - {points} = {between} AND {between} ÷ (1 + {rise} ÷ 100) = {share}",
            "gained in all: {gain} + {points} = {in_points:pct_point}; {share} + {in_points} = {result}",
        ),
    ),
    mistakes=(
        Mistake(
            name="adds_both_as_points",
            says="adds the per cent as if they were percentage points",
            result=lambda values: values["share"] + values["rise"] + values["points"],
        ),
        Mistake(
            name="takes_both_as_per_cent",
            says="takes the percentage points as per cent of the share",
            result=lambda values: round(
                Fraction(values["share"] * (100 + values["rise"]) * (100 + values["points"]), 10_000), 2
            ),
        ),
        Mistake(
            name="adds_the_points_first",
            says="adds the percentage points before the rise in per cent",
            result=lambda values: round(
                Fraction((values["share"] + values["points"]) * (100 + values["rise"]), 100), 2
            ),
        ),
        Mistake(
            name="swaps_the_two",
            says="adds the per cent as points and takes the points as per cent",
            result=lambda values: round(
                Fraction((values["share"] + values["rise"]) * (100 + values["points"]), 100), 2
            ),
        ),
        Mistake(
            name="forgets_the_points",
            says="stops after the rise in per cent",
            result=lambda values: _points_workings(values)["between"],
        ),
    ),
)
