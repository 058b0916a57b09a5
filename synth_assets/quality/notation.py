"""Does the trace keep SYNTH's reasoning notation?

Source: PleIAs/SYNTH, the dataset card's table of marks, and arXiv 2609.37891. A trace derives (at least one →), ends
on a conclusion (its last line bears ∴), simulates entropies between 0.1 and 1.8 (⟨H≈x⟩), and never leaks where the
seed came from: the student that will be trained on it has seen no page.

The hard case is a trace that keeps the marks and says nothing, as a grammar makes any model write: an arrow without a
word behind it is no derivation, and ∴ without a word beside it concludes nothing. Whether the words make sense is for
`grounding` and `repetition` to say.

An exercise that lists this scorer promises a trace, so an empty draft is refused as `no_draft`; exercises without a
trace leave the scorer out. The published marks ? and ! are ordinary punctuation too and are not counted.
"""

import re
from collections.abc import Mapping
from typing import Any

from synth_assets.quality.base import Score, ScoredRow

NAME = "notation"
VERSION = 1
THRESHOLDS: Mapping[str, float] = {
    "min_derivations": 1,
    "min_entropy": 0.1,
    "max_entropy": 1.8,
}
REASONS = frozenset(
    {"no_draft", "no_derivation", "no_conclusion", "entropy_out_of_range", "entropy_unreadable", "url_leaked"}
)

MARKS = "→∴●◐○≈※⚠✓☐☑↺├└─│"

_ENTROPY = re.compile(r"[⟨<〈]\s*H\s*[≈=~:]\s*([^⟩>〉\n]{0,40})[⟩>〉]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_URL = re.compile(
    r"\b(?:https?|ftp)://|\bwww\.\w|\b\w+\.wiki(?:pedia|books|data|source)\.org\b|\bwikipedia\.org\b", re.I
)
_DERIVATION = re.compile(r"→[^→∴\n]*\w")
_SAID = re.compile(r"\w")


def score(row: ScoredRow, thresholds: Mapping[str, Any]) -> Score:
    """Lint the draft. `value` is the share of the four rules kept; `detail` counts every mark that occurs."""
    if not row.draft.strip():
        return Score(name=NAME, value=0.0, passed=False, reason="no_draft", detail="the draft is empty")
    failures: dict[str, str] = {}
    derivations = len(_DERIVATION.findall(row.draft))
    if derivations < thresholds["min_derivations"]:
        failures["no_derivation"] = f"{derivations} derivations"
    last = row.draft.strip().splitlines()[-1]
    if "∴" not in last or not _SAID.search(last):
        failures["no_conclusion"] = f"last line {last[:60]!r}"
    entropy = _entropy_failure(row.draft, thresholds["min_entropy"], thresholds["max_entropy"])
    if entropy:
        failures[entropy[0]] = entropy[1]
    leak = _URL.search(row.draft)
    if leak:
        failures["url_leaked"] = row.draft[leak.start() : leak.start() + 60].split()[0]
    rest = _ENTROPY.sub("", row.draft)  # its ≈ is no approximation
    counts = {mark: rest.count(mark) for mark in MARKS}
    counts["⟨H⟩"] = len(_ENTROPY.findall(row.draft))
    marks = " ".join(f"{mark}{count}" for mark, count in counts.items() if count)
    return Score(
        name=NAME,
        value=1 - len(failures) / 4,
        passed=not failures,
        reason=next(iter(failures), ""),
        detail="; ".join([*(f"{reason}: {detail}" for reason, detail in failures.items()), f"marks {marks or 'none'}"]),
    )


def _entropy_failure(draft: str, lowest: float, highest: float) -> tuple[str, str] | None:
    for written in _ENTROPY.findall(draft):
        number = _NUMBER.fullmatch(written.strip())
        if number is None:
            return "entropy_unreadable", f"{written.strip()[:40]!r}"
        value = float(number[0].replace(",", "."))
        if not lowest <= value <= highest:
            return "entropy_out_of_range", f"{value} outside {lowest} to {highest}"
    return None
