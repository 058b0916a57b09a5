"""Money changed into another currency and back."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_exchange(rng: Random, difficulty: str) -> Values:
    amount, fee, out, worse, back = {
        "easy": (
            50 * rng.randint(2, 24),
            rng.choice((2, 4, 5, 10)),
            Fraction(rng.randint(5, 12)),
            Fraction(1),
            Fraction(5),
        ),
        "medium": (
            20 * rng.randint(10, 90),
            rng.randint(1, 5),
            Fraction(rng.randint(10, 30), 2),
            Fraction(1, 2),
            Fraction(1),
        ),
        "hard": (
            10 * rng.randint(20, 240),
            Fraction(rng.randint(2, 9), 2),
            Fraction(rng.randint(52, 190), 10),
            Fraction(1, 10),
            Fraction(1, 2),
        ),
    }[difficulty]
    into = out + worse * rng.randint(1, 3)
    received = Fraction(amount * (100 - fee) * out) / 100
    brought_back = back * rng.randint(int(4 / back) + 1, max(int(received / into / back), int(4 / back) + 1))
    return {"amount": amount, "fee": fee, "out": out, "spent": received - brought_back * into, "into": into}


def _exchange_workings(values: Values) -> Values:
    changed = Fraction(values["amount"] * (100 - values["fee"])) / 100
    received = changed * values["out"]
    return {
        "charge": values["amount"] - changed,
        "changed": changed,
        "received": received,
        "left": received - values["spent"],
    }


def _solve_exchange(values: Values) -> Fraction:
    return Fraction(_exchange_workings(values)["left"]) / values["into"]


def _exchange_holds(values: Values) -> bool:
    workings = _exchange_workings(values)
    in_cents = all((100 * Fraction(workings[each])).denominator == 1 for each in ("changed", "received"))
    tidy = in_cents and Fraction(values["spent"]).denominator == 1
    # somebody who spends nearly nothing, or nearly everything, would not make a story
    return tidy and workings["received"] * Fraction(3, 10) <= values["spent"] <= workings["received"] * Fraction(19, 20)


def _check_exchange(values: Values, result: Fraction) -> bool:
    """The whole journey backwards, from the money that is brought home to the money that was taken along."""
    before_spending = result * values["into"] + values["spent"]
    return before_spending / values["out"] / (1 - Fraction(values["fee"]) / 100) == values["amount"]


EXCHANGE = Template(
    id="finance.exchange",
    family="finance",
    unit="money",
    draw=_draw_exchange,
    holds=_exchange_holds,
    solve=_solve_exchange,
    check=_check_exchange,
    workings=_exchange_workings,
    texts={
        "en": Wording(
            problems=(
                "A traveller takes {amount:money} to an exchange office, which keeps {fee:pct} of it as its "
                "commission and gives {out:crown} for every pound of the rest. On the journey she spends "
                "{spent:crown}. Back home she changes what is left, and now has to give {into:crown} for one pound. "
                "How many pounds does she get back?",
                "Before visiting a country where people pay in crowns, Peter changes {amount:money}. The bank "
                "deducts a commission of {fee:pct} from this sum and pays out the remainder at {out:crown} to the "
                "pound. He uses up {spent:crown} and changes the others on his return, free of charge, at "
                "{into:crown} to the pound. What sum in pounds does he receive?",
            ),
            solution="The commission is {amount} * {fee} ÷ 100 = {charge:money}, so {amount} - {charge} = "
            "{changed:money} are changed. That gives {changed} * {out} = {received:crown}. After the journey "
            "{received} - {spent} = {left:crown} are left. Changed back, they give {left} ÷ {into} = {result:money}.",
        ),
        "fr": Wording(
            problems=(
                "Une voyageuse apporte {amount:money} à un bureau de change, qui en garde {fee:pct} comme commission "
                "et donne {out:crown} pour chaque euro du reste. Pendant le voyage, elle dépense {spent:crown}. De "
                "retour chez elle, elle change ce qui reste ; il lui faut alors donner {into:crown} pour un euro. "
                "Combien d'euros récupère-t-elle ?",
                "Avant de visiter un pays où l'on paie en couronnes, Pierre change {amount:money}. La banque retient "
                "une commission de {fee:pct} sur cette somme et lui verse la contrepartie du reste à raison de "
                "{out:crown} pour un euro. Il utilise {spent:crown} et change les autres à son retour, sans frais, à "
                "{into:crown} pour un euro. Quelle somme en euros reçoit-il ?",
            ),
            solution="La commission est de {amount} * {fee} ÷ 100 = {charge:money} ; on change donc {amount} - "
            "{charge} = {changed:money}. Cela donne {changed} * {out} = {received:crown}. Après le voyage, il reste "
            "{received} - {spent} = {left:crown}. Au change de retour, on obtient {left} ÷ {into} = {result:money}.",
        ),
        "de": Wording(
            problems=(
                "Eine Reisende bringt {amount:money} in eine Wechselstube, die davon {fee:pct} als Gebühr behält und "
                "für jeden Euro des Restes {out:crown} gibt. Auf der Reise gibt sie {spent:crown} aus. Wieder zu "
                "Hause tauscht sie, was übrig ist, und muss nun {into:crown} für einen Euro geben. Wie viele Euro "
                "bekommt sie zurück?",
                "Vor dem Besuch eines Landes, in dem man mit Kronen zahlt, wechselt Peter {amount:money}. Die Bank "
                "zieht von dieser Summe {fee:pct} Gebühr ab und zahlt den Rest zum Kurs von {out:trade_crown.dat} je "
                "Euro aus. Er verbraucht {spent:crown} und tauscht die übrigen nach der Rückkehr gebührenfrei zum "
                "Kurs von {into:trade_crown.dat} je Euro. Welchen Betrag in Euro erhält er?",
            ),
            solution="Die Gebühr beträgt {amount} * {fee} ÷ 100 = {charge:money}, gewechselt werden also {amount} - "
            "{charge} = {changed:money}. Das ergibt {changed} * {out} = {received:crown}. Nach der Reise bleiben "
            "{received} - {spent} = {left:crown}. Zurückgetauscht sind das {left} ÷ {into} = {result:money}.",
        ),
        "it": Wording(
            problems=(
                "Una viaggiatrice porta {amount:money} a un ufficio di cambio, che ne trattiene {fee:il+pct} come "
                "commissione e dà {out:crown} per ogni euro del resto. Durante il viaggio spende {spent:crown}. "
                "Tornata a casa, cambia ciò che le è rimasto e deve dare {into:crown} per un euro. Quanti euro "
                "riottiene?",
                "Prima di visitare un paese in cui si paga in corone, Pietro cambia {amount:money}. La banca "
                "trattiene su questa somma una commissione {fee:del+pct} e gli versa il controvalore del resto a "
                "{out:crown} per un euro. Egli ne usa {spent} e al ritorno cambia le altre senza spese, a "
                "{into:crown} per un euro. Quale somma in euro riceve?",
            ),
            solution="La commissione è {amount} * {fee} ÷ 100 = {charge:money}, quindi si cambiano {amount} - "
            "{charge} = {changed:money}. Si ottengono {changed} * {out} = {received:crown}. Dopo il viaggio restano "
            "{received} - {spent} = {left:crown}. Cambiate di nuovo, danno {left} ÷ {into} = {result:money}.",
        ),
        "es": Wording(
            problems=(
                "Una viajera lleva {amount:money} a una oficina de cambio, que se queda con el {fee:pct} como "
                "comisión y da {out:crown} por cada euro del resto. Durante el viaje gasta {spent:crown}. De vuelta "
                "en casa cambia lo que le queda, y ahora tiene que dar {into:crown} por un euro. ¿Cuántos euros "
                "recupera?",
                "Antes de visitar un país donde se paga en coronas, Pedro cambia {amount:money}. El banco descuenta "
                "de esa suma una comisión del {fee:pct} y le entrega el resto a razón de {out:crown} por euro. Gasta "
                "{spent:crown} y, a la vuelta, cambia las demás sin comisión, a {into:crown} por euro. ¿Qué cantidad "
                "de euros recibe?",
            ),
            solution="La comisión es de {amount} * {fee} ÷ 100 = {charge:money}, así que se cambian {amount} - "
            "{charge} = {changed:money}. Eso da {changed} * {out} = {received:crown}. Después del viaje quedan "
            "{received} - {spent} = {left:crown}. Al cambiarlas de nuevo se obtienen {left} ÷ {into} = "
            "{result:money}.",
        ),
        "pl": Wording(
            problems=(
                "Podróżniczka wymienia w kantorze {amount:money}. Kantor zatrzymuje {fee:pct} tej kwoty jako "
                "prowizję, a za każdy złoty z reszty daje {out:crown.acc}. W podróży wydała {spent:crown.acc}. Po "
                "powrocie wymieniła to, co jej zostało, ale teraz musiała dać {into:crown.acc} za jeden złoty. Ile "
                "złotych odzyskała?",
                "Przed wyjazdem do kraju, w którym płaci się koronami, Piotr wymienia {amount:money}. Bank potrąca "
                "od tej sumy {fee:pct} prowizji, a resztę wypłaca po kursie {out:crown} za jeden złoty. Piotr zużywa "
                "{spent:crown.acc}, a resztę koron po powrocie wymienia bez prowizji po kursie {into:crown} za jeden "
                "złoty. Jaką kwotę w złotych otrzymuje?",
            ),
            solution="Prowizja wynosi {amount} * {fee} ÷ 100 = {charge:money}, więc wymieniona kwota to {amount} - "
            "{charge} = {changed:money}. W koronach jest to {changed} * {out} = {received:crown}. Reszta po podróży "
            "to {received} - {spent} = {left:crown}. Po ponownej wymianie otrzymuje się {left} ÷ {into} = "
            "{result:money}.",
        ),
        "nl": Wording(
            problems=(
                "Een reizigster brengt {amount:money} naar een wisselkantoor, dat daarvan {fee:pct} als provisie "
                "inhoudt en voor elke euro van de rest {out:crown} geeft. Onderweg geeft ze {spent:crown} uit. Weer "
                "thuis wisselt ze wat er over is en moet ze {into:crown} geven voor één euro. Hoeveel euro krijgt ze "
                "terug?",
                "Voordat hij een land bezoekt waar men met kronen betaalt, wisselt Pieter {amount:money}. De bank "
                "houdt op dit bedrag {fee:pct} provisie in en betaalt de rest uit tegen {out:crown} per euro. Hij "
                "gebruikt {spent:crown} en wisselt de overgebleven kronen bij zijn terugkeer zonder kosten tegen "
                "{into:crown} per euro. Welk bedrag in euro ontvangt hij?",
            ),
            solution="De provisie is {amount} * {fee} ÷ 100 = {charge:money}, dus er wordt {amount} - {charge} = "
            "{changed:money} gewisseld. Dat levert {changed} * {out} = {received:crown} op. Na de reis zijn er "
            "{received} - {spent} = {left:crown} over. Teruggewisseld is dat {left} ÷ {into} = {result:money}.",
        ),
        "la": Wording(
            problems=(
                "Viatrix {amount:money.acc} ad nummularium fert, qui {fee:pct} eorum sibi retinet et pro singulis "
                "reliquis denariis {out:crown.acc} dat. In itinere {spent:crown.acc} impendit. Domum reversa coronas "
                "reliquas permutat, sed nunc {into:crown.acc} pro uno denario dare debet. Quot denarios recipit?",
                "Petrus, antequam in terram proficiscatur, ubi coronis solvitur, {amount:money.acc} permutat. "
                "Argentarius de hac summa {fee:pct} deducit et pro singulis reliquis denariis {out:crown.acc} "
                "solvit. Petrus {spent:crown.acc} consumit et ceteras post reditum permutat, cum unus denarius "
                "{into:crown.acc} valeat neque quicquam deducatur. Quantam summam denariorum accipit?",
            ),
            solution="Nummularius {amount} * {fee} ÷ 100 = {charge:money.acc} retinet; itaque {amount} - {charge} = "
            "{changed:money} permutantur. Pro his dantur {changed} * {out} = {received:crown}. Post iter restant "
            "{received} - {spent} = {left:crown}. Pro quibus redduntur {left} ÷ {into} = {result:money}.",
        ),
    },
    trace=Trace(
        given="{amount:money}, commission {fee:pct}, {out:crown} for 1; {spent:crown} spent; {into:crown} for 1 on "
        "return",
        sought="what comes back in the own currency",
        insight="out: subtract the commission, then multiply by the rate; back: divide by the other rate",
        steps=(
            "commission → {amount} * {fee} ÷ 100 = {charge:money}",
            "changed → ({amount} - {charge}) * {out} = {received:crown}",
            "left → {received} - {spent} = {left:crown}",
            "back → {left} ÷ {into} = {result:money}",
        ),
        checks=(
            "{result} * {into} = {left:crown}, and {left} + {spent} = {received}",
            "{received} ÷ {out} = {changed:money}, and {changed} + {charge} = {amount}",
        ),
    ),
    mistakes=(
        Mistake(
            name="takes_the_first_rate_back",
            says="changes back at the rate of the way out",
            result=lambda values: round(Fraction(_exchange_workings(values)["left"]) / values["out"], 2),
        ),
        Mistake(
            name="forgets_the_commission",
            says="forgets to deduct the commission",
            result=lambda values: round(
                Fraction(values["amount"] * values["out"] - values["spent"]) / values["into"], 2
            ),
        ),
        Mistake(
            name="forgets_the_spending",
            says="changes everything back, as if nothing had been spent",
            result=lambda values: round(Fraction(_exchange_workings(values)["received"]) / values["into"], 2),
        ),
        Mistake(
            name="gives_what_was_spent",
            says="changes what was spent instead of what is left",
            result=lambda values: round(Fraction(values["spent"]) / values["into"], 2),
        ),
        Mistake(
            name="deducts_the_commission_again",
            says="deducts the commission once more on the way back",
            result=lambda values: round(_solve_exchange(values) * (100 - values["fee"]) / 100, 2),
        ),
    ),
)
