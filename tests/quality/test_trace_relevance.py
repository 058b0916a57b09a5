import pytest

from synth_assets.quality.base import ScoredRow
from synth_assets.quality.trace_relevance import REASONS, THRESHOLDS, applies, score
from tests.quality.spoilers import sound_transcripts

TRACE = """### 1. Task Analysis
├─ asks → what burnt the wooden roof of the tower ●
### 2. Recall
● Lightning struck the tower in 1611 and the roof burnt.
→ The council replaced it with copper from Falun. ⟨H≈0.4⟩
∴ Lightning, in 1611."""
ROW = {
    "exercise": "memorization",
    "language": "en",
    "query": "What happened to the wooden roof of the tower, and what did the council of the town put there "
    "afterwards?",
    "answer": "Lightning burnt it in 1611. The council had it replaced with copper from the mines of Falun, "
    "which has lasted "
    "to this day because copper forms a green skin that keeps rain and frost away from the metal beneath.",
}
OTHER = "● Yeast ferments sugar in dough, so bread rises overnight; bakers fold it twice.\n∴ Fermentation lifts bread."


def judge(draft: str, **rest):
    result = score(ScoredRow(**{**ROW, "draft": draft, **rest}), THRESHOLDS)
    assert result.reason in REASONS | {""}
    assert 0 <= result.value <= 1
    return result


def test_a_trace_about_its_row_passes_and_one_about_another_is_unrelated():
    assert judge(TRACE).value == 1.0
    assert (judge(OTHER).passed, judge(OTHER).reason) == (False, "trace_unrelated")


def test_numbers_and_quotations_relate_a_trace_to_a_row_in_another_language():
    german = {
        "language": "de",
        "query": "Ein Zug braucht für 84 km genau 70 Minuten. Wie schnell fährt er?",
        "answer": "72 km/h, denn 84 : 70 * 60 = 72.",
    }
    assert judge("● given → 84 and 70\n→ 84 ÷ 70 * 60 = 72\n∴ 72", **german).value == 1.0
    assert judge("● given → 15 and 33\n→ 15 * 33 = 495\n∴ 495", **german).reason == ""
    assert judge("● given → 15 and 33\n→ 15 * 33 = 495\n∴ 495", **german).value == 0.0
    assert judge('● "Zug" and "Minuten" are plain\n∴ "schnell" stays', **german).value == 1.0


def test_a_poem_of_ten_words_shares_none_with_its_trace():
    result = judge(
        OTHER, query="Ein Gedicht bitte.", answer="Nacht tritt ein,\nsetzt sich,\nverlangt Wein.", language="de"
    )
    assert (result.passed, result.value, result.detail) == (True, 1.0, "nothing to compare")


def test_a_row_without_a_trace_is_not_judged():
    assert not applies(ScoredRow(**ROW, draft=""))


@pytest.mark.parametrize("exercise", sorted({sound.row.exercise for sound in sound_transcripts()}))
def test_traces_of_accepted_transcripts_are_related_to_their_rows(exercise):
    rows = [sound.row for sound in sound_transcripts() if sound.row.exercise == exercise and sound.row.draft]
    assert [row.answer for row in rows if not score(row, THRESHOLDS).passed] == []
