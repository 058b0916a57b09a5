"""The price before a reduction."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_reverse(rng: Random, difficulty: str) -> Values:
    price, rates, voucher = {
        "easy": (20 * rng.randint(2, 40), (10, 20, 25, 30, 40, 50), 5 * rng.randint(1, 6)),
        "medium": (5 * rng.randint(12, 180), (5, 10, 15, 20, 30, 35, 40, 45, 60), rng.randint(3, 40)),
        "hard": (
            2 * rng.randint(40, 600),
            (4, 6, 8, 12, 14, 16, 18, 22, 24, 28, 32, 36),
            Fraction(rng.randint(5, 90), 2),
        ),
    }[difficulty]
    rate = rng.choice(rates)
    return {"rate": rate, "voucher": voucher, "paid": Fraction(price * (100 - rate), 100) - voucher}


def _reverse_workings(values: Values) -> Values:
    reduced = Fraction(values["paid"] + values["voucher"])
    price = reduced * 100 / (100 - values["rate"])
    return {
        "reduced": reduced,
        "remaining": 100 - values["rate"],
        "one_percent": reduced / (100 - values["rate"]),
        "off": price - reduced,
    }


def _solve_reverse(values: Values) -> Fraction:
    return 100 * Fraction(_reverse_workings(values)["one_percent"])


def _reverse_holds(values: Values) -> bool:
    in_cents = (100 * Fraction(values["paid"])).denominator == 1
    return in_cents and values["paid"] >= 3 * values["voucher"] and values["paid"] >= 12


def _check_reverse(values: Values, result: Fraction) -> bool:
    """Forwards: the reduction and the voucher are taken from the price, one after the other."""
    return result - result * values["rate"] / 100 - values["voucher"] == values["paid"]


REVERSE = Template(
    id="percentages.reverse",
    family="percentages",
    unit="money",
    draw=_draw_reverse,
    holds=_reverse_holds,
    solve=_solve_reverse,
    check=_check_reverse,
    workings=_reverse_workings,
    texts={
        "en": Wording(
            problems=(
                "In the summer sale a shop reduces a tent by {rate:pct}. A customer also hands in a voucher for "
                "{voucher:money}, which is taken off the reduced price, and then has {paid:money} to pay. What was "
                "the price of the tent before the sale?",
                "A family books a holiday flat early and gets {rate:pct} off the price of the stay. Since the "
                "washing machine is broken, the landlord lets them off a further {voucher:money}, so that they pay "
                "{paid:money}. What is the full price of the stay?",
            ),
            solution="Without the last deduction, {paid} + {voucher} = {reduced:money} would be due. That is 100 - "
            "{rate} = {remaining:pct} of the full price. One per cent is {reduced} ÷ {remaining} = "
            "{one_percent:money}, and the full price is 100 * {one_percent} = {result:money}.",
        ),
        "fr": Wording(
            problems=(
                "Pendant les soldes d'été, un magasin baisse le prix d'une tente de {rate:pct}. Une cliente présente "
                "en outre un bon de {voucher:money}, déduit du prix soldé, et n'a plus que {paid:money} à payer. "
                "Combien la tente coûtait-elle avant les soldes ?",
                "Une famille réserve tôt un appartement de vacances et obtient {rate:pct} de remise sur le prix du "
                "séjour. Comme le lave-linge est en panne, le propriétaire lui fait encore grâce de {voucher:money}, "
                "si bien qu'elle paie {paid:money}. Quel est le prix du séjour sans réduction ?",
            ),
            solution="Sans la dernière déduction, il faudrait payer {paid} + {voucher} = {reduced:money}. C'est 100 "
            "- {rate} = {remaining:pct} du prix initial. Un pour cent vaut {reduced} ÷ {remaining} = "
            "{one_percent:money}, et le prix initial est de 100 * {one_percent} = {result:money}.",
        ),
        "de": Wording(
            problems=(
                "Im Sommerschlussverkauf setzt ein Geschäft ein Zelt um {rate:pct} herab. Eine Kundin löst außerdem "
                "einen Gutschein über {voucher:money} ein, der vom herabgesetzten Preis abgezogen wird, und muss "
                "noch {paid:money} bezahlen. Wie viel kostete das Zelt vor dem Schlussverkauf?",
                "Eine Familie bucht frühzeitig eine Ferienwohnung und bekommt {rate:pct} Nachlass auf den Preis des "
                "Aufenthalts. Weil die Waschmaschine kaputt ist, erlässt ihr der Vermieter weitere {voucher:money}, "
                "sodass sie {paid:money} zahlt. Wie hoch ist der volle Preis des Aufenthalts?",
            ),
            solution="Ohne den letzten Abzug wären {paid} + {voucher} = {reduced:money} fällig. Das sind 100 - "
            "{rate} = {remaining:pct} des vollen Preises. Ein Prozent entspricht {reduced} ÷ {remaining} = "
            "{one_percent:money}, der volle Preis also 100 * {one_percent} = {result:money}.",
        ),
        "it": Wording(
            problems=(
                "Durante i saldi estivi un negozio ribassa {rate:del+pct} il prezzo di una tenda. Una cliente "
                "presenta anche un buono da {voucher:money}, che viene detratto dal prezzo ribassato, e deve pagare "
                "{paid:money}. Quanto costava la tenda prima dei saldi?",
                "Una famiglia prenota in anticipo un appartamento per le vacanze e ottiene uno sconto {rate:del+pct} "
                "sul prezzo del soggiorno. Poiché la lavatrice è guasta, il proprietario toglie altri "
                "{voucher:money} e la famiglia paga {paid:money}. Qual è il prezzo pieno del soggiorno?",
            ),
            solution="Senza l'ultima detrazione si dovrebbero pagare {paid} + {voucher} = {reduced:money}. La somma "
            "corrisponde a 100 - {rate} = {remaining:pct} del prezzo pieno. L'uno per cento è {reduced} ÷ "
            "{remaining} = {one_percent:money}, e il prezzo pieno è 100 * {one_percent} = {result:money}.",
        ),
        "es": Wording(
            problems=(
                "En las rebajas de verano, un comercio baja un {rate:pct} el precio de una tienda de campaña. Una "
                "clienta entrega además un vale de {voucher:money}, que se descuenta del precio rebajado, y tiene "
                "que pagar {paid:money}. ¿Cuánto costaba la tienda de campaña antes de las rebajas?",
                "Una familia reserva con antelación un apartamento de vacaciones y obtiene un {rate:pct} de "
                "descuento sobre el precio de la estancia. Como la lavadora está estropeada, el dueño le perdona "
                "otros {voucher:money}, de modo que paga {paid:money}. ¿Cuál es el precio completo de la estancia?",
            ),
            solution="Sin la última deducción habría que pagar {paid} + {voucher} = {reduced:money}. Esa cantidad es "
            "100 - {rate} = {remaining:pct} del precio completo. El uno por ciento equivale a {reduced} ÷ "
            "{remaining} = {one_percent:money}, y el precio completo es 100 * {one_percent} = {result:money}.",
        ),
        "pl": Wording(
            problems=(
                "Na letniej wyprzedaży sklep obniżył cenę namiotu o {rate:pct}. Klientka zrealizowała ponadto bon, "
                "dzięki któremu od obniżonej ceny odjęto {voucher:money}, i miała do zapłaty {paid:money}. Ile "
                "kosztował namiot przed wyprzedażą?",
                "Rodzina wcześnie rezerwuje mieszkanie na wakacje i otrzymuje {rate:pct} zniżki od ceny pobytu. "
                "Ponieważ pralka jest zepsuta, właściciel zmniejsza rachunek jeszcze o {voucher:money}, tak że "
                "rodzina płaci {paid:money}. Jaka jest pełna cena pobytu?",
            ),
            solution="Bez ostatniego odliczenia należałoby zapłacić {paid} + {voucher} = {reduced:money}. Stanowi to "
            "100 - {rate} = {remaining:pct} pełnej ceny. Jeden procent to {reduced} ÷ {remaining} = "
            "{one_percent:money}, a pełna cena to 100 * {one_percent} = {result:money}.",
        ),
        "nl": Wording(
            problems=(
                "In de zomeruitverkoop verlaagt een winkel de prijs van een tent met {rate:pct}. Een klant levert "
                "bovendien een bon van {voucher:money} in, die van de verlaagde prijs wordt afgetrokken, en moet dan "
                "{paid:money} betalen. Wat kostte de tent vóór de uitverkoop?",
                "Een gezin boekt vroeg een vakantiewoning en krijgt {rate:pct} korting op de prijs van het verblijf. "
                "Omdat de wasmachine stuk is, trekt de verhuurder er nog eens {voucher:money} af, zodat het gezin "
                "{paid:money} betaalt. Wat is de volle prijs van het verblijf?",
            ),
            solution="Zonder de laatste aftrek zou er {paid} + {voucher} = {reduced:money} te betalen zijn. Dat is "
            "100 - {rate} = {remaining:pct} van de volle prijs. Eén procent is {reduced} ÷ {remaining} = "
            "{one_percent:money}, en de volle prijs is 100 * {one_percent} = {result:money}.",
        ),
        "la": Wording(
            problems=(
                "Mercator aestate pretium tentorii {rate:pct} minuit. Emptor praeterea syngrapham ostendit, propter "
                "quam de pretio minuto {voucher:money} deducuntur; itaque {paid:money.acc} solvit. Quanti tentorium "
                "antea venibat?",
                "Familia domum ad ferias mature conducit, et de mercede {rate:pct} ei remittuntur. Quia culina manca "
                "est, dominus postea {voucher:money.acc} praeterea remittit; itaque familia {paid:money.acc} solvit. "
                "Quanta est merces plena?",
            ),
            solution="Sine ultima remissione {paid} + {voucher} = {reduced:money} solvendi essent. Haec summa 100 - "
            "{rate} = {remaining:pct} pretii pleni efficit. Una centesima est {reduced} ÷ {remaining} = "
            "{one_percent:money}; pretium ergo plenum est 100 * {one_percent} = {result:money}.",
        ),
    },
    trace=Trace(
        given="{rate:pct} off, then {voucher:money} off, {paid:money} paid",
        sought="full price",
        insight="go backwards: first undo the fixed deduction, then the percentage, which belongs to the full price",
        steps=(
            "before the fixed deduction → {paid} + {voucher} = {reduced:money}",
            "share of the full price → 100 - {rate} = {remaining:pct}",
            "one per cent → {reduced} ÷ {remaining} = {one_percent:money}",
            "full price → 100 * {one_percent} = {result:money}",
        ),
        checks=(
            "{rate:pct} of {result} are {off:money}; {result} - {off} = {reduced}",
            "{reduced} - {voucher} = {paid:money}, as paid",
        ),
    ),
    mistakes=(
        Mistake(
            name="adds_the_rate_to_what_was_paid",
            says="adds the percentage of the reduced price instead of dividing by the share that is left",
            result=lambda values: round(
                Fraction((values["paid"] + values["voucher"]) * (100 + values["rate"]), 100), 2
            ),
        ),
        Mistake(
            name="forgets_the_deduction",
            says="undoes the percentage only and forgets the fixed deduction",
            result=lambda values: round(Fraction(100 * values["paid"], 100 - values["rate"]), 2),
        ),
        Mistake(
            name="undoes_in_the_wrong_order",
            says="undoes the percentage first and adds the fixed deduction afterwards",
            result=lambda values: round(Fraction(100 * values["paid"], 100 - values["rate"]), 2) + values["voucher"],
        ),
        Mistake(
            name="subtracts_the_deduction",
            says="subtracts the fixed deduction instead of adding it back",
            result=lambda values: round(Fraction(100 * (values["paid"] - values["voucher"]), 100 - values["rate"]), 2),
        ),
        Mistake(
            name="divides_by_the_rate",
            says="divides by the percentage that was taken off instead of the share that is left",
            result=lambda values: round(Fraction(100 * (values["paid"] + values["voucher"]), values["rate"]), 2),
        ),
    ),
)
