"""A weighted mean of three parts, of which one weight follows from the others."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_weights(rng: Random, difficulty: str) -> Values:
    weight_step, mark_step = {"easy": (10, 10), "medium": (5, 5), "hard": (1, 1)}[difficulty]
    return {
        "p": weight_step * rng.randint(10 // weight_step, 45 // weight_step),
        "q": weight_step * rng.randint(10 // weight_step, 45 // weight_step),
        "a": mark_step * rng.randint(30 // mark_step, 100 // mark_step),
        "b": mark_step * rng.randint(30 // mark_step, 100 // mark_step),
        "c": mark_step * rng.randint(30 // mark_step, 100 // mark_step),
    }


def _weights_workings(values: Values) -> Values:
    p, q, a, b, c = (values[name] for name in "pqabc")
    rest = 100 - p - q
    return {
        "rest": rest,
        "from_a": Fraction(p * a, 100),
        "from_b": Fraction(q * b, 100),
        "from_c": Fraction(rest * c, 100),
        "lowest": min(a, b, c),
        "highest": max(a, b, c),
        "hundredfold": p * a + q * b + rest * c,
    }


def _solve_weights(values: Values) -> Fraction:
    workings = _weights_workings(values)
    return Fraction(workings["from_a"] + workings["from_b"] + workings["from_c"])


def _weights_holds(values: Values) -> bool:
    p, q, a, b, c = (values[name] for name in "pqabc")
    weights, marks, result = {p, q, 100 - p - q}, {a, b, c}, _solve_weights(values)
    if len(weights) < 3 or len(marks) < 3 or min(weights) < 10:
        return False
    # the mean that leaves the weights aside is another one
    return result not in marks and round(Fraction(a + b + c, 3), 1) != result and (10 * result).denominator == 1


def _check_weights(values: Values, result: Fraction) -> bool:
    """Above and below the mean, the weighted distances are equal."""
    p, q = values["p"], values["q"]
    distances = p * (values["a"] - result) + q * (values["b"] - result)
    return distances == (100 - p - q) * (result - values["c"])


WEIGHTS = Template(
    id="averages.weights",
    family="averages",
    unit="mark_point",
    draw=_draw_weights,
    holds=_weights_holds,
    solve=_solve_weights,
    check=_check_weights,
    workings=_weights_workings,
    texts={
        "en": Wording(
            problems=(
                "Homework counts for {p:pct} of a final mark, a project for {q:pct}, and the examination for the rest. "
                "A student gets {a:mark_point} for the homework, {b:mark_point} for the project and {c:mark_point} in "
                "the examination. How many points is the final mark?",
                "A jury weights the taste of a cake with {p:pct}, its looks with {q:pct}, and the idea behind it with "
                "all that is left. One cake receives {a:mark_point} for taste, {b:mark_point} for looks and "
                "{c:mark_point} for the idea. What is its total score?",
            ),
            solution="The third part counts for 100 - {p} - {q} = {rest} per cent. The three parts contribute {p} * "
            "{a} ÷ 100 = {from_a}, {q} * {b} ÷ 100 = {from_b} and {rest} * {c} ÷ 100 = {from_c:mark_point}. Together "
            "that makes {from_a} + {from_b} + {from_c} = {result:mark_point}.",
        ),
        "fr": Wording(
            problems=(
                "Dans une note finale, les devoirs comptent pour {p:pct}, un projet pour {q:pct} et l'examen pour le "
                "reste. Un étudiant obtient {a:mark_point} aux devoirs, {b:mark_point} au projet et {c:mark_point} à "
                "l'examen. De combien de points est sa note finale ?",
                "Un jury donne au goût d'un gâteau un poids de {p:pct}, à son aspect un poids de {q:pct}, et à l'idée "
                "tout ce qui reste. Un gâteau reçoit {a:mark_point} pour le goût, {b:mark_point} pour l'aspect et "
                "{c:mark_point} pour l'idée. Quelle est sa note totale ?",
            ),
            solution="La troisième partie compte pour 100 - {p} - {q} = {rest} pour cent. Les trois parties apportent "
            "{p} * {a} ÷ 100 = {from_a} ; {q} * {b} ÷ 100 = {from_b} ; {rest} * {c} ÷ 100 = {from_c:mark_point}. Cela "
            "fait en tout {from_a} + {from_b} + {from_c} = {result:mark_point}.",
        ),
        "de": Wording(
            problems=(
                "In eine Endnote gehen die Hausaufgaben zu {p:pct} ein, ein Projekt zu {q:pct} und die Prüfung mit dem "
                "Rest. Ein Student erhält {a:mark_point} für die Hausaufgaben, {b:mark_point} für das Projekt und "
                "{c:mark_point} in der Prüfung. Wie viele Punkte hat die Endnote?",
                "Eine Jury gewichtet den Geschmack eines Kuchens mit {p:pct}, sein Aussehen mit {q:pct} und die Idee "
                "mit allem, was übrig bleibt. Ein Kuchen bekommt {a:mark_point} für den Geschmack, {b:mark_point} für "
                "das Aussehen und {c:mark_point} für die Idee. Wie hoch ist seine Gesamtwertung?",
            ),
            solution="Der dritte Teil zählt 100 - {p} - {q} = {rest} Prozent. Die drei Teile tragen {p} * {a} ÷ 100 = "
            "{from_a}; {q} * {b} ÷ 100 = {from_b} und {rest} * {c} ÷ 100 = {from_c:mark_point} bei. Zusammen sind das "
            "{from_a} + {from_b} + {from_c} = {result:mark_point}.",
        ),
        "it": Wording(
            problems=(
                "In un voto finale i compiti pesano per {p:il+pct}, un progetto per {q:il+pct} e l'esame per il resto. "
                "Uno studente ottiene {a:mark_point} nei compiti, {b:mark_point} nel progetto e {c:mark_point} "
                "all'esame. Di quanti punti è il voto finale?",
                "Una giuria dà al gusto di una torta un peso {p:del+pct}, all'aspetto un peso {q:del+pct} e all'idea "
                "tutto ciò che resta. Una torta riceve {a:mark_point} per il gusto, {b:mark_point} per l'aspetto e "
                "{c:mark_point} per l'idea. Qual è il suo punteggio complessivo?",
            ),
            solution="La terza parte conta per {rest:il+pct}, perché 100 - {p} - {q} = {rest}. Le tre parti danno {p} "
            "* {a} ÷ 100 = {from_a}; {q} * {b} ÷ 100 = {from_b} e {rest} * {c} ÷ 100 = {from_c:mark_point}. In tutto "
            "si hanno {from_a} + {from_b} + {from_c} = {result:mark_point}.",
        ),
        "es": Wording(
            problems=(
                "En una nota final, los deberes cuentan un {p:pct}, un proyecto un {q:pct} y el examen el resto. Un "
                "estudiante obtiene {a:mark_point} en los deberes, {b:mark_point} en el proyecto y {c:mark_point} en "
                "el examen. ¿De cuántos puntos es la nota final?",
                "Un jurado da al sabor de una tarta un peso del {p:pct}, a su aspecto un peso del {q:pct} y a la idea "
                "todo lo que queda. Una tarta recibe {a:mark_point} por el sabor, {b:mark_point} por el aspecto y "
                "{c:mark_point} por la idea. ¿Cuál es su puntuación total?",
            ),
            solution="La tercera parte cuenta un 100 - {p} - {q} = {rest} por ciento. Las tres partes aportan {p} * "
            "{a} ÷ 100 = {from_a}; {q} * {b} ÷ 100 = {from_b} y {rest} * {c} ÷ 100 = {from_c:mark_point}. En total son "
            "{from_a} + {from_b} + {from_c} = {result:mark_point}.",
        ),
        "pl": Wording(
            problems=(
                "W ocenie końcowej prace domowe mają udział {p:pct}, projekt {q:pct}, a egzamin całą resztę. Student "
                "uzyskuje {a:mark_point} za prace domowe, {b:mark_point} za projekt i {c:mark_point} na egzaminie. Ile "
                "punktów wynosi ocena końcowa?",
                "Jury przyznaje smakowi ciasta wagę {p:pct}, wyglądowi wagę {q:pct}, a pomysłowi wszystko, co zostaje. "
                "Pewne ciasto otrzymuje {a:mark_point} za smak, {b:mark_point} za wygląd i {c:mark_point} za pomysł. "
                "Jaka jest jego łączna ocena?",
            ),
            solution="Udział trzeciej części wynosi 100 - {p} - {q} = {rest} procent. Wkład kolejnych części to {p} * "
            "{a} ÷ 100 = {from_a}; {q} * {b} ÷ 100 = {from_b} oraz {rest} * {c} ÷ 100 = {from_c:mark_point}. Razem "
            "daje to {from_a} + {from_b} + {from_c} = {result:mark_point}.",
        ),
        "nl": Wording(
            problems=(
                "In een eindcijfer telt het huiswerk voor {p:pct} mee, een project voor {q:pct} en het examen voor de "
                "rest. Een student krijgt {a:mark_point} voor het huiswerk, {b:mark_point} voor het project en "
                "{c:mark_point} voor het examen. Hoeveel punten is het eindcijfer?",
                "Een jury geeft de smaak van een taart een gewicht van {p:pct}, het uiterlijk een gewicht van {q:pct} "
                "en het idee alles wat overblijft. Een taart krijgt {a:mark_point} voor smaak, {b:mark_point} voor "
                "uiterlijk en {c:mark_point} voor het idee. Wat is de totale score?",
            ),
            solution="Het derde deel telt voor 100 - {p} - {q} = {rest} procent mee. De drie delen dragen {p} * {a} ÷ "
            "100 = {from_a}; {q} * {b} ÷ 100 = {from_b} en {rest} * {c} ÷ 100 = {from_c:mark_point} bij. Samen is dat "
            "{from_a} + {from_b} + {from_c} = {result:mark_point}.",
        ),
        "la": Wording(
            problems=(
                "In nota ultima opera domestica {p:pct} ponderis habent, commentarius {q:pct}, probatio quidquid "
                "restat. Discipulus pro operibus domesticis {a:mark_point}, pro commentario {b:mark_point}, in "
                "probatione {c:mark_point} accipit. Quot punctorum est nota ultima?",
                "Iudices sapori placentae {p:pct} ponderis tribuunt, speciei {q:pct}, consilio quidquid restat. "
                "Quaedam placenta {a:mark_point} pro sapore, {b:mark_point} pro specie, {c:mark_point} pro consilio "
                "accipit. Quot puncta omnibus computatis habet?",
            ),
            solution="Pars tertia 100 - {p} - {q} = {rest} centesimas habet. Tres partes afferunt {p} * {a} ÷ 100 = "
            "{from_a}; {q} * {b} ÷ 100 = {from_b}; {rest} * {c} ÷ 100 = {from_c:mark_point}. Simul fiunt {from_a} + "
            "{from_b} + {from_c} = {result:mark_point}.",
        ),
    },
    trace=Trace(
        given="weights {p:pct}, {q:pct} and the rest; {a}, {b} and {c} points",
        sought="weighted mean, in points",
        insight="the weights make up 100 per cent, so the third one follows; then each part counts by its weight",
        steps=(
            "third weight → 100 - {p} - {q} = {rest}",
            "first part → {p} * {a} ÷ 100 = {from_a}; second → {q} * {b} ÷ 100 = {from_b}; third → {rest} * {c} ÷ 100 "
            "= {from_c}",
            "sum → {from_a} + {from_b} + {from_c} = {result:mark_point}",
        ),
        checks=(
            "{p} * {a} + {q} * {b} + {rest} * {c} = {hundredfold} AND {hundredfold} ÷ 100 = {result}",
            "{result} lies between {lowest} and {highest}",
        ),
    ),
    mistakes=(
        Mistake(
            name="ignores_weights",
            says="takes the plain mean of the three parts",
            result=lambda values: round(Fraction(values["a"] + values["b"] + values["c"], 3), 1),
        ),
        Mistake(
            name="forgets_the_rest",
            says="adds the first two parts and forgets the third",
            result=lambda values: Fraction(values["p"] * values["a"] + values["q"] * values["b"], 100),
        ),
        Mistake(
            name="swaps_two_weights",
            says="gives the first part the weight of the second and the other way round",
            result=lambda values: (
                Fraction(values["q"] * values["a"] + values["p"] * values["b"], 100)
                + _weights_workings(values)["from_c"]
            ),
        ),
        Mistake(
            name="swaps_first_and_third",
            says="gives the first part the weight of the third and the other way round",
            result=lambda values: (
                Fraction(_weights_workings(values)["rest"] * values["a"] + values["p"] * values["c"], 100)
                + _weights_workings(values)["from_b"]
            ),
        ),
        Mistake(
            name="stops_at_the_largest_share",
            says="takes only the part that contributes most",
            result=lambda values: max(_weights_workings(values)[name] for name in ("from_a", "from_b", "from_c")),
        ),
    ),
)
