"""How far the fuel that is left will take a vehicle."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_fuel(rng: Random, difficulty: str) -> Values:
    use, reach = {
        "easy": (Fraction(rng.randint(4, 12)), 50 * rng.randint(8, 18)),
        "medium": (Fraction(rng.randint(8, 26), 2), 20 * rng.randint(16, 50)),
        "hard": (Fraction(rng.randint(41, 148), 10), 5 * rng.randint(60, 220)),
    }[difficulty]
    step = {"easy": 50, "medium": 10, "hard": 1}[difficulty]
    return {"tank": use * reach / 100, "use": use, "driven": step * rng.randint(1, reach // step)}


def _solve_fuel(values: Values) -> Fraction:
    return Fraction(100 * values["tank"]) / values["use"] - values["driven"]


def _fuel_workings(values: Values) -> Values:
    used = Fraction(values["use"] * values["driven"], 100)
    result = _solve_fuel(values)
    return {
        "used": used,
        "left": values["tank"] - used,
        "per_km": Fraction(values["use"], 100),
        "reach": values["driven"] + result,
        "for_the_rest": values["use"] * result / 100,
    }


def _fuel_holds(values: Values) -> bool:
    workings = _fuel_workings(values)
    tidy = Fraction(10 * values["tank"]).denominator == 1 and Fraction(100 * workings["used"]).denominator == 1
    return tidy and 30 <= values["tank"] <= 90 and values["driven"] >= 40 and _solve_fuel(values) >= 30


def _check_fuel(values: Values, result: Fraction) -> bool:
    """The way that is driven and the way that is left together use up exactly what was in the tank."""
    return values["use"] * (values["driven"] + result) == 100 * values["tank"]


FUEL = Template(
    id="rates.fuel",
    family="rates",
    unit="km",
    draw=_draw_fuel,
    holds=_fuel_holds,
    solve=_solve_fuel,
    check=_check_fuel,
    workings=_fuel_workings,
    texts={
        "en": Wording(
            problems=(
                "A van uses {use:litre} of diesel per 100 km. It starts with {tank:litre} in its tank and has now "
                "covered {driven:km}. How many kilometres can it still go without refuelling?",
                "Before a holiday trip a family puts {tank:litre} of petrol into the empty tank of their car, which "
                "needs {use:litre} for every 100 km. They take their first rest after {driven:km}. How much farther, "
                "in kilometres, will the fuel that is left take them?",
            ),
            solution="For {driven:km} the vehicle needs {driven} * {use} ÷ 100 = {used:litre}. That leaves {tank} - "
            "{used} = {left:litre}. Since it uses {per_km:litre} a kilometre, the rest is enough for {left} ÷ "
            "{per_km} = {result:km}.",
        ),
        "fr": Wording(
            problems=(
                "Une camionnette consomme {use:litre} de gazole aux 100 km. Elle part avec {tank:litre} dans le "
                "réservoir et a maintenant parcouru {driven:km}. Combien de kilomètres peut-elle encore faire sans "
                "reprendre de carburant ?",
                "Avant de partir en vacances, une famille met {tank:litre} d'essence dans le réservoir vide de sa "
                "voiture, qui consomme {use:litre} pour 100 km. Elle fait une première pause après {driven:km}. "
                "Combien de kilomètres peut-elle encore parcourir avec l'essence restante ?",
            ),
            solution="Pour {driven:km}, il faut {driven} * {use} ÷ 100 = {used:litre}. Il reste donc {tank} - {used} "
            "= {left:litre}. Comme le véhicule consomme {per_km:litre} par kilomètre, cela suffit pour {left} ÷ "
            "{per_km} = {result:km}.",
        ),
        "de": Wording(
            problems=(
                "Ein Lieferwagen verbraucht {use:litre} Diesel auf 100 km. Er fährt mit {tank:litre.dat} im Tank los "
                "und hat jetzt {driven:km} zurückgelegt. Wie viele Kilometer kann er noch fahren, ohne zu tanken?",
                "Vor einer Urlaubsreise füllt eine Familie {tank:litre} Benzin in den leeren Tank ihres Autos, das "
                "für je 100 km {use:litre} braucht. Nach {driven:km} macht sie die erste Rast. Wie viele Kilometer "
                "weit reicht das restliche Benzin noch?",
            ),
            solution="Für {driven:km} braucht das Fahrzeug {driven} * {use} ÷ 100 = {used:litre}. Es bleiben also "
            "{tank} - {used} = {left:litre}. Da es pro Kilometer {per_km:litre} verbraucht, reicht der Rest für "
            "{left} ÷ {per_km} = {result:km}.",
        ),
        "it": Wording(
            problems=(
                "Un furgone consuma {use:litre} di gasolio ogni 100 km. Parte con {tank:litre} nel serbatoio e ha "
                "ormai percorso {driven:km}. Quanti chilometri può ancora fare senza rifornirsi?",
                "Prima di un viaggio una famiglia mette {tank:litre} di benzina nel serbatoio vuoto della sua auto, "
                "che ha bisogno di {use:litre} per 100 km. Fa la prima sosta dopo {driven:km}. Per quanti chilometri "
                "basta ancora la benzina rimasta?",
            ),
            solution="Per {driven:km} occorrono {driven} * {use} ÷ 100 = {used:litre}. Nel serbatoio restano quindi "
            "{tank} - {used} = {left:litre}. Poiché il mezzo consuma {per_km:litre} al chilometro, il resto basta "
            "per {left} ÷ {per_km} = {result:km}.",
        ),
        "es": Wording(
            problems=(
                "Una furgoneta consume {use:litre} de gasóleo cada 100 km. Sale con {tank:litre} en el depósito y ya "
                "ha recorrido {driven:km}. ¿Cuántos kilómetros puede hacer todavía sin repostar?",
                "Antes de un viaje, una familia echa {tank:litre} de gasolina en el depósito vacío de su coche, que "
                "necesita {use:litre} para recorrer 100 km. Hace el primer descanso después de {driven:km}. ¿Para "
                "cuántos kilómetros más alcanza la gasolina que queda?",
            ),
            solution="Para {driven:km} se necesitan {driven} * {use} ÷ 100 = {used:litre}. Quedan, por tanto, {tank} "
            "- {used} = {left:litre}. Como el vehículo consume {per_km:litre} por kilómetro, el resto alcanza para "
            "{left} ÷ {per_km} = {result:km}.",
        ),
        "pl": Wording(
            problems=(
                "Furgonetka zużywa {use:litre} oleju napędowego na 100 km. Wyruszyła, mając w baku {tank:litre}, i "
                "przejechała dotąd {driven:km}. Ile kilometrów może jeszcze przejechać bez tankowania?",
                "Przed wyjazdem na urlop rodzina wlała do pustego baku {tank:litre} benzyny. Jej samochód zużywa "
                "{use:litre} na 100 km. Pierwszy postój rodzina zrobiła po przejechaniu {driven:km}. Na ile "
                "kilometrów wystarczy jeszcze pozostała benzyna?",
            ),
            solution="Na przejechanie {driven:km} potrzeba {driven} * {use} ÷ 100 = {used:litre.gen}. Stan baku to "
            "wtedy {tank} - {used} = {left:litre}. Ponieważ samochód zużywa {per_km:litre} na kilometr, reszta "
            "wystarczy na {left} ÷ {per_km} = {result:km}.",
        ),
        "nl": Wording(
            problems=(
                "Een bestelwagen verbruikt {use:litre} diesel per 100 km. Hij vertrekt met {tank:litre} in de tank "
                "en heeft nu {driven:km} gereden. Hoeveel kilometer kan hij nog rijden zonder te tanken?",
                "Voor een vakantiereis tankt een gezin {tank:litre} benzine in de lege tank van de auto, die voor "
                "elke 100 km {use:litre} nodig heeft. Na {driven:km} houden ze de eerste pauze. Voor hoeveel "
                "kilometer is de overgebleven benzine nog genoeg?",
            ),
            solution="Voor {driven:km} is {driven} * {use} ÷ 100 = {used:litre} nodig. Er blijft dus {tank} - {used} "
            "= {left:litre} over. Omdat de auto {per_km:litre} per kilometer verbruikt, is dat genoeg voor {left} ÷ "
            "{per_km} = {result:km}.",
        ),
        "la": Wording(
            problems=(
                "Raeda automataria per 100 km {use:litre.acc} olei consumit. Cum proficisceretur, {tank:litre.acc} in "
                "receptaculo habebat, et iam {driven:km} confecit. Quot chiliometra adhuc percurrere potest, si nihil "
                "olei additur?",
                "Ante iter feriale pater familias {tank:litre.acc} benzini in receptaculum vacuum raedae infundit, "
                "quae ad 100 km conficienda {use:litre.acc} poscit. Post {driven:km} primum quiescunt. Ad quot "
                "chiliometra reliquum benzinum sufficiet?",
            ),
            solution="Ad {driven:km} conficienda {driven} * {use} ÷ 100 = {used:litre.acc} raeda consumit. In "
            "receptaculo igitur manent {tank} - {used} = {left:litre}. Quia ad singula chiliometra {per_km:litre.acc} "
            "poscit, reliquum sufficit ad {left} ÷ {per_km} = {result:km}.",
        ),
    },
    trace=Trace(
        given="{tank:litre} in the tank, {use:litre} per 100 km, {driven:km} driven",
        sought="kilometres that the rest of the fuel lasts",
        insight="first what is used up, then how far the rest goes; consumption is per 100 km, not per km",
        steps=(
            "used up → {driven} * {use} ÷ 100 = {used:litre}",
            "left → {tank} - {used} = {left:litre}",
            "consumption per kilometre → {use} ÷ 100 = {per_km:litre}",
            "farther → {left} ÷ {per_km} = {result:km}",
        ),
        checks=(
            "a full tank lasts {tank} ÷ {per_km} = {reach:km}; {reach} - {driven} = {result}",
            "fuel for the rest: {result} * {per_km} = {for_the_rest:litre}; {used} + {for_the_rest} = {tank}",
        ),
    ),
    mistakes=(
        Mistake(
            name="forgets_the_way_driven",
            says="gives the way that the whole tank lasts, without subtracting what has been driven",
            result=lambda values: _solve_fuel(values) + values["driven"],
        ),
        Mistake(
            name="adds_the_way_driven",
            says="adds the way that has been driven instead of subtracting it",
            result=lambda values: _solve_fuel(values) + 2 * values["driven"],
        ),
        Mistake(
            name="takes_the_rate_for_the_whole_way",
            says="subtracts the consumption of 100 km only, whatever has been driven",
            result=lambda values: _solve_fuel(values) + values["driven"] - 100,
        ),
        Mistake(
            name="multiplies_by_the_consumption",
            says="multiplies the litres that are left by the consumption instead of dividing",
            result=lambda values: round(_fuel_workings(values)["left"] * values["use"]),
        ),
        Mistake(
            name="divides_by_the_litres_left",
            says="divides 100 times the consumption by the litres that are left",
            result=lambda values: round(100 * values["use"] / _fuel_workings(values)["left"]),
        ),
    ),
)
