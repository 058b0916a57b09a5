import pytest

from synth_assets.quality.base import Score, ScoredRow
from synth_assets.quality.notation import REASONS, THRESHOLDS, score

SOUND = """### 1. Task Analysis
├─ asked: the height of the tower ●
└─ given: a shadow of 30 m at 45 degrees ⟨H≈0.6⟩
### 2. Derivation
45 degrees → height equals shadow ※
30 m → 30 m ✓
### 3. Verification
∴ the tower is 30 m high"""


def lint(draft: str, **thresholds: float) -> Score:
    row = ScoredRow(exercise="memorization", language="en", query="How high is it?", draft=draft, answer="30 m")
    result = score(row, {**THRESHOLDS, **thresholds})
    assert result.reason in REASONS | {""}
    return result


def test_a_sound_trace_passes_and_its_marks_are_counted():
    result = lint(SOUND)
    assert (result.passed, result.value, result.reason) == (True, 1.0, "")
    assert result.detail == "marks →2 ∴1 ●1 ※1 ✓1 ├1 └1 ─2 ⟨H⟩1"


@pytest.mark.parametrize(
    ("draft", "reason"),
    [
        ("", "no_draft"),
        ("  \n ", "no_draft"),
        ("The tower is 30 m high.\n∴ 30 m", "no_derivation"),
        ("-> 30 m\n∴ 30 m", "no_derivation"),
        ("→\n→ →\n∴ 30 m", "no_derivation"),
        ("shadow → 30 m\nso it is 30 m", "no_conclusion"),
        ("∴ 30 m\nshadow → 30 m", "no_conclusion"),
        ("shadow → 30 m\n∴ ●", "no_conclusion"),
        (SOUND.replace("0.6", "1.9"), "entropy_out_of_range"),
        (SOUND.replace("0.6", "0.05"), "entropy_out_of_range"),
        (SOUND.replace("0.6", "0"), "entropy_out_of_range"),
        (SOUND.replace("⟨H≈0.6⟩", "<H=7>"), "entropy_out_of_range"),
        (SOUND.replace("0.6", "high"), "entropy_unreadable"),
        (SOUND.replace("0.6", ""), "entropy_unreadable"),
        ("see https://en.wikipedia.org/wiki/Tower → 30 m\n∴ 30 m", "url_leaked"),
        ("see www.example.org → 30 m\n∴ 30 m", "url_leaked"),
        ("see en.wikibooks.org → 30 m\n∴ 30 m", "url_leaked"),
    ],
)
def test_each_fault_of_a_trace_has_its_own_reason(draft, reason):
    result = lint(draft)
    assert (result.passed, result.reason) == (False, reason)
    assert result.value < 1


@pytest.mark.parametrize("written", ["0.1", "1.8", "0,5", "1"])
def test_entropies_at_and_within_the_bounds_pass(written):
    assert lint(SOUND.replace("0.6", written)).passed


def test_the_conclusion_may_be_marked_anywhere_in_the_last_line():
    assert lint("shadow → 30 m\n**All agrees ∴ 30 m**\n\n").passed


def test_several_faults_are_all_named_in_the_detail():
    result = lint("https://example.org ⟨H≈3⟩")
    assert result.value == 0.0
    assert all(
        reason in result.detail for reason in ("no_derivation", "no_conclusion", "entropy_out_of_range", "url_leaked")
    )


def test_a_recipe_may_ask_for_more_derivations():
    assert lint(SOUND, min_derivations=3).reason == "no_derivation"
