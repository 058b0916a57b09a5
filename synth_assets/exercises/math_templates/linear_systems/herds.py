"""Two numbers of which both would change if some passed from one to the other (Euclid's mule and donkey)."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_herds(rng: Random, difficulty: str) -> Values:
    most, times = {"easy": (15, (3, 4)), "medium": (30, (3, 4, 5, 6)), "hard": (90, (3, 4, 5, 6, 7, 8))}[difficulty]
    return {"even": rng.randint(2, most), "moved": rng.randint(2, most), "times": rng.choice(times)}


def _herds_workings(values: Values) -> Values:
    gap, parts = 2 * values["even"], values["times"] - 1
    wide = gap + 2 * values["moved"]
    rest = wide // parts
    return {
        "gap": gap,
        "wide": wide,
        "parts": parts,
        "rest": rest,
        "second": rest + values["moved"],
        "equal": rest + values["moved"] + values["even"],
        "full": values["times"] * rest,
    }


def _herds_holds(values: Values) -> bool:
    workings = _herds_workings(values)
    whole = workings["wide"] == workings["rest"] * workings["parts"]
    return whole and workings["rest"] >= 2 and values["even"] != values["moved"]


def _solve_herds(values: Values) -> int:
    workings = _herds_workings(values)
    return workings["second"] + workings["gap"]


def _check_herds(values: Values, result: Fraction) -> bool:
    """The other herd, found from the first condition, fulfils the second."""
    other = result - 2 * values["even"]
    return other > values["moved"] and result + values["moved"] == values["times"] * (other - values["moved"])


HERDS = Template(
    id="linear_systems.herds",
    family="linear systems",
    unit="herd_sheep",
    draw=_draw_herds,
    holds=_herds_holds,
    solve=_solve_herds,
    check=_check_herds,
    workings=_herds_workings,
    texts={
        "en": Wording(
            problems=(
                "Two shepherds are talking. “If I gave you {even:herd_sheep},” says the first, “we should have equally "
                "many. But if you gave me {moved:herd_sheep}, I should have {times} times as many as you.” How many "
                "sheep does the first shepherd have?",
                "Moving {even:herd_sheep} from the upper pasture to the lower one would make both herds equal. Moving "
                "{moved:herd_sheep} the other way instead would make the upper herd {times} times as large as the "
                "lower. How many sheep graze on the upper pasture?",
            ),
            solution="If both become equal when {even} pass over, the first herd has 2 * {even} = {gap:herd_sheep} "
            "more than the second. When {moved} pass the other way, the lead grows to {gap} + 2 * {moved} = "
            "{wide:herd_sheep}. That is {times} - 1 = {parts} times what is then left of the second, so {wide} ÷ "
            "{parts} = {rest} are left of it. The second herd therefore has {rest} + {moved} = {second:herd_sheep}, "
            "and the first {second} + {gap} = {result:herd_sheep}.",
        ),
        "fr": Wording(
            problems=(
                "Deux bergers discutent. «\u00a0Si je te donnais {even:herd_sheep}, dit le premier, nous en aurions "
                "autant l'un que l'autre. Mais si tu m'en donnais {moved}, j'en aurais {times} fois autant que "
                "toi.\u00a0» Combien de moutons le premier berger a-t-il ?",
                "En faisant passer {even:herd_sheep} du pré d'en haut à celui d'en bas, on rendrait les deux troupeaux "
                "égaux. En faisant passer au contraire {moved:herd_sheep} dans l'autre sens, on rendrait le troupeau "
                "d'en haut {times} fois aussi grand que celui d'en bas. Combien de moutons y a-t-il dans le pré d'en "
                "haut ?",
            ),
            solution="Si les deux deviennent égaux quand {even} changent de côté, le premier troupeau a 2 * {even} = "
            "{gap:herd_sheep} de plus que le second. Quand {moved} passent dans l'autre sens, cette avance monte à "
            "{gap} + 2 * {moved} = {wide:herd_sheep}. C'est {times} - 1 = {parts} fois ce qui reste alors du second, "
            "dont il reste donc {wide} ÷ {parts} = {rest:herd_sheep}. Le second troupeau compte ainsi {rest} + {moved} "
            "= {second:herd_sheep}, et le premier {second} + {gap} = {result:herd_sheep}.",
        ),
        "de": Wording(
            problems=(
                "Zwei Schäfer unterhalten sich. „Wenn ich dir {even:herd_sheep} gäbe“, sagt der erste, „hätten wir "
                "gleich viele. Gäbest du aber mir {moved:herd_sheep}, so hätte ich {times}-mal so viele wie du.“ Wie "
                "viele Schafe hat der erste Schäfer?",
                "Brächte man {even:herd_sheep} von der oberen Weide auf die untere, so wären beide Herden gleich groß. "
                "Brächte man stattdessen {moved:herd_sheep} in umgekehrter Richtung hinüber, so wäre die obere Herde "
                "{times}-mal so groß wie die untere. Wie viele Schafe grasen auf der oberen Weide?",
            ),
            solution="Wenn beide Herden gleich werden, sobald {even:herd_sheep} wechseln, hat die erste 2 * {even} = "
            "{gap:herd_sheep} mehr als die zweite. Wechseln {moved} in umgekehrter Richtung, so wächst der Vorsprung "
            "auf {gap} + 2 * {moved} = {wide:herd_sheep}. Das ist das {parts}-Fache dessen, was dann von der zweiten "
            "Herde bleibt, denn {times} - 1 = {parts}; es bleiben also {wide} ÷ {parts} = {rest:herd_sheep}. Die "
            "zweite Herde zählt demnach {rest} + {moved} = {second:herd_sheep} und die erste {second} + {gap} = "
            "{result:herd_sheep}.",
        ),
        "it": Wording(
            problems=(
                "Due pastori discutono. «Se ti dessi {even:herd_sheep}», dice il primo, «ne avremmo tante l'uno "
                "quante l'altro. Ma se tu ne dessi {moved} a me, io ne avrei {times} volte quante ne resterebbero a "
                "te». Quante pecore ha il primo pastore?",
                "Spostando {even:herd_sheep} dal pascolo alto a quello basso, i due greggi diventerebbero uguali. "
                "Spostandone invece {moved} in senso contrario, il gregge del pascolo alto diventerebbe {times} volte "
                "quello del pascolo basso. Quante pecore ci sono nel pascolo alto?",
            ),
            solution="Se i due greggi diventano uguali quando ne passano {even}, il primo ha 2 * {even} = "
            "{gap:herd_sheep} più del secondo. Quando ne passano {moved} in senso contrario, il vantaggio sale a {gap} "
            "+ 2 * {moved} = {wide:herd_sheep}. Esso è {times} - 1 = {parts} volte ciò che resta allora del secondo "
            "gregge, che è dunque ridotto a {wide} ÷ {parts} = {rest:herd_sheep}. Il secondo gregge ha perciò {rest} + "
            "{moved} = {second:herd_sheep} e il primo {second} + {gap} = {result:herd_sheep}.",
        ),
        "es": Wording(
            problems=(
                "Dos pastores conversan. «Si yo te diera {even:herd_sheep}», dice el primero, «tendríamos las mismas. "
                "Pero si tú me dieras {moved:herd_sheep} a mí, yo tendría {times} veces las que te quedarían a ti». "
                "¿Cuántas ovejas tiene el primer pastor?",
                "Si se pasaran {even:herd_sheep} del prado alto al bajo, los dos rebaños serían iguales. Si, en "
                "cambio, se pasaran {moved:herd_sheep} en sentido contrario, el rebaño del prado alto sería {times} "
                "veces el del bajo. ¿Cuántas ovejas hay en el prado alto?",
            ),
            solution="Si los dos rebaños se igualan cuando pasan {even}, el primero tiene 2 * {even} = "
            "{gap:herd_sheep} más que el segundo. Cuando pasan {moved} en sentido contrario, la ventaja sube a {gap} + "
            "2 * {moved} = {wide:herd_sheep}. Eso es {times} - 1 = {parts} veces lo que queda entonces del segundo, "
            "reducido por tanto a {wide} ÷ {parts} = {rest:herd_sheep}. El segundo rebaño tiene, pues, {rest} + "
            "{moved} = {second:herd_sheep} y el primero, {second} + {gap} = {result:herd_sheep}.",
        ),
        "pl": Wording(
            problems=(
                "Rozmawiają dwaj pasterze. „Gdybym dał ci {even:herd_sheep.acc} \u2013 mówi pierwszy \u2013 mielibyśmy "
                "po tyle samo. Gdybyś jednak ty dał mi {moved:herd_sheep.acc}, miałbym ich {times} razy tyle co ty”. "
                "Ile owiec ma pierwszy pasterz?",
                "Gdyby przeprowadzić {even:herd_sheep.acc} z górnego pastwiska na dolne, oba stada byłyby równe. Gdyby "
                "natomiast przeprowadzić {moved:herd_sheep.acc} w przeciwną stronę, górne stado byłoby {times} razy "
                "większe od dolnego. Ile owiec liczy górne stado?",
            ),
            solution="Skoro po przejściu owiec w liczbie {even} stada są równe, pierwsze ma o 2 * {even} = "
            "{gap:herd_sheep.acc} więcej niż drugie. Po przejściu w przeciwną stronę owiec w liczbie {moved} przewaga "
            "rośnie do {gap} + 2 * {moved} = {wide}. Jest to {times} - 1 = {parts} razy tyle, ile zostaje wtedy z "
            "drugiego stada, które liczy więc {wide} ÷ {parts} = {rest:herd_sheep.acc}. Drugie stado liczy zatem "
            "{rest} + {moved} = {second:herd_sheep.acc}, a pierwsze {second} + {gap} = {result:herd_sheep.acc}.",
        ),
        "nl": Wording(
            problems=(
                "Twee herders praten met elkaar. “Als ik jou {even:herd_sheep} gaf,” zegt de eerste, “zouden we er "
                "evenveel hebben. Maar als jij mij {moved:herd_sheep} gaf, zou ik er {times} keer zoveel hebben als "
                "jij.” Hoeveel schapen heeft de eerste herder?",
                "Bracht men {even:herd_sheep} van de hoge weide naar de lage, dan zouden beide kudden even groot zijn. "
                "Bracht men in plaats daarvan {moved:herd_sheep} de andere kant op, dan zou de kudde op de hoge weide "
                "{times} keer zo groot zijn als die op de lage. Hoeveel schapen grazen er op de hoge weide?",
            ),
            solution="Als beide kudden gelijk worden wanneer er {even} overgaan, heeft de eerste 2 * {even} = "
            "{gap:herd_sheep} meer dan de tweede. Gaan er {moved} de andere kant op, dan groeit de voorsprong tot "
            "{gap} + 2 * {moved} = {wide:herd_sheep}. Dat is {times} - 1 = {parts} keer wat er dan van de tweede kudde "
            "over is, dus daarvan zijn er nog {wide} ÷ {parts} = {rest:herd_sheep}. De tweede kudde telt bijgevolg "
            "{rest} + {moved} = {second:herd_sheep} en de eerste {second} + {gap} = {result:herd_sheep}.",
        ),
        "la": Wording(
            problems=(
                "Duo pastores colloquuntur. «Si ego tibi {even:herd_sheep.acc} darem», inquit prior, «totidem "
                "haberemus. Sed si tu mihi {moved:herd_sheep.acc} dares, numerus ovium tuarum, per {times} "
                "multiplicatus, meum aequaret.» Quot oves prior pastor habet?",
                "Si quis {even:herd_sheep.acc} e superiore pascuo in inferius duceret, greges pares fierent. Si "
                "contra {moved:herd_sheep.acc} ex inferiore in superius duceret, numerus gregis inferioris, per "
                "{times} multiplicatus, numerum superioris aequaret. Quot oves in superiore pascuo sunt?",
            ),
            solution="Quoniam greges pares fiunt, si {even} oves transeunt, prior grex 2 * {even} = "
            "{gap:herd_sheep.acc} plures habet quam alter. Si {moved} in partem contrariam transeunt, differentia "
            "crescit ad {gap} + 2 * {moved} = {wide:herd_sheep.acc}. Eadem efficitur, si numerus, qui tum alteri "
            "gregi restat, per {times} - 1 = {parts} multiplicatur; is ergo numerus est {wide} ÷ {parts} = {rest}. "
            "Alter igitur grex {rest} + {moved} = {second:herd_sheep.acc} habet, prior autem {second} + {gap} = "
            "{result:herd_sheep.acc}.",
        ),
    },
    trace=Trace(
        given="{even} from the first to the second make both equal; {moved} the other way make the first {times} times "
        "the second",
        sought="size of the first herd",
        insight="what passes over counts twice in the difference: one side loses it and the other gains it",
        steps=(
            "first exceeds second by → 2 * {even} = {gap}",
            "after the move the other way → {gap} + 2 * {moved} = {wide}",
            "{times} - 1 = {parts} times the rest of the second → rest {wide} ÷ {parts} = {rest}",
            "second → {rest} + {moved} = {second}; first → {second} + {gap} = {result:herd_sheep}",
        ),
        checks=(
            "first condition: {result} - {even} = {equal} AND {second} + {even} = {equal}",
            "second condition: {result} + {moved} = {full} AND {times} * ({second} - {moved}) = {full}",
        ),
    ),
    mistakes=(
        Mistake(
            name="gives_the_second",
            says="stops at the size of the second herd",
            result=lambda values: _herds_workings(values)["second"],
        ),
        Mistake(
            name="gives_the_equal_size",
            says="gives the size at which both herds would be equal",
            result=lambda values: _herds_workings(values)["equal"],
        ),
        Mistake(
            name="gives_the_size_after_the_move",
            says="gives the size that the first herd would have after the move the other way",
            result=lambda values: _herds_workings(values)["full"],
        ),
        Mistake(
            name="counts_moves_once",
            says="takes what passes over once instead of twice into the difference",
            result=lambda values: (
                (values["even"] + values["moved"]) // _herds_workings(values)["parts"]
                + values["moved"]
                + values["even"]
            ),
        ),
        Mistake(
            name="divides_by_the_ratio",
            says="divides the difference by the ratio instead of by one part less",
            result=lambda values: (
                _herds_workings(values)["wide"] // values["times"] + values["moved"] + _herds_workings(values)["gap"]
            ),
        ),
    ),
)
