"""How often something falls due between two dates across the turn of a year."""

from datetime import date, timedelta
from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_rehearsals(rng: Random, difficulty: str) -> Values:
    # the start lies so many days before the end of its year, the end so many after
    shortest, longest, least_period, most_period = {
        "easy": (2, 31, 2, 6),
        "medium": (25, 110, 4, 12),
        "hard": (90, 300, 7, 25),
    }[difficulty]
    turn = date(rng.randint(1960, 2035), 12, 31)
    return {
        "start": turn - timedelta(days=rng.randint(shortest, longest)),
        "end": turn + timedelta(days=rng.randint(shortest, longest)),
        "period": rng.randint(least_period, most_period),
    }


def _rehearsals_workings(values: Values) -> Values:
    start, end, period = values["start"], values["end"], values["period"]
    left, day_of_end = (date(start.year, 12, 31) - start).days, end.timetuple().tm_yday
    later = (left + day_of_end) // period
    return {
        "left": left,
        "day_of_end": day_of_end,
        "gap": left + day_of_end,
        "later": later,
        "spanned": later * period,
        "over": (left + day_of_end) % period,
        "last": start + timedelta(days=later * period),
        "turn": date(start.year, 12, 31),
    }


def _solve_rehearsals(values: Values) -> int:
    return _rehearsals_workings(values)["later"] + 1


def _check_rehearsals(values: Values, result: Fraction) -> bool:
    """The calendar, gone through period by period, has so many days that are not after the end."""
    day, count = values["start"], 0
    while day <= values["end"]:
        day, count = day + timedelta(days=values["period"]), count + 1
    return result == count


REHEARSALS = Template(
    id="calendar.rehearsals",
    family="calendar",
    unit="rehearsal",
    draw=_draw_rehearsals,
    holds=lambda values: _solve_rehearsals(values) >= 5,
    solve=_solve_rehearsals,
    check=_check_rehearsals,
    workings=_rehearsals_workings,
    texts={
        "en": Wording(
            problems=(
                "A theatre group rehearses every {period} days, for the first time on {start:date}. The last day on "
                "which the hall is free is {end:date}. How many rehearsals can take place?",
                "The first rehearsal of a choir is on {start:date}; from then on there is one every {period} days. The "
                "choir goes on holiday at the close of {end:date}, and that day itself may still be used. How many "
                "rehearsals are there by then?",
            ),
            solution="After {start:date} the year still has {left:day}, and {end:date} is day {day_of_end} of the next "
            "one, so the two dates are {left} + {day_of_end} = {gap:day} apart. Because {gap} = {later} * {period} + "
            "{over}, another {later:rehearsal} follow the first. With the first that makes {later} + 1 = "
            "{result:rehearsal}.",
        ),
        "fr": Wording(
            problems=(
                "Une troupe de théâtre répète tous les {period} jours, pour la première fois le {start:date}. Le "
                "dernier jour où la salle est libre est le {end:date}. Combien de répétitions peuvent avoir lieu ?",
                "La première répétition d'une chorale a lieu le {start:date} ; à partir de là, il y en a une tous les "
                "{period} jours. La chorale part en vacances le {end:date} au soir, et ce jour-là peut encore servir. "
                "Combien de répétitions y a-t-il jusque-là ?",
            ),
            solution="Après le {start:date}, l'année compte encore {left:day}, et le {end:date} est le jour numéro "
            "{day_of_end} de l'année suivante : les deux dates sont donc séparées de {left} + {day_of_end} = "
            "{gap:day}. Comme {gap} = {later} * {period} + {over}, la première répétition est suivie de {later} "
            "autres. Avec elle, cela fait {later} + 1 = {result:rehearsal}.",
        ),
        "de": Wording(
            problems=(
                "Eine Theatergruppe probt alle {period} Tage, zum ersten Mal am {start:date}. Der letzte Tag, an dem "
                "der Saal frei ist, ist der {end:date}. Wie viele Proben können stattfinden?",
                "Die erste Probe eines Chores ist am {start:date}; von da an findet alle {period} Tage eine statt. Am "
                "Abend des {end:date} geht der Chor in die Ferien, an diesem Tag selbst darf noch geprobt werden. Wie "
                "viele Proben gibt es bis dahin?",
            ),
            solution="Nach dem {start:date} hat das Jahr noch {left:day}, und der {end:date} ist der Tag Nummer "
            "{day_of_end} des nächsten Jahres; dazwischen liegen also {left} + {day_of_end} = {gap:day}. Wegen {gap} = "
            "{later} * {period} + {over} folgen auf die erste Probe noch {later} weitere. Mit der ersten sind es "
            "{later} + 1 = {result:rehearsal}.",
        ),
        "it": Wording(
            problems=(
                "Una compagnia teatrale prova ogni {period} giorni, per la prima volta {start:il+date}. L'ultimo "
                "giorno in cui la sala è libera è {end:il+date}. Quante prove si possono fare?",
                "La prima prova di un coro si tiene {start:il+date}; da allora ce n'è una ogni {period} giorni. Il "
                "coro va in vacanza la sera {end:del+date}, e in quel giorno si può ancora provare. Quante prove ci "
                "sono fino ad allora?",
            ),
            solution="Dopo {start:il+date} l'anno ha ancora {left:day}, e {end:il+date} è il giorno numero "
            "{day_of_end} dell'anno seguente: tra le due date passano quindi {left} + {day_of_end} = {gap:day}. Poiché "
            "{gap} = {later} * {period} + {over}, alla prima prova ne seguono altre {later}. Con la prima sono {later} "
            "+ 1 = {result:rehearsal}.",
        ),
        "es": Wording(
            problems=(
                "Un grupo de teatro ensaya cada {period} días, por primera vez el {start:date}. El último día en que "
                "la sala está libre es el {end:date}. ¿Cuántos ensayos pueden celebrarse?",
                "El primer ensayo de un coro es el {start:date}; a partir de entonces hay uno cada {period} días. El "
                "coro se va de vacaciones la noche del {end:date}, y ese mismo día todavía se puede ensayar. ¿Cuántos "
                "ensayos hay hasta entonces?",
            ),
            solution="Después del {start:date} al año le quedan {left:day}, y el {end:date} es el día número "
            "{day_of_end} del año siguiente, así que entre las dos fechas van {left} + {day_of_end} = {gap:day}. Como "
            "{gap} = {later} * {period} + {over}, al primer ensayo le siguen otros {later}. Con el primero son {later} "
            "+ 1 = {result:rehearsal}.",
        ),
        "pl": Wording(
            problems=(
                "Grupa teatralna ma próby co {period:day}, a pierwsza z nich odbywa się {start:date}. Ostatni dzień, w "
                "którym sala jest wolna, to {end:date}. Ile prób może się odbyć?",
                "Pierwsza próba chóru przypada na {start:date}, a następne odbywają się co {period:day}. Chór zaczyna "
                "wakacje wieczorem {end:date}, ale tego dnia można jeszcze ćwiczyć. Ile prób odbędzie się do tego "
                "czasu?",
            ),
            solution="Liczba dni, które pozostają do końca roku po dniu {start:date}, wynosi {left}, a {end:date} to "
            "dzień numer {day_of_end} następnego roku, więc odstęp między datami to {left} + {day_of_end} = {gap:day}. "
            "Ponieważ {gap} = {later} * {period} + {over}, liczba prób po pierwszej wynosi {later}. Razem z pierwszą "
            "daje to {later} + 1 = {result:rehearsal}.",
        ),
        "nl": Wording(
            problems=(
                "Een toneelgroep repeteert elke {period} dagen, voor het eerst op {start:date}. De laatste dag waarop "
                "de zaal vrij is, is {end:date}. Hoeveel repetities kunnen er plaatsvinden?",
                "De eerste repetitie van een koor is op {start:date}; vanaf dan is er elke {period} dagen een "
                "repetitie. Op de avond van {end:date} gaat het koor met vakantie, en op die dag zelf mag er nog "
                "gerepeteerd worden. Hoeveel repetities zijn er tot dan toe?",
            ),
            solution="Na {start:date} heeft het jaar nog {left:day}, en {end:date} is dag {day_of_end} van het "
            "volgende jaar, dus de twee data liggen {left} + {day_of_end} = {gap:day} uit elkaar. Omdat {gap} = "
            "{later} * {period} + {over}, volgen er op de eerste repetitie nog {later}. Met de eerste erbij zijn dat "
            "er {later} + 1 = {result:rehearsal}.",
        ),
        "la": Wording(
            problems=(
                "Grex histrionum per intervalla {period} dierum exercetur, primum die {start:date}. Ultimus dies, quo "
                "aula vacat, est dies {end:date}. Quot exercitationes fieri possunt?",
                "Prima exercitatio chori die {start:date} habetur; deinde per intervalla {period} dierum ceterae "
                "habentur. Vespere diei {end:date} feriae incipiunt, sed eo ipso die adhuc canere licet. Quot "
                "exercitationes usque ad ferias habentur?",
            ),
            solution="Post diem {start:date} eius anni supersunt {left:day}, et dies {end:date} est anni sequentis "
            "numero {day_of_end}; itaque inter utrumque diem intersunt {left} + {day_of_end} = {gap:day}. Quia {gap} = "
            "{later} * {period} + {over}, primam exercitationem {later} aliae sequuntur. Cum prima fiunt {later} + 1 = "
            "{result:rehearsal}.",
        ),
    },
    trace=Trace(
        given="first rehearsal {start:date}, then every {period:day}, last possible day {end:date}",
        sought="number of rehearsals",
        insight="whole periods that fit between the dates, and one more for the first rehearsal",
        steps=(
            "days left after {start:date} in its year → {left}; {end:date} → day {day_of_end} of the next",
            "days between → {left} + {day_of_end} = {gap:day}",
            "whole periods → {gap} = {later} * {period} + {over}",
            "with the first rehearsal → {later} + 1 = {result:rehearsal}",
        ),
        checks=(
            "the last rehearsal is {later} * {period} = {spanned:day} after the first, on {last:date}",
            "{over:day} are left until {end:date}, fewer than {period}, so no other fits in",
        ),
    ),
    mistakes=(
        Mistake(
            name="forgets_first",
            says="counts the whole periods but not the first rehearsal",
            result=lambda values: _rehearsals_workings(values)["later"],
        ),
        Mistake(
            name="counts_one_after_the_end",
            says="counts one rehearsal after the last possible day as well",
            result=lambda values: _rehearsals_workings(values)["later"] + 2,
        ),
        Mistake(
            name="counts_days",
            says="stops at the number of days between the two dates",
            result=lambda values: _rehearsals_workings(values)["gap"],
        ),
        Mistake(
            name="free_days_between",
            says="leaves that many free days between two rehearsals and so takes a period one day longer",
            result=lambda values: _rehearsals_workings(values)["gap"] // (values["period"] + 1) + 1,
        ),
        Mistake(
            name="forgets_the_old_year",
            says="counts only from the beginning of the second year",
            result=lambda values: _rehearsals_workings(values)["day_of_end"] // values["period"] + 1,
        ),
    ),
)
