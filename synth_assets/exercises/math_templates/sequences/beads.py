"""A pattern that repeats: whole repetitions and what is left."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_beads(rng: Random, difficulty: str) -> Values:
    most, beads = {
        "easy": (4, rng.randint(25, 70)),
        "medium": (7, rng.randint(60, 250)),
        "hard": (12, rng.randint(300, 2500)),
    }[difficulty]
    return {
        "red": rng.randint(2, most),
        "blue": rng.randint(2, most),
        "white": rng.randint(2, most),
        "beads": beads,
    }


def _beads_workings(values: Values) -> dict[str, int]:
    pattern = values["red"] + values["blue"] + values["white"]
    full, rest = divmod(values["beads"], pattern)
    blue = full * values["blue"] + min(max(rest - values["red"], 0), values["blue"])
    return {
        "pattern": pattern,
        "full": full,
        "rest": rest,
        "covered": full * pattern,
        "in_full": full * values["red"],
        "extra": min(rest, values["red"]),
        "blue_ones": blue,
        "white_ones": values["beads"] - _solve_beads(values) - blue,
    }


def _solve_beads(values: Values) -> int:
    pattern = values["red"] + values["blue"] + values["white"]
    return values["beads"] // pattern * values["red"] + min(values["beads"] % pattern, values["red"])


def _beads_holds(values: Values) -> bool:
    """Two beads or more are left over, and red is not half of all."""
    workings = _beads_workings(values)
    return workings["full"] >= 3 and workings["rest"] >= 2 and 2 * _solve_beads(values) != values["beads"]


def _check_beads(values: Values, result: Fraction) -> bool:
    """Threads them one by one."""
    pattern = "r" * values["red"] + "b" * values["blue"] + "w" * values["white"]
    return result == sum(1 for at in range(values["beads"]) if pattern[at % len(pattern)] == "r")


BEADS = Template(
    id="sequences.beads",
    family="sequences",
    unit="nat_red_bead",
    draw=_draw_beads,
    holds=_beads_holds,
    solve=_solve_beads,
    check=_check_beads,
    workings=_beads_workings,
    texts={
        "en": Wording(
            problems=(
                "Lena threads beads on a string, always in the same order: {red} red ones, {blue} blue ones, {white} "
                "white ones, then {red} red ones again, and so on. The finished string has {beads} beads. How many of "
                "them are red?",
                "A curtain is made of one long chain of {beads} beads. Its pattern begins with {red} red beads, "
                "followed by {blue} blue and {white} white ones; after that it repeats from the beginning with {red} "
                "red ones until the chain ends. How many red beads does the curtain contain?",
            ),
            solution="The pattern has {red} + {blue} + {white} = {pattern} beads. In {beads} beads it is complete "
            "{full} times, which takes {full} * {pattern} = {covered} beads and leaves {rest} over. The complete "
            "patterns contain {full} * {red} = {in_full} red beads, and as each pattern begins with red, {extra} of "
            "the beads left over are red too. In all there are {in_full} + {extra} = {result:nat_red_bead}.",
        ),
        "fr": Wording(
            problems=(
                "Léna enfile des perles sur un fil, toujours dans le même ordre : {red} rouges, {blue} bleues, {white} "
                "blanches, puis de nouveau {red} rouges, et ainsi de suite. Le fil achevé compte {beads} perles. "
                "Combien d'entre elles sont rouges ?",
                "Un rideau est fait d'une seule longue chaîne de {beads} perles. Son motif commence par {red} perles "
                "rouges, suivies de {blue} bleues et de {white} blanches ; ensuite, il reprend du début avec {red} "
                "rouges jusqu'au bout de la chaîne. Combien de perles rouges le rideau contient-il ?",
            ),
            solution="Le motif compte {red} + {blue} + {white} = {pattern} perles. Dans {beads} perles, il est complet "
            "{full} fois, ce qui fait {full} * {pattern} = {covered} perles et en laisse {rest}. Les motifs complets "
            "contiennent {full} * {red} = {in_full} perles rouges et, comme chaque motif commence par le rouge, "
            "{extra} des perles restantes sont rouges aussi. En tout, il y a {in_full} + {extra} = "
            "{result:nat_red_bead}.",
        ),
        "de": Wording(
            problems=(
                "Lena fädelt Perlen auf eine Schnur, immer in derselben Reihenfolge: {red} rote, {blue} blaue, {white} "
                "weiße, dann wieder {red} rote und so weiter. Die fertige Schnur hat {beads} Perlen. Wie viele davon "
                "sind rot?",
                "Ein Vorhang besteht aus einer einzigen langen Kette von {beads} Perlen. Ihr Muster beginnt mit {red} "
                "roten Perlen, auf die {blue} blaue und {white} weiße folgen; danach wiederholt es sich von vorn mit "
                "{red} roten, bis die Kette zu Ende ist. Wie viele rote Perlen enthält der Vorhang?",
            ),
            solution="Das Muster hat {red} + {blue} + {white} = {pattern} Perlen. In {beads} Perlen kommt es "
            "{full}-mal vollständig vor; das sind {full} * {pattern} = {covered} Perlen, und {rest} bleiben übrig. Die "
            "vollständigen Muster enthalten {full} * {red} = {in_full} rote Perlen, und weil jedes Muster mit Rot "
            "beginnt, sind auch von den übrigen Perlen {extra} rot. Insgesamt sind es {in_full} + {extra} = "
            "{result:nat_red_bead}.",
        ),
        "it": Wording(
            problems=(
                "Lena infila perline su un filo, sempre nello stesso ordine: {red} rosse, {blue} blu, {white} bianche, "
                "poi di nuovo {red} rosse e così via. Il filo finito ha {beads} perline. Quante di esse sono rosse?",
                "Una tenda è fatta di un'unica lunga catena di {beads} perline. Il motivo comincia con {red} perline "
                "rosse, seguite da {blue} blu e da {white} bianche; poi riprende da capo con {red} rosse fino alla "
                "fine della catena. Quante perline rosse contiene la tenda?",
            ),
            solution="Il motivo ha {red} + {blue} + {white} = {pattern} perline. In {beads} perline sta per intero "
            "{full} volte, cioè in {full} * {pattern} = {covered} perline, e ne avanzano {rest}. I motivi interi "
            "contengono {full} * {red} = {in_full} perline rosse e, poiché ogni motivo comincia con il rosso, anche "
            "{extra} delle perline avanzate sono rosse. In tutto ci sono {in_full} + {extra} = {result:nat_red_bead}.",
        ),
        "es": Wording(
            problems=(
                "Lena ensarta cuentas en un hilo, siempre en el mismo orden: {red} rojas, {blue} azules, {white} "
                "blancas, luego otra vez {red} rojas, y así sucesivamente. El hilo terminado tiene {beads} cuentas. "
                "¿Cuántas de ellas son rojas?",
                "Una cortina está hecha de una sola cadena larga de {beads} cuentas. Su dibujo empieza con {red} "
                "cuentas rojas, a las que siguen {blue} azules y {white} blancas; después se repite desde el principio "
                "con {red} rojas hasta que la cadena termina. ¿Cuántas cuentas rojas contiene la cortina?",
            ),
            solution="El dibujo tiene {red} + {blue} + {white} = {pattern} cuentas. En {beads} cuentas cabe entero "
            "{full} veces, lo que ocupa {full} * {pattern} = {covered} cuentas y deja {rest} sobrantes. Los dibujos "
            "enteros contienen {full} * {red} = {in_full} cuentas rojas y, como cada dibujo empieza por el rojo, "
            "también {extra} de las sobrantes son rojas. En total hay {in_full} + {extra} = {result:nat_red_bead}.",
        ),
        "pl": Wording(
            problems=(
                "Lena nawleka koraliki na sznurek, zawsze w tej samej kolejności: {red:nat_red_bead}, "
                "{blue:nat_blue_bead}, {white:nat_white_bead}, potem znów {red:nat_red_bead} i tak dalej. Gotowy "
                "sznurek składa się z {beads} koralików. Ile z nich jest czerwonych?",
                "Zasłona jest zrobiona z jednego długiego łańcucha złożonego z {beads} koralików. Jego wzór to kolejno "
                "{red:nat_red_bead}, {blue:nat_blue_bead} i {white:nat_white_bead}; potem powtarza się on od początku, "
                "czyli znów {red:nat_red_bead}, aż do końca łańcucha. Ile czerwonych koralików jest w zasłonie?",
            ),
            solution="Liczba koralików we wzorze wynosi {red} + {blue} + {white} = {pattern}, a w całości mieści się "
            "on {full} razy. Zajmuje to {full} * {pattern} = {covered:nat_bead.acc}, a reszta to {rest:nat_bead}. W "
            "pełnych wzorach liczba czerwonych koralików wynosi {full} * {red} = {in_full}, a ponieważ każdy wzór "
            "zaczyna się od czerwonego, wśród pozostałych koralików liczba czerwonych to {extra}. Razem daje to "
            "{in_full} + {extra} = {result:nat_red_bead}.",
        ),
        "nl": Wording(
            problems=(
                "Lena rijgt kralen aan een snoer, altijd in dezelfde volgorde: {red} rode, {blue} blauwe, {white} "
                "witte, dan weer {red} rode, enzovoort. Het voltooide snoer telt {beads} kralen. Hoeveel daarvan zijn "
                "rood?",
                "Een gordijn bestaat uit één lange ketting van {beads} kralen. Het patroon begint met {red} rode "
                "kralen, gevolgd door {blue} blauwe en {white} witte; daarna herhaalt het zich van voren af aan met "
                "{red} rode, tot de ketting ophoudt. Hoeveel rode kralen bevat het gordijn?",
            ),
            solution="Het patroon telt {red} + {blue} + {white} = {pattern} kralen. In {beads} kralen past het {full} "
            "keer helemaal; dat zijn {full} * {pattern} = {covered} kralen en er blijven er {rest} over. De volledige "
            "patronen bevatten {full} * {red} = {in_full} rode kralen, en omdat elk patroon met rood begint, zijn ook "
            "{extra} van de overgebleven kralen rood. In totaal zijn er {in_full} + {extra} = {result:nat_red_bead}.",
        ),
        "la": Wording(
            problems=(
                "Helena margaritas lino inserit, semper eodem ordine: {red} rubras, {blue} caeruleas, {white} albas, "
                "deinde iterum {red} rubras, et ita porro. Linum perfectum {beads} margaritas habet. Quot ex iis "
                "rubrae sunt?",
                "Velum ex una longa serie {beads} margaritarum factum est. Ordo incipit a {red} margaritis rubris, "
                "quas {blue} caeruleae et {white} albae sequuntur; deinde idem ordo iterum a {red} rubris incipit et "
                "ad finem seriei repetitur. Quot margaritas rubras velum continet?",
            ),
            solution="Unus ordo {red} + {blue} + {white} = {pattern} margaritas habet. In {beads} margaritis {full} "
            "ordines integri sunt, quibus {full} * {pattern} = {covered} margaritae continentur, et {rest} supersunt. "
            "In ordinibus integris sunt {full} * {red} = {in_full} margaritae rubrae, et quia omnis ordo a rubris "
            "incipit, ex reliquis quoque {extra} rubrae sunt. Omnino sunt {in_full} + {extra} = {result:nat_red_bead}.",
        ),
    },
    trace=Trace(
        given="pattern {red} red, {blue} blue, {white} white, repeated; {beads} beads",
        sought="number of red beads",
        insight="period {pattern}: divide with remainder, then look into the incomplete pattern at the end",
        steps=(
            "length of the pattern → {red} + {blue} + {white} = {pattern}",
            "{beads} = {full} * {pattern} + {rest}",
            "red in complete patterns → {full} * {red} = {in_full}",
            "red among the {rest} left over → {extra}, since a pattern begins with {red} red ones",
            "sum → {in_full} + {extra} = {result:nat_red_bead}",
        ),
        checks=(
            "counted in the same way: {blue_ones} blue and {white_ones} white",
            "{result} + {blue_ones} + {white_ones} = {beads}, every bead has its colour",
        ),
    ),
    mistakes=(
        Mistake(
            name="forgets_the_rest",
            says="counts complete patterns only",
            result=lambda values: _beads_workings(values)["in_full"],
        ),
        Mistake(
            name="takes_all_the_rest",
            says="takes all the beads left over for red",
            result=lambda values: _beads_workings(values)["in_full"] + _beads_workings(values)["rest"],
        ),
        Mistake(
            name="completes_the_pattern",
            says="counts the last pattern as if it were complete",
            result=lambda values: (_beads_workings(values)["full"] + 1) * values["red"],
        ),
        Mistake(
            name="counts_the_others",
            says="counts the beads that are not red",
            result=lambda values: values["beads"] - _solve_beads(values),
        ),
        Mistake(
            name="counts_the_patterns",
            says="counts the patterns and not the red beads in them",
            result=lambda values: _beads_workings(values)["full"],
        ),
        Mistake(
            name="a_third_of_all",
            says="takes a third of the beads, as there are three colours",
            result=lambda values: values["beads"] // 3,
        ),
    ),
)
