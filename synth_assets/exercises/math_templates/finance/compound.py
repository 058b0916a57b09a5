"""Interest."""

from fractions import Fraction
from math import gcd
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording

# (rate, years) whose smallest whole amount is small enough to give many principals
_TERMS = {
    "easy": ((5, 2), (10, 2), (20, 2)),
    "medium": ((2, 2), (4, 2), (5, 2), (6, 2), (8, 2), (12, 2), (15, 2), (10, 3)),
    "hard": ((4, 3), (5, 3), (8, 3), (10, 3), (12, 3), (15, 3), (10, 4)),
}
_PRINCIPALS = {"easy": (400, 20_000), "medium": (2_000, 90_000), "hard": (5_000, 300_000)}


def _draw_compound(rng: Random, difficulty: str) -> Values:
    (rate, years), (least, most) = rng.choice(_TERMS[difficulty]), _PRINCIPALS[difficulty]
    unit = 100**years // gcd(100**years, (100 + rate) ** years)
    return {"principal": unit * rng.randint(-(-least // unit), most // unit), "rate": rate, "years": years}


def _solve_compound(values: Values) -> Fraction:
    return values["principal"] * Fraction(100 + values["rate"], 100) ** values["years"]


def _compound_workings(values: Values) -> Values:
    result = _solve_compound(values)
    simple = Fraction(values["principal"] * values["rate"] * values["years"], 100)
    gain = result - values["principal"]
    return {
        "factor": Fraction(100 + values["rate"], 100),
        "gain": gain,
        "simple": simple,
        "more": gain - simple,
        "first": Fraction(values["principal"] * values["rate"], 100),
        "before": result * 100 / (100 + values["rate"]),
    }


def _check_compound(values: Values, result: Fraction) -> bool:
    """Year by year, the interest is added to the balance."""
    balance = Fraction(values["principal"])
    for _ in range(values["years"]):
        balance += balance * values["rate"] / 100
    return balance == result


COMPOUND = Template(
    id="finance.compound",
    family="finance",
    unit="money",
    draw=_draw_compound,
    # exact millions would need another construction in the Romance languages ("un million d'euros")
    holds=lambda values: _solve_compound(values).denominator == 1 and _solve_compound(values) < 1_000_000,
    solve=_solve_compound,
    check=_check_compound,
    workings=_compound_workings,
    texts={
        "en": Wording(
            problems=(
                "A savings account pays {rate:pct} interest a year, which is added to the balance at the end of each "
                "year. Someone deposits {principal:money} and leaves the money there for {years:year}. What is the "
                "balance then?",
                "A foundation's capital grows by {rate:pct} every year, always reckoned on the amount it has reached. "
                "At the beginning it is {principal:money}. How large is it after {years:year}?",
            ),
            solution="Each year the amount is multiplied by 1 + {rate} ÷ 100 = {factor}. After {years:year} it has "
            "become {principal} * {factor}{years:power} = {result:money}. That is {gain:money} more than at the "
            "beginning. Without interest on the interest, the increase would be only {simple:money}.",
        ),
        "fr": Wording(
            problems=(
                "Un compte d'épargne rapporte {rate:pct} d'intérêts par an, ajoutés au solde à la fin de chaque "
                "année. Une personne y dépose {principal:money} et y laisse l'argent pendant {years:year}. Quel est "
                "alors le solde ?",
                "Le capital d'une fondation augmente chaque année de {rate:pct}, toujours calculés sur le montant "
                "atteint. Au départ, il est de {principal:money}. À combien s'élève-t-il au bout de {years:year} ?",
            ),
            solution="Chaque année, le montant est multiplié par 1 + {rate} ÷ 100 = {factor}. Au bout de "
            "{years:year}, il atteint {principal} * {factor}{years:power} = {result:money}. C'est {gain:money} de "
            "plus qu'au départ. Sans les intérêts des intérêts, la hausse ne serait que de {simple:money}.",
        ),
        "de": Wording(
            problems=(
                "Ein Sparkonto bringt {rate:pct} Zinsen im Jahr, die am Ende jedes Jahres dem Guthaben zugeschlagen "
                "werden. Jemand zahlt {principal:money} ein und lässt das Geld {years:year} lang liegen. Wie hoch ist "
                "dann das Guthaben?",
                "Das Kapital einer Stiftung wächst jedes Jahr um {rate:pct}, jeweils vom erreichten Betrag gerechnet. "
                "Am Anfang sind es {principal:money}. Wie viel ist es nach {years:year.dat}?",
            ),
            solution="Jedes Jahr wird der Betrag mit 1 + {rate} ÷ 100 = {factor} multipliziert. Nach {years:year.dat} "
            "sind daraus {principal} * {factor}{years:power} = {result:money} geworden. Das sind {gain:money} mehr "
            "als am Anfang. Ohne Zinseszins betrüge der Zuwachs nur {simple:money}.",
        ),
        "it": Wording(
            problems=(
                "Un conto di risparmio rende {rate:il+pct} di interessi all'anno, che alla fine di ogni anno si "
                "aggiungono al saldo. Una persona vi deposita {principal:money} e vi lascia il denaro per "
                "{years:year}. A quanto ammonta allora il saldo?",
                "Il capitale di una fondazione cresce ogni anno {rate:del+pct}, sempre calcolato sulla somma "
                "raggiunta. All'inizio è di {principal:money}. A quanto ammonta dopo {years:year}?",
            ),
            solution="Ogni anno la somma viene moltiplicata per 1 + {rate} ÷ 100 = {factor}. Dopo {years:year} "
            "diventa {principal} * {factor}{years:power} = {result:money}. L'aumento rispetto all'inizio è di "
            "{gain:money}. Senza gli interessi sugli interessi sarebbe stato soltanto di {simple:money}.",
        ),
        "es": Wording(
            problems=(
                "Una cuenta de ahorro da un {rate:pct} de interés al año, que se suma al saldo al final de cada año. "
                "Una persona ingresa {principal:money} y deja allí el dinero durante {years:year}. ¿Cuál es entonces "
                "el saldo?",
                "El capital de una fundación crece cada año un {rate:pct}, calculado siempre sobre la cantidad "
                "alcanzada. Al principio es de {principal:money}. ¿A cuánto asciende al cabo de {years:year}?",
            ),
            solution="Cada año la cantidad se multiplica por 1 + {rate} ÷ 100 = {factor}. Al cabo de {years:year} se "
            "ha convertido en {principal} * {factor}{years:power} = {result:money}. Son {gain:money} más que al "
            "principio. Sin los intereses de los intereses, el aumento sería de solo {simple:money}.",
        ),
        "pl": Wording(
            problems=(
                "Konto oszczędnościowe przynosi {rate:pct} odsetek rocznie, dopisywanych do salda na koniec każdego "
                "roku. Ktoś wpłaca {principal:money} i zostawia pieniądze na {years:year}. Ile wynosi wtedy saldo?",
                "Kapitał fundacji rośnie co roku o {rate:pct}, liczonych zawsze od osiągniętej kwoty. Na początku "
                "wynosi {principal:money}. Ile będzie wynosił po {years:year.loc}?",
            ),
            solution="Co roku kwotę mnoży się przez 1 + {rate} ÷ 100 = {factor}. Po {years:year.loc} wynosi ona "
            "{principal} * {factor}{years:power} = {result:money}. W stosunku do początku jest to przyrost o "
            "{gain:money}. Bez odsetek od odsetek przyrost wyniósłby tylko {simple:money}.",
        ),
        "nl": Wording(
            problems=(
                "Een spaarrekening geeft {rate:pct} rente per jaar, die aan het eind van elk jaar bij het saldo wordt "
                "opgeteld. Iemand stort {principal:money} en laat het geld {years:year} staan. Hoe hoog is het saldo "
                "dan?",
                "Het vermogen van een stichting groeit elk jaar met {rate:pct}, steeds gerekend over het bereikte "
                "bedrag. In het begin is het {principal:money}. Hoe groot is het na {years:year}?",
            ),
            solution="Elk jaar wordt het bedrag met 1 + {rate} ÷ 100 = {factor} vermenigvuldigd. Na {years:year} is "
            "het aangegroeid tot {principal} * {factor}{years:power} = {result:money}. Dat is {gain:money} meer dan "
            "in het begin. Zonder rente op rente zou de groei maar {simple:money} zijn.",
        ),
        "la": Wording(
            problems=(
                "Argentarius in annos singulos {rate:pct} faenoris dat, quod in fine cuiusque anni sorti additur. "
                "Aliquis {principal:money.acc} apud eum deponit et per {years:year.acc} relinquit. Quanta tum est "
                "summa?",
                "Pecunia collegii quotannis {rate:pct} crescit, semper ex summa iam parta computatis. Initio sunt "
                "{principal:money}. Quanta est summa post {years:year.acc}?",
            ),
            solution="Quotannis summa per 1 + {rate} ÷ 100 = {factor} multiplicatur. Post {years:year.acc} facta est "
            "{principal} * {factor}{years:power} = {result:money}. Incrementum est {gain:money}. Sine faenore "
            "faenoris incrementum tantum {simple:money} esset.",
        ),
    },
    trace=Trace(
        given="{principal:money}, {rate:pct} a year, {years:year}, interest stays in",
        sought="amount at the end",
        insight="compound interest: the same factor every year, not the same amount",
        steps=(
            "yearly factor → 1 + {rate} ÷ 100 = {factor}",
            "after {years:year} → {principal} * {factor}{years:power} = {result:money}",
            "increase → {result} - {principal} = {gain:money}",
        ),
        checks=(
            "one year back: {result} ÷ {factor} = {before}",
            "simple interest: {first} a year, {simple} in all; {gain} is {more} more, as compounding must give",
        ),
    ),
    mistakes=(
        Mistake(
            name="forgets_interest_on_interest",
            says="reckons the interest of every year on the first amount only",
            result=lambda values: values["principal"] + _compound_workings(values)["simple"],
        ),
        Mistake(
            name="gives_the_interest",
            says="gives the interest without the amount itself",
            result=lambda values: _compound_workings(values)["gain"],
        ),
        Mistake(
            name="counts_one_year_too_few",
            says="counts one year too few",
            result=lambda values: round(Fraction(_compound_workings(values)["before"]), 2),
        ),
        Mistake(
            name="counts_one_year_too_many",
            says="counts one year too many",
            result=lambda values: round(_solve_compound(values) * (100 + values["rate"]) / 100, 2),
        ),
        Mistake(
            name="multiplies_by_the_years",
            says="multiplies the yearly factor by the years instead of raising it to their power",
            result=lambda values: round(
                values["principal"] * Fraction((100 + values["rate"]) * values["years"], 100), 2
            ),
        ),
    ),
)
