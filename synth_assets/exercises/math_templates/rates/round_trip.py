"""The average speed of a journey there and back."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_round_trip(rng: Random, difficulty: str) -> Values:
    step, longest = {"easy": (10, 180), "medium": (4, 240), "hard": (1, 320)}[difficulty]
    out, back = (step * rng.randint(30 // step + 1, 110 // step) for _ in range(2))
    return {"distance": rng.randint(12, longest), "out": out, "back": back}


def _solve_round_trip(values: Values) -> Fraction:
    minutes = sum(Fraction(60 * values["distance"], values[way]) for way in ("out", "back"))
    return 120 * values["distance"] / minutes


def _round_trip_workings(values: Values) -> Values:
    out_minutes = Fraction(60 * values["distance"], values["out"])
    back_minutes = Fraction(60 * values["distance"], values["back"])
    return {
        "out_minutes": out_minutes,
        "back_minutes": back_minutes,
        "minutes": out_minutes + back_minutes,
        "both_ways": 2 * values["distance"],
        "mean": Fraction(values["out"] + values["back"], 2),
    }


def _round_trip_holds(values: Values) -> bool:
    whole = all(60 * values["distance"] % values[way] == 0 for way in ("out", "back"))
    # speeds that are close would hide that the mean is wrong
    apart = abs(values["out"] - values["back"]) >= 6
    return whole and apart and (10 * _solve_round_trip(values)).denominator == 1


def _check_round_trip(values: Values, speed: Fraction) -> bool:
    """At this speed all the way, both ways together take as long as they do at the two speeds."""
    hours = Fraction(values["distance"], values["out"]) + Fraction(values["distance"], values["back"])
    return speed * hours == 2 * values["distance"]


ROUND_TRIP = Template(
    id="rates.round_trip",
    family="rates",
    unit="km/h",
    draw=_draw_round_trip,
    holds=_round_trip_holds,
    solve=_solve_round_trip,
    check=_check_round_trip,
    workings=_round_trip_workings,
    texts={
        "en": Wording(
            problems=(
                "A van drives to a town {distance:km} away at {out:km/h} and comes back by the same road at "
                "{back:km/h}. What is its average speed over the whole journey, in kilometres per hour?",
                "A technician is called to a factory {distance:km} from her workshop. On the way there she drives at "
                "{out:km/h}, on the way home at {back:km/h}. What was her average speed in km/h for the two ways "
                "together?",
            ),
            solution="The way there takes {distance} ÷ {out} * 60 = {out_minutes:minute} and the way back {distance} "
            "÷ {back} * 60 = {back_minutes:minute}. So {both_ways:km} are covered in {minutes:minute}. The average "
            "speed is {both_ways} ÷ {minutes} * 60 = {result:km/h}. It is lower than the mean of the two speeds, "
            "{mean:km/h}, because more time is spent at the lower one.",
        ),
        "fr": Wording(
            problems=(
                "Une camionnette se rend à {out:km/h} dans une ville située à {distance:km} et revient par la même "
                "route à {back:km/h}. Quelle est sa vitesse moyenne sur l'ensemble du trajet, en kilomètres par "
                "heure ?",
                "Une technicienne est appelée dans une usine à {distance:km} de son atelier. À l'aller, elle roule à "
                "{out:km/h} ; au retour, à {back:km/h}. Quelle a été sa vitesse moyenne en km/h sur l'aller et le "
                "retour réunis ?",
            ),
            solution="L'aller dure {distance} ÷ {out} * 60 = {out_minutes:minute} et le retour {distance} ÷ {back} * "
            "60 = {back_minutes:minute}. En tout, {both_ways:km} sont parcourus en {minutes:minute}. La vitesse "
            "moyenne est donc de {both_ways} ÷ {minutes} * 60 = {result:km/h}. Elle est inférieure à la moyenne des "
            "deux vitesses, {mean:km/h}, car on roule plus longtemps à la plus faible.",
        ),
        "de": Wording(
            problems=(
                "Ein Lieferwagen fährt mit {out:km/h} in eine {distance:km} entfernte Stadt und auf derselben Straße "
                "mit {back:km/h} zurück. Wie hoch ist seine Durchschnittsgeschwindigkeit auf der gesamten Fahrt in "
                "Kilometern pro Stunde?",
                "Eine Technikerin wird in eine Fabrik gerufen, die {distance:km} von ihrer Werkstatt entfernt liegt. "
                "Auf dem Hinweg fährt sie {out:km/h}, auf dem Heimweg {back:km/h}. Welche "
                "Durchschnittsgeschwindigkeit in km/h hatte sie auf beiden Wegen zusammen?",
            ),
            solution="Der Hinweg dauert {distance} ÷ {out} * 60 = {out_minutes:minute}, der Rückweg {distance} ÷ "
            "{back} * 60 = {back_minutes:minute}. Insgesamt werden also {both_ways:km} in {minutes:minute} "
            "zurückgelegt. Die Durchschnittsgeschwindigkeit beträgt {both_ways} ÷ {minutes} * 60 = {result:km/h}. "
            "Sie liegt unter dem Mittelwert der beiden Geschwindigkeiten ({mean:km/h}), weil die Fahrt mit der "
            "kleineren länger dauert.",
        ),
        "it": Wording(
            problems=(
                "Un furgone raggiunge a {out:km/h} una città distante {distance:km} e torna per la stessa strada a "
                "{back:km/h}. Qual è la sua velocità media sull'intero viaggio, in chilometri all'ora?",
                "Un tecnico viene chiamato in una fabbrica a {distance:km} dalla sua officina. All'andata guida a "
                "{out:km/h}, al ritorno a {back:km/h}. Qual è stata la sua velocità media in km/h tra andata e "
                "ritorno?",
            ),
            solution="L'andata dura {distance} ÷ {out} * 60 = {out_minutes:minute} e il ritorno {distance} ÷ {back} "
            "* 60 = {back_minutes:minute}. In tutto si percorrono dunque {both_ways:km} in {minutes:minute}. La "
            "velocità media è {both_ways} ÷ {minutes} * 60 = {result:km/h}. È minore della media delle due velocità, "
            "{mean:km/h}, perché si viaggia più a lungo a quella più bassa.",
        ),
        "es": Wording(
            problems=(
                "Una furgoneta va a {out:km/h} hasta una ciudad situada a {distance:km} y vuelve por la misma "
                "carretera a {back:km/h}. ¿Cuál es su velocidad media en todo el recorrido, en kilómetros por hora?",
                "A una técnica la llaman desde una fábrica que está a {distance:km} de su taller. A la ida conduce a "
                "{out:km/h} y a la vuelta, a {back:km/h}. ¿Cuál fue su velocidad media en km/h entre la ida y la "
                "vuelta?",
            ),
            solution="La ida dura {distance} ÷ {out} * 60 = {out_minutes:minute} y la vuelta {distance} ÷ {back} * "
            "60 = {back_minutes:minute}. En total se recorren {both_ways:km} en {minutes:minute}. La velocidad media "
            "es, por tanto, {both_ways} ÷ {minutes} * 60 = {result:km/h}. Es menor que la media de las dos "
            "velocidades, {mean:km/h}, porque se circula más tiempo a la más baja.",
        ),
        "pl": Wording(
            problems=(
                "Furgonetka jedzie z prędkością {out:km/h} do miasta odległego o {distance:km} i wraca tą samą drogą "
                "z prędkością {back:km/h}. Jaka jest jej średnia prędkość na całej trasie, w kilometrach na godzinę?",
                "Serwisantkę wezwano do fabryki położonej {distance:km} od jej warsztatu. W tamtą stronę jechała z "
                "prędkością {out:km/h}, a z powrotem z prędkością {back:km/h}. Jaka była jej średnia prędkość w km/h "
                "na obu odcinkach łącznie?",
            ),
            solution="Droga tam trwa {distance} ÷ {out} * 60 = {out_minutes:minute.acc}, a droga powrotna {distance} "
            "÷ {back} * 60 = {back_minutes:minute.acc}. Łącznie jest to {both_ways:km}, a czas wynosi "
            "{minutes:minute.acc}. Średnia prędkość jest więc równa {both_ways} ÷ {minutes} * 60 = {result:km/h}. "
            "Jest mniejsza od średniej arytmetycznej obu prędkości, czyli {mean:km/h}, ponieważ z mniejszą "
            "prędkością jedzie się dłużej.",
        ),
        "nl": Wording(
            problems=(
                "Een bestelwagen rijdt met {out:km/h} naar een stad op {distance:km} afstand en komt over dezelfde "
                "weg met {back:km/h} terug. Wat is de gemiddelde snelheid over de hele rit, in kilometer per uur?",
                "Een monteur wordt naar een fabriek geroepen die {distance:km} van haar werkplaats ligt. Op de "
                "heenweg rijdt ze {out:km/h}, op de terugweg {back:km/h}. Wat was haar gemiddelde snelheid in km/h "
                "over de heen- en terugweg samen?",
            ),
            solution="De heenweg duurt {distance} ÷ {out} * 60 = {out_minutes:minute} en de terugweg {distance} ÷ "
            "{back} * 60 = {back_minutes:minute}. In totaal wordt dus {both_ways:km} afgelegd in {minutes:minute}. "
            "De gemiddelde snelheid is {both_ways} ÷ {minutes} * 60 = {result:km/h}. Dat is minder dan het "
            "gemiddelde van de twee snelheden, {mean:km/h}, omdat er langer met de laagste snelheid wordt gereden.",
        ),
        "la": Wording(
            problems=(
                "Raeda in urbem, quae {distance:km} abest, celeritate {out:km/h} vehitur et eadem via celeritate "
                "{back:km/h} redit. Quae est media celeritas totius itineris, si chiliometris in horam computatur?",
                "Faber in oppidum vocatur, quod {distance:km} ab officina eius abest. Celeritate {out:km/h} illuc "
                "vehitur, celeritate {back:km/h} domum redit. Quae fuit celeritas media in km/h, si utrumque iter "
                "simul computatur?",
            ),
            solution="Iter prius per {distance} ÷ {out} * 60 = {out_minutes:trade_minute.acc} durat, reditus per "
            "{distance} ÷ {back} * 60 = {back_minutes:trade_minute.acc}. Omnino igitur {both_ways:km} conficiuntur, "
            "et tempus est {minutes:minute}. Media ergo celeritas est {both_ways} ÷ {minutes} * 60 = {result:km/h}. "
            "Minor est quam medium duarum celeritatum, {mean:km/h}, quia iter tardius plus temporis poscit.",
        ),
    },
    trace=Trace(
        given="{distance:km} there at {out:km/h}, the same {distance:km} back at {back:km/h}",
        sought="average speed of the whole journey",
        insight="average speed is the whole way over the whole time; the two speeds do not last equally long",
        steps=(
            "time there → {distance} ÷ {out} * 60 = {out_minutes:minute}",
            "time back → {distance} ÷ {back} * 60 = {back_minutes:minute}",
            "together → {both_ways:km} in {out_minutes} + {back_minutes} = {minutes:minute}",
            "average → {both_ways} ÷ {minutes} * 60 = {result:km/h}",
        ),
        checks=(
            "other way: 2 * {out} * {back} ÷ ({out} + {back}) = {result}",
            "between {out} and {back}, and below their mean {mean}, as it must be",
        ),
    ),
    mistakes=(
        Mistake(
            name="takes_the_mean_of_the_speeds",
            says="takes the mean of the two speeds, as if both lasted equally long",
            result=lambda values: Fraction(values["out"] + values["back"], 2),
        ),
        Mistake(
            name="counts_one_way_only",
            says="divides the way in one direction by the time of both",
            result=lambda values: round(_solve_round_trip(values) / 2, 1),
        ),
        Mistake(
            name="swaps_the_times",
            says="gives each speed the time that belongs to the other one",
            result=lambda values: values["out"] + values["back"] - _solve_round_trip(values),
        ),
        Mistake(
            name="takes_the_slower_speed",
            says="takes the lower of the two speeds for the whole journey",
            result=lambda values: min(values["out"], values["back"]),
        ),
    ),
)
