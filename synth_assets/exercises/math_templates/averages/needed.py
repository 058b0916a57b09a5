"""What must follow for a mean to rise to a wished value."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_needed(rng: Random, difficulty: str) -> Values:
    most_done, most_left, step = {
        "easy": (8, 3, Fraction(1)),
        "medium": (14, 4, Fraction(1, 2)),
        "hard": (24, 6, Fraction(1, 10)),
    }[difficulty]
    mean = step * rng.randint(int(40 / step), int(85 / step))
    return {
        "done": rng.randint(3, most_done),
        "mean": mean,
        "left": rng.randint(2, most_left),
        "wished": mean + step * rng.randint(1, int(8 / step)),
    }


def _needed_workings(values: Values) -> Values:
    tests = values["done"] + values["left"]
    so_far = values["done"] * values["mean"]
    return {
        "tests": tests,
        "so_far": so_far,
        "total": tests * values["wished"],
        "missing": tests * values["wished"] - so_far,
        "rise": values["wished"] - values["mean"],
        "short": values["done"] * (values["wished"] - values["mean"]),
        "above": Fraction(values["done"] * (values["wished"] - values["mean"])) / values["left"],
    }


def _solve_needed(values: Values) -> Fraction:
    return Fraction(_needed_workings(values)["missing"]) / values["left"]


def _needed_holds(values: Values) -> bool:
    result = _solve_needed(values)
    # at most one decimal, no more points than there are, and not simply as far above the wish as the mean is below
    return (10 * result).denominator == 1 and result <= 100 and values["done"] != values["left"]


def _check_needed(values: Values, result: Fraction) -> bool:
    """All results written down one by one, the old ones at their mean, have the wished mean."""
    results = [values["mean"]] * values["done"] + [result] * values["left"]
    return sum(results, Fraction(0)) / len(results) == values["wished"]


NEEDED = Template(
    id="averages.needed",
    family="averages",
    unit="mark_point",
    draw=_draw_needed,
    holds=_needed_holds,
    solve=_solve_needed,
    check=_check_needed,
    workings=_needed_workings,
    texts={
        "en": Wording(
            problems=(
                "In {done} tests a pupil has reached {mean:mark_point} on average. There are {left} more tests, and "
                "she would like to finish with an average of {wished:mark_point} over all of them. How many points "
                "does she need on average in the tests that are left?",
                "A gymnast's mean score after {done} competitions is {mean:mark_point}. With {left} competitions still "
                "to come, she wants her mean for the whole season to be {wished:mark_point}. What must her mean score "
                "in the remaining competitions be?",
            ),
            solution="For the wished mean, {done} + {left} = {tests} results must add up to {tests} * {wished} = "
            "{total:mark_point}. So far there are {done} * {mean} = {so_far:mark_point}, so {total} - {so_far} = "
            "{missing} are still missing. Spread over the remaining {left}, that makes {missing} ÷ {left} = "
            "{result:mark_point} each.",
        ),
        "fr": Wording(
            problems=(
                "En {done} contrôles, une élève a obtenu {mean:mark_point} en moyenne. Il reste {left} contrôles, et "
                "elle voudrait terminer avec une moyenne de {wished:mark_point} sur l'ensemble. Combien de points lui "
                "faut-il en moyenne aux contrôles qui restent ?",
                "La note moyenne d'une gymnaste après {done} compétitions est de {mean:mark_point}. Il lui reste "
                "{left} compétitions, et elle veut que sa moyenne de toute la saison soit de {wished:mark_point}. "
                "Quelle doit être sa note moyenne dans les compétitions à venir ?",
            ),
            solution="Pour la moyenne souhaitée, {done} + {left} = {tests} résultats doivent totaliser {tests} * "
            "{wished} = {total:mark_point}. Jusqu'ici, il y en a {done} * {mean} = {so_far} ; il manque donc {total} - "
            "{so_far} = {missing:mark_point}. Répartis sur les {left} résultats qui restent, cela fait {missing} ÷ "
            "{left} = {result:mark_point} chacun.",
        ),
        "de": Wording(
            problems=(
                "Eine Schülerin hat in {done} Tests durchschnittlich {mean:mark_point} erreicht. Es folgen noch {left} "
                "Tests, und über alle zusammen möchte sie auf einen Durchschnitt von {wished:mark_point.dat} kommen. "
                "Wie viele Punkte braucht sie durchschnittlich in den restlichen Tests?",
                "Nach {done} Wettkämpfen liegt die mittlere Wertung einer Turnerin bei {mean:mark_point.dat}. Ihr "
                "stehen noch {left} Wettkämpfe bevor, und für die ganze Saison strebt sie ein Mittel von "
                "{wished:mark_point.dat} an. Wie hoch muss ihre mittlere Wertung in den restlichen Wettkämpfen sein?",
            ),
            solution="Für den gewünschten Durchschnitt müssen {done} + {left} = {tests} Ergebnisse zusammen {tests} * "
            "{wished} = {total:mark_point} ergeben. Bisher sind es {done} * {mean} = {so_far:mark_point}, also fehlen "
            "noch {total} - {so_far} = {missing:mark_point}. Auf die restlichen {left} verteilt sind das jeweils "
            "{missing} ÷ {left} = {result:mark_point}.",
        ),
        "it": Wording(
            problems=(
                "In {done} verifiche un'alunna ha ottenuto in media {mean:mark_point}. Mancano ancora {left} verifiche "
                "e vorrebbe finire con una media complessiva di {wished:mark_point}. Quanti punti le servono in media "
                "nelle verifiche rimaste?",
                "Dopo {done} gare il punteggio medio di una ginnasta è di {mean:mark_point}. Le restano {left} gare e "
                "vuole che la media di tutta la stagione sia di {wished:mark_point}. Quale deve essere il suo "
                "punteggio medio nelle gare rimaste?",
            ),
            solution="Per la media desiderata {done} + {left} = {tests} risultati devono dare in tutto {tests} * "
            "{wished} = {total:mark_point}. Finora ce ne sono {done} * {mean} = {so_far}, quindi mancano {total} - "
            "{so_far} = {missing:mark_point}. Ripartiti sui {left} risultati rimasti, fanno {missing} ÷ {left} = "
            "{result:mark_point} ciascuno.",
        ),
        "es": Wording(
            problems=(
                "En {done} exámenes, una alumna ha obtenido {mean:mark_point} de media. Quedan {left} exámenes y le "
                "gustaría acabar con una media de {wished:mark_point} en el conjunto. ¿Cuántos puntos necesita de "
                "media en los exámenes que quedan?",
                "La puntuación media de una gimnasta después de {done} competiciones es de {mean:mark_point}. Le "
                "quedan {left} competiciones y quiere que su media de toda la temporada sea de {wished:mark_point}. "
                "¿Cuál debe ser su puntuación media en las competiciones restantes?",
            ),
            solution="Para la media deseada, {done} + {left} = {tests} resultados deben sumar {tests} * {wished} = "
            "{total:mark_point}. Hasta ahora hay {done} * {mean} = {so_far:mark_point}, así que faltan {total} - "
            "{so_far} = {missing:mark_point}. Repartidos entre los {left} resultados que quedan, son {missing} ÷ "
            "{left} = {result:mark_point} cada uno.",
        ),
        "pl": Wording(
            problems=(
                "W {done} sprawdzianach uczennica uzyskała średnio {mean:mark_point}. Przed nią jeszcze "
                "{left:pupil_test}, a ze wszystkich razem chciałaby mieć średnio {wished:mark_point}. Ile punktów "
                "średnio potrzebuje w pozostałych sprawdzianach?",
                "Po {done} startach średnia nota gimnastyczki to {mean:mark_point}. Do końca sezonu ma jeszcze "
                "{left:gym_start}, a średnia ze wszystkich ma wynieść {wished:mark_point}. Jaka musi być jej średnia "
                "nota w pozostałych startach?",
            ),
            solution="Przy takiej średniej suma wszystkich wyników, których ma być {done} + {left} = {tests}, musi "
            "wynieść {tests} * {wished} = {total:mark_point}. Dotychczasowa suma to {done} * {mean} = "
            "{so_far:mark_point}, brakuje więc jeszcze {total} - {so_far} = {missing}. Po równym podziale na {left} "
            "części wypada na każdą {missing} ÷ {left} = {result:mark_point}.",
        ),
        "nl": Wording(
            problems=(
                "In {done} toetsen heeft een leerling gemiddeld {mean:mark_point} gehaald. Er komen nog {left} "
                "toetsen, en over alle toetsen samen wil ze op een gemiddelde van {wished:mark_point} uitkomen. "
                "Hoeveel punten heeft ze gemiddeld nodig in de toetsen die nog komen?",
                "Na {done} wedstrijden is de gemiddelde score van een turnster {mean:mark_point}. Ze heeft nog {left} "
                "wedstrijden te gaan en wil dat haar gemiddelde over het hele seizoen {wished:mark_point} wordt. Wat "
                "moet haar gemiddelde score in de resterende wedstrijden zijn?",
            ),
            solution="Voor het gewenste gemiddelde moeten {done} + {left} = {tests} resultaten samen {tests} * "
            "{wished} = {total:mark_point} opleveren. Tot nu toe zijn dat er {done} * {mean} = {so_far}, dus er "
            "ontbreken nog {total} - {so_far} = {missing:mark_point}. Verdeeld over de resterende {left} is dat "
            "telkens {missing} ÷ {left} = {result:mark_point}.",
        ),
        "la": Wording(
            problems=(
                "Discipula in {done} probationibus, si medius numerus sumitur, {mean:mark_point} accepit. Restant "
                "{left} probationes, et omnium probationum medium numerum {wished} punctorum esse vult. Quot puncta in "
                "probationibus reliquis, medio numero sumpto, accipere debet?",
                "Post {done} certamina medius numerus punctorum, quae athleta accepit, est {mean}. Restant {left} "
                "certamina, et medium numerum omnium certaminum {wished} punctorum esse vult. Quot puncta in "
                "certaminibus reliquis, medio numero sumpto, accipere debet?",
            ),
            solution="Ut medius numerus sit, quem vult, {done} + {left} = {tests} eventus simul {tests} * {wished} = "
            "{total:mark_point} efficere debent. Adhuc sunt {done} * {mean} = {so_far:mark_point}; ergo desunt {total} "
            "- {so_far} = {missing:mark_point}. Quae si per {left} aequaliter dividuntur, fiunt {missing} ÷ {left} = "
            "{result:mark_point}.",
        ),
    },
    trace=Trace(
        given="{done} results with mean {mean}, {left} more to come, wished mean of all {wished}",
        sought="mean that the remaining results must have, in points",
        insight="means cannot be added, sums can: compare the sum that is needed with the sum that is there",
        steps=(
            "sum needed → ({done} + {left}) * {wished} = {total}",
            "sum so far → {done} * {mean} = {so_far}",
            "missing → {total} - {so_far} = {missing}",
            "for each of the {left} → {missing} ÷ {left} = {result:mark_point}",
        ),
        checks=(
            "so far {rise:mark_point} short in each of {done}: {done} * {rise} = {short}",
            "shared by the others: {short} ÷ {left} = {above} AND {wished} + {above} = {result:mark_point}",
        ),
    ),
    mistakes=(
        Mistake(
            name="mirrors_the_mean",
            says="goes as far above the wished mean as the present one is below it, whatever the numbers of results",
            result=lambda values: 2 * values["wished"] - values["mean"],
        ),
        Mistake(
            name="takes_the_wished_mean",
            says="takes the wished mean itself and does not make up for what is missing so far",
            result=lambda values: values["wished"],
        ),
        Mistake(
            name="puts_all_on_one",
            says="makes up for everything that is missing in a single result",
            result=lambda values: values["wished"] + _needed_workings(values)["short"],
        ),
        Mistake(
            name="divides_by_all",
            says="spreads the missing points over all results, also those that are over",
            result=lambda values: round(
                Fraction(_needed_workings(values)["missing"]) / _needed_workings(values)["tests"], 1
            ),
        ),
        Mistake(
            name="forgets_to_divide",
            says="stops at the number of points that are missing in all",
            result=lambda values: _needed_workings(values)["missing"],
        ),
    ),
)
