"""Counting the ways to hand out equal things, of which everyone gets a least number."""

from fractions import Fraction
from math import comb
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_handouts(rng: Random, difficulty: str) -> Values:
    children, most_each, most_spare = {
        "easy": (3, 5, 25),
        "medium": (4, 6, 30),
        "hard": (rng.choice((5, 6)), 8, 35),
    }[difficulty]
    least = rng.randint(2, most_each)
    return {"things": children * least + rng.randint(children, most_spare), "children": children, "least": least}


def _handouts_workings(values: Values) -> Values:
    first = values["children"] * values["least"]
    spare, bars = values["things"] - first, values["children"] - 1
    return {"first": first, "spare": spare, "bars": bars, "places": spare + bars}


def _solve_handouts(values: Values) -> int:
    workings = _handouts_workings(values)
    return comb(workings["places"], workings["bars"])


def _check_handouts(values: Values, result: Fraction) -> bool:
    """Child after child: how many ways there are in which the children so far have so many things."""
    ways = [1] + [0] * values["things"]
    for _ in range(values["children"]):
        ways = [sum(ways[: max(total - values["least"] + 1, 0)]) for total in range(values["things"] + 1)]
    return result == ways[-1]


HANDOUTS = Template(
    id="counting.handouts",
    family="counting",
    unit="count_way",
    draw=_draw_handouts,
    holds=lambda values: True,
    solve=_solve_handouts,
    check=_check_handouts,
    workings=_handouts_workings,
    texts={
        "en": Wording(
            problems=(
                "A grandmother hands out {things} identical sweets to {children:gift_child}. Every child is to get at "
                "least {least:gift_sweet}, and none are kept back. In how many ways can she do it?",
                "A city library has bought {things} identical copies of a book and shares them out completely among "
                "its {children:gift_branch}. No branch may receive fewer than {least:gift_copy}. How many ways are "
                "there to do so?",
            ),
            solution="First everyone gets the least number, which takes {children} * {least} = {first} pieces and "
            "leaves {things} - {first} = {spare} to be shared freely. Think of these in a row together with {bars} "
            "separators that mark where one share ends and the next begins. That makes {spare} + {bars} = {places} "
            "places, and the separators can take {bars} of them in C({places}, {bars}) = {result:count_way}.",
        ),
        "fr": Wording(
            problems=(
                "Une grand-mère distribue {things} bonbons identiques à {children:gift_child}. Chaque enfant doit en "
                "recevoir au moins {least}, et il n'en reste aucun. De combien de façons peut-elle s'y prendre ?",
                "Une bibliothèque municipale a acheté {things} exemplaires identiques d'un livre et les répartit tous "
                "entre ses {children:gift_branch}. Aucune annexe ne doit recevoir moins de {least:gift_copy}. Combien "
                "de façons y a-t-il de le faire ?",
            ),
            solution="On donne d'abord à chacun le minimum, ce qui prend {children} * {least} = {first} pièces et en "
            "laisse {things} - {first} = {spare} à partager librement. Imaginons celles-ci alignées avec {bars} "
            "séparateurs qui marquent la fin d'une part et le début de la suivante. Cela fait {spare} + {bars} = "
            "{places} places, dont {bars} pour les séparateurs : il y a C({places}, {bars}) = {result:count_way} de "
            "les placer.",
        ),
        "de": Wording(
            problems=(
                "Eine Großmutter verteilt {things} gleiche Bonbons an {children:gift_child}. Jedes Kind soll "
                "mindestens {least:gift_sweet} bekommen, und kein Bonbon soll übrig bleiben. Auf wie viele Arten "
                "kann sie das tun?",
                "Eine Stadtbibliothek hat {things} gleiche Exemplare eines Buches gekauft und verteilt sie vollständig "
                "auf ihre {children:gift_branch}. Keine Zweigstelle soll weniger als {least:gift_copy} erhalten. Wie "
                "viele Möglichkeiten gibt es dafür?",
            ),
            solution="Zuerst erhalten alle die Mindestzahl; das sind {children} * {least} = {first} Stück, und "
            "{things} - {first} = {spare} bleiben zur freien Verteilung. Man denke sich diese in einer Reihe, "
            "zusammen mit {bars} Trennstrichen, die das Ende des einen und den Anfang des nächsten Anteils anzeigen. "
            "Das sind {spare} + {bars} = {places} Plätze, von denen {bars} den Trennstrichen gehören, also "
            "C({places}, {bars}) = {result:count_way}.",
        ),
        "it": Wording(
            problems=(
                "Una nonna distribuisce {things} caramelle uguali a {children:gift_child}. Ogni bambino deve riceverne "
                "almeno {least} e non ne deve avanzare nessuna. In quanti modi può farlo?",
                "Una biblioteca comunale ha comprato {things} copie uguali di un libro e le ripartisce tutte fra le "
                "sue {children:gift_branch}. Nessuna filiale deve riceverne meno di {least}. In quanti modi si può "
                "fare?",
            ),
            solution="Prima si dà a ciascuno il minimo: servono {children} * {least} = {first} pezzi e ne restano "
            "{things} - {first} = {spare} da distribuire liberamente. Si immaginino questi in fila con {bars} "
            "separatori che segnano la fine di una parte e l'inizio della successiva. I posti sono {spare} + {bars} = "
            "{places}, di cui {bars} per i separatori, e questi si possono scegliere in C({places}, {bars}) = "
            "{result:count_way}.",
        ),
        "es": Wording(
            problems=(
                "Una abuela reparte {things} caramelos iguales entre {children:gift_child}. Cada niño debe recibir al "
                "menos {least:gift_sweet} y no ha de sobrar ninguno. ¿De cuántos modos puede hacerlo?",
                "Una biblioteca municipal ha comprado {things} ejemplares iguales de un libro y los distribuye todos "
                "entre sus {children:gift_branch}. Ninguna sucursal debe recibir menos de {least:gift_copy}. ¿De "
                "cuántos modos se puede hacer?",
            ),
            solution="Primero se da a cada uno el mínimo, para lo que hacen falta {children} * {least} = {first} "
            "piezas, y quedan {things} - {first} = {spare} para repartir libremente. Imaginemos estas en fila con "
            "{bars} separadores que marcan el final de una parte y el comienzo de la siguiente. Son {spare} + {bars} = "
            "{places} lugares, de los que {bars} son para los separadores, y estos se eligen de C({places}, {bars}) = "
            "{result:count_way}.",
        ),
        "pl": Wording(
            problems=(
                "Babcia rozdaje wszystkie jednakowe cukierki, które ma w torebce. Cukierków jest razem {things}, "
                "dzieci jest {children}, a każde z nich ma dostać co najmniej {least:gift_sweet}. Na ile sposobów "
                "można to zrobić?",
                "Biblioteka miejska kupiła {things:gift_copy} tej samej książki i rozdziela je wszystkie między swoje "
                "filie, których ma {children}. Żadna filia nie może dostać mniej niż {least:gift_copy}. Ile jest na to "
                "sposobów?",
            ),
            solution="Najpierw każdy dostaje najmniejszą dozwoloną liczbę, na co potrzeba {children} * {least} = "
            "{first} sztuk, a resztę, czyli {things} - {first} = {spare}, dzieli się swobodnie. Wyobraźmy ją sobie "
            "rozłożoną w jednym rzędzie z przegródkami (jest ich {bars}), które oddzielają jedną część od następnej. "
            "Liczba miejsc wynosi {spare} + {bars} = {places}, a miejsca przegródek można wybrać na C({places}, "
            "{bars}) = {result:count_way}.",
        ),
        "nl": Wording(
            problems=(
                "Een grootmoeder deelt {things} gelijke snoepjes uit aan {children:gift_child}. Elk kind moet er "
                "minstens {least} krijgen en er blijft niets over. Op hoeveel manieren kan ze dat doen?",
                "Een stadsbibliotheek heeft {things} gelijke exemplaren van een boek gekocht en verdeelt ze allemaal "
                "over haar {children:gift_branch}. Geen enkel filiaal mag minder dan {least:gift_copy} krijgen. Op "
                "hoeveel manieren kan dat?",
            ),
            solution="Eerst krijgt ieder het minimum; dat kost {children} * {least} = {first} stuks en er blijven "
            "{things} - {first} = {spare} over om vrij te verdelen. Stel je die op een rij voor, samen met {bars} "
            "scheidingstekens die aangeven waar het ene deel eindigt en het volgende begint. Dat zijn {spare} + {bars} "
            "= {places} plaatsen, waarvan {bars} voor de scheidingstekens, en die kan men kiezen op C({places}, "
            "{bars}) = {result:count_way}.",
        ),
        "la": Wording(
            problems=(
                "Avia {things} crustula inter se aequalia {children:gift_child.dat} ita distribuit, ut nullum "
                "supersit. Unusquisque puer saltem {least:gift_sweet.acc} accipere debet. Quot modis hoc facere "
                "potest?",
                "Bibliothecarius urbanus {things} exemplaria eiusdem libri emit et omnia {children} bibliothecis "
                "minoribus attribuit. Nulla bibliotheca pauciora quam {least:gift_copy.acc} accipere debet. Quot modis "
                "hoc fieri potest?",
            ),
            solution="Primum unicuique numerus minimus datur; ita {children} * {least} = {first} absumuntur, et "
            "{things} - {first} = {spare} restant, quae libere distribuuntur. Haec in ordine posita esse fingamus una "
            "cum {bars} signis, quae partem alteram ab altera dividant. Fiunt {spare} + {bars} = {places} loci, ex "
            "quibus loci signorum C({places}, {bars}) modis eligi possunt, qui sunt {result:count_way}.",
        ),
    },
    trace=Trace(
        given="{things} identical pieces, {children} shares, each of at least {least}; all pieces are handed out",
        sought="number of different distributions",
        insight="hand out the least number first; the rest is a row of pieces with separators between the shares",
        steps=(
            "handed out at once → {children} * {least} = {first}",
            "left to share freely → {things} - {first} = {spare}",
            "separators between {children} shares → {bars}; places in the row → {spare} + {bars} = {places}",
            "places of the separators → C({places}, {bars}) = {result:count_way}",
        ),
        checks=(
            "choosing the places of the pieces instead: C({places}, {spare}) = {result}",
            "{first} + {spare} = {things}, nothing is kept back",
        ),
    ),
    mistakes=(
        Mistake(
            name="ignores_minimum",
            says="shares out all pieces freely, as if nobody had to get any",
            result=lambda values: comb(values["things"] + values["children"] - 1, values["children"] - 1),
        ),
        Mistake(
            name="one_separator_too_many",
            says="takes one separator for every share instead of one between two shares",
            result=lambda values: comb(_handouts_workings(values)["places"] + 1, values["children"]),
        ),
        Mistake(
            name="forgets_separators",
            says="does not count the places of the separators among those to choose from",
            result=lambda values: comb(_handouts_workings(values)["spare"], values["children"] - 1),
        ),
        Mistake(
            name="one_more_for_everyone",
            says="lets everyone get at least one piece beyond the least number",
            result=lambda values: comb(_handouts_workings(values)["spare"] - 1, values["children"] - 1),
        ),
        Mistake(
            name="multiplies",
            says="multiplies the number of shares by the pieces that are left",
            result=lambda values: values["children"] * _handouts_workings(values)["spare"],
        ),
    ),
)
