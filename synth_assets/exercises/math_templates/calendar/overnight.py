"""Time between two clock times with midnight between them."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording

_DAY = 24 * 60


def _draw_overnight(rng: Random, difficulty: str) -> Values:
    # no minute below 10: the languages would disagree about the zero before it
    minutes, pauses = {
        "easy": (range(10, 60, 10), range(20, 70, 10)),
        "medium": (range(10, 60, 5), range(15, 80, 5)),
        "hard": (range(10, 60), range(13, 98)),
    }[difficulty]
    m2, m1 = (rng.choice(minutes) for _ in range(2))
    if difficulty != "easy":
        # an hour must be borrowed
        m2, m1 = sorted((m2, m1))
    return {"h1": rng.randint(19, 22), "m1": m1, "h2": rng.randint(4, 9), "m2": m2, "pause": rng.choice(pauses)}


def _overnight_workings(values: Values) -> Values:
    before = _DAY - 60 * values["h1"] - values["m1"]
    after = 60 * values["h2"] + values["m2"]
    return {
        "hours_left": 23 - values["h1"],
        "minutes_left": 60 - values["m1"],
        "before": before,
        "after": after,
        "total": before + after,
        "start": 60 * values["h1"] + values["m1"],
        "end": after + _DAY,
        "midnight": _DAY,
    }


def _overnight_holds(values: Values) -> bool:
    return values["m1"] != values["m2"] and 6 * 60 <= _overnight_workings(values)["total"] <= 12 * 60


def _solve_overnight(values: Values) -> int:
    return _overnight_workings(values)["total"] - values["pause"]


def _check_overnight(values: Values, result: Fraction) -> bool:
    """The clock, put forward by result and pause, shows the time of the end, and has passed midnight once."""
    clock = 60 * values["h1"] + values["m1"] + result + values["pause"]
    return _DAY <= clock < 2 * _DAY and clock % _DAY == 60 * values["h2"] + values["m2"]


OVERNIGHT = Template(
    id="calendar.overnight",
    family="calendar",
    unit="minute",
    draw=_draw_overnight,
    holds=_overnight_holds,
    solve=_solve_overnight,
    check=_check_overnight,
    workings=_overnight_workings,
    texts={
        "en": Wording(
            problems=(
                "A night train departs at {h1}:{m1} and reaches its destination the next morning at {h2}:{m2}. On the "
                "way it stands in stations for {pause:minute} in all. For how many minutes is it actually moving?",
                "A nurse begins her night shift at {h1}:{m1} and ends it the next morning at {h2}:{m2}. Her breaks, "
                "which do not count as work, add up to {pause:minute}. How many minutes does she work?",
            ),
            solution="From {h1}:{m1} to midnight there are {hours_left} * 60 + {minutes_left} = {before:minute}. From "
            "midnight to {h2}:{m2} there are {h2} * 60 + {m2} = {after:minute}. Together that is {before} + {after} = "
            "{total:minute}, of which {total} - {pause} = {result:minute} are left without the pauses.",
        ),
        "fr": Wording(
            problems=(
                "Un train de nuit part à {h1} h {m1} et arrive à destination le lendemain matin à {h2} h {m2}. En "
                "route, il reste arrêté en gare pendant {pause:minute} en tout. Pendant combien de minutes roule-t-il "
                "réellement ?",
                "Une infirmière commence sa garde de nuit à {h1} h {m1} et la termine le lendemain matin à {h2} h "
                "{m2}. Ses pauses, qui ne comptent pas comme travail, durent {pause:minute} au total. Combien de "
                "minutes travaille-t-elle ?",
            ),
            solution="De {h1} h {m1} à minuit, il y a {hours_left} * 60 + {minutes_left} = {before:minute}. De minuit "
            "à {h2} h {m2}, il y a {h2} * 60 + {m2} = {after:minute}. Cela fait {before} + {after} = {total:minute} en "
            "tout, et {total} - {pause} = {result:minute} une fois les arrêts déduits.",
        ),
        "de": Wording(
            problems=(
                "Ein Nachtzug fährt um {h1}:{m1} Uhr ab und kommt am nächsten Morgen um {h2}:{m2} Uhr an. Unterwegs "
                "hält er insgesamt {pause:minute} lang an Bahnhöfen. Wie viele Minuten ist er tatsächlich in Bewegung?",
                "Eine Krankenschwester beginnt ihren Nachtdienst um {h1}:{m1} Uhr und beendet ihn am nächsten Morgen "
                "um {h2}:{m2} Uhr. Ihre Pausen, die nicht als Arbeitszeit gelten, dauern zusammen {pause:minute}. Wie "
                "viele Minuten arbeitet sie?",
            ),
            solution="Von {h1}:{m1} Uhr bis Mitternacht sind es {hours_left} * 60 + {minutes_left} = {before:minute}. "
            "Von Mitternacht bis {h2}:{m2} Uhr sind es {h2} * 60 + {m2} = {after:minute}. Das macht zusammen {before} "
            "+ {after} = {total:minute}, und ohne die Pausen bleiben {total} - {pause} = {result:minute}.",
        ),
        "it": Wording(
            problems=(
                "Un treno notturno parte alle {h1}:{m1} e arriva a destinazione la mattina dopo alle {h2}:{m2}. Lungo "
                "il viaggio resta fermo nelle stazioni per {pause:minute} in tutto. Per quanti minuti è effettivamente "
                "in movimento?",
                "Un'infermiera comincia il turno di notte alle {h1}:{m1} e lo finisce la mattina dopo alle {h2}:{m2}. "
                "Le sue pause, che non contano come lavoro, durano in tutto {pause:minute}. Quanti minuti lavora?",
            ),
            solution="Dalle {h1}:{m1} a mezzanotte passano {hours_left} * 60 + {minutes_left} = {before:minute}. Da "
            "mezzanotte alle {h2}:{m2} ne passano {h2} * 60 + {m2} = {after}. In tutto sono {before} + {after} = "
            "{total:minute}; tolte le pause, restano {total} - {pause} = {result:minute}.",
        ),
        "es": Wording(
            problems=(
                "Un tren nocturno sale a las {h1}:{m1} y llega a su destino a la mañana siguiente, a las {h2}:{m2}. "
                "Durante el viaje está detenido en las estaciones {pause:minute} en total. ¿Cuántos minutos está "
                "realmente en marcha?",
                "Una enfermera empieza su turno de noche a las {h1}:{m1} y lo termina a la mañana siguiente, a las "
                "{h2}:{m2}. Sus descansos, que no cuentan como trabajo, suman {pause:minute}. ¿Cuántos minutos "
                "trabaja?",
            ),
            solution="Desde las {h1}:{m1} hasta la medianoche hay {hours_left} * 60 + {minutes_left} = "
            "{before:minute}. Desde la medianoche hasta las {h2}:{m2} hay {h2} * 60 + {m2} = {after:minute}. En total "
            "son {before} + {after} = {total:minute}, de los que quedan {total} - {pause} = {result:minute} si se "
            "descuentan las pausas.",
        ),
        "pl": Wording(
            problems=(
                "Nocny pociąg odjeżdża o godzinie {h1}:{m1}, a następnego ranka o godzinie {h2}:{m2} dociera do celu. "
                "Po drodze stoi na stacjach łącznie przez {pause:minute.acc}. Przez ile minut jest naprawdę w ruchu?",
                "Pielęgniarka zaczyna nocny dyżur o godzinie {h1}:{m1} i kończy go następnego ranka o godzinie "
                "{h2}:{m2}. Jej przerwy, których nie wlicza się do czasu pracy, trwają w sumie {pause:minute.acc}. Ile "
                "minut pracuje?",
            ),
            solution="Czas od godziny {h1}:{m1} do północy wynosi {hours_left} * 60 + {minutes_left} = "
            "{before:minute.acc}. Czas od północy do godziny {h2}:{m2} wynosi {h2} * 60 + {m2} = {after:minute.acc}. "
            "Razem daje to {before} + {after} = {total:minute.acc}, a po odjęciu przerw {total} - {pause} = "
            "{result:minute.acc}.",
        ),
        "nl": Wording(
            problems=(
                "Een nachttrein vertrekt om {h1}.{m1} uur en komt de volgende ochtend om {h2}.{m2} uur aan. Onderweg "
                "staat hij in totaal {pause:minute} stil op stations. Hoeveel minuten is hij werkelijk in beweging?",
                "Een verpleegster begint haar nachtdienst om {h1}.{m1} uur en beëindigt die de volgende ochtend om "
                "{h2}.{m2} uur. Haar pauzes, die niet als werktijd tellen, duren samen {pause:minute}. Hoeveel minuten "
                "werkt ze?",
            ),
            solution="Van {h1}.{m1} uur tot middernacht duurt het {hours_left} * 60 + {minutes_left} = "
            "{before:minute}. Van middernacht tot {h2}.{m2} uur duurt het {h2} * 60 + {m2} = {after:minute}. Dat is "
            "samen {before} + {after} = {total:minute}, en zonder de pauzes blijven er {total} - {pause} = "
            "{result:minute} over.",
        ),
        "la": Wording(
            problems=(
                "Tramen nocturnum hora {h1}:{m1} proficiscitur et postero mane hora {h2}:{m2} advenit. In itinere "
                "omnino {pause} minutas in stationibus consistit. Quot minutas re vera movetur?",
                "Vigil nocturnus hora {h1}:{m1} officium incipit et postero mane hora {h2}:{m2} finit. Intervalla "
                "quietis, quae in opere non numerantur, omnino {pause} minutas durant. Quot minutas vigil operatur?",
            ),
            solution="Ab hora {h1}:{m1} usque ad mediam noctem sunt {hours_left} * 60 + {minutes_left} = "
            "{before:minute}. A media nocte usque ad horam {h2}:{m2} sunt {h2} * 60 + {m2} = {after:minute}. Simul "
            "sunt {before} + {after} = {total:minute}, ex quibus, intervallis demptis, restant {total} - {pause} = "
            "{result:minute}.",
        ),
    },
    trace=Trace(
        given="start {h1}:{m1}, end {h2}:{m2} on the next day, pauses of {pause:minute}",
        sought="minutes without the pauses",
        insight="midnight lies between the two times, so they are counted up to it and from it on",
        steps=(
            "until midnight → {hours_left} * 60 + {minutes_left} = {before:minute}",
            "after midnight → {h2} * 60 + {m2} = {after:minute}",
            "in all → {before} + {after} = {total:minute}",
            "without the pauses → {total} - {pause} = {result:minute}",
        ),
        checks=(
            "minutes since the first midnight: start {start}, end {midnight} + {after} = {end}",
            "{start} + {result} + {pause} = {end}, the clock arrives at {h2}:{m2}",
        ),
    ),
    mistakes=(
        Mistake(
            name="forgets_pauses",
            says="does not take the pauses away",
            result=lambda values: _overnight_workings(values)["total"],
        ),
        Mistake(
            name="adds_pauses",
            says="adds the pauses instead of taking them away",
            result=lambda values: _overnight_workings(values)["total"] + values["pause"],
        ),
        Mistake(
            name="forgets_midnight",
            says="takes the difference of the two clock times as if both were of the same day",
            result=lambda values: 60 * (values["h1"] - values["h2"]) + values["m1"] - values["m2"] - values["pause"],
        ),
        Mistake(
            name="hours_of_100_minutes",
            says="reckons with 100 minutes to the hour",
            result=lambda values: (
                100 * (24 - values["h1"] + values["h2"]) + values["m2"] - values["m1"] - values["pause"]
            ),
        ),
        Mistake(
            name="full_hours_until_midnight",
            says="counts the hour in which it starts as a full one and so gets 60 minutes too many",
            result=lambda values: _overnight_workings(values)["total"] - values["pause"] + 60,
        ),
    ),
)
