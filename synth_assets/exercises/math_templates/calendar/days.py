"""Days between dates."""

from datetime import date, timedelta
from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording

_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _day_of_year(day: date) -> int:
    """Counted month by month, as the solution does it; the check goes by the calendar of the standard library."""
    return sum(_MONTH_DAYS[: day.month - 1]) + (_is_leap(day.year) and day.month > 2) + day.day


def _draw_days(rng: Random, difficulty: str) -> Values:
    year = rng.randint(1950, 2030)
    first, last, shortest, longest = {
        "easy": (60, 300, 12, 45),
        "medium": (20, 240, 46, 110),
        "hard": (2, 58, 111, 300),
    }[difficulty]
    start = date(year, 1, 1) + timedelta(days=rng.randint(first, last))
    return {"start": start, "end": start + timedelta(days=rng.randint(shortest, longest))}


def _solve_days(values: Values) -> int:
    return _day_of_year(values["end"]) - _day_of_year(values["start"]) + 1


def _days_workings(values: Values) -> Values:
    start, end = _day_of_year(values["start"]), _day_of_year(values["end"])
    return {
        "start_day": start,
        "end_day": end,
        "gap": end - start,
        "february": 29 if _is_leap(values["start"].year) else 28,
        "new_year": date(values["start"].year, 1, 1),
        "weeks": (end - start + 1) // 7,
        "over": (end - start + 1) % 7,
    }


def _check_days(values: Values, result: Fraction) -> bool:
    """The calendar, gone forward day by day, arrives at the last day."""
    return values["start"] + timedelta(days=int(result) - 1) == values["end"]


DAYS = Template(
    id="calendar.days",
    family="calendar",
    unit="day",
    draw=_draw_days,
    holds=lambda values: values["start"].year == values["end"].year and values["start"].month != values["end"].month,
    solve=_solve_days,
    check=_check_days,
    workings=_days_workings,
    texts={
        "en": Wording(
            problems=(
                "An exhibition is open daily from {start:date} to {end:date}, and both of these days count. On how "
                "many days can it be visited?",
                "A bridge is closed for repairs. The first day of the closure is {start:date}, the last is "
                "{end:date}. How many days does the closure last, these two included?",
            ),
            solution="In that year February has {february:day}. So {start:date} is day {start_day} of the year and "
            "{end:date} is day {end_day}. The difference is {end_day} - {start_day} = {gap:day}. Because the first "
            "and the last day both count, one is added: {gap} + 1 = {result:day}.",
        ),
        "fr": Wording(
            problems=(
                "Une exposition est ouverte tous les jours du {start:date} au {end:date}, ces deux jours compris. "
                "Pendant combien de jours peut-on la visiter ?",
                "Un pont est fermé pour travaux. Le premier jour de fermeture est le {start:date}, le dernier est le "
                "{end:date}. Combien de jours dure la fermeture, ces deux jours compris ?",
            ),
            solution="Cette année-là, février compte {february:day}. Le {start:date} est donc le jour numéro "
            "{start_day} de l'année, et le {end:date} le jour numéro {end_day}. La différence est de {end_day} - "
            "{start_day} = {gap:day}. Comme le premier et le dernier jour comptent tous les deux, on ajoute un : "
            "{gap} + 1 = {result:day}.",
        ),
        "de": Wording(
            problems=(
                "Eine Ausstellung ist vom {start:date} bis zum {end:date} täglich geöffnet, beide Tage mitgerechnet. "
                "An wie vielen Tagen kann man sie besuchen?",
                "Eine Brücke wird wegen Bauarbeiten gesperrt. Der erste Tag der Sperrung ist der {start:date}, der "
                "letzte der {end:date}. Wie viele Tage dauert die Sperrung, diese beiden mitgerechnet?",
            ),
            solution="In jenem Jahr hat der Februar {february:day}. Der {start:date} ist also der Tag Nummer "
            "{start_day} des Jahres und der {end:date} der Tag Nummer {end_day}. Der Unterschied beträgt {end_day} - "
            "{start_day} = {gap:day}. Weil der erste und der letzte Tag beide zählen, kommt einer hinzu: {gap} + 1 = "
            "{result:day}.",
        ),
        "it": Wording(
            problems=(
                "Una mostra è aperta tutti i giorni {start:dal+date} {end:al+date}, entrambi i giorni compresi. Per "
                "quanti giorni la si può visitare?",
                "Un ponte è chiuso per lavori. Il primo giorno di chiusura è {start:il+date}, l'ultimo è "
                "{end:il+date}. Quanti giorni dura la chiusura, compresi questi due?",
            ),
            solution="In quell'anno febbraio ha {february:day}. Contando dall'inizio dell'anno, {start:il+date} è il "
            "giorno numero {start_day} e {end:il+date} è il giorno numero {end_day}. La differenza è di {end_day} - "
            "{start_day} = {gap:day}. Poiché il primo e l'ultimo giorno contano entrambi, si aggiunge uno: {gap} + 1 "
            "= {result:day}.",
        ),
        "es": Wording(
            problems=(
                "Una exposición abre todos los días del {start:date} al {end:date}, ambos incluidos. ¿Cuántos días se "
                "puede visitar?",
                "Un puente se cierra por obras. El primer día de cierre es el {start:date} y el último es el "
                "{end:date}. ¿Cuántos días dura el cierre, contando estos dos?",
            ),
            solution="Ese año febrero tiene {february:day}. Por tanto, el {start:date} es el día número {start_day} "
            "del año y el {end:date} es el día número {end_day}. La diferencia es de {end_day} - {start_day} = "
            "{gap:day}. Como el primer día y el último cuentan los dos, se añade uno: {gap} + 1 = {result:day}.",
        ),
        "pl": Wording(
            problems=(
                "Wystawa jest czynna codziennie od {start:date} do {end:date} włącznie. Przez ile dni można ją "
                "zwiedzać?",
                "Most zamknięto z powodu remontu. Pierwszy dzień zamknięcia to {start:date}, a ostatni to {end:date}. "
                "Ile dni trwa zamknięcie, jeśli wliczyć oba te dni?",
            ),
            solution="Luty w tym roku liczy {february:day}. Data {start:date} to zatem dzień numer {start_day} w "
            "roku, a data {end:date} to dzień numer {end_day}. Różnica wynosi {end_day} - {start_day} = {gap:day}. "
            "Ponieważ liczy się zarówno pierwszy, jak i ostatni dzień, dodajemy jeden: {gap} + 1 = {result:day}.",
        ),
        "nl": Wording(
            problems=(
                "Een tentoonstelling is dagelijks geopend van {start:date} tot en met {end:date}. Op hoeveel dagen "
                "is er een bezoek mogelijk?",
                "Een brug is afgesloten voor onderhoud. De eerste dag van de afsluiting is {start:date}, de laatste "
                "is {end:date}. Hoeveel dagen duurt de afsluiting, deze twee meegerekend?",
            ),
            solution="In dat jaar telt februari {february:day}. Geteld vanaf het begin van het jaar heeft "
            "{start:date} dus nummer {start_day} en {end:date} nummer {end_day}. Het verschil is {end_day} - "
            "{start_day} = {gap:day}. Omdat de eerste en de laatste dag allebei meetellen, komt er één bij: {gap} + 1 "
            "= {result:day}.",
        ),
        "la": Wording(
            problems=(
                "Spectaculum cotidie patet a die {start:date} usque ad diem {end:date}, utroque die numerato. Quot "
                "diebus spectari potest?",
                "Pons reficiendi causa clauditur. Primus dies est {start:date}, ultimus dies est {end:date}. Quot "
                "dies pons clausus est, si etiam hi duo numerantur?",
            ),
            solution="Eo anno mensis Februarius {february:day.acc} habet. Ergo ab initio anni dies {start:date} est "
            "numero {start_day}, dies {end:date} numero {end_day}. Differentia est {end_day} - {start_day} = "
            "{gap:day}. Quia et primus et ultimus dies numerantur, unus additur: {gap} + 1 = {result:day}.",
        ),
    },
    trace=Trace(
        given="first day {start:date}, last day {end:date}, both count",
        sought="number of days",
        insight="both ends count, so the difference of the day numbers is one too small",
        steps=(
            "February of that year → {february:day}",
            "{start:date} → day {start_day} of the year",
            "{end:date} → day {end_day} of the year",
            "difference plus one → {end_day} - {start_day} + 1 = {result:day}",
        ),
        checks=(
            "from day {start_day}, {gap} steps forward arrive at day {end_day}",
            "in weeks: {weeks} * 7 + {over} = {result:day}",
        ),
    ),
    mistakes=(
        Mistake(
            name="forgets_one_end",
            says="takes the bare difference and so leaves one of the two end days out",
            result=lambda values: _solve_days(values) - 1,
        ),
        Mistake(
            name="forgets_both_ends",
            says="counts only the days between the first and the last",
            result=lambda values: _solve_days(values) - 2,
        ),
        Mistake(
            name="counts_an_end_twice",
            says="adds one day for each end to the difference, which is one too many",
            result=lambda values: _solve_days(values) + 1,
        ),
        Mistake(
            name="takes_months_of_30_days",
            says="reckons every month with 30 days",
            result=lambda values: (
                30 * (values["end"].month - values["start"].month) + values["end"].day - values["start"].day + 1
            ),
        ),
        Mistake(
            name="gives_the_day_of_the_year",
            says="gives the last day's number in the year and takes nothing off it",
            result=lambda values: _day_of_year(values["end"]),
        ),
    ),
)
