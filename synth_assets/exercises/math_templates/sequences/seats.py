"""Arithmetic sequences."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_seats(rng: Random, difficulty: str) -> Values:
    first, step, rows = {
        "easy": (rng.randint(8, 20), rng.randint(2, 3), rng.randint(5, 10)),
        "medium": (rng.randint(12, 40), rng.randint(2, 6), rng.randint(10, 24)),
        "hard": (rng.randint(17, 60), rng.randint(3, 9), rng.randint(20, 60)),
    }[difficulty]
    return {"first": first, "step": step, "rows": rows}


def _solve_seats(values: Values) -> int:
    return values["rows"] * (2 * values["first"] + (values["rows"] - 1) * values["step"]) // 2


def _seats_workings(values: Values) -> Values:
    last = values["first"] + (values["rows"] - 1) * values["step"]
    pairs = values["rows"] * (values["rows"] - 1) // 2
    return {
        "last": last,
        "mean": Fraction(values["first"] + last, 2),
        "level": values["rows"] * values["first"],
        "pairs": pairs,
        "extra": pairs * values["step"],
        "next": values["first"] + values["step"],
        "before": values["rows"] - 1,
    }


def _check_seats(values: Values, result: Fraction) -> bool:
    """Row by row."""
    return result == sum(range(values["first"], values["first"] + values["rows"] * values["step"], values["step"]))


SEATS = Template(
    id="sequences.seats",
    family="sequences",
    unit="seat",
    draw=_draw_seats,
    holds=lambda values: True,
    solve=_solve_seats,
    check=_check_seats,
    workings=_seats_workings,
    texts={
        "en": Wording(
            problems=(
                "The first row of a theatre has {first:seat}, and every further row has {step} more than the row "
                "before it. How many seats are there in {rows:row}?",
                "An open-air stage faces {rows:row} of seats. There are {first:seat} in the front row, and each row "
                "behind it has {step} more than the one in front. How many seats are there altogether?",
            ),
            solution="The last row has {first} + {before} * {step} = {last:seat}. Since the rows grow evenly, they "
            "have ({first} + {last}) ÷ 2 = {mean:seat} on average. All rows together have {rows} * {mean} = "
            "{result:seat}.",
        ),
        "fr": Wording(
            problems=(
                "Le premier rang d'un théâtre compte {first:seat}, et chaque rang suivant en compte {step} de plus "
                "que le rang précédent. Combien y a-t-il de places dans {rows:row} ?",
                "Une scène de plein air fait face à {rows:row} de sièges. Le premier rang offre {first:seat}, et "
                "chacun des suivants en offre {step} de plus que celui qui le précède. Combien y a-t-il de places au "
                "total ?",
            ),
            solution="Le dernier rang compte {first} + {before} * {step} = {last:seat}. Comme les rangs augmentent "
            "régulièrement, ils comptent en moyenne ({first} + {last}) ÷ 2 = {mean:seat}. L'ensemble des rangs compte "
            "donc {rows} * {mean} = {result:seat}.",
        ),
        "de": Wording(
            problems=(
                "Die erste Reihe eines Theaters hat {first:seat}, und jede weitere Reihe hat {step} mehr als die "
                "Reihe davor. Wie viele Plätze gibt es in {rows:row}?",
                "Vor einer Freilichtbühne stehen {rows:row} mit Sitzplätzen. In der vordersten Reihe gibt es "
                "{first:seat}, in jeder folgenden {step} mehr als in der davor. Wie viele Plätze sind es insgesamt?",
            ),
            solution="Die letzte Reihe hat {first} + {before} * {step} = {last:seat}. Weil die Reihen gleichmäßig "
            "wachsen, haben sie im Durchschnitt ({first} + {last}) ÷ 2 = {mean:seat}. Alle Reihen zusammen haben "
            "{rows} * {mean} = {result:seat}.",
        ),
        "it": Wording(
            problems=(
                "La prima fila di un teatro ha {first:seat} e ogni fila successiva ne ha {step} in più della "
                "precedente. Quanti posti ci sono in {rows:row}?",
                "Davanti a un palco all'aperto ci sono {rows:row} di sedie. Nella prima fila si contano {first:seat}, "
                "e ciascuna delle altre ne ha {step} in più di quella che la precede. Quanti posti ci sono in tutto?",
            ),
            solution="L'ultima fila ha {first} + {before} * {step} = {last:seat}. Poiché le file crescono in modo "
            "regolare, hanno in media ({first} + {last}) ÷ 2 = {mean:seat}. Tutte le file insieme hanno {rows} * "
            "{mean} = {result:seat}.",
        ),
        "es": Wording(
            problems=(
                "La primera fila de un teatro tiene {first:seat} y cada fila siguiente tiene {step} más que la "
                "anterior. ¿Cuántas butacas hay en {rows:row}?",
                "Frente a un escenario hay {rows:row} de asientos. En la primera fila hay {first:seat} y en cada una "
                "de las demás hay {step} más que en la de delante. ¿Cuántas butacas hay en total?",
            ),
            solution="La última fila tiene {first} + {before} * {step} = {last:seat}. Como las filas crecen de manera "
            "uniforme, tienen por término medio ({first} + {last}) ÷ 2 = {mean:seat}. Todas las filas juntas tienen "
            "{rows} * {mean} = {result:seat}.",
        ),
        "pl": Wording(
            problems=(
                "Pierwszy rząd w teatrze liczy {first:seat}, a każdy następny o {step} więcej niż poprzedni. Ile "
                "miejsc jest łącznie w {rows} rzędach?",
                "Widownia sceny plenerowej ma {rows:row} krzeseł. Pierwszy rząd liczy {first:seat}, a każdy kolejny o "
                "{step} więcej niż rząd przed nim. Ile miejsc liczy cała widownia?",
            ),
            solution="Ostatni rząd ma {first} + {before} * {step} = {last:seat}. Ponieważ rzędy rosną równomiernie, "
            "średnio mają po ({first} + {last}) ÷ 2 = {mean:seat}. Wszystkie rzędy razem mają więc {rows} * {mean} = "
            "{result:seat}.",
        ),
        "nl": Wording(
            problems=(
                "De eerste rij van een theater telt {first:seat} en elke volgende rij telt er {step} meer dan de rij "
                "ervoor. Hoeveel stoelen zijn er in {rows:row}?",
                "Voor een openluchtpodium staan {rows:row} met stoelen. Op de voorste rij staan {first:seat} en op "
                "elke rij daarachter {step} meer dan op de rij ervoor. Hoeveel stoelen zijn er in totaal?",
            ),
            solution="De laatste rij telt {first} + {before} * {step} = {last:seat}. Omdat de rijen gelijkmatig "
            "groeien, tellen ze gemiddeld ({first} + {last}) ÷ 2 = {mean:seat}. Alle rijen samen tellen {rows} * "
            "{mean} = {result:seat}.",
        ),
        "la": Wording(
            problems=(
                "Primus ordo theatri {first:seat.acc} habet, et unusquisque ordo sequens {step} plures habet quam "
                "prior. Quot sedes sunt, si theatrum {rows:row.acc} habet?",
                "Ante scaenam sub divo positam {rows:row} sedium sunt. In primo ordine {first:seat} numerantur, in "
                "unoquoque sequenti {step} plures quam in eo, qui ante est. Quot sedes omnino sunt?",
            ),
            solution="Ultimus ordo {first} + {before} * {step} = {last:seat.acc} habet. Quia ordines aequaliter "
            "crescunt, numerus medius sedium est ({first} + {last}) ÷ 2 = {mean}. Omnes ergo ordines simul {rows} * "
            "{mean} = {result:seat.acc} habent.",
        ),
    },
    trace=Trace(
        given="{rows:row}, {first:seat} in the first, {step} more in each further row",
        sought="seats in all rows",
        insight="arithmetic sequence: sum = number of terms times the mean of first and last term",
        steps=(
            "steps from first to last row → {rows} - 1 = {before}",
            "last row → {first} + {before} * {step} = {last:seat}",
            "mean row → ({first} + {last}) ÷ 2 = {mean:seat}",
            "sum → {rows} * {mean} = {result:seat}",
        ),
        checks=(
            "second row has {next:seat}, so the sequence runs {first}, {next}, ..., {last}",
            "other way: {rows} * {first} = {level} AND {pairs} * {step} = {extra} more; {level} + {extra} = {result}",
        ),
    ),
    mistakes=(
        Mistake(
            name="last_row_only",
            says="gives the last row and not the sum",
            result=lambda values: _seats_workings(values)["last"],
        ),
        Mistake(
            name="all_rows_alike",
            says="takes all rows as long as the first",
            result=lambda values: values["rows"] * values["first"],
        ),
        Mistake(
            name="one_step_too_many",
            says="lets every row have one step more, the first included",
            result=lambda values: _solve_seats(values) + values["rows"] * values["step"],
        ),
        Mistake(
            name="forgets_the_first_row",
            says="leaves the first row out of the sum",
            result=lambda values: _solve_seats(values) - values["first"],
        ),
        Mistake(
            name="last_times_rows",
            says="takes all rows as long as the last",
            result=lambda values: values["rows"] * _seats_workings(values)["last"],
        ),
    ),
)
