"""The surface of an open box."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_basin(rng: Random, difficulty: str) -> Values:
    least, most, shallow, deep, unit = {
        "easy": (3, 15, 1, 4, 1),
        "medium": (8, 60, 2, 8, 2),
        "hard": (35, 250, 8, 36, 10),
    }[difficulty]
    return {
        "length": Fraction(rng.randint(least, most), unit),
        "width": Fraction(rng.randint(least, most), unit),
        "depth": Fraction(rng.randint(shallow, deep), unit),
    }


def _basin_holds(values: Values) -> bool:
    """Half the walls are not as large as the bottom: then two mistakes would lead to one result."""
    workings = _basin_workings(values)
    return values["length"] > values["width"] > values["depth"] and workings["walls"] != 2 * workings["bottom"]


def _solve_basin(values: Values) -> Fraction:
    workings = _basin_workings(values)
    return workings["bottom"] + workings["walls"]


def _basin_workings(values: Values) -> dict[str, Fraction]:
    length, width, depth = (values[side] for side in ("length", "width", "depth"))
    return {
        "bottom": length * width,
        "perimeter": 2 * (length + width),
        "walls": 2 * (length + width) * depth,
        "long_wall": length * depth,
        "short_wall": width * depth,
    }


def _check_basin(values: Values, result: Fraction) -> bool:
    """Folded flat, the box is a large rectangle from which a square is missing at each corner."""
    depth = values["depth"]
    return (values["length"] + 2 * depth) * (values["width"] + 2 * depth) == result + 4 * depth * depth


BASIN = Template(
    id="geometry.basin",
    family="geometry",
    unit="m²",
    draw=_draw_basin,
    holds=_basin_holds,
    solve=_solve_basin,
    check=_check_basin,
    workings=_basin_workings,
    texts={
        "en": Wording(
            problems=(
                "A swimming pool has the shape of a box: it is {length:metre} long, {width:metre} wide and "
                "{depth:metre} deep everywhere. The bottom and the four walls are to be tiled. How many square metres "
                "is that?",
                "A steel container without a lid measures {length:metre} by {width:metre} on the inside and is "
                "{depth:metre} high. All its inner faces, the floor and the sides, are painted. What is the painted "
                "area in square metres?",
            ),
            solution="The bottom has an area of {length} * {width} = {bottom:m²}. The four walls form a strip as long "
            "as the perimeter, 2 * ({length} + {width}) = {perimeter:m}, so their area is {perimeter} * {depth} = "
            "{walls:m²}. As the top stays open, the total is {bottom} + {walls} = {result:m²}.",
        ),
        "fr": Wording(
            problems=(
                "Une piscine a la forme d'un pavé droit : elle a {length:metre} de long, {width:metre} de large et "
                "partout {depth:metre} de profondeur. On veut carreler le fond et les quatre parois. Combien de mètres "
                "carrés cela fait-il ?",
                "Un conteneur d'acier sans couvercle mesure à l'intérieur {length:metre} sur {width:metre} et "
                "{depth:metre} de haut. On peint toutes ses faces intérieures, le fond et les côtés. Quelle est l'aire "
                "peinte en mètres carrés ?",
            ),
            solution="Le fond a une aire de {length} * {width} = {bottom:m²}. Les quatre parois forment une bande "
            "aussi longue que le périmètre, 2 * ({length} + {width}) = {perimeter:m}, d'où une aire de {perimeter} * "
            "{depth} = {walls:m²}. Comme le dessus reste ouvert, le total est de {bottom} + {walls} = {result:m²}.",
        ),
        "de": Wording(
            problems=(
                "Ein quaderförmiges Schwimmbecken ist {length:metre} lang, {width:metre} breit und überall "
                "{depth:metre} tief. Der Boden und die vier Wände sollen gefliest werden. Wie viele Quadratmeter sind "
                "das?",
                "Ein Stahlcontainer ohne Deckel misst innen {length:metre} mal {width:metre} und ist {depth:metre} "
                "hoch. Alle Innenflächen, also der Boden und die Seiten, werden gestrichen. Wie groß ist die "
                "gestrichene Fläche in Quadratmetern?",
            ),
            solution="Der Boden hat eine Fläche von {length} * {width} = {bottom:m²}. Die vier Wände bilden einen "
            "Streifen von der Länge des Umfangs, 2 * ({length} + {width}) = {perimeter:m}, und haben daher zusammen "
            "{perimeter} * {depth} = {walls:m²}. Da oben offen bleibt, sind es insgesamt {bottom} + {walls} = "
            "{result:m²}.",
        ),
        "it": Wording(
            problems=(
                "Una piscina a forma di parallelepipedo è lunga {length:metre}, larga {width:metre} e profonda ovunque "
                "{depth:metre}. Si vogliono piastrellare il fondo e le quattro pareti. Quanti metri quadrati sono in "
                "tutto?",
                "Un cassone d'acciaio senza coperchio misura all'interno {length:metre} per {width:metre} ed è alto "
                "{depth:metre}. Si verniciano tutte le facce interne, cioè il fondo e i lati. Qual è l'area verniciata "
                "in metri quadrati?",
            ),
            solution="Il fondo ha un'area di {length} * {width} = {bottom:m²}. Le quattro pareti formano una striscia "
            "lunga quanto il perimetro, 2 * ({length} + {width}) = {perimeter:m}, e dunque di area {perimeter} * "
            "{depth} = {walls:m²}. Poiché sopra resta aperto, il totale è {bottom} + {walls} = {result:m²}.",
        ),
        "es": Wording(
            problems=(
                "Una piscina en forma de caja mide {length:metre} de largo, {width:metre} de ancho y en todas partes "
                "{depth:metre} de profundidad. Se van a alicatar el fondo y las cuatro paredes. ¿Cuántos metros "
                "cuadrados son en total?",
                "Un contenedor de acero sin tapa mide por dentro {length:metre} por {width:metre} y tiene "
                "{depth:metre} de altura. Se pintan todas sus caras interiores, es decir, el fondo y los lados. ¿Cuál "
                "es la superficie pintada en metros cuadrados?",
            ),
            solution="El fondo tiene un área de {length} * {width} = {bottom:m²}. Las cuatro paredes forman una franja "
            "tan larga como el perímetro, 2 * ({length} + {width}) = {perimeter:m}, de modo que su área es {perimeter} "
            "* {depth} = {walls:m²}. Como la parte de arriba queda abierta, el total es {bottom} + {walls} = "
            "{result:m²}.",
        ),
        "pl": Wording(
            problems=(
                "Basen w kształcie prostopadłościanu ma {length:metre} długości, {width:metre} szerokości i wszędzie "
                "{depth:metre} głębokości. Jego dno i cztery ściany mają zostać wyłożone płytkami. Ile to metrów "
                "kwadratowych?",
                "Stalowy kontener bez pokrywy ma wewnątrz wymiary {length:metre} na {width:metre.acc} i wysokość "
                "{depth:metre.gen}. Malujemy wszystkie jego ściany od środka: dno i boki. Jakie jest pole malowanej "
                "powierzchni w metrach kwadratowych?",
            ),
            solution="Dno ma pole {length} * {width} = {bottom:m²}. Cztery ściany tworzą pas o długości równej "
            "obwodowi, czyli 2 * ({length} + {width}) = {perimeter:m}, więc ich pole wynosi {perimeter} * {depth} = "
            "{walls:m²}. Ponieważ góra pozostaje otwarta, razem daje to {bottom} + {walls} = {result:m²}.",
        ),
        "nl": Wording(
            problems=(
                "Een balkvormig zwembad is {length:metre} lang, {width:metre} breed en overal {depth:metre} diep. De "
                "bodem en de vier wanden worden betegeld. Hoeveel vierkante meter is dat?",
                "Een stalen bak zonder deksel meet van binnen {length:metre} bij {width:metre} en is {depth:metre} "
                "hoog. Alle binnenvlakken, dus de bodem en de zijkanten, worden geverfd. Wat is de geverfde "
                "oppervlakte in vierkante meters?",
            ),
            solution="De bodem heeft een oppervlakte van {length} * {width} = {bottom:m²}. De vier wanden vormen een "
            "strook die even lang is als de omtrek, 2 * ({length} + {width}) = {perimeter:m}, en hebben dus een "
            "oppervlakte van {perimeter} * {depth} = {walls:m²}. Omdat de bovenkant open blijft, is het totaal "
            "{bottom} + {walls} = {result:m²}.",
        ),
        "la": Wording(
            problems=(
                "Piscina rectangula {length:metre.acc} longa, {width:metre.acc} lata et ubique {depth:metre.acc} alta "
                "est. Fundus et quattuor parietes tessellis tegendi sunt. Quot metra quadrata tegentur?",
                "Arca ferrea sine operculo intus {length:metre.acc} longa, {width:metre.acc} lata et {depth:metre.acc} "
                "alta est. Omnes facies interiores, id est fundus et latera, colore inducuntur. Quot metra quadrata "
                "colore inducuntur?",
            ),
            solution="Fundi area est {length} * {width} = {bottom:m²}. Quattuor parietes fasciam efficiunt tam longam "
            "quam ambitus, qui est 2 * ({length} + {width}) = {perimeter:m}; eorum igitur area est {perimeter} * "
            "{depth} = {walls:m²}. Quia pars superior aperta manet, summa est {bottom} + {walls} = {result:m²}.",
        ),
    },
    trace=Trace(
        given="open box, {length:m} long, {width:m} wide, {depth:m} deep",
        sought="area of bottom and four walls in m²",
        insight="five faces only: the walls unrolled are one strip, perimeter times depth, and there is no top",
        steps=(
            "bottom → {length} * {width} = {bottom:m²}",
            "perimeter → 2 * ({length} + {width}) = {perimeter:m}",
            "walls → {perimeter} * {depth} = {walls:m²}",
            "sum → {bottom} + {walls} = {result:m²}",
        ),
        checks=(
            "wall by wall: {length} * {depth} = {long_wall} AND {width} * {depth} = {short_wall}, each twice",
            "{bottom} + 2 * {long_wall} + 2 * {short_wall} = {result:m²}",
        ),
    ),
    mistakes=(
        Mistake(
            name="closes_the_top",
            says="counts a top face that is not there",
            result=lambda values: _solve_basin(values) + values["length"] * values["width"],
        ),
        Mistake(
            name="walls_only",
            says="leaves out the bottom",
            result=lambda values: 2 * (values["length"] + values["width"]) * values["depth"],
        ),
        Mistake(
            name="two_walls",
            says="counts one wall of each size instead of two",
            result=lambda values: (
                values["length"] * values["width"] + (values["length"] + values["width"]) * values["depth"]
            ),
        ),
        Mistake(
            name="volume",
            says="multiplies the three lengths, which is the volume",
            result=lambda values: values["length"] * values["width"] * values["depth"],
        ),
        Mistake(
            name="four_long_walls",
            says="takes all four walls as long as the longest",
            result=lambda values: values["length"] * values["width"] + 4 * values["length"] * values["depth"],
        ),
    ),
)
