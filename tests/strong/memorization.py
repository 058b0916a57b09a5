"""What a strong model answers to the prompts of memorization, computed from the prompt alone, in all eight languages.

A query names its subject and some words of its passage, in quotes; trace and answer find the sentence that bears most
of them. A sentence in another language than the row's is quoted, so that the row's own prose stays in its language.
"""

import random
import re

from synth_assets.exercises.passages import sentences
from synth_assets.languages import LANGUAGES
from synth_assets.quality.grounding import content_words, fold
from synth_assets.quality.language_identification import identify
from tests.rewording import reworded

_CODES = {name: code for code, name in LANGUAGES.items()}
_PASSAGE = re.compile(r"^Title: (.*)\n<passage>\n(.*?)\n</passage>", re.MULTILINE | re.DOTALL)
_STATEMENT = re.compile(r"<ref>\n(.*?)\n</ref>", re.DOTALL)
_ASKED = re.compile(r"^Question \(.*?\): (.+)$", re.MULTILINE)
_DUTY = re.compile(r"^Duty: (.+)$", re.MULTILINE)
_TAKEN = re.compile(r"takes (.+?) for granted, which is false; right is (.+?)\. Say what is wrong")
_QUOTED = re.compile(r"“([^”]+)”")
_OPEN_MARKS = re.compile(r"[∴→●◐○⟨⟩<>“”\"]")
# Ways of speaking that would be refused in a closed-book answer.
_UNSAYABLE = re.compile(r"passage|\btext|excerpt|\bnotes?\b|https?:|www\.", re.IGNORECASE)

_QUERY, _DRAFT, _ANSWER = (
    "Read the passage and write one question in ",
    "Write a short reasoning trace in English that leads from a question to its answer, as recalled from memory",
    "from what the passage says, as if you knew it by heart.",
)

_QUERIES = {
    "en": {
        "positive": (
            "What should one know about {title} when it comes to {words}?",
            "How do {words} belong to {title}, and what follows from that?",
            "Could you explain what {words} have to do with {title}?",
            "Why do {words} matter for anybody who wants to understand {title}?",
        ),
        "altered": (
            "Given that {premise} goes with {title}, what does it mean for {words}?",
            "How does {premise} explain {words} in the case of {title}?",
        ),
        "removed": (
            "Which exact value or name goes with {words} in the case of {title}?",
            "Do you know what precisely belongs to {words} with {title}?",
        ),
        "year": ("In which year did {title} first have to do with {words}?",),
        "person": ("Who was the first person to connect {title} with {words}?",),
        "absurd": (
            "What does {title} dream of when {words} go to sleep?",
            "How many slices of {words} does {title} eat on a rainy Tuesday?",
        ),
        "ambiguous": ("How is it with {words} and {title}?", "What about {title} and its {words}?"),
    },
    "fr": {
        "positive": (
            "Que faut-il savoir de {title} en ce qui concerne {words} ?",
            "Quel rapport y a-t-il entre {title} et {words}, et qu'en résulte-t-il ?",
            "Pourriez-vous expliquer ce que {words} ont à voir avec {title} ?",
            "Pourquoi {words} comptent-ils pour qui veut comprendre {title} ?",
        ),
        "altered": (
            "Puisque {premise} va de pair avec {title}, qu'est-ce que cela signifie pour {words} ?",
            "Comment {premise} explique-t-il {words} dans le cas de {title} ?",
        ),
        "removed": (
            "Quel nom ou quel chiffre exact accompagne {words} dans le cas de {title} ?",
            "Savez-vous ce qui va précisément avec {words} quand on parle de {title} ?",
        ),
        "year": ("En quelle année {title} eut-il affaire pour la première fois à {words} ?",),
        "person": ("Qui fut la première personne à rapprocher {title} de {words} ?",),
        "absurd": (
            "De quoi rêve {title} quand {words} vont se coucher ?",
            "Combien de tranches de {words} mange {title} par un mardi de pluie ?",
        ),
        "ambiguous": ("Qu'en est-il de {words} et de {title} ?", "Et pour {title}, que dire de {words} ?"),
    },
    "de": {
        "positive": (
            "Was sollte man über {title} wissen, wenn es um {words} geht?",
            "Wie hängen {words} mit {title} zusammen, und was folgt daraus?",
            "Können Sie erklären, was {words} mit {title} zu tun haben?",
            "Warum sind {words} wichtig für alle, die {title} verstehen wollen?",
        ),
        "altered": (
            "Was bedeutet es für {words}, dass {premise} zu {title} gehört?",
            "Wie erklärt {premise} im Fall von {title} die Sache mit {words}?",
        ),
        "removed": (
            "Welcher genaue Wert oder Name gehört bei {title} zu {words}?",
            "Wissen Sie, was bei {title} genau zu {words} gehört?",
        ),
        "year": ("In welchem Jahr hatte {title} zum ersten Mal mit {words} zu tun?",),
        "person": ("Welcher Mensch hat {title} als Erster mit {words} verbunden?",),
        "absurd": (
            "Wovon träumt {title}, wenn {words} schlafen gehen?",
            "Wie viele Scheiben {words} isst {title} an einem verregneten Dienstag?",
        ),
        "ambiguous": ("Wie steht es um {words} und {title}?", "Was ist denn nun mit {title} und {words}?"),
    },
    "it": {
        "positive": (
            "Che cosa bisogna sapere di {title} per quanto riguarda {words}?",
            "Che legame c'è tra {title} e {words}, e che cosa ne segue?",
            "Mi può spiegare che cosa hanno a che fare {words} con {title}?",
            "Perché {words} sono importanti per chi vuole capire {title}?",
        ),
        "altered": (
            "Visto che {premise} va insieme a {title}, che cosa significa questo per {words}?",
            "In che modo {premise} spiega {words} nel caso di {title}?",
        ),
        "removed": (
            "Quale nome o quale cifra esatta accompagna {words} nel caso di {title}?",
            "Sa dirmi che cosa appartiene di preciso a {words} quando si parla di {title}?",
        ),
        "year": ("In quale anno {title} ebbe a che fare per la prima volta con {words}?",),
        "person": ("Chi fu la prima persona a collegare {title} con {words}?",),
        "absurd": (
            "Che cosa sogna {title} quando {words} vanno a dormire?",
            "Quante fette di {words} mangia {title} in un martedì di pioggia?",
        ),
        "ambiguous": ("Che ne è di {words} e di {title}?", "E di {title} con {words}, che cosa si può dire?"),
    },
    "es": {
        "positive": (
            "¿Qué hay que saber de {title} en lo que se refiere a {words}?",
            "¿Qué relación hay entre {title} y {words}, y qué se sigue de ello?",
            "¿Podría explicarme qué tienen que ver {words} con {title}?",
            "¿Por qué importan {words} a quien quiere entender {title}?",
        ),
        "altered": (
            "Dado que {premise} va unido a {title}, ¿qué significa eso para {words}?",
            "¿Cómo explica {premise} lo de {words} en el caso de {title}?",
        ),
        "removed": (
            "¿Qué nombre o qué cifra exacta acompaña a {words} en el caso de {title}?",
            "¿Sabe usted qué corresponde exactamente a {words} cuando se habla de {title}?",
        ),
        "year": ("¿En qué año tuvo {title} por primera vez algo que ver con {words}?",),
        "person": ("¿Quién fue la primera persona que relacionó {title} con {words}?",),
        "absurd": (
            "¿Con qué sueña {title} cuando {words} se van a dormir?",
            "¿Cuántas rebanadas de {words} come {title} un martes de lluvia?",
        ),
        "ambiguous": ("¿Qué pasa con {words} y con {title}?", "¿Y qué hay de {title} con {words}?"),
    },
    "pl": {
        "positive": (
            "Co warto wiedzieć na temat {title}, jeśli chodzi o {words}?",
            "Jaki jest związek między {title} a {words} i co z niego wynika?",
            "Czy może mi pan wyjaśnić, co {words} mają wspólnego z {title}?",
            "Dlaczego {words} są ważne dla każdego, kto chce zrozumieć {title}?",
        ),
        "altered": (
            "Skoro {premise} łączy się z {title}, to co to oznacza dla {words}?",
            "W jaki sposób {premise} wyjaśnia {words} w przypadku {title}?",
        ),
        "removed": (
            "Jaka dokładnie nazwa albo liczba wiąże się z {words} w przypadku {title}?",
            "Czy wie pan, co dokładnie należy do {words}, kiedy mowa o {title}?",
        ),
        "year": ("W którym roku {title} po raz pierwszy miało coś wspólnego z {words}?",),
        "person": ("Kto jako pierwszy człowiek powiązał {title} z {words}?",),
        "absurd": (
            "O czym śni {title}, kiedy {words} idą spać?",
            "Ile kromek {words} zjada {title} w deszczowy wtorek?",
        ),
        "ambiguous": ("Jak to jest z {words} i z {title}?", "A co z {title} oraz z {words}?"),
    },
    "nl": {
        "positive": (
            "Wat moet men over {title} weten als het om {words} gaat?",
            "Hoe hangen {words} samen met {title}, en wat volgt daaruit?",
            "Kunt u uitleggen wat {words} met {title} te maken hebben?",
            "Waarom zijn {words} van belang voor wie {title} wil begrijpen?",
        ),
        "altered": (
            "Wat betekent het voor {words} dat {premise} bij {title} hoort?",
            "Hoe verklaart {premise} in het geval van {title} de zaak met {words}?",
        ),
        "removed": (
            "Welke naam of welk getal hoort bij {title} precies bij {words}?",
            "Weet u wat er bij {title} precies bij {words} hoort?",
        ),
        "year": ("In welk jaar had {title} voor het eerst met {words} te maken?",),
        "person": ("Wie was de eerste persoon die {title} met {words} verbond?",),
        "absurd": (
            "Waar droomt {title} van als {words} gaan slapen?",
            "Hoeveel plakjes {words} eet {title} op een regenachtige dinsdag?",
        ),
        "ambiguous": ("Hoe zit het met {words} en met {title}?", "En hoe is het met {title} en {words}?"),
    },
    "la": {
        "positive": (
            "Quid de {title} scire oportet, si de {words} agitur?",
            "Quomodo {words} ad {title} pertinent, et quid inde sequitur?",
            "Velim mihi explices: quid commune est inter {words} et {title}?",
            "Cur {words} magni momenti sunt ei qui {title} intellegere vult?",
        ),
        "altered": (
            "Cum {premise} ad {title} pertineat, quid hoc ad {words} significat?",
            "Quomodo {premise} ea quae de {words} dicuntur in {title} explicat?",
        ),
        "removed": (
            "Quod nomen aut qui numerus in {title} proprie ad {words} pertinet?",
            "Scisne quid in {title} proprie cum {words} coniunctum sit?",
        ),
        "year": ("Quo anno {title} primum aliquid cum {words} commune habuit?",),
        "person": ("Quis hominum primus {title} cum {words} coniunxit?",),
        "absurd": ("Quid somniat {title} cum {words} dormitum eunt?", "Quot frusta ex {words} edit {title} cum pluit?"),
        "ambiguous": ("Quid est de {words} et de {title}?", "Quid autem de {title} et de {words} dicendum est?"),
    },
}

# What an answer opens with, by duty; what the section says follows, quoted where it is in another language.
_ANSWERS = {
    "en": {
        "positive": ("What is known of {title} can be put like this:", "Of {title} one may say:", "Here is the point:"),
        "altered": ("Not {premise}, no: it is {truth}.", "It is not {premise}, it is {truth}."),
        "unknown": ("That is not known of {title}.", "This cannot be answered: it is not known for {title}."),
        "absurd": ("The question does not make sense.", "That is impossible to say, for it does not make sense."),
        "ambiguous": (
            "The question could mean two things: do you mean the first or the second?",
            "The question is ambiguous: which reading do you mean?",
        ),
    },
    "fr": {
        "positive": (
            "On peut répondre par ce que l'on sait de {title} :",
            "Voici ce qui compte quand il est question de {title} :",
            "Le point décisif est bien connu, et il se dit en peu de mots :",
        ),
        "altered": (
            "Non, ce n'est pas {premise}, mais {truth}, et tout le reste en dépend :",
            "La question se trompe : ce n'est pas {premise} qu'il faut retenir, mais {truth}. Ce qui est sûr :",
        ),
        "unknown": (
            "On ne le sait pas, et il vaut mieux ne pas deviner ; voici en revanche ce qui est sûr :",
            "Cela n'est pas connu, je ne peux donc pas le dire ; ce que l'on sait est ceci :",
        ),
        "absurd": (
            "La question n'a pas de sens, car une telle chose ne peut ni rêver ni manger ; ce qui est vrai :",
            "Jolie image, mais cela n'a aucun sens ; ce que l'on peut dire en revanche est ceci :",
        ),
        "ambiguous": (
            "Tout dépend de ce que vous voulez dire, car la question peut s'entendre de deux façons :",
            "Parlez-vous de la chose ou de son histoire ? Dans un cas comme dans l'autre, ceci est vrai :",
        ),
    },
    "de": {
        "positive": (
            "Darauf lässt sich mit dem antworten, was man über {title} weiß:",
            "Das ist es, worauf es bei {title} ankommt:",
            "Der entscheidende Punkt ist bekannt und lässt sich kurz sagen:",
        ),
        "altered": (
            "Nein, es ist nicht {premise}, sondern {truth}, und davon hängt der Rest ab:",
            "Die Frage irrt sich: Nicht {premise} ist richtig, sondern {truth}. Sicher ist dies:",
        ),
        "unknown": (
            "Das ist nicht bekannt, und man sollte es auch nicht erraten; sicher ist dagegen dies:",
            "Das kann ich nicht sagen, denn es ist nicht überliefert; was man weiß, ist dies:",
        ),
        "absurd": (
            "Die Frage ergibt keinen Sinn, denn so etwas kann weder träumen noch essen; wahr ist dagegen:",
            "Ein hübsches Bild, aber es hat keinen Sinn; sagen lässt sich nur dies:",
        ),
        "ambiguous": (
            "Das hängt davon ab, was gemeint ist, denn die Frage hat zwei Bedeutungen:",
            "Meinen Sie die Sache selbst oder ihre Geschichte? In beiden Fällen gilt dies:",
        ),
    },
    "it": {
        "positive": (
            "Si può rispondere con quello che si sa di {title}:",
            "Ecco ciò che conta quando si parla di {title}:",
            "Il punto decisivo è ben noto, e si dice in poche parole:",
        ),
        "altered": (
            "No, non è {premise}, ma {truth}, e da questo dipende tutto il resto:",
            "La domanda si sbaglia: non è {premise} il dato giusto, ma {truth}. Quello che è sicuro:",
        ),
        "unknown": (
            "Questo non si sa, ed è meglio non tirare a indovinare; ecco invece quello che è sicuro:",
            "Non è noto, perciò non posso dirlo; quello che si sa è questo:",
        ),
        "absurd": (
            "La domanda non ha senso, perché una cosa simile non può né sognare né mangiare; è vero invece questo:",
            "Una bella immagine, ma non ha nessun senso; si può dire soltanto questo:",
        ),
        "ambiguous": (
            "Dipende da che cosa si intende, perché la domanda può avere due sensi:",
            "Parla della cosa in sé o della sua storia? In entrambi i casi vale questo:",
        ),
    },
    "es": {
        "positive": (
            "Se puede responder con lo que se sabe de {title}:",
            "Esto es lo que importa cuando se habla de {title}:",
            "El punto decisivo es bien conocido, y se dice en pocas palabras:",
        ),
        "altered": (
            "No, no es {premise}, sino {truth}, y de ello depende todo lo demás:",
            "La pregunta se equivoca: lo correcto no es {premise}, sino {truth}. Lo que es seguro:",
        ),
        "unknown": (
            "Eso no se sabe, y es mejor no adivinarlo; esto es, en cambio, lo seguro:",
            "No es algo conocido, así que no puedo decirlo; lo que se sabe es esto:",
        ),
        "absurd": (
            "La pregunta no tiene sentido, porque algo así no puede ni soñar ni comer; lo cierto es esto:",
            "Es una bonita imagen, pero no tiene ningún sentido; solo se puede decir esto:",
        ),
        "ambiguous": (
            "Depende de lo que se quiera decir, porque la pregunta puede entenderse de dos maneras:",
            "¿Se refiere usted a la cosa misma o a su historia? En ambos casos vale esto:",
        ),
    },
    "pl": {
        "positive": (
            "Można na to odpowiedzieć tym, co wiadomo na temat {title}:",
            "Oto co jest ważne, kiedy mowa o {title}:",
            "Najważniejsza rzecz jest dobrze znana i da się ją powiedzieć krótko:",
        ),
        "altered": (
            "Nie, to nie jest {premise}, lecz {truth}, i od tego zależy cała reszta:",
            "Pytanie się myli: właściwą odpowiedzią nie jest {premise}, ale {truth}. Pewne jest to:",
        ),
        "unknown": (
            "Tego nie wiadomo i lepiej nie zgadywać; pewne jest natomiast to:",
            "Nie jest to znane, więc nie potrafię tego powiedzieć; wiadomo tylko tyle:",
        ),
        "absurd": (
            "To pytanie nie ma sensu, bo coś takiego nie może ani śnić, ani jeść; prawdą jest natomiast to:",
            "To ładny obraz, ale nie ma on żadnego sensu; można powiedzieć tylko tyle:",
        ),
        "ambiguous": (
            "To zależy od tego, o co chodzi, bo pytanie można rozumieć na dwa sposoby:",
            "Czy chodzi o samą rzecz, czy o jej historię? W obu przypadkach prawdą jest to:",
        ),
    },
    "nl": {
        "positive": (
            "Daarop is te antwoorden met wat men over {title} weet:",
            "Dit is waar het op aankomt als het over {title} gaat:",
            "Het beslissende punt is goed bekend en laat zich kort zeggen:",
        ),
        "altered": (
            "Nee, het is niet {premise}, maar {truth}, en daarvan hangt de rest af:",
            "De vraag vergist zich: niet {premise} is juist, maar {truth}. Zeker is dit:",
        ),
        "unknown": (
            "Dat is niet bekend, en het is beter om er niet naar te raden; zeker is wel dit:",
            "Dat kan ik niet zeggen, want het is niet overgeleverd; wat men weet is dit:",
        ),
        "absurd": (
            "De vraag heeft geen zin, want zoiets kan niet dromen en ook niet eten; waar is wel dit:",
            "Een aardig beeld, maar het heeft geen enkele zin; er is alleen dit over te zeggen:",
        ),
        "ambiguous": (
            "Dat hangt ervan af wat u bedoelt, want de vraag heeft twee betekenissen:",
            "Bedoelt u de zaak zelf of de geschiedenis ervan? In beide gevallen geldt dit:",
        ),
    },
    "la": {
        "positive": (
            "Ad hoc respondere licet ex iis quae de {title} sciuntur:",
            "Ecce quod maximi momenti est cum de {title} agitur:",
            "Res ipsa satis nota est, et paucis verbis dici potest:",
        ),
        "altered": (
            "Minime; non enim {premise}, sed {truth} verum est, et cetera inde pendent:",
            "Qui quaerit errat: non {premise}, sed {truth} recte dicitur. Hoc autem certum est:",
        ),
        "unknown": (
            "Hoc ignotum est, neque divinare oportet; illud autem certum est:",
            "Non constat, itaque dicere non possum; hoc tantum scimus:",
        ),
        "absurd": (
            "Quaestio sensu caret, nam res eius modi nec somniare nec edere potest; hoc autem verum est:",
            "Lepide dictum, sed nullum sensum habet; hoc tantum dici potest:",
        ),
        "ambiguous": (
            "Ambiguum est quid quaeratur, nam verba duobus modis intellegi possunt:",
            "Utrum de re ipsa quaeris an de eius historia? Utroque modo hoc verum est:",
        ),
    },
}


def reply(messages: list[tuple[str, str]], rng: random.Random) -> str | None:
    """The reply of a strong model, or None when the prompt is not of memorization."""
    system, prompt = messages[0][1], messages[-1][1]
    shown = _PASSAGE.search(prompt)
    if messages[0][0] != "system" or shown is None:
        return None
    title, passage = shown[1], shown[2]
    if system.startswith(_QUERY):
        language = _CODES[system.removeprefix(_QUERY).split(" ")[0]]
        return _query(language, title, passage, prompt, rng)
    if system.startswith(_DRAFT):
        return _draft(title, passage, prompt)
    if _ANSWER in system:
        language = next(code for name, code in _CODES.items() if f"in {name}," in system)
        return _answer(language, title, passage, prompt, rng)
    return None


def _query(language: str, title: str, passage: str, prompt: str, rng: random.Random) -> str:
    statement = found[1] if (found := _STATEMENT.search(prompt)) else ""
    if found := re.search(r"granted: name (.+?) in the question", prompt):
        kind, premise = "altered", found[1]
    elif statement:
        kind, premise = "removed", ""
    elif "that the passage does not say" in prompt:
        kind, premise = ("year" if "in which year" in prompt else "person"), ""
    else:
        kind, premise = (
            next(kind for kind in ("absurd", "ambiguous", "positive", "negative") if f", {kind}, in" in prompt),
            "",
        )
    from_sentence = statement or rng.choice(_sentences(passage) or [passage])
    words = [word for word in re.findall(r"[^\W\d_]{5,}", from_sentence) if not word[0].isupper()]
    own = {fold(word) for word in re.findall(r"\w+", f"{title} {premise}")}
    words = [word for word in dict.fromkeys(words) if fold(word) not in own] or ["history"]
    start = rng.randrange(max(1, len(words) - 1))
    return rng.choice(_QUERIES[language][kind]).format(
        title=f"“{title}”", words=f"“{' '.join(words[start : start + 3])}”", premise=premise
    )


def _draft(title: str, passage: str, prompt: str) -> str:
    asked, duty = _ASKED.search(prompt)[1], _DUTY.search(prompt)[1]
    english = identify(passage).code == "en"
    nearest = _nearest(passage, asked)[0] if english else f"{title} is what the question is about."
    taken = _TAKEN.search(duty)
    if taken:
        end, doubt = f"∴ It is {taken[2]}.", f"⚠ premise → {taken[1]} ○"
    elif "not known" in duty:
        end, doubt = f"∴ {title}: this is not known.", "⚠ premise → not known ○"
    elif "nonsense" in duty:
        end, doubt = f"∴ This makes no sense of {title}.", "⚠ premise → no sense ○"
    elif "unclear" in duty:
        end, doubt = f"∴ {title} can be read in two ways.", "⚠ premise → two readings ◐"
    else:
        # in another order than it was recalled, so that nothing is said twice
        told = [word for word in dict.fromkeys(re.findall(r"[^\W\d_]{5,}", nearest)) if not word[0].isupper()]
        end, doubt = f"∴ {', '.join(reversed(told[:4]))}.", "kind → a fact ●"
    recalled = "\n".join(f"● {part}" for part in (_nearest(passage, asked)[:3] if english else [nearest]))
    return (
        f"### 1. Task Analysis\n├─ asks → {title}\n└─ {doubt}\n### 2. Recall\n{recalled}\n"
        f"→ So it is. ⟨H≈0.4⟩\n### 3. Verification\n✓ All of it fits.\n{end}"
    )


def _answer(language: str, title: str, passage: str, prompt: str, rng: random.Random) -> str:
    asked, duty = _ASKED.search(prompt)[1], _DUTY.search(prompt)[1]
    taken = _TAKEN.search(duty)
    kind = (
        "altered" if taken else "unknown" if "not known" in duty else "absurd" if "nonsense" in duty
        else "ambiguous" if "unclear" in duty else "positive"
    )  # fmt: skip
    opening = rng.choice(_ANSWERS[language][kind]).format(
        title=f"“{title}”", premise=taken[1] if taken else "", truth=taken[2] if taken else ""
    )
    said = _nearest(passage, asked)[:2]
    if identify(passage).code == language:
        said = reworded(" ".join(said), language)
        return said if language == "en" and kind == "positive" else f"{opening} {said}"
    # the space keeps a closing figure from the quotation mark, with which the language scorer would take it out
    quotes = " ".join(f"“ {part[:380]} ”" for part in said)
    return f"{opening} {quotes}"


def _sentences(passage: str) -> list[str]:
    return [part for part in sentences(passage, "en") if not _OPEN_MARKS.search(part) and not _UNSAYABLE.search(part)]


def _nearest(passage: str, asked: str) -> list[str]:
    """The passage's sentences, those that share most of the asked words first."""
    wanted = {fold(word) for quoted in _QUOTED.findall(asked) for word in quoted.split()}
    parts = _sentences(passage) or [_OPEN_MARKS.sub(" ", _UNSAYABLE.sub(" ", passage))]
    return sorted(parts, key=lambda part: -len(wanted & {fold(word) for word in content_words(part, "en")}))
