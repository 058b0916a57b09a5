"""The second of two successive rises, from the first and the rise in all."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_successive(rng: Random, difficulty: str) -> Values:
    if difficulty == "easy":
        first, second = (5 * rng.randint(1, 16) for _ in range(2))
    elif difficulty == "medium":
        first, second = rng.randint(2, 60), rng.randint(2, 60)
    else:
        first, second = Fraction(rng.randint(5, 150), 2), Fraction(rng.randint(21, 450), 10)
    return {"first": first, "total": first + second + Fraction(first * second, 100)}


def _successive_workings(values: Values) -> Values:
    after = 100 + values["first"]
    return {
        "after": after,
        "end": 100 + values["total"],
        "gain": values["total"] - values["first"],
        "factor": Fraction(100 + values["total"]) / after,
        "first_factor": Fraction(after, 100),
        "end_factor": Fraction(100 + values["total"]) / 100,
    }


def _solve_successive(values: Values) -> Fraction:
    return Fraction(100 * (values["total"] - values["first"])) / (100 + values["first"])


def _successive_holds(values: Values) -> bool:
    readable = (100 * Fraction(values["total"])).denominator == 1 and values["total"] < 100
    # the simple difference must be wrong by enough to be seen
    return readable and values["total"] - values["first"] - _solve_successive(values) >= Fraction(1, 5)


def _check_successive(values: Values, result: Fraction) -> bool:
    """100 of anything grow twice, and by the total in the end."""
    amount = Fraction(100)
    for rate in (Fraction(values["first"]), result):
        amount += amount * rate / 100
    return amount - 100 == values["total"]


SUCCESSIVE = Template(
    id="percentages.successive",
    family="percentages",
    unit="pct",
    draw=_draw_successive,
    holds=_successive_holds,
    solve=_solve_successive,
    check=_check_successive,
    workings=_successive_workings,
    texts={
        "en": Wording(
            problems=(
                "A dairy's output of cheese rose by {total:pct} within two years. In the first year the rise was "
                "{first:pct}. By what per cent did the output rise in the second year, compared with the first?",
                "The rent of a flat was raised twice. The first rise was {first:pct}, and after the second the rent "
                "was {total:pct} higher than at the very beginning. What percentage of the rent already raised did "
                "the second rise amount to?",
            ),
            solution="Let the amount be 100 at the beginning. After the first rise it is {after}, after the second "
            "{end}. The second rise is {end} - {after} = {gain}, but it must be compared with {after} and not with "
            "100. So it is {gain} ÷ {after} * 100 = {result:pct}.",
        ),
        "fr": Wording(
            problems=(
                "En deux ans, la production de fromage d'une laiterie a augmenté de {total:pct}. La première année, "
                "la hausse a été de {first:pct}. De quel pourcentage la production a-t-elle augmenté la seconde "
                "année par rapport à la première ?",
                "Le loyer d'un appartement a été relevé deux fois. La première hausse a été de {first:pct} ; après "
                "la seconde, le loyer dépassait de {total:pct} celui du tout début. Quel pourcentage du loyer déjà "
                "relevé la seconde hausse représente-t-elle ?",
            ),
            solution="Prenons 100 comme valeur de départ. Après la première hausse elle est de {after}, après la "
            "seconde de {end}. La seconde hausse est de {end} - {after} = {gain}, mais il faut la comparer à {after} "
            "et non à 100. Elle est donc de {gain} ÷ {after} * 100 = {result:pct}.",
        ),
        "de": Wording(
            problems=(
                "Die Käseproduktion einer Molkerei ist innerhalb von zwei Jahren um {total:pct} gestiegen. Im ersten "
                "Jahr betrug der Anstieg {first:pct}. Um wie viel Prozent stieg die Produktion im zweiten Jahr "
                "gegenüber dem ersten?",
                "Die Miete einer Wohnung wurde zweimal erhöht. Die erste Erhöhung betrug {first:pct}, und nach der "
                "zweiten lag die Miete um {total:pct} höher als ganz zu Beginn. Wie viel Prozent der schon einmal "
                "erhöhten Miete machte die zweite Erhöhung aus?",
            ),
            solution="Wir nehmen 100 als Anfangswert. Nach dem ersten Anstieg sind es {after}, nach dem zweiten "
            "{end}. Der zweite Anstieg beträgt {end} - {after} = {gain}, ist aber mit {after} und nicht mit 100 zu "
            "vergleichen. Das sind {gain} ÷ {after} * 100 = {result:pct}.",
        ),
        "it": Wording(
            problems=(
                "In due anni la produzione di formaggio di un caseificio è aumentata {total:del+pct}. Nel primo anno "
                "l'aumento è stato {first:del+pct}. Di quale percentuale è aumentata la produzione nel secondo anno "
                "rispetto al primo?",
                "L'affitto di un appartamento è stato aumentato due volte. Il primo aumento è stato {first:del+pct} "
                "e, dopo il secondo, l'affitto superava {total:del+pct} quello iniziale. Quale percentuale "
                "dell'affitto già aumentato rappresenta il secondo aumento?",
            ),
            solution="Poniamo 100 come valore iniziale. Dopo il primo aumento è {after}, dopo il secondo {end}. Il "
            "secondo aumento è {end} - {after} = {gain}, ma va confrontato con {after} e non con 100. È quindi "
            "{gain} ÷ {after} * 100 = {result:pct}.",
        ),
        "es": Wording(
            problems=(
                "En dos años, la producción de queso de una quesería aumentó un {total:pct}. El primer año el "
                "aumento fue del {first:pct}. ¿En qué porcentaje aumentó la producción el segundo año con respecto "
                "al primero?",
                "El alquiler de un piso se subió dos veces. La primera subida fue del {first:pct} y, después de la "
                "segunda, el alquiler superaba en un {total:pct} al del principio. ¿Qué porcentaje del alquiler ya "
                "subido representó la segunda subida?",
            ),
            solution="Tomemos 100 como valor inicial. Tras el primer aumento es {after} y tras el segundo, {end}. El "
            "segundo aumento es {end} - {after} = {gain}, pero hay que compararlo con {after} y no con 100. "
            "Equivale, por tanto, a {gain} ÷ {after} * 100 = {result:pct}.",
        ),
        "pl": Wording(
            problems=(
                "W ciągu dwóch lat produkcja sera w mleczarni wzrosła o {total:pct}. W pierwszym roku wzrost wyniósł "
                "{first:pct}. O ile procent wzrosła produkcja w drugim roku w porównaniu z pierwszym?",
                "Czynsz za mieszkanie podniesiono dwukrotnie. Pierwsza podwyżka wyniosła {first:pct}, a po drugiej "
                "czynsz był o {total:pct} wyższy niż na samym początku. Jaki procent czynszu po pierwszej podwyżce "
                "stanowiła druga podwyżka?",
            ),
            solution="Przyjmijmy 100 za wartość początkową. Po pierwszym wzroście jest to {after}, a po drugim "
            "{end}. Drugi wzrost to {end} - {after} = {gain}, ale trzeba go porównać z liczbą {after}, a nie ze 100. "
            "Wynosi on zatem {gain} ÷ {after} * 100 = {result:pct}.",
        ),
        "nl": Wording(
            problems=(
                "De kaasproductie van een zuivelfabriek is in twee jaar met {total:pct} gestegen. In het eerste jaar "
                "was de stijging {first:pct}. Met hoeveel procent steeg de productie in het tweede jaar ten opzichte "
                "van het eerste?",
                "De huur van een woning werd twee keer verhoogd. De eerste verhoging was {first:pct}, en na de "
                "tweede was de huur {total:pct} hoger dan helemaal in het begin. Hoeveel procent van de al verhoogde "
                "huur bedroeg de tweede verhoging?",
            ),
            solution="Neem 100 als beginwaarde. Na de eerste stijging is die {after}, na de tweede {end}. De tweede "
            "stijging is {end} - {after} = {gain}, maar die moet met {after} worden vergeleken en niet met 100. Dat "
            "is dus {gain} ÷ {after} * 100 = {result:pct}.",
        ),
        "la": Wording(
            problems=(
                "Copia casei, quae in officina quadam fit, duobus annis {total:pct} crevit. Primo anno incrementum "
                "fuit {first:pct}. Quot centesimis altero anno crevit, si cum primo comparatur?",
                "Merces habitationis bis aucta est. Primum incrementum fuit {first:pct}, et post alterum merces "
                "{total:pct} maior erat quam initio fuerat. Quot centesimas mercedis iam semel auctae alterum "
                "incrementum effecit?",
            ),
            solution="Ponantur 100 initio. Post primum incrementum fiunt {after}, post alterum {end}. Alterum "
            "incrementum est {end} - {after} = {gain}, sed cum {after}, non cum 100 comparandum est. Est ergo {gain} "
            "÷ {after} * 100 = {result:pct}.",
        ),
    },
    trace=Trace(
        given="{total:pct} more after two rises, the first of {first:pct}",
        sought="second rise in per cent of the amount before it",
        insight="each rise is reckoned on the amount before it, so the percentages do not simply add up",
        steps=(
            "start from 100 → after the first rise {after}, at the end {end}",
            "second rise → {end} - {after} = {gain}",
            "compared with what it grew from → {gain} ÷ {after} * 100 = {result:pct}",
        ),
        checks=(
            "factors: {first_factor} * {factor} = {end_factor}, which is {total:pct} more than 1",
            "less than {total} - {first} = {gain}, since it is reckoned on more than 100",
        ),
    ),
    mistakes=(
        Mistake(
            name="subtracts_the_percentages",
            says="subtracts the first percentage from the total",
            result=lambda values: values["total"] - values["first"],
        ),
        Mistake(
            name="compares_with_the_end",
            says="compares the second rise with the amount at the end",
            result=lambda values: round(
                Fraction(100 * (values["total"] - values["first"])) / (100 + values["total"]), 1
            ),
        ),
        Mistake(
            name="halves_the_total",
            says="halves the total, as if both rises were alike",
            result=lambda values: round(Fraction(values["total"]) / 2, 1),
        ),
        Mistake(
            name="multiplies_instead_of_dividing",
            says="applies the first rise once more to the total",
            result=lambda values: round(
                values["total"] + values["first"] + Fraction(values["total"] * values["first"], 100), 1
            ),
        ),
        Mistake(
            name="takes_the_share_of_the_total",
            says="takes the share that the second rise has in the total",
            result=lambda values: round(Fraction(100 * (values["total"] - values["first"])) / values["total"], 1),
        ),
    ),
)
