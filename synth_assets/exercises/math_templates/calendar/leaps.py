"""Leap years in a range of years that crosses centuries."""

from datetime import date
from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_leaps(rng: Random, difficulty: str) -> Values:
    # 1900 and 2000 only; then two or three century years more; then from before 1600 to after 2100
    firsts, lasts = {
        "easy": ((1801, 1899), (2001, 2098)),
        "medium": ((1602, 1799), (2001, 2199)),
        "hard": ((1583, 1599), (2101, 2395)),
    }[difficulty]
    return {"first": rng.randint(*firsts), "last": rng.randint(*lasts)}


def _leaps_workings(values: Values) -> Values:
    before, last = values["first"] - 1, values["last"]
    workings: dict[str, int] = {"before": before}
    for name, divisor in (("fours", 4), ("hundreds", 100), ("four_hundreds", 400)):
        workings |= {
            f"{name}_to_last": last // divisor,
            f"{name}_before": before // divisor,
            name: last // divisor - before // divisor,
        }
    return workings | {
        "exceptions": workings["hundreds"] - workings["four_hundreds"],
        "years": last - before,
        "common": last - before - workings["fours"] + workings["hundreds"] - workings["four_hundreds"],
    }


def _solve_leaps(values: Values) -> int:
    workings = _leaps_workings(values)
    return workings["fours"] - workings["hundreds"] + workings["four_hundreds"]


def _check_leaps(values: Values, result: Fraction) -> bool:
    """Year by year: the calendar has 366 days from one New Year to the next."""
    years = range(values["first"], values["last"] + 1)
    return result == sum((date(year + 1, 1, 1) - date(year, 1, 1)).days == 366 for year in years)


LEAPS = Template(
    id="calendar.leaps",
    family="calendar",
    unit="leap_year",
    draw=_draw_leaps,
    holds=lambda values: values["last"] - values["first"] >= 120,
    solve=_solve_leaps,
    check=_check_leaps,
    workings=_leaps_workings,
    texts={
        "en": Wording(
            problems=(
                "How many leap years does the Gregorian calendar have from {first:plain} to {last:plain}, if the first "
                "and the last of these years are counted too?",
                "For every year of the Gregorian calendar from {first:plain} to {last:plain}, both included, a printer "
                "keeps one sheet; those of leap years are blue, all others white. How many blue sheets does he have?",
            ),
            solution="Leap years are those divisible by 4, except those divisible by 100 but not by 400. Divisible by "
            "4 are {fours_to_last} - {fours_before} = {fours} of the years, and {hundreds_to_last} - {hundreds_before} "
            "= {hundreds} of them are centuries. Of these centuries {four_hundreds_to_last} - {four_hundreds_before} = "
            "{four_hundreds} can be divided by 400 and must be put back. The number is {fours} - {hundreds} + "
            "{four_hundreds} = {result:leap_year}.",
        ),
        "fr": Wording(
            problems=(
                "Combien d'années bissextiles le calendrier grégorien compte-t-il de {first:plain} à {last:plain}, si "
                "l'on compte aussi la première et la dernière de ces années ?",
                "Pour chaque année du calendrier grégorien, de {first:plain} à {last:plain} inclus, un imprimeur "
                "conserve une feuille ; celles des années bissextiles sont bleues, toutes les autres blanches. Combien "
                "a-t-il de feuilles bleues ?",
            ),
            solution="Les années divisibles par 100 sans l'être par 400 ne sont pas bissextiles ; toutes les autres "
            "années divisibles par 4 le sont. Le nombre d'années divisibles par 4 est {fours_to_last} - {fours_before} "
            "= {fours} et, parmi elles, celui des années séculaires est {hundreds_to_last} - {hundreds_before} = "
            "{hundreds}. Le nombre de celles qui sont divisibles par 400 et qu'il faut donc remettre est "
            "{four_hundreds_to_last} - {four_hundreds_before} = {four_hundreds}. On obtient {fours} - {hundreds} + "
            "{four_hundreds} = {result:leap_year}.",
        ),
        "de": Wording(
            problems=(
                "Wie viele Schaltjahre hat der gregorianische Kalender von {first:plain} bis {last:plain}, wenn das "
                "erste und das letzte dieser Jahre mitgezählt werden?",
                "Für jedes Jahr des gregorianischen Kalenders von {first:plain} bis einschließlich {last:plain} "
                "bewahrt ein Drucker ein Blatt auf; die Blätter der Schaltjahre sind blau, alle anderen weiß. Wie "
                "viele blaue Blätter hat er?",
            ),
            solution="Schaltjahre sind die durch 4 teilbaren Jahre, ausgenommen die, die durch 100, aber nicht durch "
            "400 teilbar sind. Durch 4 teilbar sind {fours_to_last} - {fours_before} = {fours} Jahre, und die Zahl der "
            "vollen Jahrhunderte darunter ist {hundreds_to_last} - {hundreds_before} = {hundreds}. Von ihnen ist die "
            "Zahl der durch 400 teilbaren, die wieder dazukommen, {four_hundreds_to_last} - {four_hundreds_before} = "
            "{four_hundreds}. Das ergibt {fours} - {hundreds} + {four_hundreds} = {result:leap_year}.",
        ),
        "it": Wording(
            problems=(
                "Quanti anni bisestili ha il calendario gregoriano dal {first:plain} al {last:plain}, se si contano "
                "anche il primo e l'ultimo di questi anni?",
                "Per ogni anno del calendario gregoriano, dal {first:plain} al {last:plain} compreso, un tipografo "
                "conserva un foglio; quelli degli anni bisestili sono azzurri, tutti gli altri bianchi. Quanti fogli "
                "azzurri ha?",
            ),
            solution="Gli anni divisibili per 100 ma non per 400 non sono bisestili; tutti gli altri anni divisibili "
            "per 4 lo sono. Gli anni divisibili per 4 sono {fours_to_last} - {fours_before} = {fours} e fra questi il "
            "numero di quelli secolari è {hundreds_to_last} - {hundreds_before} = {hundreds}. Il numero dei secolari "
            "divisibili per 400, che vanno rimessi, è {four_hundreds_to_last} - {four_hundreds_before} = "
            "{four_hundreds}. Si ottengono {fours} - {hundreds} + {four_hundreds} = {result:leap_year}.",
        ),
        "es": Wording(
            problems=(
                "¿Cuántos años bisiestos tiene el calendario gregoriano de {first:plain} a {last:plain}, si se cuentan "
                "también el primero y el último de estos años?",
                "Un impresor guarda una hoja por cada año del calendario gregoriano, desde {first:plain} hasta "
                "{last:plain} inclusive; las de los años bisiestos son azules y todas las demás, blancas. ¿Cuántas "
                "hojas azules tiene?",
            ),
            solution="Los años divisibles por 100 pero no por 400 no son bisiestos; todos los demás años divisibles "
            "por 4 lo son. Los divisibles por 4 son {fours_to_last} - {fours_before} = {fours}, y entre ellos el "
            "número de años seculares es {hundreds_to_last} - {hundreds_before} = {hundreds}. El número de seculares "
            "divisibles por 400, que hay que volver a sumar, es {four_hundreds_to_last} - {four_hundreds_before} = "
            "{four_hundreds}. Resultan {fours} - {hundreds} + {four_hundreds} = {result:leap_year}.",
        ),
        "pl": Wording(
            problems=(
                "Ile lat przestępnych ma kalendarz gregoriański od {first:plain} do {last:plain} roku, jeśli liczyć "
                "także pierwszy i ostatni z tych lat?",
                "Drukarz przechowuje po jednej karcie na każdy rok kalendarza gregoriańskiego od {first:plain} do "
                "{last:plain} roku włącznie; karty lat przestępnych są niebieskie, wszystkie inne białe. Ile ma "
                "niebieskich kart?",
            ),
            solution="Lata podzielne przez 100, ale niepodzielne przez 400, nie są przestępne; wszystkie inne "
            "wielokrotności liczby 4 są przestępne. Wielokrotności liczby 4 jest w tym okresie {fours_to_last} - "
            "{fours_before} = {fours}, a lat kończących wiek {hundreds_to_last} - {hundreds_before} = {hundreds}. "
            "Podzielnych przez 400, które trzeba z powrotem dodać, jest wśród nich {four_hundreds_to_last} - "
            "{four_hundreds_before} = {four_hundreds}. Otrzymujemy {fours} - {hundreds} + {four_hundreds} = "
            "{result:leap_year}.",
        ),
        "nl": Wording(
            problems=(
                "Hoeveel schrikkeljaren telt de gregoriaanse kalender van {first:plain} tot en met {last:plain}, als "
                "ook het eerste en het laatste van die jaren worden meegerekend?",
                "Een drukker bewaart één vel voor elk jaar van de gregoriaanse kalender, van {first:plain} tot en met "
                "{last:plain}; die van schrikkeljaren zijn blauw, alle andere wit. Hoeveel blauwe vellen heeft hij?",
            ),
            solution="Schrikkeljaren zijn de jaren die door 4 deelbaar zijn, behalve die welke wel door 100 maar niet "
            "door 400 deelbaar zijn. Het aantal jaren dat door 4 deelbaar is, is {fours_to_last} - {fours_before} = "
            "{fours}, en het aantal eeuwjaren daaronder is {hundreds_to_last} - {hundreds_before} = {hundreds}. Het "
            "aantal eeuwjaren dat door 400 deelbaar is en dus weer meetelt, is {four_hundreds_to_last} - "
            "{four_hundreds_before} = {four_hundreds}. Dat geeft {fours} - {hundreds} + {four_hundreds} = "
            "{result:leap_year}.",
        ),
        "la": Wording(
            problems=(
                "Quot annos bisextiles calendarium Gregorianum ab anno {first:plain} usque ad annum {last:plain} "
                "habet, si etiam primus et ultimus horum annorum numerantur?",
                "Typographus pro unoquoque anno calendarii Gregoriani, ab anno {first:plain} usque ad annum "
                "{last:plain}, utroque numerato, unam chartam servat; chartae annorum bisextilium caeruleae sunt, "
                "ceterae omnes albae. Quot chartas caeruleas habet?",
            ),
            solution="Anni bisextiles sunt qui per 4 dividi possunt, exceptis iis, qui per 100, sed non per 400 dividi "
            "possunt. Numerus annorum qui per 4 dividi possunt est {fours_to_last} - {fours_before} = {fours}, eorum "
            "autem qui per 100 est {hundreds_to_last} - {hundreds_before} = {hundreds}. Eorum qui etiam per 400 dividi "
            "possunt, et ideo rursus adduntur, numerus est {four_hundreds_to_last} - {four_hundreds_before} = "
            "{four_hundreds}. Fiunt {fours} - {hundreds} + {four_hundreds} = {result:leap_year}.",
        ),
    },
    trace=Trace(
        given="years {first:plain} to {last:plain}, both included, Gregorian calendar",
        sought="number of leap years",
        insight="multiples up to {last:plain} less those up to {before:plain}; centuries come off, every fourth one "
        "goes back on",
        steps=(
            "divisible by 4 → {fours_to_last} - {fours_before} = {fours}",
            "divisible by 100 → {hundreds_to_last} - {hundreds_before} = {hundreds}",
            "divisible by 400 → {four_hundreds_to_last} - {four_hundreds_before} = {four_hundreds}",
            "leap years → {fours} - {hundreds} + {four_hundreds} = {result:leap_year}",
        ),
        checks=(
            "common years: {years} - {fours} + {exceptions} = {common}",
            "{common} + {result} = {years}, every year from {first:plain} to {last:plain}",
        ),
    ),
    mistakes=(
        Mistake(
            name="every_fourth_year",
            says="takes every fourth year and forgets that most centuries are no leap years",
            result=lambda values: _leaps_workings(values)["fours"],
        ),
        Mistake(
            name="no_century_at_all",
            says="takes every century away and forgets that those divisible by 400 are leap years",
            result=lambda values: _leaps_workings(values)["fours"] - _leaps_workings(values)["hundreds"],
        ),
        Mistake(
            name="counts_common_years",
            says="counts the years that are no leap years",
            result=lambda values: _leaps_workings(values)["common"],
        ),
        Mistake(
            name="divides_the_span",
            says="divides the difference of the two years by 4",
            result=lambda values: (values["last"] - values["first"]) // 4,
        ),
        Mistake(
            name="counts_centuries_twice",
            says="takes the centuries divisible by 400 away once more instead of putting them back",
            result=lambda values: (
                _leaps_workings(values)["fours"]
                - _leaps_workings(values)["hundreds"]
                - _leaps_workings(values)["four_hundreds"]
            ),
        ),
    ),
)
