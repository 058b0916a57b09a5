import pytest

from synth_assets.quality.base import ScoredRow
from synth_assets.quality.language_consistency import THRESHOLDS, score

ENGLISH = (
    "● The river rises in the mountains and flows north to the sea.\n→ So its mouth lies in the north of the country."
)
GERMAN = "● Der Fluss entspringt in den Bergen und fließt nach Norden bis zum Meer."
QUERY = "Wo liegt die Mündung des Flusses, der in den Bergen im Süden entspringt?"


def consistency(draft: str) -> float:
    result = score(ScoredRow(exercise="x", language="de", query=QUERY, draft=draft, answer="Im Norden."), THRESHOLDS)
    assert result.passed
    assert result.detail
    return result.value


def test_an_english_trace_is_consistent_whatever_the_language_of_the_row():
    assert consistency(ENGLISH) == 1.0


def test_a_trace_may_quote_the_query():
    assert consistency(f"├─ asks → {QUERY}\n{ENGLISH}") == 1.0


@pytest.mark.parametrize(("draft", "most"), [(GERMAN, 0.0), (f"{ENGLISH}\n{GERMAN}", 0.8)])
def test_words_in_another_language_take_their_share_away(draft, most):
    assert consistency(draft) <= most


@pytest.mark.parametrize("draft", ["", "∴ 42", "61 * 2 → 122\n∴ 122"])
def test_what_has_no_language_is_consistent(draft):
    assert consistency(draft) == 1.0
