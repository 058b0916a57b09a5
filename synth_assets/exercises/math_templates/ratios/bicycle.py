"""Ratios and proportional shares."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_bicycle(rng: Random, difficulty: str) -> Values:
    back = rng.randint(11, 28)
    turns, front, round_wheel = {
        "easy": (10 * rng.randint(1, 20), back * rng.randint(2, 4), Fraction(rng.randint(18, 23), 10)),
        "medium": (10 * rng.randint(2, 60), rng.randint(28, 54), Fraction(rng.randint(18, 23), 10)),
        "hard": (rng.randint(60, 1500), rng.randint(28, 54), Fraction(rng.randint(180, 234), 100)),
    }[difficulty]
    return {"p": turns, "f": front, "b": back, "c": round_wheel}


def _solve_bicycle(values: Values) -> Fraction:
    return Fraction(values["p"] * values["f"], values["b"]) * values["c"]


def _bicycle_workings(values: Values) -> Values:
    links = values["p"] * values["f"]
    return {"links": links, "turns": Fraction(links, values["b"])}


def _bicycle_holds(values: Values) -> bool:
    turns = Fraction(values["p"] * values["f"], values["b"])
    result = turns * values["c"]
    return values["b"] < values["f"] <= 54 and (2 * turns).denominator == 1 and (100 * result).denominator == 1


def _check_bicycle(values: Values, result: Fraction) -> bool:
    """Back from the road: the wheel's turns pull as many links over the sprocket as the pedals over the chainring."""
    wheel_turns = result / values["c"]
    return wheel_turns * values["b"] == values["p"] * values["f"]


BICYCLE = Template(
    id="ratios.bicycle",
    family="ratios",
    unit="m",
    draw=_draw_bicycle,
    holds=_bicycle_holds,
    solve=_solve_bicycle,
    check=_check_bicycle,
    workings=_bicycle_workings,
    texts={
        "en": Wording(
            problems=(
                "On a bicycle, the front chainring has {f:ws_tooth} and the rear sprocket {b:ws_tooth}. The rear "
                "wheel has a circumference of {c:m}. How many metres does the bicycle cover in {p} turns of the "
                "pedals?",
                "A cyclist turns the pedals {p} times while her chain runs over a chainring with {f:ws_tooth} and a "
                "sprocket with {b:ws_tooth}. Her wheels measure {c:m} round the tyre. How far does she get, in "
                "metres?",
            ),
            solution="Counted in teeth, the chain moves on by {p} * {f} = {links}. The sprocket takes {b} of them for "
            "one turn, so the wheel makes {links} ÷ {b} = {turns:ws_turn}. On the road that is {turns} * {c} = "
            "{result:m}.",
        ),
        "fr": Wording(
            problems=(
                "Sur un vélo, le plateau avant a {f:ws_tooth} et le pignon arrière {b:ws_tooth}. La roue arrière a "
                "une circonférence de {c:m}. Combien de mètres le vélo parcourt-il en {p} tours de pédales ?",
                "Une cycliste donne {p} tours de pédales avec un plateau de {f:ws_tooth} et un pignon de "
                "{b:ws_tooth}. Ses roues ont {c:m} de circonférence. Quelle distance parcourt-elle, en mètres ?",
            ),
            solution="Comptée en dents, la chaîne avance de {p} * {f} = {links}. Le pignon en prend {b} par tour ; la "
            "roue fait donc {links} ÷ {b} = {turns:ws_turn}. Sur la route, cela donne {turns} * {c} = {result:m}.",
        ),
        "de": Wording(
            problems=(
                "An einem Fahrrad hat das vordere Kettenblatt {f:ws_tooth} und das hintere Ritzel {b:ws_tooth}. Das "
                "Hinterrad hat einen Umfang von {c:m}. Wie viele Meter legt das Fahrrad bei {p} Umdrehungen der "
                "Pedale zurück?",
                "Eine Radfahrerin dreht die Pedale {p}-mal herum; die Kette läuft vorn über ein Blatt mit "
                "{f:ws_tooth.dat} und hinten über ein Ritzel mit {b:ws_tooth.dat}. Ihre Räder haben einen Umfang von "
                "{c:m}. Wie weit kommt sie, in Metern?",
            ),
            solution="In Zähnen gezählt, rückt die Kette um {p} * {f} = {links} weiter. Für eine Umdrehung braucht "
            "das Ritzel {b} davon, das Hinterrad macht also {links} ÷ {b} = {turns:ws_turn}. Auf der Straße sind das "
            "{turns} * {c} = {result:m}.",
        ),
        "it": Wording(
            problems=(
                "In una bicicletta la corona anteriore ha {f:ws_tooth} e il pignone posteriore {b:ws_tooth}. La ruota "
                "posteriore ha una circonferenza di {c:m}. Quanti metri percorre la bicicletta in {p} giri di pedale?",
                "Una ciclista fa {p} giri di pedale con una corona da {f:ws_tooth} e un pignone da {b:ws_tooth}. Le "
                "sue ruote hanno una circonferenza di {c:m}. Quanta strada percorre, in metri?",
            ),
            solution="Contata in denti, la catena avanza di {p} * {f} = {links}. Il pignone ne prende {b} a giro, "
            "perciò la ruota compie {links} ÷ {b} = {turns:ws_turn}. Sulla strada sono {turns} * {c} = {result:m}.",
        ),
        "es": Wording(
            problems=(
                "En una bicicleta, el plato delantero tiene {f:ws_tooth} y el piñón trasero, {b:ws_tooth}. La rueda "
                "trasera tiene una circunferencia de {c:m}. ¿Cuántos metros recorre la bicicleta con {p} vueltas de "
                "pedal?",
                "Una ciclista da {p} vueltas de pedal con un plato de {f:ws_tooth} y un piñón de {b:ws_tooth}. Sus "
                "ruedas miden {c:m} de circunferencia. ¿Qué distancia recorre, en metros?",
            ),
            solution="Contada en dientes, la cadena avanza {p} * {f} = {links}. El piñón toma {b} por vuelta, así que "
            "la rueda da {links} ÷ {b} = {turns:ws_turn}. Sobre la carretera son {turns} * {c} = {result:m}.",
        ),
        "pl": Wording(
            problems=(
                "W rowerze przednia zębatka ma {f:ws_tooth}, a tylna {b:ws_tooth}. Obwód tylnego koła wynosi {c:m}. "
                "Ile metrów przejedzie rower przy {p} obrotach pedałów?",
                "Rowerzystka wykonuje pedałami {p:ws_turn}; łańcuch biegnie z przodu po zębatce, która ma "
                "{f:ws_tooth}, a z tyłu po zębatce, która ma {b:ws_tooth}. Obwód kół jej roweru wynosi {c:m}. Jaką "
                "drogę, licząc w metrach, przejedzie?",
            ),
            solution="W przeliczeniu na zęby łańcuch przesuwa się o {p} * {f} = {links}. Jeden obrót tylnej zębatki "
            "odpowiada liczbie {b}, więc koło wykona {links} ÷ {b} = {turns:ws_turn}. Na drodze daje to {turns} * {c} "
            "= {result:m}.",
        ),
        "nl": Wording(
            problems=(
                "Bij een fiets heeft het voorste kettingblad {f:ws_tooth} en het achterste tandwiel {b:ws_tooth}. Het "
                "achterwiel heeft een omtrek van {c:m}. Hoeveel meter legt de fiets af bij {p} omwentelingen van de "
                "trappers?",
                "Een fietsster draait de trappers {p} keer rond, met een kettingblad van {f:ws_tooth} en een "
                "achtertandwiel van {b:ws_tooth}. Haar wielen hebben een omtrek van {c:m}. Hoe ver komt ze, in "
                "meters?",
            ),
            solution="In tanden geteld schuift de ketting {p} * {f} = {links} op. Het achterste tandwiel heeft er {b} "
            "nodig voor één omwenteling, dus het wiel maakt {links} ÷ {b} = {turns:ws_turn}. Op de weg is dat {turns} "
            "* {c} = {result:m}.",
        ),
        "la": Wording(
            problems=(
                "In birota rota dentata anterior {f:ws_tooth.acc} habet, posterior {b:ws_tooth.acc}. Circumitus "
                "rotae, quae viam tangit, est {c:m}. Quot metra birota conficit, dum pedalia {p:ws_turn.acc} faciunt?",
                "Femina birota vecta pedalia {p} vicibus circumagit; catena ante circum rotam {f:ws_tooth.gen}, pone "
                "circum rotam {b:ws_tooth.gen} ducta est. Circumitus rotarum, quae viam tangunt, est {c:m}. Quantum "
                "viae, metris numeratum, conficit?",
            ),
            solution="Si dentes numerantur, catena {p} * {f} = {links} procedit. Rota dentata posterior ad unam "
            "conversionem {b} poscit; ergo rota maior {links} ÷ {b} = {turns:ws_turn.acc} facit. In via haec sunt "
            "{turns} * {c} = {result:m}.",
        ),
    },
    trace=Trace(
        given="{p} pedal turns, chainring {f:ws_tooth}, sprocket {b:ws_tooth}, circumference {c:m}",
        sought="distance in metres",
        insight="the chain moves equally far over both wheels, so their turns are inversely as their teeth",
        steps=(
            "teeth moved by the pedals → {p} * {f} = {links}",
            "turns of the rear wheel → {links} ÷ {b} = {turns}",
            "distance → {turns} * {c} = {result:m}",
        ),
        checks=(
            "backwards: {result} ÷ {c} = {turns:ws_turn} of the wheel",
            "{turns} * {b} ÷ {f} = {p} turns of the pedals",
        ),
    ),
    mistakes=(
        Mistake(
            name="turns_the_gear_ratio_round",
            says="divides by the teeth of the chainring and multiplies by those of the sprocket",
            result=lambda values: round(Fraction(values["p"] * values["b"], values["f"]) * values["c"], 2),
        ),
        Mistake(
            name="leaves_out_the_gear",
            says="lets the wheel turn exactly once for each turn of the pedals",
            result=lambda values: values["p"] * values["c"],
        ),
        Mistake(
            name="gives_the_turns",
            says="stops at the number of turns of the wheel and calls them metres",
            result=lambda values: Fraction(values["p"] * values["f"], values["b"]),
        ),
        Mistake(
            name="takes_the_circumference_for_the_diameter",
            says="multiplies by 3.14 as if the circumference were the diameter",
            result=lambda values: round(_solve_bicycle(values) * Fraction(314, 100), 2),
        ),
        Mistake(
            name="forgets_the_sprocket",
            says="multiplies by the teeth of the chainring without dividing by those of the sprocket",
            result=lambda values: values["p"] * values["f"] * values["c"],
        ),
    ),
)
