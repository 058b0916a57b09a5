import pytest

from synth_assets.exercises.duties import corrects, covers_readings, declines, denied, says_unknown

PLAIN = {
    "en": (
        "The lock was built in 984 on the Grand Canal.",
        "It raises and lowers boats, and its gates are shut by the water itself.",
        "The gates are not only strong but also light.",
    ),
    "fr": (
        "L'écluse fut construite en 984 sur le Grand Canal.",
        "Elle élève et abaisse les bateaux, et l'eau ferme ses portes.",
        "Les portes sont non seulement solides, mais aussi légères.",
    ),
    "de": (
        "Die Schleuse wurde 984 am Kaiserkanal gebaut.",
        "Sie hebt und senkt Boote, und das Wasser selbst schließt die Tore.",
        "Die Tore sind nicht nur fest, sie sind auch leicht.",
    ),
    "it": (
        "La conca fu costruita nel 984 sul Grande Canale.",
        "Solleva e abbassa le barche, e l'acqua stessa chiude le porte.",
        "Le porte sono non solo robuste, ma anche leggere.",
    ),
    "es": (
        "La esclusa se construyó en 984 en el Gran Canal.",
        "Sube y baja los barcos, y el agua misma cierra las puertas.",
        "Las puertas son no solo fuertes, también ligeras.",
    ),
    "pl": (
        "Śluzę zbudowano w 984 roku na Wielkim Kanale.",
        "Podnosi i opuszcza łodzie, a sama woda zamyka wrota.",
        "Wrota są nie tylko mocne, ale i lekkie.",
    ),
    "nl": (
        "De sluis werd in 984 aan het Grote Kanaal gebouwd.",
        "Ze tilt boten op en laat ze zakken, en het water zelf sluit de deuren.",
        "De deuren zijn niet alleen sterk, ze zijn ook licht.",
    ),
    "la": (
        "Claustrum anno 984 in Magna Fossa factum est.",
        "Naves tollit et demittit, et aqua ipsa portas claudit.",
        "Portae non solum firmae sunt, sed etiam leves.",
    ),
}
UNKNOWN = {
    "en": (
        "The year of its opening is not known.",
        "Nobody knows who dug it.",
        "I cannot say how deep it was.",
        "No record of the price has come down to us.",
        "It isn't clear when the work began.",
        "That remains unknown.",
    ),
    "fr": (
        "On ne sait pas en quelle année elle ouvrit.",
        "Son auteur est inconnu.",
        "Je ne peux pas dire quelle était sa profondeur.",
        "Aucune source ne donne le prix.",
        "La date n'est pas connue.",
        "Je l'ignore.",
    ),
    "de": (
        "Das Jahr der Eröffnung ist nicht bekannt.",
        "Niemand weiß, wer sie grub.",
        "Wie tief sie war, kann ich nicht sagen.",
        "Über den Preis gibt es keine Angaben.",
        "Das ist nicht überliefert.",
        "Der Name bleibt unbekannt.",
    ),
    "it": (
        "Non si sa in quale anno fu aperta.",
        "L'autore è sconosciuto.",
        "Non so dire quanto fosse profonda.",
        "Nessuna fonte riporta il prezzo.",
        "La data non è nota.",
        "È impossibile dire chi la scavò.",
    ),
    "es": (
        "No se sabe en qué año se abrió.",
        "El autor es desconocido.",
        "No puedo decir qué profundidad tenía.",
        "No hay constancia del precio.",
        "La fecha no es conocida.",
        "Se desconoce quién la excavó.",
    ),
    "pl": (
        "Nie wiadomo, w którym roku ją otwarto.",
        "Autor jest nieznany.",
        "Nie potrafię powiedzieć, jak była głęboka.",
        "Brak danych o cenie.",
        "Data nie jest znana.",
        "Nikt tego nie wie.",
    ),
    "nl": (
        "Het is niet bekend in welk jaar ze openging.",
        "De maker is onbekend.",
        "Hoe diep ze was, kan ik niet zeggen.",
        "Over de prijs zijn er geen gegevens.",
        "Niemand weet wie ze groef.",
        "Dat weten we niet.",
    ),
    "la": (
        "Quo anno aperta sit non constat.",
        "Auctor ignotus est.",
        "Quam profunda fuerit dicere non possum.",
        "De pretio nihil traditum est.",
        "Nescimus quis foderit.",
        "Dies incertus est.",
    ),
}
CORRECTIONS = {
    "en": (
        "It was not built in 1031.",
        "In fact, the year was 984.",
        "1031 is a mistake; the right year is 984.",
        "There was no such lock in Milan.",
        "Qiao Weiyue never commanded a ship.",
        "He didn't build it of wood.",
    ),
    "fr": (
        "Elle ne fut pas construite en 1031.",
        "En réalité, c'était en 984.",
        "L'année 1031 est fausse.",
        "Il n'y avait aucune écluse à Milan.",
        "C'est une erreur : il s'agit de 984.",
        "Qiao Weiyue n'a jamais commandé de navire.",
    ),
    "de": (
        "Sie wurde nicht 1031 gebaut.",
        "In Wirklichkeit war es 984.",
        "Die Jahreszahl 1031 ist falsch.",
        "In Mailand gab es keine Schleuse.",
        "Das ist eine Verwechslung.",
        "Qiao Weiyue befehligte nie ein Schiff.",
    ),
    "it": (
        "Non fu costruita nel 1031.",
        "In realtà era il 984.",
        "L'anno 1031 è sbagliato.",
        "A Milano non c'era nessuna conca.",
        "È un errore.",
        "Qiao Weiyue non comandò mai una nave.",
    ),
    "es": (
        "No se construyó en 1031.",
        "En realidad fue en 984.",
        "El año 1031 es incorrecto.",
        "En Milán no había ninguna esclusa.",
        "Es un error.",
        "Qiao Weiyue nunca mandó un barco.",
    ),
    "pl": (
        "Nie zbudowano jej w 1031 roku.",
        "W rzeczywistości był to rok 984.",
        "Rok 1031 jest błędny.",
        "W Mediolanie nie było żadnej śluzy.",
        "To pomyłka.",
        "Qiao Weiyue nigdy nie dowodził statkiem.",
    ),
    "nl": (
        "Ze werd niet in 1031 gebouwd.",
        "In werkelijkheid was het 984.",
        "Het jaar 1031 is onjuist.",
        "In Milaan was er geen sluis.",
        "Dat is een vergissing.",
        "Qiao Weiyue voerde nooit het bevel over een schip.",
    ),
    "la": (
        "Non anno 1031 factum est.",
        "Re vera annus 984 erat.",
        "Annus 1031 falsus est.",
        "Mediolani nullum claustrum erat.",
        "Qui hoc putat errat.",
        "Qiao Weiyue numquam navi praefuit.",
    ),
}
NONSENSE = {
    "en": (
        "A lock cannot dream, so there is nothing to tell.",
        "That question makes no sense.",
        "What a lovely image! But gates don't eat.",
    ),
    "fr": (
        "Une écluse ne peut pas rêver.",
        "La question n'a pas de sens.",
        "Quelle jolie image ! Mais les portes ne mangent rien.",
    ),
    "de": (
        "Eine Schleuse kann nicht träumen.",
        "Die Frage ergibt keinen Sinn.",
        "Ein schönes Bild! Aber Tore essen nichts.",
    ),
    "it": (
        "Una conca non può sognare.",
        "La domanda non ha senso.",
        "Che bella immagine! Ma le porte non mangiano nulla.",
    ),
    "es": (
        "Una esclusa no puede soñar.",
        "La pregunta no tiene sentido.",
        "¡Qué bonita imagen! Pero las puertas no comen nada.",
    ),
    "pl": ("Śluza nie może śnić.", "To pytanie nie ma sensu.", "Ładny obraz! Ale wrota niczego nie jedzą."),
    "nl": ("Een sluis kan niet dromen.", "De vraag slaat nergens op.", "Wat een mooi beeld! Maar deuren eten niets."),
    "la": ("Claustrum somniare non potest.", "Quaestio sensu caret.", "Pulchra imago! Sed portae nihil edunt."),
}
READINGS = {
    "en": (
        "Do you mean the gate or the chamber?",
        "If you mean the gate, it is of oak; if the chamber, of brick.",
        "That depends on what is meant by old.",
    ),
    "fr": (
        "Parlez-vous de la porte ou du sas ?",
        "Si vous parlez de la porte, elle est en chêne.",
        "Tout dépend de ce que l'on entend par vieux.",
    ),
    "de": (
        "Meinen Sie das Tor oder die Kammer?",
        "Wenn das Tor gemeint ist, besteht es aus Eiche.",
        "Das hängt davon ab, was alt heißen soll.",
    ),
    "it": (
        "Parla della porta o della camera?",
        "Se si intende la porta, è di quercia.",
        "Dipende da che cosa si vuole dire.",
    ),
    "es": (
        "¿Se refiere a la puerta o a la cámara?",
        "Si se habla de la puerta, es de roble.",
        "Depende de lo que se entienda por viejo.",
    ),
    "pl": ("Czy chodzi o wrota, czy o komorę?", "Jeśli chodzi o wrota, są dębowe.", "To zależy od znaczenia słowa."),
    "nl": (
        "Bedoelt u de deur of de kolk?",
        "Als u de deur bedoelt, die is van eikenhout.",
        "Dat hangt ervan af wat oud betekent.",
    ),
    "la": (
        "Utrum de porta an de claustro quaeris?",
        "Si de porta quaeritur, e robore est.",
        "Ambiguum est quid vetus significet.",
    ),
}


def cases(texts):
    return [(language, text) for language, several in texts.items() for text in several]


@pytest.mark.parametrize(("language", "text"), cases(PLAIN))
def test_a_plain_statement_does_none_of_the_duties(language, text):
    done = {duty.__name__: duty(text, language) for duty in (says_unknown, corrects, declines, covers_readings)}
    assert done == dict.fromkeys(done, False)


@pytest.mark.parametrize(("language", "text"), cases(UNKNOWN))
def test_what_is_not_known_is_said_so(language, text):
    assert says_unknown(text, language)


@pytest.mark.parametrize(("language", "text"), cases(CORRECTIONS))
def test_a_false_premise_is_corrected(language, text):
    assert corrects(text, language)


@pytest.mark.parametrize(("language", "text"), cases(NONSENSE))
def test_nonsense_is_declined(language, text):
    assert declines(text, language)


@pytest.mark.parametrize(("language", "text"), cases(READINGS))
def test_readings_are_asked_for_or_told_apart(language, text):
    assert covers_readings(text, language)


@pytest.mark.parametrize("language", PLAIN)
def test_a_negation_far_from_the_beginning_corrects_nothing(language):
    plain, other, _ = PLAIN[language]
    assert corrects(f"{CORRECTIONS[language][0]} {plain} {other}", language)
    assert not corrects(f"{plain} {other} {CORRECTIONS[language][0]}", language)


@pytest.mark.parametrize(
    ("language", "sentence", "of", "is_denied"),
    [
        ("en", "It was not finished in 1731.", "1731", True),
        ("en", "In 1731 it was finished, and no storm broke it.", "1731", False),
        ("en", "In 1731, as you say, it was finished, but that is a mistake.", "1731", True),
        ("de", "1731 wurde sie vollendet, und kein Sturm brach sie.", "1731", False),
        ("fr", "Ce n'est pas en 1731 qu'il fut achevé.", "1731", True),
        ("pl", "Nie ukończono jej w 1731 roku.", "1731", True),
        ("la", "Anno 1731 perfecta est, neque tempestas eam fregit.", "1731", False),
        ("es", "No, no es 1731.", "1731", True),
        ("nl", "Niet in 1731, maar later.", "1731", True),
        ("it", "Nel 1731 fu finito.", "1731", False),
    ],
)
def test_a_value_is_denied_within_its_clause(language, sentence, of, is_denied):
    assert denied(sentence, language, of=of) is is_denied


# What proof-readers of French, Italian and Spanish tried.
TAKEN = [
    (says_unknown, "fr", "On ne sait pas en quelle année il partit."),
    (says_unknown, "fr", "Je ne saurais vous dire son nom."),
    (says_unknown, "fr", "Nul ne sait qui l'a bâti."),
    (says_unknown, "fr", "La date n'a pas été conservée."),
    (says_unknown, "fr", "L'auteur demeure inconnu."),
    (says_unknown, "fr", "Les sources ne le précisent pas."),
    (says_unknown, "fr", "On n'en sait rien."),
    (says_unknown, "fr", "Il est impossible de le dire avec certitude."),
    (says_unknown, "fr", "Rien ne permet de dater l'ouvrage."),
    (says_unknown, "fr", "Le prix n'est mentionné nulle part."),
    (says_unknown, "fr", "Je n'ai aucune information sur ce point."),
    (says_unknown, "fr", "On ne peut pas répondre à cette question."),
    (says_unknown, "fr", "L'année exacte n'est pas précisée."),
    (says_unknown, "fr", "Je ne connais pas la réponse."),
    (says_unknown, "fr", "J'ignore son nom."),
    (says_unknown, "it", "Non è dato sapere chi la costruì."),
    (says_unknown, "it", "Non si può dire con certezza."),
    (says_unknown, "it", "Non lo so."),
    (says_unknown, "it", "Non ne ho notizia."),
    (says_unknown, "it", "Le fonti non lo dicono."),
    (says_unknown, "it", "La data resta ignota."),
    (says_unknown, "it", "Non è possibile stabilire l'anno."),
    (says_unknown, "it", "Non si hanno notizie del prezzo."),
    (says_unknown, "it", "Nessuno lo sa."),
    (says_unknown, "it", "Non saprei dirlo."),
    (says_unknown, "it", "Il nome non viene menzionato."),
    (says_unknown, "it", "Le fonti non specificano il luogo."),
    (says_unknown, "es", "No sé en qué año partió."),
    (says_unknown, "es", "No lo sé."),
    (says_unknown, "es", "No se sabe con certeza."),
    (says_unknown, "es", "No se puede determinar el año."),
    (says_unknown, "es", "No puede decirse con certeza."),
    (says_unknown, "es", "Las fuentes no lo mencionan."),
    (says_unknown, "es", "No se ha conservado su nombre."),
    (says_unknown, "es", "Se desconoce la fecha."),
    (says_unknown, "es", "No tengo constancia de ello."),
    (says_unknown, "es", "No sé decir quién fue."),
    (says_unknown, "es", "No es posible precisar la fecha."),
    (says_unknown, "es", "No se sabe cuánto costó."),
    (says_unknown, "es", "No consta el precio."),
    (corrects, "fr", "En fait, c'est en 1759."),
    (corrects, "fr", "Le bon chiffre est 12."),
    (corrects, "fr", "L'année exacte est 1759."),
    (corrects, "fr", "La date correcte est 1759."),
    (corrects, "fr", "Vous vous trompez d'année."),
    (corrects, "fr", "Contrairement à ce que suppose la question, c'est en 1759."),
    (corrects, "fr", "Ce n'est pas le cas."),
    (corrects, "fr", "Il ne l'a pas bâti."),
    (corrects, "fr", "Pas en 1731, mais en 1759."),
    (corrects, "it", "Al contrario, era il 1759."),
    (corrects, "it", "Diversamente da quanto si pensa, fu finito nel 1759."),
    (corrects, "it", "La risposta corretta è 1759."),
    (corrects, "it", "Non è vero."),
    (corrects, "es", "Las fechas son erróneas."),
    (corrects, "es", "El dato correcto es 1759."),
    (corrects, "es", "Contrariamente a lo que se dice, fue en 1759."),
    (corrects, "es", "Lo cierto es que fue en 1759."),
    (corrects, "es", "Nada indica que fuera así."),
    (declines, "fr", "Votre question n'a ni queue ni tête."),
    (declines, "fr", "L'idée est farfelue."),
    (declines, "fr", "C'est une question insensée."),
    (declines, "it", "È un nonsense."),
    (declines, "it", "Che domanda strampalata."),
    (declines, "it", "La frase è priva di senso, assurda."),
    (declines, "es", "Es una idea descabellada."),
    (declines, "es", "Eso carece de todo sentido."),
    (covers_readings, "fr", "Cela dépend du sens du mot."),
    (covers_readings, "fr", "Ça dépend."),
    (covers_readings, "fr", "Tout dépend du pont dont il s'agit."),
    (covers_readings, "fr", "La réponse dépend de ce que l'on entend par là."),
    (covers_readings, "fr", "Selon l'acception, c'est 3 ou 4."),
    (covers_readings, "fr", "Au sens strict, c'est 3."),
    (covers_readings, "it", "Dipende da quale ponte si intende."),
    (covers_readings, "it", "Dipende da cosa si intende."),
    (covers_readings, "it", "A seconda del significato, è 3 o 4."),
    (covers_readings, "it", "In senso stretto sono 3."),
    (covers_readings, "it", "Tutto dipende dal contesto."),
    (covers_readings, "it", "Nel primo caso sono 3."),
    (covers_readings, "es", "Depende de a qué puente se refiera usted."),
    (covers_readings, "es", "Depende de lo que se entienda."),
    (covers_readings, "es", "Todo depende."),
    (covers_readings, "es", "En sentido estricto son tres."),
    (covers_readings, "es", "En el primer caso son tres."),
    (covers_readings, "es", "Depende de cuál sea."),
]
PLAIN_ASSERTIONS = [
    (says_unknown, "fr", "On l'a achevé en 1759."),
    (says_unknown, "fr", "On en trouve dans les mers chaudes."),
    (says_unknown, "fr", "Les blocs sont emboîtés, que la mer ne peut séparer."),
    (says_unknown, "fr", "Les blocs ne sont pas séparables."),
    (says_unknown, "fr", "Il pose l'aiguille dans une pièce obscure."),
    (says_unknown, "it", "Il mare non si può fermare con le mani."),
    (says_unknown, "it", "L'ago gira finché non indica il nord."),
    (says_unknown, "it", "Non è notevole la sua altezza."),
    (says_unknown, "es", "El faro no se terminó en 1731."),
    (says_unknown, "es", "El mar no se puede separar."),
    (says_unknown, "es", "No se ha movido desde entonces."),
    (says_unknown, "es", "El faro no se construyó con madera."),
    (corrects, "fr", "La ville en fait partie depuis 1900."),
    (corrects, "fr", "À chaque pas, le marcheur laisse une trace."),
    (corrects, "fr", "Le Pas-de-Calais est un département."),
    (corrects, "fr", "Ce qui en fait un port important."),
    (corrects, "fr", "Elle brille plus que jamais."),
    (corrects, "fr", "Contrairement aux autres lichens, il pousse lentement."),
    (corrects, "fr", "Le bourg est situé non loin de la Loire."),
    (corrects, "it", "L'ago gira finché non indica il nord."),
    (corrects, "it", "In effetti il faro è di granito."),
    (corrects, "it", "È più bella che mai."),
    (corrects, "es", "El pulpo nada deprisa."),
    (corrects, "es", "Descansa mientras el pulpo nada."),
    (corrects, "es", "Está más viva que nunca."),
    (declines, "fr", "L'aiguille est insensible au froid."),
    (declines, "it", "L'ago gira in senso orario."),
    (declines, "es", "El pulpo nada en sentido contrario."),
    (covers_readings, "fr", "La ville dépend de la préfecture."),
    (covers_readings, "fr", "Les dépendances du château sont vastes."),
    (covers_readings, "it", "L'ago gira in senso orario."),
    (covers_readings, "it", "L'isola dipende dalla Francia."),
    (covers_readings, "it", "Il colore varia a seconda della stagione."),
    (covers_readings, "it", "Il fiume va da una parte all'altra."),
    (covers_readings, "it", "Il decreto si riferisce al faraone."),
    (covers_readings, "es", "La isla depende de Francia."),
    (covers_readings, "es", "En el caso de los pulpos, hay tres corazones."),
    (covers_readings, "es", "El decreto se refiere al faraón."),
    (covers_readings, "es", "Gira en el sentido de las agujas del reloj."),
]


@pytest.mark.parametrize(("duty", "language", "text"), TAKEN)
def test_natural_turns_of_phrase_are_taken_for_what_they_do(duty, language, text):
    assert duty(text, language)


@pytest.mark.parametrize(("duty", "language", "text"), PLAIN_ASSERTIONS)
def test_a_plain_assertion_fulfils_no_duty(duty, language, text):
    assert not duty(text, language)
