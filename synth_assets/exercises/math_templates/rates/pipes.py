"""A basin that fills while water runs out of it."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_pipes(rng: Random, difficulty: str) -> Values:
    step, most, longest = {
        "easy": (Fraction(5), 60, 60),
        "medium": (Fraction(1), 90, 90),
        "hard": (Fraction(1, 2), 120, 150),
    }[difficulty]
    drain = step * rng.randint(int(4 / step) or 1, int(most / step) - 1)
    fill = drain + step * rng.randint(int(2 / step) or 1, int(30 / step))
    alone, both = rng.randint(4, longest), rng.randint(6, 2 * longest)
    return {"fill": fill, "alone": alone, "drain": drain, "capacity": fill * alone + (fill - drain) * both}


def _pipes_workings(values: Values) -> Values:
    before = values["fill"] * values["alone"]
    gain = values["fill"] - values["drain"]
    both = Fraction(values["capacity"] - before) / gain
    return {
        "before": before,
        "missing": values["capacity"] - before,
        "gain": gain,
        "both": both,
        "filled": values["fill"] * (values["alone"] + both),
        "drained": values["drain"] * both,
    }


def _solve_pipes(values: Values) -> Fraction:
    return values["alone"] + Fraction(_pipes_workings(values)["both"])


def _pipes_hold(values: Values) -> bool:
    # a round capacity is what a basin has, and a rate of 1 would need another verb in some languages
    return Fraction(values["capacity"], 10).denominator == 1 and values["drain"] > 1 and values["capacity"] <= 9_000


def _check_pipes(values: Values, minutes: Fraction) -> bool:
    """What has run in by then, less what has run out, is what the basin holds."""
    return values["fill"] * minutes - values["drain"] * (minutes - values["alone"]) == values["capacity"]


PIPES = Template(
    id="rates.pipes",
    family="rates",
    unit="minute",
    draw=_draw_pipes,
    holds=_pipes_hold,
    solve=_solve_pipes,
    check=_check_pipes,
    workings=_pipes_workings,
    texts={
        "en": Wording(
            problems=(
                "A pump begins to fill an empty basin that holds {capacity:litre}; it delivers {fill:litre} a "
                "minute. After {alone:minute} somebody opens the outlet by mistake, and from then on {drain:litre} a "
                "minute flow out while the pump keeps running. How many minutes after the pump was started is the "
                "basin full?",
                "The tank of a nursery garden takes {capacity:litre} and is empty. A hose brings {fill:litre} of "
                "water a minute. When it has been running for {alone:minute}, the sprinklers start as well; they "
                "draw {drain:litre} a minute from the tank. How many minutes does it take in all until the tank is "
                "full?",
            ),
            solution="While nothing runs out, {fill} * {alone} = {before:litre} collect, and {capacity} - {before} = "
            "{missing:litre} are still missing. After that the volume grows by {fill} - {drain} = {gain:litre} a "
            "minute. The rest takes {missing} ÷ {gain} = {both:minute}. The whole time is therefore {alone} + {both} "
            "= {result:minute}.",
        ),
        "fr": Wording(
            problems=(
                "Une pompe commence à remplir un bassin vide de {capacity:litre} ; elle débite {fill:litre} par "
                "minute. Au bout de {alone:minute}, quelqu'un ouvre la vidange par erreur : dès lors, {drain:litre} "
                "par minute s'écoulent pendant que la pompe continue de tourner. Combien de minutes après la mise en "
                "marche de la pompe le bassin est-il plein ?",
                "La citerne d'une pépinière a une capacité de {capacity:litre} ; elle est vide. Un tuyau apporte "
                "{fill:litre} d'eau par minute. Quand il a coulé pendant {alone:minute}, l'arrosage se met en route "
                "à son tour et prélève {drain:litre} par minute dans la citerne. Combien de minutes faut-il en tout "
                "pour que la citerne soit pleine ?",
            ),
            solution="Tant que rien ne s'écoule, il arrive {fill} * {alone} = {before:litre}, et il manque encore "
            "{capacity} - {before} = {missing:litre}. Ensuite, le volume augmente de {fill} - {drain} = {gain:litre} "
            "par minute. Le reste demande {missing} ÷ {gain} = {both:minute}. La durée totale est donc de {alone} + "
            "{both} = {result:minute}.",
        ),
        "de": Wording(
            problems=(
                "Eine Pumpe beginnt ein leeres Becken zu füllen, das {capacity:litre} fasst; sie fördert "
                "{fill:litre} in der Minute. Nach {alone:minute} öffnet jemand versehentlich den Abfluss. Von da an "
                "laufen in jeder Minute {drain:litre} ab, während die Pumpe weiterläuft. Wie viele Minuten nach dem "
                "Start der Pumpe ist das Becken voll?",
                "Der Wassertank einer Gärtnerei fasst {capacity:litre} und ist leer. Ein Schlauch bringt "
                "{fill:litre} Wasser in der Minute. Als er {alone:minute} gelaufen ist, schaltet sich auch der "
                "Rasensprenger ein, der dem Tank {drain:litre} in der Minute entnimmt. Wie viele Minuten dauert es "
                "insgesamt, bis der Tank voll ist?",
            ),
            solution="Solange nichts abläuft, sammeln sich {fill} * {alone} = {before:litre} an, und es fehlen noch "
            "{capacity} - {before} = {missing:litre}. Danach nimmt die Wassermenge um {fill} - {drain} = "
            "{gain:litre} pro Minute zu. Der Rest dauert {missing} ÷ {gain} = {both:minute}. Die gesamte Zeit "
            "beträgt also {alone} + {both} = {result:minute}.",
        ),
        "it": Wording(
            problems=(
                "Una pompa comincia a riempire una vasca vuota da {capacity:litre}; la sua portata è di {fill:litre} "
                "al minuto. Dopo {alone:minute} qualcuno apre per sbaglio lo scarico: da quel momento escono "
                "{drain:litre} al minuto, mentre la pompa continua a funzionare. Quanti minuti dopo l'avvio della "
                "pompa la vasca è piena?",
                "La cisterna di un vivaio ha una capacità di {capacity:litre} ed è vuota. Un tubo vi porta "
                "{fill:litre} d'acqua al minuto. Quando ha funzionato per {alone:minute}, entrano in azione anche "
                "gli irrigatori, che prelevano dalla cisterna {drain:litre} al minuto. Quanti minuti ci vogliono in "
                "tutto perché la cisterna sia piena?",
            ),
            solution="Finché non esce nulla si raccolgono {fill} * {alone} = {before:litre} e ne mancano ancora "
            "{capacity} - {before} = {missing}. Poi l'acqua aumenta di {fill} - {drain} = {gain:litre} al minuto. "
            "Per il resto occorrono {missing} ÷ {gain} = {both:minute}. Il tempo totale è quindi {alone} + {both} = "
            "{result:minute}.",
        ),
        "es": Wording(
            problems=(
                "Una bomba empieza a llenar un estanque vacío en el que caben {capacity:litre}; su caudal es de "
                "{fill:litre} por minuto. Al cabo de {alone:minute} alguien abre el desagüe por error y, desde "
                "entonces, salen {drain:litre} por minuto mientras la bomba sigue en marcha. ¿Cuántos minutos "
                "después de arrancar la bomba está lleno el estanque?",
                "El depósito de un vivero tiene una capacidad de {capacity:litre} y está vacío. Una manguera aporta "
                "{fill:litre} de agua por minuto. Cuando lleva abierta {alone:minute}, se ponen en marcha también "
                "los aspersores, que toman del depósito {drain:litre} por minuto. ¿Cuántos minutos hacen falta en "
                "total para que el depósito se llene?",
            ),
            solution="Mientras no sale nada se reúnen {fill} * {alone} = {before:litre} y faltan todavía {capacity} "
            "- {before} = {missing:litre}. Después el agua aumenta en {fill} - {drain} = {gain:litre} por minuto. El "
            "resto requiere {missing} ÷ {gain} = {both:minute}. El tiempo total es, por tanto, {alone} + {both} = "
            "{result:minute}.",
        ),
        "pl": Wording(
            problems=(
                "Pompa zaczyna napełniać pusty basen o pojemności {capacity:litre.gen}; jej wydajność to "
                "{fill:litre} na minutę. Dokładnie {alone:minute.acc} później ktoś przez pomyłkę otwiera odpływ: "
                "odtąd ubytek wody wynosi {drain:litre} na minutę, a pompa nadal pracuje. Ile minut po uruchomieniu "
                "pompy basen będzie pełny?",
                "Zbiornik w szkółce ogrodniczej ma pojemność {capacity:litre.gen} i jest pusty. Wąż dostarcza "
                "{fill:litre} wody na minutę. Gdy woda płynie już {alone:minute.acc}, włączają się także zraszacze, "
                "które pobierają ze zbiornika {drain:litre} na minutę. Ile minut minie łącznie, zanim zbiornik się "
                "napełni?",
            ),
            solution="Dopóki nic nie odpływa, ilość wody dochodzi do {fill} * {alone} = {before:litre.gen} i brakuje "
            "jeszcze {capacity} - {before} = {missing:litre.gen}. Później wody przybywa z szybkością {fill} - {drain} "
            "= {gain:litre} na minutę. Uzupełnienie reszty trwa {missing} ÷ {gain} = {both:minute.acc}. Łączny czas "
            "wynosi więc {alone} + {both} = {result:minute.acc}.",
        ),
        "nl": Wording(
            problems=(
                "Een pomp begint een leeg bassin te vullen waar {capacity:litre} in kan; hij levert {fill:litre} per "
                "minuut. Na {alone:minute} zet iemand per ongeluk de afvoer open. Vanaf dat moment stroomt er "
                "{drain:litre} per minuut weg, terwijl de pomp blijft draaien. Hoeveel minuten na de start van de "
                "pomp is het bassin vol?",
                "De watertank van een kwekerij heeft een inhoud van {capacity:litre} en is leeg. Een slang brengt "
                "{fill:litre} water per minuut aan. Als die {alone:minute} heeft gelopen, gaan ook de sproeiers aan; "
                "die halen {drain:litre} per minuut uit de tank. Hoeveel minuten duurt het in totaal voordat de tank "
                "vol is?",
            ),
            solution="Zolang er niets wegstroomt, komt er {fill} * {alone} = {before:litre} bij en ontbreekt er nog "
            "{capacity} - {before} = {missing:litre}. Daarna neemt het water toe met {fill} - {drain} = {gain:litre} "
            "per minuut. De rest duurt {missing} ÷ {gain} = {both:minute}. De hele tijd is dus {alone} + {both} = "
            "{result:minute}.",
        ),
        "la": Wording(
            problems=(
                "Antlia piscinam vacuam, quae {capacity:litre.acc} capit, implere incipit; singulis minutis "
                "{fill:litre.acc} infundit. Post {alone:trade_minute.acc} aliquis per errorem emissarium aperit; ex "
                "eo tempore singulis minutis {drain:litre} effluunt, dum antlia aquam infundere pergit. Quot minutis "
                "postquam antlia mota est, piscina plena erit?",
                "Cisterna horti, quae {capacity:litre.acc} capit, vacua est. Fistula singulis minutis "
                "{fill:litre.acc} aquae affert. Cum per {alone:trade_minute.acc} fluxerit, hortus quoque rigari "
                "incipit, et singulis minutis {drain:litre} e cisterna hauriuntur. Quot minutis omnino cisterna "
                "implebitur?",
            ),
            solution="Dum nihil effluit, {fill} * {alone} = {before:litre} colliguntur; desunt adhuc {capacity} - "
            "{before} = {missing:litre}. Postea aqua singulis minutis crescit, et incrementum est {fill} - {drain} = "
            "{gain:litre}. Ad reliquam partem implendam tempus necessarium est {missing} ÷ {gain} = {both:minute}. "
            "Totum ergo tempus est {alone} + {both} = {result:minute}.",
        ),
    },
    trace=Trace(
        given="{capacity:litre} to fill, {fill:litre} a minute in, after {alone:minute} also {drain:litre} a minute "
        "out",
        sought="minutes from the start until it is full",
        insight="two stretches of time: first the whole inflow counts, then only inflow less outflow",
        steps=(
            "before the outlet opens → {fill} * {alone} = {before:litre}; missing: {capacity} - {before} = {missing}",
            "gain a minute after that → {fill} - {drain} = {gain:litre}",
            "second stretch → {missing} ÷ {gain} = {both:minute}",
            "in all → {alone} + {both} = {result:minute}",
        ),
        checks=(
            "run in: {fill} * {result} = {filled:litre} AND run out: {drain} * {both} = {drained:litre}",
            "{filled} - {drained} = {capacity:litre}, a full basin",
        ),
    ),
    mistakes=(
        Mistake(
            name="lets_water_run_out_from_the_start",
            says="uses the difference of the flows from the first minute on",
            result=lambda values: round(Fraction(values["capacity"]) / (values["fill"] - values["drain"])),
        ),
        Mistake(
            name="ignores_the_outflow",
            says="divides the capacity by the inflow alone",
            result=lambda values: round(Fraction(values["capacity"]) / values["fill"]),
        ),
        Mistake(
            name="leaves_out_the_first_stretch",
            says="gives only the time from the opening of the outlet on",
            result=lambda values: _pipes_workings(values)["both"],
        ),
        Mistake(
            name="adds_the_outflow",
            says="adds the two flows instead of subtracting",
            result=lambda values: (
                values["alone"]
                + round(Fraction(_pipes_workings(values)["missing"]) / (values["fill"] + values["drain"]))
            ),
        ),
        Mistake(
            name="forgets_what_is_there",
            says="fills the whole capacity again at the slower rate, after the first stretch",
            result=lambda values: (
                values["alone"] + round(Fraction(values["capacity"]) / (values["fill"] - values["drain"]))
            ),
        ),
    ),
)
