"""The area of a trapezium."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_trapezium(rng: Random, difficulty: str) -> Values:
    least, most, unit = {"easy": (6, 40, 1), "medium": (25, 180, 1), "hard": (80, 990, 10)}[difficulty]
    even = 2 if difficulty == "easy" else 1
    return {
        "long": Fraction(rng.randint(least, most), unit),
        "short": Fraction(rng.randint(least, most), unit),
        "height": Fraction(even * rng.randint(least // even, most // even), unit),
    }


def _trapezium_holds(values: Values) -> bool:
    """What looks like a parallelogram is left out, and so is an area with more than two decimals."""
    wide = Fraction(values["long"] - values["short"], values["long"])
    return wide >= Fraction(1, 8) and (100 * _solve_trapezium(values)).denominator == 1


def _solve_trapezium(values: Values) -> Fraction:
    return Fraction(values["long"] + values["short"]) / 2 * values["height"]


def _trapezium_workings(values: Values) -> dict[str, Fraction]:
    return {
        "sides": values["long"] + values["short"],
        "mean": Fraction(values["long"] + values["short"]) / 2,
        "rectangle": values["short"] * values["height"],
        "surplus": values["long"] - values["short"],
        "triangles": Fraction(values["long"] - values["short"]) * values["height"] / 2,
    }


def _check_trapezium(values: Values, result: Fraction) -> bool:
    """A diagonal cuts it into two triangles, each with one of the parallel sides as its base."""
    triangles = [Fraction(values[base]) * values["height"] / 2 for base in ("long", "short")]
    return result - triangles[0] == triangles[1]


TRAPEZIUM = Template(
    id="geometry.trapezium",
    family="geometry",
    unit="m²",
    draw=_draw_trapezium,
    holds=_trapezium_holds,
    solve=_solve_trapezium,
    check=_check_trapezium,
    workings=_trapezium_workings,
    texts={
        "en": Wording(
            problems=(
                "A field lies between two parallel roads that are {height:metre} apart. It borders on one road for "
                "{long:metre} and on the other for {short:metre}; its remaining two sides are straight. What is the "
                "area of the field in square metres?",
                "A town square has the shape of a trapezium. Its parallel sides measure {long:metre} and "
                "{short:metre}, and the distance between them is {height:metre}. How many square metres must be paved?",
            ),
            solution="The two parallel sides are ({long} + {short}) ÷ 2 = {mean:m} long on average. A rectangle of "
            "that length and of the same height has the same area. It is {mean} * {height} = {result:m²}.",
        ),
        "fr": Wording(
            problems=(
                "Un champ s'étend entre deux routes parallèles distantes de {height:metre}. Il longe l'une sur "
                "{long:metre} et l'autre sur {short:metre} ; ses deux autres côtés sont droits. Quelle est l'aire du "
                "champ en mètres carrés ?",
                "La place d'une ville a la forme d'un trapèze. Ses côtés parallèles mesurent {long:metre} et "
                "{short:metre}, et la distance qui les sépare est de {height:metre}. Combien de mètres carrés faut-il "
                "paver ?",
            ),
            solution="Les deux côtés parallèles mesurent en moyenne ({long} + {short}) ÷ 2 = {mean:m}. Un rectangle de "
            "cette longueur et de même hauteur a la même aire. Celle-ci est de {mean} * {height} = {result:m²}.",
        ),
        "de": Wording(
            problems=(
                "Ein Feld liegt zwischen zwei parallelen Straßen, die {height:metre} voneinander entfernt sind. An die "
                "eine grenzt es auf {long:metre} Länge, an die andere auf {short:metre}; seine beiden übrigen Seiten "
                "sind gerade. Wie groß ist das Feld in Quadratmetern?",
                "Ein Marktplatz hat die Form eines Trapezes. Die parallelen Seiten messen {long:metre} und "
                "{short:metre}, ihr Abstand beträgt {height:metre}. Wie viele Quadratmeter sind zu pflastern?",
            ),
            solution="Die beiden parallelen Seiten sind im Mittel ({long} + {short}) ÷ 2 = {mean:m} lang. Ein Rechteck "
            "mit dieser Länge und derselben Höhe hat den gleichen Flächeninhalt. Er beträgt {mean} * {height} = "
            "{result:m²}.",
        ),
        "it": Wording(
            problems=(
                "Un campo si trova fra due strade parallele distanti {height:metre}. Confina con una per {long:metre} "
                "e con l'altra per {short:metre}; gli altri due lati sono rettilinei. Qual è l'area del campo in metri "
                "quadrati?",
                "La piazza di una città ha la forma di un trapezio. I lati paralleli misurano {long:metre} e "
                "{short:metre}, e la distanza fra loro è di {height:metre}. Quanti metri quadrati bisogna lastricare?",
            ),
            solution="I due lati paralleli misurano in media ({long} + {short}) ÷ 2 = {mean:m}. Un rettangolo con "
            "questa lunghezza e con la stessa altezza ha la stessa area. Essa è {mean} * {height} = {result:m²}.",
        ),
        "es": Wording(
            problems=(
                "Un campo se extiende entre dos carreteras paralelas separadas por {height:metre}. Linda con una a lo "
                "largo de {long:metre} y con la otra a lo largo de {short:metre}; sus otros dos lados son rectos. "
                "¿Cuál es el área del campo en metros cuadrados?",
                "La plaza de una ciudad tiene forma de trapecio. Sus lados paralelos miden {long:metre} y "
                "{short:metre}, y la distancia entre ellos es de {height:metre}. ¿Cuántos metros cuadrados hay que "
                "pavimentar?",
            ),
            solution="Los dos lados paralelos miden por término medio ({long} + {short}) ÷ 2 = {mean:m}. Un rectángulo "
            "con esa longitud y la misma altura tiene la misma área. Esta es {mean} * {height} = {result:m²}.",
        ),
        "pl": Wording(
            problems=(
                "Pole leży między dwiema równoległymi drogami odległymi od siebie o {height:metre.acc}. Z jedną drogą "
                "graniczy na długości {long:metre.gen}, z drugą na długości {short:metre.gen}, a jego dwa pozostałe "
                "boki są proste. Jaka jest powierzchnia tego pola w metrach kwadratowych?",
                "Rynek miasta ma kształt trapezu. Jego równoległe boki mają długości {long:metre} i {short:metre}, a "
                "odległość między nimi wynosi {height:metre}. Ile metrów kwadratowych trzeba wybrukować?",
            ),
            solution="Średnia długość równoległych boków to ({long} + {short}) ÷ 2 = {mean:m}. Prostokąt o tej "
            "długości i tej samej wysokości ma takie samo pole. Wynosi ono {mean} * {height} = {result:m²}.",
        ),
        "nl": Wording(
            problems=(
                "Een akker ligt tussen twee evenwijdige wegen die {height:metre} van elkaar liggen. Aan de ene weg "
                "grenst hij over een lengte van {long:metre}, aan de andere over {short:metre}; de overige twee zijden "
                "zijn recht. Wat is de oppervlakte van de akker in vierkante meters?",
                "Een stadsplein heeft de vorm van een trapezium. De evenwijdige zijden zijn {long:metre} en "
                "{short:metre} lang en de afstand ertussen is {height:metre}. Hoeveel vierkante meter moet er worden "
                "bestraat?",
            ),
            solution="De twee evenwijdige zijden zijn gemiddeld ({long} + {short}) ÷ 2 = {mean:m} lang. Een rechthoek "
            "met die lengte en dezelfde hoogte heeft dezelfde oppervlakte. Die is {mean} * {height} = {result:m²}.",
        ),
        "la": Wording(
            problems=(
                "Ager inter duas vias parallelas iacet, quae {height:metre.acc} inter se distant. Alteram viam per "
                "{long:metre.acc}, alteram per {short:metre.acc} attingit; reliqua duo latera recta sunt. Quot metra "
                "quadrata area agri continet?",
                "Forum urbis formam trapezii habet. Ex lateribus parallelis, quae {height:metre.acc} inter se distant, "
                "alterum {long:metre.acc} longum est, alterum {short:metre.acc}. Quot metra quadrata lapidibus "
                "sternenda sunt?",
            ),
            solution="Longitudo media laterum parallelorum est ({long} + {short}) ÷ 2 = {mean:m}. Rectangulum eiusdem "
            "longitudinis et altitudinis aream aequalem habet. Area igitur est {mean} * {height} = {result:m²}.",
        ),
    },
    trace=Trace(
        given="parallel sides {long:m} and {short:m}, distance between them {height:m}",
        sought="area in m²",
        insight="a trapezium is as large as a rectangle with the mean of the parallel sides as its length",
        steps=(
            "sum of the parallel sides → {long} + {short} = {sides:m}",
            "mean → {sides} ÷ 2 = {mean:m}",
            "area → {mean} * {height} = {result:m²}",
        ),
        checks=(
            "cut off a rectangle: {short} * {height} = {rectangle:m²}",
            "the rest is triangles with the base {long} - {short} = {surplus:m}: {surplus} * {height} ÷ 2 = "
            "{triangles:m²}",
            "{rectangle} + {triangles} = {result:m²}, the same",
        ),
    ),
    mistakes=(
        Mistake(
            name="forgets_the_half",
            says="multiplies the sum of the parallel sides by the height and does not halve",
            result=lambda values: (values["long"] + values["short"]) * values["height"],
        ),
        Mistake(
            name="longer_side_only",
            says="takes it for a rectangle on the longer side",
            result=lambda values: values["long"] * values["height"],
        ),
        Mistake(
            name="shorter_side_only",
            says="takes it for a rectangle on the shorter side",
            result=lambda values: values["short"] * values["height"],
        ),
        Mistake(
            name="triangle",
            says="takes it for a triangle on the longer side",
            result=lambda values: Fraction(values["long"]) * values["height"] / 2,
        ),
        Mistake(
            name="multiplies_the_sides",
            says="halves the product of the parallel sides",
            result=lambda values: Fraction(values["long"]) * values["short"] / 2,
        ),
    ),
)
