"""Passages as prompts show them: an excerpt of whole sentences, inside a fence that its text cannot close."""

import random
import re

import sentencex

# A passage that says "</passage>" or "<|im_end|>" would otherwise step out of its fence or its turn.
_MARKUP = re.compile(r"<(?=\s*/?\s*(?:passage|neighbour|source_?\d*|ref)\b|\|)", re.IGNORECASE)
_NOT_WORD = re.compile(r"[^\w]+")


def neutralised(text: str) -> str:
    """The text with every tag that prompts use as a fence, and every chat-control token, made harmless."""
    return _MARKUP.sub("\u2039", text)


def fenced(name: str, text: str) -> str:
    """Untrusted text between `<name>` and `</name>`."""
    return f"<{name}>\n{neutralised(text)}\n</{name}>"


def sentences(text: str, language: str) -> list[str]:
    """The sentences of a text, white space made single spaces; joined by spaces they are the text."""
    return [sentence.strip() for sentence in sentencex.segment(language, " ".join(text.split())) if sentence.strip()]


def excerpt(text: str, language: str, *, words: int, rng: random.Random | None) -> str:
    """At most about `words` words of whole sentences in a row, from a start that `rng` chooses, or the first.

    A text that fits is taken whole. Another start at every pass is what lets many passes over one section ask about
    different things. Never less than one sentence; a sentence longer than twice the limit is cut at a word.
    """
    parts = sentences(text, language)
    lengths = [len(part.split()) for part in parts]
    if sum(lengths) <= words:
        return " ".join(parts)
    starts = [index for index in range(len(parts)) if sum(lengths[index:]) >= words / 2] or [0]
    first = rng.choice(starts) if rng is not None else 0
    taken, total = [parts[first]], lengths[first]
    for part, length in zip(parts[first + 1 :], lengths[first + 1 :], strict=True):
        if total + length > words:
            break
        taken.append(part)
        total += length
    if total > 2 * words:
        return " ".join(taken[0].split()[:words]) + " …"
    return " ".join(taken)


def content_stems(text: str) -> frozenset[str]:
    """First four letters of every word of four letters or more: enough to see whether two texts share a subject."""
    return frozenset(word[:4] for word in _NOT_WORD.split(text.casefold()) if len(word) >= 4)
