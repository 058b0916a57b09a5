"""Mixtures."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_juice(rng: Random, difficulty: str) -> Values:
    litres, step = {"easy": (10, 10), "medium": (20, 5), "hard": (45, 1)}[difficulty]
    return {
        "a": rng.randint(2, litres),
        "x": step * rng.randint(1, 80 // step),
        "b": rng.randint(2, litres),
        "y": step * rng.randint(1, 80 // step),
    }


def _solve_juice(values: Values) -> Fraction:
    return Fraction(values["a"] * values["x"] + values["b"] * values["y"], values["a"] + values["b"])


def _juice_workings(values: Values) -> Values:
    pure_a, pure_b = Fraction(values["a"] * values["x"], 100), Fraction(values["b"] * values["y"], 100)
    return {"pure_a": pure_a, "pure_b": pure_b, "pure": pure_a + pure_b, "total": values["a"] + values["b"]}


def _juice_holds(values: Values) -> bool:
    return abs(values["x"] - values["y"]) >= 5 and (2 * _solve_juice(values)).denominator == 1


def _check_juice(values: Values, result: Fraction) -> bool:
    """Rule of alligation: the litres are inversely as the distances from the mixture's percentage."""
    return values["a"] * (result - values["x"]) == values["b"] * (values["y"] - result)


JUICE = Template(
    id="mixtures.juice",
    family="mixtures",
    unit="pct",
    draw=_draw_juice,
    holds=_juice_holds,
    solve=_solve_juice,
    check=_check_juice,
    workings=_juice_workings,
    texts={
        "en": Wording(
            problems=(
                "A cook mixes {a:litre} of a drink that contains {x:pct} fruit juice with {b:litre} of another that "
                "contains {y:pct}. What percentage of the mixture is fruit juice?",
                "A barrel holds {a:litre} of a drink with {x:pct} fruit juice. Someone pours in {b:litre} of a drink "
                "with {y:pct} fruit juice and stirs. What is the juice content of the mixture, in per cent?",
            ),
            solution="The first drink brings {a} * {x} ÷ 100 = {pure_a:litre} of juice, the second {b} * {y} ÷ 100 = "
            "{pure_b:litre}. The mixture of {total:litre} thus contains {pure_a} + {pure_b} = {pure:litre} of juice. "
            "Its share is {pure} ÷ {total} * 100 = {result:pct}.",
        ),
        "fr": Wording(
            problems=(
                "Un cuisinier mélange {a:litre} d'une boisson contenant {x:pct} de jus de fruits avec {b:litre} d'une "
                "autre qui en contient {y:pct}. Quel est le pourcentage de jus de fruits dans le mélange ?",
                "Un tonneau contient {a:litre} d'une boisson à {x:pct} de jus de fruits. On y verse {b:litre} d'une "
                "boisson à {y:pct} de jus et l'on remue. Quelle est, en pourcentage, la teneur en jus du mélange ?",
            ),
            solution="La première boisson apporte {a} * {x} ÷ 100 = {pure_a:litre} de jus, la seconde {b} * {y} ÷ 100 "
            "= {pure_b:litre}. Les {total:litre} du mélange contiennent donc {pure_a} + {pure_b} = {pure:litre} de "
            "jus. La part du jus est de {pure} ÷ {total} * 100 = {result:pct}.",
        ),
        "de": Wording(
            problems=(
                "Eine Köchin mischt {a:litre} eines Getränks mit einem Saftanteil von {x:pct} und {b:litre} eines "
                "anderen mit einem Saftanteil von {y:pct}. Wie viel Prozent Saft enthält die Mischung?",
                "In einem Fass sind {a:litre} eines Getränks mit {x:pct} Fruchtsaft. Jemand gießt {b:litre} eines "
                "Getränks mit {y:pct} Fruchtsaft dazu und rührt um. Wie hoch ist der Saftanteil der Mischung in "
                "Prozent?",
            ),
            solution="Das erste Getränk bringt {a} * {x} ÷ 100 = {pure_a:litre} Saft mit, das zweite {b} * {y} ÷ 100 "
            "= {pure_b:litre}. Die Mischung von {total:litre.dat} enthält also {pure_a} + {pure_b} = {pure:litre} "
            "Saft. Der Anteil beträgt {pure} ÷ {total} * 100 = {result:pct}.",
        ),
        "it": Wording(
            problems=(
                "Un cuoco mescola {a:litre} di una bevanda che contiene {x:il+pct} di succo di frutta con {b:litre} "
                "di un'altra che ne contiene {y:il+pct}. Qual è la percentuale di succo nella miscela?",
                "In una botte ci sono {a:litre} di una bevanda con {x:il+pct} di succo di frutta. Si aggiungono "
                "{b:litre} di una bevanda con {y:il+pct} di succo e si mescola. Quale percentuale di succo contiene "
                "la miscela?",
            ),
            solution="La prima bevanda apporta {a} * {x} ÷ 100 = {pure_a:litre} di succo, la seconda {b} * {y} ÷ 100 "
            "= {pure_b:litre}. La miscela, di {total:litre}, contiene dunque {pure_a} + {pure_b} = {pure:litre} di "
            "succo. La percentuale è {pure} ÷ {total} * 100 = {result:pct}.",
        ),
        "es": Wording(
            problems=(
                "Un cocinero mezcla {a:litre} de una bebida que contiene un {x:pct} de zumo de frutas con {b:litre} "
                "de otra que contiene un {y:pct}. ¿Qué porcentaje de zumo tiene la mezcla?",
                "Un barril contiene {a:litre} de una bebida con un {x:pct} de zumo de frutas. Alguien le añade "
                "{b:litre} de otra cuyo contenido de zumo es del {y:pct} y lo remueve todo. ¿Cuál es el porcentaje de "
                "zumo de la mezcla?",
            ),
            solution="La primera bebida aporta {a} * {x} ÷ 100 = {pure_a:litre} de zumo y la segunda {b} * {y} ÷ 100 "
            "= {pure_b:litre}. La mezcla, de {total:litre}, contiene por tanto {pure_a} + {pure_b} = {pure:litre} de "
            "zumo. El porcentaje es {pure} ÷ {total} * 100 = {result:pct}.",
        ),
        "pl": Wording(
            problems=(
                "Kucharz miesza {a:litre} napoju zawierającego {x:pct} soku owocowego z {b:litre.ins} napoju "
                "zawierającego {y:pct} soku. Ile procent soku zawiera mieszanina?",
                "Beczka zawiera {a:litre} napoju o zawartości soku {x:pct}. Dolano do niej {b:litre} napoju o "
                "zawartości soku {y:pct} i całość wymieszano. Jaka jest procentowa zawartość soku w mieszaninie?",
            ),
            solution="Pierwszy napój wnosi {a} * {x} ÷ 100 = {pure_a:litre} soku, a drugi {b} * {y} ÷ 100 = "
            "{pure_b:litre}. Cała mieszanina ({total:litre}) zawiera więc {pure_a} + {pure_b} = {pure:litre} soku. "
            "Jego udział wynosi {pure} ÷ {total} * 100 = {result:pct}.",
        ),
        "nl": Wording(
            problems=(
                "Een kok mengt {a:litre} van een drank met {x:pct} vruchtensap met {b:litre} van een andere drank met "
                "{y:pct} vruchtensap. Hoeveel procent van het mengsel is sap?",
                "In een vat zit {a:litre} van een drank met {x:pct} vruchtensap. Iemand giet er {b:litre} van een "
                "drank met {y:pct} vruchtensap bij en roert alles door elkaar. Wat is het sapgehalte van het mengsel "
                "in procenten?",
            ),
            solution="De eerste drank levert {a} * {x} ÷ 100 = {pure_a:litre} sap, de tweede {b} * {y} ÷ 100 = "
            "{pure_b:litre}. Het mengsel van {total:litre} bevat dus {pure_a} + {pure_b} = {pure:litre} sap. Het "
            "aandeel is {pure} ÷ {total} * 100 = {result:pct}.",
        ),
        "la": Wording(
            problems=(
                "Coquus {a:litre.acc} potionis, cuius {x:pct} sucus pomorum est, cum altera potione miscet, cuius "
                "{y:pct} sucus est et cuius {b:litre.acc} infundit. Quot centesimas mixturae sucus efficit?",
                "In dolio sunt {a:litre} potionis, cuius {x:pct} sucus pomorum est. Aliquis {b:litre.acc} alterius "
                "potionis, cuius {y:pct} sucus est, infundit et omnia miscet. Quot centesimas suci mixtura habet?",
            ),
            solution="Prior potio {a} * {x} ÷ 100 = {pure_a:litre.acc} suci affert, altera {b} * {y} ÷ 100 = "
            "{pure_b:litre.acc}. Ergo in mixtura, cuius mensura est {total:litre}, insunt {pure_a} + {pure_b} = "
            "{pure:litre} suci. Sucus igitur est {pure} ÷ {total} * 100 = {result:pct} mixturae.",
        ),
    },
    trace=Trace(
        given="{a:litre} with {x:pct} juice and {b:litre} with {y:pct} juice",
        sought="percentage of juice in the mixture",
        insight="amounts of juice add up, percentages do not",
        steps=(
            "juice from the first drink → {a} * {x} ÷ 100 = {pure_a:litre}",
            "juice from the second drink → {b} * {y} ÷ 100 = {pure_b:litre}",
            "all juice → {pure_a} + {pure_b} = {pure:litre}, in {a} + {b} = {total:litre}",
            "share → {pure} ÷ {total} * 100 = {result:pct}",
        ),
        checks=(
            "{result:pct} lies between {x:pct} and {y:pct}",
            "{result} ÷ 100 * {total} = {pure:litre}, the same amount of juice",
        ),
    ),
    mistakes=(
        Mistake(
            name="takes_the_mean",
            says="takes the mean of the two percentages, as if the amounts were equal",
            result=lambda values: Fraction(values["x"] + values["y"], 2),
        ),
        Mistake(
            name="swaps_the_amounts",
            says="weights each percentage with the amount of the other drink",
            result=lambda values: round(
                Fraction(values["a"] * values["y"] + values["b"] * values["x"], values["a"] + values["b"]), 1
            ),
        ),
        Mistake(
            name="forgets_the_second_juice",
            says="counts the juice of the first drink only, in all of the mixture",
            result=lambda values: round(Fraction(values["a"] * values["x"], values["a"] + values["b"]), 1),
        ),
        Mistake(
            name="forgets_the_first_juice",
            says="counts the juice of the second drink only, in all of the mixture",
            result=lambda values: round(Fraction(values["b"] * values["y"], values["a"] + values["b"]), 1),
        ),
        Mistake(
            name="gives_the_litres",
            says="gives the litres of juice as if they were the percentage",
            result=lambda values: _juice_workings(values)["pure"],
        ),
        Mistake(
            name="subtracts_the_percentages",
            says="subtracts one percentage from the other",
            result=lambda values: abs(values["x"] - values["y"]),
        ),
    ),
)
