"""What a strong model answers to the prompts of rag, computed from the prompt alone, in all eight languages.

Queries name what they ask about by words of the clues, in quotes; the trace finds the sentence that bears most of them
and says its number; the answer quotes that sentence. So each step works on what the step before it wrote.
"""

import itertools
import random
import re
from collections.abc import Sequence

from synth_assets.exercises.passages import sentences
from synth_assets.languages import LANGUAGES
from synth_assets.quality.grounding import content_words, fold
from synth_assets.quality.language_identification import identify
from tests.rewording import reworded

_CODES = {name: code for code, name in LANGUAGES.items()}
_SOURCE = re.compile(r"<source_(\d+)>\n(.*?)\n</source_\1>", re.DOTALL)
_PASSAGE = re.compile(r"^Title: ([^\n]+)\n<passage>\n(.*?)\n</passage>", re.MULTILINE | re.DOTALL)
_ASKED = re.compile(r"^Question \(.*?\): (.+)$", re.MULTILINE)
_FOUND = re.compile(r"source_(\d+): sentence (\d+)")
_QUOTED = re.compile(r"“([^”]+)”")
_OPEN_MARKS = re.compile(r"[∴→●◐○⟨⟩<>“”]")

_QUERIES = {
    "en": (
        "What do we learn about {title} when it comes to {words}?",
        "How do {words} belong to the story of {title}, and what follows from it?",
        "I have been wondering about {title}: what is there to know about {words}?",
        "Could you tell me what {title} has to do with {words}?",
    ),
    "fr": (
        "Que sait-on de {title} en ce qui concerne {words} ?",
        "Pourriez-vous me dire quel lien il y a entre {title} et {words} ?",
        "Qu'apprend-on sur {title} quand il est question de {words} ?",
        "À propos de {title}, comment faut-il comprendre {words}, et pourquoi est-ce important ?",
    ),
    "de": (
        "Was weiß man über {title}, wenn es um {words} geht?",
        "Können Sie mir sagen, was {title} mit {words} zu tun hat?",
        "Welche Rolle spielen {words} im Zusammenhang mit {title}, und warum?",
        "Ich frage mich, was es bei {title} mit {words} auf sich hat: Wie ist das zu verstehen?",
    ),
    "it": (
        "Che cosa si sa di {title} per quanto riguarda {words}?",
        "Mi può dire quale legame c'è tra {title} e {words}?",
        "Che cosa si impara su {title} quando si parla di {words}?",
        "A proposito di {title}, come vanno intesi {words} e perché sono importanti?",
    ),
    "es": (
        "¿Qué se sabe de {title} en lo que se refiere a {words}?",
        "¿Podría decirme qué relación hay entre {title} y {words}?",
        "¿Qué aprendemos sobre {title} cuando se habla de {words}?",
        "A propósito de {title}, ¿cómo hay que entender {words} y por qué es importante?",
    ),
    "pl": (
        "Co wiadomo na temat {title}, jeśli chodzi o {words}?",
        "Czy może mi pan powiedzieć, co łączy {title} oraz {words}?",
        "Czego można się dowiedzieć o tym, czym jest {title}, gdy mowa o {words}?",
        "Zastanawiam się nad hasłem {title}: jak należy rozumieć {words} i dlaczego jest to ważne?",
    ),
    "nl": (
        "Wat weten we over {title} als het gaat om {words}?",
        "Kunt u mij vertellen wat {title} met {words} te maken heeft?",
        "Wat leren we over {title} wanneer er sprake is van {words}?",
        "Ik vraag me af hoe het zit met {title}: hoe moeten we {words} begrijpen, en waarom?",
    ),
    "la": (
        "Quid de re quae {title} dicitur scimus, cum de {words} agitur?",
        "Potesne mihi dicere quid inter {title} et {words} intersit aut quid commune sit?",
        "Quid de {title} discimus, si {words} respicimus, et cur hoc magni est momenti?",
        "Quaero de {title}: quomodo {words} intellegenda sunt et quae ratio eorum est?",
    ),
}
_AND = {"en": "and", "fr": "et", "de": "und", "it": "e", "es": "y", "pl": "oraz", "nl": "en", "la": "et"}

# Before a quote in another language than the answer's: what it says stands in the quote.
_INTRODUCED = {
    "en": ("This is told in so many words.", "One sentence settles it.", "Here is what is known about it."),
    "fr": (
        "La source {k} répond à cette question en toutes lettres, et il suffit de la lire.",
        "Voici ce que la source {k} nous apprend à ce sujet, dans ses propres mots.",
        "Sur ce point, c'est la source {k} qui est la plus claire.",
    ),
    "de": (
        "Darauf antwortet die Quelle {k} mit einem Satz, der alles Nötige sagt.",
        "Was man dazu wissen muss, steht wörtlich in der Quelle {k}.",
        "In diesem Punkt ist die Quelle {k} am deutlichsten.",
    ),
    "it": (
        "A questa domanda risponde la fonte {k} con una frase che dice tutto.",
        "Ecco che cosa ci insegna la fonte {k} su questo punto, con le sue parole.",
        "Su questo punto la fonte {k} è la più chiara di tutte.",
    ),
    "es": (
        "La fuente {k} responde a esta pregunta con una frase que lo dice todo.",
        "Esto es lo que nos enseña la fuente {k} sobre el asunto, con sus propias palabras.",
        "En este punto la fuente {k} es la más clara de todas.",
    ),
    "pl": (
        "Na to pytanie odpowiada źródło {k} jednym zdaniem, które mówi wszystko.",
        "Oto czego uczy nas w tej sprawie źródło {k}, i to własnymi słowami.",
        "W tej sprawie najjaśniej wypowiada się źródło {k}.",
    ),
    "nl": (
        "Op deze vraag antwoordt bron {k} met een zin die alles zegt.",
        "Dit is wat bron {k} ons hierover leert, in haar eigen woorden.",
        "Op dit punt is bron {k} het duidelijkst van allemaal.",
    ),
    "la": (
        "Ad hoc respondet fons {k} una sententia, quae omnia dicit.",
        "Haec sunt quae fons {k} de hac re suis verbis docet.",
        "De hac re fons {k} clarissime omnium loquitur.",
    ),
}
_SILENT = {
    "en": ("No source says anything about {words}.", "There is no record of {words} in any of the sources."),
    "fr": ("Aucune source ne dit quoi que ce soit de {words}.", "Il n'y a aucune mention de {words} dans les sources."),
    "de": ("Keine der Quellen sagt etwas über {words}.", "Es gibt keine Angaben zu {words} in den Quellen."),
    "it": ("Nessuna fonte dice qualcosa di {words}.", "Non c'è nessuna informazione su {words} nelle fonti."),
    "es": ("Ninguna fuente dice algo sobre {words}.", "No hay ninguna información sobre {words} en las fuentes."),
    "pl": ("Żadne źródło nie mówi nic o {words}.", "Brak informacji o {words} w tych źródłach."),
    "nl": ("Geen enkele bron zegt iets over {words}.", "Er is geen informatie over {words} in de bronnen."),
    "la": ("Nullus fons de {words} quidquam tradit.", "Nulla memoria de {words} in his fontibus exstat."),
}
_TURNED_DOWN = {
    "en": "The question is a playful one and cannot be answered as it stands.",
    "fr": "La question est amusante, mais elle n'a pas de sens, et il est impossible de dire autre chose.",
    "de": "Die Frage ist reizvoll, ergibt so aber keinen Sinn und lässt sich nicht beantworten.",
    "it": "La domanda è divertente, ma non ha senso, ed è impossibile dire altro.",
    "es": "La pregunta es divertida, pero no tiene sentido, y es imposible decir más.",
    "pl": "Pytanie jest zabawne, ale nie ma sensu i nie można na nie odpowiedzieć.",
    "nl": "De vraag is grappig, maar heeft geen zin en kan niet worden beantwoord.",
    "la": "Quaestio iocosa est, sed sensu caret, et quid respondeam nescio.",
}
_UNCLEAR = {
    "en": "The question is open to two readings: do you mean the thing itself or its name?",
    "fr": "La question est ambiguë : parlez-vous de la chose elle-même ou de son nom ?",
    "de": "Die Frage ist mehrdeutig: Meinen Sie die Sache selbst oder ihren Namen?",
    "it": "La domanda è ambigua: parla della cosa stessa o del suo nome?",
    "es": "La pregunta es ambigua: ¿se refiere a la cosa misma o a su nombre?",
    "pl": "Pytanie jest niejednoznaczne: czy chodzi o samą rzecz, czy o jej nazwę?",
    "nl": "De vraag is dubbelzinnig: bedoelt u de zaak zelf of de naam ervan?",
    "la": "Quaestio ambigua est: de re ipsa quaeris an de nomine eius?",
}


def reply(messages: list[tuple[str, str]], rng: random.Random) -> str | list | None:
    """The reply to a prompt of rag (role, text pairs), or None where it is none."""
    system, prompt = messages[0][1], messages[-1][1]
    if found := re.match(r"Write one question in (\w+) that what stands between <passage>", system):
        return _query(_CODES[found[1]], prompt, rng)
    if system.startswith("Write a short reasoning trace in English that weighs numbered sources"):
        return _trace(prompt, rng)
    if found := re.match(r"Answer the question in (\w+) from the sources\.", system):
        return _answer(_CODES[found[1]], prompt, rng)
    return None


def _query(language: str, prompt: str, rng: random.Random) -> str:
    passages = _PASSAGE.findall(prompt)
    picked = []
    for _, clues in passages:
        for clue in clues.splitlines():
            found = _key_words(clue)
            picked += rng.sample(found, min(2 if len(passages) == 1 else 1, len(found)))
    words = f" {_AND[language]} ".join(f"“{word}”" for word in dict.fromkeys(picked))
    titles = f" {_AND[language]} ".join(dict.fromkeys(title for title, _ in passages))
    return rng.choice(_QUERIES[language]).format(title=titles, words=words)


def _trace(prompt: str, rng: random.Random) -> str:
    sources = {int(number): text for number, text in _SOURCE.findall(prompt)}
    asked = _ASKED.findall(prompt)[-1]
    best = [int(number) for number in re.findall(r"source_(\d+)", _line(prompt, "Best source"))]
    recalled, said = [], []
    for number in best or [_nearest_source(sources, asked)]:
        part, text = _nearest(sources[number], asked)
        english = identify(text)[0] == "en"
        words = _key_words(text)[: 3 if english else 1]
        told = _OPEN_MARKS.sub("", text) if english else f"the one that speaks of “{words[0]}”"
        said.append(
            f"{', '.join(words)} (source_{number})" if english else f"what source_{number} says of “{words[0]}”"
        )
        recalled.append(f"{'●' if best else '◐'} source_{number}: sentence {part}, {told}")
    aside = [
        f"○ source_{number}: beside it, this one is on {' and '.join(_key_words(text)[:1])}"
        for number, text in sources.items()
        if number not in best
    ][:3]
    missing = "⚠ One part of it stands nowhere." if "leave open" in prompt else "✓ Word for word."
    ending = f"∴ {'; '.join(said)}." if best else f"∴ No source bears it; nearest is {said[0]}."
    doubt = rng.choice(("0.2", "0.3", "0.4", "0.6"))
    asks = " and ".join(_QUOTED.findall(asked)) or "what the question names"
    return (
        f"### 1. Task Analysis\n└─ asks → {asks} ●\n### 2. Recall\n"
        + "\n".join([*recalled, *aside])
        + f"\n→ That is what was asked for. ⟨H≈{doubt}⟩\n"
        f"### 3. Verification\n{missing}\n{ending}"
    )


def _answer(language: str, prompt: str, rng: random.Random) -> str:
    sources = {int(number): text for number, text in _SOURCE.findall(prompt)}
    asked = _ASKED.findall(prompt)[-1]
    duty = _line(prompt, "Duty: ")
    named = _QUOTED.findall(asked)
    nowhere = [word for word in named if not any(word in text for text in sources.values())]
    words = f" {_AND[language]} ".join(f"“{word}”" for word in nowhere or named) or "“?”"
    found = [(int(number), int(part)) for number, part in _FOUND.findall(prompt.rpartition("Notes: ")[2])]
    # no two statements of an answer open alike
    openings = itertools.cycle(rng.sample(_INTRODUCED[language], len(_INTRODUCED[language])))
    stated = [
        _statement(language, number, sources[number], part, opening)
        for (number, part), opening in zip(dict.fromkeys(found), openings, strict=False)
    ]
    silent = rng.choice(_SILENT[language]).format(words=words)
    if "sources do not bear the answer" in duty:
        return " ".join([silent, *(stated[:1] if rng.random() < 0.5 else [])])
    if "what the sources leave open" in duty:
        return " ".join([*stated, silent])
    if "do not play along" in duty:
        return " ".join([_TURNED_DOWN[language], *stated])
    if "ask which meaning" in duty:
        return " ".join([_UNCLEAR[language], *stated])
    if "what is wrong or unknown" in duty:
        return " ".join([silent, *stated])
    return " ".join(stated)


def _statement(language: str, number: int, source: str, part: int, opening: str) -> str:
    quote = sentences(source, identify(source)[0] or "en")[part - 1]
    if identify(quote)[0] == language:
        said = reworded(quote, language)
        said = said if said[-1] in ".!?" else f"{said}."
    else:
        said = opening.format(k=number)
    return f'{said} <ref name="source_{number}">{quote}</ref>'


def _line(prompt: str, opening: str) -> str:
    return next((line for line in reversed(prompt.splitlines()) if line.startswith(opening)), "")


def _key_words(text: str) -> list[str]:
    """The content words of a text, as written, longest first: they tell one sentence from another."""
    content = set(content_words(text, identify(text)[0] or "en"))
    written = dict.fromkeys(word for word in re.findall(r"[^\W\d_]{4,}", text) if fold(word) in content)
    return sorted(written, key=len, reverse=True)[:6]


def _overlap(text: str, asked: str) -> int:
    quoted = _QUOTED.findall(asked)
    return 10 * sum(word in text for word in quoted) + len(
        set(re.findall(r"\w{4,}", fold(text))) & set(re.findall(r"\w{4,}", fold(asked)))
    )


def _nearest(source: str, asked: str) -> tuple[int, str]:
    """Number and text of the sentence of a source that shares most with the question, the first of equals."""
    parts: Sequence[str] = sentences(source, identify(source)[0] or "en")
    return max(enumerate(parts, start=1), key=lambda numbered: (_overlap(numbered[1], asked), -numbered[0]))


def _nearest_source(sources: dict[int, str], asked: str) -> int:
    return max(sources, key=lambda number: (_overlap(sources[number], asked), -number))
