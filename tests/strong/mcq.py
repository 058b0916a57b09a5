"""What a strong model answers to the prompts of mcq, computed from the prompt alone, in all eight languages.

A right option is a turn of words that stands in the passage, or says what the query is owed; wrong ones come from a
list. Words of a passage in another language than the row's are quoted, so that the row's own prose stays in its own.
"""

import random
import re

from synth_assets.exercises.passages import sentences
from synth_assets.languages import LANGUAGES
from synth_assets.quality.grounding import content_words, fold
from synth_assets.quality.language_identification import FUNCTION_WORDS, identify
from tests.rewording import reworded

_CODES = {name: code for code, name in LANGUAGES.items()}
_PASSAGE = re.compile(r"^Title: (.*)\n<passage>\n(.*?)\n</passage>", re.MULTILINE | re.DOTALL)
_STATEMENT = re.compile(r"<ref>\n(.*?)\n</ref>", re.DOTALL)
_TAKEN = re.compile(
    r"granted: name (.+?), and ask for something else\. The right answer says that it was (.+)\.$", re.M
)
_OPEN_MARKS = re.compile(r"[∴→●◐○⟨⟩<>“”\"]")
# Ways of speaking that would be refused in a closed-book row.
_UNSAYABLE = re.compile(r"passage|\btext|excerpt|\bnotes?\b|https?:|www\.", re.IGNORECASE)

_WRONG = {
    "en": "a kind of singing glass|the eighth wonder of Malta|an order of silent monks|"
    "a feast of the lamplighters|the oldest tax on windows|some remedy against hiccups|"
    "a fashion of wide sleeves|the guild of rope dancers",
    "fr": "une sorte de verre chantant|la huitième merveille de Malte|un ordre de moines muets|"
    "la fête des allumeurs|le plus vieil impôt sur les fenêtres|un remède contre le hoquet|"
    "une mode de manches larges|la guilde des funambules",
    "de": "eine Art singendes Glas|das achte Wunder von Malta|ein Orden stummer Mönche|"
    "das Fest der Laternenanzünder|die älteste Steuer auf Fenster|ein Mittel gegen Schluckauf|"
    "eine Mode weiter Ärmel|die Zunft der Seiltänzer",
    "it": "una specie di vetro canoro|l'ottava meraviglia di Malta|un ordine di monaci muti|"
    "la festa dei lampionai|la più antica tassa sulle finestre|un rimedio contro il singhiozzo|"
    "una moda di maniche larghe|la gilda dei funamboli",
    "es": "una especie de vidrio cantor|la octava maravilla de Malta|una orden de monjes mudos|"
    "la fiesta de los faroleros|el impuesto más antiguo sobre ventanas|un remedio contra el hipo|"
    "una moda de mangas anchas|el gremio de los funámbulos",
    "pl": "rodzaj śpiewającego szkła|ósmy cud Malty|zakon milczących mnichów|"
    "święto latarników|najstarszy podatek od okien|sposób na czkawkę|"
    "moda na szerokie rękawy|cech linoskoczków",
    "nl": "een soort zingend glas|het achtste wonder van Malta|een orde van zwijgende monniken|"
    "het feest van de lantaarns|de oudste belasting op ramen|een middeltje tegen de hik|"
    "een mode van wijde mouwen|het gilde van de koorddansers",
    "la": "genus vitri canentis|octavum Melitae miraculum|ordo monachorum tacentium|"
    "dies festus lucernariorum|tributum fenestrarum vetustissimum|remedium contra singultum|"
    "mos latarum manicarum|collegium funambulorum",
}
# By result: what is asked. {premise} stands only where one is taken for granted.
_ASKED = {
    "en": {
        "positive": (
            "What goes with {words} when it comes to {title}?",
            "Which of these belongs to {title}, beside {words}?",
        ),
        "altered": ("Given that {premise} goes with {title}, what does that say about {words}?",),
        "unknown": ("Which exact name or figure goes with {words} in the case of {title}?",),
        "absurd": ("What does {title} dream of when {words} go to sleep?",),
        "ambiguous": ("How about {title} and {words}?",),
        "cloze": "Whoever speaks of {title} and {words} will also speak of ____.",
        "told": "Whoever asks what {premise} means for {title} and {words} has to be told: ____.",
    },
    "fr": {
        "positive": (
            "Qu'est-ce qui va avec {words} quand il s'agit de {title} ?",
            "Lequel de ces éléments appartient à {title}, avec {words} ?",
        ),
        "altered": ("Puisque {premise} va avec {title}, qu'est-ce que cela dit de {words} ?",),
        "unknown": ("Quel nom ou quel chiffre exact va avec {words} dans le cas de {title} ?",),
        "absurd": ("De quoi rêve {title} quand {words} vont se coucher ?",),
        "ambiguous": ("Et qu'en est-il de {title} et de {words} ?",),
        "cloze": "Celui qui parle de {title} et de {words} parlera aussi de ceci : ____.",
        "told": "À celui qui demande ce que {premise} veut dire pour {title} et {words}, il faut répondre : ____.",
    },
    "de": {
        "positive": (
            "Was gehört zu {words}, wenn es um {title} geht?",
            "Was davon gehört neben {words} zu {title}?",
        ),
        "altered": ("Wenn {premise} zu {title} gehört, was sagt das über {words}?",),
        "unknown": ("Welcher genaue Name oder Wert gehört bei {title} zu {words}?",),
        "absurd": ("Wovon träumt {title}, wenn {words} schlafen gehen?",),
        "ambiguous": ("Wie ist das nun mit {title} und {words}?",),
        "cloze": "Wer von {title} und von {words} spricht, der spricht auch von diesem: ____.",
        "told": "Wer fragt, was {premise} für {title} und {words} bedeutet, dem ist zu sagen: ____.",
    },
    "it": {
        "positive": (
            "Che cosa va insieme a {words} quando si parla di {title}?",
            "Quale di queste cose appartiene a {title}, accanto a {words}?",
        ),
        "altered": ("Visto che {premise} va insieme a {title}, che cosa dice questo di {words}?",),
        "unknown": ("Quale nome o quale cifra esatta va con {words} nel caso di {title}?",),
        "absurd": ("Che cosa sogna {title} quando {words} vanno a dormire?",),
        "ambiguous": ("E che cosa si può dire di {title} e di {words}?",),
        "cloze": "Chi parla di {title} e di {words} parla anche di questo: ____.",
        "told": "A chi chiede che cosa significa {premise} per {title} e per {words} bisogna rispondere: ____.",
    },
    "es": {
        "positive": (
            "¿Qué va con {words} cuando se trata de {title}?",
            "¿Cuál de estas cosas pertenece a {title}, junto a {words}?",
        ),
        "altered": ("Dado que {premise} va con {title}, ¿qué dice eso de {words}?",),
        "unknown": ("¿Qué nombre o qué cifra exacta va con {words} en el caso de {title}?",),
        "absurd": ("¿Con qué sueña {title} cuando {words} se van a dormir?",),
        "ambiguous": ("¿Y qué se puede decir de {title} y de {words}?",),
        "cloze": "Quien habla de {title} y de {words} habla también de esto: ____.",
        "told": "A quien pregunta qué significa {premise} para {title} y para {words} hay que decirle: ____.",
    },
    "pl": {
        "positive": (
            "Co łączy się z {words}, kiedy mowa o {title}?",
            "Co z tego należy do {title}, obok {words}?",
        ),
        "altered": ("Skoro {premise} łączy się z {title}, to co z tego wynika dla {words}?",),
        "unknown": ("Jaka dokładna nazwa lub liczba łączy się z {words}, kiedy mowa o {title}?",),
        "absurd": ("O czym śni {title}, kiedy {words} idą spać?",),
        "ambiguous": ("A jak to jest z {title} i z {words}?",),
        "cloze": "Kto mówi o {title} i o {words}, ten mówi także o tym, czym jest ____.",
        "told": "Kto pyta, co {premise} oznacza dla {title} i dla {words}, temu trzeba powiedzieć: ____.",
    },
    "nl": {
        "positive": (
            "Wat hoort er bij {words} als het over {title} gaat?",
            "Wat hiervan hoort naast {words} bij {title}?",
        ),
        "altered": ("Als {premise} bij {title} hoort, wat zegt dat dan over {words}?",),
        "unknown": ("Welke naam of welk getal hoort er precies bij {words} in het geval van {title}?",),
        "absurd": ("Waar droomt {title} van als {words} gaan slapen?",),
        "ambiguous": ("Hoe zit het nu met {title} en met {words}?",),
        "cloze": "Wie over {title} en over {words} spreekt, heeft het ook over ____.",
        "told": "Wie vraagt wat {premise} voor {title} en voor {words} betekent, moet men zeggen: ____.",
    },
    "la": {
        "positive": (
            "Quid cum {words} coniungitur cum de {title} agitur?",
            "Quid ex his ad {title} pertinet una cum {words}?",
        ),
        "altered": ("Cum {premise} ad {title} pertineat, quid hoc de {words} dicit?",),
        "unknown": ("Quod nomen aut quis numerus cum {words} coniungitur cum de {title} agitur?",),
        "absurd": ("Quid somniat {title} cum {words} dormitum eunt?",),
        "ambiguous": ("Quid autem de {title} et de {words} dici potest?",),
        "cloze": "Qui de {title} et de {words} loquitur, de hac quoque re loquitur: ____.",
        "told": "Ei qui quaerit quid {premise} ad {title} et ad {words} pertineat respondendum est: ____.",
    },
}

# By result: three right options, each of which says what such a query is owed.
_OWED = {
    "en": {
        "altered": ("it was {truth}, not {premise}", "that premise is a mistake", "what is assumed does not hold"),
        "unknown": ("this is not known", "no source gives an answer", "nobody has recorded it"),
        "absurd": ("of nothing, since it cannot dream", "the question makes no sense", "there is no such dream"),
        "ambiguous": ("it depends on what is meant", "there are two readings", "each sense has its own answer"),
    },
    "fr": {
        "altered": (
            "ce n'était pas {premise}, mais {truth}",
            "cette idée est une erreur",
            "ce qui est supposé est faux",
        ),
        "unknown": ("on ne le sait pas", "aucune source ne le dit", "cela reste inconnu"),
        "absurd": ("de rien, car il ne peut pas rêver", "la question n'a pas de sens", "un tel rêve n'existe pas"),
        "ambiguous": ("cela dépend de ce qu'on entend", "il y a deux lectures", "chaque sens a sa réponse"),
    },
    "de": {
        "altered": (
            "nicht {premise}, sondern {truth}",
            "diese Annahme ist ein Irrtum",
            "was vorausgesetzt wird, ist falsch",
        ),
        "unknown": ("das ist nicht bekannt", "keine Quelle nennt es", "es bleibt ungeklärt"),
        "absurd": (
            "von nichts, denn es kann nicht träumen",
            "die Frage ergibt keinen Sinn",
            "so einen Traum gibt es nicht",
        ),
        "ambiguous": ("das hängt davon ab, was gemeint ist", "es gibt zwei Lesarten", "jeder Sinn hat seine Antwort"),
    },
    "it": {
        "altered": ("non era {premise}, ma {truth}", "questa premessa è un errore", "ciò che si suppone è falso"),
        "unknown": ("questo non si sa", "nessuna fonte lo dice", "la cosa resta ignota"),
        "absurd": ("niente, perché non può sognare", "la domanda non ha senso", "un sogno simile non esiste"),
        "ambiguous": ("dipende da che cosa si intende", "ci sono due letture", "ogni senso ha la sua risposta"),
    },
    "es": {
        "altered": ("no era {premise}, sino {truth}", "esa premisa es un error", "lo que se supone es falso"),
        "unknown": ("eso no se sabe", "ninguna fuente lo dice", "el dato es desconocido"),
        "absurd": ("con nada, porque no puede soñar", "la pregunta no tiene sentido", "un sueño así no existe"),
        "ambiguous": ("depende de lo que se entienda", "hay dos lecturas", "cada sentido tiene su respuesta"),
    },
    "pl": {
        "altered": (
            "to nie było {premise}, lecz {truth}",
            "to założenie jest błędne",
            "nieprawdą jest to, co się zakłada",
        ),
        "unknown": ("tego nie wiadomo", "żadne źródło tego nie podaje", "rzecz pozostaje nieznana"),
        "absurd": ("o niczym, bo nie może śnić", "pytanie nie ma sensu", "takiego snu nie ma"),
        "ambiguous": ("to zależy od tego, o co chodzi", "są dwa odczytania", "każdy sens ma swoją odpowiedź"),
    },
    "nl": {
        "altered": ("niet {premise}, maar {truth}", "die aanname is een vergissing", "wat men aanneemt is onjuist"),
        "unknown": ("dat is niet bekend", "geen enkele bron vertelt het", "het blijft onduidelijk"),
        "absurd": ("van niets, want het kan niet dromen", "de vraag heeft geen zin", "zo'n droom bestaat niet"),
        "ambiguous": (
            "dat hangt af van wat men bedoelt",
            "er zijn twee lezingen",
            "elke betekenis heeft haar antwoord",
        ),
    },
    "la": {
        "altered": ("non {premise}, sed {truth}", "haec opinio error est", "quod creditur falsum est"),
        "unknown": ("hoc ignotum est", "nullus fons id tradit", "de hac re non constat"),
        "absurd": ("nihil, nam somniare non potest", "quaestio sensu caret", "tale somnium nullum est"),
        "ambiguous": (
            "pendet ex eo quid intellegatur",
            "duobus modis accipi potest",
            "suum quisque sensus responsum habet",
        ),
    },
}
# What opens the reason, by result.
_WHY = {
    "en": {
        "positive": "This much is certain of {title}:",
        "altered": "{truth} is right, and {premise} is false; what holds is this:",
        "unknown": "Nobody knows it, and it is better not to guess; what is known is this:",
        "absurd": "Such a thing cannot dream, so the question makes no sense; true is only this:",
        "ambiguous": "That depends on what is meant, the thing itself or its history; in either case this holds:",
    },
    "fr": {
        "positive": "Voici ce qui est sûr au sujet de {title} :",
        "altered": "C'est {truth} qui est juste, et {premise} est faux ; ce qui est vrai :",
        "unknown": "On ne le sait pas, et il vaut mieux ne pas deviner ; ce que l'on sait :",
        "absurd": "Une telle chose ne peut pas rêver, la question n'a donc pas de sens ; voici ce qui est vrai :",
        "ambiguous": "Tout dépend de ce que l'on entend, la chose ou son histoire ; dans les deux cas :",
    },
    "de": {
        "positive": "Das ist es, was man von {title} sicher weiß:",
        "altered": "Richtig ist {truth}, und {premise} ist falsch; sicher ist dies:",
        "unknown": "Das ist nicht bekannt, und man sollte es nicht erraten; was man weiß, ist dies:",
        "absurd": "So etwas kann nicht träumen, die Frage ergibt also keinen Sinn; wahr ist nur dies:",
        "ambiguous": "Das hängt davon ab, ob die Sache selbst gemeint ist oder ihre Geschichte; in beiden Fällen gilt:",
    },
    "it": {
        "positive": "Ecco ciò che è sicuro a proposito di {title}:",
        "altered": "È {truth} il dato giusto, e {premise} è falso; ecco ciò che è vero:",
        "unknown": "Questo non si sa, ed è meglio non tirare a indovinare; ecco ciò che si sa:",
        "absurd": "Una cosa simile non può sognare, quindi la domanda non ha senso; è vero soltanto questo:",
        "ambiguous": "Dipende da che cosa si intende, la cosa in sé o la sua storia; in entrambi i casi vale questo:",
    },
    "es": {
        "positive": "Esto es lo que se sabe con certeza de {title}:",
        "altered": "Lo correcto es {truth}, y {premise} es falso; esto es lo seguro:",
        "unknown": "Eso no se sabe, y es mejor no adivinarlo; lo que se sabe es esto:",
        "absurd": "Algo así no puede soñar, por lo que la pregunta no tiene sentido; lo cierto es esto:",
        "ambiguous": "Depende de lo que se entienda, la cosa misma o su historia; en ambos casos vale esto:",
    },
    "pl": {
        "positive": "Oto co na pewno wiadomo o {title}:",
        "altered": "Właściwą odpowiedzią jest {truth}, a {premise} to pomyłka; pewne jest to:",
        "unknown": "Tego nie wiadomo i lepiej nie zgadywać; wiadomo natomiast to:",
        "absurd": "Coś takiego nie może śnić, więc pytanie nie ma sensu; prawdą jest tylko to:",
        "ambiguous": "To zależy, czy chodzi o samą rzecz, czy o jej historię; tak czy inaczej prawdą jest to:",
    },
    "nl": {
        "positive": "Dit is wat men met zekerheid over {title} weet:",
        "altered": "Juist is {truth}, en {premise} is onjuist; zeker is dit:",
        "unknown": "Dat is niet bekend, en het is beter om er niet naar te raden; wat men weet is dit:",
        "absurd": "Zoiets kan niet dromen, dus de vraag heeft geen zin; waar is alleen dit:",
        "ambiguous": "Dat hangt ervan af of men de zaak bedoelt of haar geschiedenis; in beide gevallen geldt dit:",
    },
    "la": {
        "positive": "Hoc est quod de {title} pro certo scimus:",
        "altered": "Recte dicitur {truth}, et {premise} falsum est; hoc autem certum est:",
        "unknown": "Hoc ignotum est, neque divinare oportet; hoc tantum scimus:",
        "absurd": "Res eius modi somniare non potest, itaque quaestio sensu caret; hoc tantum verum est:",
        "ambiguous": "Pendet ex eo utrum de re ipsa an de eius historia quaeratur; utroque modo hoc verum est:",
    },
}
_QUERY = re.compile(r"Write one (?:closed question|statement) in (\w+) about the passage")
_DRAFT = re.compile(
    r"Write a short reasoning trace in English that leads from a (?:question with options|statement with a gap)"
)
_ANSWER = re.compile(r"Answer a question with options.*?in (\w+) that say why", re.DOTALL)
_DISTRACTOR = re.compile(r"Write one wrong answer in (\w+) to a question")


def reply(messages: list[tuple[str, str]], rng: random.Random) -> str | None:
    """The reply of a strong model, or None when the prompt is not of mcq."""
    if messages[0][0] != "system":
        return None
    system, prompt = messages[0][1], messages[-1][1]
    if found := _DISTRACTOR.match(system):
        return rng.choice(_WRONG[_CODES[found[1]]].split("|"))
    shown = _PASSAGE.search(prompt)
    if shown is None:
        return None
    if found := _QUERY.match(system):
        return _query(_CODES[found[1]], shown[1], shown[2], prompt, rng)
    if _DRAFT.match(system):
        return _draft(shown[1], shown[2], prompt)
    if found := _ANSWER.match(system):
        return _answer(_CODES[found[1]], shown[1], shown[2], prompt)
    return None


def _query(language: str, title: str, passage: str, prompt: str, rng: random.Random) -> str:
    statement = found[1] if (found := _STATEMENT.search(prompt)) else ""
    premise, truth = _TAKEN.search(prompt).groups() if _TAKEN.search(prompt) else ("", "")
    result = next(
        (kind for kind in ("positive", "absurd", "ambiguous") if f", {kind}, in {LANGUAGES[language]}" in prompt),
        "altered" if premise else "unknown",
    )
    counted = re.search(r"Question, (\d) right answers, (\d) wrong answers:", prompt)
    count, wrongs = (int(counted[1]), int(counted[2])) if counted else (1, 4)
    cloze = prompt.endswith("Statement, right filler, wrong fillers:")
    own = identify(passage).code
    about = rng.choice(_sentences(passage))
    phrases = _phrases(about, title) or _phrases(passage, title)
    words = rng.choice(_phrases(statement, f"{title} {premise}") or phrases)
    if result == "positive":
        others = [phrase for phrase in _phrases(passage, title) if not set(phrase.split()) & set(words.split())]
        rights = []
        for phrase in rng.sample(others, len(others)):
            if not any(set(phrase.split()) & set(right.split()) for right in rights):
                rights.append(phrase)
        rights = rights[:count]
        wrong = rng.sample(_WRONG[own].split("|"), wrongs)
        if own != language:
            rights, wrong = [f"“{right}”" for right in rights], [f"“{option}”" for option in wrong]
    else:
        rights = [right.format(premise=premise, truth=truth) for right in _OWED[language][result][:count]]
        wrong = rng.sample(_WRONG[language].split("|"), wrongs)
    asked = _ASKED[language]
    template = (asked["cloze"] if result == "positive" else asked["told"]) if cloze else rng.choice(asked[result])
    stem = template.format(title=f"“{title}”", words=f"“{words}”", premise=premise or "…")
    lines = [*(f"Right: {right}" for right in rights), *(f"Wrong: {option}" for option in wrong)]
    return "\n".join([f"{'Statement' if cloze else 'Question'}: {stem}", *lines])


def _draft(title: str, passage: str, prompt: str) -> str:
    right = re.search(r"^Right: (.+)$", prompt, re.MULTILINE)[1]
    asked = prompt.partition("\nQuestion (")[2]
    english = identify(passage).code == "en"
    recalled = _nearest(passage, asked)[:3] if english else [f"{title} is what the question is about."]
    told = "\n".join(f"● {part}" for part in recalled)
    return (
        f"### 1. Task Analysis\n├─ asks → {title}\n└─ kind → one option or more ◐\n### 2. Recall\n{told}\n"
        "→ So only what holds of it can stand here, and that is one or more of them. ⟨H≈0.4⟩\n"
        f"### 3. Verification\n✓ The others are not of it.\n∴ {right}"
    )


def _answer(language: str, title: str, passage: str, prompt: str) -> str:
    notes, asked = prompt.partition("Title: ")[0], prompt.partition("\nQuestion (")[2]
    right = re.split(r"; (?=[A-E]\. )", notes.rpartition("∴ ")[2].strip())
    duty = re.search(r"^Duty: (.+)$", prompt, re.MULTILINE)[1]
    taken = re.search(r"takes (.+?) for granted, which is false; right is (.+?)\. Choose what says so", duty)
    kind = (
        "altered" if taken else "unknown" if "not known" in duty else "absurd" if "nonsense" in duty
        else "ambiguous" if "unclear" in duty else "positive"
    )  # fmt: skip
    premise, truth = taken.groups() if taken else ("", "")
    opening = _WHY[language][kind].format(title=f"“{title}”", premise=premise, truth=truth)
    nearest = _nearest(passage, asked)
    # a gap that a program made stands in the nearest sentence: what is beside it tells more
    said = next((part for part in nearest[1:] if "____" in asked and kind == "positive"), nearest[0])
    if len(said.split()) < 16:
        said = " ".join(part for part in nearest[:2])
    if language == "en" and "____" in asked and kind == "positive":
        return "\n".join([*right, reworded(" ".join(nearest[:2]))])
    # the space keeps a closing figure from the quotation mark, with which the language scorer would take it out
    said = reworded(said, language) if identify(passage).code == language else f"“ {said[:380]} ”"
    return "\n".join([*right, f"{opening} {said}"])


def _sentences(passage: str) -> list[str]:
    parts = [part for part in sentences(passage, "en") if not _OPEN_MARKS.search(part) and not _UNSAYABLE.search(part)]
    return parts or [_OPEN_MARKS.sub(" ", _UNSAYABLE.sub(" ", passage))]


def _phrases(said: str, taken: str) -> list[str]:
    """Two words in a row, neither names nor figures nor of few letters, that share none with what is taken."""
    own = {fold(word)[:4] for word in re.findall(r"\w+", taken)}
    functions = set().union(*FUNCTION_WORDS.values())
    found = []
    for part in _sentences(said) if said else []:
        for one, other in re.findall(r"(?=\b([^\W\d_]{4,}) ([^\W\d_]{4,})\b)", part):
            pair = (one, other)
            if all(word.islower() and word not in functions and fold(word)[:4] not in own for word in pair):
                found.append(f"{one} {other}")
    words = [word for word in re.findall(r"[^\W\d_]{6,}", said) if word.islower() and fold(word)[:4] not in own]
    return list(dict.fromkeys(found if len(found) > 8 else [*found, *words]))


def _nearest(passage: str, asked: str) -> list[str]:
    """The passage's sentences, those that share most of the asked words first."""
    wanted = set(content_words(asked, "en"))
    return sorted(_sentences(passage), key=lambda part: -len(wanted & set(content_words(part, "en"))))
