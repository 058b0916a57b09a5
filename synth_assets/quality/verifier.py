"""Did everything that the exercise verified with code hold?

Source: rule-based verification as in SynLogic and DeepSeek-R1 (accuracy rewards); SYNTH's "formal checks". The reason
is the failed check's own name, which the exercise declares; the checks' order is the exercise's.
"""

from collections.abc import Mapping
from typing import Any

from synth_assets.quality.base import Score, ScoredRow

NAME = "verifier"
VERSION = 1
THRESHOLDS: Mapping[str, float] = {}


def applies(row: ScoredRow) -> bool:
    """Only rows of which anything was checked: no check is no evidence, neither for the row nor against it."""
    return bool(row.checks)


def score(row: ScoredRow, thresholds: Mapping[str, Any]) -> Score:
    """`value` is the share of checks passed; one failed check fails the row."""
    failed = [name for name, passed in row.checks.items() if not passed]
    return Score(
        name=NAME,
        value=1 - len(failed) / max(1, len(row.checks)),
        passed=not failed,
        reason=failed[0] if failed else "",
        detail=f"{len(row.checks) - len(failed)} of {len(row.checks)} checks passed"
        + (f"; failed {', '.join(failed)}" if failed else ""),
    )
