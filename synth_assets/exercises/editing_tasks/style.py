"""Registers that a text is rewritten in, and whether a rewriting keeps to its register and to the text's facts.

Every register promises something that code can count (words a sentence, bullets, a question at the beginning, no
articles); all of them keep every number from 32 up, most names, and something of the text's own vocabulary, and no
sentence of the text as it was, but for lists and headlines.
"""

import re
from collections.abc import Mapping

from synth_assets.exercises.editing_tasks.figures import lost_numbers, new_numbers
from synth_assets.exercises.editing_tasks.finished import harmless
from synth_assets.exercises.passages import content_stems, sentences
from synth_assets.quality.grounding import fold, names_in

# In the order in which a refusal is named.
PROMISES: tuple[str, ...] = (
    "stops_early",
    "copies_source",
    "breaks_register",
    "loses_number",
    "adds_number",
    "loses_names",
    "off_text",
    "length_off",
)

# Register -> least and most of its words over the source's words.
LENGTHS: Mapping[str, tuple[float, float]] = {
    "plain language": (0.4, 1.8),
    "formal letter": (0.6, 2.6),
    "telegram": (0.25, 0.8),
    "for a child": (0.4, 2.4),
    "bullet list": (0.4, 1.4),
    "single sentence": (0.35, 1.3),
    "questions and answers": (0.5, 2.4),
    "headline and lead": (0.4, 1.6),
}
# Words that a register adds whatever the text's length: salutation, questions, a headline.
_SLACK: Mapping[str, int] = {
    "formal letter": 25,
    "for a child": 12,
    "questions and answers": 16,
    "headline and lead": 12,
}
REGISTERS: tuple[str, ...] = tuple(LENGTHS)

MOST_PLAIN_WORDS = 15
MOST_CHILD_WORDS = 16
MOST_HEADLINE_WORDS = 12

# Without these a text reads like a telegram; Polish and Latin, which have no articles, go without "to be".
_ARTICLES: Mapping[str, str] = {
    "en": "the a an",
    "fr": "le la les l' un une des du",
    "de": "der die das den dem des ein eine einen einem einer eines",
    "it": "il lo la i gli le l' un uno una un'",
    "es": "el la los las un una unos unas",
    "pl": "jest są był była było były",
    "nl": "de het een",
    "la": "est sunt erat erant fuit fuerunt esse",
}
_SALUTATION: Mapping[str, str] = {
    "en": r"Dear\b|To whom\b|Sir\b|Madam\b|Ladies\b",
    "fr": r"Madame\b|Monsieur\b|Mesdames\b|Messieurs\b|Chers?\b|Chères?\b",
    "de": r"Sehr geehrte\w*\b|Liebe\w*\b",
    "it": r"Gentil\w+\b|Egregi\w*\b|Spettabil\w+\b|Car[oaie]\b",
    "es": r"Estimad[oa]s?\b|Muy señor\w*\b|Distinguid[oa]s?\b|Apreciad[oa]s?\b",
    "pl": r"Szanown\w+\b|Drodzy\b|Droga\b|Drogi\b",
    "nl": r"Geachte\b|Beste\b",
    "la": r".{0,60}\b(?:salutem|salvete|salve|s\. ?d\.|s\. ?p\. ?d\.)",
}
_BULLET = re.compile(r"^\s*[-*•\u2013]\s+\S")
_LEAST_NAMES, _LEAST_NAME_SHARE = 2, 0.6
_LEAST_SHARED = 0.15
_LEAST_WORDS = 6
_FREE_TO_COPY = ("bullet list", "headline and lead", "formal letter")


def faults(register: str, source: str, edited: str, language: str) -> dict[str, str]:
    """What is wrong with a rewriting: promise -> detail, empty when nothing is. Both texts are in the language."""
    if not edited.strip():
        return {"stops_early": "nothing but a preface"}
    found: dict[str, str] = {}
    count, given = len(source.split()), len(edited.split())
    length = given / max(1, count)
    least, most = LENGTHS[register]
    if length < least:
        found["stops_early"] = f"{length:.0%} of the source's words"
    elif given > most * count + _SLACK.get(register, 0):
        found["length_off"] = f"{length:.0%} of the source's words"
    if edited.rstrip()[-1] in ",:;-\u2013(":
        found["stops_early"] = f"last {edited.rstrip()[-40:]!r}"
    if copied := _copied(register, source, edited, language):
        found["copies_source"] = copied[:80]
    if broken := _broken(register, source, edited, language):
        found["breaks_register"] = broken
    if lost := lost_numbers(source, language, edited):
        found["loses_number"] = ", ".join(lost)
    if new := new_numbers(source, edited, language):
        found["adds_number"] = ", ".join(new)
    names = names_in(sentences(source, language), language)
    there = {word[:4] for word in re.findall(r"[^\W\d_]{3,}", fold(edited))}
    missing = sorted(name for name in names if name[:4] not in there)
    if len(names) >= _LEAST_NAMES and len(missing) > (1 - _LEAST_NAME_SHARE) * len(names):
        found["loses_names"] = ", ".join(missing)
    own = content_stems(source)
    if own and len(own & content_stems(edited)) < _LEAST_SHARED * len(own):
        found["off_text"] = f"{len(own & content_stems(edited))} of {len(own)} words shared"
    return {promise: found[promise] for promise in PROMISES if promise in found}


def _copied(register: str, source: str, edited: str, language: str) -> str:
    if harmless(source) == harmless(edited):
        return source
    if register in _FREE_TO_COPY:
        return ""
    here = {harmless(part) for part in sentences(source, language) if len(part.split()) >= _LEAST_WORDS}
    # a short sentence of the source may already be plain
    limit = 2 * MOST_PLAIN_WORDS
    return next(
        (part for part in sentences(edited, language) if harmless(part) in here and len(part.split()) > limit), ""
    )


def _broken(register: str, source: str, edited: str, language: str) -> str:
    """What of the register's own promise is broken, or empty."""
    lines = [line for line in edited.splitlines() if line.strip()]
    parts = [part for line in lines for part in sentences(line, language)]
    if register == "plain language":
        if "(" in edited:
            return "brackets"
        return _too_long(parts, MOST_PLAIN_WORDS)
    if register == "for a child":
        if not parts[0].rstrip("\"'”»").endswith("?"):
            return f"no question at the beginning: {parts[0][:60]!r}"
        return _too_long(parts, MOST_CHILD_WORDS)
    if register == "telegram":
        articles = _ARTICLES[language].split()
        words = re.findall(r"[^\W\d_]+['\u2019]?", edited)
        # a capital inside a sentence belongs to a name: "Le Havre", "La Paz"
        stop = next((word for word in words if word.replace("\u2019", "'") in articles), "")
        return f"{stop!r}" if stop else ""
    if register == "bullet list":
        loose = [line for line in lines if not _BULLET.match(line)]
        return f"no bullet: {loose[0][:60]!r}" if loose else "one bullet only" if len(lines) < 2 else ""
    if register == "single sentence":
        return f"{len(parts)} sentences" if len(parts) != 1 else ""
    if register == "questions and answers":
        asked = lines[0::2]
        if len(lines) < 4 or len(lines) % 2:
            return f"{len(lines)} lines, not pairs of a question and an answer"
        wrong = [line for line in asked if not line.rstrip("*_ ").endswith("?")]
        wrong += [line for line in lines[1::2] if line.rstrip("*_ ").endswith("?")]
        return f"out of turn: {wrong[0][:60]!r}" if wrong else ""
    if register == "headline and lead":
        head = lines[0].strip(" *#_")
        if len(lines) < 2 or head.endswith(".") or len(head.split()) > MOST_HEADLINE_WORDS:
            return f"no headline: {head[:80]!r}"
        return ""
    if not re.match(_SALUTATION[language], lines[0].strip()):
        return f"no salutation: {lines[0][:60]!r}"
    return "no closing line" if len(lines) < 3 else "exclamation" if "!" in "".join(lines[1:]) else ""


def _too_long(parts: list[str], most: int) -> str:
    long = next((part for part in parts if len(part.split()) > most), "")
    return f"{len(long.split())} words: {long[:60]!r}" if long else ""
