"""Is the text whole and clean: ended, closed, and in its right encoding?

Source: the line and document rules of C4 (Raffel et al. 2020: a line ends in a terminal punctuation mark), the
"bad text" rules of ftfy for wrongly decoded UTF-8, and what reading replies of small models teaches: they stop in the
middle, leave a tag open, or run on into the markup of their chat template.

Five rules, each over the answer, the last two over query and trace as well; the first one broken is the reason:

- `truncated`: a last line of `min_words` words or more that ends neither a sentence nor a quotation, tag or formula,
  where the text ends other sentences, or that ends on a comma, a dash or an open bracket. A line of a list or of verse
  needs no full stop, so a text none of whose lines has one is left alone, and one half of whose lines have none.
- `unclosed_markup`: brackets, angled quotes, code fences, bold marks and tags that do not close, one way or the other.
  "1)" and smileys are no brackets. An answer may hand back what it was given: brackets that are as odd in the query or
  the section are left alone, and so is JSON, which closes or is none.
- `leaked_markup`: tags of chat templates and of thinking, HTML that no answer bears, marks of the trace in the answer.
- `broken_encoding`: UTF-8 read as Latin-1, replacement and control characters.
- `noise`: more than `max_noise` of the words have a sign inside that no word has.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from synth_assets.quality.base import Score, ScoredRow

NAME = "format"
VERSION = 1
THRESHOLDS: Mapping[str, float] = {"min_words": 6, "max_noise": 0.03}
REASONS = frozenset({"truncated", "unclosed_markup", "leaked_markup", "broken_encoding", "noise"})

_ENDED = re.compile(r"[.!?…。%°]['\"»”\u2019“)\]}*_]*$|</\w+>$|[)\]}»”\"`$*|]$")
_SENTENCE_ENDS = re.compile(r"[.!?…]['\"»”\u2019)\]*]*(?=\s|$)")
_HANGS = re.compile(r"[,;(\[{«„\u2013—/&+=-]$")
_LIST_ITEM = re.compile(r"^\s*(?:[-*•]|\d+[.)]|[A-Z][.)])\s")
_WORD = re.compile(r"\S*[^\W_]\S*")
_TAG = re.compile(r"<(/?)([a-z]\w*)(?:\s[^<>\n]*)?(/?)>", re.I)
_VOID = frozenset({"br", "hr", "img"})
# „so“ in German, „so” in Polish, ”so” in Swedish: the curved quotes open and close alike, and are not counted
_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"), ("«", "»"))
_ENUMERATION = re.compile(r"(?:^|\s)\w{1,3}$")
_SMILEY = re.compile(r"(?<=\s)[:;]-?[()]")
_LEAKED = re.compile(
    r"<\|[^|>\n]*\|?>?|</?(?:s|think|thinking|answer|reasoning|assistant|user|system|im_start|im_end|div|span|p|script)\b"
    r"|\[/?INST\]|<<SYS>>|###\s*(?:Instruction|Response|Human|Assistant)\b"
)
_MARKS = re.compile(r"[∴●◐○※☐☑↺⟨⟩├└]")
# A letter's first byte in UTF-8 read as Latin-1, before what its second one turns into (there or in cp1252). After the
# two that a sound text may end a quotation with, quotes, dashes and dots are no second bytes.
_SECOND = (
    "\u0080-\u009f\u00a1-\u00aa\u00ac-\u00b9\u00bc-\u00bf"
    "\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2018\u201a\u2020-\u2022\u2030\u2122"
)
_MOJIBAKE = re.compile(
    f"\ufffd|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|[\ue000-\uf8ff]|\u00c3[{_SECOND}\u00a0\u00ab\u00bb\u2013-\u2026]"
    f"|[\u00c4\u00c5][{_SECOND}]|\u00c2[\u00a0-\u00bf]|\u00e2\u20ac"
)
_NOISY = re.compile(r"[^\W\d_][#@~^|¤§¬\\$%&*=+<>{}]+[^\W_]|[^\W\d_]\d+[^\W\d_]+\d")
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|\$[^$\n]+\$|\w+://\S+|\S+@\S+\.\w+|</?\w[^<>\n]*>", re.S)


def score(row: ScoredRow, thresholds: Mapping[str, Any]) -> Score:
    """`value` is the share of the five rules that hold."""
    failures: dict[str, str] = {}
    if ending := _hanging(row.answer, thresholds["min_words"]):
        failures["truncated"] = f"ends on {ending!r}"
    if mark := _unclosed(row):
        failures["unclosed_markup"] = mark
    leaked = _LEAKED.search(row.answer) or _LEAKED.search(row.draft) or _MARKS.search(row.answer)
    if leaked:
        failures["leaked_markup"] = repr(leaked.group())
    for part, text in (("query", row.query), ("answer", row.answer), ("draft", row.draft)):
        if broken := _MOJIBAKE.search(text):
            failures.setdefault("broken_encoding", f"{part}: {broken.group()!r}")
        noisy, words = _noise(text)
        if noisy > max(1, thresholds["max_noise"] * words):
            failures.setdefault("noise", f"{part}: {noisy} of {words} words")
    return Score(
        name=NAME,
        value=1 - len(failures) / len(REASONS),
        passed=not failures,
        reason=next(iter(failures), ""),
        detail="; ".join(f"{reason}: {what}" for reason, what in failures.items()),
    )


def _hanging(text: str, min_words: float) -> str:
    """The end of a text that stops in the middle, or an empty string."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return ""
    last = lines[-1]
    if _ENDED.search(last):
        return ""
    if _HANGS.search(last):
        return last[-20:]
    prose = [line for line in lines if not _LIST_ITEM.match(line)]
    if _LIST_ITEM.match(last) or (len(_WORD.findall(last)) < min_words and len(lines) > 1):
        return ""
    if sum(1 for line in prose[:-1] if not _ENDED.search(line)) > len(prose[:-1]) / 2:
        return ""  # verse, whose lines end where the form says
    ends_others = any(_SENTENCE_ENDS.search(line) for line in prose)
    long = len(lines) == 1 and len(_WORD.findall(last)) >= 2 * min_words
    return last[-20:] if ends_others or long else ""


def _unclosed(row: ScoredRow) -> str:
    """What of the answer does not close, or an empty string."""
    text = row.answer
    if text.count("```") % 2:
        return "a code fence"
    open_tags: list[str] = []
    for closing, name, own in _TAG.findall(text):
        if own or name.lower() in _VOID:
            continue
        if not closing:
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            return f"</{name}> closes nothing"
    if open_tags:
        return f"<{open_tags[-1]}> stays open"
    if _is_json(text):
        return ""
    bare = _TAG.sub(" ", text)
    for opening, closing in _PAIRS:
        odd = _odd(bare, opening, closing)
        if odd and all(odd != _odd(given, opening, closing) for given in (row.query, row.section_text)):
            return f"{abs(odd)} {opening if odd > 0 else closing} too many"
    return "bold marks" if bare.count("**") % 2 else ""


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False


def _odd(text: str, opening: str, closing: str) -> int:
    """Brackets opened less brackets closed; the bracket of "1)" and of a smiley is none."""
    pieces = re.split(f"([{re.escape(opening + closing)}])", _SMILEY.sub(" ", text))
    depth = 0
    for before, mark in zip(pieces[::2], pieces[1::2], strict=False):
        if mark == opening:
            depth += 1
        elif depth > 0 or not (closing == ")" and _ENUMERATION.search(before)):
            depth -= 1
    return depth


def _noise(text: str) -> tuple[int, int]:
    words = _CODE.sub(" ", text).split()
    return sum(1 for word in words if _NOISY.search(word)), len(words)
