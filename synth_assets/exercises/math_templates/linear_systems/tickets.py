"""Two linear equations in two unknowns."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_tickets(rng: Random, difficulty: str) -> Values:
    cheapest, dearest, least, most = {"easy": (4, 15, 10, 40), "medium": (6, 28, 30, 150), "hard": (9, 60, 120, 600)}[
        difficulty
    ]
    child, adult = sorted(rng.randint(cheapest, dearest) for _ in range(2))
    tickets = rng.randint(least, most)
    adults = rng.randint(3, tickets - 3)
    return {"adult": adult, "child": child, "tickets": tickets, "takings": adult * adults + child * (tickets - adults)}


def _solve_tickets(values: Values) -> Fraction:
    excess = values["takings"] - values["child"] * values["tickets"]
    return Fraction(excess, values["adult"] - values["child"])


def _tickets_workings(values: Values) -> Values:
    adults = _solve_tickets(values)
    children = values["tickets"] - adults
    return {
        "difference": values["adult"] - values["child"],
        "cheapest": values["child"] * values["tickets"],
        "excess": values["takings"] - values["child"] * values["tickets"],
        "children": children,
        "from_adults": values["adult"] * adults,
        "from_children": values["child"] * children,
    }


def _check_tickets(values: Values, result: Fraction) -> bool:
    """Every possible number of adults is tried, and this one alone brings in the takings."""
    right = [
        adults
        for adults in range(values["tickets"] + 1)
        if values["adult"] * adults + values["child"] * (values["tickets"] - adults) == values["takings"]
    ]
    return right == [result]


TICKETS = Template(
    id="linear_systems.tickets",
    family="linear systems",
    unit="ticket",
    draw=_draw_tickets,
    # a difference of 1 would leave nothing to divide
    holds=lambda values: values["adult"] - values["child"] >= 2,
    solve=_solve_tickets,
    check=_check_tickets,
    workings=_tickets_workings,
    texts={
        "en": Wording(
            problems=(
                "A concert ticket costs {adult:money} for adults and {child:money} for children. One evening, "
                "{tickets:ticket} were sold for {takings:money} in all. How many of them were adult tickets?",
                "A museum took {takings:money} in one day by selling {tickets:ticket}. Adults paid {adult:money} each "
                "and children {child:money} each. How many adult tickets were sold?",
            ),
            solution="Let x be the number of adult tickets, so that {tickets} - x children's tickets were sold. At "
            "the children's price all of them would have brought in {child} * {tickets} = {cheapest:money}; what is "
            "missing, {takings} - {cheapest} = {excess:money}, comes from the adults, who pay {adult} - {child} = "
            "{difference:money} more. Hence x = {excess} ÷ {difference} = {result}. Check: {result} * {adult} + "
            "{children} * {child} = {takings:money}.",
        ),
        "fr": Wording(
            problems=(
                "Un billet de concert coûte {adult:money} pour un adulte et {child:money} pour un enfant. Un soir, "
                "{tickets:ticket} ont été vendus pour un total de {takings:money}. Combien y avait-il de billets pour "
                "adultes ?",
                "En une journée, un musée a encaissé {takings:money} en vendant {tickets:ticket}. Chaque adulte a "
                "payé {adult:money} et chaque enfant {child:money}. Combien de billets pour adultes ont été vendus ?",
            ),
            solution="Soit x le nombre de billets pour adultes ; on a donc vendu {tickets} - x billets pour enfants. "
            "Au tarif enfant, l'ensemble aurait rapporté {child} * {tickets} = {cheapest:money} ; ce qui manque, "
            "{takings} - {cheapest} = {excess:money}, vient des adultes, qui paient {adult} - {child} = "
            "{difference:money} de plus. D'où x = {excess} ÷ {difference} = {result}. Vérification : {result} * "
            "{adult} + {children} * {child} = {takings:money}.",
        ),
        "de": Wording(
            problems=(
                "Eine Konzertkarte kostet {adult:money} für Erwachsene und {child:money} für Kinder. An einem Abend "
                "wurden {tickets:ticket} für insgesamt {takings:money} verkauft. Wie viele davon waren Karten für "
                "Erwachsene?",
                "Ein Museum nahm an einem Tag mit {tickets:ticket} insgesamt {takings:money} ein. Erwachsene zahlten "
                "je {adult:money}, Kinder je {child:money}. Wie viele Karten für Erwachsene wurden verkauft?",
            ),
            solution="Ist x die Zahl der Karten für Erwachsene, so wurden {tickets} - x Kinderkarten verkauft. Zum "
            "Kinderpreis hätten alle zusammen {child} * {tickets} = {cheapest:money} eingebracht; was fehlt, "
            "{takings} - {cheapest} = {excess:money}, stammt von den Erwachsenen, die {adult} - {child} = "
            "{difference:money} mehr zahlen. Also ist x = {excess} ÷ {difference} = {result}. Probe: {result} * "
            "{adult} + {children} * {child} = {takings:money}.",
        ),
        "it": Wording(
            problems=(
                "Il biglietto di un concerto costa {adult:money} per gli adulti e {child:money} per i bambini. Una "
                "sera si sono venduti {tickets:ticket} per un totale di {takings:money}. Quanti di questi erano "
                "biglietti per adulti?",
                "In un giorno un museo ha incassato {takings:money} vendendo {tickets:ticket}. Gli adulti hanno "
                "pagato {adult:money} ciascuno e i bambini {child:money} ciascuno. Quanti biglietti per adulti sono "
                "stati venduti?",
            ),
            solution="Sia x il numero dei biglietti per adulti: quelli per bambini sono allora {tickets} - x. Al "
            "prezzo dei bambini tutti insieme avrebbero reso {child} * {tickets} = {cheapest:money}; ciò che manca, "
            "{takings} - {cheapest} = {excess:money}, viene dagli adulti, che pagano {adult} - {child} = "
            "{difference:money} in più. Quindi x = {excess} ÷ {difference} = {result}. Verifica: {result} * {adult} + "
            "{children} * {child} = {takings:money}.",
        ),
        "es": Wording(
            problems=(
                "La entrada de un concierto cuesta {adult:money} para adultos y {child:money} para niños. Una noche "
                "se vendieron {tickets:ticket} por un total de {takings:money}. ¿Cuántas de ellas eran de adulto?",
                "En un día, un museo recaudó {takings:money} con la venta de {tickets:ticket}. Cada adulto pagó "
                "{adult:money} y cada niño {child:money}. ¿Cuántas entradas de adulto se vendieron?",
            ),
            solution="Sea x el número de entradas de adulto; las de niño son entonces {tickets} - x. Al precio "
            "infantil, todas juntas habrían aportado {child} * {tickets} = {cheapest:money}; lo que falta, {takings} "
            "- {cheapest} = {excess:money}, procede de los adultos, que pagan {adult} - {child} = {difference:money} "
            "más. Por tanto, x = {excess} ÷ {difference} = {result}. Comprobación: {result} * {adult} + {children} * "
            "{child} = {takings:money}.",
        ),
        "pl": Wording(
            problems=(
                "Bilet na koncert kosztuje {adult:money} dla osoby dorosłej i {child:money} dla dziecka. Pewnego "
                "wieczoru sprzedano {tickets:ticket} za łączną kwotę {takings:money.gen}. Ile było wśród nich biletów "
                "dla dorosłych?",
                "Muzeum sprzedało jednego dnia {tickets:ticket} i zarobiło na tym {takings:money}. Każdy dorosły "
                "zapłacił {adult:money}, a każde dziecko {child:money}. Ile biletów dla dorosłych sprzedano?",
            ),
            solution="Niech x oznacza liczbę biletów dla dorosłych; biletów dla dzieci było więc {tickets} - x. Po "
            "cenie dla dzieci wszystkie bilety dałyby {child} * {tickets} = {cheapest:money}; brakująca kwota, czyli "
            "{takings} - {cheapest} = {excess:money}, pochodzi od dorosłych, którzy płacą o {adult} - {child} = "
            "{difference:money} więcej. Stąd x = {excess} ÷ {difference} = {result}. Sprawdzenie: {result} * {adult} "
            "+ {children} * {child} = {takings:money}.",
        ),
        "nl": Wording(
            problems=(
                "Een concertkaartje kost {adult:money} voor volwassenen en {child:money} voor kinderen. Op een avond "
                "werden er {tickets:ticket} verkocht voor in totaal {takings:money}. Hoeveel daarvan waren kaartjes "
                "voor volwassenen?",
                "Een museum verkocht op een dag {tickets:ticket} en ontving daarvoor {takings:money}. Volwassenen "
                "betaalden elk {adult:money} en kinderen elk {child:money}. Hoeveel kaartjes voor volwassenen werden "
                "er verkocht?",
            ),
            solution="Noem x het aantal kaartjes voor volwassenen; dan werden er {tickets} - x kinderkaartjes "
            "verkocht. Tegen de kinderprijs zouden alle kaartjes samen {child} * {tickets} = {cheapest:money} hebben "
            "opgebracht; wat er ontbreekt, {takings} - {cheapest} = {excess:money}, komt van de volwassenen, die "
            "{adult} - {child} = {difference:money} meer betalen. Dus x = {excess} ÷ {difference} = {result}. "
            "Controle: {result} * {adult} + {children} * {child} = {takings:money}.",
        ),
        "la": Wording(
            problems=(
                "Tessera theatralis adultis {adult:money.abl}, pueris {child:money.abl} venit. Quodam vespere "
                "{tickets:ticket} omnino {takings:money.abl} venierunt. Quot earum adultorum erant?",
                "Custos musei uno die {tickets:ticket.acc} vendidit et {takings:money.acc} accepit. Singuli adulti "
                "{adult:money.acc}, singuli pueri {child:money.acc} solverunt. Quot tesserae adultis venditae sunt?",
            ),
            solution="Sit x numerus tesserarum adultorum; pueris ergo {tickets} - x tesserae venditae sunt. Si omnes "
            "pretium puerorum solvissent, summa fuisset {child} * {tickets} = {cheapest:money}; reliqua pars, "
            "{takings} - {cheapest} = {excess:money}, ab adultis oritur, quorum singuli {adult} - {child} = "
            "{difference:money.acc} amplius solvunt. Itaque x = {excess} ÷ {difference} = {result}. Probatio: "
            "{result} * {adult} + {children} * {child} = {takings:money}.",
        ),
    },
    trace=Trace(
        given="{tickets:ticket} for {takings:money}; an adult pays {adult:money}, a child {child:money}",
        sought="number of adult tickets, x",
        insight="as if all had paid the children's price; the rest is due to the adults",
        steps=(
            "equation → {adult}x + {child}({tickets} - x) = {takings}",
            "without the adults' surcharge → {child} * {tickets} = {cheapest:money}",
            "surcharge in all → {takings} - {cheapest} = {excess:money}; for each adult {adult} - {child} = "
            "{difference}",
            "x → {excess} ÷ {difference} = {result:ticket}",
        ),
        checks=(
            "children's tickets: {tickets} - {result} = {children}",
            "takings: {result} * {adult} = {from_adults} AND {children} * {child} = {from_children}",
            "{from_adults} + {from_children} = {takings:money}",
        ),
    ),
    mistakes=(
        Mistake(
            name="gives_the_children",
            says="gives the number of children's tickets",
            result=lambda values: _tickets_workings(values)["children"],
        ),
        Mistake(
            name="divides_by_both_prices",
            says="divides the takings by the two prices together, as if every adult came with one child",
            result=lambda values: round(Fraction(values["takings"], values["adult"] + values["child"])),
        ),
        Mistake(
            name="forgets_the_children",
            says="divides the takings by the adults' price, as if no child had come",
            result=lambda values: round(Fraction(values["takings"], values["adult"])),
        ),
        Mistake(
            name="divides_by_the_full_price",
            says="divides the surcharge by the adults' price instead of the difference of the prices",
            result=lambda values: round(Fraction(_tickets_workings(values)["excess"], values["adult"])),
        ),
        Mistake(
            name="halves_the_tickets",
            says="takes it that half of the tickets were adult tickets",
            result=lambda values: values["tickets"] // 2,
        ),
        Mistake(
            name="divides_by_the_lower_price",
            says="divides the surcharge by the children's price instead of the difference of the prices",
            result=lambda values: round(Fraction(_tickets_workings(values)["excess"], values["child"])),
        ),
        Mistake(
            name="gives_the_surcharge",
            says="gives the surcharge itself, without dividing it by what each adult pays more",
            result=lambda values: _tickets_workings(values)["excess"],
        ),
    ),
)
