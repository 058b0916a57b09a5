"""The tax that is contained in a sum at two rates."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_vat(rng: Random, difficulty: str) -> Values:
    step, most, reduced, normal = {
        "easy": (Fraction(20), 400, (5, 10), (20, 25)),
        "medium": (Fraction(5), 600, (5, 6, 8, 10), (16, 20, 22, 24, 25)),
        "hard": (Fraction(1, 2), 900, (4, 5, 6, 7, 8, 9), (19, 21, 22, 23, 24)),
    }[difficulty]
    low, high = rng.choice(reduced), rng.choice(normal)
    nets = [step * rng.randint(int(20 / step), int(most / step)) for _ in range(2)]
    first, second = (net * (100 + rate) / 100 for net, rate in zip(nets, (low, high), strict=True))
    return {"total": first + second, "first": first, "low": low, "high": high}


def _vat_workings(values: Values) -> Values:
    second = values["total"] - values["first"]
    first_net = Fraction(100 * values["first"], 100 + values["low"])
    second_net = Fraction(100 * second) / (100 + values["high"])
    return {
        "second": second,
        "low_gross": 100 + values["low"],
        "high_gross": 100 + values["high"],
        "first_tax": values["first"] - first_net,
        "second_tax": second - second_net,
        "first_net": first_net,
        "second_net": second_net,
    }


def _solve_vat(values: Values) -> Fraction:
    second = values["total"] - values["first"]
    first_tax = Fraction(values["first"] * values["low"], 100 + values["low"])
    return first_tax + Fraction(second * values["high"], 100 + values["high"])


def _vat_holds(values: Values) -> bool:
    workings = _vat_workings(values)
    amounts = (values["total"], values["first"], workings["first_tax"], workings["second_tax"])
    return all((100 * Fraction(amount)).denominator == 1 for amount in amounts)


def _check_vat(values: Values, result: Fraction) -> bool:
    """What is left without the tax, taxed anew at the two rates, is the total again.

    The net amounts are two unknowns: their sum is known from the result, the goods at the lower rate from their price.
    """
    low_net = Fraction(values["first"]) / (1 + Fraction(values["low"], 100))
    high_net = values["total"] - result - low_net
    return low_net + low_net * values["low"] / 100 + high_net + high_net * values["high"] / 100 == values["total"]


VAT = Template(
    id="percentages.vat",
    family="percentages",
    unit="money",
    draw=_draw_vat,
    holds=_vat_holds,
    solve=_solve_vat,
    check=_check_vat,
    workings=_vat_workings,
    texts={
        "en": Wording(
            problems=(
                "A bookshop's invoice comes to {total:money}, value added tax included. Of this sum, {first:money} "
                "is for books, on whose net price {low:pct} tax was charged; the rest is for stationery, taxed at "
                "{high:pct} of its net price. How much tax does the invoice contain in all?",
                "An inn charges {total:money} for a party, taxes included. The meals account for {first:money} of "
                "this and contain a tax of {low:pct} on the net price; for the drinks, which make up the rest, the "
                "rate is {high:pct}. What does the tax in the bill amount to altogether?",
            ),
            solution="A price with tax is {low_gross:pct} of the net price at the lower rate and {high_gross:pct} at "
            "the higher one. The first part contains {first} ÷ {low_gross} * {low} = {first_tax:money} of tax. The "
            "second part is {total} - {first} = {second:money} and contains {second} ÷ {high_gross} * {high} = "
            "{second_tax:money}. Together that is {first_tax} + {second_tax} = {result:money}.",
        ),
        "fr": Wording(
            problems=(
                "La facture d'une librairie s'élève à {total:money}, taxe sur la valeur ajoutée comprise. Sur cette "
                "somme, {first:money} correspondent à des livres, taxés à {low:pct} de leur prix hors taxe ; le "
                "reste correspond à de la papeterie, taxée à {high:pct} de son prix hors taxe. Quel est le montant "
                "total de la taxe contenue dans la facture ?",
                "Pour une fête, une auberge demande {total:money}, taxes comprises. Les repas y entrent pour "
                "{first:money} et contiennent une taxe de {low:pct} sur le prix net ; pour les boissons, qui forment "
                "le reste, le taux est de {high:pct}. À combien s'élève en tout la taxe comprise dans l'addition ?",
            ),
            solution="Taxe comprise, un prix vaut {low_gross:pct} du prix net au taux réduit et {high_gross:pct} au "
            "taux plein. La première partie contient {first} ÷ {low_gross} * {low} = {first_tax:money} de taxe. La "
            "seconde est de {total} - {first} = {second:money} et en contient {second} ÷ {high_gross} * {high} = "
            "{second_tax:money}. Ensemble, cela fait {first_tax} + {second_tax} = {result:money}.",
        ),
        "de": Wording(
            problems=(
                "Die Rechnung einer Buchhandlung lautet auf {total:money} einschließlich Mehrwertsteuer. Davon "
                "entfallen {first:money} auf Bücher, auf deren Nettopreis {low:pct} Steuer erhoben wurden, der Rest "
                "auf Schreibwaren, für die der Satz {high:pct} des Nettopreises beträgt. Wie viel Steuer enthält die "
                "Rechnung insgesamt?",
                "Ein Gasthaus verlangt für eine Feier {total:money}, Steuern inbegriffen. Auf die Speisen entfallen "
                "davon {first:money}; sie enthalten {low:pct} Steuer vom Nettopreis. Für die Getränke, die den Rest "
                "ausmachen, beträgt der Steuersatz {high:pct}. Wie hoch ist die in der Rechnung enthaltene Steuer im "
                "Ganzen?",
            ),
            solution="Ein Preis mit Steuer entspricht beim niedrigeren Satz {low_gross:pct} und beim höheren "
            "{high_gross:pct} des Nettopreises. Der erste Teil enthält {first} ÷ {low_gross} * {low} = "
            "{first_tax:money} Steuer. Der zweite Teil beträgt {total} - {first} = {second:money} und enthält "
            "{second} ÷ {high_gross} * {high} = {second_tax:money}. Zusammen sind das {first_tax} + {second_tax} = "
            "{result:money}.",
        ),
        "it": Wording(
            problems=(
                "La fattura di una libreria ammonta a {total:money}, imposta sul valore aggiunto compresa. Di questa "
                "somma {first:money} riguardano libri, tassati {low:al+pct} del prezzo netto; il resto riguarda "
                "articoli di cancelleria, tassati {high:al+pct} del prezzo netto. Quanta imposta contiene in tutto "
                "la fattura?",
                "Per una festa una locanda chiede {total:money}, imposte comprese. Di questi, {first:money} sono per "
                "i pasti e contengono un'imposta {low:del+pct} sul prezzo netto; per le bevande, che formano il "
                "resto, l'aliquota è {high:del+pct}. A quanto ammonta complessivamente l'imposta compresa nel conto?",
            ),
            solution="Un prezzo con imposta è {low_gross:il+pct} del prezzo netto con l'aliquota più bassa e "
            "{high_gross:il+pct} con la più alta. La prima parte contiene {first} ÷ {low_gross} * {low} = "
            "{first_tax:money} di imposta. La seconda è di {total} - {first} = {second:money} e ne contiene {second} "
            "÷ {high_gross} * {high} = {second_tax:money}. Insieme fanno {first_tax} + {second_tax} = {result:money}.",
        ),
        "es": Wording(
            problems=(
                "La factura de una librería asciende a {total:money}, impuesto sobre el valor añadido incluido. De "
                "esa suma, {first:money} corresponden a libros, gravados con un {low:pct} de su precio neto; el "
                "resto corresponde a artículos de papelería, gravados con un {high:pct} de su precio neto. ¿Cuánto "
                "impuesto contiene la factura en total?",
                "Por una fiesta, un mesón cobra {total:money}, impuestos incluidos. De ellos, {first:money} son de "
                "la comida y contienen un impuesto del {low:pct} sobre el precio neto; para la bebida, que forma el "
                "resto, el tipo es del {high:pct}. ¿A cuánto asciende en conjunto el impuesto incluido en la cuenta?",
            ),
            solution="Con impuesto, un precio es el {low_gross:pct} del precio neto con el tipo más bajo y el "
            "{high_gross:pct} con el más alto. La primera parte contiene {first} ÷ {low_gross} * {low} = "
            "{first_tax:money} de impuesto. La segunda es de {total} - {first} = {second:money} y contiene {second} "
            "÷ {high_gross} * {high} = {second_tax:money}. En total son {first_tax} + {second_tax} = {result:money}.",
        ),
        "pl": Wording(
            problems=(
                "Faktura z księgarni opiewa na {total:money} z podatkiem VAT. Same książki kosztowały {first:money}, "
                "w tym podatek w wysokości {low:pct} ceny netto; reszta to artykuły papiernicze, dla których podatek "
                "wynosi {high:pct} ceny netto. Ile podatku zawiera łącznie cała faktura?",
                "Gospoda wystawiła za przyjęcie rachunek na {total:money} wraz z podatkiem. Posiłki kosztowały z "
                "tego {first:money}, a zawarty w tej kwocie podatek to {low:pct} ceny netto; dla napojów, które "
                "stanowią resztę, stawka wynosi {high:pct}. Jaka jest łączna kwota podatku zawartego w rachunku?",
            ),
            solution="Cena z podatkiem to przy niższej stawce {low_gross:pct} ceny netto, a przy wyższej "
            "{high_gross:pct}. Podatek w pierwszej części wynosi {first} ÷ {low_gross} * {low} = {first_tax:money}. "
            "Druga część to {total} - {first} = {second:money}, a podatek w niej wynosi {second} ÷ {high_gross} * "
            "{high} = {second_tax:money}. Razem daje to {first_tax} + {second_tax} = {result:money}.",
        ),
        "nl": Wording(
            problems=(
                "De rekening van een boekhandel bedraagt {total:money}, inclusief btw. Daarvan is {first:money} voor "
                "boeken, waarop {low:pct} van de nettoprijs aan belasting is geheven; de rest is voor schrijfwaren, "
                "met een tarief van {high:pct} van de nettoprijs. Hoeveel belasting bevat de rekening in totaal?",
                "Een herberg vraagt voor een feest {total:money}, belasting inbegrepen. De maaltijden zijn daarvan "
                "goed voor {first:money} en bevatten {low:pct} belasting over de nettoprijs; voor de drankjes, die "
                "de rest vormen, is het tarief {high:pct}. Hoe hoog is de belasting in de rekening alles bij elkaar?",
            ),
            solution="Een prijs met belasting is bij het lage tarief {low_gross:pct} van de nettoprijs en bij het "
            "hoge {high_gross:pct}. Het eerste deel bevat {first} ÷ {low_gross} * {low} = {first_tax:money} "
            "belasting. Het tweede deel is {total} - {first} = {second:money} en bevat {second} ÷ {high_gross} * "
            "{high} = {second_tax:money}. Samen is dat {first_tax} + {second_tax} = {result:money}.",
        ),
        "la": Wording(
            problems=(
                "Summa rationis apud bibliopolam est {total:money}, vectigali incluso. Ex his {first:money} pro "
                "libris solvuntur, in quibus vectigal {low:pct} pretii puri est; reliquum pro chartis et calamis "
                "solvitur, quorum vectigal {high:pct} pretii puri est. Quantum vectigal in tota ratione inest?",
                "Caupo pro convivio {total:money.acc} poscit, vectigali incluso. Ex his {first:money} ad cibos "
                "pertinent, quorum vectigal {low:pct} pretii puri est; in potionibus, ad quas reliqua summa "
                "pertinet, vectigal {high:pct} pretii puri est. Quanta est summa vectigalis, quod in ratione "
                "continetur?",
            ),
            solution="Pretium cum vectigali minore {low_gross:pct} pretii puri efficit, cum maiore {high_gross:pct}. "
            "In prima parte vectigal est {first} ÷ {low_gross} * {low} = {first_tax:money}. Altera pars est {total} "
            "- {first} = {second:money}, cuius vectigal est {second} ÷ {high_gross} * {high} = {second_tax:money}. "
            "Summa vectigalis est {first_tax} + {second_tax} = {result:money}.",
        ),
    },
    trace=Trace(
        given="{total:money} with tax; {first:money} of it at {low:pct}, the rest at {high:pct} of the net price",
        sought="tax contained in the total",
        insight="the rates are per cent of the net price; a price with tax is 100 + rate per cent of it",
        steps=(
            "first part → {first} ÷ {low_gross} * {low} = {first_tax:money}",
            "second part → {total} - {first} = {second:money}",
            "its tax → {second} ÷ {high_gross} * {high} = {second_tax:money}",
            "together → {first_tax} + {second_tax} = {result:money}",
        ),
        checks=(
            "net prices: {first} - {first_tax} = {first_net} AND {second} - {second_tax} = {second_net}",
            "taxed: {first_net} * {low} ÷ 100 = {first_tax} AND {second_net} * {high} ÷ 100 = {second_tax}",
            "{first_net} + {second_net} + {result} = {total}",
        ),
    ),
    mistakes=(
        Mistake(
            name="takes_the_rates_of_the_gross",
            says="takes the two rates of the prices with tax instead of the net prices",
            result=lambda values: round(
                Fraction(values["first"] * values["low"] + (values["total"] - values["first"]) * values["high"], 100),
                2,
            ),
        ),
        Mistake(
            name="takes_the_higher_rate_for_all",
            says="takes the higher rate for the whole total",
            result=lambda values: round(Fraction(values["total"] * values["high"], 100 + values["high"]), 2),
        ),
        Mistake(
            name="takes_the_lower_rate_for_all",
            says="takes the lower rate for the whole total",
            result=lambda values: round(Fraction(values["total"] * values["low"], 100 + values["low"]), 2),
        ),
        Mistake(
            name="swaps_the_rates",
            says="gives each of the two parts the rate of the other one",
            result=lambda values: round(
                Fraction(values["first"] * values["high"], 100 + values["high"])
                + Fraction((values["total"] - values["first"]) * values["low"], 100 + values["low"]),
                2,
            ),
        ),
        Mistake(
            name="gives_the_net_total",
            says="gives the total without the tax instead of the tax",
            result=lambda values: values["total"] - _solve_vat(values),
        ),
    ),
)
