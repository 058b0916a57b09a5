"""What a thing is worth on the books when it loses the same sum every year."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_depreciation(rng: Random, difficulty: str) -> Values:
    step, least, most, longest = {
        "easy": (Fraction(100), 6, 60, 8),
        "medium": (Fraction(10), 20, 900, 15),
        "hard": (Fraction(1, 2), 180, 9_000, 24),
    }[difficulty]
    yearly, life = step * rng.randint(least, most) / 2, rng.randint(4, longest)
    if difficulty == "easy":
        yearly *= 2
    scrap = 50 * rng.randint(2, 120)
    return {"price": scrap + life * yearly, "scrap": scrap, "life": life, "age": rng.randint(2, life - 1)}


def _depreciation_workings(values: Values) -> Values:
    yearly = Fraction(values["price"] - values["scrap"]) / values["life"]
    return {
        "loss": values["price"] - values["scrap"],
        "yearly": yearly,
        "written_off": values["age"] * yearly,
        "years_left": values["life"] - values["age"],
        "still": (values["life"] - values["age"]) * yearly,
    }


def _solve_depreciation(values: Values) -> Fraction:
    return values["price"] - Fraction(_depreciation_workings(values)["written_off"])


def _depreciation_holds(values: Values) -> bool:
    in_cents = (100 * Fraction(_depreciation_workings(values)["yearly"])).denominator == 1
    whole = Fraction(values["price"]).denominator == 1
    return in_cents and whole and 3 * values["scrap"] <= values["price"] < 100_000


def _check_depreciation(values: Values, result: Fraction) -> bool:
    """The fall from the price to the result and the fall from there to the scrap value are equally steep."""
    before = Fraction(values["price"] - result) / values["age"]
    return before == (result - values["scrap"]) / (values["life"] - values["age"])


DEPRECIATION = Template(
    id="finance.depreciation",
    family="finance",
    unit="money",
    draw=_draw_depreciation,
    holds=_depreciation_holds,
    solve=_solve_depreciation,
    check=_check_depreciation,
    workings=_depreciation_workings,
    texts={
        "en": Wording(
            problems=(
                "A bakery buys an oven for {price:money}. It is to be used for {life:year} and then sold for "
                "{scrap:money}. In its accounts the bakery lowers the oven's value by the same amount every year. "
                "What is the value in the accounts after {age:year}?",
                "A boat was worth {price:money} when it was new and will be worth {scrap:money} after {life:year}. "
                "If its value falls evenly, what is the boat worth after {age:year}?",
            ),
            solution="Over the whole time the value falls by {price} - {scrap} = {loss:money}. That is {loss} ÷ "
            "{life} = {yearly:money} a year. After {age:year}, {age} * {yearly} = {written_off:money} are gone. What "
            "remains is {price} - {written_off} = {result:money}.",
        ),
        "fr": Wording(
            problems=(
                "Une boulangerie achète un four {price:money}. Il doit servir pendant {life:year}, puis être revendu "
                "{scrap:money}. Dans ses comptes, la boulangerie réduit chaque année la valeur du four du même "
                "montant. Quelle est sa valeur comptable au bout de {age:year} ?",
                "Un bateau valait {price:money} quand il était neuf et vaudra {scrap:money} après {life:year}. Si sa "
                "valeur baisse régulièrement, combien vaut-il au bout de {age:year} ?",
            ),
            solution="Sur toute la durée, la valeur baisse de {price} - {scrap} = {loss:money}. Cela fait {loss} ÷ "
            "{life} = {yearly:money} par an. Au bout de {age:year}, la perte est de {age} * {yearly} = "
            "{written_off:money}. Il reste {price} - {written_off} = {result:money}.",
        ),
        "de": Wording(
            problems=(
                "Eine Bäckerei kauft einen Ofen für {price:money}. Er soll {life:year} lang genutzt und dann für "
                "{scrap:money} verkauft werden. In den Büchern wird sein Wert jedes Jahr um denselben Betrag "
                "verringert. Wie hoch ist der Buchwert nach {age:year.dat}?",
                "Ein Boot war neu {price:money} wert und wird nach {life:year.dat} noch {scrap:money} wert sein. Wie "
                "viel ist es bei gleichmäßigem Wertverlust nach {age:year.dat} wert?",
            ),
            solution="In der ganzen Zeit sinkt der Wert um {price} - {scrap} = {loss:money}. Das sind {loss} ÷ "
            "{life} = {yearly:money} im Jahr. Nach {age:year.dat} sind {age} * {yearly} = {written_off:money} "
            "abgeschrieben. Es bleiben {price} - {written_off} = {result:money}.",
        ),
        "it": Wording(
            problems=(
                "Un panificio compra un forno per {price:money}. Sarà usato per {life:year} e poi rivenduto per "
                "{scrap:money}. Nei conti il valore del forno viene ridotto ogni anno della stessa somma. Qual è il "
                "valore contabile dopo {age:year}?",
                "Una barca valeva {price:money} da nuova e ne varrà {scrap} dopo {life:year}. Se il suo valore cala "
                "in modo uniforme, quanto vale la barca dopo {age:year}?",
            ),
            solution="In tutto il periodo il valore cala di {price} - {scrap} = {loss:money}. Sono {loss} ÷ {life} = "
            "{yearly:money} all'anno. Dopo {age:year} la perdita è di {age} * {yearly} = {written_off:money}. "
            "Restano {price} - {written_off} = {result:money}.",
        ),
        "es": Wording(
            problems=(
                "Una panadería compra un horno por {price:money}. Se usará durante {life:year} y luego se venderá "
                "por {scrap:money}. En sus cuentas, la panadería rebaja cada año el valor del horno en la misma "
                "cantidad. ¿Cuál es el valor contable al cabo de {age:year}?",
                "Un barco valía {price:money} cuando era nuevo y valdrá {scrap:money} después de {life:year}. Si su "
                "valor disminuye de manera uniforme, ¿cuánto vale el barco al cabo de {age:year}?",
            ),
            solution="En todo el periodo el valor baja en {price} - {scrap} = {loss:money}. Son {loss} ÷ {life} = "
            "{yearly:money} al año. Al cabo de {age:year} la pérdida es de {age} * {yearly} = {written_off:money}. "
            "Quedan {price} - {written_off} = {result:money}.",
        ),
        "pl": Wording(
            problems=(
                "Piekarnia kupiła piec za {price:money}. Ma on służyć przez {life:year}, a potem zostać sprzedany za "
                "{scrap:money}. W księgach jego wartość zmniejsza się co roku o tę samą kwotę. Jaka jest wartość "
                "księgowa pieca po {age:year.loc}?",
                "Nowa łódź kosztowała {price:money}, a po {life:year.loc} będzie warta {scrap:money}. Ile jest warta "
                "po {age:year.loc}, jeśli jej wartość spada równomiernie?",
            ),
            solution="W całym okresie wartość spada o {price} - {scrap} = {loss:money}. Rocznie jest to {loss} ÷ "
            "{life} = {yearly:money}. Po {age:year.loc} łączny spadek to {age} * {yearly} = {written_off:money}. "
            "Wartość wynosi wtedy {price} - {written_off} = {result:money}.",
        ),
        "nl": Wording(
            problems=(
                "Een bakkerij koopt een oven voor {price:money}. Hij gaat {life:year} mee en wordt dan voor "
                "{scrap:money} verkocht. In de boeken wordt de waarde elk jaar met hetzelfde bedrag verlaagd. Wat is "
                "de boekwaarde na {age:year}?",
                "Een boot was nieuw {price:money} waard en zal na {life:year} nog {scrap:money} waard zijn. Hoeveel "
                "is de boot na {age:year} waard, als de waarde gelijkmatig daalt?",
            ),
            solution="Over de hele tijd daalt de waarde met {price} - {scrap} = {loss:money}. Dat is {loss} ÷ {life} "
            "= {yearly:money} per jaar. Na {age:year} is er {age} * {yearly} = {written_off:money} afgeschreven. Dan "
            "blijft er {price} - {written_off} = {result:money} over.",
        ),
        "la": Wording(
            problems=(
                "Pistor furnum {price:money.abl} emit, quo per {life:year.acc} utetur et quem deinde "
                "{scrap:money.abl} vendet. In codice accepti et expensi pretium furni quotannis eadem summa "
                "minuitur. Quanti furnus post {age:year.acc} aestimatur?",
                "Navis nova {price:money.abl} aestimabatur et post {life:year.acc} {scrap:money.abl} aestimabitur. "
                "Si pretium eius aequaliter minuitur, quanti navis post {age:year.acc} aestimanda est?",
            ),
            solution="Toto tempore pretium minuitur, et damnum est {price} - {scrap} = {loss:money}. Singulis annis "
            "pereunt {loss} ÷ {life} = {yearly:money}. Post {age:year.acc} damnum est {age} * {yearly} = "
            "{written_off:money}. Restant {price} - {written_off} = {result:money}.",
        ),
    },
    trace=Trace(
        given="{price:money} new, {scrap:money} after {life:year}, the same loss every year",
        sought="value after {age:year}",
        insight="only what is lost in the whole time is shared among the years, not the price",
        steps=(
            "loss in all → {price} - {scrap} = {loss:money}",
            "loss a year → {loss} ÷ {life} = {yearly:money}",
            "loss in {age:year} → {age} * {yearly} = {written_off:money}",
            "value → {price} - {written_off} = {result:money}",
        ),
        checks=(
            "still to come: {years_left:year}, in which {years_left} * {yearly} = {still:money} will be lost",
            "{result} - {still} = {scrap:money}, the value at the end",
        ),
    ),
    mistakes=(
        Mistake(
            name="forgets_the_value_at_the_end",
            says="shares the whole price among the years, as if nothing were left at the end",
            result=lambda values: round(
                Fraction(values["price"]) * (values["life"] - values["age"]) / values["life"], 2
            ),
        ),
        Mistake(
            name="gives_the_loss",
            says="gives what has been lost instead of what is left",
            result=lambda values: _depreciation_workings(values)["written_off"],
        ),
        Mistake(
            name="counts_one_year_too_few",
            says="counts one year of loss too few",
            result=lambda values: _solve_depreciation(values) + _depreciation_workings(values)["yearly"],
        ),
        Mistake(
            name="subtracts_from_the_loss",
            says="subtracts from what can be lost instead of from the price",
            result=lambda values: _solve_depreciation(values) - values["scrap"],
        ),
        Mistake(
            name="adds_the_value_at_the_end",
            says="adds the value at the end instead of subtracting it before sharing among the years",
            result=lambda values: (
                values["price"] - round(Fraction(values["price"] + values["scrap"]) * values["age"] / values["life"], 2)
            ),
        ),
    ),
)
