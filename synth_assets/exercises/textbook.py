"""Textbook: a web extract, an audience and a format become a text to learn from (Cosmopedia v2).

The query step is a program: the prompt itself is the query. Diversity comes from audience x format, and from naming the
topic half of the time. As in the textbooks of phi, the academic format ends with exercises and their solutions.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from synth_assets.errors import Refused
from synth_assets.exercises.base import (
    Answer,
    Check,
    Draft,
    DuplicateRule,
    Exercise,
    Passage,
    Query,
    Role,
    Step,
    Task,
    prompt,
)
from synth_assets.exercises.passages import fenced, neutralised
from synth_assets.prompts import Rendered, render

EXTRACT_CHARACTERS = 1_000
MIN_WORDS = 100
COPIED_RUN = 25  # words in a row: longer than a definition or a quoted sentence, shorter than a copied paragraph
ECHOED_RUN = 12  # words in a row of the instructions, which no text on a subject shares by chance
OPENING = 300  # characters in which a refusal or an announcement shows itself

AXES: dict[str, dict[str, float]] = {
    "audience": dict.fromkeys(
        ("children", "high school students", "college students", "professionals", "general public"), 1 / 5
    ),
    "format": dict.fromkeys(("wikihow", "textbook narrative", "textbook academic", "blog post", "story"), 1 / 5),
    "topic_named": {"yes": 0.5, "no": 0.5},
}

_SOURCE = re.compile(r"<source_1>(.*?)</source_1>", re.DOTALL)
_WORD = re.compile(r"\w+")
_NO_QUOTES = dict.fromkeys(map(ord, '"“”„«»'), "'")

# Models slip into English in every cell, so all patterns apply to all languages.
_REFUSES = re.compile(
    r"\b(?:"
    r"as an ai\b|as a (?:large )?language model|i(?:'m| am) (?:sorry|afraid),? (?:but )?i (?:can|am|do|could|'m)"
    r"|i(?:'m| am) (?:not able|unable) to|i (?:cannot|can't|can not) (?:help|assist|fulfil|write|provide|create|comply)"
    r"|en tant qu(?:'ia\b|'intelligence artificielle|e modèle de langage)|je suis désolée?,? (?:mais )?je ne"
    r"|als (?:ki\b|ki-|künstliche intelligenz|sprachmodell)|es tut mir leid,? (?:aber )?ich kann"
    r"|in quanto (?:ia\b|intelligenza artificiale|modello linguistico)|mi dispiace,? (?:ma )?non posso"
    r"|como (?:una )?(?:ia\b|inteligencia artificial|modelo de lenguaje)|lo siento,? (?:pero )?no puedo"
    r"|jako (?:si\b|ai\b|sztuczna inteligencja|model językowy)|przykro mi,? (?:ale )?nie mogę"
    r"|als (?:ai\b|ai-|taalmodel|kunstmatige intelligentie)|het spijt me,? (?:maar )?ik kan"
    r"|me paenitet,? (?:sed )?non possum"
    r")"
)
_ANNOUNCES = re.compile(
    r"^\W*(?:"
    r"(?:sure|certainly|of course|absolutely|okay|ok)\s*[,!.:]"
    r"|(?:here(?:'s| is)|below is|this is) (?:a|an|the|your|my) [^.!?\n]{0,80}"
    r"\b(?:textbook|chapter|unit|tutorial|guide|story|article|post|text|lesson|draft)\b"
    r"|(?:bien sûr|certainement|d'accord)\s*[,!.:]|voici (?:un|une|le|la|votre) "
    r"[^.!?\n]{0,80}\b(?:chapitre|unité|tutoriel|guide|histoire|article|billet|texte|leçon)\b"
    r"|(?:natürlich|gerne?|selbstverständlich)\s*[,!.:]|hier ist (?:ein|eine|der|die|das|dein|ihr) "
    r"[^.!?\n]{0,80}\b(?:kapitel|lehrbuch|anleitung|geschichte|artikel|beitrag|text|lektion)"
    r"|(?:certo|certamente|ecco a te)\s*[,!.:]|ecco (?:un|una|il|la) "
    r"[^.!?\n]{0,80}\b(?:capitolo|unità|guida|storia|articolo|post|testo|lezione)\b"
    r"|(?:claro|por supuesto|desde luego)\s*[,!.:]|aquí (?:tienes|está|tiene) (?:un|una|el|la) "
    r"[^.!?\n]{0,80}\b(?:capítulo|unidad|tutorial|guía|historia|artículo|entrada|texto|lección)\b"
    r"|(?:oczywiście|jasne|pewnie)\s*[,!.:]|oto (?:jest )?[^.!?\n]{0,80}"
    r"\b(?:rozdział|podręcznik|poradnik|historia|opowiadanie|artykuł|wpis|tekst|lekcja)\b"
    r"|(?:natuurlijk|zeker|uiteraard)\s*[,!.:]|hier is (?:een|het|de|uw|je) "
    r"[^.!?\n]{0,80}\b(?:hoofdstuk|leerboek|handleiding|verhaal|artikel|blogpost|tekst|les)\b"
    r"|ecce (?:caput|fabula|textus|liber)\b"
    r")"
)
_SPEAKS_OF_THE_TASK = re.compile(
    r"\b(?:i hope (?:this|that) (?:helps|text|chapter|story|meets)|let me know if|feel free to (?:ask|reach)"
    r"|(?:the|this) (?:provided|given|above) (?:extract|excerpt|passage)|(?:extract|excerpt) (?:above|provided)"
    r"|j'espère que (?:cela|ce texte)|n'hésitez pas à me|l'extrait (?:fourni|ci-dessus)"
    r"|ich hoffe, (?:das hilft|dieser text)|der (?:obige|bereitgestellte) auszug|im (?:obigen|bereitgestellten) auszug"
    r"|spero che (?:questo|ti sia)|(?:l'estratto|brano) fornito"
    r"|espero que (?:esto|este texto)|extracto (?:anterior|proporcionado)"
    r"|mam nadzieję, że (?:to|ten tekst)|(?:podany|powyższy) (?:fragment|wyciąg)"
    r"|ik hoop dat (?:dit|deze tekst)|(?:bovenstaande|gegeven) (?:fragment|uittreksel))"
)


def _extract(section: Passage) -> str:
    """The first 1,000 characters, less a word that the cut would halve."""
    text = section.text.strip()
    if len(text) <= EXTRACT_CHARACTERS:
        return text
    cut = text[:EXTRACT_CHARACTERS]
    if text[EXTRACT_CHARACTERS].isspace() or not any(character.isspace() for character in cut):
        return cut.rstrip()
    return cut.rsplit(maxsplit=1)[0]


def _topic(section: Passage) -> str:
    """The section's name on one line, without quotation marks, since the prompt puts it between such."""
    names = (section.title, section.heading)
    topic = ": ".join(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))
    return neutralised(topic.translate(_NO_QUOTES))


def _runs(text: str, length: int) -> set[tuple[str, ...]]:
    tokens = _WORD.findall(text.casefold())
    return {tuple(tokens[start : start + length]) for start in range(len(tokens) - length + 1)}


def _shared_run(first: str, second: str, length: int) -> str:
    """One run of so many words that stands in both texts, or an empty string."""
    return " ".join(min(_runs(first, length) & _runs(second, length), default=()))


def _not_json(payload: Mapping[str, Any]) -> str:
    """Why the payload cannot be stored as UTF-8 JSON, or an empty string; a lone surrogate passes json.dumps alone."""
    try:
        json.dumps(payload, ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        return str(error)
    return ""


def _checks(query: Query, answer: Answer) -> tuple[Check, ...]:
    text = answer.text
    # The extract cannot close its fence (`fenced` sees to it), so the prompt splits without doubt.
    extract = "\n".join(_SOURCE.findall(query.text))
    instructions = _SOURCE.sub(" ", query.text)
    if query.payload["topic"]:
        instructions = instructions.replace(query.payload["topic"], " ")
    words = len(text.split())
    straight = text.casefold().replace("\u2019", "'")
    refuses = _REFUSES.search(straight[:OPENING])
    talk = _ANNOUNCES.search(straight[:OPENING]) or _SPEAKS_OF_THE_TASK.search(straight)
    echoed = _shared_run(text, instructions, ECHOED_RUN)
    copied = _shared_run(text, extract, COPIED_RUN)
    problem = _not_json(answer.payload)
    return (
        Check(name="payload_not_json", passed=not problem, detail=problem),
        Check(name="model_refuses", passed=refuses is None, detail=refuses[0] if refuses else ""),
        Check(name="echoes_prompt", passed=not echoed, detail=echoed),
        Check(name="meta_talk", passed=talk is None, detail=talk[0] if talk else ""),
        Check(name="too_short", passed=words >= MIN_WORDS, detail=f"{words} words, at least {MIN_WORDS} wanted"),
        Check(name="copies_extract", passed=not copied, detail=copied),
    )


class Textbook(Exercise):
    """Educational texts from a web extract, for an audience, in a format.

    The prompt is the row's query, so it is written in the cell's language, with a template for each; the extract stands
    in it as `<source_1>`, which scorers know as material, and may be in another language. The text shall go beyond the
    extract, so grounding in the extract is no measure of it.

    The answer's payload is the published row of Cosmopedia: prompt, text, token_length (the reply's own count, or the
    words between white space where the endpoint reports none), audience, format, seed_data (the section's URL).
    """

    name = "textbook"
    label = "textbook"
    source = "Cosmopedia v2 (Ben Allal et al. 2024), github.com/huggingface/cosmopedia"
    neighbours = 0
    axes = AXES
    distinct_draws = math.prod(len(shares) for shares in AXES.values())
    # 0.92 is a first guess, to be fitted on labelled pairs.
    duplicate_rule = DuplicateRule(kind="embedding", family="textbook", threshold=0.92, lexical_threshold=0.8)
    scorers = frozenset(
        {"verifier", "length", "format", "language", "boilerplate", "repetition", "word_order", "readability"}
    )
    refusals = frozenset(
        {
            "empty_extract",
            "payload_not_json",
            "model_refuses",
            "echoes_prompt",
            "meta_talk",
            "too_short",
            "copies_extract",
        }
    )

    def calls_by_role(self, constraints: Mapping[str, str]) -> Mapping[Role, int]:
        return {"answer": 1}

    def make_query(self, task: Task) -> Query:
        """The prompt, rendered: what is asked of the answer model is, word for word, the query of the row."""
        extract = _extract(task.section)
        if not extract:
            raise Refused("empty_extract", task.section.section_id, retry=False)
        drawn = task.constraints
        topic = _topic(task.section) if drawn["topic_named"] == "yes" else ""
        rendered = render(
            f"textbook/answer_{task.language}",
            extract=fenced("source_1", extract),
            topic=topic,
            audience=drawn["audience"],
            format=drawn["format"],
        )
        return Query(
            text=rendered.text,
            payload={
                "template": rendered.template,
                "template_sha256": rendered.sha256,
                "audience": drawn["audience"],
                "format": drawn["format"],
                "topic": topic,
                "seed_data": task.section.url,
            },
        )

    def make_answer(self, task: Task, query: Query, draft: Draft) -> Step:
        """The text. A faulty reply is refused here, so that an attempt that is left can do better."""
        # The query's own text is sent, not a fresh rendering: a template that changed in between must not matter.
        asked = Rendered(text=query.text, template=query.payload["template"], sha256=query.payload["template_sha256"])
        (reply,) = yield prompt("answer", asked, max_tokens=2_048)
        text = reply.text.strip()
        answer = Answer(
            text=text,
            payload={
                "prompt": query.text,
                "text": text,
                "token_length": reply.completion_tokens or len(text.split()),
                "audience": query.payload["audience"],
                "format": query.payload["format"],
                "seed_data": query.payload["seed_data"],
            },
        )
        for check in _checks(query, answer):
            if not check.passed:
                raise Refused(check.name, check.detail)
        return answer

    def verify(self, task: Task, query: Query, draft: Draft, answer: Answer) -> tuple[Check, ...]:
        """The same checks as at reading, now on the record of the row."""
        return _checks(query, answer)

    def duplicate_key(self, query: Query, answer: Answer) -> str:
        """The text alone: prompts of one section are near copies of each other, whatever was written on them."""
        return answer.text

    def published_constraints(self, task: Task, query: Query) -> str:
        """Audience, format and topic; the language has a column of its own."""
        return ", ".join(f"{axis}:{task.constraints[axis]}" for axis in AXES)

    def published_script(self, task: Task, query: Query) -> str:
        """The template that wrote the query."""
        return query.payload["template"]
