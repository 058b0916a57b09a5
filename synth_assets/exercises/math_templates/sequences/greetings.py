"""Differences of triangular numbers: newcomers who greet those present and one another."""

from fractions import Fraction
from itertools import combinations
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_greetings(rng: Random, difficulty: str) -> Values:
    present, late = {
        "easy": (rng.randint(4, 20), rng.randint(3, 9)),
        "medium": (rng.randint(12, 70), rng.randint(6, 28)),
        "hard": (rng.randint(35, 180), rng.randint(16, 60)),
    }[difficulty]
    return {"present": present, "late": late}


def _greetings_workings(values: Values) -> dict[str, int]:
    present, late = values["present"], values["late"]
    everyone = present + late
    return {
        "others": late - 1,
        "old": present * late,
        "ordered": late * (late - 1),
        "pairs": late * (late - 1) // 2,
        "everyone": everyone,
        "all_others": everyone - 1,
        "all_pairs": everyone * (everyone - 1) // 2,
        "present_others": present - 1,
        "old_pairs": present * (present - 1) // 2,
    }


def _solve_greetings(values: Values) -> int:
    workings = _greetings_workings(values)
    return workings["old"] + workings["pairs"]


def _check_greetings(values: Values, result: Fraction) -> bool:
    """Every pair is listed, those present being the first numbers; a newcomer has to be in it."""
    pairs = combinations(range(values["present"] + values["late"]), 2)
    return result == sum(1 for _, later in pairs if later >= values["present"])


GREETINGS = Template(
    id="sequences.greetings",
    family="sequences",
    unit="nat_handshake",
    draw=_draw_greetings,
    holds=lambda values: values["present"] > 2,
    solve=_solve_greetings,
    check=_check_greetings,
    workings=_greetings_workings,
    texts={
        "en": Wording(
            problems=(
                "At a reception, {present} guests have already greeted one another. Now {late} more arrive one by one, "
                "and each of them shakes hands with everybody who is there by then. How many handshakes do these "
                "latecomers bring about?",
                "A choir that has had {present} members is joined by {late} new singers. At the first rehearsal every "
                "new singer shakes hands once with each old member and once with each of the other new singers. How "
                "many handshakes is that?",
            ),
            solution="With those who were there before, there are {present} * {late} = {old} handshakes. Each of the "
            "{late} newcomers also greets {others} others, but that counts every handshake between two of them twice, "
            "so it adds {late} * {others} ÷ 2 = {pairs} more. Altogether these are {old} + {pairs} = "
            "{result:nat_handshake}.",
        ),
        "fr": Wording(
            problems=(
                "Lors d'une réception, {present} invités se sont déjà salués entre eux. Arrivent alors, un par un, "
                "{late} autres invités, et chacun serre la main de tous ceux qui sont là à ce moment. À combien de "
                "poignées de main ces retardataires donnent-ils lieu ?",
                "Une chorale qui comptait {present} membres accueille {late} nouveaux chanteurs. À la première "
                "répétition, chaque nouveau serre une fois la main de chacun des anciens et une fois celle de chacun "
                "des autres nouveaux. Combien cela fait-il de poignées de main ?",
            ),
            solution="Avec ceux qui étaient déjà là, il y a {present} * {late} = {old} poignées de main. Chacun des "
            "{late} nouveaux venus en salue aussi {others} autres, mais on compte ainsi deux fois chaque poignée de "
            "main entre deux d'entre eux ; il s'en ajoute donc {late} * {others} ÷ 2 = {pairs} en réalité. En tout, "
            "cela fait {old} + {pairs} = {result:nat_handshake}.",
        ),
        "de": Wording(
            problems=(
                "Bei einem Empfang haben {present} Gäste einander schon begrüßt. Nun kommen nacheinander noch {late} "
                "Gäste hinzu, und jeder von ihnen gibt allen, die dann schon da sind, die Hand. Wie viele Handschläge "
                "gibt es durch diese Nachzügler?",
                "Ein Chor mit bisher {present} Mitgliedern bekommt {late} Neue. Bei der ersten Probe gibt jedes neue "
                "Mitglied jedem alten und jedem anderen neuen einmal die Hand. Wie viele Handschläge sind das?",
            ),
            solution="Mit denen, die schon da waren, gibt es {present} * {late} = {old} Handschläge. Jeder der {late} "
            "Hinzugekommenen begrüßt außerdem {others} andere, doch dabei wird jeder Handschlag zwischen zweien von "
            "ihnen doppelt gezählt; es kommen also nur {late} * {others} ÷ 2 = {pairs} hinzu. Zusammen sind es {old} + "
            "{pairs} = {result:nat_handshake}.",
        ),
        "it": Wording(
            problems=(
                "A un ricevimento {present} invitati si sono già salutati tra loro. Arrivano ora, uno alla volta, "
                "altri {late} invitati, e ciascuno stringe la mano a tutti quelli che in quel momento sono presenti. A "
                "quante strette di mano danno luogo questi ritardatari?",
                "Un coro che contava {present} membri accoglie {late} nuovi cantanti. Alla prima prova ogni nuovo "
                "arrivato stringe una volta la mano a ciascuno dei vecchi membri e una volta a ciascuno degli altri "
                "nuovi. Quante strette di mano sono?",
            ),
            solution="Con chi c'era già si contano {present} * {late} = {old} strette di mano. Ogni nuovo arrivato "
            "saluta anche altri {others}, ma così ogni stretta di mano fra due nuovi arrivati viene contata due volte; "
            "se ne aggiungono dunque {late} * {others} ÷ 2 = {pairs} soltanto. In tutto sono {old} + {pairs} = "
            "{result:nat_handshake}.",
        ),
        "es": Wording(
            problems=(
                "En una recepción, {present} invitados ya se han saludado entre sí. Llegan entonces, de uno en uno, "
                "otros {late} invitados, y cada uno estrecha la mano de todos los que están allí en ese momento. ¿A "
                "cuántos apretones de manos dan lugar estos rezagados?",
                "Un coro que tenía {present} miembros recibe a {late} cantantes nuevos. En el primer ensayo cada "
                "cantante nuevo estrecha la mano una vez a cada miembro antiguo y una vez a cada uno de los demás "
                "nuevos. ¿Cuántos apretones de manos son?",
            ),
            solution="Con los que ya estaban hay {present} * {late} = {old} apretones de manos. Cada uno de los {late} "
            "recién llegados saluda además a otros {others}, pero así cada apretón entre dos de ellos se cuenta dos "
            "veces; solo se añaden, pues, {late} * {others} ÷ 2 = {pairs} más. En total son {old} + {pairs} = "
            "{result:nat_handshake}.",
        ),
        "pl": Wording(
            problems=(
                "Liczba gości, którzy na przyjęciu już się ze sobą przywitali, wynosi {present}. Teraz przychodzą "
                "kolejno spóźnieni goście w liczbie {late} i każdy z nich ściska dłoń wszystkim, którzy są już na "
                "miejscu. Ile uścisków dłoni przybywa za sprawą spóźnionych?",
                "Do chóru, który liczył dotąd {present:nat_singer.acc}, przyjęto nowe osoby w liczbie {late}. Na "
                "pierwszej próbie każda nowa osoba raz ściska dłoń każdemu dawnemu członkowi i raz każdej z "
                "pozostałych nowych osób. Ile to uścisków dłoni?",
            ),
            solution="Z tymi, którzy byli wcześniej, wymieniono {present} * {late} = {old:nat_handshake.acc}. Poza tym "
            "każda nowa osoba wita się z pozostałymi nowymi w liczbie {others}, lecz tak każdy uścisk między dwiema z "
            "nich liczy się podwójnie, więc tych uścisków jest {late} * {others} ÷ 2 = {pairs}. Razem daje to {old} + "
            "{pairs} = {result:nat_handshake.acc}.",
        ),
        "nl": Wording(
            problems=(
                "Op een receptie hebben {present} gasten elkaar al begroet. Nu komen er een voor een nog {late} gasten "
                "bij, en ieder van hen geeft iedereen die er dan al is een hand. Hoeveel handdrukken komen er door "
                "deze laatkomers bij?",
                "Een koor dat tot nu toe {present} leden had, krijgt er {late} nieuwe zangers bij. Op de eerste "
                "repetitie geeft elke nieuwe zanger elk oud lid en elke andere nieuwe zanger één keer een hand. "
                "Hoeveel handdrukken zijn dat?",
            ),
            solution="Met wie er al was, zijn er {present} * {late} = {old} handdrukken. Ieder van de {late} "
            "nieuwkomers begroet bovendien {others} anderen, maar zo wordt elke handdruk tussen twee van hen dubbel "
            "geteld; er komen er dus maar {late} * {others} ÷ 2 = {pairs} bij. Samen zijn dat {old} + {pairs} = "
            "{result:nat_handshake}.",
        ),
        "la": Wording(
            problems=(
                "In convivio {present} hospites iam inter se salutaverunt. Nunc {late} alii deinceps adveniunt, et "
                "unusquisque eorum cum omnibus, qui iam adsunt, dextram iungit. Quot dextrarum iunctiones ab his, qui "
                "serius venerunt, fiunt?",
                "In chorum, qui adhuc {present} sodales habebat, {late} novi cantores recipiuntur. Quo die primum una "
                "canunt, unusquisque novus cantor semel cum unoquoque vetere sodali et semel cum unoquoque ceterorum "
                "novorum dextram iungit. Quot dextrarum iunctiones fiunt?",
            ),
            solution="Cum iis, qui antea aderant, fiunt {present} * {late} = {old} iunctiones. Unusquisque ex {late} "
            "novis praeterea {others} ceteros salutat, sed ita omnis iunctio inter duos novos bis numeratur; accedunt "
            "igitur tantum {late} * {others} ÷ 2 = {pairs} iunctiones. Omnino sunt {old} + {pairs} = "
            "{result:nat_handshake}.",
        ),
    },
    trace=Trace(
        given="{present} people who need not greet one another, {late} newcomers who greet everybody",
        sought="number of handshakes in which a newcomer takes part",
        insight="split them: newcomer with old member, and newcomer with newcomer, where each pair counts once",
        steps=(
            "newcomers with those present → {present} * {late} = {old}",
            "newcomers among themselves → {late} * {others} ÷ 2 = {ordered} ÷ 2 = {pairs}",
            "sum → {old} + {pairs} = {result:nat_handshake}",
        ),
        checks=(
            "all pairs of {everyone} people: {everyone} * {all_others} ÷ 2 = {all_pairs}",
            "pairs of those present: {present} * {present_others} ÷ 2 = {old_pairs}",
            "{all_pairs} - {old_pairs} = {result:nat_handshake}, the same",
        ),
    ),
    mistakes=(
        Mistake(
            name="forgets_the_newcomers",
            says="leaves out the handshakes between newcomers",
            result=lambda values: values["present"] * values["late"],
        ),
        Mistake(
            name="counts_pairs_twice",
            says="counts every handshake between newcomers twice",
            result=lambda values: values["late"] * (values["present"] + values["late"] - 1),
        ),
        Mistake(
            name="counts_everybody",
            says="counts the handshakes of those present among themselves too",
            result=lambda values: _greetings_workings(values)["all_pairs"],
        ),
        Mistake(
            name="greets_oneself",
            says="lets newcomers shake hands with themselves",
            result=lambda values: _solve_greetings(values) + values["late"],
        ),
        Mistake(
            name="newcomers_only",
            says="counts the handshakes between newcomers only",
            result=lambda values: _greetings_workings(values)["pairs"],
        ),
    ),
)
