"""Mixtures."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_replacing(rng: Random, difficulty: str) -> Values:
    times, litres, kept = {
        "easy": (2, 5 * rng.randint(2, 40), rng.choice((50, 60, 70, 75, 80, 90))),
        "medium": (3, 10 * rng.randint(2, 60), rng.choice((50, 60, 70, 75, 80, 90))),
        "hard": (rng.choice((3, 4)), 5 * rng.randint(8, 200), rng.choice((55, 65, 85, 95, 84, 88, 92, 96, 80, 90))),
    }[difficulty]
    return {"all": litres, "out": Fraction(litres * (100 - kept), 100), "n": times}


def _solve_replacing(values: Values) -> Fraction:
    return values["all"] * (1 - Fraction(values["out"]) / values["all"]) ** values["n"]


def _replacing_workings(values: Values) -> Values:
    left = values["all"] - values["out"]
    return {"left": left, "kept": Fraction(left) / values["all"]}


def _replacing_holds(values: Values) -> bool:
    result = _solve_replacing(values)
    fine = (10 * Fraction(values["out"])).denominator == 1 and (1000 * result).denominator == 1
    return fine and min(values["out"], result) >= 2


def _check_replacing(values: Values, result: Fraction) -> bool:
    """Round by round: what is drawn off has at that moment the mixture's strength."""
    amount = Fraction(values["all"])
    for _ in range(values["n"]):
        strength = amount / values["all"]
        amount -= values["out"] * strength
    return amount == result


REPLACING = Template(
    id="mixtures.replacing",
    family="mixtures",
    unit="litre",
    draw=_draw_replacing,
    holds=_replacing_holds,
    solve=_solve_replacing,
    check=_check_replacing,
    workings=_replacing_workings,
    texts={
        "en": Wording(
            problems=(
                "A barrel holds {all:litre} of wine. An innkeeper secretly draws off {out:litre}, fills the barrel up "
                "with water and lets it mix; he does this {n} times in all. How many litres of wine are left in the "
                "barrel?",
                "A tank contains {all:litre} of pure syrup. The same thing is done {n} times in a row: {out:litre} of "
                "the contents are drained and replaced with water, and everything is stirred. How much syrup, in "
                "litres, does the tank contain in the end?",
            ),
            solution="Each time, {all} - {out} = {left:litre} of the old contents remain, which is {left} ÷ {all} = "
            "{kept} of the whole. The water brings back nothing of the original liquid, so every round multiplies its "
            "amount by {kept}. After {n} rounds there are {all} * {kept}{n:power} = {result:litre} of it left.",
        ),
        "fr": Wording(
            problems=(
                "Un tonneau contient {all:litre} de vin. Un aubergiste en tire discrètement {out:litre}, complète "
                "avec de l'eau et laisse le tout se mélanger ; il fait cela {n} fois en tout. Combien de litres de "
                "vin reste-t-il dans le tonneau ?",
                "Une cuve contient {all:litre} de sirop pur. On répète {n} fois de suite la même opération : on "
                "retire {out:litre} du contenu, on les remplace par de l'eau et l'on mélange bien. Quelle quantité de "
                "sirop, en litres, la cuve contient-elle à la fin ?",
            ),
            solution="À chaque fois, il reste {all} - {out} = {left:litre} de l'ancien contenu, soit {left} ÷ {all} = "
            "{kept} du tout. L'eau n'apporte rien du liquide de départ ; chaque opération multiplie donc sa quantité "
            "par {kept}. Après {n} opérations, il en reste {all} * {kept}{n:power} = {result:litre}.",
        ),
        "de": Wording(
            problems=(
                "In einem Fass sind {all:litre} Wein. Ein Wirt zapft heimlich {out:litre} ab, füllt mit Wasser auf und "
                "wartet, bis sich alles gemischt hat; das tut er insgesamt {n}-mal. Wie viele Liter Wein sind noch im "
                "Fass?",
                "Ein Behälter enthält {all:litre} reinen Sirup. Man führt {n}-mal denselben Vorgang aus: {out:litre} "
                "des Inhalts werden abgelassen und durch Wasser ersetzt, dann wird alles verrührt. Wie viel Sirup, "
                "in Litern gemessen, enthält der Behälter am Ende?",
            ),
            solution="Jedes Mal bleiben {all} - {out} = {left:litre} des alten Inhalts übrig, das sind {left} ÷ {all} "
            "= {kept} des Ganzen. Das Wasser bringt nichts von der ursprünglichen Flüssigkeit zurück, also wird deren "
            "Menge bei jedem Vorgang mit {kept} multipliziert. Nach {n} Vorgängen sind davon noch {all} * "
            "{kept}{n:power} = {result:litre} da.",
        ),
        "it": Wording(
            problems=(
                "In una botte ci sono {all:litre} di vino. Di nascosto un oste ne spilla {out:litre}, riempie la "
                "botte con acqua e lascia che tutto si mescoli; lo fa in tutto {n} volte. Quanti litri di vino "
                "restano nella botte?",
                "Una cisterna contiene {all:litre} di sciroppo puro. Per {n} volte di seguito si tolgono {out:litre} "
                "del contenuto, si sostituiscono con acqua e si mescola bene. Quanto sciroppo, in litri, contiene "
                "alla fine la cisterna?",
            ),
            solution="Ogni volta restano {all} - {out} = {left:litre} del vecchio contenuto, cioè {left} ÷ {all} = "
            "{kept} del totale. L'acqua non riporta nulla del liquido iniziale, perciò a ogni operazione la sua "
            "quantità si moltiplica per {kept}. Dopo {n} operazioni ne restano {all} * {kept}{n:power} = "
            "{result:litre}.",
        ),
        "es": Wording(
            problems=(
                "Un tonel contiene {all:litre} de vino. A escondidas, un tabernero saca {out:litre}, rellena el tonel "
                "con agua y deja que todo se mezcle; lo hace {n} veces en total. ¿Cuántos litros de vino quedan en el "
                "tonel?",
                "Un depósito contiene {all:litre} de jarabe puro. La misma operación se repite {n} veces seguidas: se "
                "retiran {out:litre} del contenido, se sustituyen por agua y se remueve bien. ¿Cuánto jarabe, en "
                "litros, contiene el depósito al final?",
            ),
            solution="Cada vez quedan {all} - {out} = {left:litre} del contenido anterior, es decir, {left} ÷ {all} = "
            "{kept} del total. El agua no devuelve nada del líquido inicial, de modo que cada operación multiplica su "
            "cantidad por {kept}. Después de {n} operaciones quedan {all} * {kept}{n:power} = {result:litre}.",
        ),
        "pl": Wording(
            problems=(
                "Beczka zawiera {all:litre} wina. Karczmarz potajemnie odlewa {out:litre}, uzupełnia beczkę wodą i "
                "czeka, aż wszystko się wymiesza; robi to łącznie {n} razy. Ile litrów wina zostało w beczce?",
                "Zbiornik zawiera {all:litre} czystego syropu. Kolejno {n} razy odlewa się z niego {out:litre} "
                "zawartości, dolewa tyle samo wody i całość miesza. Ile syropu, licząc w litrach, zawiera zbiornik na "
                "końcu?",
            ),
            solution="Za każdym razem poprzedniej zawartości zostaje {all} - {out} = {left:litre}, czyli {left} ÷ "
            "{all} = {kept} całości. Woda nie przywraca pierwotnego płynu, więc każda wymiana mnoży jego ilość przez "
            "{kept}. Liczba wymian wynosi {n}, zatem zostaje {all} * {kept}{n:power} = {result:litre}.",
        ),
        "nl": Wording(
            problems=(
                "In een vat zit {all:litre} wijn. Een herbergier tapt er stiekem {out:litre} uit, vult het vat aan "
                "met water en laat alles zich mengen; dat doet hij in totaal {n} keer. Hoeveel liter wijn zit er nog "
                "in het vat?",
                "Een tank bevat {all:litre} zuivere siroop. Achtereenvolgens wordt {n} keer {out:litre} van de "
                "inhoud afgetapt en door water vervangen, waarna alles goed wordt doorgeroerd. Hoeveel siroop, in "
                "liters, bevat de tank uiteindelijk?",
            ),
            solution="Elke keer blijft {all} - {out} = {left:litre} van de oude inhoud over, dat is {left} ÷ {all} = "
            "{kept} van het geheel. Het water brengt niets van de oorspronkelijke vloeistof terug, dus elke keer "
            "wordt de hoeveelheid ervan met {kept} vermenigvuldigd. Na {n} keer is er nog {all} * {kept}{n:power} = "
            "{result:litre} van over.",
        ),
        "la": Wording(
            problems=(
                "In dolio sunt {all:litre} vini. Caupo clam {out:litre.acc} haurit, dolium aqua replet et omnia "
                "misceri sinit; hoc {n} vicibus facit. Quot litra vini in dolio manent?",
                "Vas {all:litre.acc} sirupi puri continet. Deinde {n} vicibus continuis {out:litre} hauriuntur, aqua "
                "pro iis infunditur et omnia permiscentur. Quantum sirupi, litris numeratum, ad extremum in vase est?",
            ),
            solution="Singulis vicibus manent {all} - {out} = {left:litre} eorum, quae in vase fuerunt, id est {left} "
            "÷ {all} = {kept} totius. Aqua nihil liquoris prioris reddit; itaque copia eius singulis vicibus per "
            "{kept} multiplicatur. Post {n} vices manent {all} * {kept}{n:power} = {result:litre}.",
        ),
    },
    trace=Trace(
        given="{all:litre} at first pure, {out:litre} exchanged for water, {n} times",
        sought="litres of the original liquid left",
        insight="from the second time on a mixture is drawn off, so the amount shrinks by a factor, not by a constant",
        steps=(
            "kept each time → {all} - {out} = {left:litre} out of {all:litre}",
            "as a factor → {left} ÷ {all} = {kept}",
            "after {n} rounds → {all} * {kept}{n:power} = {result:litre}",
        ),
        checks=(
            "first round: {all} * {kept} = {left:litre}, only the original liquid was drawn off",
            "backwards: {result} ÷ {kept}{n:power} = {all:litre}, the full vessel",
        ),
    ),
    mistakes=(
        Mistake(
            name="subtracts_each_time",
            says="takes off the same amount of pure liquid each time, as if no water had been mixed in",
            result=lambda values: values["all"] - values["n"] * values["out"],
        ),
        Mistake(
            name="counts_one_round",
            says="works out a single round",
            result=lambda values: values["all"] - values["out"],
        ),
        Mistake(
            name="counts_one_round_too_many",
            says="multiplies by the factor once more than there are rounds",
            result=lambda values: round(_solve_replacing(values) * (1 - Fraction(values["out"]) / values["all"]), 3),
        ),
        Mistake(
            name="gives_the_water",
            says="gives the amount of water in the end instead of the original liquid",
            result=lambda values: values["all"] - _solve_replacing(values),
        ),
        Mistake(
            name="raises_the_share_drawn_off",
            says="raises the share that is drawn off to the power instead of the share that stays",
            result=lambda values: round(values["all"] * (Fraction(values["out"]) / values["all"]) ** values["n"], 3),
        ),
    ),
)
