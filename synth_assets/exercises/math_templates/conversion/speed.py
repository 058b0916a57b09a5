"""Conversion of units."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_speed(rng: Random, difficulty: str) -> Values:
    minutes, seconds, metres = {
        "easy": (rng.randint(1, 7), 10 * rng.randint(1, 5), Fraction(rng.randint(5, 12))),
        "medium": (rng.randint(2, 9), 5 * rng.randint(1, 11), Fraction(rng.randint(9, 25), 2)),
        "hard": (rng.randint(3, 14), rng.randint(11, 59), Fraction(rng.randint(51, 128), 10)),
    }[difficulty]
    distance = metres * (60 * minutes + seconds)
    return {"d": distance.numerator if distance.denominator == 1 else distance, "m": minutes, "s": seconds}


def _per_second(values: Values) -> Fraction:
    return Fraction(values["d"], 60 * values["m"] + values["s"])


def _solve_speed(values: Values) -> Fraction:
    return _per_second(values) * 3600 / 1000


def _speed_workings(values: Values) -> Values:
    total = 60 * values["m"] + values["s"]
    return {"total": total, "per_second": _per_second(values), "hour": 3600, "thousand": 1000}


def _check_speed(values: Values, result: Fraction) -> bool:
    """Driving at that speed for the time, as a part of an hour, covers the distance, as a part of a kilometre."""
    hours = Fraction(values["m"], 60) + Fraction(values["s"], 3600)
    return result * hours == Fraction(values["d"]) / 1000


SPEED = Template(
    id="conversion.speed",
    family="unit conversion",
    unit="km/h",
    draw=_draw_speed,
    holds=lambda values: Fraction(values["d"]).denominator == 1,
    solve=_solve_speed,
    check=_check_speed,
    workings=_speed_workings,
    texts={
        "en": Wording(
            problems=(
                "A cyclist covers {d:m} in {m:minute} and {s:ws_second}. What is her average speed in kilometres per "
                "hour?",
                "Between two stations lie {d:m} of track. A narrow-gauge train takes {m:minute} and {s:ws_second} to "
                "cover them. How many kilometres per hour is that on average?",
            ),
            solution="The time is {m} * 60 + {s} = {total:ws_second}. In one second this makes {d} ÷ {total} = "
            "{per_second:m}. An hour has {hour:ws_second} and a kilometre {thousand:metre}, so the speed is "
            "{per_second} * {hour} ÷ {thousand} = {result:km/h}.",
        ),
        "fr": Wording(
            problems=(
                "Une cycliste parcourt {d:m} en {m:minute} et {s:ws_second}. Quelle est sa vitesse moyenne, en "
                "kilomètres par heure ?",
                "Entre deux gares, la voie mesure {d:m}. Un petit train met {m:minute} et {s:ws_second} pour la "
                "parcourir. Combien de kilomètres par heure cela fait-il en moyenne ?",
            ),
            solution="La durée est de {m} * 60 + {s} = {total:ws_second}. En une seconde, cela fait {d} ÷ {total} = "
            "{per_second:m}. Une heure compte {hour:ws_second} et un kilomètre {thousand:metre} ; la vitesse est donc "
            "de {per_second} * {hour} ÷ {thousand} = {result:km/h}.",
        ),
        "de": Wording(
            problems=(
                "Eine Radfahrerin legt {d:m} in {m:minute} und {s:ws_second} zurück. Wie hoch ist ihre "
                "Durchschnittsgeschwindigkeit in Kilometern pro Stunde?",
                "Zwischen zwei Bahnhöfen liegen {d:m} Gleis. Eine Kleinbahn braucht dafür {m:minute} und "
                "{s:ws_second}. Wie viele Kilometer pro Stunde sind das im Durchschnitt?",
            ),
            solution="Die Fahrzeit beträgt {m} * 60 + {s} = {total:ws_second}. In einer Sekunde sind das {d} ÷ "
            "{total} = {per_second:m}. Eine Stunde hat {hour:ws_second} und ein Kilometer {thousand:metre}, die "
            "Geschwindigkeit beträgt also {per_second} * {hour} ÷ {thousand} = {result:km/h}.",
        ),
        "it": Wording(
            problems=(
                "Una ciclista percorre {d:m} in {m:minute} e {s:ws_second}. Qual è la sua velocità media in "
                "chilometri all'ora?",
                "Fra due stazioni il binario è lungo {d:m}. Un trenino impiega {m:minute} e {s:ws_second} per "
                "percorrerlo. Quanti chilometri all'ora sono in media?",
            ),
            solution="Il tempo è di {m} * 60 + {s} = {total:ws_second}. In un secondo sono {d} ÷ {total} = "
            "{per_second:m}. Un'ora ha {hour:ws_second} e un chilometro {thousand:metre}, quindi la velocità è "
            "{per_second} * {hour} ÷ {thousand} = {result:km/h}.",
        ),
        "es": Wording(
            problems=(
                "Una ciclista recorre {d:m} en {m:minute} y {s:ws_second}. ¿Cuál es su velocidad media en kilómetros "
                "por hora?",
                "Entre dos estaciones hay {d:m} de vía. Un tren de vía estrecha tarda {m:minute} y {s:ws_second} en "
                "recorrerlos. ¿Cuántos kilómetros por hora son de media?",
            ),
            solution="El tiempo es de {m} * 60 + {s} = {total:ws_second}. En un segundo son {d} ÷ {total} = "
            "{per_second:m}. Una hora tiene {hour:ws_second} y un kilómetro {thousand:metre}, así que la velocidad es "
            "{per_second} * {hour} ÷ {thousand} = {result:km/h}.",
        ),
        "pl": Wording(
            problems=(
                "Rowerzystka przejeżdża {d:m} w ciągu {m:ws_minute.gen} i {s:ws_second.gen}. Jaka jest jej średnia "
                "prędkość w kilometrach na godzinę?",
                "Między dwiema stacjami jest {d:m} toru. Kolejka wąskotorowa pokonuje ten odcinek w {m:minute.acc} i "
                "{s:ws_second.acc}. Ile to średnio kilometrów na godzinę?",
            ),
            solution="Czas wynosi {m} * 60 + {s} = {total:ws_second.acc}. W ciągu jednej sekundy daje to {d} ÷ "
            "{total} = {per_second:m}. Godzina ma {hour:ws_second}, a kilometr {thousand:metre}, więc prędkość wynosi "
            "{per_second} * {hour} ÷ {thousand} = {result:km/h}.",
        ),
        "nl": Wording(
            problems=(
                "Een fietsster legt {d:m} af in {m:minute} en {s:ws_second}. Wat is haar gemiddelde snelheid in "
                "kilometer per uur?",
                "Tussen twee stations ligt {d:m} spoor. Een smalspoortrein doet daar {m:minute} en {s:ws_second} "
                "over. Hoeveel kilometer per uur is dat gemiddeld?",
            ),
            solution="De tijd is {m} * 60 + {s} = {total:ws_second}. In één seconde is dat {d} ÷ {total} = "
            "{per_second:m}. Een uur heeft {hour:ws_second} en een kilometer {thousand:metre}, dus de snelheid is "
            "{per_second} * {hour} ÷ {thousand} = {result:km/h}.",
        ),
        "la": Wording(
            problems=(
                "Femina birota vecta {d:m} conficit {m:ws_minute.abl} et {s:ws_second.abl}. Quae est media celeritas "
                "eius, si chiliometra singulis horis numerantur?",
                "Inter duas stationes {d:m} viae ferratae sunt. Currus hoc spatium {m:ws_minute.abl} et "
                "{s:ws_second.abl} percurrit. Quot chiliometra singulis horis media celeritate conficit?",
            ),
            solution="Tempus est {m} * 60 + {s} = {total:ws_second}. Singulis secundis conficiuntur {d} ÷ {total} = "
            "{per_second:m}. Hora {hour:ws_second.acc} habet, chiliometrum {thousand:metre.acc}; ergo celeritas est "
            "{per_second} * {hour} ÷ {thousand} = {result:km/h}.",
        ),
    },
    trace=Trace(
        given="{d:m} in {m:minute} and {s:ws_second}",
        sought="average speed in km/h",
        insight="bring the time to seconds first, then metres per second to kilometres per hour",
        steps=(
            "time → {m} * 60 + {s} = {total:ws_second}",
            "metres per second → {d} ÷ {total} = {per_second}",
            "kilometres per hour → {per_second} * {hour} ÷ {thousand} = {result:km/h}",
        ),
        checks=(
            "one metre per second is {hour} ÷ {thousand} = 3.6 km/h, and {per_second} * 3.6 = {result}",
            "backwards: {result} * {thousand} * {total} ÷ {hour} = {d:m}",
        ),
    ),
    mistakes=(
        Mistake(
            name="reads_the_seconds_as_hundredths",
            says="takes the seconds for hundredths of a minute",
            result=lambda values: round(
                Fraction(60 * values["d"], 1000) / (values["m"] + Fraction(values["s"], 100)), 1
            ),
        ),
        Mistake(
            name="drops_the_seconds",
            says="leaves the seconds out and reckons with the whole minutes",
            result=lambda values: round(Fraction(60 * values["d"], 1000 * values["m"]), 1),
        ),
        Mistake(
            name="stays_with_metres_per_second",
            says="gives metres per second as if they were kilometres per hour",
            result=_per_second,
        ),
        Mistake(
            name="divides_instead_of_multiplying",
            says="divides the metres per second by 3.6 instead of multiplying",
            result=lambda values: round(_per_second(values) / Fraction("3.6"), 1),
        ),
        Mistake(
            name="adds_minutes_and_seconds",
            says="adds minutes and seconds as if both were seconds",
            result=lambda values: round(Fraction(values["d"], values["m"] + values["s"]) * Fraction("3.6"), 1),
        ),
    ),
)
