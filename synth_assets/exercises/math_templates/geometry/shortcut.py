"""The diagonal of a rectangle against two of its sides."""

from fractions import Fraction
from math import isqrt
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording

# The shorter sides of primitive right triangles with whole sides.
_FAMOUS = ((4, 3), (12, 5), (15, 8))
_LESS_KNOWN = ((24, 7), (21, 20), (35, 12), (40, 9), (45, 28))
_UNUSUAL = ((60, 11), (56, 33), (55, 48), (63, 16), (80, 39), (84, 13), (77, 36), (72, 65), (112, 15), (99, 20))


def _draw_shortcut(rng: Random, difficulty: str) -> Values:
    shapes, times, unit = {
        "easy": (_FAMOUS, 60, 1),
        "medium": (_LESS_KNOWN, 25, 1),
        "hard": (_UNUSUAL, 40, 5),
    }[difficulty]
    length, width = rng.choice(shapes)
    scale = Fraction(rng.randint(2, times), unit)
    return {"length": length * scale, "width": width * scale}


def _shortcut_holds(values: Values) -> bool:
    return values["width"] >= 6 and values["length"] <= 800


def _diagonal(values: Values) -> Fraction:
    square = Fraction(values["length"] ** 2 + values["width"] ** 2)
    return Fraction(isqrt(square.numerator), isqrt(square.denominator))


def _solve_shortcut(values: Values) -> Fraction:
    return values["length"] + values["width"] - _diagonal(values)


def _shortcut_workings(values: Values) -> dict[str, Fraction]:
    return {
        "sides": values["length"] + values["width"],
        "square_length": values["length"] ** 2,
        "square_width": values["width"] ** 2,
        "square": values["length"] ** 2 + values["width"] ** 2,
        "diagonal": _diagonal(values),
    }


def _check_shortcut(values: Values, result: Fraction) -> bool:
    """A circle inscribed in the triangle touches its sides so that the saving is the circle's diameter."""
    radius = result / 2
    area = values["length"] * values["width"] / 2
    around = 2 * (values["length"] + values["width"]) - result
    return radius * around == 2 * area


SHORTCUT = Template(
    id="geometry.shortcut",
    family="geometry",
    unit="m",
    draw=_draw_shortcut,
    holds=_shortcut_holds,
    solve=_solve_shortcut,
    check=_check_shortcut,
    workings=_shortcut_workings,
    texts={
        "en": Wording(
            problems=(
                "A rectangular park is {length:metre} long and {width:metre} wide. Instead of walking along two of its "
                "sides to the opposite corner, Nora crosses it in a straight line. By how many metres is her way "
                "shorter?",
                "A cable is to lead from one corner of a rectangular exhibition ground, {length:metre} by "
                "{width:metre}, to the corner diagonally opposite. Laid along the edge it would follow one long and "
                "one short side; it is laid straight across instead. How many metres of cable does that save?",
            ),
            solution="Along the two sides it is {length} + {width} = {sides:m}. By the theorem of Pythagoras the "
            "diagonal is √({length}² + {width}²) = √{square} = {diagonal:m}. The difference is {sides} - {diagonal} = "
            "{result:m}.",
        ),
        "fr": Wording(
            problems=(
                "Un parc rectangulaire a {length:metre} de long et {width:metre} de large. Au lieu de longer deux de "
                "ses côtés jusqu'au coin opposé, Nora le traverse en ligne droite. De combien de mètres son chemin "
                "est-il plus court ?",
                "Un câble doit relier un coin d'un terrain d'exposition rectangulaire, de {length:metre} sur "
                "{width:metre}, au coin diagonalement opposé. Posé le long du bord, il suivrait un grand et un petit "
                "côté ; on le pose plutôt tout droit. Combien de mètres de câble économise-t-on ?",
            ),
            solution="Le long des deux côtés, il y a {length} + {width} = {sides:m}. D'après le théorème de Pythagore, "
            "la diagonale mesure √({length}² + {width}²) = √{square} = {diagonal:m}. La différence est de {sides} - "
            "{diagonal} = {result:m}.",
        ),
        "de": Wording(
            problems=(
                "Ein rechteckiger Park ist {length:metre} lang und {width:metre} breit. Statt an zwei Seiten entlang "
                "zur gegenüberliegenden Ecke zu gehen, durchquert Nora ihn geradewegs. Um wie viele Meter ist ihr Weg "
                "kürzer?",
                "Ein Kabel soll von einer Ecke eines rechteckigen Messegeländes, das {length:metre} mal {width:metre} "
                "misst, zur schräg gegenüberliegenden Ecke führen. Am Rand entlang verliefe es an einer langen und "
                "einer kurzen Seite; stattdessen wird es schnurgerade verlegt. Wie viele Meter Kabel spart man "
                "dadurch?",
            ),
            solution="An den beiden Seiten entlang sind es {length} + {width} = {sides:m}. Nach dem Satz des "
            "Pythagoras misst die Diagonale √({length}² + {width}²) = √{square} = {diagonal:m}. Der Unterschied "
            "beträgt {sides} - {diagonal} = {result:m}.",
        ),
        "it": Wording(
            problems=(
                "Un parco rettangolare è lungo {length:metre} e largo {width:metre}. Invece di percorrerne due lati "
                "fino all'angolo opposto, Nora lo attraversa in linea retta. Di quanti metri è più corto il suo "
                "cammino?",
                "Un cavo deve collegare un angolo di un'area espositiva rettangolare, di {length:metre} per "
                "{width:metre}, con l'angolo diagonalmente opposto. Posato lungo il bordo, seguirebbe un lato lungo e "
                "uno corto; lo si posa invece in linea retta. Quanti metri di cavo si risparmiano?",
            ),
            solution="Lungo i due lati la distanza è {length} + {width} = {sides:m}. Per il teorema di Pitagora la "
            "diagonale misura √({length}² + {width}²) = √{square} = {diagonal:m}. La differenza è {sides} - {diagonal} "
            "= {result:m}.",
        ),
        "es": Wording(
            problems=(
                "Un parque rectangular mide {length:metre} de largo y {width:metre} de ancho. En lugar de recorrer dos "
                "de sus lados hasta la esquina opuesta, Nora lo atraviesa en línea recta. ¿Cuántos metros más corto es "
                "su camino?",
                "Un cable tiene que unir una esquina de un recinto ferial rectangular, de {length:metre} por "
                "{width:metre}, con la esquina opuesta en diagonal. Tendido por el borde, seguiría un lado largo y uno "
                "corto; en cambio, se tiende en línea recta. ¿Cuántos metros de cable se ahorran?",
            ),
            solution="Por los dos lados hay {length} + {width} = {sides:m}. Según el teorema de Pitágoras, la diagonal "
            "mide √({length}² + {width}²) = √{square} = {diagonal:m}. La diferencia es {sides} - {diagonal} = "
            "{result:m}.",
        ),
        "pl": Wording(
            problems=(
                "Prostokątny park ma {length:metre} długości i {width:metre} szerokości. Zamiast iść wzdłuż dwóch "
                "boków do przeciwległego rogu, Nora przecina park w linii prostej. O ile metrów jej droga jest "
                "krótsza?",
                "Kabel ma połączyć jeden róg prostokątnego terenu targów o wymiarach {length:metre} na "
                "{width:metre.acc} z rogiem leżącym po przekątnej. Wzdłuż brzegu biegłby przy jednym dłuższym i jednym "
                "krótszym boku; zamiast tego zostaje poprowadzony na wprost. Ile metrów kabla się w ten sposób "
                "oszczędza?",
            ),
            solution="Wzdłuż dwóch boków jest {length} + {width} = {sides:m}. Z twierdzenia Pitagorasa przekątna ma "
            "długość √({length}² + {width}²) = √{square} = {diagonal:m}. Różnica wynosi {sides} - {diagonal} = "
            "{result:m}.",
        ),
        "nl": Wording(
            problems=(
                "Een rechthoekig park is {length:metre} lang en {width:metre} breed. In plaats van langs twee zijden "
                "naar de overstaande hoek te lopen, steekt Nora het in een rechte lijn over. Hoeveel meter is haar weg "
                "korter?",
                "Een kabel moet lopen van een hoek van een rechthoekig beursterrein van {length:metre} bij "
                "{width:metre} naar de hoek schuin ertegenover. Langs de rand zou hij een lange en een korte zijde "
                "volgen; in plaats daarvan wordt hij dwars over het terrein gelegd. Hoeveel meter kabel bespaart dat?",
            ),
            solution="Langs de twee zijden is het {length} + {width} = {sides:m}. Volgens de stelling van Pythagoras "
            "is de diagonaal √({length}² + {width}²) = √{square} = {diagonal:m}. Het verschil is {sides} - {diagonal} "
            "= {result:m}.",
        ),
        "la": Wording(
            problems=(
                "Hortus publicus rectangulus {length:metre.acc} longus et {width:metre.acc} latus est. Nora, cum ad "
                "angulum oppositum per duo latera ire posset, recta via per medium hortum it. Quot metris via eius "
                "brevior est?",
                "Funis ab angulo campi rectanguli, qui {length:metre.acc} longus et {width:metre.acc} latus est, ad "
                "angulum oppositum tendendus est. Si campi marginem sequeretur, unum latus longum et unum breve "
                "percurreret; sed recta per campum tenditur. Quot metris funis ita brevior fit?",
            ),
            solution="Per duo latera via est {length} + {width} = {sides:m}. Secundum theorema Pythagorae diagonalis "
            "est √({length}² + {width}²) = √{square} = {diagonal:m}. Differentia est {sides} - {diagonal} = "
            "{result:m}.",
        ),
    },
    trace=Trace(
        given="rectangle {length:m} by {width:m}; two sides against the diagonal",
        sought="metres saved",
        insight="the diagonal is the hypotenuse of a right triangle with the sides as legs",
        steps=(
            "along the sides → {length} + {width} = {sides:m}",
            "squares → {length}² = {square_length} AND {width}² = {square_width}, together {square}",
            "diagonal → √{square} = {diagonal:m}",
            "saving → {sides} - {diagonal} = {result:m}",
        ),
        checks=(
            "{diagonal}² = {square}, so the root is exact",
            "{diagonal:m} is more than {length:m} and less than {sides:m}, as a triangle demands",
        ),
    ),
    mistakes=(
        Mistake(name="the_diagonal_itself", says="gives the diagonal and not the difference", result=_diagonal),
        Mistake(
            name="the_long_way",
            says="gives the way along the sides and not the difference",
            result=lambda values: values["length"] + values["width"],
        ),
        Mistake(
            name="mean_of_the_sides",
            says="takes the mean of the sides for the diagonal",
            result=lambda values: Fraction(values["length"] + values["width"]) / 2,
        ),
        Mistake(
            name="one_side_only",
            says="compares the diagonal with the longer side alone",
            result=lambda values: _diagonal(values) - values["length"],
        ),
        Mistake(
            name="difference_of_the_sides",
            says="takes one side from the other",
            result=lambda values: values["length"] - values["width"],
        ),
    ),
)
