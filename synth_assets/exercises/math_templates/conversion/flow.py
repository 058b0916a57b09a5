"""Conversion of units."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_flow(rng: Random, difficulty: str) -> Values:
    rate, hours = {
        "easy": (50 * rng.randint(1, 20), rng.randint(2, 12)),
        "medium": (10 * rng.randint(3, 90), rng.randint(3, 24)),
        "hard": (rng.randint(15, 640), rng.randint(5, 48)),
    }[difficulty]
    return {"rate": rate, "hours": hours}


def _solve_flow(values: Values) -> Fraction:
    return Fraction(values["rate"] * 60 * values["hours"], 1000)


def _flow_workings(values: Values) -> Values:
    hourly = values["rate"] * 60
    return {"hourly": hourly, "litres": hourly * values["hours"], "thousand": 1000, "minutes": 60 * values["hours"]}


def _check_flow(values: Values, result: Fraction) -> bool:
    """Back from the volume: so many litres in so many minutes are the rate."""
    return result * 1000 / (values["hours"] * 60) == values["rate"]


FLOW = Template(
    id="conversion.flow",
    family="unit conversion",
    unit="m³",
    draw=_draw_flow,
    holds=lambda values: (100 * _solve_flow(values)).denominator == 1,
    solve=_solve_flow,
    check=_check_flow,
    workings=_flow_workings,
    texts={
        "en": Wording(
            problems=(
                "A pump delivers {rate:litre} of water per minute. How many cubic metres does it deliver in "
                "{hours:hour}?",
                "For {hours:hour}, water runs into a reservoir at a rate of {rate:litre} a minute. How much water is "
                "that altogether, in cubic metres?",
            ),
            solution="In an hour the flow amounts to {rate} * 60 = {hourly:litre}. Over {hours:hour} that makes "
            "{hourly} * {hours} = {litres:litre}. A cubic metre holds {thousand:litre}, so the volume is {litres} ÷ "
            "{thousand} = {result:m³}.",
        ),
        "fr": Wording(
            problems=(
                "Une pompe débite {rate:litre} d'eau par minute. Combien de mètres cubes débite-t-elle en "
                "{hours:hour} ?",
                "Pendant {hours:hour}, de l'eau coule dans un réservoir à raison de {rate:litre} par minute. Quelle "
                "quantité d'eau cela fait-il en tout, en mètres cubes ?",
            ),
            solution="En une heure, le débit représente {rate} * 60 = {hourly:litre}. En {hours:hour}, cela fait "
            "{hourly} * {hours} = {litres:litre}. Un mètre cube contient {thousand:litre} ; le volume est donc de "
            "{litres} ÷ {thousand} = {result:m³}.",
        ),
        "de": Wording(
            problems=(
                "Eine Pumpe fördert {rate:litre} Wasser in der Minute. Wie viele Kubikmeter fördert sie in "
                "{hours:hour}?",
                "Durch ein Rohr fließt {hours:hour} lang Wasser in ein Becken, und zwar {rate:litre} in der Minute. "
                "Wie viel Wasser ist das insgesamt, in Kubikmetern?",
            ),
            solution="In einer Stunde sind das {rate} * 60 = {hourly:litre}. In {hours:hour} sind es {hourly} * "
            "{hours} = {litres:litre}. Ein Kubikmeter fasst {thousand:litre}, also beträgt das Volumen {litres} ÷ "
            "{thousand} = {result:m³}.",
        ),
        "it": Wording(
            problems=(
                "Una pompa eroga {rate:litre} d'acqua al minuto. Quanti metri cubi eroga in {hours:hour}?",
                "Per {hours:hour} in un serbatoio scorre acqua al ritmo di {rate:litre} al minuto. Quanta acqua è in "
                "tutto, in metri cubi?",
            ),
            solution="In un'ora la quantità è di {rate} * 60 = {hourly:litre}. In {hours:hour} diventa {hourly} * "
            "{hours} = {litres:litre}. Un metro cubo contiene {thousand:litre}, quindi il volume è {litres} ÷ "
            "{thousand} = {result:m³}.",
        ),
        "es": Wording(
            problems=(
                "Una bomba suministra {rate:litre} de agua por minuto. ¿Cuántos metros cúbicos suministra en "
                "{hours:hour}?",
                "Durante {hours:hour} entra agua en un depósito a razón de {rate:litre} por minuto. ¿Cuánta agua es "
                "en total, en metros cúbicos?",
            ),
            solution="En una hora son {rate} * 60 = {hourly:litre}. En {hours:hour} resultan {hourly} * {hours} = "
            "{litres:litre}. Un metro cúbico contiene {thousand:litre}, así que el volumen es {litres} ÷ {thousand} = "
            "{result:m³}.",
        ),
        "pl": Wording(
            problems=(
                "Pompa tłoczy {rate:litre} wody na minutę. Ile metrów sześciennych przetłoczy w ciągu "
                "{hours:hour.gen}?",
                "Przez {hours:hour.acc} do zbiornika wpływa woda z wydajnością {rate:litre.gen} na minutę. Ile to "
                "razem wody w metrach sześciennych?",
            ),
            solution="W ciągu godziny daje to {rate} * 60 = {hourly:litre}. W ciągu {hours:hour.gen} jest to {hourly} "
            "* {hours} = {litres:litre}. Metr sześcienny mieści {thousand:litre}, więc objętość wynosi {litres} ÷ "
            "{thousand} = {result:m³}.",
        ),
        "nl": Wording(
            problems=(
                "Een pomp levert {rate:litre} water per minuut. Hoeveel kubieke meter levert hij in {hours:hour}?",
                "Gedurende {hours:hour} stroomt er {rate:litre} water per minuut in een reservoir. Hoeveel water is "
                "dat in totaal, in kubieke meters?",
            ),
            solution="In een uur is dat {rate} * 60 = {hourly:litre}. In {hours:hour} wordt dat {hourly} * {hours} = "
            "{litres:litre}. Een kubieke meter bevat {thousand:litre}, dus het volume is {litres} ÷ {thousand} = "
            "{result:m³}.",
        ),
        "la": Wording(
            problems=(
                "Antlia singulis minutis {rate:litre.acc} aquae fundit. Quot metra cubica {hours:hour.abl} fundit?",
                "Per {hours:hour.acc} aqua in lacum influit, et quidem {rate:litre} singulis minutis. Quantum aquae "
                "omnino influit, si metris cubicis numeratur?",
            ),
            solution="Una hora fluunt {rate} * 60 = {hourly:litre}. Tempore {hours:hour.gen} fluunt {hourly} * "
            "{hours} = {litres:litre}. Metrum cubicum {thousand:litre.acc} capit; ergo summa est {litres} ÷ "
            "{thousand} = {result:m³}.",
        ),
    },
    trace=Trace(
        given="{rate:litre} per minute, for {hours:hour}",
        sought="volume in cubic metres",
        insight="two conversions: 60 minutes to the hour, {thousand} litres to the cubic metre",
        steps=(
            "litres an hour → {rate} * 60 = {hourly:litre}",
            "litres in all → {hourly} * {hours} = {litres:litre}",
            "cubic metres → {litres} ÷ {thousand} = {result:m³}",
        ),
        checks=(
            "{hours:hour} are {minutes:minute}",
            "backwards: {result} * {thousand} ÷ {minutes} = {rate:litre} per minute",
        ),
    ),
    mistakes=(
        Mistake(
            name="takes_hours_for_minutes",
            says="multiplies the litres a minute by the hours without turning them into minutes",
            result=lambda values: Fraction(values["rate"] * values["hours"], 1000),
        ),
        Mistake(
            name="takes_100_litres",
            says="takes a cubic metre for 100 litres",
            result=lambda values: 10 * _solve_flow(values),
        ),
        Mistake(
            name="takes_10_litres",
            says="takes a cubic metre for 10 litres",
            result=lambda values: 100 * _solve_flow(values),
        ),
        Mistake(
            name="takes_an_hour_for_100_minutes",
            says="takes an hour for 100 minutes",
            result=lambda values: Fraction(values["rate"] * values["hours"], 10),
        ),
        Mistake(
            name="stops_after_one_hour",
            says="gives the volume of a single hour",
            result=lambda values: Fraction(values["rate"] * 60, 1000),
        ),
    ),
)
