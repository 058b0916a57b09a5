"""Conversion of units."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_timesheet(rng: Random, difficulty: str) -> Values:
    minutes, wage, days = {
        "easy": (rng.choice((15, 30, 45)), Fraction(rng.randint(10, 30)), rng.randint(2, 6)),
        "medium": (6 * rng.randint(1, 9), Fraction(rng.randint(21, 70), 2), rng.randint(3, 12)),
        "hard": (3 * rng.randint(1, 19), Fraction(rng.randint(206, 799), 20), rng.randint(6, 23)),
    }[difficulty]
    return {"d": days, "h": rng.randint(2, 9), "m": minutes, "w": wage}


def _solve_timesheet(values: Values) -> Fraction:
    daily = values["h"] + Fraction(values["m"], 60)
    return values["d"] * daily * values["w"]


def _timesheet_workings(values: Values) -> Values:
    part = Fraction(values["m"], 60)
    daily = values["h"] + part
    minutes = values["d"] * (60 * values["h"] + values["m"])
    return {"part": part, "daily": daily, "total": values["d"] * daily, "minutes": minutes}


def _check_timesheet(values: Values, result: Fraction) -> bool:
    """Paid minute by minute, each at a sixtieth of the hourly wage."""
    minutes = values["d"] * (60 * values["h"] + values["m"])
    return result * 60 == minutes * values["w"]


TIMESHEET = Template(
    id="conversion.timesheet",
    family="unit conversion",
    unit="money",
    draw=_draw_timesheet,
    holds=lambda values: (100 * _solve_timesheet(values)).denominator == 1,
    solve=_solve_timesheet,
    check=_check_timesheet,
    workings=_timesheet_workings,
    texts={
        "en": Wording(
            problems=(
                "A gardener works on {d:day}, each time for {h:hour} and {m:minute}. She earns {w:money} per hour. "
                "How much does she earn altogether?",
                "The hourly wage of a helper is {w:money}. He has been there on {d:day} and has worked {h:hour} and "
                "{m:minute} each day. What pay is due to him?",
            ),
            solution="In hours, the minutes are {m} ÷ 60 = {part}. So a day's work lasts {h} + {part} = {daily:hour}. "
            "Over {d:day} that makes {d} * {daily} = {total:hour}. At {w:money} an hour, the pay is {total} * {w} = "
            "{result:money}.",
        ),
        "fr": Wording(
            problems=(
                "Une jardinière travaille pendant {d:day}, chaque fois {h:hour} et {m:minute}. Elle gagne {w:money} "
                "de l'heure. Combien gagne-t-elle en tout ?",
                "Le salaire horaire d'un aide est de {w:money}. Il est venu pendant {d:day} et a travaillé {h:hour} "
                "et {m:minute} par jour. Quelle somme lui doit-on ?",
            ),
            solution="En heures, les minutes font {m} ÷ 60 = {part}. Une journée de travail dure donc {h} + {part} = "
            "{daily:hour}. Sur {d:day}, cela fait {d} * {daily} = {total:hour}. À {w:money} de l'heure, la somme est "
            "de {total} * {w} = {result:money}.",
        ),
        "de": Wording(
            problems=(
                "Eine Gärtnerin arbeitet {d:day} lang je {h:hour} und {m:minute}. Sie verdient {w:money} in der "
                "Stunde. Wie viel verdient sie insgesamt?",
                "Der Stundenlohn eines Helfers beträgt {w:money}. Er war an {d:ws_day.dat} da und hat jedes Mal "
                "{h:hour} und {m:minute} gearbeitet. Welcher Lohn steht ihm zu?",
            ),
            solution="In Stunden ausgedrückt sind die Minuten {m} ÷ 60 = {part}. Ein Arbeitstag dauert also {h} + "
            "{part} = {daily:hour}. In {d:ws_day.dat} macht das {d} * {daily} = {total:hour}. Bei {w:money} je Stunde "
            "beträgt der Lohn {total} * {w} = {result:money}.",
        ),
        "it": Wording(
            problems=(
                "Una giardiniera lavora per {d:day}, ogni volta {h:hour} e {m:minute}. Guadagna {w:money} all'ora. "
                "Quanto guadagna in tutto?",
                "La paga oraria di un aiutante è di {w:money}. È venuto per {d:day} e ha lavorato {h:hour} e "
                "{m:minute} al giorno. Quale compenso gli spetta?",
            ),
            solution="In ore, i minuti sono {m} ÷ 60 = {part}. Una giornata di lavoro dura quindi {h} + {part} = "
            "{daily:hour}. In {d:day} diventano {d} * {daily} = {total:hour}. A {w:money} all'ora il compenso è "
            "{total} * {w} = {result:money}.",
        ),
        "es": Wording(
            problems=(
                "Una jardinera trabaja durante {d:day}, cada vez {h:hour} y {m:minute}. Gana {w:money} por hora. "
                "¿Cuánto gana en total?",
                "El salario por hora de un ayudante es de {w:money}. Ha venido {d:day} y ha trabajado {h:hour} y "
                "{m:minute} al día. ¿Qué paga le corresponde?",
            ),
            solution="Expresados en horas, los minutos son {m} ÷ 60 = {part}. Así pues, una jornada dura {h} + {part} "
            "= {daily:hour}. En {d:day} son {d} * {daily} = {total:hour}. A {w:money} por hora, la paga es {total} * "
            "{w} = {result:money}.",
        ),
        "pl": Wording(
            problems=(
                "Ogrodniczka pracuje przez {d:day}, za każdym razem {h:hour.acc} i {m:minute.acc}. Zarabia {w:money} "
                "za godzinę. Ile zarobi łącznie?",
                "Stawka godzinowa pomocnika wynosi {w:money}. Przychodził przez {d:day} i pracował {h:hour.acc} i "
                "{m:minute.acc} dziennie. Jaka zapłata mu się należy?",
            ),
            solution="W godzinach te minuty to {m} ÷ 60 = {part}. Dzień pracy trwa więc {h} + {part} = "
            "{daily:hour.acc}. W ciągu {d:ws_day.gen} daje to {d} * {daily} = {total:hour}. Przy stawce {w:money.gen} "
            "za godzinę zapłata wynosi {total} * {w} = {result:money}.",
        ),
        "nl": Wording(
            problems=(
                "Een tuinierster werkt {d:day} lang telkens {h:hour} en {m:minute}. Ze verdient {w:money} per uur. "
                "Hoeveel verdient ze in totaal?",
                "Het uurloon van een hulp bedraagt {w:money}. Hij is op {d:day} komen werken, telkens {h:hour} en "
                "{m:minute}. Welk loon komt hem toe?",
            ),
            solution="In uren uitgedrukt zijn de minuten {m} ÷ 60 = {part}. Een werkdag duurt dus {h} + {part} = "
            "{daily:hour}. In {d:day} wordt dat {d} * {daily} = {total:hour}. Bij {w:money} per uur is het loon "
            "{total} * {w} = {result:money}.",
        ),
        "la": Wording(
            problems=(
                "Hortulana per {d:day.acc} laborat, singulis diebus {h:hour.acc} et {m:ws_minute.acc}. In singulas "
                "horas {w:money.acc} meret. Quantum omnino meret?",
                "Merces operarii in singulas horas est {w:money}. Per {d:day.acc} adfuit et cotidie {h:hour.acc} et "
                "{m:ws_minute.acc} laboravit. Quanta merces ei debetur?",
            ),
            solution="Minutae, si horis numerantur, sunt {m} ÷ 60 = {part}. Opus igitur cotidianum est {h} + {part} = "
            "{daily:hour.gen}. Per {d:day.acc} fiunt {d} * {daily} = {total:hour}. Si in singulas horas {w:money} "
            "debentur, merces est {total} * {w} = {result:money}.",
        ),
    },
    trace=Trace(
        given="{d:day} of {h:hour} and {m:minute} each, {w:money} an hour",
        sought="pay in all",
        insight="minutes are sixtieths of an hour, not hundredths",
        steps=(
            "minutes in hours → {m} ÷ 60 = {part}",
            "one day → {h} + {part} = {daily:hour}",
            "all days → {d} * {daily} = {total:hour}",
            "pay → {total} * {w} = {result:money}",
        ),
        checks=(
            "in minutes: {d} * ({h} * 60 + {m}) = {minutes:minute}",
            "{minutes} * {w} ÷ 60 = {result:money}, the same",
        ),
    ),
    mistakes=(
        Mistake(
            name="reads_the_minutes_as_hundredths",
            says="takes the minutes for hundredths of an hour",
            result=lambda values: round(values["d"] * (values["h"] + Fraction(values["m"], 100)) * values["w"], 2),
        ),
        Mistake(
            name="drops_the_minutes",
            says="pays the full hours only",
            result=lambda values: values["d"] * values["h"] * values["w"],
        ),
        Mistake(
            name="rounds_up_to_full_hours",
            says="pays a full hour for the minutes of each day",
            result=lambda values: values["d"] * (values["h"] + 1) * values["w"],
        ),
        Mistake(
            name="counts_the_minutes_once",
            says="multiplies only the hours by the days and adds the minutes of a single day",
            result=lambda values: round((values["d"] * values["h"] + Fraction(values["m"], 60)) * values["w"], 2),
        ),
        Mistake(
            name="pays_one_day",
            says="works out the pay of one day and forgets the others",
            result=lambda values: round((values["h"] + Fraction(values["m"], 60)) * values["w"], 2),
        ),
    ),
)
