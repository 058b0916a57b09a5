"""Ratios and proportional shares."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_workers(rng: Random, difficulty: str) -> Values:
    most, days = {"easy": (8, 20), "medium": (16, 45), "hard": (60, 120)}[difficulty]
    least = {"easy": 2, "medium": 5, "hard": 14}[difficulty]
    planned = rng.randint(days // 3, days)
    return {
        "n": rng.randint(least, most),
        "d": planned,
        "k": rng.randint(2, planned - 3),
        "j": rng.randint(2, most),
    }


def _solve_workers(values: Values) -> Fraction:
    crew = values["n"] + values["j"]
    return values["k"] + Fraction((values["d"] - values["k"]) * values["n"], crew)


def _workers_workings(values: Values) -> Values:
    left = values["d"] - values["k"]
    crew = values["n"] + values["j"]
    return {"left": left, "load": left * values["n"], "crew": crew, "rest": Fraction(left * values["n"], crew)}


def _workers_hold(values: Values) -> bool:
    rest = _workers_workings(values)["rest"]
    return rest.denominator == 1 and rest >= 2 and values["j"] != values["n"]


def _check_workers(values: Values, result: Fraction) -> bool:
    """Day after day, what everybody present does in a day is taken off the whole, until nothing is left."""
    left, day = values["n"] * values["d"], 0
    while left > 0:
        day += 1
        left -= values["n"] if day <= values["k"] else values["n"] + values["j"]
    return left == 0 and day == result


WORKERS = Template(
    id="ratios.workers",
    family="ratios",
    unit="day",
    draw=_draw_workers,
    holds=_workers_hold,
    solve=_solve_workers,
    check=_check_workers,
    workings=_workers_workings,
    texts={
        "en": Wording(
            problems=(
                "A square is to be paved. With {n:ws_worker} the job would last {d:day}. After {k:day} of work, "
                "another {j:ws_worker} join in. How many days does the whole job take if everybody works equally "
                "fast?",
                "For the harvest in a vineyard, {n:ws_worker} reckon with {d:day}. When {k:day} have passed, "
                "{j:ws_worker} who are just as quick come to help. How many days does the harvest take from beginning "
                "to end?",
            ),
            solution="When the help arrives, {d} - {k} = {left:day} are left for {n:ws_worker}, that is {left} * {n} "
            "= {load} days of work for one person. These are now shared by {n} + {j} = {crew:ws_worker}, which takes "
            "{load} ÷ {crew} = {rest:day}. In all, the work lasts {k} + {rest} = {result:day}.",
        ),
        "fr": Wording(
            problems=(
                "On veut paver une place. Avec {n:ws_worker}, les travaux dureraient {d:day}. Au bout de {k:day}, "
                "{j:ws_worker} supplémentaires se joignent à eux. Combien de jours durent les travaux en tout, si "
                "chacun travaille au même rythme ?",
                "Pour vendanger un vignoble, {n:ws_worker} comptent {d:day}. Une fois {k:day} écoulés, {j:ws_worker} "
                "aussi rapides qu'eux viennent les aider. Combien de jours la vendange dure-t-elle du début à la "
                "fin ?",
            ),
            solution="À l'arrivée des renforts, il reste {d} - {k} = {left:day} pour {n:ws_worker}, soit {left} * {n} "
            "= {load} journées de travail d'une seule personne. Elles se répartissent désormais entre {n} + {j} = "
            "{crew:ws_worker}, ce qui prend {load} ÷ {crew} = {rest:day}. En tout, le travail dure {k} + {rest} = "
            "{result:day}.",
        ),
        "de": Wording(
            problems=(
                "Ein Platz soll gepflastert werden. Mit {n:ws_worker.dat} würde die Arbeit {d:day} dauern. Nach "
                "{k:ws_day.dat} kommen noch {j:ws_worker} hinzu. Wie viele Tage dauert die ganze Arbeit, wenn alle "
                "gleich schnell sind?",
                "Für die Lese in einem Weinberg rechnen {n:ws_worker} mit {d:ws_day.dat}. Als {k:day} vergangen sind, "
                "helfen {j:ws_worker} mit, die ebenso schnell sind. Wie viele Tage dauert die Lese von Anfang bis "
                "Ende?",
            ),
            solution="Als die Verstärkung kommt, bleiben für {n:ws_worker} noch {d} - {k} = {left:day}, das sind "
            "{left} * {n} = {load} Arbeitstage einer einzelnen Person. Diese teilen sich nun {n} + {j} = "
            "{crew:ws_worker}, was {load} ÷ {crew} = {rest:day} dauert. Insgesamt dauert die Arbeit {k} + {rest} = "
            "{result:day}.",
        ),
        "it": Wording(
            problems=(
                "Si deve pavimentare una piazza. Con {n:ws_worker} il lavoro durerebbe {d:day}. Dopo {k:day} si "
                "aggiungono altri {j:ws_worker}. Quanti giorni dura in tutto il lavoro, se ciascuno lavora allo "
                "stesso ritmo?",
                "Per vendemmiare una vigna, {n:ws_worker} prevedono {d:day}. Passati {k:day}, arrivano in aiuto "
                "{j:ws_worker}, altrettanto veloci. Quanti giorni dura la vendemmia dall'inizio alla fine?",
            ),
            solution="All'arrivo dei rinforzi restano {d} - {k} = {left:day} per {n:ws_worker}, cioè {left} * {n} = "
            "{load} giornate di lavoro di una sola persona. Ora se le dividono {n} + {j} = {crew:ws_worker}, e "
            "servono {load} ÷ {crew} = {rest:day}. In tutto il lavoro dura {k} + {rest} = {result:day}.",
        ),
        "es": Wording(
            problems=(
                "Hay que pavimentar una plaza. Con {n:ws_worker} la obra duraría {d:day}. Al cabo de {k:day} se "
                "incorporan otros {j:ws_worker}. ¿Cuántos días dura la obra en total si cada uno trabaja al mismo "
                "ritmo?",
                "Para vendimiar una viña, {n:ws_worker} calculan {d:day}. Cuando han pasado {k:day}, llegan a ayudar "
                "{j:ws_worker}, igual de rápidos. ¿Cuántos días dura la vendimia de principio a fin?",
            ),
            solution="Al llegar el refuerzo quedan {d} - {k} = {left:day} para {n:ws_worker}, es decir, {left} * {n} "
            "= {load} jornadas de una sola persona. Ahora se las reparten {n} + {j} = {crew:ws_worker}, lo que lleva "
            "{load} ÷ {crew} = {rest:day}. En total, el trabajo dura {k} + {rest} = {result:day}.",
        ),
        "pl": Wording(
            problems=(
                "Trzeba wybrukować plac. Praca {n:ws_worker.gen} trwałaby {d:day}. Po {k:ws_day.loc} dołącza do nich "
                "jeszcze {j:ws_worker}. Ile dni potrwa cała praca, jeśli wszyscy pracują w tym samym tempie?",
                "Na zbiór winogron w winnicy {n:ws_worker} potrzebuje {d:ws_day.gen}. Po {k:ws_day.loc} przychodzi z "
                "pomocą {j:ws_worker}, równie szybkich. Ile dni trwa zbiór od początku do końca?",
            ),
            solution="Gdy przybywa pomoc, dla {n:ws_worker.gen} zostaje {d} - {k} = {left:day}, czyli {left} * {n} = "
            "{load:ws_workday} jednej osoby. Teraz tę pracę dzieli między siebie {n} + {j} = {crew:ws_worker}, co "
            "zajmuje {load} ÷ {crew} = {rest:day}. Cała praca trwa {k} + {rest} = {result:day}.",
        ),
        "nl": Wording(
            problems=(
                "Een plein moet worden bestraat. Met {n:ws_worker} zou het werk {d:day} duren. Na {k:day} komen er "
                "{j:ws_worker} bij. Hoeveel dagen duurt het hele werk als iedereen even snel werkt?",
                "Voor de oogst in een wijngaard rekenen {n:ws_worker} op {d:day}. Als er {k:day} voorbij zijn, komen "
                "er {j:ws_worker} helpen die even snel zijn. Hoeveel dagen duurt de oogst van begin tot eind?",
            ),
            solution="Als de hulp komt, resten er voor {n:ws_worker} nog {d} - {k} = {left:day}, dat zijn {left} * "
            "{n} = {load} werkdagen van één persoon. Die worden nu verdeeld over {n} + {j} = {crew:ws_worker}, wat "
            "{load} ÷ {crew} = {rest:day} kost. In totaal duurt het werk {k} + {rest} = {result:day}.",
        ),
        "la": Wording(
            problems=(
                "Forum lapidibus sternendum est. Si {n:ws_worker} laborarent, opus {d:day.acc} duraret. Post "
                "{k:day.acc} alii {j:ws_worker} accedunt. Quot dies totum opus durat, si omnes pari celeritate "
                "laborant?",
                "Operarii, quorum numerus est {n}, vineam {d:ws_day.abl} vindemiare possunt. Cum {k:day.acc} "
                "laboraverunt, {j:ws_worker} pari celeritate praediti auxilio veniunt. Quot dies vindemia ab initio "
                "ad finem durat?",
            ),
            solution="Cum auxilium venit, {n:ws_worker.dat} manent {d} - {k} = {left:day}, id est {left} * {n} = "
            "{load} dies unius hominis. Hos nunc {n} + {j} = {crew:ws_worker} inter se partiuntur, ad quod {load} ÷ "
            "{crew} = {rest:day} requiruntur. Totum igitur opus {k} + {rest} = {result:day.acc} durat.",
        ),
    },
    trace=Trace(
        given="{n:ws_worker} would need {d:day}; after {k:day} another {j:ws_worker} join",
        sought="days for the whole work",
        insight="more people need less time, so count what is left in days of one person",
        steps=(
            "left for the first crew → {d} - {k} = {left:day}",
            "in days of one person → {left} * {n} = {load}",
            "the larger crew → {n} + {j} = {crew:ws_worker}, {load} ÷ {crew} = {rest:day}",
            "in all → {k} + {rest} = {result:day}",
        ),
        checks=(
            "done before the help came: {k} * {n}, after it: {rest} * {crew}, in days of one person",
            "{k} * {n} + {rest} * {crew} = {d} * {n}, the whole work",
        ),
    ),
    mistakes=(
        Mistake(
            name="counts_the_help_from_the_start",
            says="reckons as if the larger crew had worked from the first day",
            result=lambda values: values["d"] * values["n"] // (values["n"] + values["j"]),
        ),
        Mistake(
            name="forgets_the_first_days",
            says="gives the days after the help arrived and forgets those before",
            result=lambda values: _solve_workers(values) - values["k"],
        ),
        Mistake(
            name="leaves_the_work_to_the_help",
            says="lets only those who came later do the rest of the work",
            result=lambda values: values["k"] + (values["d"] - values["k"]) * values["n"] // values["j"],
        ),
        Mistake(
            name="takes_direct_proportion",
            says="takes the time to grow with the number of workers instead of shrinking",
            result=lambda values: (
                values["k"] + (values["d"] - values["k"]) * (values["n"] + values["j"]) // values["n"]
            ),
        ),
        Mistake(
            name="leaves_the_plan_as_it_was",
            says="gives the time that was planned without any help",
            result=lambda values: values["d"],
        ),
    ),
)
