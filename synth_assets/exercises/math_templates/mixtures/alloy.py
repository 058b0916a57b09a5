"""Mixtures."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_alloy(rng: Random, difficulty: str) -> Values:
    grams, step = {
        "easy": (10 * rng.randint(2, 40), 10),
        "medium": (rng.randint(20, 400), 5),
        "hard": (Fraction(rng.randint(101, 2999), 5), 1),
    }[difficulty]
    low, middle, high = sorted(rng.sample(range(10 // step, 96 // step), 3))
    x, y = (low, high) if rng.random() < 0.5 else (high, low)
    return {"a": grams, "x": step * x, "y": step * y, "z": step * middle}


def _solve_alloy(values: Values) -> Fraction:
    return Fraction(values["a"] * (values["x"] - values["z"])) / (values["z"] - values["y"])


def _alloy_workings(values: Values) -> Values:
    low1, high1 = sorted((values["x"], values["z"]))
    low2, high2 = sorted((values["y"], values["z"]))
    total = values["a"] + _solve_alloy(values)
    return {
        "low1": low1,
        "high1": high1,
        "off1": high1 - low1,
        "low2": low2,
        "high2": high2,
        "off2": high2 - low2,
        "weighted": values["a"] * (high1 - low1),
        "lesser": min(values["x"], values["y"]),
        "greater": max(values["x"], values["y"]),
        "total": total,
        "pure": total * values["z"] / 100,
    }


def _alloy_holds(values: Values) -> bool:
    result = _solve_alloy(values)
    # a deviation of 1 leaves nothing to multiply or divide by
    worth_weighing = min(abs(values["x"] - values["z"]), abs(values["y"] - values["z"])) > 1
    return (5 * result).denominator == 1 and 5 <= result <= 2000 and result != values["a"] and worth_weighing


def _check_alloy(values: Values, result: Fraction) -> bool:
    """The silver of both, weighed separately, is the wanted share of the whole."""
    silver = Fraction(values["a"] * values["x"], 100) + result * values["y"] / 100
    return silver == (values["a"] + result) * values["z"] / 100


ALLOY = Template(
    id="mixtures.alloy",
    family="mixtures",
    unit="ws_gram",
    draw=_draw_alloy,
    holds=_alloy_holds,
    solve=_solve_alloy,
    check=_check_alloy,
    workings=_alloy_workings,
    texts={
        "en": Wording(
            problems=(
                "A goldsmith has {a:ws_gram} of an alloy that contains {x:pct} silver. How many grams of a second "
                "alloy with {y:pct} silver must he melt with it so that the silver content becomes {z:pct}?",
                "A mint casts medals from metal with {z:pct} silver. It melts down {a:ws_gram} of old coins with "
                "{x:pct} silver and adds metal with {y:pct} silver. How much of this metal is needed, in grams?",
            ),
            solution="Compared with the wanted content, the first metal is off by {high1} - {low1} = {off1} and the "
            "second, on the other side, by {high2} - {low2} = {off2}. These deviations must balance, so {a} * {off1} "
            "= {weighted} has to equal the unknown mass times {off2}. That mass is {weighted} ÷ {off2} = "
            "{result:ws_gram}. In all there are {total:ws_gram} of alloy with {pure:ws_gram} of silver, which is "
            "{z:pct}.",
        ),
        "fr": Wording(
            problems=(
                "Un orfèvre possède {a:ws_gram} d'un alliage qui contient {x:pct} d'argent. Combien de grammes d'un "
                "second alliage à {y:pct} d'argent doit-il fondre avec le premier pour que la teneur en argent soit "
                "de {z:pct} ?",
                "Un atelier monétaire coule des médailles dans un métal à {z:pct} d'argent. Il fond {a:ws_gram} de "
                "vieilles pièces à {x:pct} d'argent et y ajoute un métal à {y:pct} d'argent. Quelle masse de ce "
                "métal faut-il, en grammes ?",
            ),
            solution="Par rapport à la teneur voulue, l'écart du premier métal est de {high1} - {low1} = {off1} et "
            "celui du second, dans l'autre sens, de {high2} - {low2} = {off2}. Les deux écarts doivent se compenser : "
            "{a} * {off1} = {weighted} doit être égal à la masse cherchée multipliée par {off2}. Cette masse est donc "
            "de {weighted} ÷ {off2} = {result:ws_gram}. On obtient en tout {total:ws_gram} d'alliage, dont "
            "{pure:ws_gram} d'argent, soit {z:pct}.",
        ),
        "de": Wording(
            problems=(
                "Ein Goldschmied hat {a:ws_gram} einer Legierung mit einem Silbergehalt von {x:pct}. Wie viel Gramm "
                "einer zweiten Legierung mit einem Silbergehalt von {y:pct} muss er mit ihr verschmelzen, damit der "
                "Silbergehalt {z:pct} beträgt?",
                "Eine Münzstätte gießt Medaillen aus Metall mit {z:pct} Silber. Sie schmilzt {a:ws_gram} alte Münzen "
                "mit {x:pct} Silber ein und gibt Metall mit {y:pct} Silber hinzu. Wie viel Gramm von diesem Metall "
                "sind nötig?",
            ),
            solution="Vom gewünschten Gehalt weicht das erste Metall um {high1} - {low1} = {off1} ab, das zweite in "
            "die andere Richtung um {high2} - {low2} = {off2}. Diese Abweichungen müssen sich ausgleichen, also muss "
            "{a} * {off1} = {weighted} gleich der gesuchten Masse mal {off2} sein. Die Masse beträgt {weighted} ÷ "
            "{off2} = {result:ws_gram}. Zusammen sind das {total:ws_gram} Legierung mit {pure:ws_gram} Silber, also "
            "{z:pct}.",
        ),
        "it": Wording(
            problems=(
                "Un orafo ha {a:ws_gram} di una lega che contiene {x:il+pct} di argento. Quanti grammi di una seconda "
                "lega con {y:il+pct} di argento deve fondere insieme alla prima perché la lega ottenuta contenga "
                "{z:il+pct} di argento?",
                "Una zecca fonde medaglie in un metallo con {z:il+pct} di argento. Prende {a:ws_gram} di vecchie "
                "monete con {x:il+pct} di argento e vi aggiunge un metallo con {y:il+pct} di argento. Quanto di "
                "questo metallo serve, in grammi?",
            ),
            solution="Rispetto al contenuto voluto, il primo metallo si scosta di {high1} - {low1} = {off1} e il "
            "secondo, nel verso opposto, di {high2} - {low2} = {off2}. I due scarti devono compensarsi: {a} * {off1} "
            "= {weighted} deve essere uguale alla massa cercata moltiplicata per {off2}. La massa è quindi {weighted} "
            "÷ {off2} = {result:ws_gram}. In tutto si ottengono {total:ws_gram} di lega con {pure:ws_gram} di "
            "argento, cioè {z:il+pct}.",
        ),
        "es": Wording(
            problems=(
                "Un orfebre tiene {a:ws_gram} de una aleación que contiene un {x:pct} de plata. ¿Cuántos gramos de "
                "una segunda aleación con un {y:pct} de plata debe fundir con ella para que el contenido de plata sea "
                "del {z:pct}?",
                "Una casa de la moneda hace medallas de un metal con un {z:pct} de plata. Para ello funde {a:ws_gram} "
                "de monedas viejas con un {x:pct} de plata y añade un metal con un {y:pct} de plata. ¿Qué cantidad de "
                "este metal hace falta, en gramos?",
            ),
            solution="Respecto del contenido deseado, el primer metal se desvía {high1} - {low1} = {off1} y el "
            "segundo, en sentido contrario, {high2} - {low2} = {off2}. Las dos desviaciones deben compensarse: {a} * "
            "{off1} = {weighted} tiene que ser igual a la masa buscada multiplicada por {off2}. Así pues, la masa es "
            "{weighted} ÷ {off2} = {result:ws_gram}. En total resultan {total:ws_gram} de aleación con "
            "{pure:ws_gram} de plata, es decir, el {z:pct}.",
        ),
        "pl": Wording(
            problems=(
                "Złotnik ma {a:ws_gram} stopu zawierającego {x:pct} srebra. Ile gramów drugiego stopu, zawierającego "
                "{y:pct} srebra, powinien z nim stopić, aby zawartość srebra wyniosła {z:pct}?",
                "Mennica odlewa medale z metalu o zawartości srebra {z:pct}. Przetapia {a:ws_gram} starych monet o "
                "zawartości srebra {x:pct} i dodaje metal o zawartości srebra {y:pct}. Ile gramów tego metalu "
                "potrzeba?",
            ),
            solution="Od żądanej zawartości pierwszy metal odbiega o {high1} - {low1} = {off1}, a drugi, w przeciwną "
            "stronę, o {high2} - {low2} = {off2}. Odchylenia te muszą się zrównoważyć: iloczyn {a} * {off1} = "
            "{weighted} ma być równy szukanej masie pomnożonej przez {off2}. Masa ta wynosi więc {weighted} ÷ {off2} "
            "= {result:ws_gram}. Razem daje to {total:ws_gram} stopu, w tym {pure:ws_gram} srebra, czyli {z:pct}.",
        ),
        "nl": Wording(
            problems=(
                "Een edelsmid heeft {a:ws_gram} van een legering met {x:pct} zilver. Hoeveel gram van een tweede "
                "legering met {y:pct} zilver moet hij ermee samensmelten om een zilvergehalte van {z:pct} te krijgen?",
                "Een munthuis giet medailles van metaal met {z:pct} zilver. Het smelt {a:ws_gram} oude munten met "
                "{x:pct} zilver om en voegt metaal met {y:pct} zilver toe. Hoeveel van dit metaal is er nodig, in "
                "grammen?",
            ),
            solution="Van het gewenste gehalte wijkt het eerste metaal {high1} - {low1} = {off1} af en het tweede, de "
            "andere kant op, {high2} - {low2} = {off2}. Deze afwijkingen moeten elkaar opheffen: {a} * {off1} = "
            "{weighted} moet gelijk zijn aan de gezochte massa maal {off2}. Die massa is dus {weighted} ÷ {off2} = "
            "{result:ws_gram}. Samen is dat {total:ws_gram} legering met {pure:ws_gram} zilver, oftewel {z:pct}.",
        ),
        "la": Wording(
            problems=(
                "Aurifex {a:ws_gram} metalli habet, cuius {x:pct} argentum est. Quot grammata alterius metalli, cuius "
                "{y:pct} argentum est, cum eo conflare debet, ut pars argenti {z:pct} fiat?",
                "Monetarius numismata fundit ex metallo, cuius {z:pct} argentum est. Conflat {a:ws_gram} veterum "
                "nummorum, quorum {x:pct} argentum est, et metallum addit, cuius {y:pct} argentum est. Quot grammata "
                "huius metalli necessaria sunt?",
            ),
            solution="A parte optata prius metallum differt numero {high1} - {low1} = {off1}, alterum in contrarium "
            "numero {high2} - {low2} = {off2}. Hae differentiae inter se aequari debent; ergo {a} * {off1} = "
            "{weighted} tantum est quantum massa quaesita per {off2} multiplicata. Massa igitur est {weighted} ÷ "
            "{off2} = {result:ws_gram}. Omnino fiunt {total:ws_gram} mixturae, in quibus {pure:ws_gram} argenti "
            "insunt, id est {z:pct}.",
        ),
    },
    trace=Trace(
        given="{a:ws_gram} with {x:pct} silver, a second metal with {y:pct}, wanted content {z:pct}",
        sought="grams of the second metal",
        insight="what one metal is off the target must be made up by the other, mass times deviation",
        steps=(
            "deviation of the first → {high1} - {low1} = {off1}, of the second → {high2} - {low2} = {off2}",
            "first mass times its deviation → {a} * {off1} = {weighted}",
            "mass of the second → {weighted} ÷ {off2} = {result:ws_gram}",
        ),
        checks=(
            "{z:pct} lies between {lesser:pct} and {greater:pct}, so a mixture can reach it",
            "{total:ws_gram} in all, of which {total} * {z} ÷ 100 = {pure:ws_gram} of silver",
        ),
    ),
    mistakes=(
        Mistake(
            name="swaps_the_deviations",
            says="takes the masses in the ratio of the deviations instead of the inverse ratio",
            result=lambda values: round(
                Fraction(values["a"] * (values["z"] - values["y"])) / (values["x"] - values["z"]), 1
            ),
        ),
        Mistake(
            name="gives_the_whole_mass",
            says="gives the mass of the finished alloy instead of the part to be added",
            result=lambda values: values["a"] + _solve_alloy(values),
        ),
        Mistake(
            name="takes_equal_masses",
            says="takes as much of the second metal as of the first",
            result=lambda values: values["a"],
        ),
        Mistake(
            name="uses_the_ratio_of_the_contents",
            says="takes the masses in the inverse ratio of the two silver contents, whatever the target is",
            result=lambda values: round(Fraction(values["a"] * values["x"]) / values["y"], 1),
        ),
        Mistake(
            name="divides_by_the_whole_span",
            says="divides by the difference between the two metals instead of that between target and second metal",
            result=lambda values: round(
                Fraction(values["a"] * abs(values["x"] - values["z"])) / abs(values["x"] - values["y"]), 1
            ),
        ),
    ),
)
