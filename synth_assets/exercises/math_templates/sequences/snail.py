"""Steps forward and back in turns."""

from fractions import Fraction
from math import ceil
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_snail(rng: Random, difficulty: str) -> Values:
    height, up, down, unit = {
        "easy": (rng.randint(10, 30), rng.randint(3, 6), rng.randint(1, 3), 1),
        "medium": (rng.randint(25, 120), rng.randint(5, 14), rng.randint(2, 9), 2),
        "hard": (rng.randint(150, 600), rng.randint(18, 65), rng.randint(6, 50), 10),
    }[difficulty]
    return {"height": Fraction(height, unit), "up": Fraction(up, unit), "down": Fraction(down, unit)}


def _snail_workings(values: Values) -> dict[str, Fraction]:
    net = values["up"] - values["down"]
    rest = values["height"] - values["up"]
    nights = ceil(rest / net)
    return {
        "net": net,
        "rest": rest,
        "nights": nights,
        "gained": nights * net,
        "evening": (nights - 1) * net + values["up"],
        "fewer": nights - 1,
        "last": nights * net + values["up"],
    }


def _snail_holds(values: Values) -> bool:
    """The mistakes lead to other numbers of days."""
    if values["up"] <= values["down"]:
        return False
    days = _solve_snail(values)
    return 4 <= days <= 90 and ceil(values["height"] / values["up"]) < days - 1


def _solve_snail(values: Values) -> int:
    return ceil((values["height"] - values["up"]) / (values["up"] - values["down"])) + 1


def _check_snail(values: Values, result: Fraction) -> bool:
    """Day by day and night by night."""
    at, days = Fraction(0), 0
    while True:
        days += 1
        at += values["up"]
        if at >= values["height"]:
            return result == days
        at -= values["down"]


SNAIL = Template(
    id="sequences.snail",
    family="sequences",
    unit="day",
    draw=_draw_snail,
    holds=_snail_holds,
    solve=_solve_snail,
    check=_check_snail,
    workings=_snail_workings,
    texts={
        "en": Wording(
            problems=(
                "A snail sits at the bottom of a well {height:metre} deep. Each day it climbs {up:metre}, and each "
                "night it slides back {down:metre}. How many days does it need to reach the rim, the last one counted "
                "as a whole day?",
                "An empty shaft {height:metre} deep is being filled with water. By day a pump raises the water level "
                "by {up:metre}; at night the pump rests and the level sinks by {down:metre}. How many days does it "
                "take until the water first reaches the rim, the last one counted as a whole day?",
            ),
            solution="A day and a night together bring {up} - {down} = {net:m}. On the last day the rim is reached "
            "before anything is lost again, so the days and nights before it must have brought {height} - {up} = "
            "{rest:m} at least. With {nights} nights it is {nights} * {net} = {gained:m}, and with one night fewer it "
            "would be too little. The rim is reached on the day after, so it takes {nights} + 1 = {result:day}.",
        ),
        "fr": Wording(
            problems=(
                "Un escargot se trouve au fond d'un puits profond de {height:metre}. Chaque jour, il grimpe de "
                "{up:metre} et, chaque nuit, il glisse de {down:metre} vers le bas. Combien de jours lui faut-il pour "
                "atteindre le bord, le dernier comptant pour un jour entier ?",
                "On remplit d'eau un puits vide profond de {height:metre}. Le jour, une pompe fait monter le niveau de "
                "l'eau de {up:metre} ; la nuit, la pompe s'arrête et le niveau baisse de {down:metre}. Combien de "
                "jours faut-il pour que l'eau atteigne le bord pour la première fois, le dernier comptant pour un jour "
                "entier ?",
            ),
            solution="Un jour et une nuit font gagner ensemble {up} - {down} = {net:m}. Le dernier jour, le bord est "
            "atteint avant que rien ne se perde de nouveau ; les jours et les nuits d'avant doivent donc avoir apporté "
            "au moins {height} - {up} = {rest:m}. Avec {nights} nuits, on a {nights} * {net} = {gained:m}, et avec une "
            "nuit de moins ce serait trop peu. Le bord est atteint le lendemain, il faut donc {nights} + 1 = "
            "{result:day}.",
        ),
        "de": Wording(
            problems=(
                "Eine Schnecke sitzt am Grund eines {height:metre} tiefen Brunnens. Jeden Tag kriecht sie {up:metre} "
                "hinauf, jede Nacht rutscht sie {down:metre} zurück. Wie viele Tage braucht sie bis zum Rand, wenn der "
                "letzte als ganzer Tag zählt?",
                "Ein leerer, {height:metre} tiefer Schacht wird mit Wasser gefüllt. Tagsüber hebt eine Pumpe den "
                "Wasserspiegel um {up:metre}; nachts steht sie still, und der Spiegel sinkt um {down:metre}. Wie viele "
                "Tage dauert es, bis das Wasser zum ersten Mal den Rand erreicht, wenn der letzte als ganzer Tag "
                "zählt?",
            ),
            solution="Ein Tag und eine Nacht bringen zusammen {up} - {down} = {net:m}. Am letzten Tag wird der Rand "
            "erreicht, bevor wieder etwas verloren geht; die Tage und Nächte davor müssen also mindestens {height} - "
            "{up} = {rest:m} gebracht haben. Mit {nights} Nächten sind es {nights} * {net} = {gained:m}, mit einer "
            "Nacht weniger wäre es zu wenig. Der Rand wird am Tag danach erreicht, es dauert also {nights} + 1 = "
            "{result:day}.",
        ),
        "it": Wording(
            problems=(
                "Una lumaca si trova in fondo a un pozzo profondo {height:metre}. Ogni giorno sale di {up:metre} e "
                "ogni notte scivola indietro di {down:metre}. Quanti giorni le servono per arrivare al bordo, contando "
                "l'ultimo come un giorno intero?",
                "Si riempie d'acqua un pozzo vuoto profondo {height:metre}. Di giorno una pompa fa salire il livello "
                "dell'acqua di {up:metre}; di notte la pompa sta ferma e il livello scende di {down:metre}. Quanti "
                "giorni occorrono perché l'acqua arrivi per la prima volta al bordo, contando l'ultimo come un giorno "
                "intero?",
            ),
            solution="Un giorno e una notte insieme fanno guadagnare {up} - {down} = {net:m}. L'ultimo giorno il bordo "
            "viene raggiunto prima che si perda di nuovo qualcosa: i giorni e le notti precedenti devono quindi aver "
            "dato almeno {height} - {up} = {rest:m}. Con {nights} notti si arriva a {nights} * {net} = {gained:m}, e "
            "con una notte in meno non basterebbe. Il bordo si raggiunge il giorno dopo, quindi servono {nights} + 1 = "
            "{result:day}.",
        ),
        "es": Wording(
            problems=(
                "Un caracol está en el fondo de un pozo de {height:metre} de profundidad. Cada día sube {up:metre} y "
                "cada noche resbala {down:metre} hacia abajo. ¿Cuántos días necesita para llegar al borde, contando el "
                "último como un día entero?",
                "Se llena de agua un pozo vacío de {height:metre} de profundidad. De día una bomba hace subir el nivel "
                "del agua {up:metre}; de noche la bomba está parada y el nivel baja {down:metre}. ¿Cuántos días hacen "
                "falta para que el agua llegue por primera vez al borde, contando el último como un día entero?",
            ),
            solution="Un día y una noche juntos suponen un avance de {up} - {down} = {net:m}. El último día se llega "
            "al borde antes de que se vuelva a perder nada, así que los días y las noches anteriores tienen que haber "
            "dado al menos {height} - {up} = {rest:m}. Con {nights} noches son {nights} * {net} = {gained:m}, y con "
            "una noche menos sería demasiado poco. Al borde se llega al día siguiente, de modo que hacen falta "
            "{nights} + 1 = {result:day}.",
        ),
        "pl": Wording(
            problems=(
                "Ślimak siedzi na dnie studni głębokiej na {height:metre.acc}. Każdego dnia wspina się o "
                "{up:metre.acc}, a każdej nocy zsuwa się o {down:metre.acc}. Ilu dni potrzebuje, żeby dotrzeć do "
                "krawędzi, jeśli ostatni liczy się jako cały dzień?",
                "Pusty szyb o głębokości {height:metre.gen} napełnia się wodą. W dzień pompa podnosi poziom wody o "
                "{up:metre.acc}, a w nocy stoi i poziom opada o {down:metre.acc}. Ile dni potrzeba, żeby woda po raz "
                "pierwszy dosięgła krawędzi, jeśli ostatni liczy się jako cały dzień?",
            ),
            solution="Dzień i noc razem dają {up} - {down} = {net:m}. Ostatniego dnia krawędź zostaje osiągnięta, "
            "zanim znów coś ubędzie, więc wcześniejsze doby muszą dać co najmniej {height} - {up} = {rest:m}. "
            "Wystarczy ich {nights}, bo {nights} * {net} = {gained:m}, a o jedną mniej byłoby za mało. Krawędź zostaje "
            "osiągnięta następnego dnia, a więc potrzeba na to {nights} + 1 = {result} dni.",
        ),
        "nl": Wording(
            problems=(
                "Een slak zit op de bodem van een put van {height:metre} diep. Elke dag kruipt ze {up:metre} omhoog en "
                "elke nacht glijdt ze {down:metre} terug. Hoeveel dagen heeft ze nodig om de rand te bereiken, als de "
                "laatste als hele dag telt?",
                "Een lege schacht van {height:metre} diep wordt met water gevuld. Overdag brengt een pomp het "
                "waterpeil {up:metre} omhoog; 's nachts staat de pomp stil en zakt het peil {down:metre}. Hoeveel "
                "dagen duurt het voordat het water voor het eerst de rand bereikt, als de laatste als hele dag telt?",
            ),
            solution="Een dag en een nacht leveren samen {up} - {down} = {net:m} op. Op de laatste dag wordt de rand "
            "bereikt voordat er weer iets verloren gaat; de dagen en nachten ervoor moeten dus minstens {height} - "
            "{up} = {rest:m} hebben opgeleverd. Met {nights} nachten is dat {nights} * {net} = {gained:m}, met één "
            "nacht minder zou het te weinig zijn. De rand wordt de dag daarna bereikt, dus duurt het {nights} + 1 = "
            "{result:day}.",
        ),
        "la": Wording(
            problems=(
                "Coclea in imo puteo sedet, qui {height:metre.acc} altus est. Singulis diebus {up:metre.acc} ascendit, "
                "singulis noctibus {down:metre.acc} relabitur. Quot dies ei opus sunt, ut marginem attingat, si "
                "ultimus dies pro integro numeratur?",
                "Puteus vacuus, qui {height:metre.acc} altus est, aqua impletur. Interdiu machina aquam {up:metre.acc} "
                "attollit; noctu machina quiescit et aqua {down:metre.acc} subsidit. Quot dies opus sunt, ut aqua "
                "primum marginem attingat, si ultimus dies pro integro numeratur?",
            ),
            solution="Dies cum nocte coniunctus {up} - {down} = {net:m} addit. Ultimo die margo attingitur, antequam "
            "quicquam iterum amittitur; dies igitur noctesque priores saltem {height} - {up} = {rest:m} addere debent. "
            "Si {nights} noctes sunt, {nights} * {net} = {gained:m} adduntur, una autem nocte dempta minus, quam satis "
            "est, adderetur. Margo postero die attingitur; itaque numerus dierum est {nights} + 1 = {result}.",
        ),
    },
    trace=Trace(
        given="height {height:m}, {up:m} up by day, {down:m} down by night",
        sought="number of days until the top",
        insight="the last day has no night after it, so the height less one climb is what days with nights must bring",
        steps=(
            "gain of a day with its night → {up} - {down} = {net:m}",
            "to be gained before the last day → {height} - {up} = {rest:m}",
            "nights needed → {nights} * {net} = {gained:m}, the first multiple that reaches {rest:m}",
            "days → {nights} + 1 = {result:day}",
        ),
        checks=(
            "evening before: {fewer} * {net} + {up} = {evening:m}, still below {height:m}",
            "evening of the last day: {gained} + {up} = {last:m}, enough for {height:m}",
        ),
    ),
    mistakes=(
        Mistake(
            name="forgets_the_last_climb",
            says="divides the whole height by the gain of a day with its night",
            result=lambda values: ceil(values["height"] / (values["up"] - values["down"])),
        ),
        Mistake(
            name="forgets_the_nights",
            says="divides the height by the climb of a day",
            result=lambda values: ceil(values["height"] / values["up"]),
        ),
        Mistake(
            name="counts_the_nights",
            says="counts the nights and forgets the last day",
            result=lambda values: _solve_snail(values) - 1,
        ),
        Mistake(
            name="one_day_more",
            says="adds a day although the top is reached",
            result=lambda values: _solve_snail(values) + 1,
        ),
        Mistake(
            name="adds_the_slide",
            says="adds the way back instead of taking it off",
            result=lambda values: ceil(values["height"] / (values["up"] + values["down"])),
        ),
    ),
)
