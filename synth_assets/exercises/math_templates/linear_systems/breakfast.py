"""Two prices from two bills, by making one of the two quantities equal."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_breakfast(rng: Random, difficulty: str) -> Values:
    most, step = {"easy": (5, Fraction(1)), "medium": (7, Fraction(1, 2)), "hard": (9, Fraction(1, 20))}[difficulty]
    coffee, roll = (step * rng.randint(int(2 / step), int(9 / step)) for _ in range(2))
    a, b, c, d = (rng.randint(2, most) for _ in range(4))
    return {"a": a, "b": b, "first": a * coffee + b * roll, "c": c, "d": d, "second": c * coffee + d * roll}


def _breakfast_workings(values: Values) -> Values:
    a, b, c, d = (values[name] for name in "abcd")
    coffee = _solve_breakfast(values)
    return {
        "ad": a * d,
        "bd": b * d,
        "bc": b * c,
        "first_d": values["first"] * d,
        "second_b": values["second"] * b,
        "coffees": a * d - b * c,
        "cost": values["first"] * d - values["second"] * b,
        "for_coffee": a * coffee,
        "for_rolls": values["first"] - a * coffee,
        "roll": (values["first"] - a * coffee) / b,
    }


def _solve_breakfast(values: Values) -> Fraction:
    a, b, c, d = (values[name] for name in "abcd")
    return Fraction(values["first"] * d - values["second"] * b) / (a * d - b * c)


def _breakfast_holds(values: Values) -> bool:
    a, b, c, d = (values[name] for name in "abcd")
    # two or more coffees are left over, so there is something to divide; nothing is equal from the start
    return a * d - b * c >= 2 and b != d and a != c and _solve_breakfast(values) != _breakfast_workings(values)["roll"]


def _check_breakfast(values: Values, result: Fraction) -> bool:
    """The price of a roll, found from the first bill, makes the second bill right."""
    roll = Fraction(values["first"] - values["a"] * result) / values["b"]
    return roll > 0 and values["c"] * result + values["d"] * roll == values["second"]


BREAKFAST = Template(
    id="linear_systems.breakfast",
    family="linear systems",
    unit="money",
    draw=_draw_breakfast,
    holds=_breakfast_holds,
    solve=_solve_breakfast,
    check=_check_breakfast,
    workings=_breakfast_workings,
    texts={
        "en": Wording(
            problems=(
                "In a café one table pays {first:money} for {a:order_coffee} and {b:order_roll}. Another table pays "
                "{second:money} for {c:order_coffee} and {d:order_roll}. What does one coffee cost?",
                "On Monday an office ordered {a:order_coffee} and {b:order_roll}, and the bill was {first:money}. On "
                "Tuesday it ordered {c:order_coffee} and {d:order_roll} at the same prices, for {second:money}. How "
                "much is a single coffee?",
            ),
            solution="Take the first order {d} times and the second {b} times, so that each contains {bd:order_roll}. "
            "Then {ad:order_coffee} with these rolls cost {d} * {first} = {first_d:money}, and {bc:order_coffee} with "
            "as many rolls {b} * {second} = {second_b:money}. The difference, {ad} - {bc} = {coffees:order_coffee}, "
            "costs {first_d} - {second_b} = {cost:money}. One coffee therefore costs {cost} ÷ {coffees} = "
            "{result:money}.",
        ),
        "fr": Wording(
            problems=(
                "Dans une brasserie, une table paie {first:money} pour {a:order_coffee} et {b:order_roll}. Une autre "
                "table paie {second:money} pour {c:order_coffee} et {d:order_roll}. Combien coûte un café ?",
                "Lundi, un bureau a commandé {a:order_coffee} et {b:order_roll}, et l'addition était de {first:money}. "
                "Mardi, il a commandé {c:order_coffee} et {d:order_roll} aux mêmes prix, pour {second:money}. Quel est "
                "le prix d'un seul café ?",
            ),
            solution="Prenons {d} fois la première commande et {b} fois la seconde, de sorte que chacune comprenne "
            "{bd:order_roll}. Alors {ad:order_coffee} avec ces brioches coûtent {d} * {first} = {first_d:money}, et "
            "{bc:order_coffee} avec autant de brioches {b} * {second} = {second_b:money}. La différence, soit {ad} - "
            "{bc} = {coffees:order_coffee}, coûte {first_d} - {second_b} = {cost:money}. Un café coûte donc {cost} ÷ "
            "{coffees} = {result:money}.",
        ),
        "de": Wording(
            problems=(
                "In einem Café zahlt ein Tisch für {a:order_coffee} und {b:order_roll} {first:money}. Ein anderer "
                "Tisch zahlt für {c:order_coffee} und {d:order_roll} {second:money}. Wie viel kostet ein Kaffee?",
                "Am Montag bestellte ein Büro {a:order_coffee} und {b:order_roll}, und die Rechnung betrug "
                "{first:money}. Am Dienstag bestellte es zu denselben Preisen {c:order_coffee} und {d:order_roll} für "
                "{second:money}. Was kostet ein einzelner Kaffee?",
            ),
            solution="Man nehme die erste Bestellung {d}-mal und die zweite {b}-mal, sodass beide {bd:order_roll} "
            "enthalten. Dann kosten {ad:order_coffee} mit diesen Brötchen {d} * {first} = {first_d:money} und "
            "{bc:order_coffee} mit ebenso vielen Brötchen {b} * {second} = {second_b:money}. Der Unterschied, {ad} - "
            "{bc} = {coffees:order_coffee}, kostet {first_d} - {second_b} = {cost:money}. Ein Kaffee kostet also "
            "{cost} ÷ {coffees} = {result:money}.",
        ),
        "it": Wording(
            problems=(
                "In un bar un tavolo paga {first:money} per {a:order_coffee} e {b:order_roll}. Un altro tavolo paga "
                "{second:money} per {c:order_coffee} e {d:order_roll}. Quanto costa un caffè?",
                "Lunedì un ufficio ha ordinato {a:order_coffee} e {b:order_roll}, e il conto è stato di {first:money}. "
                "Martedì ha ordinato {c:order_coffee} e {d:order_roll} agli stessi prezzi, per {second:money}. Qual è "
                "il prezzo di un solo caffè?",
            ),
            solution="Si prenda {d} volte la prima ordinazione e {b} volte la seconda, in modo che ciascuna comprenda "
            "{bd:order_roll}. Allora {ad:order_coffee} con questi cornetti costano {d} * {first} = {first_d:money} e "
            "{bc:order_coffee} con altrettanti cornetti {b} * {second} = {second_b:money}. La differenza, cioè {ad} - "
            "{bc} = {coffees:order_coffee}, costa {first_d} - {second_b} = {cost:money}. Un caffè costa quindi {cost} "
            "÷ {coffees} = {result:money}.",
        ),
        "es": Wording(
            problems=(
                "En una cafetería, una mesa paga {first:money} por {a:order_coffee} y {b:order_roll}. Otra mesa paga "
                "{second:money} por {c:order_coffee} y {d:order_roll}. ¿Cuánto cuesta un café?",
                "El lunes, una oficina pidió {a:order_coffee} y {b:order_roll}, y la cuenta fue de {first:money}. El "
                "martes pidió {c:order_coffee} y {d:order_roll} a los mismos precios, por {second:money}. ¿Cuál es el "
                "precio de un solo café?",
            ),
            solution="Tomemos {d} veces el primer pedido y {b} veces el segundo, para que cada uno contenga "
            "{bd:order_roll}. Entonces {ad:order_coffee} con esos bollos cuestan {d} * {first} = {first_d:money}, y "
            "{bc:order_coffee} con otros tantos bollos, {b} * {second} = {second_b:money}. La diferencia, es decir, "
            "{ad} - {bc} = {coffees:order_coffee}, cuesta {first_d} - {second_b} = {cost:money}. Por tanto, un café "
            "cuesta {cost} ÷ {coffees} = {result:money}.",
        ),
        "pl": Wording(
            problems=(
                "W kawiarni przy jednym stoliku zapłacono {first:money} za {a:order_coffee.acc} i {b:order_roll.acc}. "
                "Przy innym stoliku zapłacono {second:money} za {c:order_coffee.acc} i {d:order_roll.acc}. Ile "
                "kosztuje jedna kawa?",
                "W poniedziałek biuro zamówiło {a:order_coffee.acc} i {b:order_roll.acc}, a rachunek wyniósł "
                "{first:money}. We wtorek po tych samych cenach zamówiło {c:order_coffee.acc} i {d:order_roll.acc}, "
                "płacąc {second:money}. Jaka jest cena jednej kawy?",
            ),
            solution="Weźmy pierwsze zamówienie {d:age_times}, a drugie {b:age_times}, tak aby liczba bułek w obu była "
            "równa i wynosiła {bd}. Wtedy za {ad:order_coffee.acc} z tymi bułkami płaci się {d} * {first} = "
            "{first_d:money}, a za {bc:order_coffee.acc} z taką samą liczbą bułek {b} * {second} = {second_b:money}. "
            "Różnica obejmuje {ad} - {bc} = {coffees:order_coffee.acc}, za które płaci się {first_d} - {second_b} = "
            "{cost:money}. Jedna kawa kosztuje zatem {cost} ÷ {coffees} = {result:money}.",
        ),
        "nl": Wording(
            problems=(
                "In een café betaalt één tafel {first:money} voor {a:order_coffee} en {b:order_roll}. Een andere tafel "
                "betaalt {second:money} voor {c:order_coffee} en {d:order_roll}. Wat kost één koffie?",
                "Op maandag bestelde een kantoor {a:order_coffee} en {b:order_roll}, en de rekening was {first:money}. "
                "Op dinsdag bestelde het voor dezelfde prijzen {c:order_coffee} en {d:order_roll}, samen "
                "{second:money}. Hoeveel kost een enkele koffie?",
            ),
            solution="Neem de eerste bestelling {d} keer en de tweede {b} keer, zodat ze allebei {bd:order_roll} "
            "bevatten. Dan kosten {ad:order_coffee} met die broodjes {d} * {first} = {first_d:money} en "
            "{bc:order_coffee} met evenveel broodjes {b} * {second} = {second_b:money}. Het verschil, {ad} - {bc} = "
            "{coffees:order_coffee}, kost {first_d} - {second_b} = {cost:money}. Eén koffie kost dus {cost} ÷ "
            "{coffees} = {result:money}.",
        ),
        "la": Wording(
            problems=(
                "In caupona hospites primae mensae pro {a} poculis vini et {b} panibus {first:money.acc} solvunt. "
                "Hospites alterius mensae pro {c} poculis vini et {d} panibus {second:money.acc} solvunt. Quanti unum "
                "poculum constat?",
                "Dominus heri {a} pocula vini et {b} panes emit et {first:money.acc} solvit. Hodie eodem pretio {c} "
                "pocula vini et {d} panes emit et {second:money.acc} solvit. Quod est pretium unius poculi?",
            ),
            solution="Si prior emptio per {d}, altera per {b} multiplicatur, utraque {bd} panes habet. Tum {ad} "
            "pocula cum his panibus {d} * {first} = {first_d:money.abl} constant, {bc} pocula cum totidem panibus {b} "
            "* {second} = {second_b:money.abl}. Differentia, id est {ad} - {bc} = {coffees:order_coffee}, constat "
            "{first_d} - {second_b} = {cost:money.abl}. Unum igitur poculum constat {cost} ÷ {coffees} = "
            "{result:money.abl}.",
        ),
    },
    trace=Trace(
        given="{a:order_coffee} and {b:order_roll} cost {first:money}; {c:order_coffee} and {d:order_roll} cost "
        "{second:money}",
        sought="price of one coffee",
        insight="multiply both orders so that the rolls are equal in number, then only coffees differ",
        steps=(
            "first order taken {d} times → {ad:order_coffee}, {bd:order_roll}, {d} * {first} = {first_d}",
            "second order taken {b} times → {bc:order_coffee}, {bd:order_roll}, {b} * {second} = {second_b}",
            "difference → {ad} - {bc} = {coffees:order_coffee} for {first_d} - {second_b} = {cost}",
            "one coffee → {cost} ÷ {coffees} = {result:money}",
        ),
        checks=(
            "one roll from the first bill: {first} - {for_coffee} = {for_rolls} AND {for_rolls} ÷ {b} = {roll}",
            "second bill: {c} * {result} + {d} * {roll} = {second:money}",
        ),
    ),
    mistakes=(
        Mistake(
            name="gives_the_roll",
            says="finds the price of a roll instead",
            result=lambda values: _breakfast_workings(values)["roll"],
        ),
        Mistake(
            name="shares_the_first_bill",
            says="divides the first bill by the number of things on it, as if all cost the same",
            result=lambda values: round(Fraction(values["first"]) / (values["a"] + values["b"]), 2),
        ),
        Mistake(
            name="shares_both_bills",
            says="divides both bills together by the number of all things on them",
            result=lambda values: round(
                Fraction(values["first"] + values["second"]) / sum(values[name] for name in "abcd"), 2
            ),
        ),
        Mistake(
            name="adds_the_prices",
            says="gives the price of a coffee and a roll together",
            result=lambda values: _solve_breakfast(values) + _breakfast_workings(values)["roll"],
        ),
        Mistake(
            name="forgets_to_divide",
            says="stops at the price of all the coffees that are left over",
            result=lambda values: _breakfast_workings(values)["cost"],
        ),
        Mistake(
            name="divides_by_all_coffees",
            says="divides by all coffees of the first order, taken as often as needed, not by those left over",
            result=lambda values: round(_breakfast_workings(values)["cost"] / _breakfast_workings(values)["ad"], 2),
        ),
    ),
)
