"""Growth by a whole factor in equal spans of time."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_culture(rng: Random, difficulty: str) -> Values:
    start, factor, periods, steps = {
        "easy": (5 * rng.randint(2, 40), 2, (20, 30, 60), rng.randint(3, 6)),
        "medium": (rng.randint(10, 150), rng.choice((2, 3)), (15, 20, 30, 40, 45), rng.randint(4, 8)),
        "hard": (rng.randint(11, 99), rng.choice((2, 3, 4, 5)), (12, 18, 24, 36, 50, 54, 75, 90), rng.randint(5, 10)),
    }[difficulty]
    period = rng.choice(periods)
    return {"start": start, "factor": factor, "period": period, "hours": Fraction(period * steps, 60)}


def _culture_holds(values: Values) -> bool:
    halves = (2 * Fraction(values["hours"])).denominator == 1
    return halves and 2 <= values["hours"] <= 12 and _solve_culture(values) <= 2_000_000


def _culture_workings(values: Values) -> dict[str, int]:
    minutes = int(values["hours"] * 60)
    steps = minutes // values["period"]
    return {
        "minutes": minutes,
        "steps": steps,
        "growth": values["factor"] ** steps,
        "one": values["start"] * values["factor"],
        "two": values["start"] * values["factor"] ** 2,
    }


def _solve_culture(values: Values) -> int:
    return values["start"] * _culture_workings(values)["growth"]


def _check_culture(values: Values, result: Fraction) -> bool:
    """Back through time, one span after another."""
    minutes = Fraction(values["hours"]) * 60
    while minutes > 0:
        minutes -= values["period"]
        result /= values["factor"]
    return minutes == 0 and result == values["start"]


def _hours_as_steps(values: Values) -> int:
    return values["start"] * values["factor"] ** int(values["hours"]) if values["hours"] == int(values["hours"]) else 0


CULTURE = Template(
    id="sequences.culture",
    family="sequences",
    unit="nat_cell",
    draw=_draw_culture,
    holds=_culture_holds,
    solve=_solve_culture,
    check=_check_culture,
    workings=_culture_workings,
    texts={
        "en": Wording(
            problems=(
                "A biologist puts {start:nat_cell} into a nutrient solution. Every {period} minutes their number is "
                "multiplied by {factor}. How many cells are there after {hours:hour}?",
                "In a warm dough, the number of yeast cells becomes {factor} times as large every {period} minutes. A "
                "small sample contains {start:nat_cell} at the beginning. How many does it contain {hours:hour} later, "
                "if growth goes on undisturbed?",
            ),
            solution="In {minutes:minute} there are {minutes} ÷ {period} = {steps} spans of {period} minutes. In each "
            "of them the number is multiplied by {factor}, so in all by {factor}{steps:power} = {growth}. In the end "
            "there are {start} * {growth} = {result:nat_cell}.",
        ),
        "fr": Wording(
            problems=(
                "Une biologiste met {start:nat_cell} dans une solution nutritive. Toutes les {period} minutes, leur "
                "nombre est multiplié par {factor}. Combien y a-t-il de cellules au bout de {hours:hour} ?",
                "Dans une pâte tiède, le nombre de cellules de levure devient {factor} fois plus grand toutes les "
                "{period} minutes. Un petit échantillon en contient au départ {start}. Combien en contient-il "
                "{hours:hour} plus tard, si la croissance se poursuit sans obstacle ?",
            ),
            solution="En {minutes:minute}, il y a {minutes} ÷ {period} = {steps} intervalles de {period} minutes. À "
            "chacun, le nombre est multiplié par {factor}, donc en tout par {factor}{steps:power} = {growth}. À la "
            "fin, il y a {start} * {growth} = {result:nat_cell}.",
        ),
        "de": Wording(
            problems=(
                "Eine Biologin gibt {start:nat_cell} in eine Nährlösung. Alle {period} Minuten vervielfacht sich ihre "
                "Zahl mit dem Faktor {factor}. Wie viele Zellen sind es nach {hours:hour}?",
                "In einem warmen Teig wächst die Zahl der Hefezellen alle {period} Minuten auf das {factor}-Fache. "
                "Eine kleine Probe enthält am Anfang {start:nat_cell}. Wie viele enthält sie {hours:hour} später, wenn "
                "das Wachstum ungestört weitergeht?",
            ),
            solution="In {minutes:minute} gibt es {minutes} ÷ {period} = {steps} Abschnitte von {period} Minuten. In "
            "jedem wird die Zahl mit {factor} multipliziert, insgesamt also mit {factor}{steps:power} = {growth}. Am "
            "Ende sind es {start} * {growth} = {result:nat_cell}.",
        ),
        "it": Wording(
            problems=(
                "Una biologa mette {start:nat_cell} in una soluzione nutritiva. Ogni {period} minuti il loro numero si "
                "moltiplica per {factor}. Quante cellule ci sono dopo {hours:hour}?",
                "In un impasto tiepido il numero delle cellule di lievito diventa {factor} volte più grande ogni "
                "{period} minuti. Un piccolo campione ne contiene all'inizio {start}. Quante ne contiene {hours:hour} "
                "più tardi, se la crescita continua indisturbata?",
            ),
            solution="In {minutes:minute} ci sono {minutes} ÷ {period} = {steps} intervalli di {period} minuti. In "
            "ciascuno il numero si moltiplica per {factor}, in tutto quindi per {factor}{steps:power} = {growth}. Alla "
            "fine ci sono {start} * {growth} = {result:nat_cell}.",
        ),
        "es": Wording(
            problems=(
                "Una bióloga pone {start:nat_cell} en una solución nutritiva. Cada {period} minutos su número se "
                "multiplica por {factor}. ¿Cuántas células hay al cabo de {hours:hour}?",
                "En una masa templada, el número de células de levadura se hace {factor} veces mayor cada {period} "
                "minutos. Una pequeña muestra contiene al principio {start:nat_cell}. ¿Cuántas contiene {hours:hour} "
                "más tarde si el crecimiento continúa sin obstáculos?",
            ),
            solution="En {minutes:minute} hay {minutes} ÷ {period} = {steps} intervalos de {period} minutos. En cada "
            "uno el número se multiplica por {factor}, es decir, en total por {factor}{steps:power} = {growth}. Al "
            "final hay {start} * {growth} = {result:nat_cell}.",
        ),
        "pl": Wording(
            problems=(
                "Biolożka umieszcza {start:nat_cell.acc} w pożywce. Co {period:minute.acc} ich liczba zwiększa się "
                "{factor} razy. Ile komórek będzie po {hours:nat_hour.loc}?",
                "W ciepłym cieście liczba komórek drożdży rośnie {factor} razy co {period:minute.acc}. Początkowa "
                "liczba komórek w małej próbce wynosi {start}. Ile komórek będzie w niej po {hours:nat_hour.loc}, "
                "jeśli nic nie zakłóci wzrostu?",
            ),
            solution="Okres {hours:hour.gen} to {minutes:minute}, a dzielenie {minutes} ÷ {period} = {steps} daje "
            "liczbę odcinków czasu po {period:minute.acc}. W każdym z nich liczba komórek mnoży się przez {factor}, "
            "łącznie więc przez {factor}{steps:power} = {growth}. Na końcu daje to {start} * {growth} = "
            "{result:nat_cell.acc}.",
        ),
        "nl": Wording(
            problems=(
                "Een biologe brengt {start:nat_cell} in een voedingsoplossing. Elke {period} minuten wordt hun aantal "
                "met {factor} vermenigvuldigd. Hoeveel cellen zijn er na {hours:hour}?",
                "In een warm deeg wordt het aantal gistcellen elke {period} minuten {factor} keer zo groot. Een klein "
                "monster bevat aan het begin {start:nat_cell}. Hoeveel bevat het {hours:hour} later, als de groei "
                "ongestoord doorgaat?",
            ),
            solution="In {minutes:minute} zijn er {minutes} ÷ {period} = {steps} perioden van {period} minuten. In "
            "elke periode wordt het aantal met {factor} vermenigvuldigd, in totaal dus met {factor}{steps:power} = "
            "{growth}. Aan het einde zijn er {start} * {growth} = {result:nat_cell}.",
        ),
        "la": Wording(
            problems=(
                "Biologus {start:nat_cell.acc} in liquorem nutrientem immittit. Post unumquodque spatium {period} "
                "minutarum numerus earum per {factor} multiplicatur. Quot cellulae erunt post {hours:hour.acc}?",
                "In massa tepida numerus cellularum fermenti unoquoque spatio {period} minutarum per {factor} "
                "multiplicatur. Initio in parva massae parte {start:nat_cell} sunt. Quot in ea erunt post "
                "{hours:hour.acc}, si nihil incremento obstat?",
            ),
            solution="Per {hours:hour.acc} fluunt {minutes:minute}, id est {minutes} ÷ {period} = {steps} spatia. "
            "Unoquoque spatio numerus per {factor} multiplicatur, omnino igitur per {factor}{steps:power} = {growth}. "
            "Denique sunt {start} * {growth} = {result:nat_cell}.",
        ),
    },
    trace=Trace(
        given="{start:nat_cell}, times {factor} every {period} minutes, for {hours:hour}",
        sought="number of cells at the end",
        insight="equal factors in equal times: a geometric sequence, so the number of spans becomes the exponent",
        steps=(
            "time in minutes → {hours} * 60 = {minutes}",
            "number of spans → {minutes} ÷ {period} = {steps}",
            "growth → {factor}{steps:power} = {growth}",
            "cells → {start} * {growth} = {result:nat_cell}",
        ),
        checks=(
            "the sequence starts {start}, {one}, {two}, each term {factor} times the one before",
            "back: {result} ÷ {growth} = {start:nat_cell}",
        ),
    ),
    mistakes=(
        Mistake(
            name="multiplies_by_the_steps",
            says="multiplies by the number of spans instead of raising to its power",
            result=lambda values: values["start"] * values["factor"] * _culture_workings(values)["steps"],
        ),
        Mistake(
            name="one_step_short",
            says="counts one span too few",
            result=lambda values: _solve_culture(values) // values["factor"],
        ),
        Mistake(
            name="one_step_too_many",
            says="counts one span too many",
            result=lambda values: _solve_culture(values) * values["factor"],
        ),
        Mistake(
            name="hours_as_steps",
            says="takes the hours for the number of spans",
            result=_hours_as_steps,
        ),
        Mistake(
            name="linear_growth",
            says="adds the growth of the first span again and again",
            result=lambda values: values["start"] * (1 + (values["factor"] - 1) * _culture_workings(values)["steps"]),
        ),
    ),
)
