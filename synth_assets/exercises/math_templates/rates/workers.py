"""Two who work together, one of them from the beginning."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_workers(rng: Random, difficulty: str) -> Values:
    step, longest, late = {"easy": (30, 360, 10), "medium": (12, 360, 6), "hard": (5, 500, 5)}[difficulty]
    first, second = (step * rng.randint(-(-40 // step), longest // step) for _ in range(2))
    return {"first": first, "second": second, "late": late * rng.randint(1, 90 // late)}


def _workers_workings(values: Values) -> Values:
    alone = Fraction(values["late"], values["first"])
    rate = Fraction(1, values["first"]) + Fraction(1, values["second"])
    together = (1 - alone) / rate
    return {
        "alone": alone,
        "rest": 1 - alone,
        "rate": rate,
        "together": together,
        "by_first": alone + together / values["first"],
        "by_second": together / values["second"],
    }


def _solve_workers(values: Values) -> Fraction:
    return values["late"] + Fraction(_workers_workings(values)["together"])


def _workers_hold(values: Values) -> bool:
    workings = _workers_workings(values)
    simple = workings["alone"].denominator <= 15 and workings["rate"].denominator <= 250
    whole = workings["together"].denominator == 1 and workings["together"] >= 10
    return simple and whole and values["first"] != values["second"]


def _check_workers(values: Values, minutes: Fraction) -> bool:
    """What the two have done by then, each in the time of their own, makes exactly one job."""
    return minutes / values["first"] + (minutes - values["late"]) / values["second"] == 1


WORKERS = Template(
    id="rates.workers",
    family="rates",
    unit="minute",
    draw=_draw_workers,
    holds=_workers_hold,
    solve=_solve_workers,
    check=_check_workers,
    workings=_workers_workings,
    texts={
        "en": Wording(
            problems=(
                "Anna alone would paint a fence in {first:minute}, Ben alone would take {second:minute}. Anna begins "
                "by herself, and after {late:minute} Ben joins her. How many minutes after Anna's start is the fence "
                "finished?",
                "A printing shop has to deliver a batch of posters. The old press would print it in {first:minute}, "
                "the new one in {second:minute}. The old press is started, and {late:minute} later the new one is "
                "switched on as well. How many minutes does the whole job take from the first start?",
            ),
            solution="In the first {late:minute} the share {late} ÷ {first} = {alone:fraction} of the job gets done, "
            "so {rest:fraction} is left. Together the two do 1/{first} + 1/{second} = {rate:fraction} of the job a "
            "minute. They need {rest:fraction} ÷ ({rate:fraction}) = {together:minute} for the rest. In all that "
            "makes {late} + {together} = {result:minute}.",
        ),
        "fr": Wording(
            problems=(
                "Seule, Anne peindrait une clôture en {first:minute} ; Benoît, seul, mettrait {second:minute}. Anne "
                "commence sans aide et Benoît la rejoint au bout de {late:minute}. Combien de minutes après le début "
                "du travail d'Anne la clôture est-elle finie ?",
                "Une imprimerie doit livrer un lot d'affiches. L'ancienne presse l'imprimerait en {first:minute}, la "
                "nouvelle en {second:minute}. On lance l'ancienne presse et, {late:minute} plus tard, on met aussi "
                "la nouvelle en marche. Combien de minutes dure tout le travail à partir du premier démarrage ?",
            ),
            solution="Pendant les {late} premières minutes, une part de {late} ÷ {first} = {alone:fraction} du "
            "travail est faite ; il en reste {rest:fraction}. À deux, on fait par minute 1/{first} + 1/{second} = "
            "{rate:fraction} du travail. Le reste demande donc {rest:fraction} ÷ ({rate:fraction}) = "
            "{together:minute}. En tout, cela fait {late} + {together} = {result:minute}.",
        ),
        "de": Wording(
            problems=(
                "Anna allein würde einen Zaun in {first:minute} streichen, Ben allein bräuchte {second:minute}. Anna "
                "beginnt ohne Hilfe, und nach {late:minute} kommt Ben dazu. Wie viele Minuten nach Annas Beginn ist "
                "der Zaun fertig?",
                "Eine Druckerei soll einen Stapel Plakate liefern. Die alte Maschine würde dafür {first:minute} "
                "brauchen, die neue {second:minute}. Zuerst läuft nur die alte, und {late:minute} später wird auch "
                "die neue eingeschaltet. Wie viele Minuten dauert die ganze Arbeit vom ersten Start an?",
            ),
            solution="In den ersten {late:minute} wird der Anteil {late} ÷ {first} = {alone:fraction} der Arbeit "
            "erledigt, es bleibt also {rest:fraction}. Zu zweit schafft man pro Minute 1/{first} + 1/{second} = "
            "{rate:fraction} der Arbeit. Für den Rest sind {rest:fraction} ÷ ({rate:fraction}) = {together:minute} "
            "nötig. Zusammen macht das {late} + {together} = {result:minute}.",
        ),
        "it": Wording(
            problems=(
                "Da sola Anna dipingerebbe una staccionata in {first:minute}; Bruno, da solo, impiegherebbe "
                "{second:minute}. Anna comincia senza aiuto e dopo {late:minute} arriva Bruno a darle una mano. "
                "Quanti minuti dopo l'inizio di Anna la staccionata è finita?",
                "Una tipografia deve consegnare una serie di manifesti. La vecchia macchina li stamperebbe in "
                "{first:minute}, la nuova in {second:minute}. Si avvia la vecchia e, {late:minute} più tardi, si "
                "accende anche la nuova. Quanti minuti dura tutto il lavoro dal primo avvio?",
            ),
            solution="Nei primi {late:minute} si svolge una parte del lavoro pari a {late} ÷ {first} = "
            "{alone:fraction}, quindi ne resta {rest:fraction}. Insieme, in un minuto, si fa 1/{first} + 1/{second} "
            "= {rate:fraction} del lavoro. Per il resto occorrono {rest:fraction} ÷ ({rate:fraction}) = "
            "{together:minute}. In tutto sono {late} + {together} = {result:minute}.",
        ),
        "es": Wording(
            problems=(
                "Ana sola pintaría una valla en {first:minute}; Bruno, él solo, tardaría {second:minute}. Ana "
                "empieza sin "
                "ayuda y, al cabo de {late:minute}, se le une Bruno. ¿Cuántos minutos después de que empezara Ana "
                "está terminada la valla?",
                "Una imprenta tiene que entregar una tirada de carteles. La máquina vieja la imprimiría en "
                "{first:minute} y la nueva, en {second:minute}. Se pone en marcha la vieja y {late:minute} más tarde "
                "se enciende también la nueva. ¿Cuántos minutos dura todo el trabajo desde el primer arranque?",
            ),
            solution="En los primeros {late:minute} se hace una parte del trabajo igual a {late} ÷ {first} = "
            "{alone:fraction}, así que queda {rest:fraction}. Entre los dos hacen por minuto 1/{first} + 1/{second} "
            "= {rate:fraction} del trabajo. Para el resto se necesitan {rest:fraction} ÷ ({rate:fraction}) = "
            "{together:minute}. En total son {late} + {together} = {result:minute}.",
        ),
        "pl": Wording(
            problems=(
                "Anna pomalowałaby płot sama w {first:minute.acc}, a Bartek potrzebowałby na to "
                "{second:trade_minute.gen}. Anna zaczyna bez pomocy, a {late:minute.acc} później dołącza do niej "
                "Bartek. Ile minut po rozpoczęciu pracy przez Annę płot będzie gotowy?",
                "Drukarnia ma dostarczyć partię plakatów. Stara maszyna wydrukowałaby je w {first:minute.acc}, a "
                "nowa w {second:minute.acc}. Najpierw uruchomiono starą maszynę, a {late:minute.acc} później "
                "włączono także nową. Ile minut trwa cała praca od pierwszego uruchomienia?",
            ),
            solution="W czasie, gdy pracuje się w pojedynkę ({late:minute}), powstaje {late} ÷ {first} = "
            "{alone:fraction} całości, zostaje więc {rest:fraction}. Razem w ciągu minuty wykonuje się 1/{first} + "
            "1/{second} = {rate:fraction} pracy. Reszta zajmie zatem {rest:fraction} ÷ ({rate:fraction}) = "
            "{together:minute.acc}. Łącznie daje to {late} + {together} = {result:minute}.",
        ),
        "nl": Wording(
            problems=(
                "Anna zou een schutting in haar eentje in {first:minute} verven, Bram zou er alleen {second:minute} "
                "over doen. Anna begint zonder hulp en na {late:minute} komt Bram meehelpen. Hoeveel minuten na het "
                "begin van Anna is de schutting klaar?",
                "Een drukkerij moet een partij affiches leveren. De oude pers zou er {first:minute} over doen, de "
                "nieuwe {second:minute}. De oude pers wordt gestart en {late:minute} later gaat ook de nieuwe aan. "
                "Hoeveel minuten duurt het hele werk vanaf de eerste start?",
            ),
            solution="In de eerste {late:minute} wordt {late} ÷ {first} = {alone:fraction} van het werk gedaan, dus "
            "blijft er {rest:fraction} over. Samen doen de twee per minuut 1/{first} + 1/{second} = {rate:fraction} "
            "van het werk. Voor de rest is {rest:fraction} ÷ ({rate:fraction}) = {together:minute} nodig. In totaal "
            "is dat {late} + {together} = {result:minute}.",
        ),
        "la": Wording(
            problems=(
                "Anna sola saeptum {first:trade_minute.abl} pingeret, Marcus solus {second:trade_minute.abl}. Anna "
                "sine auxilio incipit, et post {late:trade_minute.acc} Marcus ei se adiungit. Quot minutis postquam "
                "Anna incepit, saeptum perfectum erit?",
                "Typographus multa folia imprimere debet. Prelum vetus omnia {first:trade_minute.abl} imprimeret, "
                "novum {second:trade_minute.abl}. Primum vetus movetur, et post {late:trade_minute.acc} novum quoque "
                "adiungitur. Quot minutas totum opus ab initio durabit?",
            ),
            solution="Per primum tempus, id est {late:trade_minute.acc}, operis pars {late} ÷ {first} = "
            "{alone:fraction} perficitur; itaque restat {rest:fraction}. Ambo simul singulis minutis 1/{first} + "
            "1/{second} = {rate:fraction} operis efficiunt. Ad reliquum opus tempus necessarium est {rest:fraction} ÷ "
            "({rate:fraction}) = {together:minute}. Summa est {late} + {together} = {result:minute}.",
        ),
    },
    trace=Trace(
        given="first alone {first:minute}, second alone {second:minute}; the second joins after {late:minute}",
        sought="minutes from the first start until the job is done",
        insight="add the shares of the job that are done in a minute, not the times",
        steps=(
            "done before the second joins → {late} ÷ {first} = {alone:fraction}; left: {rest:fraction}",
            "both, in a minute → 1/{first} + 1/{second} = {rate:fraction}",
            "time for the rest → {rest:fraction} ÷ ({rate:fraction}) = {together:minute}",
            "in all → {late} + {together} = {result:minute}",
        ),
        checks=(
            "first does {result} ÷ {first} = {by_first:fraction}, second {together} ÷ {second} = {by_second:fraction}",
            "{by_first:fraction} + {by_second:fraction} = 1, the whole job",
        ),
    ),
    mistakes=(
        Mistake(
            name="forgets_the_work_before",
            says="lets both do the whole job together after the time alone, as if nothing had been done by then",
            result=lambda values: round(values["late"] + 1 / _workers_workings(values)["rate"]),
        ),
        Mistake(
            name="lets_both_start_at_once",
            says="overlooks that the second one starts later",
            result=lambda values: round(1 / _workers_workings(values)["rate"]),
        ),
        Mistake(
            name="takes_the_mean_of_the_times",
            says="takes the mean of the two times instead of adding what is done in a minute",
            result=lambda values: round(Fraction(values["first"] + values["second"], 2)),
        ),
        Mistake(
            name="leaves_out_the_time_alone",
            says="gives the time for which both work, without the time before",
            result=lambda values: _workers_workings(values)["together"],
        ),
        Mistake(
            name="halves_the_rest",
            says="halves the time that the first one would still need, as if both were equally fast",
            result=lambda values: round(values["late"] + Fraction(values["first"] - values["late"], 2)),
        ),
    ),
)
