"""The yearly rate of simple interest."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_lending(rng: Random, difficulty: str) -> Values:
    principal, rate, months = {
        "easy": (100 * rng.randint(2, 60), Fraction(rng.randint(2, 12)), rng.choice((3, 4, 6, 8, 9, 18, 24))),
        "medium": (
            50 * rng.randint(8, 240),
            Fraction(rng.randint(3, 20), 2),
            rng.choice((2, 3, 4, 5, 6, 8, 9, 10, 15, 16)),
        ),
        "hard": (
            10 * rng.randint(60, 2_500),
            Fraction(rng.randint(5, 36), 4),
            rng.choice((5, 7, 10, 11, 13, 14, 17, 20, 27, 32)),
        ),
    }[difficulty]
    return {"principal": principal, "months": months, "repaid": principal + principal * rate * months / 1200}


def _solve_lending(values: Values) -> Fraction:
    interest = Fraction(values["repaid"] - values["principal"])
    return interest / values["months"] * 12 / values["principal"] * 100


def _lending_workings(values: Values) -> Values:
    interest = values["repaid"] - values["principal"]
    rate = _solve_lending(values)
    return {
        "interest": interest,
        "yearly": Fraction(12 * interest) / values["months"],
        "whole_rate": rate * values["months"] / 12,
    }


def _lending_holds(values: Values) -> bool:
    yearly = Fraction(_lending_workings(values)["yearly"])
    return (100 * Fraction(values["repaid"])).denominator == 1 and (100 * yearly).denominator == 1


def _check_lending(values: Values, result: Fraction) -> bool:
    """The debt is followed month by month: a twelfth of the yearly interest on the sum that was lent is added."""
    debt = Fraction(values["principal"])
    for _ in range(values["months"]):
        debt += values["principal"] * result / 100 / 12
    return debt == values["repaid"]


LENDING = Template(
    id="finance.lending",
    family="finance",
    unit="pct",
    draw=_draw_lending,
    holds=_lending_holds,
    solve=_solve_lending,
    check=_check_lending,
    workings=_lending_workings,
    texts={
        "en": Wording(
            problems=(
                "Martha lends her brother {principal:money} at simple interest. He pays the whole debt back at once "
                "after {months:loan_month}, {repaid:money} with the interest. What yearly rate of interest, in per "
                "cent, had the two agreed on?",
                "A savings certificate is bought for {principal:money} and redeemed {months:loan_month} later for "
                "{repaid:money}. The interest is reckoned on the purchase price only, without interest on interest. "
                "What is the interest rate per year, as a percentage?",
            ),
            solution="The interest is {repaid} - {principal} = {interest:money}. It has accrued in "
            "{months:loan_month}, so for a whole year it would be {interest} ÷ {months} * 12 = {yearly:money}. "
            "Compared with the sum that was lent, that is {yearly} ÷ {principal} * 100 = {result:pct} a year.",
        ),
        "fr": Wording(
            problems=(
                "Marthe prête {principal:money} à son frère à intérêts simples. Il rembourse toute sa dette en une "
                "fois au bout de {months:loan_month}, soit {repaid:money} avec les intérêts. De quel taux d'intérêt "
                "annuel, en pour cent, étaient-ils convenus ?",
                "Un bon d'épargne est acheté {principal:money} et remboursé {months:loan_month} plus tard pour "
                "{repaid:money}. Les intérêts ne sont calculés que sur le prix d'achat, sans intérêts sur les "
                "intérêts. Quel est le taux d'intérêt annuel en pourcentage ?",
            ),
            solution="Les intérêts sont de {repaid} - {principal} = {interest:money}. Ils ont couru pendant "
            "{months:loan_month} ; pour une année entière, ils seraient de {interest} ÷ {months} * 12 = "
            "{yearly:money}. Rapporté à la somme prêtée, cela fait {yearly} ÷ {principal} * 100 = {result:pct} par "
            "an.",
        ),
        "de": Wording(
            problems=(
                "Martha leiht ihrem Bruder {principal:money} zu einfachen Zinsen. Er zahlt die ganze Schuld nach "
                "{months:loan_month.dat} auf einmal zurück, mit Zinsen {repaid:money}. Welchen Jahreszinssatz in "
                "Prozent hatten die beiden vereinbart?",
                "Ein Sparbrief wird für {principal:money} gekauft und {months:loan_month} später für {repaid:money} "
                "eingelöst. Die Zinsen werden nur vom Kaufpreis berechnet, ohne Zinseszins. Wie hoch ist der "
                "Zinssatz pro Jahr in Prozent?",
            ),
            solution="Die Zinsen betragen {repaid} - {principal} = {interest:money}. Sie sind in "
            "{months:loan_month.dat} angefallen, in einem ganzen Jahr wären es also {interest} ÷ {months} * 12 = "
            "{yearly:money}. Im Verhältnis zur verliehenen Summe sind das {yearly} ÷ {principal} * 100 = "
            "{result:pct} im Jahr.",
        ),
        "it": Wording(
            problems=(
                "Marta presta {principal:money} al fratello a interesse semplice. Dopo {months:loan_month} lui "
                "estingue in una volta sola tutto il debito, {repaid:money} compresi gli interessi. Quale tasso "
                "d'interesse annuo, in percentuale, avevano concordato?",
                "Un buono di risparmio viene acquistato per {principal:money} e rimborsato {months:loan_month} dopo "
                "per {repaid:money}. Gli interessi si calcolano soltanto sul prezzo d'acquisto, senza interessi "
                "sugli interessi. Qual è il tasso d'interesse annuo in percentuale?",
            ),
            solution="Gli interessi sono {repaid} - {principal} = {interest:money}. Sono maturati in "
            "{months:loan_month}, quindi in un anno intero sarebbero {interest} ÷ {months} * 12 = {yearly:money}. "
            "Rispetto alla somma prestata si tratta di {yearly} ÷ {principal} * 100 = {result:pct} all'anno.",
        ),
        "es": Wording(
            problems=(
                "Marta presta {principal:money} a su hermano a interés simple. Al cabo de {months:loan_month} él "
                "devuelve toda la deuda de una vez, {repaid:money} con los intereses. ¿Qué tipo de interés anual, en "
                "tanto por ciento, habían acordado?",
                "Un certificado de ahorro se compra por {principal:money} y se rescata {months:loan_month} después "
                "por {repaid:money}. Los intereses se calculan solo sobre el precio de compra, sin intereses de los "
                "intereses. ¿Cuál es el tipo de interés anual, expresado en porcentaje?",
            ),
            solution="Los intereses son {repaid} - {principal} = {interest:money}. Se han acumulado en "
            "{months:loan_month}, de modo que en un año entero serían {interest} ÷ {months} * 12 = {yearly:money}. "
            "En relación con la suma prestada, eso es {yearly} ÷ {principal} * 100 = {result:pct} al año.",
        ),
        "pl": Wording(
            problems=(
                "Marta pożyczyła bratu {principal:money} na procent prosty. Po {months:loan_month.loc} brat zwrócił "
                "cały dług jednorazowo, razem z odsetkami {repaid:money}. Na jakie roczne oprocentowanie, wyrażone w "
                "procentach, się umówili?",
                "Bon oszczędnościowy kupiono za {principal:money}, a po {months:loan_month.loc} wykupiono go za "
                "{repaid:money}. Odsetki liczy się wyłącznie od ceny zakupu, bez odsetek od odsetek. Ile procent "
                "wynosi oprocentowanie w skali roku?",
            ),
            solution="Odsetki wynoszą {repaid} - {principal} = {interest:money}. Okres ich naliczania to "
            "{months:loan_month}, więc za cały rok wyniosłyby {interest} ÷ {months} * 12 = {yearly:money}. W "
            "stosunku do pożyczonej sumy jest to {yearly} ÷ {principal} * 100 = {result:pct} rocznie.",
        ),
        "nl": Wording(
            problems=(
                "Martha leent haar broer {principal:money} tegen enkelvoudige rente. Na {months:loan_month} betaalt "
                "hij de hele schuld in één keer terug, met de rente erbij {repaid:money}. Welk rentepercentage per "
                "jaar hadden de twee afgesproken?",
                "Een spaarbewijs wordt gekocht voor {principal:money} en {months:loan_month} later ingewisseld voor "
                "{repaid:money}. De rente wordt alleen over de aankoopprijs berekend, zonder rente op rente. Hoe "
                "hoog is de rente per jaar, in procenten?",
            ),
            solution="De rente is {repaid} - {principal} = {interest:money}. Die is in {months:loan_month} "
            "opgebouwd, dus in een heel jaar zou het {interest} ÷ {months} * 12 = {yearly:money} zijn. Vergeleken "
            "met het geleende bedrag is dat {yearly} ÷ {principal} * 100 = {result:pct} per jaar.",
        ),
        "la": Wording(
            problems=(
                "Martha fratri {principal:money.acc} simplici faenore mutuos dat. Ille post {months:loan_month.acc} "
                "totum debitum simul solvit, cum faenore {repaid:money.acc}. Quot centesimae in annos singulos inter "
                "eos constitutae erant?",
                "Syngrapha {principal:money.abl} empta post {months:loan_month.acc} {repaid:money.abl} redimitur. "
                "Faenus ex solo pretio emptionis computatur, sine faenore faenoris. Quot centesimis in annum pecunia "
                "crevit?",
            ),
            solution="Faenus est {repaid} - {principal} = {interest:money}. Hoc per {months:loan_month.acc} natum "
            "est; toto igitur anno faenus esset {interest} ÷ {months} * 12 = {yearly:money}. Si cum summa mutua "
            "comparatur, fiunt {yearly} ÷ {principal} * 100 = {result:pct} in annum.",
        ),
    },
    trace=Trace(
        given="{principal:money} lent, {repaid:money} paid back after {months:loan_month}, simple interest",
        sought="interest rate for a year",
        insight="bring the interest to one year first, then compare it with the sum that was lent",
        steps=(
            "interest → {repaid} - {principal} = {interest:money}",
            "for a year → {interest} ÷ {months} * 12 = {yearly:money}",
            "rate → {yearly} ÷ {principal} * 100 = {result:pct}",
        ),
        checks=(
            "for {months:loan_month} the rate is {result} * {months} ÷ 12 = {whole_rate:pct}",
            "{principal} * {whole_rate} ÷ 100 = {interest}; {principal} + {interest} = {repaid}",
        ),
    ),
    mistakes=(
        Mistake(
            name="forgets_the_time",
            says="compares the interest of the whole time with the sum, as if it were that of a year",
            result=lambda values: round(
                Fraction(100 * (values["repaid"] - values["principal"])) / values["principal"], 2
            ),
        ),
        Mistake(
            name="compares_with_what_was_repaid",
            says="compares the yearly interest with the sum that was paid back",
            result=lambda values: round(
                Fraction(1200 * (values["repaid"] - values["principal"])) / (values["months"] * values["repaid"]), 2
            ),
        ),
        Mistake(
            name="inverts_the_time",
            says="multiplies by the months and divides by twelve instead of the other way round",
            result=lambda values: round(_solve_lending(values) * Fraction(values["months"], 12) ** 2, 2),
        ),
        Mistake(
            name="gives_the_monthly_rate",
            says="gives the rate for a month",
            result=lambda values: round(_solve_lending(values) / 12, 2),
        ),
        Mistake(
            name="takes_ten_months_for_a_year",
            says="counts ten months to a year",
            result=lambda values: round(_solve_lending(values) * 10 / 12, 2),
        ),
    ),
)
