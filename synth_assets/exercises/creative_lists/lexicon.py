"""Words by which code knows a salutation, a date, a first person or a remark about the text, in all eight languages.

Written for this project. Patterns are matched against folded text: small letters without accents.
"""

SALUTATIONS: dict[str, str] = {
    "en": r"dear\w*|my|our|hello|hi|hey|to|beloved|sweet|good (?:morning|evening|day)|greetings|friends?|honou?red",
    "fr": r"cher|chere|chers|cheres|mon|ma|mes|notre|bonjour|bonsoir|salut|tendre|monsieur|madame|bien[- ]aime\w*|a",
    "de": r"lieb\w*|sehr geehrt\w*|hallo|guten|mein\w*|unser\w*|verehrt\w*|hochverehrt\w*|geliebt\w*|an|werte\w*"
    r"|teur\w*",
    "it": r"car[oaie]\w*|gentil\w*|egregi\w*|mi[oa]|miei|mie|amat\w*|ciao|salve|buon\w*|dolc\w*|stimat\w*|a|adorat\w*",
    "es": r"querid\w*|estimad\w*|hola|mi|mis|amad\w*|buen\w*|muy|apreciad\w*|a|ador\w*|senor\w*",
    "pl": r"drog\w*|kochan\w*|szanown\w*|moj\w*|czesc|witaj\w*|najdroz\w*|mil\w*|najmil\w*|dzien|dobry|do"
    r"|pan\w*|ukochan\w*",
    "nl": r"beste\w*|lieve\w*|geacht\w*|dag|hallo|waard\w*|mijn|onze|aan|lief\w*|goede\w*|hoi|geliefd\w*",
    "la": r".*\b(?:salut\w*|s\.? ?d\.?|s\.? ?p\.? ?d\.?|salv\w*|hav\w*|ave\w*|car\w*|dilect\w*|mi|mea"
    r"|amat\w*|suo|suae|dulcis\w*)\b",
}

DATES: dict[str, str] = {
    "en": r"january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday"
    r"|wednesday|thursday|friday|saturday|sunday",
    "fr": r"janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|lundi|mardi|mercredi"
    r"|jeudi|vendredi|samedi|dimanche",
    "de": r"januar|februar|marz|april|mai|juni|juli|august|september|oktober|november|dezember|montag|dienstag|mittwoch"
    r"|donnerstag|freitag|samstag|sonnabend|sonntag",
    "it": r"gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre|lunedi"
    r"|martedi|mercoledi|giovedi|venerdi|sabato|domenica",
    "es": r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|lunes|martes"
    r"|miercoles|jueves|viernes|sabado|domingo",
    "pl": r"styczni\w*|lut\w+|marzec|marca|kwie\w+|maj\w*|czerw\w+|lip\w+|sierp\w+|wrze\w+|pazdziernik\w*|listopad\w*"
    r"|grud\w+|poniedzial\w+|wtor\w+|srod\w+|czwart\w+|piat\w+|sobot\w+|niedziel\w+",
    "nl": r"januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|maandag|dinsdag"
    r"|woensdag|donderdag|vrijdag|zaterdag|zondag",
    "la": r"kal\w*|non\w*|id(?:ib)?us|iduum|ianuari\w*|februari\w*|marti\w*|april\w*|mai\w*|iuni\w*|iuli\w*|august\w*"
    r"|septembr\w*|octobr\w*|novembr\w*|decembr\w*|hora|dies?|feria",
}

FIRST_PERSON: dict[str, str] = {
    "en": r"i|my|me|mine|myself|we|our|us",
    "fr": r"je|j|mon|ma|mes|me|m|moi|nous|notre|nos",
    "de": r"ich|mein\w*|mir|mich|wir|uns\w*",
    "it": r"io|mi|m|mio|mia|miei|mie|me|noi|nostr\w|ci|ricordo|sono|ho",
    "es": r"yo|mi|mis|me|conmigo|nos|nuestr\w+|mio|mia",
    "pl": r"ja|mnie|mi|moj\w*|mna|moi\w*|nas\w*|nam|\w+(?:lem|lam)",
    "nl": r"ik|mijn|me|mij|we|wij|ons|onze",
    "la": r"ego|me|mihi|mecum|me[aou]\w*|mei\w*|nos|nobis|nostr\w+",
}

# Words for what was written, by which a remark about it is known.
_TEXT_WORDS: dict[str, str] = {
    "en": r"poem|story|text|letter|sonnet|scene|dialogue|monologue|piece|recipe|list|version|entry|tale|obituary|speech"
    r"|toast|riddle|ballad|ode|elegy|lullaby|fable|draft|response|postcard|interview|report|advertisement",
    "fr": r"poeme|histoire|texte|lettre|sonnet|scene|dialogue|monologue|recit|recette|liste|version|conte|nouvelle"
    r"|discours|enigme|ballade|ode|elegie|berceuse|fable|reponse|carte postale|entretien|annonce",
    "de": r"gedicht|geschichte|text|brief|sonett|szene|dialog|monolog|rezept|liste|fassung|eintrag|marchen|nachruf|rede"
    r"|ratsel|ballade|ode|elegie|wiegenlied|fabel|entwurf|antwort|postkarte|interview|anzeige|erzahlung",
    "it": r"poesia|storia|testo|lettera|sonetto|scena|dialogo|monologo|racconto|ricetta|lista|versione|fiaba|discorso"
    r"|indovinello|ballata|ode|elegia|ninnananna|favola|risposta|cartolina|intervista|annuncio|pagina",
    "es": r"poema|historia|texto|carta|soneto|escena|dialogo|monologo|relato|receta|lista|version|cuento|discurso"
    r"|adivinanza|balada|oda|elegia|nana|fabula|respuesta|postal|entrevista|anuncio",
    "pl": r"wiersz|opowiadanie|tekst|list|sonet|scena|dialog|monolog|przepis|lista|wersja|wpis|bajk\w|bas\w+"
    r"|przemowieni\w|zagadk\w|ballad\w|od[ae]|elegi\w|kolysank\w|odpowiedz|pocztowk\w|wywiad|ogloszeni\w|nekrolog",
    "nl": r"gedicht|verhaal|tekst|brief|sonnet|scene|dialoog|monoloog|recept|lijst|versie|sprookje|toespraak|raadsel"
    r"|ballade|ode|elegie|slaaplied\w*|wiegelied\w*|fabel|antwoord|ansichtkaart|interview|advertentie",
    "la": r"carmen|fabula\w*|textus|epistula|scaena|dialogus|narratio|praeceptum|index|oratio|aenigma|elegia|responsum",
}

_YES: dict[str, str] = {
    "en": r"sure(?: thing)?|certainly|of course|absolutely|gladly|with pleasure",
    "fr": r"bien sur|certainement|avec plaisir|volontiers",
    "de": r"gerne?|naturlich|selbstverstandlich|sicher|klar",
    "it": r"certo|certamente|volentieri|con piacere",
    "es": r"claro(?: que si)?|por supuesto|con (?:mucho )?gusto",
    "pl": r"oczywiscie|jasne|prosze bardzo|z przyjemnoscia",
    "nl": r"natuurlijk|zeker|graag(?: gedaan)?|uiteraard",
    "la": r"certe|sane|libenter",
}

_PRESENTS: dict[str, str] = {
    "en": r"here(?:'s| is| are| you go)|below is|this is",
    "fr": r"voici|voila|ci-dessous",
    "de": r"hier (?:ist|sind|kommt|hast)|das ist|nachfolgend",
    "it": r"ecco(?:ti|le|lo|la)?|di seguito",
    "es": r"aqui (?:tienes|esta|tiene|va|te dejo)|a continuacion|este es",
    "pl": r"oto|ponizej|to jest",
    "nl": r"hier (?:is|zijn|volgt|heb je)|hieronder|dit is",
    "la": r"ecce|en|infra|hoc est",
}

_CLOSERS: dict[str, str] = {
    "en": r"i hope (?:this|you (?:like|enjoy))|let me know|feel free|would you like me to|\(?word count|note:",
    "fr": r"j'espere que (?:ce|cette|cela)|n'hesite|souhaite[sz]-(?:tu|vous) que|nombre de mots|note :|remarque :",
    "de": r"ich hoffe, (?:der|die|das|dir|es)|lass mich wissen|soll ich|wortzahl|anmerkung:|hinweis:",
    "it": r"spero che (?:quest|ti piac)|fammi sapere|vuoi che|numero di parole|nota:",
    "es": r"espero que (?:est|te guste)|avisame|dime si|quieres que|numero de palabras|nota:",
    "pl": r"mam nadzieje, ze (?:ten|ta|to|ci)|daj znac|czy chcesz|liczba slow|uwaga:",
    "nl": r"ik hoop dat (?:dit|deze|je)|laat (?:het )?me weten|wil je dat ik|aantal woorden|opmerking:",
    "la": r"spero hoc|spero hanc|numerus verborum|nota:|adnotatio:",
}


def preface_pattern(language: str) -> str:
    """Of a folded first line that speaks about the text: "Sure!", "Here is your poem:", "Of course! A story for you".

    A story may well begin "Here is the harbour" or "Of course the letter came": what is refused presents a text and
    ends on a colon or an exclamation mark, or consents and goes on about one.
    """
    yes, presents, word = _YES[language], _PRESENTS[language], _TEXT_WORDS[language]
    start, end = r"[*_#>¡\s]*", r"[*_\s]*\Z"
    return (
        rf"{start}(?:"
        rf"(?:{yes})\s*[!:]{end}"
        rf"|(?:{yes})\s*[!.:].*\b(?:{word})\b"
        rf"|(?:(?:{yes})\s*[!.:,]?\s*)?(?:{presents})\b.*\b(?:{word})\b.*[:!]{end}"
        rf"|(?:{presents})\s*:{end})"
    )


def afterword_pattern(language: str) -> str:
    """Of a folded last line that speaks to who asked."""
    return rf"\W*(?:{_CLOSERS[language]})"
