"""Instalments after a deposit."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_instalments(rng: Random, difficulty: str) -> Values:
    price, deposit, surcharge, count = {
        "easy": (
            100 * rng.randint(4, 60),
            rng.choice((10, 20, 25, 30, 40, 50)),
            rng.choice((5, 10, 20)),
            rng.randint(4, 12),
        ),
        "medium": (
            20 * rng.randint(15, 300),
            5 * rng.randint(2, 9),
            rng.choice((4, 5, 6, 8, 10, 12)),
            rng.randint(5, 24),
        ),
        "hard": (5 * rng.randint(80, 1800), rng.randint(8, 45), Fraction(rng.randint(5, 27), 2), rng.randint(6, 48)),
    }[difficulty]
    return {"price": price, "deposit": deposit, "surcharge": surcharge, "count": count}


def _instalments_workings(values: Values) -> Values:
    paid_down = Fraction(values["price"] * values["deposit"], 100)
    rest = values["price"] - paid_down
    extra = rest * values["surcharge"] / 100
    return {
        "paid_down": paid_down,
        "rest": rest,
        "extra": extra,
        "due": rest + extra,
        "in_all": values["price"] + extra,
    }


def _solve_instalments(values: Values) -> Fraction:
    return Fraction(_instalments_workings(values)["due"]) / values["count"]


def _instalments_hold(values: Values) -> bool:
    workings = _instalments_workings(values)
    amounts = (workings["paid_down"], workings["extra"], _solve_instalments(values))
    return all((100 * Fraction(amount)).denominator == 1 for amount in amounts) and _solve_instalments(values) >= 5


def _check_instalments(values: Values, result: Fraction) -> bool:
    """What the instalments come to is freed from the surcharge; with the deposit it is the price."""
    without_surcharge = result * values["count"] / (1 + Fraction(values["surcharge"]) / 100)
    return without_surcharge / (1 - Fraction(values["deposit"], 100)) == values["price"]


INSTALMENTS = Template(
    id="finance.instalments",
    family="finance",
    unit="money",
    draw=_draw_instalments,
    holds=_instalments_hold,
    solve=_solve_instalments,
    check=_check_instalments,
    workings=_instalments_workings,
    texts={
        "en": Wording(
            problems=(
                "A piano costs {price:money}. The buyer pays {deposit:pct} of the price at once. A surcharge of "
                "{surcharge:pct} is put on what is still owed, and the whole is paid in equal monthly instalments, "
                "{count} of them. How large is one instalment?",
                "A carpenter buys a band saw priced at {price:money} on credit: a deposit of {deposit:pct} when it "
                "is delivered, and the rest, increased by {surcharge:pct}, spread evenly over {count:loan_month}. "
                "What does he pay each month?",
            ),
            solution="The deposit is {price} * {deposit} ÷ 100 = {paid_down:money}, which leaves {price} - "
            "{paid_down} = {rest:money}. The surcharge on this is {rest} * {surcharge} ÷ 100 = {extra:money}. So "
            "{rest} + {extra} = {due:money} remain to be paid. One instalment is {due} ÷ {count} = {result:money}.",
        ),
        "fr": Wording(
            problems=(
                "Un piano coûte {price:money}. L'acheteuse verse aussitôt {deposit:pct} du prix. La somme encore due "
                "est majorée de {surcharge:pct} et payée en {count} mensualités égales. Quel est le montant d'une "
                "mensualité ?",
                "Un menuisier achète à crédit une scie à ruban dont le prix est de {price:money} : un acompte de "
                "{deposit:pct} à la livraison, et le reste, augmenté de {surcharge:pct}, réparti également sur "
                "{count:loan_month}. Combien paie-t-il chaque mois ?",
            ),
            solution="L'acompte est de {price} * {deposit} ÷ 100 = {paid_down:money} ; il reste donc {price} - "
            "{paid_down} = {rest:money}. La majoration de ce reste est de {rest} * {surcharge} ÷ 100 = "
            "{extra:money}. Il faut encore payer {rest} + {extra} = {due:money}. Une mensualité est donc de {due} ÷ "
            "{count} = {result:money}.",
        ),
        "de": Wording(
            problems=(
                "Ein Klavier kostet {price:money}. Die Käuferin zahlt {deposit:pct} des Preises sofort. Auf den noch "
                "offenen Betrag kommt ein Aufschlag von {surcharge:pct}, und das Ganze wird in {count} gleichen "
                "Monatsraten bezahlt. Wie hoch ist eine Rate?",
                "Ein Tischler kauft eine Bandsäge zum Preis von {price:money} auf Raten: {deposit:pct} Anzahlung bei "
                "der Lieferung, und der Rest wird um {surcharge:pct} erhöht und gleichmäßig auf {count:loan_month} "
                "verteilt. Wie viel zahlt er jeden Monat?",
            ),
            solution="Die Anzahlung beträgt {price} * {deposit} ÷ 100 = {paid_down:money}, es bleiben also {price} - "
            "{paid_down} = {rest:money}. Der Aufschlag darauf macht {rest} * {surcharge} ÷ 100 = {extra:money} aus. "
            "Zu zahlen sind noch {rest} + {extra} = {due:money}. Eine Rate beträgt {due} ÷ {count} = {result:money}.",
        ),
        "it": Wording(
            problems=(
                "Un pianoforte costa {price:money}. L'acquirente versa subito {deposit:il+pct} del prezzo. La somma "
                "ancora dovuta viene maggiorata {surcharge:del+pct} e pagata in {count} rate mensili uguali. A quanto "
                "ammonta una rata?",
                "Un falegname compra a credito una sega a nastro del prezzo di {price:money}: alla consegna un "
                "acconto {deposit:del+pct}, e il resto, aumentato {surcharge:del+pct}, distribuito in parti uguali "
                "su {count:loan_month}. Quanto paga ogni mese?",
            ),
            solution="L'acconto è {price} * {deposit} ÷ 100 = {paid_down:money}, quindi restano {price} - "
            "{paid_down} = {rest:money}. La maggiorazione su questa somma è {rest} * {surcharge} ÷ 100 = "
            "{extra:money}. Rimangono da pagare {rest} + {extra} = {due:money}. Una rata è di {due} ÷ {count} = "
            "{result:money}.",
        ),
        "es": Wording(
            problems=(
                "Un piano cuesta {price:money}. La compradora paga en el acto el {deposit:pct} del precio. La "
                "cantidad pendiente se recarga un {surcharge:pct} y se abona en {count} plazos mensuales iguales. "
                "¿Cuánto es cada plazo?",
                "Un carpintero compra a crédito una sierra de cinta cuyo precio es de {price:money}: una entrada del "
                "{deposit:pct} al recibirla y el resto, aumentado un {surcharge:pct}, repartido por igual en "
                "{count:loan_month}. ¿Cuánto paga cada mes?",
            ),
            solution="La entrada es de {price} * {deposit} ÷ 100 = {paid_down:money}, así que quedan {price} - "
            "{paid_down} = {rest:money}. El recargo sobre esa cantidad es de {rest} * {surcharge} ÷ 100 = "
            "{extra:money}. Faltan por pagar {rest} + {extra} = {due:money}. Cada plazo es de {due} ÷ {count} = "
            "{result:money}.",
        ),
        "pl": Wording(
            problems=(
                "Pianino kosztuje {price:money}. Kupująca płaci od razu {deposit:pct} ceny. Pozostałą do zapłaty "
                "kwotę powiększono o {surcharge:pct} i rozłożono na równe raty miesięczne, których liczba wynosi "
                "{count}. Jaka jest wysokość jednej raty?",
                "Stolarz kupuje na kredyt piłę taśmową, której cena wynosi {price:money}. Przy dostawie wpłaca "
                "{deposit:pct} ceny, a resztę, zwiększoną o {surcharge:pct}, spłaca po równo przez "
                "{count:loan_month}. Ile płaci co miesiąc?",
            ),
            solution="Wpłata początkowa to {price} * {deposit} ÷ 100 = {paid_down:money}, a reszta to {price} - "
            "{paid_down} = {rest:money}. Dopłata od tej reszty wynosi {rest} * {surcharge} ÷ 100 = {extra:money}. "
            "Pozostała do zapłaty kwota to {rest} + {extra} = {due:money}. Jedna rata wynosi {due} ÷ {count} = "
            "{result:money}.",
        ),
        "nl": Wording(
            problems=(
                "Een piano kost {price:money}. De koopster betaalt meteen {deposit:pct} van de prijs. Op het bedrag "
                "dat nog openstaat, komt een toeslag van {surcharge:pct}, en het geheel wordt in {count} gelijke "
                "maandelijkse termijnen betaald. Hoe groot is één termijn?",
                "Een timmerman koopt op afbetaling een lintzaag met een prijs van {price:money}: een aanbetaling van "
                "{deposit:pct} bij levering, en de rest, verhoogd met {surcharge:pct}, gelijk verdeeld over "
                "{count:loan_month}. Hoeveel betaalt hij elke maand?",
            ),
            solution="De aanbetaling is {price} * {deposit} ÷ 100 = {paid_down:money}, dus er blijft {price} - "
            "{paid_down} = {rest:money} over. De toeslag daarop is {rest} * {surcharge} ÷ 100 = {extra:money}. Er "
            "moet nog {rest} + {extra} = {due:money} worden betaald. Eén termijn is {due} ÷ {count} = {result:money}.",
        ),
        "la": Wording(
            problems=(
                "Clavile {price:money.abl} venit. Emptor statim {deposit:pct} pretii solvit. Ad summam adhuc debitam "
                "{surcharge:pct} eius adduntur, et totum aequis pensionibus menstruis solvitur, quarum numerus est "
                "{count}. Quanta est una pensio?",
                "Faber lignarius serram, cuius pretium est {price:money}, pensionibus solvendam emit: {deposit:pct} "
                "pretii statim solvit, reliquum autem, {surcharge:pct} auctum, per {count:loan_month.acc} aequaliter "
                "dividitur. Quantum singulis mensibus solvit?",
            ),
            solution="Prima solutio est {price} * {deposit} ÷ 100 = {paid_down:money}; restant igitur {price} - "
            "{paid_down} = {rest:money}. Additamentum huius summae est {rest} * {surcharge} ÷ 100 = {extra:money}. "
            "Solvendi adhuc sunt {rest} + {extra} = {due:money}. Una ergo pensio est {due} ÷ {count} = "
            "{result:money}.",
        ),
    },
    trace=Trace(
        given="price {price:money}, deposit {deposit:pct}, surcharge {surcharge:pct} on the rest, {count} instalments",
        sought="one instalment",
        insight="the surcharge belongs to the rest, not to the price; only what remains is divided",
        steps=(
            "deposit → {price} * {deposit} ÷ 100 = {paid_down:money}",
            "rest → {price} - {paid_down} = {rest:money}",
            "surcharge → {rest} * {surcharge} ÷ 100 = {extra:money}",
            "one instalment → ({rest} + {extra}) ÷ {count} = {result:money}",
        ),
        checks=(
            "all instalments: {count} * {result} = {due:money}",
            "with the deposit: {paid_down} + {due} = {in_all}, which is {extra} more than {price}",
        ),
    ),
    mistakes=(
        Mistake(
            name="puts_the_surcharge_on_the_price",
            says="reckons the surcharge on the whole price",
            result=lambda values: round(
                Fraction(values["price"]) * (100 - values["deposit"] + values["surcharge"]) / (100 * values["count"]),
                2,
            ),
        ),
        Mistake(
            name="forgets_the_deposit",
            says="divides the price with its surcharge, as if nothing had been paid at once",
            result=lambda values: round(
                Fraction(values["price"]) * (100 + values["surcharge"]) / (100 * values["count"]), 2
            ),
        ),
        Mistake(
            name="forgets_the_surcharge",
            says="divides what is left after the deposit without the surcharge",
            result=lambda values: round(Fraction(_instalments_workings(values)["rest"]) / values["count"], 2),
        ),
        Mistake(
            name="takes_the_surcharge_off",
            says="lowers what is owed by the surcharge instead of raising it",
            result=lambda values: round(
                Fraction(_instalments_workings(values)["rest"]) * (100 - values["surcharge"]) / (100 * values["count"]),
                2,
            ),
        ),
        Mistake(
            name="counts_the_deposit_as_an_instalment",
            says="divides by one instalment more, as if the deposit were one of them",
            result=lambda values: round(Fraction(_instalments_workings(values)["due"]) / (values["count"] + 1), 2),
        ),
    ),
)
