"""R1's accuracy reward: is what the row says right, as far as a rule can tell?

Source: DeepSeek-R1 (arXiv 2501.12948), section 2.2.2: rule-based rewards where a result can be checked, none from a
neural judge. Here the rules are what the exercise verified with code. A row of which nothing was verified gets 0, as
R1 gives nothing for what it cannot check, and its detail says that it is unverified and not wrong.

A reward is a figure for whoever trains or filters: it refuses nothing and does not weigh in the composite.
"""

from collections.abc import Mapping
from typing import Any

from synth_assets.quality.base import Score, ScoredRow

NAME = "accuracy_reward"
VERSION = 1
THRESHOLDS: Mapping[str, float] = {}


def score(row: ScoredRow, thresholds: Mapping[str, Any]) -> Score:
    """1 when everything that code verified held, 0 when any of it did not or nothing was verified."""
    failed = [name for name, passed in row.checks.items() if not passed]
    if not row.checks:
        detail = "unverified: code has nothing to hold this row against"
    elif failed:
        detail = f"wrong: {', '.join(failed)}"
    else:
        detail = f"right: {', '.join(row.checks)}"
    return Score(name=NAME, value=float(bool(row.checks) and not failed), passed=True, detail=detail)
