"""Speeds and rates of work."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_meeting(rng: Random, difficulty: str) -> Values:
    minutes, step = {
        "easy": (60 * rng.randint(1, 5), 10),
        "medium": (rng.choice((15, 20, 30, 40, 45, 75, 80, 90, 105, 135)), 4),
        "hard": (rng.choice((12, 18, 25, 28, 35, 36, 42, 50, 54, 65, 70, 84, 96, 110)), 1),
    }[difficulty]
    first, second = (step * rng.randint(40 // step, 110 // step) for _ in range(2))
    return {"distance": Fraction((first + second) * minutes, 60), "first": first, "second": second}


def _solve_meeting(values: Values) -> Fraction:
    return Fraction(values["distance"]) / (values["first"] + values["second"]) * 60


def _meeting_workings(values: Values) -> Values:
    minutes = _solve_meeting(values)
    return {
        "closing": values["first"] + values["second"],
        "first_part": values["first"] * minutes / 60,
        "second_part": values["second"] * minutes / 60,
    }


def _meeting_holds(values: Values) -> bool:
    workings = _meeting_workings(values)
    whole = all(Fraction(workings[part]).denominator == 1 for part in ("first_part", "second_part"))
    return whole and values["first"] != values["second"]


def _check_meeting(values: Values, minutes: Fraction) -> bool:
    """Positions on the road at that moment, both measured from the first town, are the same."""
    return values["first"] * minutes / 60 == values["distance"] - values["second"] * minutes / 60


MEETING = Template(
    id="rates.meeting",
    family="rates",
    unit="minute",
    draw=_draw_meeting,
    holds=_meeting_holds,
    solve=_solve_meeting,
    check=_check_meeting,
    workings=_meeting_workings,
    texts={
        "en": Wording(
            problems=(
                "Two trains leave two stations that are {distance:km} apart at the same moment and travel towards "
                "each other on parallel tracks. One runs at {first:km/h}, the other at {second:km/h}. After how many "
                "minutes do they meet?",
                "Two towns lie {distance:km} apart. A car sets out from the first at {first:km/h}, and at the same "
                "instant a lorry sets out from the second and comes towards it at {second:km/h}. How many minutes "
                "pass before they meet?",
            ),
            solution="The gap between the two closes at {first} + {second} = {closing:km/h}. To cover {distance:km} "
            "together they need {distance} ÷ {closing} * 60 = {result:minute}. By then the first has gone "
            "{first_part:km} and the second {second_part:km}, which add up to {distance:km}.",
        ),
        "fr": Wording(
            problems=(
                "Deux trains partent au même instant de deux gares distantes de {distance:km} et roulent l'un vers "
                "l'autre sur des voies parallèles. L'un circule à {first:km/h}, l'autre à {second:km/h}. Au bout de "
                "combien de minutes se croisent-ils ?",
                "Deux villes sont séparées par {distance:km} de route. Une voiture quitte la première à {first:km/h} "
                "; au même instant, un camion quitte la seconde et vient à sa rencontre à {second:km/h}. Combien de "
                "minutes s'écoulent avant leur rencontre ?",
            ),
            solution="Les deux véhicules se rapprochent à {first} + {second} = {closing:km/h}. Pour parcourir "
            "ensemble {distance:km}, il leur faut {distance} ÷ {closing} * 60 = {result:minute}. À ce moment, le "
            "premier a parcouru {first_part:km} et le second {second_part:km}, soit {distance:km} au total.",
        ),
        "de": Wording(
            problems=(
                "Zwei Züge fahren gleichzeitig in zwei {distance:km} voneinander entfernten Bahnhöfen ab und kommen "
                "sich auf parallelen Gleisen entgegen. Der eine fährt {first:km/h}, der andere {second:km/h}. Nach "
                "wie vielen Minuten begegnen sie sich?",
                "Zwei Städte liegen {distance:km} auseinander. Aus der ersten startet ein Auto mit {first:km/h}; im "
                "selben Augenblick kommt ihm aus der zweiten ein Lastwagen mit {second:km/h} entgegen. Wie viele "
                "Minuten vergehen, bis sie sich treffen?",
            ),
            solution="Die beiden nähern sich einander mit {first} + {second} = {closing:km/h}. Für {distance:km} "
            "brauchen sie zusammen {distance} ÷ {closing} * 60 = {result:minute}. Bis dahin hat das erste Fahrzeug "
            "{first_part:km} und das zweite {second_part:km} zurückgelegt, zusammen also {distance:km}.",
        ),
        "it": Wording(
            problems=(
                "Due treni partono nello stesso istante da due stazioni distanti {distance:km} e viaggiano l'uno "
                "verso l'altro su binari paralleli. Uno procede a {first:km/h}, l'altro a {second:km/h}. Dopo quanti "
                "minuti si incontrano?",
                "Due città distano {distance:km}. Un'auto parte dalla prima a {first:km/h} e, nello stesso momento, "
                "un camion parte dalla seconda e le viene incontro a {second:km/h}. Quanti minuti passano prima che "
                "si incontrino?",
            ),
            solution="I due mezzi si avvicinano a {first} + {second} = {closing:km/h}. Per coprire insieme "
            "{distance:km} impiegano {distance} ÷ {closing} * 60 = {result:minute}. In quel momento il primo ha "
            "percorso {first_part:km} e il secondo {second_part:km}, in tutto {distance:km}.",
        ),
        "es": Wording(
            problems=(
                "Dos trenes salen al mismo tiempo de dos estaciones que distan {distance:km} y avanzan el uno hacia "
                "el otro por vías paralelas. Uno circula a {first:km/h} y el otro a {second:km/h}. ¿Al cabo de "
                "cuántos minutos se cruzan?",
                "Dos ciudades están a {distance:km} de distancia. Un coche sale de la primera a {first:km/h} y, en "
                "ese mismo instante, un camión sale de la segunda a su encuentro a {second:km/h}. ¿Cuántos minutos "
                "pasan hasta que se encuentran?",
            ),
            solution="Los dos vehículos se acercan a {first} + {second} = {closing:km/h}. Para recorrer entre ambos "
            "{distance:km} necesitan {distance} ÷ {closing} * 60 = {result:minute}. En ese momento el primero ha "
            "recorrido {first_part:km} y el segundo {second_part:km}, que suman {distance:km}.",
        ),
        "pl": Wording(
            problems=(
                "Z dwóch stacji odległych o {distance:km} wyruszają jednocześnie naprzeciw siebie dwa pociągi jadące "
                "po równoległych torach. Jeden jedzie z prędkością {first:km/h}, drugi z prędkością {second:km/h}. Po "
                "ilu minutach się miną?",
                "Odległość między dwoma miastami wynosi {distance:km}. Z pierwszego wyjeżdża samochód osobowy z "
                "prędkością {first:km/h}, a w tej samej chwili z drugiego rusza mu naprzeciw ciężarówka z prędkością "
                "{second:km/h}. Ile minut minie, zanim się spotkają?",
            ),
            solution="Pojazdy zbliżają się do siebie z prędkością {first} + {second} = {closing:km/h}. Czas do "
            "spotkania wynosi zatem {distance} ÷ {closing} * 60 = {result:minute.acc}. Do tej chwili pierwszy pojazd "
            "przejechał {first_part:km}, a drugi {second_part:km}, co razem daje {distance:km}.",
        ),
        "nl": Wording(
            problems=(
                "Twee treinen vertrekken tegelijk van twee stations die {distance:km} van elkaar liggen en rijden "
                "over parallelle sporen naar elkaar toe. De ene rijdt {first:km/h}, de andere {second:km/h}. Na "
                "hoeveel minuten komen ze elkaar tegen?",
                "Twee steden liggen {distance:km} van elkaar. Uit de eerste vertrekt een auto met {first:km/h} en op "
                "hetzelfde moment rijdt een vrachtwagen hem vanuit de tweede met {second:km/h} tegemoet. Hoeveel "
                "minuten duurt het voordat ze elkaar ontmoeten?",
            ),
            solution="De twee naderen elkaar met {first} + {second} = {closing:km/h}. Over {distance:km} doen ze "
            "samen {distance} ÷ {closing} * 60 = {result:minute}. De eerste heeft op dat moment {first_part:km} "
            "afgelegd en de tweede {second_part:km}, samen {distance:km}.",
        ),
        "la": Wording(
            problems=(
                "Duo currus eodem momento e duabus urbibus, quae {distance:km} inter se distant, proficiscuntur et "
                "alter ad alterum tendit. Alter celeritate {first:km/h} fertur, alter celeritate {second:km/h}. Post "
                "quot minutas inter se occurrent?",
                "Inter duas urbes {distance:km} interiacent. Ex priore urbe raeda celeritate {first:km/h} exit, et "
                "eodem momento ex altera urbe alia raeda celeritate {second:km/h} ei obviam proficiscitur. Quot "
                "minutae praeteribunt, antequam inter se occurrant?",
            ),
            solution="Vehicula inter se appropinquant celeritate {first} + {second} = {closing:km/h}. Itaque tempus "
            "quaesitum est {distance} ÷ {closing} * 60 = {result:minute}. Tum primum vehiculum {first_part:km} "
            "confecit, alterum {second_part:km}, quae simul {distance:km} efficiunt.",
        ),
    },
    trace=Trace(
        given="distance {distance:km}, speeds {first:km/h} and {second:km/h}, both start at once",
        sought="minutes until the two meet",
        insight="they move towards each other, so their speeds add up",
        steps=(
            "closing speed → {first} + {second} = {closing:km/h}",
            "hours until they meet → {distance} ÷ {closing}",
            "in minutes → {distance} ÷ {closing} * 60 = {result:minute}",
        ),
        checks=(
            "first vehicle: {first} * {result} ÷ 60 = {first_part:km}",
            "second vehicle: {second} * {result} ÷ 60 = {second_part:km}",
            "{first_part} + {second_part} = {distance:km}, the whole distance",
        ),
    ),
    mistakes=(
        Mistake(
            name="subtracts_the_speeds",
            says="subtracts the speeds, as if one vehicle followed the other",
            result=lambda values: round(60 * Fraction(values["distance"]) / abs(values["first"] - values["second"])),
        ),
        Mistake(
            name="lets_the_second_stand_still",
            says="divides the distance by the speed of the first alone",
            result=lambda values: round(60 * Fraction(values["distance"]) / values["first"]),
        ),
        Mistake(
            name="takes_the_mean_speed",
            says="divides the distance by the mean of the two speeds instead of their sum",
            result=lambda values: 2 * _solve_meeting(values),
        ),
        Mistake(
            name="takes_an_hour_for_100_minutes",
            says="turns hours into minutes with a factor of 100 instead of 60",
            result=lambda values: round(_solve_meeting(values) * 100 / 60),
        ),
        Mistake(
            name="meets_halfway",
            says="takes it that they meet halfway, and times the first up to there",
            result=lambda values: round(30 * Fraction(values["distance"]) / values["first"]),
        ),
    ),
)
