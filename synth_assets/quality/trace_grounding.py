"""Does the reasoning trace speak of what its passages speak of, and end on what the answer says?

Source: this project. A trace that wanders off (a passage on an architect, a trace on a plane crash) teaches a student
to think of something else, however well its answer copies the passage; no published filter looks at it.

The trace is English whatever the row's language. Over an English passage its content words are compared by stem
(`min_share` of them must stand in passages, query or answer; what a trace says of its own doing, "the question asks",
"source", does not count); over any other only names survive the translation, and
only roughly: of `min_names` or more names, `min_name_share` must begin like a name of the passages (by three letters:
London, Londres, Londyn). The query's own names do not count as evidence there: a made-up name would vouch for itself.
Capitalised words that every language has a word of its own for (the Sun, July, Germans) are no names. The trace of a
query that has no plain answer weighs what is wrong with it, in words of its own: `min_share_unanswerable`.

Where the answer is English too, the closing ∴ line must share a content word, a name or a number with it: a trace that
concludes "∴ 4." before an answer about Athens has not led to it.
"""

import re
from collections.abc import Mapping
from typing import Any

from synth_assets.quality.base import Score, ScoredRow
from synth_assets.quality.grounding import applies as has_passages
from synth_assets.quality.grounding import content_words, fold, is_unanswerable, names_in, stem
from synth_assets.quality.language_identification import FUNCTION_WORDS

NAME = "trace_grounding"
VERSION = 2
THRESHOLDS: Mapping[str, float] = {
    "min_share": 0.4,
    "min_share_unanswerable": 0.25,
    "min_names": 2,
    "min_name_share": 0.25,
}
REASONS = frozenset({"trace_off_topic", "conclusion_off_answer"})

_HEADING = re.compile(r"^#+ .*$", re.MULTILINE)
_TRANSLATED = frozenset(
    re.findall(
        r"\w+",
        """sun moon earth north south east west january february march april may june july august september october
        november december monday tuesday wednesday thursday friday saturday sunday god bible english french german
        germans italian italians spanish polish dutch latin europe european africa asia""",
    )
)
_OWN_TALK = frozenset(
    stem(word)
    for word in re.findall(
        r"\w+",
        """answer answers asked asking asks question questions query kind subject source sources sentence sentences
        quote quotes quoted says said saying states stated stating statement mentions premise passage reader request
        fact facts given sought verify verified check checked checks confirmed claim claims clue clues missing true
        false both agree agrees same other nothing something therefore thus follows rests bears needs must should""",
    )
)
_MARKS = re.compile(r"[^\w\s.,;:'\"()%-]")


def applies(row: ScoredRow) -> bool:
    """Only rows with a trace that were made from passages."""
    return has_passages(row) and bool(row.draft.strip())


def score(row: ScoredRow, thresholds: Mapping[str, Any]) -> Score:
    """`value` is the share of the trace's content words (of its names, over a passage in another language) found."""
    lines = [_MARKS.sub(" ", line) for line in _HEADING.sub("", row.draft).splitlines() if line.strip()]
    evidence = "\n".join([row.section_title, row.section_text, *row.neighbour_texts])
    if row.section_language == "en":
        known = {stem(word) for word in content_words(f"{evidence}\n{row.query}\n{row.answer}", "en")}
        mine = {stem(word) for line in lines for word in content_words(line, "en")} - _OWN_TALK
        bound = "min_share_unanswerable" if is_unanswerable(row) else "min_share"
        found, what, least = len(mine & known), "words", thresholds[bound]
    else:
        begins = {fold(word)[:3] for word in re.findall(r"[^\W\d_]{3,}", evidence) if word[0].isupper()}
        mine = names_in(lines, "en") - _TRANSLATED
        found = sum(name[:3] in begins for name in mine)
        what = "names"
        least = thresholds["min_name_share"] if len(mine) >= thresholds["min_names"] else 0.0
    share = found / len(mine) if mine else 1.0
    reason = "trace_off_topic" if share < least else "" if _leads_to_answer(row) else "conclusion_off_answer"
    return Score(
        name=NAME, value=share, passed=not reason, reason=reason, detail=f"{found} of {len(mine)} {what} found"
    )


def _leads_to_answer(row: ScoredRow) -> bool:
    conclusion = row.draft.rpartition("∴")[2]
    if row.language != "en" or not conclusion.strip():
        return True
    return bool(_said(conclusion) & _said(row.answer))


def _said(text: str) -> set[str]:
    """What a statement is about: content words and names by stem, numbers as written."""
    words = {stem(fold(word)) for word in re.findall(r"[^\W\d_]{3,}", text) if fold(word) not in FUNCTION_WORDS["en"]}
    return words | set(re.findall(r"\d+", text))
