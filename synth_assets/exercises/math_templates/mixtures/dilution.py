"""Mixtures."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_dilution(rng: Random, difficulty: str) -> Values:
    if difficulty == "easy":
        target = rng.choice((5, 10, 15, 20, 25))
        return {"a": rng.randint(2, 30), "x": target * rng.randint(2, 6), "y": target}
    if difficulty == "medium":
        return {"a": Fraction(rng.randint(4, 60), 2), "x": 2 * rng.randint(12, 45), "y": rng.randint(2, 20)}
    return {"a": Fraction(rng.randint(31, 450), 10), "x": rng.randint(31, 96), "y": Fraction(rng.randint(5, 49), 2)}


def _solve_dilution(values: Values) -> Fraction:
    return Fraction(values["a"] * values["x"]) / values["y"] - values["a"]


def _dilution_workings(values: Values) -> Values:
    return {
        "pure": Fraction(values["a"] * values["x"], 100),
        "total": Fraction(values["a"] * values["x"]) / values["y"],
    }


def _dilution_holds(values: Values) -> bool:
    water = _solve_dilution(values)
    return (10 * water).denominator == 1 and 2 <= water <= 400 and values["x"] <= 96


def _check_dilution(values: Values, result: Fraction) -> bool:
    """What is no active substance, all the rest of the liquid, has grown by the water alone."""
    rest = values["a"] * (100 - values["x"]) + 100 * result
    return rest == (values["a"] + result) * (100 - values["y"])


DILUTION = Template(
    id="mixtures.dilution",
    family="mixtures",
    unit="litre",
    draw=_draw_dilution,
    holds=_dilution_holds,
    solve=_solve_dilution,
    check=_check_dilution,
    workings=_dilution_workings,
    texts={
        "en": Wording(
            problems=(
                "A chemist has {a:litre} of a solution that contains {x:pct} acid. How many litres of water must she "
                "add to bring the acid content down to {y:pct}?",
                "A gardener buys {a:litre} of liquid plant food with {x:pct} nutrients, but his plants tolerate only "
                "{y:pct}. How much water, in litres, does he have to pour in to get the right strength?",
            ),
            solution="Water changes the volume, but not the amount of active substance: {a} * {x} ÷ 100 = "
            "{pure:litre}. In the finished liquid this is to be {y:pct}, so the total volume is {pure} ÷ {y} * 100 = "
            "{total:litre}. The water to be added is therefore {total} - {a} = {result:litre}.",
        ),
        "fr": Wording(
            problems=(
                "Une chimiste dispose de {a:litre} d'une solution qui contient {x:pct} d'acide. Combien de litres "
                "d'eau doit-elle ajouter pour ramener la teneur en acide à {y:pct} ?",
                "Un jardinier achète {a:litre} d'engrais liquide contenant {x:pct} de nutriments, mais ses plantes "
                "n'en supportent que {y:pct}. Quelle quantité d'eau, en litres, doit-il y verser pour obtenir la "
                "bonne concentration ?",
            ),
            solution="L'eau change le volume, mais pas la quantité de substance active : {a} * {x} ÷ 100 = "
            "{pure:litre}. Comme celle-ci doit représenter {y:pct} du liquide final, le volume total est de {pure} ÷ "
            "{y} * 100 = {total:litre}. Il faut donc ajouter {total} - {a} = {result:litre} d'eau.",
        ),
        "de": Wording(
            problems=(
                "Eine Chemikerin hat {a:litre} einer Lösung mit einem Säuregehalt von {x:pct}. Wie viele Liter Wasser "
                "muss sie zugeben, damit der Säuregehalt auf {y:pct} sinkt?",
                "Ein Gärtner kauft {a:litre} Flüssigdünger mit einem Nährstoffanteil von {x:pct}, seine Pflanzen "
                "vertragen aber nur {y:pct}. Wie viel Wasser, in Litern gemessen, muss er dazugießen, damit die "
                "Stärke stimmt?",
            ),
            solution="Das Wasser ändert das Volumen, nicht aber die Menge des Wirkstoffs: {a} * {x} ÷ 100 = "
            "{pure:litre}. In der fertigen Flüssigkeit sollen das {y:pct} sein, ihr Volumen beträgt also {pure} ÷ {y} "
            "* 100 = {total:litre}. Hinzu kommen demnach {total} - {a} = {result:litre} Wasser.",
        ),
        "it": Wording(
            problems=(
                "Una chimica ha {a:litre} di una soluzione che contiene {x:il+pct} di acido. Quanti litri d'acqua "
                "deve aggiungere per portare il contenuto di acido {y:al+pct}?",
                "Un giardiniere compra {a:litre} di concime liquido con {x:il+pct} di sostanze nutritive, ma le sue "
                "piante ne tollerano solo {y:il+pct}. Quanta acqua, in litri, deve versarvi per ottenere la "
                "concentrazione giusta?",
            ),
            solution="L'acqua cambia il volume, ma non la quantità di sostanza attiva: {a} * {x} ÷ 100 = "
            "{pure:litre}. Nel liquido finale questa deve essere {y:il+pct}, perciò il volume totale è {pure} ÷ {y} * "
            "100 = {total:litre}. Bisogna dunque aggiungere {total} - {a} = {result:litre} d'acqua.",
        ),
        "es": Wording(
            problems=(
                "Una química tiene {a:litre} de una disolución que contiene un {x:pct} de ácido. ¿Cuántos litros de "
                "agua debe añadir para que el contenido de ácido baje al {y:pct}?",
                "Un jardinero compra {a:litre} de abono líquido con un {x:pct} de nutrientes, pero sus plantas solo "
                "toleran un {y:pct}. ¿Cuánta agua, en litros, tiene que verter para conseguir la concentración "
                "adecuada?",
            ),
            solution="El agua cambia el volumen, pero no la cantidad de sustancia activa: {a} * {x} ÷ 100 = "
            "{pure:litre}. En el líquido final esta debe representar el {y:pct}, así que el volumen total es {pure} ÷ "
            "{y} * 100 = {total:litre}. Por tanto, hay que añadir {total} - {a} = {result:litre} de agua.",
        ),
        "pl": Wording(
            problems=(
                "Chemiczka ma {a:litre} roztworu o zawartości kwasu {x:pct}. Ile litrów wody musi dolać, aby "
                "zawartość kwasu spadła do {y:pct}?",
                "Ogrodnik kupił {a:litre} płynnego nawozu zawierającego {x:pct} składników odżywczych, ale jego "
                "rośliny znoszą najwyżej {y:pct}. Ile wody, licząc w litrach, powinien dolać, aby stężenie było "
                "odpowiednie?",
            ),
            solution="Woda zmienia objętość, ale nie zmienia ilości substancji czynnej: {a} * {x} ÷ 100 = "
            "{pure:litre}. W gotowym płynie ma ona stanowić {y:pct}, więc jego objętość wynosi {pure} ÷ {y} * 100 = "
            "{total:litre}. Trzeba zatem dolać {total} - {a} = {result:litre} wody.",
        ),
        "nl": Wording(
            problems=(
                "Een scheikundige heeft {a:litre} van een oplossing met {x:pct} zuur. Hoeveel liter water moet ze "
                "toevoegen om het zuurgehalte terug te brengen tot {y:pct}?",
                "Een tuinman koopt {a:litre} vloeibare meststof met {x:pct} voedingsstoffen, maar zijn planten "
                "verdragen slechts {y:pct}. Hoeveel water, in liters gemeten, moet hij erbij gieten om de juiste "
                "sterkte te krijgen?",
            ),
            solution="Het water verandert het volume, maar niet de hoeveelheid werkzame stof: {a} * {x} ÷ 100 = "
            "{pure:litre}. In de uiteindelijke vloeistof moet dat {y:pct} zijn, dus het volume wordt {pure} ÷ {y} * "
            "100 = {total:litre}. Er moet dus {total} - {a} = {result:litre} water bij.",
        ),
        "la": Wording(
            problems=(
                "Chemica {a:litre.acc} mixturae habet, cuius {x:pct} acidum est. Quot litra aquae addere debet, ut "
                "pars acidi ad {y:pct} minuatur?",
                "Hortulanus {a:litre.acc} liquoris emit, cuius {x:pct} plantas alit, sed plantae eius {y:pct} tantum "
                "tolerant. Quantum aquae, litris numeratum, infundere debet, ut vis liquoris apta fiat?",
            ),
            solution="Aqua mensuram auget, copiam materiae efficacis non mutat: {a} * {x} ÷ 100 = {pure:litre}. In "
            "mixtura confecta haec copia {y:pct} efficere debet; ergo mensura totius est {pure} ÷ {y} * 100 = "
            "{total:litre}. Itaque addenda sunt {total} - {a} = {result:litre} aquae.",
        ),
    },
    trace=Trace(
        given="{a:litre} with {x:pct} active substance, wanted strength {y:pct}",
        sought="litres of water to add",
        insight="water adds volume only, the active substance stays as it is",
        steps=(
            "active substance → {a} * {x} ÷ 100 = {pure:litre}",
            "volume in which this is {y:pct} → {pure} ÷ {y} * 100 = {total:litre}",
            "water → {total} - {a} = {result:litre}",
        ),
        checks=(
            "{total} * {y} ÷ 100 = {pure:litre} of active substance, as before",
            "{a} + {result} = {total:litre} in all",
        ),
    ),
    mistakes=(
        Mistake(
            name="forgets_the_liquid_at_hand",
            says="gives the whole volume of the finished liquid and does not take off what was there",
            result=lambda values: round(Fraction(values["a"] * values["x"]) / values["y"], 1),
        ),
        Mistake(
            name="takes_the_difference_of_percentages",
            says="adds as many per cent of the volume as the strength has to fall",
            result=lambda values: round(Fraction(values["a"] * (values["x"] - values["y"]), 100), 1),
        ),
        Mistake(
            name="divides_by_the_first_strength",
            says="refers the fall in strength to the first percentage instead of the second",
            result=lambda values: round(Fraction(values["a"] * (values["x"] - values["y"])) / values["x"], 1),
        ),
        Mistake(
            name="turns_the_proportion_round",
            says="multiplies the volume by the second percentage and divides by the first",
            result=lambda values: round(Fraction(values["a"] * values["y"]) / values["x"], 1),
        ),
        Mistake(
            name="takes_off_the_substance",
            says="takes the active substance off the whole volume instead of the liquid that was there",
            result=lambda values: round(
                Fraction(values["a"] * values["x"]) / values["y"] - Fraction(values["a"] * values["x"], 100), 1
            ),
        ),
    ),
)
