"""Mixtures."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_bath(rng: Random, difficulty: str) -> Values:
    if difficulty == "easy":
        return {
            "a": 5 * rng.randint(2, 16),
            "s": 5 * rng.randint(1, 4),
            "b": 5 * rng.randint(2, 16),
            "t": rng.randint(25, 45),
        }
    if difficulty == "medium":
        return {
            "a": rng.randint(6, 70),
            "s": rng.randint(8, 24),
            "b": rng.randint(6, 70),
            "t": Fraction(rng.randint(51, 95), 2),
        }
    return {
        "a": Fraction(rng.randint(61, 600), 10),
        "s": Fraction(rng.randint(81, 240), 10),
        "b": Fraction(rng.randint(61, 600), 10),
        "t": Fraction(rng.randint(261, 480), 10),
    }


def _solve_bath(values: Values) -> Fraction:
    needed = (values["a"] + values["b"]) * values["t"]
    return Fraction(needed - values["a"] * values["s"]) / values["b"]


def _bath_workings(values: Values) -> Values:
    total = values["a"] + values["b"]
    there = values["a"] * values["s"]
    return {"total": total, "needed": total * values["t"], "there": there, "missing": total * values["t"] - there}


def _bath_holds(values: Values) -> bool:
    result = _solve_bath(values)
    return (10 * result).denominator == 1 and result <= 95 and values["a"] != values["b"]


def _check_bath(values: Values, result: Fraction) -> bool:
    """The warmth that the hot water gives up is what the cool water takes on."""
    return values["b"] * (result - values["t"]) == values["a"] * (values["t"] - values["s"])


BATH = Template(
    id="mixtures.bath",
    family="mixtures",
    unit="ws_celsius",
    draw=_draw_bath,
    holds=_bath_holds,
    solve=_solve_bath,
    check=_check_bath,
    workings=_bath_workings,
    texts={
        "en": Wording(
            problems=(
                "A tub holds {a:litre} of water at {s:ws_celsius}. What temperature, in degrees Celsius, must another "
                "{b:litre} of water have so that the mixture reaches {t:ws_celsius}, if no heat is lost?",
                "To get water at exactly {t:ws_celsius}, someone pours {b:litre} of hot water onto {a:litre} of cool "
                "water at {s:ws_celsius}. How many degrees Celsius must the hot water have if nothing cools down on "
                "the way?",
            ),
            solution="Counted in litres times degrees, the mixture of {total:litre} must come to {total} * {t} = "
            "{needed}. The cool water brings {a} * {s} = {there}. So {needed} - {there} = {missing} is missing, to be "
            "supplied by {b:litre} of water. Per litre that is {missing} ÷ {b} = {result:ws_celsius}.",
        ),
        "fr": Wording(
            problems=(
                "Une baignoire contient {a:litre} d'eau à {s:ws_celsius}. Quelle température, en degrés Celsius, "
                "faut-il donner à {b:litre} d'eau supplémentaires pour que le mélange atteigne {t:ws_celsius}, sans "
                "perte de chaleur ?",
                "Pour obtenir de l'eau à {t:ws_celsius} exactement, on verse {b:litre} d'eau chaude sur {a:litre} "
                "d'eau fraîche à {s:ws_celsius}. Combien de degrés Celsius l'eau chaude doit-elle avoir si rien ne se "
                "refroidit en chemin ?",
            ),
            solution="Si l'on compte en litres fois degrés, le mélange de {total:litre} doit atteindre {total} * {t} "
            "= {needed}. L'eau fraîche apporte {a} * {s} = {there}. Il manque donc {needed} - {there} = {missing}, à "
            "répartir sur {b:litre} d'eau chaude. Par litre, cela fait {missing} ÷ {b} = {result:ws_celsius}.",
        ),
        "de": Wording(
            problems=(
                "In einer Wanne sind {a:litre} Wasser mit einer Temperatur von {s:ws_celsius}. Welche Temperatur in "
                "Grad Celsius müssen weitere {b:litre} Wasser haben, damit die Mischung ohne Wärmeverlust auf "
                "{t:ws_celsius} kommt?",
                "Um Wasser von genau {t:ws_celsius} zu erhalten, gießt jemand {b:litre} heißes Wasser zu "
                "{a:litre.dat} kühlem Wasser von {s:ws_celsius}. Wie viel Grad Celsius muss das heiße Wasser haben, "
                "wenn unterwegs nichts abkühlt?",
            ),
            solution="In Liter mal Grad gerechnet, muss die Mischung von {total:litre.dat} auf {total} * {t} = "
            "{needed} kommen. Das kühle Wasser bringt {a} * {s} = {there} mit. Es fehlen also {needed} - {there} = "
            "{missing}, die auf {b:litre} heißes Wasser zu verteilen sind. Auf einen Liter kommen {missing} ÷ {b} = "
            "{result:ws_celsius}.",
        ),
        "it": Wording(
            problems=(
                "Una vasca contiene {a:litre} di acqua a {s:ws_celsius}. Quale temperatura, in gradi Celsius, devono "
                "avere altri {b:litre} di acqua perché la miscela arrivi a {t:ws_celsius}, senza perdite di calore?",
                "Per ottenere acqua esattamente a {t:ws_celsius}, qualcuno versa {b:litre} di acqua calda in "
                "{a:litre} di acqua fresca a {s:ws_celsius}. A quanti gradi Celsius deve essere l'acqua calda, se "
                "nulla si raffredda durante l'operazione?",
            ),
            solution="Contando in litri per gradi, la miscela di {total:litre} deve arrivare a {total} * {t} = "
            "{needed}. L'acqua fresca porta {a} * {s} = {there}. Mancano quindi {needed} - {there} = {missing}, da "
            "ripartire su {b:litre} di acqua calda. Per ogni litro sono {missing} ÷ {b} = {result:ws_celsius}.",
        ),
        "es": Wording(
            problems=(
                "Una bañera contiene {a:litre} de agua a {s:ws_celsius}. ¿Qué temperatura, en grados Celsius, deben "
                "tener otros {b:litre} de agua para que la mezcla llegue a {t:ws_celsius} sin pérdida de calor?",
                "Para obtener agua exactamente a {t:ws_celsius}, alguien vierte {b:litre} de agua caliente sobre "
                "{a:litre} de agua fresca a {s:ws_celsius}. ¿Cuántos grados Celsius debe tener el agua caliente si "
                "nada se enfría por el camino?",
            ),
            solution="Contando en litros por grados, la mezcla de {total:litre} debe llegar a {total} * {t} = "
            "{needed}. El agua fresca aporta {a} * {s} = {there}. Faltan, pues, {needed} - {there} = {missing}, que "
            "se reparten entre {b:litre} de agua caliente. Por litro son {missing} ÷ {b} = {result:ws_celsius}.",
        ),
        "pl": Wording(
            problems=(
                "Wanna zawiera {a:litre} wody o temperaturze {s:ws_celsius.gen}. Jaką temperaturę, w stopniach "
                "Celsjusza, powinna mieć dolewana woda w ilości {b:litre.gen}, aby mieszanina bez strat ciepła "
                "osiągnęła {t:ws_celsius}?",
                "Aby otrzymać wodę o temperaturze dokładnie {t:ws_celsius.gen}, ktoś wlewa {b:litre} gorącej wody do "
                "{a:litre.gen} chłodnej wody o temperaturze {s:ws_celsius.gen}. Ile stopni Celsjusza musi mieć gorąca "
                "woda, jeśli nic po drodze nie stygnie?",
            ),
            solution="Jeśli mnożyć litry przez stopnie, mieszanina o objętości {total:litre.gen} musi osiągnąć "
            "{total} * {t} = {needed}. Chłodna woda wnosi {a} * {s} = {there}. Brakuje więc {needed} - {there} = "
            "{missing} i tyle musi dostarczyć gorąca woda w ilości {b:litre.gen}. Na jeden litr przypada {missing} ÷ "
            "{b} = {result:ws_celsius}.",
        ),
        "nl": Wording(
            problems=(
                "In een badkuip zit {a:litre} water van {s:ws_celsius}. Welke temperatuur, in graden Celsius, moet "
                "nog eens {b:litre} water hebben om het mengsel zonder warmteverlies op {t:ws_celsius} te brengen?",
                "Om water van precies {t:ws_celsius} te krijgen, giet iemand {b:litre} heet water bij {a:litre} koel "
                "water van {s:ws_celsius}. Hoeveel graden Celsius moet het hete water zijn, als er onderweg niets "
                "afkoelt?",
            ),
            solution="Gerekend in liters maal graden moet het mengsel van {total:litre} op {total} * {t} = {needed} "
            "komen. Het koele water brengt {a} * {s} = {there} mee. Er ontbreekt dus {needed} - {there} = {missing}, "
            "te leveren door {b:litre} heet water. Per liter is dat {missing} ÷ {b} = {result:ws_celsius}.",
        ),
        "la": Wording(
            problems=(
                "In alveo sunt {a:litre} aquae, cuius calor est {s:ws_celsius.gen}. Qui calor, gradibus Celsianis "
                "numeratus, in aliis {b:ws_litre.abl} aquae esse debet, ut mixtura nullo calore amisso ad "
                "{t:ws_celsius.acc} perveniat?",
                "Ut aqua fiat, cuius calor sit {t:ws_celsius.gen}, aliquis {b:litre.acc} aquae calidae in "
                "{a:litre.acc} aquae frigidioris infundit, cuius calor est {s:ws_celsius.gen}. Quot gradus Celsianos "
                "aqua calida habere debet, si nihil interim refrigescit?",
            ),
            solution="Si litra per gradus multiplicantur, mixtura, cuius mensura est {total:litre}, numerum {total} * "
            "{t} = {needed} habere debet. Aqua frigidior {a} * {s} = {there} affert. Desunt igitur {needed} - {there} "
            "= {missing}, quae {b:litre} aquae calidae praebere debent. Singulis litris attribuuntur {missing} ÷ {b} "
            "= {result:ws_celsius}.",
        ),
    },
    trace=Trace(
        given="{a:litre} at {s:ws_celsius}, {b:litre} to be added, wanted {t:ws_celsius}",
        sought="temperature of the added water",
        insight="litres times degrees add up when water is mixed, temperatures do not",
        steps=(
            "wanted, in litres times degrees → ({a} + {b}) * {t} = {needed}",
            "already there → {a} * {s} = {there}",
            "still missing → {needed} - {there} = {missing}",
            "per litre of the added water → {missing} ÷ {b} = {result:ws_celsius}",
        ),
        checks=(
            "{t} lies between {s} and {result}, as it must",
            "{b} * {result} + {there} = {needed}, so the mixture has {needed} ÷ {total} = {t:ws_celsius}",
        ),
    ),
    mistakes=(
        Mistake(
            name="takes_equal_amounts",
            says="goes as far above the wanted temperature as the cool water is below it, whatever the amounts",
            result=lambda values: 2 * values["t"] - values["s"],
        ),
        Mistake(
            name="swaps_the_amounts",
            says="weighs the difference with the two amounts the wrong way round",
            result=lambda values: round(
                values["t"] + Fraction(values["b"] * (values["t"] - values["s"])) / values["a"], 1
            ),
        ),
        Mistake(
            name="gives_the_rise_only",
            says="gives how much hotter than the mixture the water must be, and forgets to add the wanted temperature",
            result=lambda values: round(Fraction(values["a"] * (values["t"] - values["s"])) / values["b"], 1),
        ),
        Mistake(
            name="adds_the_rise_to_the_cool_water",
            says="adds the difference to the temperature of the cool water instead of the wanted one",
            result=lambda values: round(
                values["s"] + Fraction(values["a"] * (values["t"] - values["s"])) / values["b"], 1
            ),
        ),
        Mistake(
            name="takes_the_mean",
            says="takes the mean of the two given temperatures",
            result=lambda values: round(Fraction(values["s"] + values["t"]) / 2, 1),
        ),
    ),
)
