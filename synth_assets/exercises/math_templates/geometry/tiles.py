"""Tiles for a floor, where those at the edge are cut."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording

_FORMATS = {
    "easy": ((50, 25), (40, 20), (60, 30), (50, 20), (100, 50), (80, 40)),
    "medium": ((45, 30), (60, 40), (35, 25), (75, 50), (90, 60), (60, 45)),
    "hard": ((45, 30), (60, 35), (65, 40), (75, 45), (90, 55), (80, 35)),
}


def _draw_tiles(rng: Random, difficulty: str) -> Values:
    """Without a cut but for the hard ones."""
    tile_length, tile_width = rng.choice(_FORMATS[difficulty])
    columns, rows = rng.randint(4, 25), rng.randint(4, 40)
    length, width = columns * tile_length, rows * tile_width
    if difficulty == "hard":
        length -= 5 * rng.randint(0, tile_length // 5 - 1)
        width -= 5 * rng.randint(1, tile_width // 5 - 1)
    return {
        "length": Fraction(length, 100),
        "width": Fraction(width, 100),
        "tile_length": tile_length,
        "tile_width": tile_width,
    }


def _tiles_holds(values: Values) -> bool:
    return 2 <= values["width"] < values["length"] <= 20


def _tiles_workings(values: Values) -> dict[str, int]:
    length_cm, width_cm = int(values["length"] * 100), int(values["width"] * 100)
    columns, rows = -(-length_cm // values["tile_length"]), -(-width_cm // values["tile_width"])
    return {
        "length_cm": length_cm,
        "width_cm": width_cm,
        "columns": columns,
        "rows": rows,
        "reach_length": columns * values["tile_length"],
        "reach_width": rows * values["tile_width"],
        "short_length": (columns - 1) * values["tile_length"],
        "short_width": (rows - 1) * values["tile_width"],
        "fewer_columns": columns - 1,
        "fewer_rows": rows - 1,
    }


def _solve_tiles(values: Values) -> int:
    workings = _tiles_workings(values)
    return workings["columns"] * workings["rows"]


def _check_tiles(values: Values, result: Fraction) -> bool:
    """Lays them one by one: each is put down where floor still shows."""
    laid = 0
    across = Fraction(0)
    while across < values["width"]:
        along = Fraction(0)
        while along < values["length"]:
            laid += 1
            along += Fraction(values["tile_length"], 100)
        across += Fraction(values["tile_width"], 100)
    return result == laid


def _whole_tiles(values: Values) -> int:
    workings = _tiles_workings(values)
    columns = workings["length_cm"] // values["tile_length"]
    return columns * (workings["width_cm"] // values["tile_width"])


TILES = Template(
    id="geometry.tiles",
    family="geometry",
    unit="nat_tile",
    draw=_draw_tiles,
    holds=_tiles_holds,
    solve=_solve_tiles,
    check=_check_tiles,
    workings=_tiles_workings,
    texts={
        "en": Wording(
            problems=(
                "The floor of a hall is {length:metre} long and {width:metre} wide. It is covered with tiles of "
                "{tile_length:nat_centimetre} by {tile_width:nat_centimetre}, all lying the same way, with their "
                "longer side along the length of the hall. Tiles at the edge may be cut, but a piece cut off is not "
                "used again. How many tiles are needed?",
                "Tom paves a rectangular terrace of {length:metre} by {width:metre} with tiles that are "
                "{tile_length:nat_centimetre} long and {tile_width:nat_centimetre} wide. He lays them in straight "
                "rows, the long side of each tile parallel to the long side of the terrace; where a tile is too large "
                "he cuts it and throws the rest away. How many tiles must he buy?",
            ),
            solution="The area to be covered is {length_cm:nat_centimetre} long and {width_cm:nat_centimetre} wide. "
            "Along its length {columns:nat_tile} are needed: {columns} * {tile_length} = {reach_length} is enough for "
            "{length_cm}, and one fewer would not do. Across its width {rows:nat_tile} are needed, because {rows} * "
            "{tile_width} = {reach_width} is enough for {width_cm}. In all that makes {columns} * {rows} = "
            "{result:nat_tile}.",
        ),
        "fr": Wording(
            problems=(
                "Le sol d'une salle a {length:metre} de long et {width:metre} de large. On le couvre de dalles de "
                "{tile_length:nat_centimetre} sur {tile_width:nat_centimetre}, toutes posées dans le même sens, leur "
                "grand côté suivant la longueur de la salle. On peut couper les dalles au bord, mais une chute n'est "
                "pas réutilisée. Combien de dalles faut-il ?",
                "Tom pave une terrasse rectangulaire de {length:metre} sur {width:metre} avec des dalles longues de "
                "{tile_length:nat_centimetre} et larges de {tile_width:nat_centimetre}. Il les pose en rangées "
                "droites, le grand côté de chaque dalle parallèle au grand côté de la terrasse ; quand une dalle est "
                "trop grande, il la coupe et jette le reste. Combien de dalles doit-il acheter ?",
            ),
            solution="La surface à couvrir a {length_cm:nat_centimetre} de long et {width_cm:nat_centimetre} de large. "
            "Dans la longueur, il faut {columns:nat_tile} : {columns} * {tile_length} = {reach_length} suffit pour "
            "{length_cm}, et une de moins ne suffirait pas. Dans la largeur, il faut {rows:nat_tile}, car {rows} * "
            "{tile_width} = {reach_width} suffit pour {width_cm}. En tout, cela fait {columns} * {rows} = "
            "{result:nat_tile}.",
        ),
        "de": Wording(
            problems=(
                "Der Boden eines Saals ist {length:metre} lang und {width:metre} breit. Er wird mit Platten belegt, "
                "die {tile_length:nat_centimetre} mal {tile_width:nat_centimetre} messen und alle in gleicher Richtung "
                "liegen, mit der längeren Seite entlang der Länge des Saals. Am Rand dürfen Platten zugeschnitten "
                "werden, doch ein abgeschnittenes Stück wird nicht weiterverwendet. Wie viele Platten werden "
                "gebraucht?",
                "Tom pflastert eine rechteckige Terrasse, die {length:metre} mal {width:metre} misst, mit Platten, die "
                "{tile_length:nat_centimetre} lang und {tile_width:nat_centimetre} breit sind. Er verlegt sie in "
                "geraden Reihen, die lange Seite jeder Platte parallel zur langen Seite der Terrasse; wo eine Platte "
                "zu groß ist, schneidet er sie zu und wirft den Rest weg. Wie viele Platten muss er kaufen?",
            ),
            solution="Die Fläche ist {length_cm:nat_centimetre} lang und {width_cm:nat_centimetre} breit. Der Länge "
            "nach braucht man {columns:nat_tile}: {columns} * {tile_length} = {reach_length} reicht für {length_cm}, "
            "mit einer weniger ginge es nicht. Der Breite nach braucht man {rows:nat_tile}, denn {rows} * {tile_width} "
            "= {reach_width} reicht für {width_cm}. Insgesamt sind es {columns} * {rows} = {result:nat_tile}.",
        ),
        "it": Wording(
            problems=(
                "Il pavimento di una sala è lungo {length:metre} e largo {width:metre}. Lo si copre con piastrelle di "
                "{tile_length:nat_centimetre} per {tile_width:nat_centimetre}, posate tutte nello stesso verso, con il "
                "lato più lungo nel senso della lunghezza della sala. Al bordo le piastrelle si possono tagliare, ma i "
                "pezzi avanzati non si riutilizzano. Quante piastrelle occorrono?",
                "Tom riveste una terrazza rettangolare di {length:metre} per {width:metre} con piastrelle lunghe "
                "{tile_length:nat_centimetre} e larghe {tile_width:nat_centimetre}. Le posa in file diritte, con il "
                "lato lungo di ogni piastrella parallelo al lato lungo della terrazza; dove una piastrella è troppo "
                "grande, la taglia e butta via il resto. Quante piastrelle deve comprare?",
            ),
            solution="La superficie è lunga {length_cm:nat_centimetre} e larga {width_cm:nat_centimetre}. Nel senso "
            "della lunghezza occorrono {columns:nat_tile}: {columns} * {tile_length} = {reach_length} basta per "
            "{length_cm}, e con una in meno non si arriverebbe. Nel senso della larghezza occorrono {rows:nat_tile}, "
            "perché {rows} * {tile_width} = {reach_width} basta per {width_cm}. In tutto sono {columns} * {rows} = "
            "{result:nat_tile}.",
        ),
        "es": Wording(
            problems=(
                "El suelo de una sala mide {length:metre} de largo y {width:metre} de ancho. Se cubre con baldosas de "
                "{tile_length:nat_centimetre} por {tile_width:nat_centimetre}, colocadas todas en el mismo sentido, "
                "con el lado mayor a lo largo de la sala. En el borde se pueden cortar, pero los trozos sobrantes no "
                "se vuelven a usar. ¿Cuántas baldosas hacen falta?",
                "Tomás pavimenta una terraza rectangular de {length:metre} por {width:metre} con baldosas que miden "
                "{tile_length:nat_centimetre} de largo y {tile_width:nat_centimetre} de ancho. Las coloca en filas "
                "rectas, con el lado largo de cada baldosa paralelo al lado largo de la terraza; donde una baldosa es "
                "demasiado grande, la corta y tira lo que sobra. ¿Cuántas baldosas tiene que comprar?",
            ),
            solution="La superficie mide {length_cm:nat_centimetre} de largo y {width_cm:nat_centimetre} de ancho. A "
            "lo largo se necesitan {columns:nat_tile}: {columns} * {tile_length} = {reach_length} basta para "
            "{length_cm}, y con una menos no se llegaría. A lo ancho se necesitan {rows:nat_tile}, porque {rows} * "
            "{tile_width} = {reach_width} basta para {width_cm}. En total son {columns} * {rows} = {result:nat_tile}.",
        ),
        "pl": Wording(
            problems=(
                "Podłoga w sali ma {length:metre} długości i {width:metre} szerokości. Wykłada się ją płytami o "
                "wymiarach {tile_length:nat_centimetre} na {tile_width:nat_centimetre.acc}; wszystkie leżą w tym samym "
                "kierunku, dłuższym bokiem wzdłuż sali. Płyty przy brzegu wolno przycinać, ale odciętych kawałków się "
                "już nie używa. Ile płyt potrzeba?",
                "Tomek układa na prostokątnym tarasie o wymiarach {length:metre} na {width:metre.acc} płyty, z których "
                "każda ma {tile_length:nat_centimetre} długości i {tile_width:nat_centimetre} szerokości. Kładzie je w "
                "prostych rzędach, dłuższym bokiem równolegle do dłuższego boku tarasu; gdzie płyta jest za duża, "
                "przycina ją, a resztę wyrzuca. Ile płyt musi kupić?",
            ),
            solution="Powierzchnia ma {length_cm:nat_centimetre} długości i {width_cm:nat_centimetre} szerokości. Na "
            "długość potrzeba {columns:nat_tile.gen}: {columns} * {tile_length} = {reach_length} wystarcza na "
            "{length_cm}, a o jedną mniej by nie wystarczyło. Na szerokość potrzeba {rows:nat_tile.gen}, bo {rows} * "
            "{tile_width} = {reach_width} wystarcza na {width_cm}. Razem daje to {columns} * {rows} = "
            "{result:nat_tile}.",
        ),
        "nl": Wording(
            problems=(
                "De vloer van een zaal is {length:metre} lang en {width:metre} breed. Hij wordt bedekt met tegels van "
                "{tile_length:nat_centimetre} bij {tile_width:nat_centimetre}, die allemaal in dezelfde richting "
                "liggen, met de langste kant in de lengte van de zaal. Aan de rand mogen tegels worden gesneden, maar "
                "een afgesneden stuk wordt niet opnieuw gebruikt. Hoeveel tegels zijn er nodig?",
                "Tom legt op een rechthoekig terras van {length:metre} bij {width:metre} tegels die "
                "{tile_length:nat_centimetre} lang en {tile_width:nat_centimetre} breed zijn. Hij legt ze in rechte "
                "rijen, de lange kant van elke tegel evenwijdig aan de lange kant van het terras; waar een tegel te "
                "groot is, snijdt hij hem op maat en gooit hij de rest weg. Hoeveel tegels moet hij kopen?",
            ),
            solution="De oppervlakte is {length_cm:nat_centimetre} lang en {width_cm:nat_centimetre} breed. In de "
            "lengte zijn er {columns:nat_tile} nodig: {columns} * {tile_length} = {reach_length} is genoeg voor "
            "{length_cm}, met één minder lukt het niet. In de breedte zijn er {rows:nat_tile} nodig, want {rows} * "
            "{tile_width} = {reach_width} is genoeg voor {width_cm}. In totaal zijn dat {columns} * {rows} = "
            "{result:nat_tile}.",
        ),
        "la": Wording(
            problems=(
                "Pavimentum atrii {length:metre.acc} longum et {width:metre.acc} latum est. Tessellis sternitur, quae "
                "{tile_length:nat_centimetre.acc} longae et {tile_width:nat_centimetre.acc} latae sunt; omnes eodem "
                "modo iacent, ita ut latus longius longitudinem atrii sequatur. Tessellas in margine secare licet, sed "
                "partes abscisae iterum non adhibentur. Quot tessellae necessariae sunt?",
                "Marcus aream rectangulam, quae {length:metre.acc} longa et {width:metre.acc} lata est, tessellis "
                "sternit. Singulae tessellae {tile_length:nat_centimetre.acc} longae et "
                "{tile_width:nat_centimetre.acc} latae sunt. Rectis ordinibus ponuntur, latere longo ad longum areae "
                "latus verso; ubi tessella nimis magna est, Marcus eam secat et quod superest abicit. Quot tessellas "
                "emere debet?",
            ),
            solution="Superficies {length_cm:nat_centimetre.acc} longa et {width_cm:nat_centimetre.acc} lata est. In "
            "longitudinem {columns:nat_tile} ponendae sunt: nam {columns} * {tile_length} = {reach_length} ad "
            "{length_cm} sufficit, una tessella dempta non sufficeret. In latitudinem {rows:nat_tile} ponendae sunt, "
            "quia {rows} * {tile_width} = {reach_width} ad {width_cm} sufficit. Omnino necessariae sunt {columns} * "
            "{rows} = {result:nat_tile}.",
        ),
    },
    trace=Trace(
        given="floor {length:m} by {width:m}, tiles {tile_length:nat_centimetre} by {tile_width:nat_centimetre}, laid "
        "lengthwise; offcuts are lost",
        sought="number of tiles",
        insight="same unit first; then each direction is rounded up by itself, since a cut tile counts as a whole one",
        steps=(
            "in centimetres → {length_cm} by {width_cm}",
            "along the length → {columns} * {tile_length} = {reach_length} ≥ {length_cm}, so {columns:nat_tile}",
            "across the width → {rows} * {tile_width} = {reach_width} ≥ {width_cm}, so {rows:nat_tile}",
            "all → {columns} * {rows} = {result:nat_tile}",
        ),
        checks=(
            "one column fewer: {fewer_columns} * {tile_length} = {short_length} < {length_cm}, too short",
            "one row fewer: {fewer_rows} * {tile_width} = {short_width} < {width_cm}, too narrow",
        ),
    ),
    mistakes=(
        Mistake(
            name="adds_the_rows",
            says="adds the numbers of tiles along both sides instead of multiplying them",
            result=lambda values: _tiles_workings(values)["columns"] + _tiles_workings(values)["rows"],
        ),
        Mistake(
            name="edge_only",
            says="counts the tiles along the edge only",
            result=lambda values: 2 * (_tiles_workings(values)["columns"] + _tiles_workings(values)["rows"]) - 4,
        ),
        Mistake(
            name="counts_the_joints",
            says="counts the lines between and around the tiles, one more than tiles in each direction",
            result=lambda values: (_tiles_workings(values)["columns"] + 1) * (_tiles_workings(values)["rows"] + 1),
        ),
        Mistake(
            name="whole_tiles_only",
            says="rounds down and leaves the edge bare",
            result=_whole_tiles,
        ),
        Mistake(
            name="turns_the_tiles",
            says="lays the longer side of the tiles across the floor",
            result=lambda values: (
                -(-_tiles_workings(values)["length_cm"] // values["tile_width"])
                * -(-_tiles_workings(values)["width_cm"] // values["tile_length"])
            ),
        ),
        Mistake(
            name="one_row_short",
            says="leaves out the last row",
            result=lambda values: _tiles_workings(values)["columns"] * (_tiles_workings(values)["rows"] - 1),
        ),
    ),
)
