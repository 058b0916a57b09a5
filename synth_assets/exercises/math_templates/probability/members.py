"""A conditional probability from a table of which only the margins and one cell are given."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_members(rng: Random, difficulty: str) -> Values:
    least, most = {"easy": (4, 24), "medium": (20, 120), "hard": (90, 900)}[difficulty]
    swimming_women, other_women, swimming_men, other_men = (rng.randint(least, most) for _ in range(4))
    return {
        "members": swimming_women + other_women + swimming_men + other_men,
        "women": swimming_women + other_women,
        "swimmers": swimming_women + swimming_men,
        "swimming_women": swimming_women,
    }


def _members_workings(values: Values) -> dict[str, int | Fraction]:
    men, swimming_men = values["members"] - values["women"], values["swimmers"] - values["swimming_women"]
    return {
        "men": men,
        "swimming_men": swimming_men,
        "other_men": men - swimming_men,
        "other_women": values["women"] - values["swimming_women"],
        "others": values["members"] - values["swimmers"],
    }


def _solve_members(values: Values) -> Fraction:
    workings = _members_workings(values)
    return Fraction(workings["swimming_men"], workings["men"])


def _members_holds(values: Values) -> bool:
    """Swimming depends on the sex, and neither half is as large as the other: the mistakes differ."""
    workings = _members_workings(values)
    overall = Fraction(values["swimmers"], values["members"])
    chances = {
        _solve_members(values),
        overall,
        Fraction(values["swimming_women"], values["women"]),
        Fraction(workings["swimming_men"], values["members"]),
        Fraction(workings["swimming_men"], values["swimmers"]),
    }
    return len(chances) == 5


def _check_members(values: Values, result: Fraction) -> bool:
    """Total probability: men and women weighted by their shares give the share of all swimmers."""
    share = Fraction(values["women"], values["members"])
    women = Fraction(values["swimming_women"], values["women"])
    return share * women + (1 - share) * result == Fraction(values["swimmers"], values["members"])


MEMBERS = Template(
    id="probability.members",
    family="probability",
    unit="fraction",
    draw=_draw_members,
    holds=_members_holds,
    solve=_solve_members,
    check=_check_members,
    workings=_members_workings,
    texts={
        "en": Wording(
            problems=(
                "A sports club has {members} members, {women} of whom are women; the others are men. In all, "
                "{swimmers} members go swimming, among them {swimming_women} women. One of the men is chosen by lot. "
                "What is the probability, as a fraction in lowest terms, that he goes swimming?",
                "A company employs {members} people: {women} women, and otherwise men. Altogether {swimmers} employees "
                "come to work by bicycle, and {swimming_women} of these are women. How likely is it that a man picked "
                "at random from the staff comes by bicycle? Give the probability as a fraction in lowest terms.",
            ),
            solution="There are {members} - {women} = {men} men among them. Of the {swimmers} people in question, "
            "{swimming_women} are women, so {swimmers} - {swimming_women} = {swimming_men} are men. Only the men can "
            "be chosen, hence the probability is {swimming_men} ÷ {men} = {result:fraction}.",
        ),
        "fr": Wording(
            problems=(
                "Un club de sport compte {members} membres, dont {women} femmes ; les autres sont des hommes. Au "
                "total, {swimmers} membres pratiquent la natation, parmi lesquels {swimming_women} femmes. On tire au "
                "sort un des hommes. Quelle est la probabilité, sous forme de fraction irréductible, qu'il pratique la "
                "natation ?",
                "Une entreprise emploie {members} personnes : {women} femmes, et pour le reste des hommes. En tout, "
                "{swimmers} employés viennent au travail à vélo, et {swimming_women} d'entre eux sont des femmes. "
                "Quelle est la probabilité qu'un homme pris au hasard dans le personnel vienne à vélo ? Donnez-la sous "
                "forme de fraction irréductible.",
            ),
            solution="Il y a {members} - {women} = {men} hommes. Parmi les {swimmers} personnes en question, on compte "
            "{swimming_women} femmes, donc {swimmers} - {swimming_women} = {swimming_men} hommes. Seuls les hommes "
            "peuvent être choisis, si bien que la probabilité est de {swimming_men} ÷ {men} = {result:fraction}.",
        ),
        "de": Wording(
            problems=(
                "Ein Sportverein hat {members} Mitglieder, davon {women} Frauen; die übrigen sind Männer. Insgesamt "
                "gehen {swimmers} Mitglieder schwimmen, unter ihnen {swimming_women} Frauen. Einer der Männer wird "
                "ausgelost. Wie groß ist, als vollständig gekürzter Bruch, die Wahrscheinlichkeit, dass er schwimmen "
                "geht?",
                "In einer Firma arbeiten {members} Personen: {women} Frauen, sonst Männer. Zusammen kommen {swimmers} "
                "Beschäftigte mit dem Fahrrad, und {swimming_women} von ihnen sind Frauen. Mit welcher "
                "Wahrscheinlichkeit kommt ein zufällig aus der Belegschaft ausgewählter Mann mit dem Fahrrad? Gesucht "
                "ist ein vollständig gekürzter Bruch.",
            ),
            solution="Es gibt {members} - {women} = {men} Männer. Von den {swimmers} Personen, um die es geht, sind "
            "{swimming_women} Frauen, also {swimmers} - {swimming_women} = {swimming_men} Männer. Ausgewählt wird nur "
            "unter den Männern; daher beträgt die Wahrscheinlichkeit {swimming_men} ÷ {men} = {result:fraction}.",
        ),
        "it": Wording(
            problems=(
                "Un circolo sportivo ha {members} soci, di cui {women} sono donne; gli altri sono uomini. In tutto "
                "praticano il nuoto {swimmers} soci, e fra questi si contano {swimming_women} donne. Si sorteggia uno "
                "degli uomini. Qual è la probabilità, espressa come frazione ridotta ai minimi termini, che pratichi "
                "il nuoto?",
                "In un'azienda lavorano {members} persone: {women} donne e, per il resto, uomini. Vengono al lavoro in "
                "bicicletta {swimmers} dipendenti in tutto, di cui {swimming_women} sono donne. Con quale probabilità "
                "un uomo scelto a caso fra il personale viene in bicicletta? Si dia il risultato come frazione ridotta "
                "ai minimi termini.",
            ),
            solution="Gli uomini sono {members} - {women} = {men} in tutto. Delle persone in questione, {swimmers} in "
            "totale, {swimming_women} sono donne e quindi {swimmers} - {swimming_women} = {swimming_men} sono uomini. "
            "Si sceglie solo fra gli uomini, perciò la probabilità è {swimming_men} ÷ {men} = {result:fraction}.",
        ),
        "es": Wording(
            problems=(
                "Un club deportivo tiene {members} socios, de los cuales {women} son mujeres; los demás son hombres. "
                "En total practican natación {swimmers} socios, entre ellos {swimming_women} mujeres. Se elige por "
                "sorteo a uno de los hombres. ¿Cuál es, en forma de fracción irreducible, la probabilidad de que "
                "practique natación?",
                "En una empresa trabajan {members} personas: {women} mujeres y el resto, hombres. Van al trabajo en "
                "bicicleta {swimmers} empleados en total, y {swimming_women} de ellos son mujeres. ¿Con qué "
                "probabilidad va en bicicleta un hombre elegido al azar entre el personal? Exprésela como fracción "
                "irreducible.",
            ),
            solution="Hay {members} - {women} = {men} hombres. De las {swimmers} personas de que se trata, "
            "{swimming_women} son mujeres, así que {swimmers} - {swimming_women} = {swimming_men} son hombres. Solo se "
            "elige entre los hombres; por eso la probabilidad es {swimming_men} ÷ {men} = {result:fraction}.",
        ),
        "pl": Wording(
            problems=(
                "Liczba członków klubu sportowego wynosi {members}, w tym kobiet {women}; pozostali to mężczyźni. "
                "Liczba osób, które chodzą na pływanie, wynosi {swimmers}, w tym kobiet {swimming_women}. Wylosowano "
                "jednego z mężczyzn. Jakie jest prawdopodobieństwo, zapisane jako ułamek nieskracalny, że chodzi on na "
                "pływanie?",
                "W firmie, która zatrudnia {members:nat_staff.acc}, liczba kobiet wynosi {women}, a reszta to "
                "mężczyźni. Liczba osób dojeżdżających do pracy rowerem wynosi {swimmers}, a kobiet jest wśród nich "
                "{swimming_women}. Z jakim prawdopodobieństwem losowo wybrany z załogi mężczyzna dojeżdża rowerem? "
                "Wynik podaj jako ułamek nieskracalny.",
            ),
            solution="Liczba mężczyzn wynosi {members} - {women} = {men}, bo pozostali to kobiety. Wszystkich osób, o "
            "które chodzi, jest {swimmers}, kobiet jest wśród nich {swimming_women}, więc liczba mężczyzn wśród nich "
            "to {swimmers} - {swimming_women} = {swimming_men}. Wybieramy tylko spośród mężczyzn, zatem "
            "prawdopodobieństwo jest równe {swimming_men} ÷ {men} = {result:fraction}.",
        ),
        "nl": Wording(
            problems=(
                "Een sportclub heeft {members} leden, onder wie {women} vrouwen; de anderen zijn mannen. In totaal "
                "gaan {swimmers} leden zwemmen, onder wie {swimming_women} vrouwen. Een van de mannen wordt door "
                "loting aangewezen. Hoe groot is, als niet verder te vereenvoudigen breuk, de kans dat hij gaat "
                "zwemmen?",
                "Bij een bedrijf werken {members} mensen: {women} vrouwen en verder mannen. Er komen {swimmers} "
                "werknemers met de fiets, en {swimming_women} van hen zijn vrouwen. Hoe groot is de kans dat een "
                "willekeurig gekozen man uit het personeel met de fiets komt? Geef de kans als een niet verder te "
                "vereenvoudigen breuk.",
            ),
            solution="Er zijn {members} - {women} = {men} mannen. Onder de {swimmers} mensen om wie het gaat, zijn "
            "{swimming_women} vrouwen, dus {swimmers} - {swimming_women} = {swimming_men} mannen. Er wordt alleen uit "
            "de mannen gekozen; de kans is daarom {swimming_men} ÷ {men} = {result:fraction}.",
        ),
        "la": Wording(
            problems=(
                "In sodalitate athletarum sunt {members} sodales, ex quibus {women} feminae sunt, ceteri viri. Omnino "
                "{swimmers} sodales natare solent, inter quos sunt {swimming_women} feminae. Unus ex viris sorte "
                "eligitur. Quae est probabilitas, fractione minima expressa, eum natare solere?",
                "In officina quadam laborant {members} homines: {women} feminae, ceteri viri. Ex omnibus {swimmers} "
                "homines birota ad opus veniunt, quorum {swimming_women} feminae sunt. Quae est probabilitas virum "
                "inter operarios temere electum birota venire? Responde fractione, quae minui iam non possit.",
            ),
            solution="Viri sunt {members} - {women} = {men} numero. Ex {swimmers} hominibus, de quibus agitur, "
            "{swimming_women} feminae sunt, ergo {swimmers} - {swimming_women} = {swimming_men} viri. Ex viris solis "
            "eligitur; probabilitas igitur est {swimming_men} ÷ {men} = {result:fraction}.",
        ),
    },
    trace=Trace(
        given="{members} people, {women} of them women; {swimmers} with the habit asked for, {swimming_women} of them "
        "women",
        sought="probability of the habit for a man chosen at random, in lowest terms",
        insight="the condition 'a man' cuts the table down to one row: both numbers must be taken from it",
        steps=(
            "men → {members} - {women} = {men}",
            "men with the habit → {swimmers} - {swimming_women} = {swimming_men}",
            "probability → {swimming_men} ÷ {men} = {result:fraction}",
        ),
        checks=(
            "without the habit: {men} - {swimming_men} = {other_men} men, "
            "{women} - {swimming_women} = {other_women} women",
            "{other_men} + {other_women} + {swimmers} = {members}, the table adds up",
        ),
    ),
    mistakes=(
        Mistake(
            name="turns_the_condition_round",
            says="gives the probability that one with the habit is a man",
            result=lambda values: Fraction(_members_workings(values)["swimming_men"], values["swimmers"]),
        ),
        Mistake(
            name="divides_by_everybody",
            says="divides by all people instead of all men",
            result=lambda values: Fraction(_members_workings(values)["swimming_men"], values["members"]),
        ),
        Mistake(
            name="ignores_the_condition",
            says="gives the share among all people",
            result=lambda values: Fraction(values["swimmers"], values["members"]),
        ),
        Mistake(
            name="takes_the_women",
            says="gives the probability for women",
            result=lambda values: Fraction(values["swimming_women"], values["women"]),
        ),
        Mistake(
            name="opposite",
            says="gives the probability that the man does not have the habit",
            result=lambda values: 1 - _solve_members(values),
        ),
    ),
)
