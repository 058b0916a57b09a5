"""What an answer owes to a query that cannot simply be answered, told by turns of phrase in the eight languages.

One query in five is meant to have no plain answer (SYNTH, arXiv 2609.37891): it asks for what is unknown, takes
something false for granted, makes no sense, or can be read in several ways. A program cannot judge how well an answer
deals with that, but it can tell whether the answer does it at all: each function looks for the turns of phrase of one
duty. They are generous within the duty and strict about its absence: an answer that only asserts has none of them.

Text is compared in small letters without accents, the apostrophe straight. A negation counts only in the first two
sentences, where an answer says what is wrong; "not only" and its like are none.
"""

import re
from collections.abc import Mapping

from synth_assets.exercises.passages import sentences
from synth_assets.quality.grounding import fold

_OPENING_SENTENCES = 2


def _compiled(turns: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    """Language -> pattern, of turns of phrase one a line, each from the beginning of a word.

    A line that opens with "|" goes on where the one before it stopped.
    """
    patterns = {}
    for language, written in turns.items():
        lines = re.sub(r"\n *\|", "|", written.strip()).splitlines()
        patterns[language] = re.compile(rf"(?<!\w)(?:{'|'.join(line.strip() for line in lines)})")
    return patterns


_NEGATIONS = _compiled(
    {
        "en": r"""
            (?:not|cannot|never|none|neither|nor|nobody|nothing|nowhere)\b(?! only| just| merely)
            \w+n't\b(?! only| just| merely)
            no\b(?! doubt|\.? ?\d| less| sooner| matter)
        """,
        "fr": r"""
            n[e'](?= ?\w+(?: \w+){0,4} (?:pas|aucune?|jamais|rien|point|nulle?|personne|ni)\b(?! seulement
                | uniquement))
            (?:aucune?|nulle?ment|nulle part|(?<!que )jamais|personne ne|rien ne|ni l'une? ni l'autre)\b
            non\b(?! seulement| loin)
            (?<!un )(?<!le )(?<!les )(?<!des )(?<!chaque )pas\b(?! seulement| uniquement| mal de|-| a pas)
        """,
        "de": r"""
            nicht\b(?! nur| allein| zuletzt| bloss)
            kein(?:e[rsnm]?|erlei|eswegs)?\b
            (?:nie|niemals|niemand(?:en|em|es)?|nirgends|nichts|weder|nein)\b
        """,
        "it": r"""
            (?<!finche )(?<!a meno che )non\b(?! solo| soltanto| solamente| lontano)
            (?:nessun[oa]?|nessun'|(?<!che )mai|niente|nulla|neppure|nemmeno|neanche)(?!\w)
            no\b
        """,
        "es": r"""
            no\b(?! solo| solamente| obstante| unicamente| lejos)
            (?:ni|(?<!que )nunca|(?<!que )jamas|ningun[oa]?|nadie|tampoco)\b
            nada (?:se|me|nos|consta|indica|dice|permite|prueba|hay|tiene|puede)\b
        """,
        "pl": r"""
            nie\b(?! tylko| jedynie)
            (?:nigdy|nigdzie|nikt|nic|ani|zaden|zadn\w+|brak)\b(?! dziwnego| watpliwosci)
        """,
        "nl": r"""
            niet\b(?! alleen| enkel| slechts)
            (?:geen|nooit|niemand|niets|nergens|noch|nee)\b
        """,
        "la": r"""
            non\b(?! solum| modo| tantum)
            (?:haud|numquam|nunquam|nusquam|nihil|nil|nemo|neque|nec|minime|nequaquam)\b
            null(?:us|a|um|i|o|am|os|as|is|ius|ae|orum|arum)\b
        """,
    }
)

_CORRECTIONS = _compiled(
    {
        "en": r"""
            (?:in (?:actual )?fact|actually|in reality|in truth|contrary to|rather than|instead\b)
            (?:false|mistaken|incorrect|inaccurate|wrong|erroneous|untrue|misleading)\b
            (?:a )?(?:misunderstanding|misconception|mix-up|mistake|confusion)\b
            (?:the )?(?:correct|right|true|real|actual) (?:\w+ )?(?:year|date|number|figure|place|name|value|answer
                |one)
            there (?:is|was|are|were) no\b
            should be corrected|needs? correcting|i would correct|does not hold|doesn't hold
        """,
        "fr": r"""
            en (?:realite|verite)|(?<!qui )(?<!cela )en fait\b(?! partie)|plutot que|au lieu de|a vrai dire
            contrairement (?:a (?:ce qu|l'(?:idee|opinion|affirmation|annee|hypothese)|la (?:question|croyance|date)
                |votre|une|cette)|aux apparences)
            (?:fausse?|faux|inexacte?s?|erronee?s?|incorrecte?s?|trompeu\w+)\b
            (?:une )?(?:erreur|confusion|meprise|malentendu|idee recue)\b|(?:vous|te|se|s'est) tromp\w+
            il n'y (?:a|eut|avait) (?:pas|aucune?|jamais)|il n'existe
            (?:la|le) (?:bon(?:ne)?|vraie?|veritable) (?:\w+ )?(?:date|annee|chiffre|nombre|lieu|nom|reponse)
            (?:l'|la |le )(?:date|annee|chiffre|nombre|lieu|nom|reponse) (?:exact|correct|juste|veritable)e?\b
        """,
        "de": r"""
            in wirklichkeit|in wahrheit|tatsachlich|vielmehr|richtigerweise
            (?:entgegen|anders als) (?:\w+ ){0,4}(?:annahme|annahmen|frage|behauptung|behauptet|meinung|vorstellung
                |darstellung|angabe|vermutung|vermutet|angenommen|gedacht|gesagt|unterstellt|vorausgesetzt)
            falsch\w*|irrtum\w*|irrig\w*|unzutreffend\w*|unrichtig\w*|inkorrekt\w*
            (?:trifft|stimmt|stimmen|treffen) (?:\w+ ){0,2}nicht|nicht (?:ganz )?(?:richtig|korrekt|zutreffend)
            (?:ein(?:e)? )?(?:verwechslung|missverstandnis|fehler)\b|(?:sie|du|frage) verwechsel(?:n|t|st)\b
            (?:es )?(?:gibt|gab) (?:\w+ )?kein|(?:richtig|korrekt) (?:ist|ware|muss|lautet)
            (?:das|die|der) (?:richtige|korrekte|wahre) (?:jahr|datum|zahl|angabe|antwort|ort|name|wert)
        """,
        "it": r"""
            in (?:realta|verita)|contrariamente a|diversamente da quanto|al contrario|a dire il vero|piuttosto che
                |invece\b|anziche|bensi\b|si sbagli\w*
            (?:falso|falsa|falsi|false|sbagliat[oaie]|errat[oaie]|inesatt[oaie]|scorrett[oaie])\b
            (?:un )?(?:errore|equivoco|malinteso|confusione|fraintendimento)\b
            non (?:c'e|ci sono|esiste|esistono)|(?:l'anno|il (?:nome|numero|luogo|dato)|la (?:data|cifra
                |risposta)) (?:giust|corrett|esatt)[oa]\b
        """,
        "es": r"""
            en realidad|de hecho|en verdad|al contrario|en lugar de|en vez de|mas bien|contrariamente a
                |a diferencia de lo que|a decir verdad|lo cierto es|se equivoca\w*
            (?:fals[oa]s?|erroneos?|erroneas?|incorrect[oa]s?|inexact[oa]s?|equivocad[oa]s?)\b
            (?:un )?(?:error|confusion|malentendido|equivoco)\b
            no (?:hay|hubo|habia|existe|existen|existio)\b|(?:el (?:ano|dato|nombre|numero|lugar)
                |la (?:fecha|cifra|respuesta)) (?:correct|exact|verdader)[oa]\b
        """,
        "pl": r"""
            w (?:rzeczywistosci|istocie)|tak naprawde|wbrew|zamiast|przeciwnie|(?:a|ale|lecz|tylko) raczej
            (?:falszyw\w*|bledn\w*|myln\w*|nieprawd\w*|niepoprawn\w*|nieprawidlow\w*|niescisl\w*)
            (?:pomylk\w*|nieporozumieni\w*|blad\b|bledem\b)
            nie (?:ma|bylo|istnial\w*|istnieje)\b|w gruncie rzeczy|poprawna (?:data|liczba|odpowiedz)
        """,
        "nl": r"""
            in werkelijkheid|in feite|eigenlijk|feitelijk|in plaats van|juist niet
            in tegenstelling tot (?:wat|de (?:vraag|bewering|aanname|stelling))
            (?:onjuist\w*|verkeerd\w*|onwaar|foutief|foutieve|fout|incorrect)\b|ten onrechte
            (?:klopt|kloppen) (?:\w+ ){0,2}niet|niet (?:helemaal )?(?:juist|correct|waar)\b|(?:in tegenspraak met
                |anders dan) (?:\w+ ){0,3}(?:vraag|bewering|gedacht|beweerd|aangenomen|verondersteld)
            (?:een )?(?:misverstand|vergissing|verwarring)\b|vergist\b|(?:u|je|vraag) verwart\b
            er (?:is|was|waren|zijn|bestaat|bestond|bestaan) geen|het juiste (?:jaar|getal|antwoord)|de juiste datum
        """,
        "la": r"""
            re vera|revera|immo\b|potius\b|(?:sed|at|immo|e) contra\b|contra (?:est|quam|atque|ac)\b|at vero
            (?:fals\w{1,4}|errone\w{1,3}|error\w{0,4}|erras|erratis|erratur|erratum|perperam|mendos\w{1,3})\b
            errat (?:qui|si|is)\b|(?:putat|credit|dicit),? (?:\w+ )?errat\b
        """,
    }
)

_UNKNOWN = _compiled(
    {
        "en": r"""
            (?:is|are|was|were|been|be|remains?|seems?) (?:\w+ )?(?:not|never) (?:\w+ ){0,2}(?:know|recorded|stated
                |mentioned|specified|established|documented|clear|given|certain|settled|handed|preserved|reported
                |available|possible)
            (?:isn't|aren't|wasn't|weren't) (?:\w+ ){0,2}(?:known|recorded|stated|specified|established|documented
                |clear|given|certain|settled|reported|available|possible)
            (?:unknown|unclear|uncertain|unrecorded|undocumented|unspecified|undetermined|unsettled)\b
            no (?:\w+ ){0,2}(?:record|records|evidence|information|sources?|accounts?|mention|answer|figures?|data
                |way of knowing|trace|details?)\b
            (?:cannot|can't|can not|could not|couldn't) (?:be (?:\w+ )?)?(?:say|tell|answer|give|name|state|confirm
                |determine|said|told|answered|given|named|determined|known|established|confirmed)
            (?:do|does|did) ?n(?:'|o)t (?:\w+ )?(?:know|say|state|mention|record|specify|tell|recall)
            (?:nobody|no one|no-one|none) (?:\w+ )?(?:knows?|recorded|can say|has established)
            nothing (?:\w+ ){0,2}(?:known|recorded|said|certain|reported)|not (?:something )?(?:that )?(?:i|we) know
            (?:impossible|not possible) to (?:say|know|tell|answer|name)|beyond what (?:is|i) know|i (?:have
                |know of) no\b|i am not (?:sure|aware)|i'm not (?:sure|aware)|unable to
        """,
        "fr": r"""
            (?:n'|ne )?(?:est|sont|etait|etaient|reste|demeure)\w* (?:pas|jamais) (?:\w+ ){0,2}(?:connu|mentionn
                |indiqu|precis|attest|etabli|document|clair|cert|su\b|rapport|sure?s?\b)
            (?:inconnue?s?|incertaine?s?|ignoree?s?|indeterminee?s?)\b|(?:reste|demeure)\w* (?:\w+ )?obscure?s?\b
            (?:on|je|nous|personne|nul) (?:ne |n'|n'en |ne l'|ne le )(?:\w+ )?(?:sai[ts]|savons|connai\w+|dispos\w+
                |trouve\w*|(?:ai|a|avons)\b)
            (?:on|je|nous|personne|nul) ne (?:\w+ )?(?:peu[tx]|pouvons|saur\w+|pourr\w+) (?:\w+[ ']){0,3}(?:dire|savoir
                |repondre|preciser|determiner|etablir|indiquer|donner|nommer|citer|confirmer|affirmer|trancher|fournir)
            (?:on|je|nous) (?:l')?ignor\w+|j'(?:en |l')?ignore|n'(?:indiqu\w+|en di\w+)|ne (?:le |la |l')?(?:dit\b
                |disent\b|precise\w*|mentionne\w*|figure\w* (?:pas|nulle part))|n'est \w+ nulle part
            aucune? (?:\w+ )?(?:source|trace|information|donnee|document|preuve|reponse|mention|temoignage|chiffre
                |indication)
            (?:impossible|pas possible|ne permet\w*(?: pas)?) d[e'] ?(?:\w+[ '])?(?:dire|savoir|repondre|preciser|dater
                |determiner|etablir|identifier|trancher|connaitre|donner|conclure|nommer|indiquer)|sans reponse
            (?:pas|non|jamais) (?:ete )?(?:\w+ )?(?:connu|etabli|precise|documente|consigne|conserve|transmis|enregistre
                |retrouve|renseigne|mentionne|indique|atteste)e?s?\b
        """,
        "de": r"""
            nicht (?!nur|allein)(?:\w+ ){0,3}(?:bekannt|uberliefert|belegt|genannt|erwahnt|angegeben|klar
                |beantwort\w*|sagen|gesichert|festgehalten|dokumentiert|verzeichnet|festgelegt|nennen|wissen|vermerkt
                |ersichtlich|hervor|feststell\w*|ermitteln|klaren|geklart|bestimmen|rekonstruieren)
            (?:unbekannt|unklar|ungewiss|ungeklart|unsicher|unbeantwortet|uberfragt)\b
            (?:bleibt|bleiben|blieb|lasst|lassen|noch) (?:\w+ ){0,3}offen\b
            keine? (?:\w+ ){0,2}(?:quellen?|angaben?|hinweise?|belege?|informationen|information|antwort
                |aufzeichnung(?:en)?|daten|auskunft|kenntnis|zahl)
            (?:weiss (?:man|ich)|(?:man|ich) weiss|wissen wir|wir wissen) (?:\w+ ){0,4}(?:nicht|nichts|kein\w*)\b
                |weiss (?:niemand|keiner)|(?:niemand|keiner) (?:\w+ )?weiss|ich kenne kein
            nichts (?:\w+ )?(?:bekannt|uberliefert|genaues|naheres|sicheres)|lieg(?:t|en) (?:\w+ ){0,3}(?:nichts
                |kein\w*)|(?:sagt|sagen|verrat|verraten|erwahnt|erwahnen) (?:\w+ ){0,4}(?:nicht|nichts|kein\w*)\b
                |(?:nennt|nennen) (?:\w+ ){0,2}kein\w*|schweig(?:t|en) (?:daruber|dazu)|nicht (?:weiterhelfen|angeben)\b
        """,
        "it": r"""
            non (?:e|sono|era|fu|furono|risulta|viene|vengono) (?:\w+ ){0,2}(?:not[oaie]\b|conosciut|indicat|menzionat
                |chiar|precisat|documentat|stabilit|cert[oaie]\b|tramandat|riportat|specificat|registrat|dett[oa]\b
                |dato (?:saper|conoscer))
            non (?:lo|ne|si) (?:\w+ )?(?:sa|conosc\w*|so|sappiamo|tramanda\w*|precisa\w*|ho|abbiamo|dice|dicono)\b
            non (?:si (?:\w+ )?(?:puo|possono)|e possibile|e stato possibile) (?:\w+ ){0,2}(?:dir|sape|stabilir
                |risponder|precisar|determinar|affermar|indicar|confermar|ricostruir)\w*
            non si (?:ha|hanno) (?:\w+ )?(?:notizi|dat[oi]|informazion|tracc|prov[ae]|certezz)\w*
            (?:sconosciut[oaie]|ignot[oaie]|incert[oaie])\b|impossibile (?:dir|saper|stabilir|risponder|precisar
                |determinar)\w*
            nessun[ao]? (?:\w+ )?(?:fonte|informazione|prova|traccia|documento|risposta|notizia|dato|indicazione
                |cifra)|nessuno (?:lo )?sa
            non (?:so|sappiamo|conosco|saprei|posso|possiamo|risulta|dispongo|ho notizi\w+|abbiamo)\b|niente di certo
            non (?:lo |la )?(?:dice|dicono|menziona\w*|specifica\w*|precisa\w*|riporta\w*|tramanda\w*|chiarisc\w+)\b
        """,
        "es": r"""
            no se (?:\w+ )?(?:sabe|conoce|conserva|menciona|indica|precisa|dispone|especifica|documenta|conocen
                |conservan|registra)
            no (?:se (?:\w+ )?(?:puede|podria)|es posible|ha sido posible|se ha podido) (?:\w+ ){0,2}(?:saber|decir
                |determinar|responder|precisar|establecer|afirmar|indicar|confirmar|nombrar)|no puede (?:saber|decir
                |determinar|precisar|establecer)se
            no se han? (?:\w+ )?(?:conservad|registrad|documentad|establecid|determinad|precisad|encontrad|hallad
                |transmitid|mencionad|indicad|aclarad)|no se tienen? (?:\w+ )?(?:notici|constanci|dato|certez|informaci)
            no (?:consta|constan|(?:es|esta|estan|queda) (?:\w+ )?(?:conocid|clar|documentad|registrad|establecid
                |precisad|segur|determinad))
            no lo se\b|no se (?:en|decir\w*|que|cual\w*|quien\w*|cuand\w*|cuant\w*|si|como|donde|exactamente
                |con certeza|responder\w*)\b
            no (?:lo )?(?:sabemos|conozco|conocemos|puedo|podemos|dispongo|tengo|tenemos)\b|nadie (?:lo )?sabe
            (?:desconocid[oa]s?|inciert[oa]s?|se desconoce\w*|se ignora\w*)\b|imposible (?:saber|decir|determinar
                |responder|precisar)
            no (?:hay|existe|existen|queda) (?:\w+ )?(?:constancia|datos?|registros?|informacion|fuentes?|noticias?
                |respuesta|pruebas?|cifras?)
            ningun[ao]? (?:\w+ )?(?:fuente|informacion|prueba|dato|registro|documento|respuesta|noticia|cifra)
            no (?:lo )?(?:dice|dicen|menciona\w*|especifica\w*|precisa\w*|registra\w*|consigna\w*|aclara\w*)\b
        """,
        "pl": r"""
            nie (?:\w+ ){0,2}(?:wiadomo|wiem\w*|wiemy|znam\w*|znane|znana|znany|podano|podaje\w*|odnotowano
                |zachowal\w*|mozna|da sie|jasne|ustalono|okreslono|udokumentowan\w*|wspomin\w*|potrafi\w*|moge
                |przekazano|sposob)
            (?:nieznan\w*|niejasn\w*|niepewn\w*|nieustalon\w*)|nikt (?:tego )?nie wie
            trudno (?:\w+ )?(?:powiedziec|stwierdzic|ustalic|orzec|odpowiedziec)|zrodla (?:o tym )?milcza
            nie (?:\w+ ){0,2}(?:precyzuj\w*|dysponuj\w*|zapisano|rozstrzygn\w*|przetrwal\w*)|nierozstrzygniet\w*
                |anonimow\w*|nikt (?:\w+ ){0,2}nie wie|pozostaje (?:\w+ )?(?:tajemnica|zagadka)
            brak (?:\w+ )?(?:danych|informacji|zrodel|dowodow|odpowiedzi|przekazow|wzmianek)|zadn\w+ (?:zrod\w*
                |dan\w*|informacj\w*|przekaz\w*)
            nie (?:ma|istniej\w+) (?:\w+ )?(?:danych|informacji|zrodel|dowodow|odpowiedzi|zadn\w+|pewnosci|przekazow)
        """,
        "nl": r"""
            niet (?!alleen|enkel|slechts)(?:\w+ ){0,3}(?:bekend|overgeleverd|vermeld|genoemd|vastgelegd|duidelijk
                |te (?:zeggen|beantwoorden|achterhalen|bepalen|noemen)|op te maken|na te gaan|zeker|gedocumenteerd
                |zeggen|weten|noemen|opgegeven|vastgesteld|beantwoord\w*|achterhalen|achterhaald|vertellen|bevestigen|vaststellen)
            (?:onbekend|onduidelijk|onzeker|ongewis|onbeantwoord)\b|geen idee\b|(?:staat|ligt) (?:\w+ ){0,2}niet vast
            (?:(?:weet|weten) (?:men|ik|we|wij)|(?:men|ik|we|wij) (?:weet|weten)) (?:\w+ ){0,4}(?:niet|niets|geen)\b
                |niemand weet|niets (?:\w+ )?(?:bekend|overgeleverd|zeker)|blijft (?:\w+ ){0,3}open\b
            (?:vermeldt|vermelden|zegt|zeggen) (?:\w+ ){0,4}(?:niet|niets|geen)\b|(?:noemt|noemen) (?:\w+ ){0,2}geen\b
            geen (?:\w+ ){0,2}(?:bron|bronnen|informatie|bewijs|gegevens|antwoord|vermelding|aanwijzing\w*|cijfers?
                |opgave)
            niet (?:\w+ ){0,2}(?:worden (?:gezegd|bepaald)|(?:gezegd|bepaald) worden|verder ?helpen)
        """,
        "la": r"""
            (?:ignot\w{1,3}|incert\w{1,3}|ignor\w{1,6}|nescio|nescimus|nesci\w{1,4}|obscurum)\b
            (?:res|quaestio|origo|causa) (?:\w+ )?obscur\w+|(?:fontes|scriptores|auctores) (?:\w+ ){0,3}tace\w+
            (?:respondere|dicere|affirmare) neque\w+|neque(?:o|imus) (?:respondere|dicere|affirmare)|parum constat
            (?<!sine )(?<!haud )(?<!procul )(?<!non )dubi\w{1,3}\b
            non (?:\w+ ){0,2}(?:constat|scri(?:bit|pt)\w+|tradi\w+|scimus|scio|scitur|notum|nota|notus|liquet|exstat
                |exstant|memora\w+|possumus|possum|potest|compertum|certum|dicitur|apparet|novimus)
            null(?:us|a|um|i|o) (?:\w+ )?(?:fons|fontes|testimoni\w+|auctor\w*|memoria\w*|respons\w+|scriptor\w*)
                |nemo (?:\w+ )?(?:scit|tradidit|novit)
                |nihil (?:\w+ )?(?:certi|scriptum|traditur|traditum|constat|scimus|notum)
        """,
    }
)

_DECLINES = _compiled(
    {
        "en": r"""
            (?:makes?|made|making) (?:no|little) sense|(?:do|does|did)(?: not|n't) (?:\w+ )?make (?:any )?sense
                |nonsens\w*|meaningless|absurd\w*
            (?:cannot|can't|can not|could not|couldn't|won't|no such) \w+|no (?:sensible|meaningful|real|true
                |honest) answer|a contradiction|playful|whimsical|imaginative
        """,
        "fr": r"""
            (?:n'a|n'ont|n'aurait|pas|aucun) (?:pas |guere |aucun |vraiment |de )*sens|absurde\w*|insensee?s?\b|non-sens
                |denue\w* de sens|ni queue ni tete|fantaisist\w+|saugrenu\w*|farfelu\w*|loufoque\w*
            (?:ne|n') ?(?:peu[tx]|peuvent|saurait|sauraient|pourrait)\b|jolie (?:image|question|idee)|amusant\w*
        """,
        "de": r"""
            (?:keinen|wenig) sinn|sinnlos\w*|unsinn\w*|absurd\w*|ergibt (?:so )?nicht|nicht sinnvoll|widersinn\w*
                |scherz\w*|quatsch\b|unfug\b|ungereimt\w*
            (?:kann|konnen|konnte|lasst sich) (?:\w+ ){0,5}(?:nicht|kein\w*)
        """,
        "it": r"""
            (?:non|senza|nessun|alcun|poco) (?:\w+ ){0,3}senso\b(?! (?:orario|antiorario|inverso|contrario|opposto))
                |assurd\w+|insensat\w+|privo di senso|nonsens[oe]|fantasios\w+|strampalat\w+
            non (?:puo|possono|potrebbe|saprei|posso)\b
        """,
        "es": r"""
            (?:no|sin|ningun|carece\w* de|poco) (?:\w+ ){0,3}sentido\b(?! (?:contrario|horario|antihorario|opuesto))
                |absurd\w+|disparat\w+|sinsentido|descabellad\w+|estrafalari\w+
            no (?:puede|pueden|podria|cabe|puedo)\b
        """,
        "pl": r"""
            (?:nie|bez|brak|zadnego|pozbawion\w+) (?:\w+ ){0,3}sens\w*|bezsensown\w*|absurd\w*|niedorzeczn\w*
                |nonsens\w*|zartobliw\w*|to (?:\w+ )?(?:zart|niemozliwe)\b
            nie (?:moze|moga|moglby|moglyby|sposob|da sie|mozna)\b
        """,
        "nl": r"""
            (?:geen|weinig|niet) (?:\w+ ){0,2}(?:zin\b|zinnig\w*|zinvol)|zinloos|onzin\w*|absurd\w*|nonsens\w*
                |slaat nergens op|flauwekul\b|ongerijmd\w*
            (?:kan|kunnen|kon) (?:\w+ ){0,5}(?:niet|geen)
        """,
        "la": r"""
            (?:sensu|ratione) (?:\w+ )?car\w+|absurd\w{1,4}|inept\w{1,4}|(?:nullum|sine) (?:\w+ )?sens\w+
                |sens\w+ (?:non|nullum) (?:habe\w+)|ioc\w{1,5}|ridicul\w{1,3}
            (?:non|neque|nec) (?:\w+ ){0,2}pot(?:est|sunt|erat|erit)|non poss\w+
        """,
    }
)

_READINGS = _compiled(
    {
        "en": r"""
            if (?:you|by|what|the question|it)\b.{0,60}?\b(?:mean|means|meant|refer|refers|ask|asks|is meant
                |have in mind|understood|taken)
            (?:depends|depending) on|(?:can|could|may|might) (?:be (?:read|understood|taken|meant)|mean|refer)|(?:two
                |three|several|both|different|either) (?:\w+ )?(?:readings?|meanings?|senses?|ways|things
                |interpretations?|possibilit\w+)
            in (?:the|one|another|a) (?:first|second|other|narrow\w*|broad\w*|wide\w*|strict|loose)? ?(?:sense
                |reading|case)|taken as|(?:read|understood) as|ambiguous|on the (?:one|other) hand|whereas if
                |as for the other
        """,
        "fr": r"""
            si (?:vous|l'on|on|la question|c'est|par|tu|le mot)\b.{0,70}?\b(?:parl\w+|pens\w+|enten\w+|vis\w+
                |demand\w+|vise|porte|veu\w+|voul\w+|designe\w*|pren\w+)
            (?:tout|cela|ca|reponse) (?:en )?depend\w*|depend\w* (?:de (?:ce|quel|la (?:facon|maniere|definition))
                |du (?:sens|point de vue|contexte))|selon (?:que|qu'|ce que|le sens|l'(?:interpretation|acception))
            (?:deux|trois|plusieurs
                |differents?) (?:\w+ )?(?:sens|lectures|facons|manieres|interpretations|acceptions|choses)|au sens
                |dans (?:le|un) (?:premier|second|autre|deuxieme) (?:sens|cas)|peut (?:s'entendre|se lire
                |se comprendre|vouloir dire|designer|renvoyer|etre compris\w*)|ambigu\w*|d'une part|d'un cote
                |s'il s'agit|s'agit-il
        """,
        "de": r"""
            (?:wenn|falls|sofern)\b.{0,70}?\b(?:mein(?:en|t|st)|gemeint|frag(?:en|st|t)|versteh(?:en|st|t)|verstanden
                |denk(?:en|st|t)|bezieh(?:en|st|t)|um .{0,50}?\bgeht)\b
            (?:meinen sie|meinst du|(?:ist|sind) (?:\w+ ){1,4}gemeint|kann (?:\w+ ){0,6}gemeint)\b
                |(?:meint|versteht) man\b[^.]{0,70}, (?:so|dann|ist|sind|lautet)\b
                |geht es (?:\w+ ){0,2}um\b[^.]{0,60}, (?:so|dann|ist|sind|lautet)\b
            hangt (?:\w+ )?davon|hangt (?:\w+ ){0,4}(?:lesart|deutung|bedeutung|auslegung|definition|frage)
                |je nach (?:lesart|sinn\w*|bedeutung|deutung|auslegung|definition)
            kommt (?:\w+ )?darauf an|je nachdem|(?:zwei|drei|mehrere
                |verschiedene|beide\w*) (?:\w+ )?(?:bedeutung\w*|lesart\w*|weisen|deutungen|dinge|fragen
                |moglichkeiten|sinne)|im (?:engeren|weiteren|ersten|zweiten|anderen|wortlichen|ubertragenen) (?:sinn\w*
                |fall\w*)|mehrdeutig
                |doppeldeutig|einerseits|zum einen|kann (?:\w+ ){0,4}(?:bedeuten|heissen|meinen)
        """,
        "it": r"""
            se (?:si|intende\w*|per|con|la domanda|parla|lei|invece|il termine|pensa)\b.{0,70}?\b(?:intend\w+|parl\w+
                |riferi\w+|chied\w+|pens\w+|vuole|tratta|riguarda)
            dipende (?:da (?:che|cosa|quale?|cio|quello|come)\b|dal (?:senso|significato|contesto|punto di vista)
                |dall'(?:interpretazione|accezione)|dalla (?:lettura|definizione))|(?:tutto|cio) dipende
            a seconda (?:di (?:che|cosa|quale?|cio|come|quello)\b|del (?:senso|significato)|che
                |dell'(?:interpretazione|accezione)|della (?:lettura|definizione))
            (?:due|tre|diversi|diverse|piu|vari|entrambi|entrambe) (?:\w+ )?(?:sensi|significati
                |letture|modi|interpretazioni|cose|accezioni)|in (?:un (?:\w+ )?)?senso\b(?! (?:orario|antiorario
                |inverso|contrario|opposto))|nell?(?: |')(?:primo|secondo|altro) (?:senso|caso)|ambigu\w+
                |(?:puo|possono|potrebbe) (?:significare|voler dire|riferirsi|indicare|essere intes\w)
                |da un lato|da una parte(?! all)
        """,
        "es": r"""
            si (?:se|usted|te|por|con|lo que|la pregunta|habla|piensa|pregunta|quiere|alude
                |entiende)\b.{0,70}?\b(?:refier\w+|habl\w+|entend\w+|entiend\w+|pregunt\w+|trata|piens\w+|quier\w+
                |alud\w+)
            depende (?:de (?:a|en|lo|que|cual\w*|quien|como|si)\b|de la (?:interpretacion|acepcion|lectura|definicion)
                |del (?:sentido|significado|contexto|punto de vista))|(?:todo|eso|ello|respuesta) depende
            segun (?:se|lo que|el sentido|a que|que|la (?:interpretacion|acepcion|lectura))|(?:dos|tres|varios|varias
                |distint[oa]s|diferentes
                |ambos|ambas) (?:\w+ )?(?:sentidos|significados|lecturas|modos|maneras|formas|interpretaciones|cosas
                |acepciones)|en (?:el|un) (?:primer|segundo|otro) (?:sentido|caso)|en (?:un |el )?sentido (?:estricto
                |amplio|propio|literal|figurado)|en un sentido|(?:puede|pueden|podria) (?:significar|referirse
                |querer decir|entenderse|aludir)|ambigu\w+|por un lado|por una parte
        """,
        "pl": r"""
            gdy\b.{0,70}?\b(?:chodzi|mowa|pyta\w*|mysl\w*|rozumie\w*)
            (?:jesli|jezeli|o ile)\b.{0,70}?\b(?:chodzi|mowa|pyta\w*|mysl\w*|rozumie\w*|pytanie
                |ma pan\w* na mysli|masz na mysli|oznacza|dotyczy)
            zalezy\b|zaleznie od|w zaleznosci|(?:dwa|dwoch|dwojako|trzy|kilka|rozne|roznych|oba|obu
                |obie) (?:\w+ )?(?:znaczen\w*|sposob\w*|odczytan\w*|rzecz\w*|sens\w*|interpretac\w*)|dwojako
                |w (?:pierwszym|drugim|innym|wezszym|szerszym|scislym) (?:sensie|przypadku|znaczeniu)
                |moze (?:oznaczac|znaczyc|dotyczyc|chodzic|byc (?:\w+ ){1,3}(?:albo|lub))|w odniesieniu do\b
                |niejednoznaczn\w*|dwuznaczn\w*|wieloznaczn\w*
                |z jednej strony
        """,
        "nl": r"""
            (?:als|indien|wanneer)\b.{0,70}?\b(?:bedoel(?:t|d|en)?|vraagt|verstaat|verstaan|denkt|doelt|opvat
                |wordt gevraagd|(?:om|over) .{0,50}?\bgaat|gaat (?:om|over))\b
            (?:bedoelt u|bedoel je|wordt (?:\w+ ){0,4}bedoeld)\b
                |(?:bedoelt|verstaat) men\b[^.]{0,70}, (?:dan|is|zijn)\b|kan (?:\w+ ){0,6}bedoeld
                |gaat het (?:\w+ ){0,2}(?:om|over)\b[^.]{0,60}, (?:dan|is|zijn)\b
            hangt (?:\w+ )?ervan|hangt er (?:\w+ )?van af|hangt (?:\w+ ){0,4}(?:betekenis|lezing|definitie
                |opvatting|vraag)
                |(?:afhankelijk van|naargelang) (?:wat|welke?|hoe|de (?:betekenis|lezing|definitie|opvatting))
            ligt eraan|(?:twee|drie|meer|meerdere|verschillende
                |beide) (?:\w+ )?(?:betekenissen|manieren|lezingen|dingen|opvattingen|zaken|interpretaties)|in (?:de
                |het) (?:eerste|tweede|andere|enge|ruime|strikte|brede) (?:zin|geval|betekenis)
                |kan (?:\w+ ){0,4}(?:betekenen|slaan op|verwijzen)|dubbelzinnig|meerduidig|enerzijds|aan de ene kant
        """,
        "la": r"""
            (?:si|sin|sive|seu)\b.{0,70}?\b(?:quaer\w+|intelleg\w+|dic\w+|vis|velis|spect\w+|agitur|cogita\w+
                |loqu\w+)
            (?:duobus|pluribus|variis|duplici\w*|utroque|altero|priore|alio) (?:\w+ )?(?:modis|modo|sens\w+)|(?:duo
                |plura|varia) (?:\w+ )?significa\w+|ambigu\w{1,3}|dupl\w+ (?:\w+ )?sens\w+|intellegi pot\w+
                |(?:duas|plures) res significa\w+|pendet ex eo
                |significare pot\w+|pot\w+ (?:\w+ )?(?:intellegi|significare)|utrum\b
        """,
    }
)


def says_unknown(text: str, language: str) -> bool:
    """Whether a text says that something is not known, not recorded or cannot be answered."""
    return _UNKNOWN[language].search(fold(text)) is not None


def corrects(text: str, language: str) -> bool:
    """Whether a text says that something is false: by a negation at its beginning, or a turn that corrects, anywhere.

    Which statement it denies is not told; whether one sentence denies is `denied`.
    """
    return _CORRECTIONS[language].search(fold(text)) is not None or _negated(_opening(text, language), language)


def declines(text: str, language: str) -> bool:
    """Whether a text turns a nonsensical request down: by a negation at its beginning, or by calling it nonsense."""
    folded = fold(text)
    return (
        _DECLINES[language].search(folded) is not None
        or _negated(_opening(text, language), language)
        or says_unknown(text, language)
    )


def covers_readings(text: str, language: str) -> bool:
    """Whether a text asks back which meaning is meant, or tells several readings apart."""
    return "?" in text or _READINGS[language].search(fold(text)) is not None


def denied(sentence: str, language: str, *, of: str = "") -> bool:
    """Whether a single sentence denies or corrects something; with `of`, a value that stands in it.

    A negation that comes only after the clause of the value is about something else ("In 1731 he finished it, and no
    storm broke it"); to call something false or a mistake counts anywhere in the sentence.
    """
    folded = fold(sentence)
    if _CORRECTIONS[language].search(folded) is not None:
        return True
    end = folded.rfind(fold(of)) + len(fold(of)) if of else -1
    if end >= len(fold(of)) and of:
        clause = re.compile(r"[,;:\u2013\u2014]").search(folded, end)
        folded = folded[: clause.start()] if clause else folded
    return _negated(folded, language)


def _opening(text: str, language: str) -> str:
    return fold(" ".join(sentences(text, language)[:_OPENING_SENTENCES]))


def _negated(folded: str, language: str) -> bool:
    return _NEGATIONS[language].search(folded) is not None
