"""Percentages of changing amounts."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_discounts(rng: Random, difficulty: str) -> Values:
    tens, rates = {
        "easy": (rng.randint(2, 90), (10, 20, 30, 40, 50)),
        "medium": (rng.randint(10, 150), (5, 10, 15, 20, 25, 30, 40)),
        "hard": (rng.randint(40, 300), (4, 5, 8, 12, 15, 16, 18, 24, 25, 35)),
    }[difficulty]
    return {"price": 10 * tens, "first": rng.choice(rates), "second": rng.choice(rates)}


def _solve_discounts(values: Values) -> Fraction:
    return Fraction(values["price"] * (100 - values["first"]) * (100 - values["second"]), 10_000)


def _discounts_workings(values: Values) -> Values:
    after = Fraction(values["price"] * (100 - values["first"]), 100)
    result = _solve_discounts(values)
    return {
        "after": after,
        "total": 100 - 100 * result / values["price"],
        "sum": values["first"] + values["second"],
        "first_off": values["price"] - after,
        "second_off": after - result,
    }


def _discounts_hold(values: Values) -> bool:
    after = values["price"] * (100 - values["first"])
    whole = after % 100 == 0 and after * (100 - values["second"]) % 10_000 == 0
    return whole and values["first"] != values["second"]


def _check_discounts(values: Values, result: Fraction) -> bool:
    """Undone step by step, the result leads back to the first price."""
    before_second = result * 100 / (100 - values["second"])
    return before_second * 100 / (100 - values["first"]) == values["price"]


DISCOUNTS = Template(
    id="percentages.discounts",
    family="percentages",
    unit="money",
    draw=_draw_discounts,
    holds=_discounts_hold,
    solve=_solve_discounts,
    check=_check_discounts,
    workings=_discounts_workings,
    texts={
        "en": Wording(
            problems=(
                "A carpet costs {price:money}. In the autumn sale its price is cut by {first:pct}, and a month later "
                "the reduced price is cut by a further {second:pct}. What does the carpet cost then?",
                "A shop first takes {first:pct} off the price of a bicycle and later another {second:pct} off the new "
                "price. Before the two reductions the bicycle cost {price:money}. What is its final price?",
            ),
            solution="After the first cut the price is {price} * (1 - {first} ÷ 100) = {after:money}. The second cut "
            "is taken from this lower price, which gives {after} * (1 - {second} ÷ 100) = {result:money}. Together "
            "the two cuts amount to {total:pct} and not to {sum:pct}, because the second one applies to a smaller "
            "amount.",
        ),
        "fr": Wording(
            problems=(
                "Un tapis coûte {price:money}. Lors des soldes d'automne, son prix baisse de {first:pct} ; un mois "
                "plus tard, le prix soldé baisse encore de {second:pct}. Combien coûte alors le tapis ?",
                "Un magasin accorde d'abord une remise de {first:pct} sur un vélo, puis une remise de {second:pct} "
                "sur le nouveau prix. Avant ces deux remises, le vélo coûtait {price:money}. Quel est son prix final "
                "?",
            ),
            solution="Après la première baisse, le prix est de {price} * (1 - {first} ÷ 100) = {after:money}. La "
            "seconde s'applique à ce prix réduit, ce qui donne {after} * (1 - {second} ÷ 100) = {result:money}. Au "
            "total, la baisse est de {total:pct} et non de {sum:pct}, car la seconde porte sur un montant plus "
            "faible.",
        ),
        "de": Wording(
            problems=(
                "Ein Teppich kostet {price:money}. Im Herbst wird sein Preis um {first:pct} gesenkt, einen Monat "
                "später der gesenkte Preis noch einmal um {second:pct}. Was kostet der Teppich dann?",
                "Ein Geschäft gibt auf ein Fahrrad zuerst {first:pct} Rabatt und später weitere {second:pct} auf den "
                "neuen Preis. Vor den beiden Nachlässen kostete das Fahrrad {price:money}. Wie hoch ist der Endpreis?",
            ),
            solution="Nach dem ersten Nachlass beträgt der Preis {price} * (1 - {first} ÷ 100) = {after:money}. Der "
            "zweite wird von diesem niedrigeren Preis berechnet: {after} * (1 - {second} ÷ 100) = {result:money}. "
            "Zusammen sind das {total:pct} und nicht {sum:pct}, weil der zweite Nachlass von einem kleineren Betrag "
            "abgeht.",
        ),
        "it": Wording(
            problems=(
                "Un tappeto costa {price:money}. Durante i saldi autunnali il prezzo viene ridotto {first:del+pct} e "
                "un mese dopo il prezzo scontato viene ridotto di un ulteriore {second:pct}. Quanto costa allora il "
                "tappeto?",
                "Un negozio applica a una bicicletta prima uno sconto {first:del+pct} e poi, sul nuovo prezzo, uno "
                "sconto {second:del+pct}. Prima dei due sconti la bicicletta costava {price:money}. Qual è il prezzo "
                "finale?",
            ),
            solution="Dopo il primo sconto il prezzo è {price} * (1 - {first} ÷ 100) = {after:money}. Il secondo si "
            "calcola su questo prezzo ridotto e dà {after} * (1 - {second} ÷ 100) = {result:money}. In tutto la "
            "riduzione è {total:del+pct} e non {sum:del+pct}, perché il secondo sconto riguarda una somma minore.",
        ),
        "es": Wording(
            problems=(
                "Una alfombra cuesta {price:money}. En las rebajas de otoño su precio baja un {first:pct} y, un mes "
                "después, el precio rebajado baja otro {second:pct}. ¿Cuánto cuesta entonces la alfombra?",
                "Una tienda aplica a una bicicleta primero un descuento del {first:pct} y después otro del "
                "{second:pct} sobre el nuevo precio. Antes de los dos descuentos la bicicleta costaba {price:money}. "
                "¿Cuál es el precio final?",
            ),
            solution="Tras la primera rebaja el precio es {price} * (1 - {first} ÷ 100) = {after:money}. La segunda "
            "se aplica a ese precio reducido y da {after} * (1 - {second} ÷ 100) = {result:money}. En total la rebaja "
            "es del {total:pct} y no del {sum:pct}, porque la segunda se calcula sobre una cantidad menor.",
        ),
        "pl": Wording(
            problems=(
                "Dywan kosztuje {price:money}. Podczas jesiennej wyprzedaży jego cenę obniżono o {first:pct}, a "
                "miesiąc później obniżoną cenę zmniejszono jeszcze o {second:pct}. Ile kosztuje teraz dywan?",
                "Sklep najpierw obniżył cenę roweru o {first:pct}, a potem nową cenę o kolejne {second:pct}. Przed "
                "tymi obniżkami rower kosztował {price:money}. Jaka jest jego cena końcowa?",
            ),
            solution="Po pierwszej obniżce cena wynosi {price} * (1 - {first} ÷ 100) = {after:money}. Drugą obniżkę "
            "liczy się od tej niższej ceny, co daje {after} * (1 - {second} ÷ 100) = {result:money}. Łącznie cena "
            "spadła o {total:pct}, a nie o {sum:pct}, ponieważ druga obniżka dotyczy mniejszej kwoty.",
        ),
        "nl": Wording(
            problems=(
                "Een tapijt kost {price:money}. In de herfst wordt de prijs met {first:pct} verlaagd en een maand "
                "later gaat er van de verlaagde prijs nog eens {second:pct} af. Wat kost het tapijt dan?",
                "Een winkel geeft op een fiets eerst {first:pct} korting en later nog {second:pct} korting op de "
                "nieuwe prijs. Vóór de twee kortingen kostte de fiets {price:money}. Wat is de uiteindelijke prijs?",
            ),
            solution="Na de eerste verlaging is de prijs {price} * (1 - {first} ÷ 100) = {after:money}. De tweede "
            "gaat van die lagere prijs af: {after} * (1 - {second} ÷ 100) = {result:money}. Samen is dat een "
            "verlaging van {total:pct} en niet van {sum:pct}, omdat de tweede over een kleiner bedrag wordt berekend.",
        ),
        "la": Wording(
            problems=(
                "Tapete {price:money.abl} venit. Autumno pretium eius {first:pct} minuitur, et mense post pretium iam "
                "minutum iterum {second:pct} minuitur. Quanti tum tapete venit?",
                "Mercator de pretio birotae primum {first:pct} remittit, deinde de novo pretio {second:pct}. Ante has "
                "remissiones birota {price:money.abl} venibat. Quod est pretium ultimum?",
            ),
            solution="Post primam remissionem pretium est {price} * (1 - {first} ÷ 100) = {after:money}. Altera "
            "remissio ex hoc minore pretio computatur et efficit {after} * (1 - {second} ÷ 100) = {result:money.acc}. "
            "Summa remissionum est {total:pct}, non {sum:pct}, quia altera ad minorem summam pertinet.",
        ),
    },
    trace=Trace(
        given="price {price:money}, first cut {first:pct}, second cut {second:pct} of the reduced price",
        sought="price after both cuts",
        insight="the second cut is taken from the reduced price, so the percentages may not simply be added",
        steps=(
            "after the first cut → {price} * (100 - {first}) ÷ 100 = {after:money}",
            "after the second cut → {after} * (100 - {second}) ÷ 100 = {result:money}",
        ),
        checks=(
            "amounts taken off: {first_off} and {second_off}; {result} + {second_off} + {first_off} = {price}",
            "backwards: {result} ÷ (1 - {second} ÷ 100) = {after} and {after} ÷ (1 - {first} ÷ 100) = {price}",
            "total cut {total:pct}, less than {sum:pct}, as it must be",
        ),
    ),
    mistakes=(
        Mistake(
            name="adds_the_percentages",
            says="adds the two percentages and takes them off the first price",
            result=lambda values: Fraction(values["price"] * (100 - values["first"] - values["second"]), 100),
        ),
        Mistake(
            name="forgets_the_second_cut",
            says="stops after the first cut",
            result=lambda values: _discounts_workings(values)["after"],
        ),
        Mistake(
            name="forgets_the_first_cut",
            says="takes the second cut off the first price and leaves out the first",
            result=lambda values: Fraction(values["price"] * (100 - values["second"]), 100),
        ),
        Mistake(
            name="gives_what_is_taken_off",
            says="gives what the two cuts take off instead of the price that is left",
            result=lambda values: values["price"] - _solve_discounts(values),
        ),
        Mistake(
            name="multiplies_the_percentages",
            says="takes the product of the two percentages off the price",
            result=lambda values: round(
                Fraction(values["price"] * (10_000 - values["first"] * values["second"]), 10_000), 2
            ),
        ),
    ),
)
