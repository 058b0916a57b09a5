"""The whole, from the difference between two shares of a part of it."""

from fractions import Fraction
from math import lcm
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_election(rng: Random, difficulty: str) -> Values:
    invalid, winner, most = {
        "easy": (rng.choice((5, 10, 20)), Fraction(5 * rng.randint(11, 17)), 4_000),
        "medium": (rng.choice((2, 4, 5, 6, 8, 10)), Fraction(rng.randint(52, 80)), 12_000),
        "hard": (rng.choice((2, 3, 4, 5, 6, 7, 8, 9, 12)), Fraction(rng.randint(505, 680), 10), 20_000),
    }[difficulty]
    # the least number of valid ballots of which the shares, and the ballots they are a share of, are whole
    unit = lcm((winner / 100).denominator, Fraction(100, 100 - invalid).denominator)
    valid = unit * rng.randint(1, max(most // unit, 1))
    return {"invalid": invalid, "winner": winner, "lead": valid * (2 * winner - 100) / 100}


def _election_workings(values: Values) -> Values:
    ahead = 2 * values["winner"] - 100
    valid = Fraction(100 * values["lead"]) / ahead
    return {
        "loser": 100 - values["winner"],
        "ahead": ahead,
        "valid": valid,
        "valid_share": 100 - values["invalid"],
        "for_winner": valid * values["winner"] / 100,
        "for_loser": valid * (100 - values["winner"]) / 100,
    }


def _solve_election(values: Values) -> Fraction:
    workings = _election_workings(values)
    return 100 * Fraction(workings["valid"]) / workings["valid_share"]


def _election_holds(values: Values) -> bool:
    workings = _election_workings(values)
    counts = (values["lead"], workings["valid"], workings["for_winner"], workings["for_loser"], _solve_election(values))
    whole = all(Fraction(count).denominator == 1 for count in counts)
    return whole and values["lead"] >= 5 and 150 <= _solve_election(values) <= 25_000


def _check_election(values: Values, result: Fraction) -> bool:
    """Counted from the ballots on: the spoilt ones out, then one heap for each candidate."""
    valid = result - result * values["invalid"] / 100
    winner = valid * values["winner"] / 100
    return winner - (valid - winner) == values["lead"]


ELECTION = Template(
    id="percentages.election",
    family="percentages",
    unit="ballot",
    draw=_draw_election,
    holds=_election_holds,
    solve=_solve_election,
    check=_check_election,
    workings=_election_workings,
    texts={
        "en": Wording(
            problems=(
                "Two candidates stood for mayor. Of the ballots handed in, {invalid:pct} were invalid. The winner "
                "got {winner:pct} of the valid ones and was ahead of her rival by {lead:ballot}. How many ballots "
                "were handed in altogether?",
                "A club lets its members choose between a new boathouse and a new pavilion. The boathouse wins by "
                "{lead:ballot}, having {winner:pct} of the valid ones; the rest of the valid ballots are for the "
                "pavilion, and {invalid:pct} of all ballots are spoilt. What is the total number of ballots cast?",
            ),
            solution="The losing side has 100 - {winner} = {loser:pct} of the valid ballots, so the lead is {winner} "
            "- {loser} = {ahead:pct} of them. There are {lead} ÷ {ahead} * 100 = {valid} valid ballots. These are "
            "100 - {invalid} = {valid_share:pct} of all that were cast. In all there were {valid} ÷ {valid_share} * "
            "100 = {result:ballot}.",
        ),
        "fr": Wording(
            problems=(
                "Deux candidates se présentaient à la mairie. Parmi les bulletins déposés, {invalid:pct} étaient "
                "nuls. La gagnante a obtenu {winner:pct} des bulletins valables et devance sa rivale de "
                "{lead:ballot}. Combien de bulletins ont été déposés en tout ?",
                "Un club fait choisir ses membres entre un nouveau hangar à bateaux et un nouveau pavillon. Le "
                "hangar l'emporte avec une avance de {lead:ballot} et {winner:pct} des bulletins valables ; les "
                "autres bulletins valables vont au pavillon, et {invalid:pct} de l'ensemble des bulletins sont nuls. "
                "Quel est le nombre total de bulletins ?",
            ),
            solution="Le camp perdant a 100 - {winner} = {loser:pct} des bulletins valables, si bien que l'avance "
            "représente {winner} - {loser} = {ahead:pct} de ceux-ci. Le nombre de bulletins valables est {lead} ÷ "
            "{ahead} * 100 = {valid}. Ils forment 100 - {invalid} = {valid_share:pct} de l'ensemble. En tout, cela "
            "fait {valid} ÷ {valid_share} * 100 = {result:ballot}.",
        ),
        "de": Wording(
            problems=(
                "Zwei Kandidatinnen bewarben sich um das Bürgermeisteramt. Von den abgegebenen Stimmzetteln waren "
                "{invalid:pct} ungültig. Die Siegerin bekam {winner:pct} der gültigen und lag damit um {lead:ballot} "
                "vor ihrer Gegnerin. Wie viele Stimmzettel wurden insgesamt abgegeben?",
                "Ein Verein lässt seine Mitglieder zwischen einem neuen Bootshaus und einem neuen Pavillon wählen. "
                "Das Bootshaus gewinnt mit einem Vorsprung von {lead} Stimmzetteln und {winner:pct} der gültigen; "
                "die übrigen gültigen entfallen auf den Pavillon, und {invalid:pct} aller Zettel sind ungültig. Wie "
                "groß ist die Gesamtzahl der Stimmzettel?",
            ),
            solution="Die unterlegene Seite hat 100 - {winner} = {loser:pct} der gültigen Stimmzettel, der Vorsprung "
            "macht also {winner} - {loser} = {ahead:pct} davon aus. Das ergibt {lead} ÷ {ahead} * 100 = {valid} "
            "gültige Zettel. Sie sind 100 - {invalid} = {valid_share:pct} aller abgegebenen. Insgesamt waren es "
            "{valid} ÷ {valid_share} * 100 = {result:ballot}.",
        ),
        "it": Wording(
            problems=(
                "Due candidate si presentavano alla carica di sindaca. Delle schede consegnate {invalid:il+pct} era "
                "nullo. La vincitrice ha ottenuto {winner:il+pct} di quelle valide, con un vantaggio di "
                "{lead:ballot} sulla rivale. Quante schede sono state consegnate in tutto?",
                "Un circolo fa scegliere ai soci tra una nuova rimessa per le barche e un nuovo padiglione. La "
                "rimessa vince con un vantaggio di {lead:ballot} e {winner:il+pct} di quelle valide; le altre schede "
                "valide sono per il padiglione, e {invalid:il+pct} del totale è nullo. Qual è il numero complessivo "
                "delle schede?",
            ),
            solution="La parte perdente ha 100 - {winner} = {loser:pct} delle schede valide, quindi il vantaggio è "
            "pari a {winner} - {loser} = {ahead:pct} di esse. Le schede valide sono {lead} ÷ {ahead} * 100 = {valid} "
            "in tutto. Rappresentano 100 - {invalid} = {valid_share:pct} di quelle consegnate. Il totale è {valid} ÷ "
            "{valid_share} * 100 = {result:ballot}.",
        ),
        "es": Wording(
            problems=(
                "Dos candidatas se presentaban a la alcaldía. De las papeletas entregadas, el {invalid:pct} eran "
                "nulas. La ganadora obtuvo el {winner:pct} de las válidas y aventajó a su rival en {lead:ballot}. "
                "¿Cuántas papeletas se entregaron en total?",
                "Un club deja que sus socios elijan entre un nuevo cobertizo para barcas y un nuevo pabellón. El "
                "cobertizo gana con una ventaja de {lead:ballot} y el {winner:pct} de las válidas; las demás "
                "papeletas válidas son para el pabellón, y el {invalid:pct} del total son nulas. ¿Cuál es el número "
                "total de papeletas?",
            ),
            solution="El bando perdedor tiene el 100 - {winner} = {loser:pct} de las papeletas válidas, de modo que "
            "la ventaja es el {winner} - {loser} = {ahead:pct} de ellas. Las papeletas válidas son {lead} ÷ {ahead} "
            "* 100 = {valid} en total. Representan el 100 - {invalid} = {valid_share:pct} de las entregadas. En "
            "conjunto son {valid} ÷ {valid_share} * 100 = {result:ballot}.",
        ),
        "pl": Wording(
            problems=(
                "O urząd burmistrza ubiegały się dwie kandydatki. Spośród oddanych głosów {invalid:pct} było "
                "nieważnych. Zwyciężczyni otrzymała {winner:pct} głosów ważnych, a jej przewaga nad rywalką wyniosła "
                "{lead:ballot}. Ile głosów oddano łącznie?",
                "Członkowie klubu wybierają między nową przystanią a nowym pawilonem. Przystań wygrywa, zdobywając "
                "{winner:pct} głosów ważnych, a jej przewaga to {lead:ballot}; pozostałe ważne głosy padły na "
                "pawilon, a {invalid:pct} wszystkich głosów jest nieważnych. Jaka jest łączna liczba oddanych głosów?",
            ),
            solution="Strona przegrana ma 100 - {winner} = {loser:pct} głosów ważnych, więc przewaga stanowi "
            "{winner} - {loser} = {ahead:pct} głosów ważnych. Liczba głosów ważnych to {lead} ÷ {ahead} * 100 = "
            "{valid}. Stanowią one 100 - {invalid} = {valid_share:pct} wszystkich. Łącznie oddano zatem {valid} ÷ "
            "{valid_share} * 100 = {result:ballot}.",
        ),
        "nl": Wording(
            problems=(
                "Twee kandidaten dongen naar het burgemeesterschap. Van de ingeleverde stembiljetten was "
                "{invalid:pct} ongeldig. De winnares kreeg {winner:pct} van de geldige en lag daarmee {lead:ballot} "
                "voor op haar rivale. Hoeveel stembiljetten werden er in totaal ingeleverd?",
                "Een vereniging laat haar leden kiezen tussen een nieuw botenhuis en een nieuw paviljoen. Het "
                "botenhuis wint met een voorsprong van {lead:ballot} en heeft {winner:pct} van de geldige; de "
                "overige geldige biljetten zijn voor het paviljoen en {invalid:pct} van alle biljetten is ongeldig. "
                "Wat is het totale aantal stembiljetten?",
            ),
            solution="De verliezende kant heeft 100 - {winner} = {loser:pct} van de geldige biljetten, dus de "
            "voorsprong is {winner} - {loser} = {ahead:pct} daarvan. Er zijn {lead} ÷ {ahead} * 100 = {valid} "
            "geldige biljetten. Dat is 100 - {invalid} = {valid_share:pct} van alle ingeleverde. In totaal waren het "
            "er {valid} ÷ {valid_share} * 100 = {result}.",
        ),
        "la": Wording(
            problems=(
                "Duo candidati magistratum petebant. Ex tabellis traditis {invalid:pct} irritae erant. Victor "
                "{winner:pct} ratarum tulit et aemulum {lead:ballot.abl} superavit. Quot tabellae omnino traditae "
                "sunt?",
                "Sodales collegii inter novum navale et novam porticum eligunt. Navale, cum {winner:pct} tabellarum "
                "ratarum habeat, {lead:ballot.abl} vincit; ceterae ratae porticui datae sunt, et {invalid:pct} "
                "omnium tabellarum irritae sunt. Quantus est numerus omnium tabellarum?",
            ),
            solution="Pars victa 100 - {winner} = {loser:pct} tabellarum ratarum habet; itaque differentia est "
            "{winner} - {loser} = {ahead:pct} earum. Numerus ratarum est {lead} ÷ {ahead} * 100 = {valid}. Hae sunt "
            "100 - {invalid} = {valid_share:pct} omnium tabellarum. Omnino igitur fuerunt {valid} ÷ {valid_share} * "
            "100 = {result:ballot}.",
        ),
    },
    trace=Trace(
        given="{invalid:pct} of all ballots invalid; winner {winner:pct} of the valid ones, ahead by {lead:ballot}",
        sought="number of all ballots",
        insight="the lead is the difference of two shares of the valid ballots; from it to the valid ones, then to all",
        steps=(
            "loser's share → 100 - {winner} = {loser:pct}",
            "lead in per cent → {winner} - {loser} = {ahead:pct} of the valid ballots",
            "valid ballots → {lead} ÷ {ahead} * 100 = {valid}",
            "all ballots → {valid} ÷ {valid_share} * 100 = {result:ballot}",
        ),
        checks=(
            "valid ones: {result} * {valid_share} ÷ 100 = {valid}",
            "votes: {valid} * {winner} ÷ 100 = {for_winner} AND {valid} - {for_winner} = {for_loser}",
            "{for_winner} - {for_loser} = {lead}, the lead",
        ),
    ),
    mistakes=(
        Mistake(
            name="forgets_the_invalid_ballots",
            says="gives the number of valid ballots",
            result=lambda values: _election_workings(values)["valid"],
        ),
        Mistake(
            name="takes_the_lead_for_the_winning_share",
            says="takes the lead for the winner's share of the valid ballots",
            result=lambda values: round(
                Fraction(10_000 * values["lead"]) / (values["winner"] * (100 - values["invalid"]))
            ),
        ),
        Mistake(
            name="measures_the_lead_from_one_half",
            says="takes the lead as what the winner has above 50 %",
            result=lambda values: round(
                Fraction(10_000 * values["lead"]) / ((values["winner"] - 50) * (100 - values["invalid"]))
            ),
        ),
        Mistake(
            name="adds_the_invalid_share",
            says="adds the invalid share to the valid ballots instead of dividing by what is left",
            result=lambda values: round(
                Fraction(_election_workings(values)["valid"] * (100 + values["invalid"])) / 100
            ),
        ),
        Mistake(
            name="gives_the_winning_votes",
            says="gives the number of votes for the winner",
            result=lambda values: _election_workings(values)["for_winner"],
        ),
    ),
)
