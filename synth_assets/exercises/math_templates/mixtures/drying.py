"""Mixtures."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_drying(rng: Random, difficulty: str) -> Values:
    if difficulty == "easy":
        return {"a": 5 * rng.randint(2, 60), "x": 100 - rng.choice((10, 15, 20, 25, 30)), "y": rng.choice((10, 20, 25))}
    if difficulty == "medium":
        return {"a": rng.randint(8, 240), "x": rng.randint(70, 92), "y": rng.randint(8, 30)}
    water = Fraction(rng.randint(141, 187), 2)
    return {"a": Fraction(rng.randint(31, 900), 2), "x": water, "y": Fraction(rng.randint(17, 60), 2)}


def _solve_drying(values: Values) -> Fraction:
    return Fraction(values["a"] * (100 - values["x"])) / (100 - values["y"])


def _drying_workings(values: Values) -> Values:
    solids = 100 - values["x"]
    return {
        "solids": solids,
        "dried_solids": 100 - values["y"],
        "matter": Fraction(values["a"] * solids, 100),
        "lost": values["a"] - _solve_drying(values),
    }


def _drying_holds(values: Values) -> bool:
    result = _solve_drying(values)
    return (20 * result).denominator == 1 and result >= 2


def _check_drying(values: Values, result: Fraction) -> bool:
    """The water left is the water there was less all the weight that was lost."""
    lost = values["a"] - result
    return values["a"] * values["x"] / Fraction(100) - lost == result * values["y"] / 100


DRYING = Template(
    id="mixtures.drying",
    family="mixtures",
    unit="ws_kilogram",
    draw=_draw_drying,
    holds=_drying_holds,
    solve=_solve_drying,
    check=_check_drying,
    workings=_drying_workings,
    texts={
        "en": Wording(
            problems=(
                "Freshly picked apricots are {x:pct} water. After drying in the sun, the fruit is only {y:pct} water. "
                "How many kilograms of dried fruit do {a:ws_kilogram} of fresh apricots yield?",
                "A farmer mows {a:ws_kilogram} of grass with a water content of {x:pct} and lets it dry until the "
                "water content is {y:pct}. How many kilograms does the hay weigh?",
            ),
            solution="Only water is lost, the dry matter stays. At first its share is 100 - {x} = {solids:pct}, which "
            "is {a} * {solids} ÷ 100 = {matter:ws_kilogram}. Once dried, it makes up 100 - {y} = {dried_solids:pct} of "
            "the whole. The mass after drying is therefore {matter} ÷ {dried_solids} * 100 = {result:ws_kilogram}.",
        ),
        "fr": Wording(
            problems=(
                "Les abricots fraîchement cueillis contiennent {x:pct} d'eau. Après séchage au soleil, les fruits n'en "
                "contiennent plus que {y:pct}. Combien de kilogrammes de fruits secs obtient-on avec "
                "{a:ws_kilogram} d'abricots frais ?",
                "Un agriculteur fauche {a:ws_kilogram} d'herbe dont la teneur en eau est de {x:pct}. Il la laisse "
                "sécher jusqu'à ce que cette teneur tombe à {y:pct}. Combien de kilogrammes le foin pèse-t-il ?",
            ),
            solution="Seule l'eau s'en va ; la matière sèche reste. Au départ, sa part est de 100 - {x} = "
            "{solids:pct}, soit {a} * {solids} ÷ 100 = {matter:ws_kilogram}. Après séchage, elle représente 100 - {y} "
            "= {dried_solids:pct} du tout. La masse séchée est donc de {matter} ÷ {dried_solids} * 100 = "
            "{result:ws_kilogram}.",
        ),
        "de": Wording(
            problems=(
                "Frisch gepflückte Aprikosen bestehen zu {x:pct} aus Wasser. Nach dem Trocknen in der Sonne enthalten "
                "die Früchte nur noch {y:pct} Wasser. Wie viel Kilogramm Trockenfrüchte ergeben {a:ws_kilogram} "
                "frische Aprikosen?",
                "Ein Bauer mäht {a:ws_kilogram} Gras mit einem Wassergehalt von {x:pct} und lässt es trocknen, bis "
                "der Wassergehalt {y:pct} beträgt. Wie viel Kilogramm wiegt das Heu?",
            ),
            solution="Es geht nur Wasser verloren, die Trockenmasse bleibt erhalten. Ihr Anteil beträgt anfangs 100 - "
            "{x} = {solids:pct}, das sind {a} * {solids} ÷ 100 = {matter:ws_kilogram}. Nach dem Trocknen macht sie "
            "100 - {y} = {dried_solids:pct} des Ganzen aus. Die getrocknete Ware wiegt also {matter} ÷ {dried_solids} "
            "* 100 = {result:ws_kilogram}.",
        ),
        "it": Wording(
            problems=(
                "Le albicocche appena colte contengono {x:il+pct} di acqua. Dopo l'essiccazione al sole, i frutti ne "
                "contengono solo {y:il+pct}. Quanti chilogrammi di frutta secca si ottengono da {a:ws_kilogram} di "
                "albicocche fresche?",
                "Un contadino falcia {a:ws_kilogram} di erba che contiene {x:il+pct} di acqua e la lascia seccare "
                "finché il contenuto di acqua non scende {y:al+pct}. Quanti chilogrammi pesa il fieno?",
            ),
            solution="Se ne va soltanto l'acqua, mentre la sostanza secca rimane. All'inizio la sua parte è 100 - {x} "
            "= {solids:pct}, cioè {a} * {solids} ÷ 100 = {matter:ws_kilogram}. Dopo l'essiccazione essa costituisce "
            "100 - {y} = {dried_solids:pct} del totale. La massa essiccata è dunque {matter} ÷ {dried_solids} * 100 = "
            "{result:ws_kilogram}.",
        ),
        "es": Wording(
            problems=(
                "Los albaricoques recién cogidos contienen un {x:pct} de agua. Después de secarse al sol, la fruta "
                "contiene solo un {y:pct}. ¿Cuántos kilogramos de fruta seca se obtienen de {a:ws_kilogram} de "
                "albaricoques frescos?",
                "Un campesino siega {a:ws_kilogram} de hierba con un contenido de agua del {x:pct} y la deja secar "
                "hasta que ese contenido baja al {y:pct}. ¿Cuántos kilogramos pesa el heno?",
            ),
            solution="Solo se pierde agua; la materia seca se conserva. Al principio su parte es 100 - {x} = "
            "{solids:pct}, es decir, {a} * {solids} ÷ 100 = {matter:ws_kilogram}. Una vez seco el producto, "
            "constituye 100 - {y} = {dried_solids:pct} del total. La masa después del secado es, por tanto, {matter} "
            "÷ {dried_solids} * 100 = {result:ws_kilogram}.",
        ),
        "pl": Wording(
            problems=(
                "Gospodyni suszy na słońcu {a:ws_kilogram} świeżych moreli, które zawierają {x:pct} wody. Po "
                "wysuszeniu owoce zawierają już tylko {y:pct} wody. Ile kilogramów suszonych moreli otrzyma?",
                "Rolnik skosił {a:ws_kilogram} trawy o zawartości wody {x:pct} i suszy ją, aż zawartość wody spadnie "
                "do {y:pct}. Ile kilogramów będzie ważyć siano?",
            ),
            solution="Ubywa tylko wody, a sucha masa pozostaje. Na początku jej udział wynosi 100 - {x} = "
            "{solids:pct}, czyli {a} * {solids} ÷ 100 = {matter:ws_kilogram}. Po wysuszeniu stanowi ona 100 - {y} = "
            "{dried_solids:pct} całości. Wysuszony produkt waży zatem {matter} ÷ {dried_solids} * 100 = "
            "{result:ws_kilogram}.",
        ),
        "nl": Wording(
            problems=(
                "Vers geplukte abrikozen bestaan voor {x:pct} uit water. Na het drogen in de zon bevatten de vruchten "
                "nog maar {y:pct} water. Hoeveel kilogram gedroogde vruchten levert {a:ws_kilogram} verse abrikozen "
                "op?",
                "Een boer maait {a:ws_kilogram} gras met een watergehalte van {x:pct} en laat het drogen tot het "
                "watergehalte {y:pct} is. Hoeveel kilogram weegt het hooi?",
            ),
            solution="Er verdwijnt alleen water, de droge stof blijft. Haar aandeel is eerst 100 - {x} = "
            "{solids:pct}, dat is {a} * {solids} ÷ 100 = {matter:ws_kilogram}. Na het drogen maakt ze 100 - {y} = "
            "{dried_solids:pct} van het geheel uit. De gedroogde massa is dus {matter} ÷ {dried_solids} * 100 = "
            "{result:ws_kilogram}.",
        ),
        "la": Wording(
            problems=(
                "Uvarum recens lectarum {x:pct} aqua est; postquam sole siccatae sunt, {y:pct} tantum aqua est. Quot "
                "chiliogrammata uvarum siccarum ex {a:ws_kilogram.abl} uvarum recentium fiunt?",
                "Agricola {a:ws_kilogram} herbae secat, cuius {x:pct} aqua est, et eam siccari sinit, donec {y:pct} "
                "tantum aqua sit. Quot chiliogrammata faeni ex ea herba accipit?",
            ),
            solution="Aqua sola amittitur, materia sicca manet. Pars eius initio est 100 - {x} = {solids:pct}, id est "
            "{a} * {solids} ÷ 100 = {matter:ws_kilogram}. In re siccata eadem materia 100 - {y} = {dried_solids:pct} "
            "totius efficit. Pondus igitur rei siccatae est {matter} ÷ {dried_solids} * 100 = {result:ws_kilogram}.",
        ),
    },
    trace=Trace(
        given="{a:ws_kilogram} fresh, {x:pct} water before and {y:pct} water after drying",
        sought="kilograms left after drying",
        insight="the water changes, the dry matter does not, so reckon with the dry matter",
        steps=(
            "dry matter before, in per cent → 100 - {x} = {solids:pct}",
            "dry matter → {a} * {solids} ÷ 100 = {matter:ws_kilogram}",
            "dry matter after, in per cent → 100 - {y} = {dried_solids:pct}",
            "mass of which this is the dry matter → {matter} ÷ {dried_solids} * 100 = {result:ws_kilogram}",
        ),
        checks=(
            "{result} * {dried_solids} ÷ 100 = {matter:ws_kilogram}, the dry matter is all there",
            "water lost: {a} - {result} = {lost:ws_kilogram}, less than there was",
        ),
    ),
    mistakes=(
        Mistake(
            name="subtracts_the_percentages",
            says="takes the difference of the two water contents as the share of weight that is lost",
            result=lambda values: round(Fraction(values["a"] * (100 - values["x"] + values["y"]), 100), 2),
        ),
        Mistake(
            name="keeps_the_dry_matter_only",
            says="gives the dry matter alone and forgets the water that stays in it",
            result=lambda values: round(Fraction(values["a"] * (100 - values["x"]), 100), 2),
        ),
        Mistake(
            name="uses_the_ratio_of_the_water_contents",
            says="multiplies by the second water content and divides by the first",
            result=lambda values: round(Fraction(values["a"] * values["y"]) / values["x"], 2),
        ),
        Mistake(
            name="adds_water_to_the_dry_matter",
            says="takes the second percentage of the dry matter instead of the finished mass",
            result=lambda values: round(
                Fraction(values["a"] * (100 - values["x"]), 100) * (100 + values["y"]) / 100, 2
            ),
        ),
        Mistake(
            name="gives_the_water_lost",
            says="gives the weight that was lost instead of the weight that is left",
            result=lambda values: values["a"] - _solve_drying(values),
        ),
    ),
)
