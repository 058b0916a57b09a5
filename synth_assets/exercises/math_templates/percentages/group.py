"""A share of a share, looked at from the other side."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_group(rng: Random, difficulty: str) -> Values:
    step, total = {
        "easy": (10, 100 * rng.randint(1, 10)),
        "medium": (5, 20 * rng.randint(6, 75)),
        "hard": (1, 50 * rng.randint(4, 60)),
    }[difficulty]
    # no school sends nearly everybody to the choir
    of_first, of_second = (step * rng.randint(-(-4 // step), 60 // step) for _ in range(2))
    first = step * rng.randint(20 // step, 80 // step)
    return {"total": total, "first": first, "of_first": of_first, "of_second": of_second}


def _group_workings(values: Values) -> Values:
    first = Fraction(values["total"] * values["first"], 100)
    second = values["total"] - first
    first_in = first * values["of_first"] / 100
    second_in = second * values["of_second"] / 100
    return {
        "first_count": first,
        "second_count": second,
        "first_in": first_in,
        "second_in": second_in,
        "all_in": first_in + second_in,
        "second_share": 100 * second_in / (first_in + second_in),
    }


def _solve_group(values: Values) -> Fraction:
    workings = _group_workings(values)
    return 100 * Fraction(workings["first_in"]) / workings["all_in"]


def _group_holds(values: Values) -> bool:
    first, rates = values["total"] * values["first"], (values["of_first"], values["of_second"])
    second = 100 * values["total"] - first
    if abs(rates[0] - rates[1]) < 4 or first % 100 or first * rates[0] % 10_000 or second * rates[1] % 10_000:
        return False
    least = min(first * rates[0], second * rates[1]) // 10_000
    return least >= 3 and (10 * _solve_group(values)).denominator == 1


def _check_group(values: Values, result: Fraction) -> bool:
    """By the odds alone, without any number of people: first to second in the whole, times what joins of either."""
    odds_in = Fraction(values["first"], 100 - values["first"]) * Fraction(values["of_first"], values["of_second"])
    return 0 < result < 100 and result / (100 - result) == odds_in


GROUP = Template(
    id="percentages.group",
    family="percentages",
    unit="pct",
    draw=_draw_group,
    holds=_group_holds,
    solve=_solve_group,
    check=_check_group,
    workings=_group_workings,
    texts={
        "en": Wording(
            problems=(
                "At a school with {total} pupils, {first:pct} are girls. Of the girls {of_first:pct} and of the boys "
                "{of_second:pct} sing in the choir. What percentage of the choir are girls?",
                "A hotel had {total} guests in one season, {first:pct} of them from abroad. Breakfast in the room "
                "was ordered by {of_first:pct} of the guests from abroad and by {of_second:pct} of the others. Of "
                "those who had breakfast in their room, what per cent came from abroad?",
            ),
            solution="The first group has {total} * {first} ÷ 100 = {first_count} people, the other {total} - "
            "{first_count} = {second_count}. From the first come {first_count} * {of_first} ÷ 100 = {first_in}, from "
            "the other {second_count} * {of_second} ÷ 100 = {second_in}, which makes {all_in} in all. The share of "
            "the first group among these is {first_in} ÷ {all_in} * 100 = {result:pct}.",
        ),
        "fr": Wording(
            problems=(
                "Dans une école de {total} élèves, {first:pct} sont des filles. Parmi les filles, {of_first:pct} "
                "chantent dans la chorale ; parmi les garçons, {of_second:pct}. Quel pourcentage de la chorale les "
                "filles représentent-elles ?",
                "En une saison, un hôtel a reçu {total} clients, dont {first:pct} venaient de l'étranger. Le petit "
                "déjeuner en chambre a été commandé par {of_first:pct} des clients étrangers et par {of_second:pct} "
                "des autres. Parmi ceux qui l'ont commandé, quel pourcentage venait de l'étranger ?",
            ),
            solution="Le premier groupe compte {total} * {first} ÷ 100 = {first_count} personnes, l'autre {total} - "
            "{first_count} = {second_count}. Du premier viennent {first_count} * {of_first} ÷ 100 = {first_in} "
            "personnes, de l'autre {second_count} * {of_second} ÷ 100 = {second_in}, soit {all_in} au total. La part "
            "du premier groupe y est de {first_in} ÷ {all_in} * 100 = {result:pct}.",
        ),
        "de": Wording(
            problems=(
                "An einer Schule mit {total} Kindern sind {first:pct} Mädchen. Von den Mädchen singen {of_first:pct} "
                "im Chor, von den Jungen {of_second:pct}. Wie viel Prozent des Chores sind Mädchen?",
                "Ein Hotel hatte in einer Saison {total} Gäste, davon {first:pct} aus dem Ausland. Frühstück auf dem "
                "Zimmer bestellten {of_first:pct} der ausländischen und {of_second:pct} der übrigen Gäste. Wie viel "
                "Prozent derer, die auf dem Zimmer frühstückten, kamen aus dem Ausland?",
            ),
            solution="Die erste Gruppe umfasst {total} * {first} ÷ 100 = {first_count} Personen, die andere {total} "
            "- {first_count} = {second_count}. Aus der ersten kommen {first_count} * {of_first} ÷ 100 = {first_in}, "
            "aus der anderen {second_count} * {of_second} ÷ 100 = {second_in}, zusammen also {all_in} Personen. Der "
            "Anteil der ersten Gruppe daran beträgt {first_in} ÷ {all_in} * 100 = {result:pct}.",
        ),
        "it": Wording(
            problems=(
                "In una scuola di {total} alunni {first:il+pct} sono ragazze. Nel coro cantano {of_first:il+pct} "
                "delle ragazze e {of_second:il+pct} dei ragazzi. Quale percentuale del coro è formata da ragazze?",
                "In una stagione un albergo ha avuto {total} ospiti, {first:il+pct} dei quali stranieri. La "
                "colazione in camera è stata ordinata {of_first:dal+pct} degli ospiti stranieri e "
                "{of_second:dal+pct} degli altri. Tra coloro che hanno fatto colazione in camera, quale percentuale "
                "veniva dall'estero?",
            ),
            solution="Il primo gruppo conta {total} * {first} ÷ 100 = {first_count} persone, l'altro {total} - "
            "{first_count} = {second_count}. Dal primo vengono {first_count} * {of_first} ÷ 100 = {first_in} "
            "persone, dall'altro {second_count} * {of_second} ÷ 100 = {second_in}, in tutto {all_in} persone. La "
            "quota del primo gruppo è quindi {first_in} ÷ {all_in} * 100 = {result:pct}.",
        ),
        "es": Wording(
            problems=(
                "En una escuela de {total} alumnos, el {first:pct} son chicas. En el coro cantan el {of_first:pct} "
                "de las chicas y el {of_second:pct} de los chicos. ¿Qué porcentaje del coro son chicas?",
                "En una temporada, un hotel tuvo {total} huéspedes, de los que el {first:pct} venía del extranjero. "
                "El desayuno en la habitación lo pidieron el {of_first:pct} de los huéspedes extranjeros y el "
                "{of_second:pct} de los demás. De quienes desayunaron en su habitación, ¿qué porcentaje venía del "
                "extranjero?",
            ),
            solution="El primer grupo tiene {total} * {first} ÷ 100 = {first_count} personas y el otro, {total} - "
            "{first_count} = {second_count}. Del primero salen {first_count} * {of_first} ÷ 100 = {first_in} "
            "personas y del otro, {second_count} * {of_second} ÷ 100 = {second_in}, es decir, {all_in} en total. La "
            "parte del primer grupo es {first_in} ÷ {all_in} * 100 = {result:pct}.",
        ),
        "pl": Wording(
            problems=(
                "W szkole, w której liczba uczniów wynosi {total}, {first:pct} stanowią dziewczęta. W chórze śpiewa "
                "{of_first:pct} dziewcząt i {of_second:pct} chłopców. Jaki procent chóru stanowią dziewczęta?",
                "Liczba gości hotelu w jednym sezonie wyniosła {total}; {first:pct} z nich przyjechało z zagranicy. "
                "Śniadanie do pokoju zamówiło {of_first:pct} gości zagranicznych i {of_second:pct} pozostałych. Jaki "
                "procent tych, którzy jedli śniadanie w pokoju, przyjechał z zagranicy?",
            ),
            solution="Liczebność pierwszej grupy to {total} * {first} ÷ 100 = {first_count}, a drugiej {total} - "
            "{first_count} = {second_count}. Liczba wybranych osób to {first_count} * {of_first} ÷ 100 = {first_in} "
            "w pierwszej grupie i {second_count} * {of_second} ÷ 100 = {second_in} w drugiej, a więc {all_in} "
            "łącznie. Udział pierwszej grupy wynosi więc {first_in} ÷ {all_in} * 100 = {result:pct}.",
        ),
        "nl": Wording(
            problems=(
                "Op een school met {total} leerlingen is {first:pct} meisje. Van de meisjes zingt {of_first:pct} in "
                "het koor en van de jongens {of_second:pct}. Hoeveel procent van het koor bestaat uit meisjes?",
                "Een hotel had in een seizoen {total} gasten, van wie {first:pct} uit het buitenland kwam. Ontbijt "
                "op de kamer werd besteld door {of_first:pct} van de buitenlandse gasten en door {of_second:pct} van "
                "de overige. Hoeveel procent van degenen die op hun kamer ontbeten, kwam uit het buitenland?",
            ),
            solution="De eerste groep telt {total} * {first} ÷ 100 = {first_count} personen, de andere {total} - "
            "{first_count} = {second_count}. Uit de eerste komen {first_count} * {of_first} ÷ 100 = {first_in} "
            "mensen, uit de andere {second_count} * {of_second} ÷ 100 = {second_in}, samen {all_in} mensen. Het "
            "aandeel van de eerste groep daarin is {first_in} ÷ {all_in} * 100 = {result:pct}.",
        ),
        "la": Wording(
            problems=(
                "In schola, cuius discipulorum numerus est {total}, {first:pct} puellae sunt. Ex puellis "
                "{of_first:pct}, ex pueris {of_second:pct} in choro canunt. Quot centesimas chori puellae efficiunt?",
                "Numerus hospitum, qui una aestate in deversorio fuerunt, est {total}; ex his {first:pct} peregrini "
                "erant. Ientaculum in cubiculo {of_first:pct} peregrinorum et {of_second:pct} ceterorum sumpserunt. "
                "Quot centesimae eorum, qui in cubiculo ientaverunt, peregrini erant?",
            ),
            solution="Numerus prioris partis est {total} * {first} ÷ 100 = {first_count}, alterius {total} - "
            "{first_count} = {second_count}. Ex priore numerantur {first_count} * {of_first} ÷ 100 = {first_in}, ex "
            "altera {second_count} * {of_second} ÷ 100 = {second_in}, quae simul {all_in} efficiunt. Prior ergo pars "
            "horum est {first_in} ÷ {all_in} * 100 = {result:pct}.",
        ),
    },
    trace=Trace(
        given="{total} people, {first:pct} in the first group; {of_first:pct} of it and {of_second:pct} of the other "
        "join",
        sought="share of the first group among those who join, in per cent",
        insight="count those who join from either group; their shares relate to groups of different size",
        steps=(
            "groups → {total} * {first} ÷ 100 = {first_count} AND {total} - {first_count} = {second_count}",
            "from the first → {first_count} * {of_first} ÷ 100 = {first_in}",
            "from the second → {second_count} * {of_second} ÷ 100 = {second_in}",
            "share → {first_in} ÷ ({first_in} + {second_in}) * 100 = {result:pct}",
        ),
        checks=(
            "share of the second group: {second_in} ÷ {all_in} * 100 = {second_share:pct}",
            "{result} + {second_share} = 100",
        ),
    ),
    mistakes=(
        Mistake(
            name="compares_the_rates_only",
            says="compares the two rates and overlooks that the groups differ in size",
            result=lambda values: round(
                Fraction(100 * values["of_first"], values["of_first"] + values["of_second"]), 1
            ),
        ),
        Mistake(
            name="takes_the_share_in_the_whole",
            says="takes the first group's share in the whole, as if both joined alike",
            result=lambda values: values["first"],
        ),
        Mistake(
            name="gives_the_rate_of_the_group",
            says="gives the share of the first group that joins",
            result=lambda values: values["of_first"],
        ),
        Mistake(
            name="compares_with_everybody",
            says="compares those of the first group who join with everybody",
            result=lambda values: round(Fraction(values["first"] * values["of_first"], 100), 1),
        ),
        Mistake(
            name="gives_the_other_group",
            says="gives the share of the second group",
            result=lambda values: 100 - _solve_group(values),
        ),
        Mistake(
            name="gives_the_share_that_joins",
            says="gives the share of all people who join",
            result=lambda values: round(100 * Fraction(_group_workings(values)["all_in"]) / values["total"], 1),
        ),
    ),
)
