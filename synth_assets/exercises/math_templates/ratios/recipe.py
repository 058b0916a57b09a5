"""Ratios and proportional shares."""

from fractions import Fraction
from math import ceil
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_recipe(rng: Random, difficulty: str) -> Values:
    portion, people, most, bags = {
        "easy": (10 * rng.randint(3, 14), (4, 5, 8, 10), 60, (500, 1000)),
        "medium": (5 * rng.randint(7, 31), (4, 6, 8, 12), 150, (400, 500, 750, 1000)),
        "hard": (Fraction(5 * rng.randint(15, 71), 2), (4, 6, 8, 12, 16, 20), 400, (350, 450, 750, 900, 1250)),
    }[difficulty]
    n = rng.choice(people)
    return {"n": n, "a": n * portion, "m": rng.randint(n + 3, most), "k": rng.choice(bags)}


def _need(values: Values) -> Fraction:
    return Fraction(values["a"] * values["m"], values["n"])


def _solve_recipe(values: Values) -> int:
    return ceil(_need(values) / values["k"])


def _recipe_workings(values: Values) -> Values:
    bags = _solve_recipe(values)
    return {
        "portion": Fraction(values["a"], values["n"]),
        "need": _need(values),
        "fewer": bags - 1,
        "less": (bags - 1) * values["k"],
        "more": bags * values["k"],
    }


def _recipe_holds(values: Values) -> bool:
    grams = values["a"]
    need = _need(values)
    # tens of grams, since nobody weighs out 512.5 grams of flour, and no exact number of bags
    return grams % 10 == 0 and need.denominator == 1 and need % values["k"] != 0 and need > 2 * values["k"]


def _check_recipe(values: Values, result: Fraction) -> bool:
    """Bag after bag is bought until what everybody needs is there."""
    bags, bought = 0, 0
    while bought * values["n"] < values["a"] * values["m"]:
        bags, bought = bags + 1, bought + values["k"]
    return bags == result


RECIPE = Template(
    id="ratios.recipe",
    family="ratios",
    unit="ws_bag",
    draw=_draw_recipe,
    holds=_recipe_holds,
    solve=_solve_recipe,
    check=_check_recipe,
    workings=_recipe_workings,
    texts={
        "en": Wording(
            problems=(
                "A cake recipe for {n:ws_person} calls for {a:ws_gram} of flour. A baker wants to make it for "
                "{m:ws_person}, and flour comes in bags of {k:ws_gram}. How many bags must she buy?",
                "In a holiday camp, {a:ws_gram} of rice are enough for {n:ws_person}. This evening {m:ws_person} will "
                "be eating, and rice is sold in bags of {k:ws_gram}. How many bags does the kitchen need?",
            ),
            solution="One person needs {a} ÷ {n} = {portion:ws_gram}. For {m:ws_person} that makes {m} * {portion} = "
            "{need:ws_gram}. With {fewer:ws_bag} there would be only {fewer} * {k} = {less:ws_gram}, which is not "
            "enough. So it takes {result:ws_bag}, which hold {result} * {k} = {more:ws_gram}.",
        ),
        "fr": Wording(
            problems=(
                "Une recette de gâteau pour {n:ws_person} demande {a:ws_gram} de farine. Une pâtissière veut la "
                "préparer pour {m:ws_person}, et la farine se vend en paquets de {k:ws_gram}. Combien de paquets "
                "doit-elle acheter ?",
                "Dans une colonie de vacances, on compte {a:ws_gram} de riz pour {n:ws_person}. Ce soir, "
                "{m:ws_person} seront à table, et le riz se vend en paquets de {k:ws_gram}. Combien de paquets la "
                "cuisine doit-elle prévoir ?",
            ),
            solution="Pour une personne, il faut {a} ÷ {n} = {portion:ws_gram}. Pour {m:ws_person}, cela fait {m} * "
            "{portion} = {need:ws_gram}. Avec {fewer:ws_bag}, on n'aurait que {fewer} * {k} = {less:ws_gram}, ce qui "
            "ne suffit pas. Il faut donc {result:ws_bag}, qui contiennent {result} * {k} = {more:ws_gram}.",
        ),
        "de": Wording(
            problems=(
                "Ein Kuchenrezept für {n:ws_person} verlangt {a:ws_gram} Mehl. Eine Bäckerin will den Kuchen für "
                "{m:ws_person} backen, und Mehl gibt es in Packungen zu {k:ws_gram}. Wie viele Packungen muss sie "
                "kaufen?",
                "In einem Ferienlager reichen {a:ws_gram} Reis für {n:ws_person}. Heute Abend essen dort "
                "{m:ws_person}, und Reis wird in Packungen zu {k:ws_gram} verkauft. Wie viele Packungen braucht die "
                "Küche?",
            ),
            solution="Für eine Person braucht man {a} ÷ {n} = {portion:ws_gram}. Für {m:ws_person} sind es {m} * "
            "{portion} = {need:ws_gram}. Mit {fewer:ws_bag} hätte man nur {fewer} * {k} = {less:ws_gram}, und das "
            "reicht nicht. Nötig sind also {result:ws_bag}, die {result} * {k} = {more:ws_gram} enthalten.",
        ),
        "it": Wording(
            problems=(
                "Una ricetta di torta per {n:ws_person} richiede {a:ws_gram} di farina. Una pasticciera vuole "
                "prepararla per {m:ws_person}, e la farina si vende in pacchi da {k:ws_gram}. Quanti pacchi deve "
                "comprare?",
                "In una colonia estiva {a:ws_gram} di riso bastano per {n:ws_person}. Stasera saranno a tavola "
                "{m:ws_person}, e il riso si vende in pacchi da {k:ws_gram}. Quanti pacchi servono alla cucina?",
            ),
            solution="Per una persona servono {a} ÷ {n} = {portion:ws_gram}. Per {m:ws_person} diventano {m} * "
            "{portion} = {need:ws_gram}. Con {fewer:ws_bag} si avrebbero solo {fewer} * {k} = {less:ws_gram}, che non "
            "bastano. Occorrono quindi {result:ws_bag}, che contengono {result} * {k} = {more:ws_gram}.",
        ),
        "es": Wording(
            problems=(
                "Una receta de bizcocho para {n:ws_person} lleva {a:ws_gram} de harina. Una pastelera quiere "
                "prepararla para {m:ws_person}, y la harina se vende en paquetes de {k:ws_gram}. ¿Cuántos paquetes "
                "tiene que comprar?",
                "En un campamento, {a:ws_gram} de arroz bastan para {n:ws_person}. Esta noche cenarán {m:ws_person}, "
                "y el arroz se vende en paquetes de {k:ws_gram}. ¿Cuántos paquetes necesita la cocina?",
            ),
            solution="Para una persona hacen falta {a} ÷ {n} = {portion:ws_gram}. Para {m:ws_person} son {m} * "
            "{portion} = {need:ws_gram}. Con {fewer:ws_bag} solo habría {fewer} * {k} = {less:ws_gram}, que no "
            "bastan. Por tanto, se necesitan {result:ws_bag}, que contienen {result} * {k} = {more:ws_gram}.",
        ),
        "pl": Wording(
            problems=(
                "Przepis na ciasto dla {n:ws_person.gen} wymaga {a:ws_gram.gen} mąki. Cukierniczka chce je upiec dla "
                "{m:ws_person.gen}, a mąkę sprzedaje się w paczkach po {k:ws_gram}. Ile paczek musi kupić?",
                "Na obozie letnim dla {n:ws_person.gen} gotuje się {a:ws_gram} ryżu. Dziś kolacja ma być dla "
                "{m:ws_person.gen}, a ryż sprzedaje się w paczkach po {k:ws_gram}. Ile paczek potrzebuje kuchnia?",
            ),
            solution="Na jedną osobę przypada {a} ÷ {n} = {portion:ws_gram}. Dla {m:ws_person.gen} potrzeba więc {m} "
            "* {portion} = {need:ws_gram.gen}. Gdyby kupić {fewer:ws_bag.acc}, byłoby tylko {fewer} * {k} = "
            "{less:ws_gram}, a to za mało. Trzeba zatem kupić {result:ws_bag.acc}, które zawierają łącznie {result} * "
            "{k} = {more:ws_gram}.",
        ),
        "nl": Wording(
            problems=(
                "Voor een taart voor {n:ws_person} is {a:ws_gram} bloem nodig. Een bakster wil de taart voor "
                "{m:ws_person} maken, en bloem wordt verkocht in pakken van {k:ws_gram}. Hoeveel pakken moet ze "
                "kopen?",
                "In een vakantiekamp is {a:ws_gram} rijst genoeg voor {n:ws_person}. Vanavond eten er {m:ws_person} "
                "mee, en rijst wordt verkocht in pakken van {k:ws_gram}. Hoeveel pakken heeft de keuken nodig?",
            ),
            solution="Voor één persoon is {a} ÷ {n} = {portion:ws_gram} nodig. Voor {m:ws_person} wordt dat {m} * "
            "{portion} = {need:ws_gram}. Met {fewer:ws_bag} zou er maar {fewer} * {k} = {less:ws_gram} zijn, en dat is "
            "te weinig. Er zijn dus {result:ws_bag} nodig, die samen {result} * {k} = {more:ws_gram} bevatten.",
        ),
        "la": Wording(
            problems=(
                "Ad placentam pro {n:ws_person.abl} coquendam {a:ws_gram} farinae requiruntur. Pistrix eam pro "
                "{m:ws_person.abl} facere vult, et farina sacculis venit, quorum singuli {k:ws_gram} continent. Quot "
                "sacculos emere debet?",
                "In castris aestivis {a:ws_gram} oryzae {n:ws_person.dat} sufficiunt. Hodie {m:ws_person} cenabunt, "
                "et oryza sacculis venit, quorum singuli {k:ws_gram} continent. Quot sacculi parandi sunt?",
            ),
            solution="Uni homini {a} ÷ {n} = {portion:ws_gram} debentur. Pro {m:ws_person.abl} requiruntur {m} * "
            "{portion} = {need:ws_gram}. Si {fewer:ws_bag} emuntur, adsunt tantum {fewer} * {k} = {less:ws_gram}, "
            "quae non sufficiunt. Itaque emendi sunt {result:ws_bag}, qui {result} * {k} = {more:ws_gram} continent.",
        ),
    },
    trace=Trace(
        given="{a:ws_gram} for {n:ws_person}, wanted for {m:ws_person}, bags of {k:ws_gram}",
        sought="whole bags to buy",
        insight="go by way of one person, and round up, since bags are bought whole",
        steps=(
            "one person → {a} ÷ {n} = {portion:ws_gram}",
            "all → {m} * {portion} = {need:ws_gram}",
            "{fewer:ws_bag} → {fewer} * {k} = {less:ws_gram}, too little",
            "{result:ws_bag} → {result} * {k} = {more:ws_gram}, enough",
        ),
        checks=(
            "{less} is less than {need}, and {need} is less than {more}",
            "so one bag fewer leaves somebody without, and one bag more is not needed",
        ),
    ),
    mistakes=(
        Mistake(
            name="rounds_down",
            says="rounds the number of bags down instead of up",
            result=lambda values: _need(values) // values["k"],
        ),
        Mistake(
            name="provides_for_the_additional_people_only",
            says="works out the bags for those who come in addition and leaves out the first ones",
            result=lambda values: ceil(Fraction(values["a"] * (values["m"] - values["n"]), values["n"] * values["k"])),
        ),
        Mistake(
            name="takes_the_recipe_for_one_person",
            says="multiplies by the number of people without dividing by those the recipe is for",
            result=lambda values: ceil(Fraction(values["a"] * values["m"], values["k"])),
        ),
        Mistake(
            name="buys_for_each_recipe_separately",
            says="rounds up for every single preparation of the recipe instead of once at the end",
            result=lambda values: ceil(Fraction(values["m"], values["n"])) * ceil(Fraction(values["a"], values["k"])),
        ),
        Mistake(
            name="adds_one_to_be_safe",
            says="adds another bag after rounding up",
            result=lambda values: _solve_recipe(values) + 1,
        ),
    ),
)
