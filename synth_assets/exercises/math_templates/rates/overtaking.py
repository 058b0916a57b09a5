"""A pursuit: one vehicle starts later and catches up."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording

_HEADS = {
    "easy": (30, 45, 60, 75, 90, 120),
    "medium": (10, 12, 15, 18, 20, 24, 25, 36, 40, 50),
    "hard": (7, 8, 9, 11, 13, 14, 16, 17, 21, 22, 26, 27, 28, 33, 34, 35, 38, 39, 42, 44, 48, 51, 52, 55, 56, 57),
}


def _draw_overtaking(rng: Random, difficulty: str) -> Values:
    step = {"easy": 10, "medium": 4, "hard": 1}[difficulty]
    slow = step * rng.randint(30 // step + 1, 90 // step)
    fast = slow + step * rng.randint(-(-5 // step), 40 // step)
    return {"slow": slow, "fast": fast, "head": rng.choice(_HEADS[difficulty])}


def _solve_overtaking(values: Values) -> Fraction:
    return Fraction(values["slow"] * values["head"], values["fast"] - values["slow"])


def _overtaking_workings(values: Values) -> Values:
    minutes = _solve_overtaking(values)
    return {
        "lead": Fraction(values["slow"] * values["head"], 60),
        "difference": values["fast"] - values["slow"],
        "place": values["fast"] * minutes / 60,
        "under_way": values["head"] + minutes,
    }


def _overtaking_holds(values: Values) -> bool:
    workings = _overtaking_workings(values)
    tidy = all((10 * Fraction(workings[length])).denominator == 1 for length in ("lead", "place"))
    minutes = _solve_overtaking(values)
    return tidy and minutes.denominator == 1 and 10 <= minutes <= 300


def _check_overtaking(values: Values, minutes: Fraction) -> bool:
    """Both have gone equally far by then, the slower one for longer."""
    return values["slow"] * (values["head"] + minutes) == values["fast"] * minutes


OVERTAKING = Template(
    id="rates.overtaking",
    family="rates",
    unit="minute",
    draw=_draw_overtaking,
    holds=_overtaking_holds,
    solve=_solve_overtaking,
    check=_check_overtaking,
    workings=_overtaking_workings,
    texts={
        "en": Wording(
            problems=(
                "A lorry leaves a depot at a steady {slow:km/h}. A car sets out from there {head:minute} later and "
                "follows it along the same road at {fast:km/h}. How many minutes does the car need to catch up with "
                "the lorry?",
                "A goods train pulls out of a station and runs at {slow:km/h}. An express leaves the same station "
                "{head:minute} later on the neighbouring track, in the same direction, and runs at {fast:km/h}. For "
                "how many minutes has the express been under way when it draws level with the goods train?",
            ),
            solution="When the second vehicle starts, the first is already {slow} * {head} ÷ 60 = {lead:km} ahead. "
            "From then on the gap shrinks by {fast} - {slow} = {difference:km/h}. It is closed after {lead} ÷ "
            "{difference} * 60 = {result:minute}, at a point {place:km} from the start.",
        ),
        "fr": Wording(
            problems=(
                "Un camion quitte un entrepôt à la vitesse constante de {slow:km/h}. Une voiture en part "
                "{head:minute} plus tard et le suit sur la même route à {fast:km/h}. En combien de minutes la "
                "voiture rattrape-t-elle le camion ?",
                "Un train de marchandises quitte une gare et roule à {slow:km/h}. Un express part de la même gare "
                "{head:minute} plus tard sur la voie voisine, dans le même sens, et roule à {fast:km/h}. Depuis "
                "combien de minutes l'express roule-t-il quand il arrive à la hauteur du train de marchandises ?",
            ),
            solution="Au départ du second véhicule, le premier a déjà une avance de {slow} * {head} ÷ 60 = "
            "{lead:km}. Ensuite, l'écart se réduit à la vitesse de {fast} - {slow} = {difference:km/h}. Il est "
            "comblé au bout de {lead} ÷ {difference} * 60 = {result:minute}, à {place:km} du point de départ.",
        ),
        "de": Wording(
            problems=(
                "Ein Lastwagen verlässt ein Lager und fährt gleichmäßig mit {slow:km/h}. Genau {head:minute} später "
                "fährt ihm von dort ein Auto auf derselben Straße mit {fast:km/h} nach. Wie viele Minuten braucht "
                "das Auto, um den Lastwagen einzuholen?",
                "Ein Güterzug fährt aus einem Bahnhof ab und ist mit {slow:km/h} unterwegs. Auf dem Nachbargleis "
                "folgt ihm {head:minute} später vom selben Bahnhof aus ein Schnellzug mit {fast:km/h}. Wie viele "
                "Minuten ist der Schnellzug gefahren, wenn er mit dem Güterzug auf gleicher Höhe ist?",
            ),
            solution="Wenn das zweite Fahrzeug startet, hat das erste schon {slow} * {head} ÷ 60 = {lead:km} "
            "Vorsprung. Von da an schrumpft der Abstand mit {fast} - {slow} = {difference:km/h}. Aufgeholt ist er "
            "nach {lead} ÷ {difference} * 60 = {result:minute}, und zwar {place:km} hinter dem Startpunkt.",
        ),
        "it": Wording(
            problems=(
                "Un camion lascia un deposito alla velocità costante di {slow:km/h}. Un'auto parte dallo stesso "
                "luogo {head:minute} più tardi e lo segue sulla stessa strada a {fast:km/h}. Quanti minuti impiega "
                "l'auto a raggiungere il camion?",
                "Un treno merci parte da una stazione e viaggia a {slow:km/h}. Un espresso lascia la stessa stazione "
                "{head:minute} dopo, sul binario vicino e nella stessa direzione, e viaggia a {fast:km/h}. Da quanti "
                "minuti è in viaggio l'espresso quando affianca il treno merci?",
            ),
            solution="Quando parte il secondo mezzo, il primo ha già un vantaggio di {slow} * {head} ÷ 60 = "
            "{lead:km}. Da quel momento il distacco si riduce di {fast} - {slow} = {difference:km/h}. Si annulla "
            "dopo {lead} ÷ {difference} * 60 = {result:minute}, a {place:km} dal punto di partenza.",
        ),
        "es": Wording(
            problems=(
                "Un camión sale de un almacén a una velocidad constante de {slow:km/h}. Un coche sale del mismo "
                "lugar {head:minute} más tarde y lo sigue por la misma carretera a {fast:km/h}. ¿Cuántos minutos "
                "tarda el coche en alcanzar al camión?",
                "Un tren de mercancías sale de una estación y circula a {slow:km/h}. Un expreso sale de la misma "
                "estación {head:minute} después por la vía contigua, en el mismo sentido, y circula a {fast:km/h}. "
                "¿Cuántos minutos lleva en marcha el expreso cuando se pone a la altura del tren de mercancías?",
            ),
            solution="Cuando arranca el segundo vehículo, el primero ya le lleva {slow} * {head} ÷ 60 = {lead:km} de "
            "ventaja. A partir de ahí, la distancia se acorta a razón de {fast} - {slow} = {difference:km/h}. "
            "Desaparece al cabo de {lead} ÷ {difference} * 60 = {result:minute}, a {place:km} del punto de partida.",
        ),
        "pl": Wording(
            problems=(
                "Ciężarówka wyjeżdża z magazynu i jedzie ze stałą prędkością {slow:km/h}. Dokładnie "
                "{head:minute.acc} później z tego samego miejsca rusza za nią tą samą drogą samochód osobowy z "
                "prędkością {fast:km/h}. Ile minut potrzebuje samochód osobowy, aby dogonić ciężarówkę?",
                "Pociąg towarowy odjeżdża ze stacji i jedzie z prędkością {slow:km/h}. Z tej samej stacji "
                "{head:minute.acc} później wyrusza po sąsiednim torze w tym samym kierunku pociąg pospieszny, który "
                "jedzie z prędkością {fast:km/h}. Ile minut będzie jechał pociąg pospieszny, zanim zrówna się z "
                "towarowym?",
            ),
            solution="W chwili startu drugiego pojazdu pierwszy ma już {slow} * {head} ÷ 60 = {lead:km} przewagi. "
            "Odtąd odstęp maleje z prędkością {fast} - {slow} = {difference:km/h}. Zniknie on po czasie {lead} ÷ "
            "{difference} * 60 = {result:minute}, w odległości {place:km} od miejsca startu.",
        ),
        "nl": Wording(
            problems=(
                "Een vrachtwagen vertrekt van een depot en rijdt steeds {slow:km/h}. Precies {head:minute} later "
                "gaat er van dezelfde plaats een auto met {fast:km/h} achteraan, over dezelfde weg. Hoeveel minuten "
                "heeft de auto nodig om de vrachtwagen in te halen?",
                "Een goederentrein vertrekt uit een station en rijdt {slow:km/h}. Uit hetzelfde station vertrekt "
                "{head:minute} later op het spoor ernaast een sneltrein in dezelfde richting; die rijdt {fast:km/h}. "
                "Hoeveel minuten is de sneltrein onderweg wanneer hij naast de goederentrein rijdt?",
            ),
            solution="Als het tweede voertuig vertrekt, heeft het eerste al een voorsprong van {slow} * {head} ÷ 60 "
            "= {lead:km}. Vanaf dat moment wordt de afstand kleiner met {fast} - {slow} = {difference:km/h}. Na "
            "{lead} ÷ {difference} * 60 = {result:minute} is de voorsprong weg, op {place:km} van het vertrekpunt.",
        ),
        "la": Wording(
            problems=(
                "Plaustrum ex horreo egressum celeritate {slow:km/h} fertur. Post {head:trade_minute.acc} raeda ex "
                "eodem loco egressa id eadem via celeritate {fast:km/h} sequitur. Quot minutis raeda plaustrum "
                "consequitur?",
                "Hamaxostichus onerarius e statione profectus celeritate {slow:km/h} vehitur. Ex eadem statione post "
                "{head:trade_minute.acc} alius hamaxostichus eandem in partem celeritate {fast:km/h} proficiscitur. "
                "Quot minutas hic iam cucurrerit, cum onerarium assequetur?",
            ),
            solution="Cum alterum vehiculum proficiscitur, prius iam {slow} * {head} ÷ 60 = {lead:km} processit. Ex "
            "eo tempore intervallum celeritate {fast} - {slow} = {difference:km/h} minuitur. Nullum igitur erit post "
            "{lead} ÷ {difference} * 60 = {result:trade_minute.acc}, cum utrumque {place:km} a loco initii aberit.",
        ),
    },
    trace=Trace(
        given="slower vehicle {slow:km/h}, faster one {fast:km/h}, head start {head:minute}",
        sought="minutes that the faster one needs to catch up",
        insight="seen from the slower vehicle, the faster one comes closer at the difference of the speeds",
        steps=(
            "lead at the second start → {slow} * {head} ÷ 60 = {lead:km}",
            "speed of closing → {fast} - {slow} = {difference:km/h}",
            "time → {lead} ÷ {difference} * 60 = {result:minute}",
        ),
        checks=(
            "faster one: {fast} * {result} ÷ 60 = {place:km}",
            "slower one is under way for {head} + {result} = {under_way:minute}: {slow} * {under_way} ÷ 60 = "
            "{place:km}",
        ),
    ),
    mistakes=(
        Mistake(
            name="adds_the_speeds",
            says="adds the two speeds, as if the vehicles came towards each other",
            result=lambda values: round(Fraction(values["slow"] * values["head"], values["slow"] + values["fast"])),
        ),
        Mistake(
            name="counts_from_the_first_start",
            says="counts from the moment at which the slower vehicle started",
            result=lambda values: _solve_overtaking(values) + values["head"],
        ),
        Mistake(
            name="lets_the_first_stand_still",
            says="divides the lead by the faster speed, as if the slower vehicle stood still",
            result=lambda values: round(Fraction(values["slow"] * values["head"], values["fast"])),
        ),
        Mistake(
            name="takes_an_hour_for_100_minutes",
            says="turns hours into minutes with a factor of 100 instead of 60",
            result=lambda values: round(_solve_overtaking(values) * 100 / 60),
        ),
        Mistake(
            name="forgets_the_head_start",
            says="takes the head start itself for the time that is needed",
            result=lambda values: values["head"],
        ),
    ),
)
