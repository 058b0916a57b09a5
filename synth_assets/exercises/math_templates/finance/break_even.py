"""The least number of pieces that covers the costs."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_break_even(rng: Random, difficulty: str) -> Values:
    step, most = {"easy": (Fraction(1), 12), "medium": (Fraction(1, 2), 16), "hard": (Fraction(1, 20), 22)}[difficulty]
    piece = step * rng.randint(int(2 / step), int(most / step))
    price = piece + step * rng.randint(int(Fraction(3, 2) / step), int(most / step))
    fixed = {
        # everything comes out even
        "easy": (price - piece) * rng.randint(20, 200),
        "medium": 10 * rng.randint(15, 400),
        "hard": 5 * rng.randint(60, 2_000),
    }[difficulty]
    return {"fixed": fixed, "piece": piece, "price": price}


def _solve_break_even(values: Values) -> int:
    return int(-(-values["fixed"] // (values["price"] - values["piece"])))


def _break_even_workings(values: Values) -> Values:
    margin = values["price"] - values["piece"]
    count = _solve_break_even(values)
    return {
        "margin": margin,
        "before": count - 1,
        "short": margin * (count - 1),
        "enough": margin * count,
        "takings": values["price"] * count,
        "costs": values["fixed"] + values["piece"] * count,
        "over": margin * count - values["fixed"],
    }


def _check_break_even(values: Values, result: Fraction) -> bool:
    """Takings against all costs: no loss with this many, and still a loss with one less."""
    balance = {
        count: values["price"] * count - values["piece"] * count - values["fixed"] for count in (result, result - 1)
    }
    return result.denominator == 1 and balance[result] >= 0 > balance[result - 1]


BREAK_EVEN = Template(
    id="finance.break_even",
    family="finance",
    unit="mug",
    draw=_draw_break_even,
    holds=lambda values: values["fixed"] >= 90 and 20 <= _solve_break_even(values) <= 2_000,
    solve=_solve_break_even,
    check=_check_break_even,
    workings=_break_even_workings,
    texts={
        "en": Wording(
            problems=(
                "A potter has fixed costs of {fixed:money} a month for her workshop. Clay, glaze and firing come to "
                "{piece:money} for each mug, and she sells a mug for {price:money}. How many mugs must she sell in a "
                "month, at least, so as not to make a loss?",
                "For its anniversary a club has mugs printed. The printer charges {fixed:money} for setting up and "
                "{piece:money} for every mug. Members buy the mugs at {price:money} each. What is the smallest "
                "number of mugs that have to be bought for the club to cover its costs?",
            ),
            solution="Every mug brings in {price} - {piece} = {margin:money} more than it costs by itself. This has "
            "to add up to {fixed:money} at least. With {before:mug} it is only {before} * {margin} = {short:money}, "
            "with {result:mug} it is {result} * {margin} = {enough:money}. So {result:mug} are enough, and fewer are "
            "not.",
        ),
        "fr": Wording(
            problems=(
                "Une potière a pour son atelier des frais fixes de {fixed:money} par mois. L'argile, l'émail et la "
                "cuisson reviennent à {piece:money} par tasse, et elle vend une tasse {price:money}. Combien de "
                "tasses doit-elle vendre au moins en un mois pour ne pas perdre d'argent ?",
                "Pour son anniversaire, un club fait imprimer des tasses. L'imprimeur demande {fixed:money} pour la "
                "préparation et {piece:money} pour chaque tasse. Les membres achètent les tasses {price:money} "
                "pièce. Quel est le plus petit nombre de tasses à vendre pour que le club couvre ses frais ?",
            ),
            solution="Chaque tasse rapporte {price} - {piece} = {margin:money} de plus que ce qu'elle coûte "
            "elle-même. Le total doit atteindre au moins {fixed:money}. Avec {before:mug}, on n'a que {before} * "
            "{margin} = {short:money} ; avec {result:mug}, on a {result} * {margin} = {enough:money}. Il faut donc "
            "{result:mug}, et un nombre moindre ne suffit pas.",
        ),
        "de": Wording(
            problems=(
                "Eine Töpferin hat für ihre Werkstatt feste Kosten von {fixed:money} im Monat. Ton, Glasur und Brand "
                "kosten für jeden Becher {piece:money}, und sie verkauft einen Becher für {price:money}. Wie viele "
                "Becher muss sie im Monat mindestens verkaufen, um keinen Verlust zu machen?",
                "Zu seinem Jubiläum lässt ein Verein Becher bedrucken. Die Druckerei verlangt {fixed:money} für die "
                "Einrichtung und {piece:money} für jeden Becher. Die Mitglieder kaufen die Becher für je "
                "{price:money}. Was ist die kleinste Zahl von Bechern, die verkauft werden muss, damit der Verein "
                "seine Kosten deckt?",
            ),
            solution="Jeder Becher bringt {price} - {piece} = {margin:money} mehr ein, als er selbst kostet. "
            "Zusammen müssen das mindestens {fixed:money} werden. Mit {before:mug.dat} sind es nur {before} * "
            "{margin} = {short:money}, mit {result:mug.dat} sind es {result} * {margin} = {enough:money}. Es sind "
            "also {result:mug} nötig, weniger reichen nicht.",
        ),
        "it": Wording(
            problems=(
                "Una ceramista ha per il laboratorio costi fissi di {fixed:money} al mese. Argilla, smalto e cottura "
                "vengono a costare {piece:money} per ogni tazza, e lei vende una tazza a {price:money}. Quante tazze "
                "deve vendere almeno in un mese per non andare in perdita?",
                "Per il suo anniversario un circolo fa stampare delle tazze. La tipografia chiede {fixed:money} per "
                "la preparazione e {piece:money} per ogni tazza. I soci comprano le tazze a {price:money} l'una. "
                "Qual è il numero minimo di tazze da vendere perché il circolo copra le spese?",
            ),
            solution="Ogni tazza rende {price} - {piece} = {margin:money} in più di quanto costa. Il totale deve "
            "arrivare almeno a {fixed:money} di costi fissi. Con {before:mug} si hanno solo {before} * {margin} = "
            "{short:money}, con {result:mug} si hanno {result} * {margin} = {enough:money}. Servono dunque "
            "{result:mug}, e meno non bastano.",
        ),
        "es": Wording(
            problems=(
                "Una alfarera tiene en su taller unos costes fijos de {fixed:money} al mes. El barro, el esmalte y "
                "la cocción cuestan {piece:money} por taza, y ella vende cada taza a {price:money}. ¿Cuántas tazas "
                "tiene que vender como mínimo en un mes para no tener pérdidas?",
                "Para su aniversario, un club encarga tazas impresas. La imprenta cobra {fixed:money} por la "
                "preparación y {piece:money} por cada taza. Los socios compran las tazas a {price:money} cada una. "
                "¿Cuál es el menor número de tazas que hay que vender para que el club cubra sus gastos?",
            ),
            solution="Cada taza aporta {price} - {piece} = {margin:money} más de lo que cuesta. Entre todas deben "
            "sumar por lo menos {fixed:money} de costes fijos. Con {before:mug} son solo {before} * {margin} = "
            "{short:money}; con {result:mug} son {result} * {margin} = {enough:money}. Hacen falta, pues, "
            "{result:mug}, y con menos no basta.",
        ),
        "pl": Wording(
            problems=(
                "Stałe koszty pracowni garncarki wynoszą {fixed:money} miesięcznie. Glina, szkliwo i wypał kosztują "
                "{piece:money} na każdy kubek, a kubek sprzedaje ona za {price:money}. Ile kubków musi co najmniej "
                "sprzedać w miesiącu, aby nie ponieść straty?",
                "Na swój jubileusz klub zamawia kubki z nadrukiem. Drukarnia żąda {fixed:money.gen} za przygotowanie "
                "i {piece:money.gen} za każdy kubek. Członkowie kupują kubki po {price:money}. Jaka jest najmniejsza "
                "liczba kubków, którą trzeba sprzedać, aby klub pokrył koszty?",
            ),
            solution="Każdy kubek przynosi o {price} - {piece} = {margin:money} więcej, niż sam kosztuje. Suma musi "
            "wynieść co najmniej {fixed:money}, bo takie są koszty stałe. Jeśli liczba kubków to {before}, wychodzi "
            "tylko {before} * {margin} = {short:money}; jeśli jest to {result}, wychodzi {result} * {margin} = "
            "{enough:money}. Najmniejsza wystarczająca sprzedaż to więc {result:mug}.",
        ),
        "nl": Wording(
            problems=(
                "Een pottenbakster heeft voor haar werkplaats {fixed:money} vaste kosten per maand. Klei, glazuur en "
                "bakken kosten {piece:money} per beker, en ze verkoopt een beker voor {price:money}. Hoeveel bekers "
                "moet ze per maand minstens verkopen om geen verlies te lijden?",
                "Voor haar jubileum laat een vereniging bekers bedrukken. De drukkerij rekent {fixed:money} voor de "
                "voorbereiding en {piece:money} voor elke beker. De leden kopen de bekers voor {price:money} per "
                "stuk. Wat is het kleinste aantal bekers dat verkocht moet worden om de kosten te dekken?",
            ),
            solution="Elke beker brengt {price} - {piece} = {margin:money} meer op dan hij zelf kost. Samen moet dat "
            "minstens {fixed:money} aan vaste kosten dekken. Met {before:mug} is het maar {before} * {margin} = "
            "{short:money}, met {result:mug} is het {result} * {margin} = {enough:money}. Er zijn dus {result:mug} "
            "nodig, en met minder lukt het niet.",
        ),
        "la": Wording(
            problems=(
                "Figula pro officina singulis mensibus {fixed:money.acc} solvit. Pro singulis poculis argilla et "
                "ignis {piece:money.abl} constant; unum poculum {price:money.abl} vendit. Quot pocula singulis "
                "mensibus saltem vendere debet, ne damnum faciat?",
                "Collegium ad diem festum pocula inscribenda curat. Artifex {fixed:money.acc} pro apparatu poscit et "
                "{piece:money.acc} pro singulis poculis. Sodales singula {price:money.abl} emunt. Quot pocula saltem "
                "vendenda sunt, ut collegium impensas recuperet?",
            ),
            solution="Unumquodque poculum plus affert quam ipsum constat, et differentia est {price} - {piece} = "
            "{margin:money}. Summa saltem {fixed:money.acc} aequare debet. Si numerus poculorum est {before}, summa "
            "tantum est {before} * {margin} = {short:money}; si est {result}, summa est {result} * {margin} = "
            "{enough:money}. Ergo {result:mug} sufficiunt, pauciora non sufficiunt.",
        ),
    },
    trace=Trace(
        given="fixed costs {fixed:money}, each mug costs {piece:money} and is sold for {price:money}",
        sought="least number of mugs without a loss",
        insight="each mug contributes its price less its own cost to the fixed costs; the number must be whole, so "
        "round up",
        steps=(
            "contribution of a mug → {price} - {piece} = {margin:money}",
            "one less → {before} * {margin} = {short:money}, less than {fixed}",
            "enough → {result} * {margin} = {enough:money}, not less than {fixed}",
            "least number → {result:mug}",
        ),
        checks=(
            "takings: {result} * {price} = {takings:money}",
            "costs: {fixed} + {result} * {piece} = {costs:money}; {takings} - {costs} = {over}, no loss",
        ),
    ),
    mistakes=(
        Mistake(
            name="forgets_the_cost_of_a_mug",
            says="divides the fixed costs by the price, as if the mugs themselves cost nothing",
            result=lambda values: int(-(-values["fixed"] // values["price"])),
        ),
        Mistake(
            name="adds_the_cost_of_a_mug",
            says="adds price and cost of a mug instead of subtracting",
            result=lambda values: int(-(-values["fixed"] // (values["price"] + values["piece"]))),
        ),
        Mistake(
            name="divides_by_the_cost_of_a_mug",
            says="divides the fixed costs by what a mug costs",
            result=lambda values: int(-(-values["fixed"] // values["piece"])),
        ),
        Mistake(
            name="rounds_down",
            says="rounds down, although that number still leaves a loss",
            result=lambda values: int(values["fixed"] // (values["price"] - values["piece"])),
        ),
        Mistake(
            name="goes_one_too_far",
            says="takes one mug more than is needed",
            result=lambda values: _solve_break_even(values) + 1,
        ),
    ),
)
