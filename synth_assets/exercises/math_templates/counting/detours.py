"""Counting the ways through a grid past a point that is closed."""

from fractions import Fraction
from math import comb
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_detours(rng: Random, difficulty: str) -> Values:
    least, most = {"easy": (4, 7), "medium": (6, 10), "hard": (9, 13)}[difficulty]
    east, north = rng.randint(least, most), rng.randint(least, most)
    return {"east": east, "north": north, "x": rng.randint(2, east - 2), "y": rng.randint(2, north - 2)}


def _detours_workings(values: Values) -> Values:
    east, north, x, y = (values[name] for name in ("east", "north", "x", "y"))
    before, after = comb(x + y, x), comb(east - x + north - y, east - x)
    return {
        "steps": east + north,
        "every": comb(east + north, east),
        "steps_before": x + y,
        "before": before,
        "steps_after": east - x + north - y,
        "x_after": east - x,
        "y_after": north - y,
        "after": after,
        "through": before * after,
    }


def _solve_detours(values: Values) -> int:
    workings = _detours_workings(values)
    return workings["every"] - workings["through"]


def _check_detours(values: Values, result: Fraction) -> bool:
    """Every point is reached as often as its two predecessors together, the closed one never."""
    ways = [[0] * (values["north"] + 1) for _ in range(values["east"] + 1)]
    for x in range(values["east"] + 1):
        for y in range(values["north"] + 1):
            if (x, y) == (0, 0):
                ways[x][y] = 1
            elif (x, y) != (values["x"], values["y"]):
                ways[x][y] = (ways[x - 1][y] if x else 0) + (ways[x][y - 1] if y else 0)
    return result == ways[-1][-1]


DETOURS = Template(
    id="counting.detours",
    family="counting",
    unit="grid_route",
    draw=_draw_detours,
    holds=lambda values: True,
    solve=_solve_detours,
    check=_check_detours,
    workings=_detours_workings,
    texts={
        "en": Wording(
            problems=(
                "The streets of a town form a regular grid. From Clara's home, the library lies {east:grid_block} to "
                "the east and {north:grid_block} to the north. She walks only eastwards and northwards, and the "
                "crossing {x:grid_block} east and {y:grid_block} north of her home is closed. How many routes can she "
                "take?",
                "On a tiled floor a robot makes {east:grid_step} to the right and {north:grid_step} forward, one tile "
                "at a time and in any order. It must not enter the tile that is {x:grid_step} to the right and "
                "{y:grid_step} forward from its start. How many different routes lead to its goal?",
            ),
            solution="Without the closed spot, {east} of the {steps:grid_step} would be chosen for the first "
            "direction, which gives C({steps}, {east}) = {every:grid_route}. There are C({steps_before}, {x}) = "
            "{before} ways to the closed spot and C({steps_after}, {x_after}) = {after} ways from there to the goal, "
            "so {before} * {after} = {through:grid_route} pass through it. This leaves {every} - {through} = "
            "{result:grid_route}.",
        ),
        "fr": Wording(
            problems=(
                "Les rues d'une ville forment un quadrillage régulier. Depuis la maison de Clara, la bibliothèque se "
                "trouve à {east:grid_block} vers l'est et à {north:grid_block} vers le nord. Clara ne marche que vers "
                "l'est ou vers le nord, et le carrefour situé à {x:grid_block} à l'est et à {y:grid_block} au nord de "
                "chez elle est fermé. Combien de chemins peut-elle emprunter ?",
                "Sur un sol carrelé, un robot fait {east:grid_step} vers la droite et {north:grid_step} vers l'avant, "
                "un carreau à la fois et dans n'importe quel ordre. Il ne doit pas entrer sur le carreau situé à "
                "{x:grid_step} vers la droite et à {y:grid_step} vers l'avant de son départ. Combien de chemins "
                "différents mènent à son but ?",
            ),
            solution="Sans le point interdit, il suffirait de choisir lesquels des {steps:grid_step} vont dans la "
            "première direction, ce qui donne C({steps}, {east}) = {every:grid_route}. On atteint le point interdit de "
            "C({steps_before}, {x}) = {before} façons et l'on va de là au but de C({steps_after}, {x_after}) = {after} "
            "façons : {before} * {after} = {through:grid_route} passent donc par ce point. Il reste {every} - "
            "{through} = {result:grid_route}.",
        ),
        "de": Wording(
            problems=(
                "Die Straßen einer Stadt bilden ein regelmäßiges Gitter. Von Claras Wohnung aus liegt die Bibliothek "
                "{east:grid_block} weiter östlich und {north:grid_block} weiter nördlich. Clara geht nur nach Osten "
                "oder nach Norden, und die Kreuzung {x:grid_block} östlich und {y:grid_block} nördlich ihrer Wohnung "
                "ist gesperrt. Wie viele Wege kann sie nehmen?",
                "Auf einem gefliesten Boden macht ein Roboter {east:grid_step} nach rechts und {north:grid_step} nach "
                "vorn, jedes Mal um eine Fliese und in beliebiger Reihenfolge. Die Fliese, die vom Start aus "
                "{x:grid_step} rechts und {y:grid_step} weiter vorn liegt, darf er nicht betreten. Wie viele "
                "verschiedene Wege führen zu seinem Ziel?",
            ),
            solution="Ohne die gesperrte Stelle müsste man nur auswählen, welche der {steps:grid_step} in die erste "
            "Richtung gehen, das ergibt C({steps}, {east}) = {every:grid_route}. Bis zur gesperrten Stelle gibt es "
            "C({steps_before}, {x}) = {before} Wege und von dort zum Ziel C({steps_after}, {x_after}) = {after}, also "
            "verlaufen {before} * {after} = {through:grid_route} durch sie. Übrig bleiben {every} - {through} = "
            "{result:grid_route}.",
        ),
        "it": Wording(
            problems=(
                "Le strade di una città formano una griglia regolare. Da casa di Clara la biblioteca si trova "
                "{east:grid_block} più a est e {north:grid_block} più a nord. Clara cammina solo verso est o verso "
                "nord, e l'incrocio situato {x:grid_block} a est e {y:grid_block} a nord di casa sua è chiuso. Quanti "
                "percorsi può seguire?",
                "Su un pavimento di piastrelle un robot fa {east:grid_step} verso destra e {north:grid_step} in "
                "avanti, una piastrella alla volta e in qualsiasi ordine. Non deve entrare nella piastrella che dista "
                "dalla partenza {x:grid_step} verso destra e {y:grid_step} in avanti. Quanti percorsi diversi portano "
                "alla meta?",
            ),
            solution="Senza il punto vietato basterebbe scegliere quali dei {steps:grid_step} vanno nella prima "
            "direzione, e si avrebbero C({steps}, {east}) = {every:grid_route}. Al punto vietato si arriva in "
            "C({steps_before}, {x}) = {before} modi e da lì alla meta in C({steps_after}, {x_after}) = {after} modi, "
            "perciò vi passano {before} * {after} = {through:grid_route}. Ne restano {every} - {through} = "
            "{result:grid_route}.",
        ),
        "es": Wording(
            problems=(
                "Las calles de una ciudad forman una cuadrícula regular. Desde la casa de Clara, la biblioteca queda "
                "a {east:grid_block} hacia el este y a {north:grid_block} hacia el norte. Clara solo camina hacia el "
                "este o hacia el norte, y el cruce situado a {x:grid_block} al este y a {y:grid_block} al norte de su "
                "casa está cortado. ¿Cuántos caminos puede seguir?",
                "Sobre un suelo de baldosas, un robot da {east:grid_step} hacia la derecha y {north:grid_step} hacia "
                "delante, de baldosa en baldosa y en cualquier orden. No debe pisar la baldosa que está a "
                "{x:grid_step} a la derecha y a {y:grid_step} hacia delante de su salida. ¿Cuántos caminos distintos "
                "llevan a su meta?",
            ),
            solution="Sin el punto prohibido bastaría elegir cuáles de los {steps:grid_step} van en la primera "
            "dirección, lo que da C({steps}, {east}) = {every:grid_route}. Al punto prohibido se llega de "
            "C({steps_before}, {x}) = {before} maneras y de allí a la meta se va de C({steps_after}, {x_after}) = "
            "{after} maneras, así que por él pasan {before} * {after} = {through:grid_route}. Quedan {every} - "
            "{through} = {result:grid_route}.",
        ),
        "pl": Wording(
            problems=(
                "Ulice miasta tworzą regularną siatkę. Biblioteka leży o {east:grid_block.acc} na wschód i o "
                "{north:grid_block.acc} na północ od domu Klary. Klara chodzi tylko na wschód albo na północ, a "
                "skrzyżowanie położone o {x:grid_block.acc} na wschód i o {y:grid_block.acc} na północ od jej domu "
                "jest zamknięte. Ile dróg ma do wyboru?",
                "Na podłodze z płytek robot wykonuje {east:grid_step} w prawo i {north:grid_step} do przodu, za każdym "
                "razem o jedną płytkę i w dowolnej kolejności. Nie wolno mu wejść na płytkę, która leży o "
                "{x:grid_step} w prawo i o {y:grid_step} do przodu od miejsca startu. Ile różnych dróg prowadzi do "
                "celu?",
            ),
            solution="Bez zamkniętego miejsca wystarczyłoby wybrać, które z kroków (jest ich razem {steps}) prowadzą w "
            "pierwszym kierunku, co daje C({steps}, {east}) = {every:grid_route}. Do zamkniętego miejsca można dojść "
            "na C({steps_before}, {x}) = {before:count_way}, a stamtąd do celu na C({steps_after}, {x_after}) = "
            "{after:count_way}; liczba dróg, które przez nie prowadzą, wynosi {before} * {after} = {through}. Po ich "
            "odjęciu otrzymujemy {every} - {through} = {result:grid_route}.",
        ),
        "nl": Wording(
            problems=(
                "De straten van een stad vormen een regelmatig rooster. Vanaf Clara's huis ligt de bibliotheek "
                "{east:grid_block} naar het oosten en {north:grid_block} naar het noorden. Ze loopt alleen naar het "
                "oosten of naar het noorden, en het kruispunt {x:grid_block} ten oosten en {y:grid_block} ten noorden "
                "van haar huis is afgesloten. Hoeveel routes kan ze nemen?",
                "Op een tegelvloer zet een robot {east:grid_step} naar rechts en {north:grid_step} naar voren, telkens "
                "één tegel en in willekeurige volgorde. Hij mag niet op de tegel komen die vanaf zijn beginpunt "
                "{x:grid_step} naar rechts en {y:grid_step} naar voren ligt. Hoeveel verschillende routes leiden naar "
                "zijn doel?",
            ),
            solution="Zonder de afgesloten plek hoefde men alleen te kiezen welke van de {steps:grid_step} in de "
            "eerste richting gaan, en dat geeft C({steps}, {east}) = {every:grid_route}. Naar de afgesloten plek "
            "leiden C({steps_before}, {x}) = {before} routes en vandaar naar het doel C({steps_after}, {x_after}) = "
            "{after}, dus er lopen {before} * {after} = {through:grid_route} doorheen. Er blijven {every} - {through} "
            "= {result:grid_route} over.",
        ),
        "la": Wording(
            problems=(
                "Viae cuiusdam urbis inter se transversae sunt et insulas quadratas efficiunt. Bibliotheca a domo "
                "Clarae {east:grid_block.abl} ad orientem et {north:grid_block.abl} ad septentriones distat. Clara "
                "tantum ad orientem aut ad septentriones ambulat, sed compitum, quod a domo {x:grid_block.abl} ad "
                "orientem et {y:grid_block.abl} ad septentriones abest, clausum est. Quot itinera ei patent?",
                "In pavimento tessellato automatum {east:grid_step.acc} dextrorsum et {north:grid_step.acc} prorsum "
                "quolibet ordine facit, singulas tessellas transiens. Tessellam, quae ab initio {x:grid_step.abl} "
                "dextrorsum et {y:grid_step.abl} prorsum abest, intrare non licet. Quot itinera diversa ad finem "
                "ducunt?",
            ),
            solution="Si nullus locus clausus esset, satis esset eligere, qui ex {steps:grid_step.abl} in primam "
            "partem dirigerentur; ita fierent C({steps}, {east}) = {every:grid_route}. Ad locum clausum "
            "C({steps_before}, {x}) = {before} modis, inde ad finem C({steps_after}, {x_after}) = {after} modis "
            "pervenitur, ergo per eum ducunt {before} * {after} = {through:grid_route}. Restant {every} - {through} = "
            "{result:grid_route}.",
        ),
    },
    trace=Trace(
        given="{east:grid_step} one way and {north:grid_step} the other, in any order; the point after {x} and {y} of "
        "them is closed",
        sought="number of routes that avoid the closed point",
        insight="count every route, then take away those through the closed point: ways to it times ways on from it",
        steps=(
            "every route → C({steps}, {east}) = {every}",
            "ways to the closed point → C({steps_before}, {x}) = {before}",
            "ways from there on, {x_after} and {y_after} steps → C({steps_after}, {x_after}) = {after}",
            "routes through it → {before} * {after} = {through}",
            "the others → {every} - {through} = {result:grid_route}",
        ),
        checks=(
            "choosing the other direction's steps gives the same: C({steps}, {north}) = {every} AND C({steps_before}, "
            "{y}) = {before}",
            "{result} + {through} = {every}, all routes",
        ),
    ),
    mistakes=(
        Mistake(
            name="ignores_closure",
            says="counts every route, also those through the closed point",
            result=lambda values: _detours_workings(values)["every"],
        ),
        Mistake(
            name="counts_closed_routes",
            says="stops at the number of routes through the closed point",
            result=lambda values: _detours_workings(values)["through"],
        ),
        Mistake(
            name="takes_away_the_approach",
            says="takes away only the ways to the closed point, without the ways on from it",
            result=lambda values: _detours_workings(values)["every"] - _detours_workings(values)["before"],
        ),
        Mistake(
            name="adds_both_parts",
            says="adds the ways to the closed point and from it instead of multiplying them",
            result=lambda values: (
                _detours_workings(values)["every"]
                - _detours_workings(values)["before"]
                - _detours_workings(values)["after"]
            ),
        ),
        Mistake(
            name="multiplies_the_sides",
            says="multiplies the two sides of the grid",
            result=lambda values: values["east"] * values["north"],
        ),
    ),
)
