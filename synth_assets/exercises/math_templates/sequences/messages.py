"""The sum of a geometric sequence."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_messages(rng: Random, difficulty: str) -> Values:
    first, factor, days = {
        "easy": (rng.randint(3, 40), 3, rng.randint(3, 5)),
        "medium": (rng.randint(5, 60), rng.choice((3, 4)), rng.randint(4, 7)),
        "hard": (rng.randint(7, 95), rng.choice((4, 5, 6, 7)), rng.randint(5, 7)),
    }[difficulty]
    return {"first": first, "factor": factor, "days": days}


def _messages_workings(values: Values) -> dict[str, int]:
    following = values["first"] * values["factor"] ** values["days"]
    return {
        "before": values["days"] - 1,
        "last": following // values["factor"],
        "next": following,
        "less": values["factor"] - 1,
        "surplus": following - values["first"],
        "second": values["first"] * values["factor"],
        "third": values["first"] * values["factor"] ** 2,
        "shifted": values["factor"] * (following - values["first"]) // (values["factor"] - 1),
    }


def _solve_messages(values: Values) -> int:
    return _messages_workings(values)["surplus"] // (values["factor"] - 1)


def _messages_holds(values: Values) -> bool:
    return _solve_messages(values) <= 500_000


def _check_messages(values: Values, result: Fraction) -> bool:
    """Day by day."""
    day = values["first"]
    for _ in range(values["days"]):
        result -= day
        day *= values["factor"]
    return result == 0


MESSAGES = Template(
    id="sequences.messages",
    family="sequences",
    unit="nat_message",
    draw=_draw_messages,
    holds=_messages_holds,
    solve=_solve_messages,
    check=_check_messages,
    workings=_messages_workings,
    texts={
        "en": Wording(
            problems=(
                "On the first day of a campaign a charity sends out {first:nat_message}. On every further day it sends "
                "{factor} times as many as on the day before. How many messages does it send altogether in {days} "
                "days?",
                "A chain letter travels by e-mail. In the first round {first:nat_message} are sent, and each further "
                "round brings {factor} times as many as the one before. How many messages have been sent in all after "
                "{days} rounds?",
            ),
            solution="The numbers form a geometric sequence from {first} to {first} * {factor}{before:power} = {last}. "
            "Multiplying the sum by {factor} turns every term into the next one, and so adds {last} * {factor} - "
            "{first} = {surplus} to the sum. What is added is {factor} - 1 = {less} times the sum itself, hence the "
            "sum is {surplus} ÷ {less} = {result:nat_message}.",
        ),
        "fr": Wording(
            problems=(
                "Le premier jour d'une campagne, une association envoie {first:nat_message}. Chaque jour suivant, "
                "elle en envoie {factor} fois autant que la veille. Combien de messages envoie-t-elle au total en "
                "{days} jours ?",
                "Une chaîne de lettres circule par courriel. Au premier tour, on envoie {first:nat_message}, et "
                "chaque tour suivant en compte {factor} fois autant que le précédent. Combien de messages ont été "
                "envoyés en tout après {days} tours ?",
            ),
            solution="Les nombres forment une suite géométrique, de {first} à {first} * {factor}{before:power} = "
            "{last}. Si l'on multiplie la somme par {factor}, chaque terme devient le suivant : on ajoute donc {last} "
            "* {factor} - {first} = {surplus} à la somme. Ce que l'on ajoute est {factor} - 1 = {less} fois la somme "
            "elle-même, qui vaut donc {surplus} ÷ {less} = {result:nat_message}.",
        ),
        "de": Wording(
            problems=(
                "Am ersten Tag einer Kampagne verschickt ein Verein {first:nat_message}. An jedem weiteren Tag "
                "verschickt er {factor}-mal so viele wie am Tag davor. Wie viele Nachrichten verschickt er in {days} "
                "Tagen insgesamt?",
                "Ein Kettenbrief geht per E-Mail um. In der ersten Runde werden {first:nat_message} versandt, in jeder "
                "weiteren {factor}-mal so viele wie in der vorigen. Wie viele Nachrichten sind nach {days} Runden "
                "insgesamt versandt worden?",
            ),
            solution="Die Zahlen bilden eine geometrische Folge von {first} bis {first} * {factor}{before:power} = "
            "{last}. Multipliziert man die Summe mit {factor}, so wird jedes Glied zum nächsten; dadurch kommen {last} "
            "* {factor} - {first} = {surplus} zur Summe hinzu. Das ist das {factor} - 1 = {less}-Fache der Summe "
            "selbst; sie beträgt also {surplus} ÷ {less} = {result:nat_message}.",
        ),
        "it": Wording(
            problems=(
                "Il primo giorno di una campagna un'associazione invia {first:nat_message}. Ogni giorno successivo il "
                "numero dei messaggi è {factor} volte quello del giorno prima. Quanti messaggi invia in tutto in "
                "{days} giorni?",
                "Una catena di sant'Antonio gira per posta elettronica. Al primo giro si spediscono "
                "{first:nat_message} e a ogni giro seguente se ne spediscono {factor} volte quanti al giro precedente. "
                "Quanti messaggi sono stati spediti in tutto dopo {days} giri?",
            ),
            solution="I numeri formano una successione geometrica, da {first} a {first} * {factor}{before:power} = "
            "{last}. Se si moltiplica la somma per {factor}, ogni termine diventa il successivo: si aggiunge così "
            "{last} * {factor} - {first} = {surplus} alla somma. Ciò che si aggiunge è {factor} - 1 = {less} volte la "
            "somma stessa, che vale quindi {surplus} ÷ {less} = {result:nat_message}.",
        ),
        "es": Wording(
            problems=(
                "El primer día de una campaña, una asociación envía {first:nat_message}. Cada día siguiente envía "
                "{factor} veces los del día anterior. ¿Cuántos mensajes envía en total en {days} días?",
                "Una carta en cadena circula por correo electrónico. En la primera ronda se envían {first:nat_message} "
                "y en cada ronda siguiente, {factor} veces los de la anterior. ¿Cuántos mensajes se han enviado en "
                "total después de {days} rondas?",
            ),
            solution="Los números forman una sucesión geométrica, de {first} a {first} * {factor}{before:power} = "
            "{last}. Si se multiplica la suma por {factor}, cada término pasa a ser el siguiente, con lo que se añade "
            "{last} * {factor} - {first} = {surplus} a la suma. Lo añadido es {factor} - 1 = {less} veces la propia "
            "suma, que vale por tanto {surplus} ÷ {less} = {result:nat_message}.",
        ),
        "pl": Wording(
            problems=(
                "Pierwszego dnia kampanii stowarzyszenie wysyła {first:nat_message}. Każdego następnego dnia wysyła "
                "ich {factor} razy więcej niż dzień wcześniej. Ile wiadomości wyśle łącznie w ciągu {days} dni?",
                "Łańcuszek krąży pocztą elektroniczną. W pierwszej rundzie rozesłano {first:nat_message}, a w każdej "
                "następnej {factor} razy więcej niż w poprzedniej. Ile wiadomości rozesłano łącznie w ciągu {days} "
                "rund?",
            ),
            solution="Liczby tworzą ciąg geometryczny od {first} do {first} * {factor}{before:power} = {last}. Gdy "
            "pomnożymy sumę przez {factor}, każdy wyraz stanie się następnym, czyli dodamy {last} * {factor} - {first} "
            "= {surplus} do sumy. Dodaliśmy w ten sposób sumę wziętą {factor} - 1 = {less} razy, a więc wynosi ona "
            "{surplus} ÷ {less} = {result:nat_message}.",
        ),
        "nl": Wording(
            problems=(
                "Op de eerste dag van een campagne verstuurt een vereniging {first:nat_message}. Op elke volgende dag "
                "verstuurt ze er {factor} keer zoveel als op de dag ervoor. Hoeveel berichten verstuurt ze in {days} "
                "dagen in totaal?",
                "Een kettingbrief gaat per e-mail rond. In de eerste ronde worden er {first:nat_message} verstuurd en "
                "in elke volgende ronde {factor} keer zoveel als in de vorige. Hoeveel berichten zijn er na {days} "
                "ronden in totaal verstuurd?",
            ),
            solution="De aantallen vormen een meetkundige rij van {first} tot {first} * {factor}{before:power} = "
            "{last}. Wordt de som met {factor} vermenigvuldigd, dan wordt elke term de volgende; zo komt er {last} * "
            "{factor} - {first} = {surplus} bij de som. Wat erbij komt is {factor} - 1 = {less} keer de som zelf, die "
            "dus {surplus} ÷ {less} = {result:nat_message} is.",
        ),
        "la": Wording(
            problems=(
                "Primo die sodalitas quaedam {first:nat_message.acc} mittit. Unoquoque die sequenti numerus nuntiorum "
                "per {factor} multiplicatur. Quot nuntii intra {days} dies omnino mittuntur?",
                "Epistula per homines ita propagatur: primo circuitu {first:nat_message} mittuntur, unoquoque circuitu "
                "sequenti numerus prioris circuitus per {factor} multiplicatur. Quot nuntii post {days} circuitus "
                "omnino missi sunt?",
            ),
            solution="Numeri seriem geometricam efficiunt a {first} usque ad {first} * {factor}{before:power} = "
            "{last}. Si summa per {factor} multiplicatur, unusquisque terminus in sequentem mutatur; ita {last} * "
            "{factor} - {first} = {surplus} ad summam adduntur. Quod additur, idem est ac summa per {factor} - 1 = "
            "{less} multiplicata; summa igitur est {surplus} ÷ {less} = {result:nat_message}.",
        ),
    },
    trace=Trace(
        given="first term {first}, factor {factor}, {days} terms",
        sought="sum of all terms",
        insight="geometric sequence: factor times the sum differs from the sum by one term at each end only",
        steps=(
            "last term → {first} * {factor}{before:power} = {last}",
            "term after it → {last} * {factor} = {next}",
            "({factor} - 1) * sum = {next} - {first} = {surplus}",
            "sum → {surplus} ÷ {less} = {result:nat_message}",
        ),
        checks=(
            "the sequence starts {first}, {second}, {third}, all of it below {next}",
            "{factor} * {result} = {shifted} AND {result} + {next} - {first} = {shifted}",
        ),
    ),
    mistakes=(
        Mistake(
            name="last_day_only",
            says="gives the last term and not the sum",
            result=lambda values: _messages_workings(values)["last"],
        ),
        Mistake(
            name="term_after_the_last",
            says="multiplies once too often and gives a single term",
            result=lambda values: _messages_workings(values)["next"],
        ),
        Mistake(
            name="forgets_the_first",
            says="leaves the first term out of the sum",
            result=lambda values: _solve_messages(values) - values["first"],
        ),
        Mistake(
            name="one_term_more",
            says="adds one term too many",
            result=lambda values: _solve_messages(values) + _messages_workings(values)["next"],
        ),
        Mistake(
            name="multiplies_all",
            says="multiplies first term, factor and number of terms",
            result=lambda values: values["first"] * values["factor"] * values["days"],
        ),
    ),
)
