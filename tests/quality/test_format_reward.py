import pytest

from synth_assets.quality.base import ScoredRow
from synth_assets.quality.format_reward import THRESHOLDS, score

TRACE = (
    "### 1. Task Analysis\n├─ asks → the height\n└─ kind → a number ●\n### 2. Recall\n● The tower is 61 metres high.\n"
    "→ That is the answer. ⟨H≈0.4⟩\n### 3. Verification\n✓ It fits.\n∴ 61 metres"
)


def reward(draft: str, answer: str = "It is 61 metres high.") -> float:
    result = score(ScoredRow(exercise="x", language="en", query="How high?", draft=draft, answer=answer), THRESHOLDS)
    assert result.passed
    assert result.detail
    return result.value


def test_a_row_that_keeps_the_form_gets_all_of_it():
    assert reward(TRACE) == 1.0
    assert reward("") == 1.0


@pytest.mark.parametrize(
    "draft",
    [
        TRACE.rpartition("\n")[0],
        TRACE.replace("└─", "├─"),
        TRACE.replace("0.4", "2.4"),
        TRACE.replace("### 2.", "### 3."),
        "The height → 61 metres\n∴ 61 metres",
    ],
)
def test_every_fault_of_the_trace_costs_a_part(draft):
    assert 0 < reward(draft) < 1


@pytest.mark.parametrize("answer", ["", "∴ 61 metres", "<think>hm</think> 61 metres", "It is high ●"])
def test_an_answer_that_is_empty_or_bears_marks_of_the_trace_costs_a_part(answer):
    assert reward(TRACE, answer) < 1


def test_a_worse_trace_gets_less():
    assert reward("no notation at all") < reward(TRACE.replace("└─", "├─")) < reward(TRACE)
