"""A script for `ScriptedEndpoint` that answers as a strong model would: in form, grounded, and no two rows alike.

    with ScriptedEndpoint(strong_reply) as endpoint: ...
    python -m tests.scripted_endpoint --state FILE --script tests.strong_model:strong_reply

A reply is a pure function of the request's body. What is asked is recognised from the prompt alone, by what the steps
of the exercises must show whatever their wording (a passage, options, sources, marks); a prompt that it does not
recognise is answered with status 400, so that a run ends with that text and not with rows refused for another reason.
Texts are English, or French where French is asked for.
"""

import hashlib
import json
import random
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.rewording import reworded
from tests.scripted_endpoint import Act, Seen

_PASSAGE = re.compile(r"<passage>\s*(.*?)\s*</passage>", re.DOTALL)
_MARKED_PASSAGE = re.compile(r"<<<BEGIN PASSAGE>>>\s*(.*?)\s*<<<END PASSAGE>>>", re.DOTALL)
_SOURCES = re.compile(r"<source_(\d+)>\s*(.*?)\s*</source_\1>", re.DOTALL)
_TASK = re.compile(r"<<<BEGIN TASK>>>\s*(.*?)\s*<<<END TASK>>>", re.DOTALL)
_ANSWER = re.compile(r"<<<BEGIN ANSWER>>>\s*(.*?)\s*<<<END ANSWER>>>", re.DOTALL)
_OPTION_LINE = re.compile(r"^[A-D]\. .+$", re.MULTILINE)
_QUESTION = re.compile(r"^(?:Question|Query)\b[^:\n]*: (.*?)(?=^\w[\w ]*:|\Z)", re.MULTILINE | re.DOTALL)
_TITLE = re.compile(r"^Title: (.+)$", re.MULTILINE)
_CONCLUSION = re.compile(r"^∴ (.+)$", re.MULTILINE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
# A sentence that speaks of passages, or bears marks of the notation, would be refused for what it quotes.
_UNQUOTABLE = re.compile(
    r"passage|\btext\b|excerpt|notes?\b|article|source|[∴→●◐○⟨⟩<>{}`\"“”]|https?:|www\.|\bI\b", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]{5,}")
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """about above after again against among because before being below between could every first their there these
        those through under until where which while whose without would should other others another only always never
        often still thing things within many much some such same""",
    )
)

_DISTRACTORS = (
    "the weather on the day of a run", "a rule of an old board game", "the colour of a printed cover",
    "the age of the person who reads", "a coin that is tossed twice", "the name of a distant river",
    "the weight of the machine itself", "a vote among all its readers", "the price of paper in winter",
    "the phase of the moon at noon", "a song that nobody remembers", "the length of a garden path",
)  # fmt: skip
_FRENCH_DISTRACTORS = (
    "la couleur d'une vieille couverture", "la règle d'un jeu de société", "le prix du papier en hiver",
    "la longueur d'une allée du jardin", "une chanson que tout le monde a oubliée", "le nom d'une rivière lointaine",
)  # fmt: skip
# without a word that the passage would have to bear out
_OPENINGS = ("So", "All in all", "As it is", "To sum up", "In all", "And so", "Now", "For all that")
_FRENCH_CLOSINGS = (
    "C'est pour cette raison que chaque étape garde la trace de ce qui a été fait, et que rien ne se perd.",
    "Sans ce lien, personne ne pourrait refaire le même chemin le lendemain ni vérifier ce qui a été décidé.",
    "On comprend ainsi pourquoi l'ordre des étapes compte autant que leur contenu, même dans un petit projet.",
    "Voilà ce qui permet de reprendre le travail plus tard, là où il s'était arrêté, sans tout recommencer.",
)
_VERBS = (
    "Summarise", "Rank by urgency", "Translate into plain words", "Criticise", "Group by theme", "Finish",
    "Shorten", "Turn into a dialogue", "Rewrite in the past tense", "Proofread", "Compare with its opposite", "Retell",
)  # fmt: skip
_OBJECTS = (
    "the minutes of a parish council", "a complaint about a noisy boiler", "three rumours from a harbour office",
    "the diary entry of a lighthouse keeper", "a list of ingredients for barley soup", "the rules of a chess club",
    "two letters between rival beekeepers", "an advert for second-hand bicycles", "a lecture on frozen soil",
    "the menu of a railway canteen", "the obituary of a village baker", "a dispute over an orchard wall",
)  # fmt: skip
_ITEMS = (
    "The kettle sang while nobody listened.", "Snow had closed the upper road since Tuesday.",
    "He owed the grocer eleven coins and an apology.", "A heron stood in the mill pond at dawn.",
    "Her umbrella was green and had two broken ribs.", "The choir met in a barn behind the station.",
    "Nine sheep crossed the bridge before the bell rang.", "Our neighbour sells honey from a wooden cart.",
    "The old clock loses four minutes every week.", "Rain fell on the fair, but the band played on.",
)  # fmt: skip
_WAYS = (
    "for somebody who has one minute", "without naming a single person", "as a seasoned judge would",
    "in the voice of a grumpy uncle", "so that a child of nine laughs", "using no adjective at all",
    "while keeping every figure intact", "with the strongest point at the end", "for readers abroad",
    "in exactly four sentences", "as if it were breaking news", "and say what remains doubtful",
)  # fmt: skip


def strong_reply(seen: Seen) -> Act:
    """The reply to any request of any exercise."""
    messages = [(message["role"], _text(message["content"])) for message in seen.body["messages"]]
    prompt = messages[-1][1]
    system = messages[0][1] if messages[0][0] == "system" else ""
    number = _number(seen.body.get("seed"), prompt)
    replies = (module.reply(messages, random.Random(number)) for module in _modules())
    text = next((reply for reply in replies if reply is not None), None)
    if text is None:
        text = _reply(system, prompt, random.Random(number))
    if text is None:
        return Act(kind="status", status=400, text=f"the strong model knows no such prompt: {prompt[-160:]!r}")
    return Act(text=text)


@cache
def _modules() -> list[Any]:
    """`tests/strong/<exercise>.py`: what a strong model says to the prompts of one exercise, in every language."""
    folder = Path(__file__).parent / "strong"
    return [import_module(f"tests.strong.{path.stem}") for path in sorted(folder.glob("*.py"))]


def _reply(system: str, prompt: str, rng: random.Random) -> str | None:
    french = "French" in f"{system} {prompt}" or "Écris " in prompt
    if "<<<BEGIN TASKS>>>" in prompt:
        return _instruction(rng)
    if found := _TASK.search(prompt):
        return _of_task(found[1], prompt)
    if found := _ANSWER.search(prompt):
        return _judgement(found[1])
    if found := _MARKED_PASSAGE.search(prompt):
        return _prose(_sentences(found[1].partition("\n")[2] or found[1]), rng, french)
    step = _step(system, prompt)
    if step == "distractor":
        return rng.choice(_DISTRACTORS)
    sources = _SOURCES.findall(prompt)
    passage = _PASSAGE.search(prompt)
    if step is None and not system and sources:
        return _chapter(sources[0][1], rng, french)
    if step is None or (passage is None and not sources):
        return None
    title = found[1] if (found := _TITLE.search(prompt)) else "the subject"
    if step == "query":
        sentences = _sentences(passage[1])
        several = "wrong answers" in f"{system} {prompt}".casefold()
        ask = _closed_question if several else _question
        return ask(title, sentences, rng, french)
    asked = found[-1].strip() if (found := _QUESTION.findall(prompt)) else ""
    options = _OPTION_LINE.findall(prompt.rpartition(asked.partition("\n")[0])[2])
    if step == "draft":
        return _trace(title, asked, passage, sources, options, prompt)
    if sources:
        return _cited(sources, prompt, asked, rng, french)
    if options:
        right = next(line for line in _CONCLUSION.findall(prompt) if line in options)
        if french:
            return f"{right}\nC'est la seule proposition qui corresponde à ce que l'on sait de ce sujet aujourd'hui."
        return f"{right}\n{reworded(_near(_sentences(passage[1]), asked)[0])}"
    return _prose(_near(_sentences(passage[1]), asked), rng, french, title)


def _step(system: str, prompt: str) -> str | None:
    """Which step is asked: from the prompt's last line, which says what shall stand after it, else from the system."""
    last = prompt.strip().rsplit("\n", 1)[-1].casefold()
    if last.startswith("wrong"):
        return "distractor"
    if "trace" in last:
        return "draft"
    if last.startswith(("answer", "reply")):
        return "answer"
    if last.startswith(("question", "query")):
        return "query"
    opening = system[:200].casefold()
    return next(
        (step for mark, step in (("trace", "draft"), ("write one", "query"), ("answer", "answer")) if mark in opening),
        None,
    )


def _text(content: Any) -> str:
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def _number(*parts: Any) -> int:
    return int(hashlib.sha256(json.dumps(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16], 16)


def _sentences(text: str) -> list[str]:
    """The sentences that can be said from memory; all of them when none can."""
    found = [part.strip() for part in _SENTENCE.split(" ".join(text.split())) if len(part.split()) >= 4]
    sayable = [part for part in found if not _UNQUOTABLE.search(part)]
    return sayable or found or [text.strip()]


def _words(sentence: str, but: str = "") -> list[str]:
    left_out = {word.casefold() for word in _WORD.findall(but)}
    found = dict.fromkeys(word.casefold() for word in _WORD.findall(sentence))
    return [word for word in found if word not in _COMMON and word not in left_out] or ["matter"]


def _near(sentences: Sequence[str], asked: str) -> list[str]:
    """The sentences in the order of how many of the question's words they hold."""
    wanted = set(_words(asked))
    return sorted(sentences, key=lambda sentence: -len(wanted & set(_words(sentence))))


def _question(title: str, sentences: Sequence[str], rng: random.Random, french: bool) -> str:
    words = _words(rng.choice(sentences), title)
    chosen = rng.sample(words, min(3, len(words)))
    if french:
        named = " », « ".join(chosen)
        return f"Pourriez-vous m'expliquer, au sujet de « {title} », ce qu'il faut retenir de « {named} » ?"
    return f"When somebody asks about {title.lower()}, what should they be told about {', '.join(chosen)}?"


def _closed_question(title: str, sentences: Sequence[str], rng: random.Random, french: bool) -> str:
    sentence = rng.choice(sentences)
    words = _words(sentence, title)
    right = " and ".join(words[:2])
    hint = rng.choice(words[2:] or ["all of it"])
    if french:
        wrong = "\n".join(f"Wrong: {option}" for option in rng.sample(_FRENCH_DISTRACTORS, 4))
        return (
            f"Question: Parmi ces propositions, laquelle faut-il associer à « {hint} » lorsque l'on étudie "
            f"« {title} » ?\nRight: la notion que l'on appelle {right}\n{wrong}"
        )
    wrong = "\n".join(f"Wrong: {option}" for option in rng.sample(_DISTRACTORS, 4))
    return f"Question: What goes together with {hint} when one studies {title.lower()}?\nRight: {right}\n{wrong}"


def _trace(
    title: str, asked: str, passage: re.Match[str] | None, sources: Sequence[tuple[str, str]], options: Sequence[str],
    prompt: str,
) -> str:  # fmt: skip
    gold = re.search(r"source_(\d+)", prompt.rsplit("</source_", 1)[-1].partition(">")[2]) if sources else None
    material = next((text for number, text in sources if gold and number == gold[1]), "") if sources else passage[1]
    facts = _near(_sentences(material), asked)
    words = _words(facts[0])
    conclusion = f"The answer rests on {' and '.join(words[:3])}."
    if gold:
        conclusion = f"source_{gold[1]} bears the answer: {' and '.join(words[:3])}."
    if options:
        stated = re.search(r"^(?:Right|Gold)\b[^:\n]*: (.+)$", prompt, re.MULTILINE)
        conclusion = stated[1] if stated else options[0]
    second = facts[1] if len(facts) > 1 else f"That settles what is meant by {words[-1]}."
    return "\n".join((
        "### 1. Task Analysis",
        f"├─ asks → what is to be known about {words[0]}",
        f"└─ subject → {title.lower()} ●",
        "### 2. Recall",
        f"● {f'source_{gold[1]}: ' if gold else ''}{facts[0]}",
        f"→ {second} ⟨H≈0.4⟩",
        "### 3. Verification",
        "✓ Both statements agree with each other.",
        f"∴ {conclusion}",
    ))  # fmt: skip


def _prose(sentences: Sequence[str], rng: random.Random, french: bool, title: str = "") -> str:
    if french:
        first = _words(sentences[0])[:2]
        found = _words(" ".join(sentences[1:3]), sentences[0])
        words = " », « ".join([*first, *rng.sample(found, min(2, len(found)))])
        about = f" au sujet de « {title} »" if title else ""
        return (
            f"Il faut surtout retenir ceci{about} : les notions de « {words} » sont liées entre elles. "
            + rng.choice(_FRENCH_CLOSINGS)
        )
    # the fact that the trace concludes with comes first, whatever is said beside it
    more = rng.sample(list(sentences[1:4]), min(len(sentences[1:4]), rng.randint(1, 2)))
    return f"{rng.choice(_OPENINGS)}: {reworded(' '.join([sentences[0], *more]))}"


def _cited(sources: Sequence[tuple[str, str]], prompt: str, asked: str, rng: random.Random, french: bool) -> str:
    noted = re.findall(r"source_(\d+)", prompt.rpartition("</source_")[2].partition(">")[2])
    gold, text = next(source for source in sources if not noted or source[0] == noted[-1])
    text = " ".join(text.split())
    quote = _near(_sentences(text), asked)[0].strip("\"“”«»„' ")
    words = _words(quote)
    if french:
        said = f"La réponse tient en peu de mots : elle concerne surtout « {' », « '.join(words[:2])} »."
    else:
        said = f"{rng.choice(_OPENINGS)}: this is about {', '.join(words[:4])}."
    return f'{said} <ref name="source_{gold}">{quote}</ref>'


def _chapter(extract: str, rng: random.Random, french: bool) -> str:
    """A text of some 150 words around the extract's own words, in which no run of the extract is long."""
    sentences = _sentences(extract)
    words = _words(" ".join(sentences))
    rng.shuffle(words)
    words = (words * 12)[:12]
    if french:
        return "\n\n".join((
            f"Commençons par une idée simple : « {words[0]} ». Beaucoup de gens croient la connaître, mais peu savent "
            f"pourquoi elle va de pair avec « {words[1]} ». Regardons de plus près ce qui les unit.",
            f"Imaginons un atelier où l'on prépare « {words[2]} » chaque matin. L'apprenti demande ce que devient "
            f"« {words[3]} » quand la journée est finie. Le maître sourit et lui montre un cahier rempli de notes.",
            f"Deux choses comptent alors : la patience, et le soin que l'on met à vérifier « {words[4]} ». Sans cela, "
            f"« {words[5]} » n'aurait aucun sens, et personne ne saurait refaire le même chemin le lendemain.",
            f"À la fin, il reste une leçon : on comprend mieux « {words[6]} » quand on a vu « {words[7]} » de ses "
            "propres yeux, et quand on peut l'expliquer à quelqu'un d'autre sans se tromper.",
        ))  # fmt: skip
    chosen = rng.sample(sentences, min(2, len(sentences)))
    quoted = [" ".join(sentence.split()[:14]).rstrip(",;:.") for sentence in chosen]
    return "\n\n".join((
        f"Start with one idea, {words[0]}. Most people believe they know it well, yet few can say why it belongs "
        f"with {words[1]}, or what would break if the two were kept apart for a single day.",
        f"Picture a workshop that prepares {words[2]} every morning. The apprentice wonders what becomes of "
        f"{words[3]} once the lamps are out. The master points at a shelf: {quoted[0]}.",
        f"Two habits help here. Patience comes first, and after it the care with which {words[4]} is looked over. "
        f"Neglect either, and {words[5]} turns into guesswork that nobody could repeat tomorrow.",
        f"A rule of thumb may serve: {quoted[-1] if len(quoted) > 1 else words[8]}. Whoever keeps to it will sooner "
        f"or later meet {words[6]}, and will know {words[7]} from the inside rather than by hearsay.",
        f"What remains is practice. Explain {words[9]} to a friend, listen to the question that comes back, and let "
        f"{words[10]} be the place where your own explanation grows better.",
    ))  # fmt: skip


def _judgement(answer: str) -> str:
    number = _number(answer)
    scores: Mapping[str, int] = {
        "accuracy": 1 + number % 3, "relevance": 1 + number // 3 % 2, "clarity": number // 7 % 3,
        "usefulness": number // 23 % 4,
    }  # fmt: skip
    return json.dumps(scores)


def _instruction(rng: random.Random) -> str:
    return f"{rng.choice(_VERBS)} {rng.choice(_OBJECTS)} {rng.choice(_WAYS)}."


def _of_task(task: str, prompt: str) -> str:
    """Whether the task is a classification, or one to three examples of it."""
    rng = random.Random(_number(task))
    if "instances" not in prompt:
        return "Yes" if rng.random() < 0.3 else "No"
    label_first = "class_label" in prompt
    instances = []
    for label in ("fitting", "unfitting"):
        given = " ".join(rng.sample(_ITEMS, 2))
        made = f"It comes down to {rng.choice(_OBJECTS)}, {rng.choice(_WAYS)}."
        instances.append({"class_label": label, "input": given} if label_first else {"input": given, "output": made})
    return json.dumps({"instances": instances})
