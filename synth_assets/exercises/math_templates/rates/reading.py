"""The pace that is needed for the rest of a task."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_reading(rng: Random, difficulty: str) -> Values:
    pace, longest, least, most = {
        "easy": (5 * rng.randint(2, 8), 14, 8, 40),
        "medium": (rng.randint(8, 36), 30, 9, 50),
        "hard": (Fraction(rng.randint(13, 90), 2), 60, 11, 60),
    }[difficulty]
    days = rng.randint(7, longest)
    first = rng.randint(2, days - 2)
    needed = rng.randint(least, most)
    return {"pages": pace * first + needed * (days - first), "pace": pace, "first": first, "days": days}


def _reading_workings(values: Values) -> Values:
    read = values["pace"] * values["first"]
    left, rest = values["pages"] - read, values["days"] - values["first"]
    return {
        "read": read,
        "left": left,
        "rest": rest,
        "even": Fraction(values["pages"], values["days"]),
        "faster": Fraction(left, rest) - values["pace"],
        "at_old_pace": values["pace"] * values["days"],
        "behind": values["pages"] - values["pace"] * values["days"],
    }


def _solve_reading(values: Values) -> Fraction:
    workings = _reading_workings(values)
    return Fraction(workings["left"], workings["rest"])


def _reading_holds(values: Values) -> bool:
    whole = Fraction(values["pages"]).denominator == 1 and Fraction(values["pace"] * values["first"]).denominator == 1
    # the story is about somebody who has to hurry up
    return whole and values["pages"] <= 1_200 and 2 <= _solve_reading(values) - values["pace"] <= 30


def _check_reading(values: Values, result: Fraction) -> bool:
    """Both stretches of days, each at its pace, are simulated; they end on the last page."""
    page = Fraction(0)
    for day in range(values["days"]):
        page += values["pace"] if day < values["first"] else result
    return page == values["pages"]


READING = Template(
    id="rates.reading",
    family="rates",
    unit="book_page",
    draw=_draw_reading,
    holds=_reading_holds,
    solve=_solve_reading,
    check=_check_reading,
    workings=_reading_workings,
    texts={
        "en": Wording(
            problems=(
                "Clara has borrowed a novel of {pages:book_page} from the library and must return it, read to the "
                "end, after {days:day}. For the first {first:day} she reads {pace:book_page} a day on average. How "
                "many pages a day must she read from then on to finish in time?",
                "A translator has {days:day} for a manuscript of {pages:book_page}. During the first {first:day} she "
                "manages {pace:book_page} a day on average. What must her daily average be, in pages, for the days "
                "that are left?",
            ),
            solution="In the first {first:day}, {first} * {pace} = {read:book_page} get done, so {pages} - {read} = "
            "{left:book_page} are left. For these there are {days} - {first} = {rest:day}. So {left} ÷ {rest} = "
            "{result:book_page} a day are needed. That is {faster} more than before.",
        ),
        "fr": Wording(
            problems=(
                "Claire a emprunté à la bibliothèque un roman de {pages:book_page} et doit le rendre, lu jusqu'au "
                "bout, dans {days:day}. Pendant les {first} premiers jours, elle lit en moyenne {pace:book_page} par "
                "jour. Combien de pages par jour doit-elle lire ensuite pour finir à temps ?",
                "Une traductrice dispose de {days:day} pour un manuscrit de {pages:book_page}. Durant les {first} "
                "premiers jours, elle en traduit en moyenne {pace} par jour. Quelle doit être sa moyenne "
                "quotidienne, en pages, pour les jours qui restent ?",
            ),
            solution="Pendant les {first} premiers jours, {first} * {pace} = {read:book_page} sont faites ; il en "
            "reste {pages} - {read} = {left}. Pour celles-ci, on dispose de {days} - {first} = {rest:day}. Il en "
            "faut donc {left} ÷ {rest} = {result} par jour. C'est {faster:book_page} de plus qu'avant.",
        ),
        "de": Wording(
            problems=(
                "Klara hat in der Bücherei einen Roman mit {pages:book_page} ausgeliehen, den sie in "
                "{days:trade_day.dat} auslesen und zurückgeben muss. In den ersten {first:trade_day.dat} liest sie "
                "durchschnittlich {pace:book_page} am Tag. Wie viele Seiten am Tag muss sie von da an lesen, um "
                "rechtzeitig fertig zu werden?",
                "Eine Übersetzerin hat {days:day} Zeit für ein Manuskript von {pages:book_page}. In den ersten "
                "{first:trade_day.dat} schafft sie im Schnitt {pace:book_page} täglich. Wie viele Seiten muss sie an "
                "den übrigen Tagen im Durchschnitt täglich schaffen?",
            ),
            solution="In den ersten {first:trade_day.dat} werden {first} * {pace} = {read:book_page} erledigt, es "
            "bleiben also {pages} - {read} = {left:book_page}. Dafür stehen {days} - {first} = {rest:day} zur "
            "Verfügung. Nötig sind {left} ÷ {rest} = {result:book_page} am Tag. Das sind {faster} mehr als vorher.",
        ),
        "it": Wording(
            problems=(
                "Chiara ha preso in biblioteca un romanzo di {pages:book_page} e deve restituirlo, letto fino in "
                "fondo, fra {days:day}. Nei primi {first:day} legge in media {pace:book_page} al giorno. Quante "
                "pagine al giorno deve leggere da quel momento per finire in tempo?",
                "Una traduttrice ha {days:day} per un manoscritto di {pages:book_page}. Nei primi {first:day} ne "
                "traduce in media {pace} al giorno. Quale deve essere la sua media quotidiana, in pagine, per i "
                "giorni che restano?",
            ),
            solution="Nei primi {first:day} il lavoro svolto è di {first} * {pace} = {read:book_page}, perciò ne "
            "restano {pages} - {read} = {left}. A disposizione ci sono ancora {days} - {first} = {rest:day}. Ne "
            "servono dunque {left} ÷ {rest} = {result} al giorno. Sono {faster} in più rispetto a prima.",
        ),
        "es": Wording(
            problems=(
                "Clara ha sacado de la biblioteca una novela de {pages:book_page} y tiene que devolverla, leída hasta "
                "el final, dentro de {days:day}. En los primeros {first:day} lee por término medio {pace:book_page} "
                "al día. ¿Cuántas páginas diarias debe leer a partir de entonces para acabar a tiempo?",
                "Una traductora dispone de {days:day} para un manuscrito de {pages:book_page}. Durante los primeros "
                "{first:day} traduce de media {pace:book_page} al día. ¿Cuál debe ser su promedio diario, en "
                "páginas, en los días que quedan?",
            ),
            solution="En los primeros {first:day} se hacen {first} * {pace} = {read:book_page} y quedan {pages} - "
            "{read} = {left:book_page}. Para ellas hay todavía {days} - {first} = {rest:day}. Se necesitan, por "
            "tanto, {left} ÷ {rest} = {result:book_page} al día. Son {faster} más que antes.",
        ),
        "pl": Wording(
            problems=(
                "Klara wypożyczyła z biblioteki powieść, która ma {pages:book_page.acc}; czas na lekturę to "
                "{days:day}. Przez pierwsze {first:day} czyta średnio {pace:book_page.acc} dziennie. Ile stron "
                "dziennie musi czytać odtąd, aby skończyć na czas?",
                "Na przekład rękopisu, który liczy {pages:book_page.acc}, tłumaczka ma {days:day}. Przez pierwsze "
                "{first:day} tłumaczy przeciętnie {pace:book_page.acc} dziennie. Ile stron dziennie musi średnio "
                "tłumaczyć w pozostałym czasie?",
            ),
            solution="Przez pierwsze {first:day} wykonana praca to {first} * {pace} = {read:book_page}, a reszta to "
            "{pages} - {read} = {left:book_page}. Czas, który jeszcze pozostał, to {days} - {first} = {rest:day}. "
            "Potrzebne tempo wynosi zatem {left} ÷ {rest} = {result:book_page.acc} dziennie. To o {faster} więcej "
            "niż dotąd.",
        ),
        "nl": Wording(
            problems=(
                "Clara heeft bij de bibliotheek een roman van {pages:book_page} geleend, die ze binnen {days:day} "
                "moet uitlezen en terugbrengen. De eerste {first:day} leest ze gemiddeld {pace:book_page} per dag. "
                "Hoeveel bladzijden per dag moet ze vanaf dan lezen om op tijd klaar te zijn?",
                "Een vertaalster heeft {days:day} de tijd voor een manuscript van {pages:book_page}. In de eerste "
                "{first:day} vertaalt ze er gemiddeld {pace} per dag. Hoeveel bladzijden moet ze op de resterende "
                "dagen gemiddeld per dag vertalen?",
            ),
            solution="In de eerste {first:day} komen er {first} * {pace} = {read:book_page} klaar, dus blijven er "
            "{pages} - {read} = {left:book_page} over. Daarvoor zijn er nog {days} - {first} = {rest:day}. Nodig "
            "zijn dus {left} ÷ {rest} = {result:book_page} per dag. Dat zijn er {faster} meer dan voorheen.",
        ),
        "la": Wording(
            problems=(
                "Clara librum {pages:book_page.gen} e bibliotheca mutuata est, quem post {days:day.acc} perlectum "
                "reddere debet. Per primos {first:day.acc} cotidie, si medium computatur, {pace:book_page.acc} "
                "legit. Quot paginas deinde cotidie legere debet, ut suo tempore finem faciat?",
                "Interpres {days:day.acc} habet ad librum {pages:book_page.gen} in Latinum convertendum. Per primos "
                "{first:day.acc} cotidie, si medium sumitur, {pace:book_page.acc} absolvit. Quot paginas reliquis "
                "diebus cotidie convertere debet, ut opus die constituto perfectum sit?",
            ),
            solution="Per primos {first:day.acc} {first} * {pace} = {read:book_page} absolvuntur; restant igitur "
            "{pages} - {read} = {left:book_page}. Ad has legendas vel convertendas supersunt {days} - {first} = "
            "{rest:day}. Itaque cotidie {left} ÷ {rest} = {result:book_page} absolvendae sunt. Ita numerus "
            "cotidianus augetur; incrementum est {faster}.",
        ),
    },
    trace=Trace(
        given="{pages:book_page} in {days:day}; {pace:book_page} a day on the first {first:day}",
        sought="pages a day on the other days",
        insight="what is left is shared among the days that are left, not among all of them",
        steps=(
            "done → {first} * {pace} = {read:book_page}",
            "left → {pages} - {read} = {left:book_page} for {days} - {first} = {rest:day}",
            "a day → {left} ÷ {rest} = {result:book_page}",
        ),
        checks=(
            "{read} + {rest} * {result} = {pages:book_page}",
            "at the old pace {days} * {pace} = {at_old_pace}, which is {behind} short; shared among {rest:day} that "
            "is {faster} more a day, and {pace} + {faster} = {result}",
        ),
    ),
    mistakes=(
        Mistake(
            name="shares_among_all_days",
            says="shares the pages that are left among all the days",
            result=lambda values: round(Fraction(_reading_workings(values)["left"], values["days"])),
        ),
        Mistake(
            name="forgets_what_is_read",
            says="shares all the pages among the days that are left",
            result=lambda values: round(Fraction(values["pages"], values["days"] - values["first"])),
        ),
        Mistake(
            name="takes_the_even_pace",
            says="gives the even pace for the whole time",
            result=lambda values: round(_reading_workings(values)["even"]),
        ),
        Mistake(
            name="gives_the_increase",
            says="gives how many pages more than before, instead of how many",
            result=lambda values: round(_reading_workings(values)["faster"]),
        ),
        Mistake(
            name="shares_among_the_days_gone",
            says="shares what is left among the days that have gone instead of those that are to come",
            result=lambda values: round(Fraction(_reading_workings(values)["left"], values["first"])),
        ),
        Mistake(
            name="subtracts_one_day_only",
            says="subtracts the pages of one day only",
            result=lambda values: round(Fraction(values["pages"] - values["pace"], values["days"] - values["first"])),
        ),
    ),
)
