"""Three unknowns of which the sums of each two are known."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_weighings(rng: Random, difficulty: str) -> Values:
    least, most, denominator = {"easy": (2, 25, 1), "medium": (4, 60, 2), "hard": (20, 400, 10)}[difficulty]
    first, second, third = (Fraction(rng.randint(least, most), denominator) for _ in range(3))
    return {"ab": first + second, "bc": second + third, "ac": first + third}


def _weighings_workings(values: Values) -> Values:
    twice = values["ab"] + values["bc"] + values["ac"]
    first = Fraction(values["ab"] + values["ac"] - values["bc"]) / 2
    return {
        "twice": twice,
        "every": Fraction(twice) / 2,
        "second": values["ab"] - first,
        "third": values["ac"] - first,
    }


def _solve_weighings(values: Values) -> Fraction:
    return Fraction(values["ab"] + values["bc"] + values["ac"]) / 2 - values["bc"]


def _weighings_holds(values: Values) -> bool:
    workings = _weighings_workings(values)
    first, second, third = _solve_weighings(values), workings["second"], workings["third"]
    # no mistake may hit upon the right weight, and none is lighter than 2: "1 kilogram" or less sounds odd here
    return len({first, second, third, 2 * first}) == 4 and min(first, second, third) >= 2


def _check_weighings(values: Values, result: Fraction) -> bool:
    """The other two, by what they weigh together with this one, add up to the third weighing."""
    return (values["ab"] - result) + (values["ac"] - result) == values["bc"]


WEIGHINGS = Template(
    id="linear_systems.weighings",
    family="linear systems",
    unit="weight_kg",
    draw=_draw_weighings,
    holds=_weighings_holds,
    solve=_solve_weighings,
    check=_check_weighings,
    workings=_weighings_workings,
    texts={
        "en": Wording(
            problems=(
                "Three parcels are put on the scales two at a time. The first and the second together weigh "
                "{ab:weight_kg}, the second and the third {bc:weight_kg}, the first and the third {ac:weight_kg}. How "
                "many kilograms does the first parcel weigh?",
                "Anna's suitcase and Ben's weigh {ab:weight_kg} together. Ben's and Clara's come to {bc:weight_kg}, "
                "Anna's and Clara's to {ac:weight_kg}. How heavy is Anna's suitcase?",
            ),
            solution="In the three weighings every piece occurs twice. All three together therefore weigh half of {ab} "
            "+ {bc} + {ac} = {twice}, which is {every:weight_kg}. Without the second and the third, {every} - {bc} = "
            "{result:weight_kg} are left for the first.",
        ),
        "fr": Wording(
            problems=(
                "On pose trois colis sur la balance, deux à la fois. Le premier et le deuxième pèsent ensemble "
                "{ab:weight_kg}, le deuxième et le troisième {bc:weight_kg}, le premier et le troisième "
                "{ac:weight_kg}. Combien de kilogrammes le premier colis pèse-t-il ?",
                "La valise d'Anna et celle de Ben pèsent ensemble {ab:weight_kg}. Celles de Ben et de Clara font "
                "{bc:weight_kg}, celles d'Anna et de Clara {ac:weight_kg}. Combien pèse la valise d'Anna ?",
            ),
            solution="Dans les trois pesées, chaque pièce figure deux fois. Toutes les trois pèsent donc ensemble la "
            "moitié de {ab} + {bc} + {ac} = {twice}, c'est-à-dire {every:weight_kg}. Sans la deuxième et la troisième, "
            "il reste {every} - {bc} = {result:weight_kg} pour la première.",
        ),
        "de": Wording(
            problems=(
                "Drei Pakete werden jeweils zu zweit gewogen. Das erste und das zweite wiegen zusammen {ab:weight_kg}, "
                "das zweite und das dritte {bc:weight_kg}, das erste und das dritte {ac:weight_kg}. Wie viele "
                "Kilogramm wiegt das erste Paket?",
                "Annas und Bens Koffer wiegen zusammen {ab:weight_kg}. Bens und Claras Koffer kommen auf "
                "{bc:weight_kg}, Annas und Claras auf {ac:weight_kg}. Wie schwer ist Annas Koffer?",
            ),
            solution="Bei den drei Wägungen kommt jedes Stück zweimal vor. Alle drei zusammen wiegen also die Hälfte "
            "von {ab} + {bc} + {ac} = {twice}, das sind {every:weight_kg}. Ohne das zweite und das dritte bleiben für "
            "das erste {every} - {bc} = {result:weight_kg}.",
        ),
        "it": Wording(
            problems=(
                "Tre pacchi vengono pesati a due a due. Il primo e il secondo pesano insieme {ab:weight_kg}, il "
                "secondo e il terzo {bc:weight_kg}, il primo e il terzo {ac:weight_kg}. Quanti chilogrammi pesa il "
                "primo pacco?",
                "La valigia di Anna e quella di Ben pesano insieme {ab:weight_kg}. Quelle di Ben e di Clara arrivano a "
                "{bc:weight_kg}, quelle di Anna e di Clara a {ac:weight_kg}. Quanto pesa la valigia di Anna?",
            ),
            solution="Nelle tre pesate ogni collo compare due volte. Tutti e tre insieme pesano quindi la metà di {ab} "
            "+ {bc} + {ac} = {twice}, cioè {every:weight_kg}. Senza il secondo e il terzo restano per il primo {every} "
            "- {bc} = {result:weight_kg}.",
        ),
        "es": Wording(
            problems=(
                "Se pesan tres paquetes de dos en dos. El primero y el segundo pesan juntos {ab:weight_kg}; el segundo "
                "y el tercero, {bc:weight_kg}; el primero y el tercero, {ac:weight_kg}. ¿Cuántos kilogramos pesa el "
                "primer paquete?",
                "La maleta de Ana y la de Bruno pesan juntas {ab:weight_kg}. Las de Bruno y Clara llegan a "
                "{bc:weight_kg}, y las de Ana y Clara, a {ac:weight_kg}. ¿Cuánto pesa la maleta de Ana?",
            ),
            solution="En las tres pesadas cada bulto aparece dos veces. Los tres juntos pesan, por tanto, la mitad de "
            "{ab} + {bc} + {ac} = {twice}, es decir, {every:weight_kg}. Sin el segundo y el tercero, para el primero "
            "quedan {every} - {bc} = {result:weight_kg}.",
        ),
        "pl": Wording(
            problems=(
                "Trzy paczki ważono po dwie naraz. Pierwsza i druga ważą razem {ab:weight_kg}, druga i trzecia "
                "{bc:weight_kg}, a pierwsza i trzecia {ac:weight_kg}. Ile kilogramów waży pierwsza paczka?",
                "Walizki Anny i Bena ważą razem {ab:weight_kg}. Walizki Bena i Klary ważą w sumie {bc:weight_kg}, a "
                "walizki Anny i Klary {ac:weight_kg}. Ile waży walizka Anny?",
            ),
            solution="W trzech ważeniach każda sztuka występuje dwa razy. Wszystkie trzy ważą więc razem połowę sumy "
            "{ab} + {bc} + {ac} = {twice}, czyli {every:weight_kg}. Po odjęciu drugiej i trzeciej na pierwszą przypada "
            "{every} - {bc} = {result:weight_kg}.",
        ),
        "nl": Wording(
            problems=(
                "Drie pakketten worden twee aan twee gewogen. Het eerste en het tweede wegen samen {ab:weight_kg}, het "
                "tweede en het derde {bc:weight_kg}, het eerste en het derde {ac:weight_kg}. Hoeveel kilogram weegt "
                "het eerste pakket?",
                "De koffers van Anna en Ben wegen samen {ab:weight_kg}. Die van Ben en Clara wegen samen "
                "{bc:weight_kg}, die van Anna en Clara {ac:weight_kg}. Hoe zwaar is de koffer van Anna?",
            ),
            solution="Bij de drie wegingen komt elk stuk twee keer voor. Alle drie samen wegen dus de helft van {ab} + "
            "{bc} + {ac} = {twice}, en dat is {every:weight_kg}. Zonder het tweede en het derde blijft er voor het "
            "eerste {every} - {bc} = {result:weight_kg} over.",
        ),
        "la": Wording(
            problems=(
                "Tres fasces bini in libra ponuntur. Primus et secundus simul {ab:weight_kg} pendunt, secundus et "
                "tertius {bc:weight_kg}, primus et tertius {ac:weight_kg}. Quot chiliogrammata primus fascis pendit?",
                "Sarcinae Annae et Marci simul {ab:weight_kg} pendunt. Sarcinae Marci et Clarae {bc:weight_kg} "
                "efficiunt, sarcinae Annae et Clarae {ac:weight_kg}. Quanti ponderis est sarcina Annae?",
            ),
            solution="In tribus ponderationibus unaquaeque res bis occurrit. Ergo omnes tres simul dimidiam partem "
            "summae {ab} + {bc} + {ac} = {twice} pendunt, id est {every:weight_kg}. Secunda et tertia demptis primae "
            "restant {every} - {bc} = {result:weight_kg}.",
        ),
    },
    trace=Trace(
        given="weighed in pairs: first and second {ab:weight_kg}, second and third {bc:weight_kg}, first and third "
        "{ac:weight_kg}",
        sought="weight of the first, in kilograms",
        insight="the three weighings together contain every piece twice",
        steps=(
            "all weighings → {ab} + {bc} + {ac} = {twice}",
            "all three pieces → {twice} ÷ 2 = {every}",
            "without the second and the third → {every} - {bc} = {result:weight_kg}",
        ),
        checks=(
            "second: {ab} - {result} = {second}; third: {ac} - {result} = {third}",
            "{second} + {third} = {bc:weight_kg}, the weighing not used for them",
        ),
    ),
    mistakes=(
        Mistake(
            name="forgets_to_halve",
            says="forgets that every piece was weighed twice and does not halve",
            result=lambda values: values["ab"] + values["ac"] - values["bc"],
        ),
        Mistake(
            name="gives_the_second",
            says="takes away the wrong pair and gets the weight of the second piece",
            result=lambda values: _weighings_workings(values)["second"],
        ),
        Mistake(
            name="gives_the_third",
            says="takes away the wrong pair and gets the weight of the third piece",
            result=lambda values: _weighings_workings(values)["third"],
        ),
        Mistake(
            name="gives_the_whole",
            says="stops at the weight of all three pieces together",
            result=lambda values: _weighings_workings(values)["every"],
        ),
        Mistake(
            name="shares_one_weighing",
            says="takes half of the first weighing, as if both pieces were equally heavy",
            result=lambda values: Fraction(values["ab"]) / 2,
        ),
    ),
)
