"""Similar triangles: a lamp and the shadow that it casts."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_lamp(rng: Random, difficulty: str) -> Values:
    if difficulty == "easy":
        shadow = rng.randint(2, 5)
        return {
            "height": Fraction(rng.randint(12, 19), 10),
            "distance": Fraction(shadow * rng.randint(1, 5)),
            "shadow": Fraction(shadow),
        }
    tall, wide = {"medium": (10, 1), "hard": (20, 2)}[difficulty]
    return {
        "height": Fraction(rng.randint(12 * tall // 10, 19 * tall // 10), tall),
        "distance": Fraction(rng.randint(2 * wide, 20 * wide), wide),
        "shadow": Fraction(rng.randint(2 * wide, 8 * wide), wide),
    }


def _lamp_holds(values: Values) -> bool:
    result = _solve_lamp(values)
    return 3 <= result <= 12 and (100 * result).denominator == 1


def _solve_lamp(values: Values) -> Fraction:
    return values["height"] * (values["distance"] + values["shadow"]) / values["shadow"]


def _lamp_workings(values: Values) -> dict[str, Fraction]:
    reach = values["distance"] + values["shadow"]
    return {
        "reach": reach,
        "product": values["height"] * reach,
        "above": _solve_lamp(values) - values["height"],
        "by_distance": (_solve_lamp(values) - values["height"]) * values["shadow"],
    }


def _check_lamp(values: Values, result: Fraction) -> bool:
    """The ray falls as steeply from the lamp to the head as from the head to the ground."""
    return (result - values["height"]) / values["distance"] == values["height"] / values["shadow"]


LAMP = Template(
    id="geometry.lamp",
    family="geometry",
    unit="m",
    draw=_draw_lamp,
    holds=_lamp_holds,
    solve=_solve_lamp,
    check=_check_lamp,
    workings=_lamp_workings,
    texts={
        "en": Wording(
            problems=(
                "On a level street, a girl who is {height:metre} tall stands {distance:metre} away from the foot of a "
                "street lamp. The lamp gives her a shadow {shadow:metre} long. How many metres above the ground does "
                "the lamp hang?",
                "An upright post {height:metre} high has been set {distance:metre} from the foot of a floodlight mast. "
                "At night, on the flat ground, the floodlight throws the post's shadow {shadow:metre} long. What is "
                "the height of the floodlight in metres?",
            ),
            solution="The tip of the shadow is {distance} + {shadow} = {reach:m} away from the foot of the light. Over "
            "these {reach:m} the ray drops to the ground from the height we want, over the last {shadow:m} from "
            "{height:m}; the two triangles are similar. The height is therefore {height} * {reach} ÷ {shadow} = "
            "{result:m}.",
        ),
        "fr": Wording(
            problems=(
                "Dans une rue plane, une fille qui mesure {height:metre} se tient à {distance:metre} du pied d'un "
                "lampadaire. À la lumière de la lampe, son ombre est longue de {shadow:metre}. À combien de mètres du "
                "sol se trouve la lampe ?",
                "Un poteau vertical de {height:metre} de haut est planté à {distance:metre} du pied d'un mât portant "
                "un projecteur. La nuit, sur le sol plat, l'ombre du poteau éclairé par le projecteur mesure "
                "{shadow:metre}. Quelle est la hauteur du projecteur en mètres ?",
            ),
            solution="Le bout de l'ombre se trouve à {distance} + {shadow} = {reach:m} du pied de la source de "
            "lumière. Sur ces {reach:m}, le rayon descend jusqu'au sol depuis la hauteur cherchée ; sur les {shadow:m} "
            "de l'ombre, il descend depuis {height:m} : les deux triangles sont semblables. La hauteur est donc de "
            "{height} * {reach} ÷ {shadow} = {result:m}.",
        ),
        "de": Wording(
            problems=(
                "Auf einer ebenen Straße steht ein {height:metre} großes Mädchen {distance:metre} vom Fuß einer "
                "Straßenlaterne entfernt. Im Licht der Laterne wirft es einen {shadow:metre} langen Schatten. Wie "
                "viele Meter über dem Boden hängt die Lampe?",
                "Ein senkrechter Pfosten von {height:metre} Höhe steht {distance:metre} vom Fuß eines Flutlichtmastes "
                "entfernt. Nachts ist sein Schatten auf dem flachen Boden {shadow:metre} lang. Wie hoch ist das "
                "Flutlicht in Metern angebracht?",
            ),
            solution="Die Spitze des Schattens ist {distance} + {shadow} = {reach:m} vom Fuß der Lichtquelle entfernt. "
            "Auf diesen {reach:m} fällt der Lichtstrahl von der gesuchten Höhe bis zum Boden, auf den letzten "
            "{shadow:m} von {height:m}; die beiden Dreiecke sind ähnlich. Die Höhe beträgt also {height} * {reach} ÷ "
            "{shadow} = {result:m}.",
        ),
        "it": Wording(
            problems=(
                "In una strada pianeggiante una ragazza alta {height:metre} si trova a {distance:metre} dalla base di "
                "un lampione. Alla luce del lampione la sua ombra è lunga {shadow:metre}. A quanti metri da terra è "
                "la lampada?",
                "Un palo verticale alto {height:metre} è piantato a {distance:metre} dalla base di una torre con un "
                "faro. Di notte, sul terreno piano, alla luce del faro il palo proietta un'ombra di {shadow:metre}. "
                "Qual è l'altezza del faro in metri?",
            ),
            solution="La punta dell'ombra dista {distance} + {shadow} = {reach:m} dalla base della sorgente di luce. "
            "Lungo questi {reach:m} il raggio scende fino a terra dall'altezza cercata, lungo gli ultimi {shadow:m} da "
            "{height:m}: i due triangoli sono simili. L'altezza è dunque {height} * {reach} ÷ {shadow} = {result:m}.",
        ),
        "es": Wording(
            problems=(
                "En una calle llana, una chica que mide {height:metre} está a {distance:metre} del pie de una farola. "
                "A la luz de la farola, su sombra mide {shadow:metre} de largo. ¿A cuántos metros del suelo está la "
                "lámpara?",
                "Un poste vertical de {height:metre} de altura está clavado a {distance:metre} del pie de una torre "
                "con un foco. De noche, sobre el suelo llano, a la luz del foco, el poste proyecta una sombra de "
                "{shadow:metre}. ¿Cuál es la altura del foco en metros?",
            ),
            solution="La punta de la sombra está a {distance} + {shadow} = {reach:m} del pie de la fuente de luz. A lo "
            "largo de esos {reach:m} el rayo baja hasta el suelo desde la altura buscada y, a lo largo de los últimos "
            "{shadow:m}, desde {height:m}: los dos triángulos son semejantes. La altura es, por tanto, {height} * "
            "{reach} ÷ {shadow} = {result:m}.",
        ),
        "pl": Wording(
            problems=(
                "Na płaskiej ulicy dziewczyna, która ma {height:metre} wzrostu, stoi w odległości {distance:metre.gen} "
                "od podstawy latarni. W świetle latarni jej cień ma {shadow:metre} długości. Na jakiej wysokości, w "
                "metrach, wisi lampa?",
                "Pionowy słupek o wysokości {height:metre.gen} ustawiono w odległości {distance:metre.gen} od podstawy "
                "masztu z reflektorem. Nocą na płaskim gruncie cień słupka ma {shadow:metre} długości. Ile metrów nad "
                "ziemią znajduje się reflektor?",
            ),
            solution="Koniec cienia leży w odległości {distance} + {shadow} = {reach:m} od podstawy źródła światła. Na "
            "tych {reach:m} promień opada do ziemi z szukanej wysokości, a na ostatnich {shadow:m} z wysokości "
            "{height:m}; oba trójkąty są podobne. Szukana wysokość wynosi zatem {height} * {reach} ÷ {shadow} = "
            "{result:m}.",
        ),
        "nl": Wording(
            problems=(
                "Op een vlakke straat staat een meisje van {height:metre} op {distance:metre} van de voet van een "
                "lantaarnpaal. In het licht van de lantaarn is haar schaduw {shadow:metre} lang. Hoeveel meter boven "
                "de grond hangt de lamp?",
                "Een rechtopstaande paal met een hoogte van {height:metre} staat {distance:metre} van de voet van een "
                "lichtmast. 's Nachts werpt de schijnwerper op de vlakke grond een schaduw van de paal van "
                "{shadow:metre} lang. Op welke hoogte, in meters, hangt de schijnwerper?",
            ),
            solution="De top van de schaduw ligt {distance} + {shadow} = {reach:m} van de voet van de lichtbron. Over "
            "die {reach:m} daalt de lichtstraal van de gezochte hoogte tot de grond, over de laatste {shadow:m} van "
            "{height:m}; de twee driehoeken zijn gelijkvormig. De hoogte is dus {height} * {reach} ÷ {shadow} = "
            "{result:m}.",
        ),
        "la": Wording(
            problems=(
                "In via plana puella, quae {height:metre.acc} alta est, stat et a lucerna publica {distance:metre.acc} "
                "abest. Lucernae lumine umbra eius {shadow:metre.acc} longa fit. Quot metra supra terram lucerna "
                "pendet?",
                "Palus rectus {height:metre.acc} altus defixus est et a turri, in qua fax ardet, {distance:metre.acc} "
                "abest. Noctu in solo plano umbra pali {shadow:metre.acc} longa est. Quot metra supra terram fax "
                "ardet?",
            ),
            solution="Extrema umbra a loco luci subiecto {distance} + {shadow} = {reach:m} abest. Per haec {reach:m} "
            "radius ab altitudine quaesita ad terram descendit, per ultima {shadow:m} ab altitudine {height:m}; duo "
            "triangula similia sunt. Altitudo igitur est {height} * {reach} ÷ {shadow} = {result:m}.",
        ),
    },
    trace=Trace(
        given="height {height:m}, distance from the lamp {distance:m}, shadow {shadow:m}",
        sought="height of the lamp in metres",
        insight="the ray from the lamp to the tip of the shadow makes two similar triangles with a common tip",
        steps=(
            "from the foot of the lamp to the tip of the shadow → {distance} + {shadow} = {reach:m}",
            "heights are as lengths on the ground: lamp ÷ {height} = {reach} ÷ {shadow}",
            "lamp → {height} * {reach} ÷ {shadow} = {product} ÷ {shadow} = {result:m}",
        ),
        checks=(
            "the lamp is {result} - {height} = {above:m} higher than the head, over {distance:m} of ground",
            "same slope: {above} * {shadow} = {by_distance} AND {height} * {distance} = {by_distance}",
        ),
    ),
    mistakes=(
        Mistake(
            name="leaves_out_the_shadow",
            says="compares the shadow with the distance and not with the whole way to the lamp",
            result=lambda values: values["height"] * values["distance"] / values["shadow"],
        ),
        Mistake(
            name="adds_instead_of_scaling",
            says="adds the distance to the height, as if the ray fell one metre a metre",
            result=lambda values: values["height"] + values["distance"],
        ),
        Mistake(
            name="counts_the_shadow_twice",
            says="adds the shadow twice to the distance",
            result=lambda values: values["height"] * (values["distance"] + 2 * values["shadow"]) / values["shadow"],
        ),
        Mistake(
            name="forgets_to_divide",
            says="does not divide by the length of the shadow",
            result=lambda values: values["height"] * (values["distance"] + values["shadow"]),
        ),
        Mistake(
            name="divides_by_the_distance",
            says="divides by the distance and not by the shadow",
            result=lambda values: values["height"] * (values["distance"] + values["shadow"]) / values["distance"],
        ),
    ),
)
