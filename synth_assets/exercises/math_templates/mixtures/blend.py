"""Mixtures."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_blend(rng: Random, difficulty: str) -> Values:
    kilograms, coins = {
        "easy": (5 * rng.randint(2, 20), 1),
        "medium": (rng.randint(8, 90), 2),
        "hard": (Fraction(rng.randint(25, 250), 2), 20),
    }[difficulty]
    cheap, wanted, dear = sorted(rng.sample(range(3 * coins, 28 * coins), 3))
    return {"m": kilograms, "p": Fraction(dear, coins), "q": Fraction(cheap, coins), "t": Fraction(wanted, coins)}


def _solve_blend(values: Values) -> Fraction:
    return Fraction(values["m"] * (values["t"] - values["q"])) / (values["p"] - values["q"])


def _blend_workings(values: Values) -> Values:
    cheap, wanted = values["m"] * values["q"], values["m"] * values["t"]
    return {
        "cheap": cheap,
        "wanted": wanted,
        "gap": wanted - cheap,
        "difference": values["p"] - values["q"],
        "rest": values["m"] - _solve_blend(values),
    }


def _blend_holds(values: Values) -> bool:
    dear = _solve_blend(values)
    rest = values["m"] - dear
    cents = all((100 * amount).denominator == 1 for amount in (values["m"] * values["q"], values["m"] * values["t"]))
    spread = values["p"] - values["q"]
    return cents and (10 * dear).denominator == 1 and min(dear, rest) >= 2 and dear != rest and spread >= 2


def _check_blend(values: Values, result: Fraction) -> bool:
    """Paid kilogram by kilogram, both sorts together cost what the mixture has to cost."""
    return result * values["p"] + (values["m"] - result) * values["q"] == values["m"] * values["t"]


BLEND = Template(
    id="mixtures.blend",
    family="mixtures",
    unit="ws_kilogram",
    draw=_draw_blend,
    holds=_blend_holds,
    solve=_solve_blend,
    check=_check_blend,
    workings=_blend_workings,
    texts={
        "en": Wording(
            problems=(
                "A coffee roaster mixes two sorts, one at {p:money} per kilogram and the other at {q:money}. The "
                "blend of {m:ws_kilogram} is to cost {t:money} per kilogram. How many kilograms of the dearer sort "
                "does it take?",
                "A shop prepares {m:ws_kilogram} of a mix of almonds and peanuts. A kilogram of almonds costs "
                "{p:money}, a kilogram of peanuts {q:money}. How many kilograms of almonds are needed if the mix is "
                "to come to {t:money} a kilogram?",
            ),
            solution="If it were all of the cheaper sort, the mixture would cost {m} * {q} = {cheap:money}. It is to "
            "cost {m} * {t} = {wanted:money}, which is {gap:money} more. Every kilogram of the dearer sort in place "
            "of the cheaper one adds {p} - {q} = {difference:money}. So {gap} ÷ {difference} = {result:ws_kilogram} "
            "of the dearer sort are needed, and {rest:ws_kilogram} of the cheaper.",
        ),
        "fr": Wording(
            problems=(
                "Un torréfacteur mélange deux sortes de café, l'une à {p:money} le kilogramme, l'autre à {q:money}. "
                "Le mélange de {m:ws_kilogram} doit revenir à {t:money} le kilogramme. Combien de kilogrammes de la "
                "sorte la plus chère faut-il ?",
                "Une boutique prépare {m:ws_kilogram} d'un mélange d'amandes et de cacahuètes. Les amandes coûtent "
                "{p:money} le kilogramme et les cacahuètes {q:money}. Combien de kilogrammes d'amandes faut-il pour "
                "que le mélange revienne à {t:money} le kilogramme ?",
            ),
            solution="Si tout était de la sorte la moins chère, le mélange coûterait {m} * {q} = {cheap:money}. Or il "
            "doit coûter {m} * {t} = {wanted:money}, soit {gap:money} de plus. Chaque kilogramme de la sorte chère "
            "qui remplace un kilogramme de l'autre ajoute {p} - {q} = {difference:money}. De la sorte chère, il faut "
            "donc {gap} ÷ {difference} = {result:ws_kilogram}, et de l'autre {rest:ws_kilogram}.",
        ),
        "de": Wording(
            problems=(
                "Eine Rösterei mischt zwei Kaffeesorten, die eine zu {p:money} je Kilogramm, die andere zu {q:money}. "
                "Die Mischung von {m:ws_kilogram} soll {t:money} je Kilogramm kosten. Wie viel Kilogramm der teureren "
                "Sorte braucht man dafür?",
                "Ein Laden stellt {m:ws_kilogram} einer Mischung aus Mandeln und Erdnüssen her. Mandeln kosten "
                "{p:money} je Kilogramm, Erdnüsse {q:money}. Wie viel Kilogramm Mandeln sind nötig, damit ein "
                "Kilogramm der Mischung auf {t:money} kommt?",
            ),
            solution="Bestünde alles aus der billigeren Sorte, so würde die Mischung {m} * {q} = {cheap:money} "
            "kosten. Sie soll aber {m} * {t} = {wanted:money} kosten, also {gap:money} mehr. Jedes Kilogramm der "
            "teureren Sorte anstelle der billigeren bringt {p} - {q} = {difference:money} mehr. Man braucht daher "
            "{gap} ÷ {difference} = {result:ws_kilogram} der teureren und {rest:ws_kilogram} der billigeren Sorte.",
        ),
        "it": Wording(
            problems=(
                "Una torrefazione mescola due qualità di caffè, una a {p:money} al chilogrammo e l'altra a {q:money}. "
                "La miscela di {m:ws_kilogram} deve costare {t:money} al chilogrammo. Quanti chilogrammi della "
                "qualità più cara occorrono?",
                "Un negozio prepara {m:ws_kilogram} di una miscela di mandorle e arachidi. Le mandorle costano "
                "{p:money} al chilogrammo, le arachidi {q:money}. Quanti chilogrammi di mandorle servono perché un "
                "chilogrammo di miscela venga a costare {t:money}?",
            ),
            solution="Se tutto fosse della qualità meno cara, la miscela costerebbe {m} * {q} = {cheap:money}. Deve "
            "invece costare {m} * {t} = {wanted:money}, cioè {gap:money} in più. Ogni chilogrammo della qualità più "
            "cara, messo al posto dell'altra, aggiunge {p} - {q} = {difference:money}. Occorrono quindi {gap} ÷ "
            "{difference} = {result:ws_kilogram} della qualità più cara e {rest:ws_kilogram} dell'altra.",
        ),
        "es": Wording(
            problems=(
                "Un tostadero mezcla dos clases de café, una a {p:money} el kilogramo y otra a {q:money}. La mezcla, "
                "de {m:ws_kilogram}, debe salir a {t:money} el kilogramo. ¿Cuántos kilogramos de la clase más cara "
                "hacen falta?",
                "Una tienda prepara {m:ws_kilogram} de una mezcla de almendras y cacahuetes. Las almendras cuestan "
                "{p:money} el kilogramo y los cacahuetes, {q:money}. ¿Cuántos kilogramos de almendras se necesitan "
                "para que el kilogramo de mezcla cueste {t:money}?",
            ),
            solution="Si todo fuera de la clase más barata, la mezcla costaría {m} * {q} = {cheap:money}. Pero debe "
            "costar {m} * {t} = {wanted:money}, es decir, {gap:money} más. Cada kilogramo de la clase cara que "
            "sustituye a uno de la barata añade {p} - {q} = {difference:money}. Por tanto, hacen falta {gap} ÷ "
            "{difference} = {result:ws_kilogram} de la clase cara y {rest:ws_kilogram} de la barata.",
        ),
        "pl": Wording(
            problems=(
                "Palarnia miesza dwa gatunki kawy: jeden po {p:money} za kilogram, drugi po {q:money}. Mieszanka o "
                "masie {m:ws_kilogram.gen} ma kosztować {t:money} za kilogram. Ile kilogramów droższego gatunku "
                "trzeba wziąć?",
                "Sklep przygotowuje {m:ws_kilogram} mieszanki migdałów i orzeszków ziemnych. Kilogram migdałów "
                "kosztuje {p:money}, a kilogram orzeszków {q:money}. Ile kilogramów migdałów potrzeba, aby kilogram "
                "mieszanki kosztował {t:money}?",
            ),
            solution="Gdyby wszystko było tańszego gatunku, mieszanka kosztowałaby {m} * {q} = {cheap:money}. Ma "
            "jednak kosztować {m} * {t} = {wanted:money}, czyli o {gap:money} więcej. Każdy kilogram droższego "
            "gatunku wzięty zamiast tańszego podnosi koszt o {p} - {q} = {difference:money}. Droższego gatunku trzeba "
            "więc wziąć {gap} ÷ {difference} = {result:ws_kilogram}, a tańszego {rest:ws_kilogram}.",
        ),
        "nl": Wording(
            problems=(
                "Een branderij mengt twee soorten koffie, de ene van {p:money} per kilogram en de andere van "
                "{q:money}. Het mengsel van {m:ws_kilogram} moet {t:money} per kilogram kosten. Hoeveel kilogram van "
                "de duurdere soort is daarvoor nodig?",
                "Een winkel maakt {m:ws_kilogram} notenmix van amandelen en pinda's. Amandelen kosten {p:money} per "
                "kilogram, pinda's {q:money}. Hoeveel kilogram amandelen is er nodig om op een prijs van {t:money} "
                "per kilogram uit te komen?",
            ),
            solution="Als alles van de goedkopere soort was, zou het mengsel {m} * {q} = {cheap:money} kosten. Het "
            "moet echter {m} * {t} = {wanted:money} kosten, dus {gap:money} meer. Elk kilogram van de duurdere soort "
            "in plaats van de goedkopere voegt {p} - {q} = {difference:money} toe. Er is dus {gap} ÷ {difference} = "
            "{result:ws_kilogram} van de duurdere soort nodig en {rest:ws_kilogram} van de goedkopere.",
        ),
        "la": Wording(
            problems=(
                "Mercator ex duobus generibus olivarum mixturam facit, cuius pondus est {m:ws_kilogram}. Chiliogramma "
                "prioris generis {p:money.abl} constat, alterius {q:money.abl}; mixtura autem {t:money.abl} in "
                "singula chiliogrammata constare debet. Quot chiliogrammata carioris generis sumenda sunt?",
                "In taberna {m:ws_kilogram} mixturae ex amygdalis et nucibus parantur. Chiliogramma amygdalarum "
                "{p:money.abl} constat, nucum {q:money.abl}. Quot chiliogrammata amygdalarum requiruntur, ut "
                "chiliogramma mixturae {t:money.abl} constet?",
            ),
            solution="Si omnia vilioris generis essent, mixtura {m} * {q} = {cheap:money.abl} constaret. Constare "
            "autem debet {m} * {t} = {wanted:money.abl}, id est {gap:money.abl} pluris. Singula chiliogrammata "
            "carioris generis, si pro viliore sumuntur, {p} - {q} = {difference:money.acc} addunt. Ergo carioris "
            "generis sumenda sunt {gap} ÷ {difference} = {result:ws_kilogram}, vilioris {rest:ws_kilogram}.",
        ),
    },
    trace=Trace(
        given="{m:ws_kilogram} of a mixture at {t:money}, sorts at {p:money} and {q:money} per kilogram",
        sought="kilograms of the dearer sort",
        insight="start from the cheaper sort alone and see what each exchanged kilogram adds",
        steps=(
            "all of the cheaper sort → {m} * {q} = {cheap:money}",
            "what it is to cost → {m} * {t} = {wanted:money}, a gap of {gap:money}",
            "one kilogram exchanged adds → {p} - {q} = {difference:money}",
            "kilograms to exchange → {gap} ÷ {difference} = {result:ws_kilogram}",
        ),
        checks=(
            "cheaper sort: {m} - {result} = {rest:ws_kilogram}",
            "{result} * {p} + {rest} * {q} = {wanted:money}, as it should be",
        ),
    ),
    mistakes=(
        Mistake(
            name="gives_the_cheaper_sort",
            says="gives the kilograms of the cheaper sort instead of the dearer",
            result=lambda values: values["m"] - _solve_blend(values),
        ),
        Mistake(
            name="takes_half_of_each",
            says="takes half of each sort, as if the wanted price always lay in the middle",
            result=lambda values: Fraction(values["m"], 2),
        ),
        Mistake(
            name="divides_by_the_dearer_price",
            says="divides the gap by the dearer price instead of the difference between the prices",
            result=lambda values: round(Fraction(values["m"] * (values["t"] - values["q"])) / values["p"], 1),
        ),
        Mistake(
            name="shares_by_the_prices",
            says="divides the mass in the ratio of the two prices",
            result=lambda values: round(Fraction(values["m"] * values["p"]) / (values["p"] + values["q"]), 1),
        ),
        Mistake(
            name="forgets_the_cheaper_sort",
            says="divides the whole cost by the dearer price, as if nothing else were in the mixture",
            result=lambda values: round(Fraction(values["m"] * values["t"]) / values["p"], 1),
        ),
    ),
)
