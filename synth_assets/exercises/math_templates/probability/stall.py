"""Expected value: what a game of chance brings on average."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_stall(rng: Random, difficulty: str) -> Values:
    sectors, big, small, stake, unit = {
        "easy": (rng.choice((10, 20)), 20, 5, 6, 1),
        "medium": (rng.choice((16, 20, 25, 40)), 60, 12, 12, 2),
        "hard": (rng.choice((25, 40, 50, 80, 100, 125)), 250, 40, 50, 4),
    }[difficulty]
    return {
        "sectors": sectors,
        "few": rng.randint(2, max(2, sectors // 8)),
        "big": rng.randint(small + 1, big),
        "more": rng.randint(3, sectors // 3),
        "small": rng.randint(2, small),
        "stake": Fraction(rng.randint(2 * unit, stake), unit),
    }


def _stall_workings(values: Values) -> dict[str, Fraction]:
    by_big, by_small = values["few"] * values["big"], values["more"] * values["small"]
    return {
        "by_big": by_big,
        "by_small": by_small,
        "paid": by_big + by_small,
        "average": Fraction(by_big + by_small, values["sectors"]),
        "taken": values["sectors"] * values["stake"],
        "kept": values["sectors"] * values["stake"] - by_big - by_small,
        "blanks": values["sectors"] - values["few"] - values["more"],
    }


def _solve_stall(values: Values) -> Fraction:
    return values["stake"] - _stall_workings(values)["average"]


def _stall_holds(values: Values) -> bool:
    """The stall earns something, in whole hundredths, and not as much as it pays or by either prize alone."""
    if values["few"] >= values["more"] or values["stake"] >= values["big"]:
        return False
    workings = _stall_workings(values)
    result = _solve_stall(values)
    exact = all(100 * workings[part] % values["sectors"] == 0 for part in ("by_big", "by_small"))
    apart = workings["by_big"] != workings["by_small"] and result != workings["average"]
    return exact and apart and result >= values["stake"] / 20


def _check_stall(values: Values, result: Fraction) -> bool:
    """All outcomes are played once, each at the stake, and their gains are averaged."""
    prizes = [values["big"]] * values["few"] + [values["small"]] * values["more"]
    prizes += [0] * (values["sectors"] - len(prizes))
    return result == sum(values["stake"] - prize for prize in prizes) / Fraction(len(prizes))


STALL = Template(
    id="probability.stall",
    family="probability",
    unit="money",
    draw=_draw_stall,
    holds=_stall_holds,
    solve=_solve_stall,
    check=_check_stall,
    workings=_stall_workings,
    texts={
        "en": Wording(
            problems=(
                "At a fair there is a wheel of fortune with {sectors} equal sectors. On {few} of them one wins "
                "{big:money}, on {more} of them {small:money}, and on the others nothing. A game costs {stake:money}. "
                "How much does the stall earn per game on average?",
                "A club sells all {sectors} tickets of a raffle at {stake:money} each. Among the tickets, {few} win "
                "{big:money} each and {more} win {small:money} each; the rest are blanks. What is the club's average "
                "profit per ticket?",
            ),
            solution="If each of the {sectors} outcomes comes up once, {few} * {big} + {more} * {small} = {paid:money} "
            "are paid out. That is {paid} ÷ {sectors} = {average:money} on average. Since {stake:money} are taken each "
            "time, the average gain is {stake} - {average} = {result:money}.",
        ),
        "fr": Wording(
            problems=(
                "À une fête foraine, une roue de loterie a {sectors} secteurs égaux. Sur {few} d'entre eux, on gagne "
                "{big:money}, sur {more} autres, {small:money}, et sur le reste, rien. Une partie coûte {stake:money}. "
                "Combien le stand gagne-t-il en moyenne par partie ?",
                "Une association vend les {sectors} billets d'une tombola au prix de {stake:money} chacun. Parmi ces "
                "billets, {few} rapportent chacun {big:money} et {more} rapportent chacun {small:money} ; les autres "
                "sont perdants. Quel est le bénéfice moyen de l'association par billet ?",
            ),
            solution="Si chacune des {sectors} issues se présente une fois, on verse {few} * {big} + {more} * {small} "
            "= {paid:money}. Cela fait en moyenne {paid} ÷ {sectors} = {average:money} à chaque fois. Sur les "
            "{stake:money} encaissés chaque fois, il reste {stake} - {average} = {result:money}.",
        ),
        "de": Wording(
            problems=(
                "Auf einem Jahrmarkt steht ein Glücksrad mit {sectors} gleich großen Feldern. Auf {few} davon gewinnt "
                "man {big:money}, auf {more} weiteren {small:money} und auf den übrigen nichts. Ein Spiel kostet "
                "{stake:money}. Wie viel verdient die Bude im Durchschnitt pro Spiel?",
                "Ein Verein verkauft alle {sectors} Lose einer Tombola zu je {stake:money}. Von den Losen bringen "
                "{few} je {big:money} und {more} je {small:money}; die übrigen sind Nieten. Wie hoch ist der "
                "durchschnittliche Gewinn des Vereins pro Los?",
            ),
            solution="Kommt jedes der {sectors} möglichen Ergebnisse einmal vor, so werden {few} * {big} + {more} * "
            "{small} = {paid:money} ausgezahlt. Im Durchschnitt ergibt das {paid} ÷ {sectors} = {average:money} pro "
            "Mal. Da jeweils {stake:money} eingenommen werden, beträgt der mittlere Gewinn {stake} - {average} = "
            "{result:money}.",
        ),
        "it": Wording(
            problems=(
                "A una fiera c'è una ruota della fortuna con {sectors} settori uguali. Su {few} di essi si vincono "
                "{big:money}, su altri {more} si vincono {small:money} e sui restanti nulla. Una partita costa "
                "{stake:money}. Quanto guadagna in media la bancarella per ogni partita?",
                "Un'associazione vende tutti i biglietti di una lotteria, {sectors} in totale, a {stake:money} l'uno. "
                "Fra questi, {few} fanno vincere {big:money} ciascuno e {more} fanno vincere {small:money} ciascuno; "
                "gli altri non vincono nulla. Qual è il guadagno medio dell'associazione per biglietto?",
            ),
            solution="Se ogni esito possibile si presenta una volta, si pagano {few} * {big} + {more} * {small} = "
            "{paid:money} in tutto. La vincita media è {paid} ÷ {sectors} = {average:money} alla volta. Ogni volta si "
            "incassano {stake:money}, quindi il guadagno medio è {stake} - {average} = {result:money}.",
        ),
        "es": Wording(
            problems=(
                "En una feria hay una ruleta con {sectors} sectores iguales. En {few} de ellos se ganan {big:money}, "
                "en otros {more} se ganan {small:money} y en los demás, nada. Una partida cuesta {stake:money}. "
                "¿Cuánto gana la caseta por partida, por término medio?",
                "Una asociación vende todas las papeletas de una rifa, {sectors} en total, a {stake:money} cada una. "
                "De ellas, {few} tienen un premio de {big:money} y {more} tienen un premio de {small:money}; las demás "
                "no tienen premio. ¿Cuál es la ganancia media de la asociación por papeleta?",
            ),
            solution="Si cada uno de los {sectors} resultados sale una vez, se pagan {few} * {big} + {more} * {small} "
            "= {paid:money} en total. Eso supone una media de {paid} ÷ {sectors} = {average:money} cada vez. Como cada "
            "vez se cobran {stake:money}, la ganancia media es {stake} - {average} = {result:money}.",
        ),
        "pl": Wording(
            problems=(
                "Na jarmarku stoi koło fortuny, na którym liczba równych pól wynosi {sectors}. Na {few} z nich "
                "wygrywa się {big:money}, na {more} innych {small:money}, a na pozostałych nie wygrywa się nic. Jedna "
                "gra kosztuje {stake:money}. Ile średnio zarabia stoisko na jednej grze?",
                "Stowarzyszenie sprzedaje na loterii wszystkie losy, w liczbie {sectors}, po {stake:money} za sztukę. "
                "Wygraną w wysokości {big:money.gen} dają losy w liczbie {few}, a wygraną w wysokości "
                "{small:money.gen} losy w liczbie {more}; pozostałe są puste. Jaki jest średni zysk stowarzyszenia z "
                "jednego losu?",
            ),
            solution="Gdyby każdy z możliwych wyników wypadł raz, wypłacono by {few} * {big} + {more} * {small} = "
            "{paid:money} łącznie. Średnia wypłata to zatem {paid} ÷ {sectors} = {average:money} za każdym razem. "
            "Wpływ za każdym razem to {stake:money}, więc średni zysk wynosi {stake} - {average} = {result:money}.",
        ),
        "nl": Wording(
            problems=(
                "Op een kermis staat een rad van fortuin met {sectors} gelijke vakken. Op {few} daarvan wint men "
                "{big:money}, op {more} andere {small:money} en op de overige niets. Een spel kost {stake:money}. "
                "Hoeveel verdient de kraam gemiddeld per spel?",
                "Een vereniging verkoopt alle {sectors} loten van een loterij voor {stake:money} per stuk. Van de "
                "loten winnen er {few} elk {big:money} en {more} elk {small:money}; de rest zijn nieten. Wat is de "
                "gemiddelde winst van de vereniging per lot?",
            ),
            solution="Als elk van de {sectors} uitkomsten één keer voorkomt, wordt er {few} * {big} + {more} * {small} "
            "= {paid:money} uitbetaald. Dat is gemiddeld {paid} ÷ {sectors} = {average:money} per keer. Van de "
            "{stake:money} die telkens binnenkomt, blijft {stake} - {average} = {result:money} over.",
        ),
        "la": Wording(
            problems=(
                "In nundinis est rota fortunae, quae {sectors} partes aequales habet. In {few} ex iis lusor "
                "{big:money.acc} accipit, in {more} aliis {small:money.acc}, in ceteris nihil. Singuli ludi "
                "{stake:money.abl} constant. Quot denarios tabernarius singulis ludis, si medium computas, lucratur?",
                "Sodalitas quaedam omnes {sectors} sortes, singulas pro {stake:money.abl}, vendit. Ex sortibus {few} "
                "singulae {big:money.acc} afferunt, {more} singulae {small:money.acc}; ceterae inanes sunt. Quot "
                "denarios sodalitas ex una sorte, si medium computas, lucratur?",
            ),
            solution="Si omnes {sectors} casus semel eveniunt, solvuntur {few} * {big} + {more} * {small} = "
            "{paid:money} omnino. Medium praemium igitur est {paid} ÷ {sectors} = {average:money} in singulos casus. "
            "Cum singulis vicibus {stake:money} accipiantur, lucrum medium est {stake} - {average} = {result:money}.",
        ),
    },
    trace=Trace(
        given="{sectors} equally likely outcomes: {few} pay {big:money}, {more} pay {small:money}, the others nothing; "
        "stake {stake:money}",
        sought="average gain of the organiser per game",
        insight="expected value: each prize counts in proportion to its number of outcomes, and blanks count too",
        steps=(
            "paid when each outcome comes once → {few} * {big} + {more} * {small} = {by_big} + {by_small} = "
            "{paid:money}",
            "average prize → {paid} ÷ {sectors} = {average:money}",
            "average gain → {stake} - {average} = {result:money}",
        ),
        checks=(
            "outcomes: {few} + {more} + {blanks} blanks = {sectors}",
            "in all: taken {sectors} * {stake} = {taken}, kept {taken} - {paid} = {kept:money}",
            "{kept} ÷ {sectors} = {result:money}, the same",
        ),
    ),
    mistakes=(
        Mistake(
            name="average_prize",
            says="gives the average prize and forgets the stake",
            result=lambda values: _stall_workings(values)["average"],
        ),
        Mistake(
            name="big_prize_only",
            says="takes only the bigger prize into account",
            result=lambda values: values["stake"] - Fraction(values["few"] * values["big"], values["sectors"]),
        ),
        Mistake(
            name="small_prize_only",
            says="takes only the smaller prize into account",
            result=lambda values: values["stake"] - Fraction(values["more"] * values["small"], values["sectors"]),
        ),
        Mistake(
            name="adds_the_stake",
            says="adds the stake to the average prize",
            result=lambda values: values["stake"] + _stall_workings(values)["average"],
        ),
        Mistake(
            name="all_games",
            says="gives the gain of all outcomes together and not of one game",
            result=lambda values: _stall_workings(values)["kept"],
        ),
    ),
)
