"""The speed of a current, from a way with it and against it."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_current(rng: Random, difficulty: str) -> Values:
    step, times = {
        "easy": (Fraction(1), (20, 30, 40, 60, 90, 120, 150, 180, 240)),
        "medium": (Fraction(1, 2), (24, 36, 45, 48, 50, 72, 75, 80, 100, 105, 108, 135, 144)),
        "hard": (Fraction(1, 10), (18, 25, 28, 32, 35, 42, 54, 56, 64, 65, 66, 70, 78, 84, 85, 95, 96, 110, 115, 125)),
    }[difficulty]
    own = step * rng.randint(int(8 / step), int(26 / step))
    current = step * rng.randint(int(1 / step), int(7 / step))
    down = rng.choice(times)
    distance = (own + current) * down / 60
    return {"distance": distance, "down": down, "up": 60 * distance / (own - current)}


def _current_workings(values: Values) -> Values:
    with_it = Fraction(60 * values["distance"], values["down"])
    against_it = Fraction(60 * values["distance"], values["up"])
    return {
        "with_it": with_it,
        "against_it": against_it,
        "difference": with_it - against_it,
        "own": (with_it + against_it) / 2,
    }


def _solve_current(values: Values) -> Fraction:
    return Fraction(_current_workings(values)["difference"]) / 2


def _current_holds(values: Values) -> bool:
    if Fraction(values["up"]).denominator != 1 or not values["down"] < values["up"] <= 400:
        return False
    workings = _current_workings(values)
    tidy = all((10 * Fraction(each)).denominator == 1 for each in (values["distance"], *workings.values()))
    # a current of half the boat's speed or more is no journey for pleasure
    return tidy and 3 <= values["distance"] <= 60 and 1 <= _solve_current(values) < Fraction(workings["own"]) / 2


def _check_current(values: Values, result: Fraction) -> bool:
    """The boat's own speed, found from the way down with this current, makes the way up last as long as it did."""
    own = values["distance"] * Fraction(60, values["down"]) - result
    return (own - result) * values["up"] == 60 * values["distance"]


CURRENT = Template(
    id="rates.current",
    family="rates",
    unit="km/h",
    draw=_draw_current,
    holds=_current_holds,
    solve=_solve_current,
    check=_check_current,
    workings=_current_workings,
    texts={
        "en": Wording(
            problems=(
                "A motor boat takes {down:minute} for {distance:km} downstream and {up:minute} for the same way back "
                "against the current. Its engine runs evenly all the time. How fast does the river flow, in km/h?",
                "On a ferry's trial run, {distance:km} of river are covered with the stream in {down:minute}. The "
                "way back upstream, with the engine at the same power, takes {up:minute}. What is the speed of the "
                "stream in kilometres per hour?",
            ),
            solution="Downstream the boat makes {distance} ÷ {down} * 60 = {with_it:km/h}, upstream {distance} ÷ "
            "{up} * 60 = {against_it:km/h}. The current helps on the way down and hinders on the way up, so these "
            "speeds differ by twice the speed of the current: {with_it} - {against_it} = {difference:km/h}. The "
            "river therefore flows at {difference} ÷ 2 = {result:km/h}.",
        ),
        "fr": Wording(
            problems=(
                "Un bateau à moteur met {down:minute} pour descendre {distance:km} de rivière et {up:minute} pour "
                "remonter le même trajet contre le courant. Son moteur tourne toujours au même régime. À quelle "
                "vitesse la rivière coule-t-elle, en km/h ?",
                "Lors de l'essai d'un bac, on parcourt {distance:km} d'un fleuve dans le sens du courant en "
                "{down:minute}. Le retour vers l'amont, à la même puissance, prend {up:minute}. Quelle est la "
                "vitesse du courant en kilomètres par heure ?",
            ),
            solution="Vers l'aval, le bateau avance à {distance} ÷ {down} * 60 = {with_it:km/h} ; vers l'amont, à "
            "{distance} ÷ {up} * 60 = {against_it:km/h}. Le courant l'aide à la descente et le freine à la remontée "
            ": l'écart entre ces vitesses, {with_it} - {against_it} = {difference:km/h}, est donc le double de la "
            "vitesse du courant. La rivière coule à {difference} ÷ 2 = {result:km/h}.",
        ),
        "de": Wording(
            problems=(
                "Ein Motorboot braucht für {distance:km} flussabwärts {down:minute} und für dieselbe Strecke zurück "
                "gegen die Strömung {up:minute}. Der Motor läuft dabei stets gleichmäßig. Wie schnell fließt der "
                "Fluss in km/h?",
                "Bei der Probefahrt einer Fähre werden {distance:km} auf einem Fluss mit der Strömung in "
                "{down:minute} zurückgelegt. Der Rückweg stromaufwärts dauert bei gleicher Motorleistung "
                "{up:minute}. Wie groß ist die Geschwindigkeit der Strömung in Kilometern pro Stunde?",
            ),
            solution="Flussabwärts fährt das Boot {distance} ÷ {down} * 60 = {with_it:km/h}, flussaufwärts "
            "{distance} ÷ {up} * 60 = {against_it:km/h}. Die Strömung hilft auf dem Hinweg und bremst auf dem "
            "Rückweg, deshalb ist der Unterschied {with_it} - {against_it} = {difference:km/h} das Doppelte ihrer "
            "Geschwindigkeit. Der Fluss fließt also mit {difference} ÷ 2 = {result:km/h}.",
        ),
        "it": Wording(
            problems=(
                "Una barca a motore impiega {down:minute} per scendere lungo un fiume per {distance:km} e "
                "{up:minute} per risalire lo stesso tratto controcorrente. Il motore gira sempre allo stesso regime. "
                "A quale velocità scorre il fiume, in km/h?",
                "Durante la prova di un traghetto si percorrono {distance:km} di fiume a favore di corrente in "
                "{down:minute}. Il ritorno controcorrente, con la stessa potenza, dura {up:minute}. Qual è la "
                "velocità della corrente in chilometri all'ora?",
            ),
            solution="A favore di corrente la barca va a {distance} ÷ {down} * 60 = {with_it:km/h}, controcorrente a "
            "{distance} ÷ {up} * 60 = {against_it:km/h}. La corrente aiuta all'andata e frena al ritorno, perciò la "
            "differenza {with_it} - {against_it} = {difference:km/h} è il doppio della sua velocità. Il fiume scorre "
            "quindi a {difference} ÷ 2 = {result:km/h}.",
        ),
        "es": Wording(
            problems=(
                "Una lancha tarda {down:minute} en bajar {distance:km} por un río y {up:minute} en volver por el "
                "mismo tramo contra la corriente. Su motor funciona siempre al mismo régimen. ¿A qué velocidad corre "
                "el río, en km/h?",
                "En la prueba de un transbordador se recorren {distance:km} de río a favor de la corriente en "
                "{down:minute}. La vuelta río arriba, con la misma potencia, dura {up:minute}. ¿Cuál es la velocidad "
                "de la corriente en kilómetros por hora?",
            ),
            solution="Río abajo, la embarcación avanza a {distance} ÷ {down} * 60 = {with_it:km/h}; río arriba, a "
            "{distance} ÷ {up} * 60 = {against_it:km/h}. La corriente ayuda a la ida y frena a la vuelta, por lo que "
            "la diferencia {with_it} - {against_it} = {difference:km/h} es el doble de su velocidad. El río corre, "
            "pues, a {difference} ÷ 2 = {result:km/h}.",
        ),
        "pl": Wording(
            problems=(
                "Motorówka płynie {distance:km} w dół rzeki przez {down:minute.acc}, a powrót tą samą trasą pod prąd "
                "zajmuje jej {up:minute.acc}. Silnik pracuje cały czas jednakowo. Z jaką prędkością w km/h płynie "
                "rzeka?",
                "Podczas próbnego rejsu prom pokonał {distance:km} z prądem rzeki w {down:minute.acc}. Droga "
                "powrotna w górę rzeki, przy tej samej mocy silnika, trwała {up:minute.acc}. Jaka jest prędkość "
                "prądu w kilometrach na godzinę?",
            ),
            solution="Z prądem łódź płynie z prędkością {distance} ÷ {down} * 60 = {with_it:km/h}, a pod prąd z "
            "prędkością {distance} ÷ {up} * 60 = {against_it:km/h}. Prąd pomaga w jedną stronę, a przeszkadza w "
            "drugą, więc różnica {with_it} - {against_it} = {difference:km/h} jest dwukrotnością jego prędkości. "
            "Rzeka płynie zatem z prędkością {difference} ÷ 2 = {result:km/h}.",
        ),
        "nl": Wording(
            problems=(
                "Een motorboot doet {down:minute} over {distance:km} stroomafwaarts en {up:minute} over dezelfde weg "
                "terug, tegen de stroom in. De motor draait steeds even hard. Hoe snel stroomt de rivier, in km/h?",
                "Bij de proefvaart van een veerpont wordt op een rivier {distance:km} met de stroom mee afgelegd in "
                "{down:minute}. De terugweg stroomopwaarts duurt bij hetzelfde motorvermogen {up:minute}. Wat is de "
                "snelheid van de stroom in kilometer per uur?",
            ),
            solution="Stroomafwaarts vaart de boot {distance} ÷ {down} * 60 = {with_it:km/h}, stroomopwaarts "
            "{distance} ÷ {up} * 60 = {against_it:km/h}. De stroom helpt op de heenweg en remt op de terugweg, dus "
            "het verschil {with_it} - {against_it} = {difference:km/h} is het dubbele van zijn snelheid. De rivier "
            "stroomt dus met {difference} ÷ 2 = {result:km/h}.",
        ),
        "la": Wording(
            problems=(
                "Navis machina acta secundo flumine {distance:km} per {down:trade_minute.acc} vehitur; eandem viam "
                "adverso flumine rediens per {up:trade_minute.acc} conficit. Machina semper aequaliter laborat. Qua "
                "celeritate flumen fluit, si in km/h exprimitur?",
                "Ponto novus in flumine temptatur: secunda aqua {distance:km} confecta sunt, et tempus fuit "
                "{down:minute}. Reditus adversa aqua, cum eadem esset vis machinae, {up:trade_minute.acc} poposcit. "
                "Quae est celeritas aquae, si chiliometris in horam computatur?",
            ),
            solution="Secundo flumine navis celeritate {distance} ÷ {down} * 60 = {with_it:km/h} vehitur, adverso "
            "celeritate {distance} ÷ {up} * 60 = {against_it:km/h}. Flumen euntem adiuvat, redeuntem moratur; itaque "
            "differentia {with_it} - {against_it} = {difference:km/h} celeritatem eius bis continet. Flumen ergo "
            "celeritate {difference} ÷ 2 = {result:km/h} fluit.",
        ),
    },
    trace=Trace(
        given="{distance:km}; {down:minute} with the current, {up:minute} against it",
        sought="speed of the current",
        insight="with the current own speed + current, against it own speed - current: the difference is twice the "
        "current",
        steps=(
            "downstream → {distance} ÷ {down} * 60 = {with_it:km/h}",
            "upstream → {distance} ÷ {up} * 60 = {against_it:km/h}",
            "difference → {with_it} - {against_it} = {difference:km/h}",
            "current → {difference} ÷ 2 = {result:km/h}",
        ),
        checks=(
            "own speed: ({with_it} + {against_it}) ÷ 2 = {own:km/h}",
            "{own} + {result} = {with_it} AND {own} - {result} = {against_it}",
        ),
    ),
    mistakes=(
        Mistake(
            name="forgets_to_halve",
            says="takes the whole difference of the two speeds for the current",
            result=lambda values: _current_workings(values)["difference"],
        ),
        Mistake(
            name="gives_the_own_speed",
            says="gives the mean of the two speeds, which is the boat's own",
            result=lambda values: _current_workings(values)["own"],
        ),
        Mistake(
            name="averages_the_journey",
            says="gives the average speed of the whole journey",
            result=lambda values: round(Fraction(120 * values["distance"], values["down"] + values["up"]), 1),
        ),
        Mistake(
            name="divides_by_the_difference_of_times",
            says="divides the way by the difference of the two times",
            result=lambda values: round(Fraction(60 * values["distance"], values["up"] - values["down"]), 1),
        ),
        Mistake(
            name="halves_the_slower_speed",
            says="halves the speed against the current instead of the difference",
            result=lambda values: round(Fraction(_current_workings(values)["against_it"]) / 2, 1),
        ),
    ),
)
