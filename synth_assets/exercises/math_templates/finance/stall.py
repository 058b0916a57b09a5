"""The selling price that still brings the profit when part of the goods is lost."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_stall(rng: Random, difficulty: str) -> Values:
    bought, cost, profit = {
        "easy": (5 * rng.randint(4, 24), Fraction(rng.randint(3, 30)), 10 * rng.randint(1, 8)),
        "medium": (rng.randint(20, 160), Fraction(rng.randint(8, 60), 2), 5 * rng.randint(1, 18)),
        "hard": (rng.randint(30, 400), Fraction(rng.randint(30, 500), 20), rng.randint(6, 95)),
    }[difficulty]
    return {"bought": bought, "cost": cost, "lost": rng.randint(2, max(bought // 4, 2)), "profit": profit}


def _stall_workings(values: Values) -> Values:
    spent = values["bought"] * values["cost"]
    gain = Fraction(spent * values["profit"], 100)
    return {
        "spent": spent,
        "gain": gain,
        "takings": spent + gain,
        "left": values["bought"] - values["lost"],
    }


def _solve_stall(values: Values) -> Fraction:
    workings = _stall_workings(values)
    return Fraction(workings["takings"]) / workings["left"]


def _stall_holds(values: Values) -> bool:
    amounts = (_stall_workings(values)["gain"], _solve_stall(values))
    return all((100 * Fraction(amount)).denominator == 1 for amount in amounts)


def _check_stall(values: Values, result: Fraction) -> bool:
    """Crate by crate: every one that is sold adds to the till, every one that was bought takes from it."""
    till = Fraction(0)
    for crate in range(values["bought"]):
        till += (0 if crate < values["lost"] else result) - values["cost"]
    return 100 * till == values["profit"] * values["cost"] * values["bought"]


STALL = Template(
    id="finance.stall",
    family="finance",
    unit="money",
    draw=_draw_stall,
    holds=_stall_holds,
    solve=_solve_stall,
    check=_check_stall,
    workings=_stall_workings,
    texts={
        "en": Wording(
            problems=(
                "A market trader buys {bought:crate} of peaches at {cost:money} each. On the way {lost:crate} go bad "
                "and have to be thrown away. At what price must she sell each of the others to make a profit of "
                "{profit:pct} on what she has spent?",
                "A wholesaler pays {cost:money} a crate for {bought:crate} of glassware, but {lost:crate} arrive "
                "broken and are worthless. The profit in the end is to be {profit:pct} of the purchase price of the "
                "whole delivery. What does he have to charge for one undamaged crate?",
            ),
            solution="The purchase costs {bought} * {cost} = {spent:money}. A profit of {profit:pct} on this is "
            "{spent} * {profit} ÷ 100 = {gain:money}, so {spent} + {gain} = {takings:money} must come in. There are "
            "{bought} - {lost} = {left:crate} left to sell. One of them has to bring {takings} ÷ {left} = "
            "{result:money}.",
        ),
        "fr": Wording(
            problems=(
                "Une marchande achète {bought:crate} de pêches à {cost:money} l'une. En route, {lost:crate} se "
                "gâtent et doivent être jetées. À quel prix doit-elle vendre chacune des autres pour faire un "
                "bénéfice de {profit:pct} sur ce qu'elle a dépensé ?",
                "Un grossiste paie {cost:money} par caisse pour {bought:crate} de verrerie, mais {lost:crate} "
                "arrivent cassées et n'ont plus de valeur. Le bénéfice final doit être de {profit:pct} du prix "
                "d'achat de toute la livraison. Combien doit-il demander pour une caisse intacte ?",
            ),
            solution="L'achat coûte {bought} * {cost} = {spent:money}. Un bénéfice de {profit:pct} sur cette somme "
            "est de {spent} * {profit} ÷ 100 = {gain:money} : il faut donc encaisser {spent} + {gain} = "
            "{takings:money}. Il reste à vendre {bought} - {lost} = {left:crate}. Chacune doit rapporter {takings} ÷ "
            "{left} = {result:money}.",
        ),
        "de": Wording(
            problems=(
                "Eine Markthändlerin kauft {bought:crate} Pfirsiche zu je {cost:money}. Unterwegs verderben "
                "{lost:crate} und müssen weggeworfen werden. Zu welchem Preis muss sie jede der übrigen verkaufen, "
                "um {profit:pct} Gewinn auf ihre Ausgaben zu machen?",
                "Ein Großhändler bezahlt für {bought:crate} Glaswaren je {cost:money}, doch {lost:crate} kommen "
                "zerbrochen an und sind wertlos. Am Ende soll der Gewinn {profit:pct} vom Einkaufspreis der ganzen "
                "Lieferung betragen. Wie viel muss er für eine unbeschädigte Kiste verlangen?",
            ),
            solution="Der Einkauf kostet {bought} * {cost} = {spent:money}. Ein Gewinn von {profit:pct} darauf sind "
            "{spent} * {profit} ÷ 100 = {gain:money}, also müssen {spent} + {gain} = {takings:money} eingenommen "
            "werden. Zu verkaufen bleiben {bought} - {lost} = {left:crate}. Jede davon muss {takings} ÷ {left} = "
            "{result:money} bringen.",
        ),
        "it": Wording(
            problems=(
                "Una venditrice ambulante compra {bought:crate} di pesche a {cost:money} l'una. Durante il viaggio "
                "{lost:crate} vanno a male e si devono buttare. A quale prezzo deve vendere ciascuna delle altre per "
                "avere un guadagno {profit:del+pct} su quanto ha speso?",
                "Un grossista paga {bought:crate} di vetrerie a {cost:money} l'una, ma {lost:crate} arrivano rotte e "
                "non valgono più nulla. Alla fine il guadagno deve essere {profit:il+pct} del prezzo d'acquisto "
                "dell'intera fornitura. Quanto deve chiedere per una cassetta intatta?",
            ),
            solution="L'acquisto costa {bought} * {cost} = {spent:money}. Un guadagno {profit:del+pct} su questa "
            "somma è {spent} * {profit} ÷ 100 = {gain:money}, perciò si devono incassare {spent} + {gain} = "
            "{takings:money}. Restano da vendere {bought} - {lost} = {left:crate}. Ognuna deve rendere {takings} ÷ "
            "{left} = {result:money}.",
        ),
        "es": Wording(
            problems=(
                "Una vendedora del mercado compra {bought:crate} de melocotones a {cost:money} cada una. Por el "
                "camino se estropean {lost:crate}, que hay que tirar. ¿A qué precio tiene que vender cada una de las "
                "demás para ganar un {profit:pct} sobre lo que ha gastado?",
                "Un mayorista paga {cost:money} por caja al comprar {bought:crate} de cristalería, pero {lost:crate} "
                "llegan rotas y no valen nada. La ganancia final debe ser el {profit:pct} del precio de compra de "
                "todo el envío. ¿Cuánto tiene que pedir por una caja intacta?",
            ),
            solution="La compra cuesta {bought} * {cost} = {spent:money}. Una ganancia del {profit:pct} sobre esa "
            "suma es de {spent} * {profit} ÷ 100 = {gain:money}, así que hay que ingresar {spent} + {gain} = "
            "{takings:money}. Quedan por vender {bought} - {lost} = {left:crate}. Cada una tiene que aportar "
            "{takings} ÷ {left} = {result:money}.",
        ),
        "pl": Wording(
            problems=(
                "Handlarka kupiła na targ brzoskwinie, łącznie {bought:crate.acc} po {cost:money} za sztukę. W "
                "drodze część owoców się zepsuła i trzeba było wyrzucić {lost:crate.acc}. Po jakiej cenie musi "
                "sprzedać każdą z pozostałych skrzynek, aby osiągnąć {profit:pct} zysku od wydanej kwoty?",
                "Hurtownik kupuje {bought:crate.acc} wyrobów szklanych, a za każdą płaci {cost:money}. Liczba "
                "skrzynek, które dotarły rozbite i są bezwartościowe, wynosi {lost}. Zysk na koniec ma stanowić "
                "{profit:pct} ceny zakupu całej dostawy. Ile musi żądać za jedną nieuszkodzoną skrzynkę?",
            ),
            solution="Zakup kosztuje {bought} * {cost} = {spent:money}. Zysk w wysokości {profit:pct} tej kwoty to "
            "{spent} * {profit} ÷ 100 = {gain:money}, więc wpływy muszą wynieść {spent} + {gain} = {takings:money}. "
            "Liczba skrzynek do sprzedania to {bought} - {lost} = {left}. Za jedną trzeba wziąć {takings} ÷ {left} = "
            "{result:money}.",
        ),
        "nl": Wording(
            problems=(
                "Een marktkoopvrouw koopt {bought:crate} perziken voor {cost:money} per kist. Onderweg bederven er "
                "{lost:crate}, die moeten worden weggegooid. Voor welke prijs moet ze elk van de overige verkopen om "
                "{profit:pct} winst te maken op wat ze heeft uitgegeven?",
                "Een groothandelaar betaalt {cost:money} per kist voor {bought:crate} glaswerk, maar {lost:crate} "
                "komen gebroken aan en zijn niets meer waard. De winst moet uiteindelijk {profit:pct} van de "
                "inkoopprijs van de hele levering zijn. Hoeveel moet hij voor één onbeschadigde kist vragen?",
            ),
            solution="De inkoop kost {bought} * {cost} = {spent:money}. Een winst van {profit:pct} daarop is {spent} "
            "* {profit} ÷ 100 = {gain:money}, dus er moet {spent} + {gain} = {takings:money} binnenkomen. Er blijven "
            "{bought} - {lost} = {left:crate} over om te verkopen. Elke kist moet {takings} ÷ {left} = "
            "{result:money} opbrengen.",
        ),
        "la": Wording(
            problems=(
                "Mercatrix {bought:crate.acc} malorum Persicorum emit; singulae {cost:money.abl} veneunt. In via "
                "{lost:crate} corrumpuntur et abiciendae sunt. Quanti singulas ceteras vendere debet, ut lucrum sit "
                "{profit:pct} eius summae, quam impendit?",
                "Negotiator {bought:crate.acc} vitreorum emit et pro singulis {cost:money.acc} solvit, sed "
                "{lost:crate} fractae afferuntur neque quicquam valent. Lucrum denique {profit:pct} pretii omnium "
                "cistarum esse debet. Quanti una cista integra vendenda est?",
            ),
            solution="Emptio constat {bought} * {cost} = {spent:money.abl}. Lucrum, quod {profit:pct} huius summae "
            "efficit, est {spent} * {profit} ÷ 100 = {gain:money}; itaque redire debent {spent} + {gain} = "
            "{takings:money}. Vendendae restant {bought} - {lost} = {left:crate}. Pretium ergo unius est {takings} ÷ "
            "{left} = {result:money}.",
        ),
    },
    trace=Trace(
        given="{bought:crate} at {cost:money} each, {lost:crate} lost, profit {profit:pct} of what was spent",
        sought="price of one of the crates that are left",
        insight="the crates that are left must bring in the cost of all of them and the profit",
        steps=(
            "spent → {bought} * {cost} = {spent:money}",
            "profit → {spent} * {profit} ÷ 100 = {gain:money}",
            "to be taken in → {spent} + {gain} = {takings:money}",
            "left to sell → {bought} - {lost} = {left:crate}",
            "price → {takings} ÷ {left} = {result:money}",
        ),
        checks=(
            "{left} * {result} = {takings:money}",
            "{takings} - {spent} = {gain}, and {gain} ÷ {spent} * 100 = {profit}",
        ),
    ),
    mistakes=(
        Mistake(
            name="forgets_the_loss",
            says="adds the profit to the cost of one crate and forgets that some are lost",
            result=lambda values: round(Fraction(values["cost"]) * (100 + values["profit"]) / 100, 2),
        ),
        Mistake(
            name="forgets_the_profit",
            says="only recovers the cost from the crates that are left",
            result=lambda values: round(
                Fraction(values["bought"] * values["cost"]) / (values["bought"] - values["lost"]), 2
            ),
        ),
        Mistake(
            name="divides_the_profit_alone",
            says="divides the profit alone among the crates that are left",
            result=lambda values: round(
                Fraction(_stall_workings(values)["gain"]) / (values["bought"] - values["lost"]), 2
            ),
        ),
        Mistake(
            name="spreads_the_profit_only",
            says="spreads the profit over the crates that are left, but not the cost of the lost ones",
            result=lambda values: (
                values["cost"]
                + round(Fraction(_stall_workings(values)["gain"]) / (values["bought"] - values["lost"]), 2)
            ),
        ),
        Mistake(
            name="adds_the_percentages",
            says="adds the share that is lost to the profit rate and raises the cost of one crate by both",
            result=lambda values: round(
                Fraction(values["cost"])
                * (100 + values["profit"] + Fraction(100 * values["lost"], values["bought"]))
                / 100,
                2,
            ),
        ),
    ),
)
