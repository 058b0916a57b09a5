import pytest

from synth_assets.exercises.memorization import worked_examples
from synth_assets.languages import LANGUAGES
from synth_assets.quality.base import Score, ScoredRow
from synth_assets.quality.repetition import REASONS, THRESHOLDS, score

QUERY = "Why did the farmers of the valley build their houses of stone?"
LONG = (
    "The forests of the valley had been cut down for the mines, so that timber had to be carried over the pass on "
    "mules. Stone lay in every field and cost nothing but the labour of lifting it. Builders therefore laid dry walls, "
    "roofed them with slabs of slate, and kept their few beams for lintels and ridge poles. When the railway reached "
    "the lower villages, sawn planks became cheap, and the newer barns show it at once: they stand on stone footings, "
    "but everything above the first floor is spruce."
)


def judge(answer: str, draft: str = "", query: str = QUERY, **thresholds: float) -> Score:
    row = ScoredRow(exercise="memorization", language="en", query=query, draft=draft, answer=answer)
    result = score(row, {**THRESHOLDS, **thresholds})
    assert result.reason in REASONS | {""}
    return result


@pytest.mark.parametrize(
    "answer",
    [
        LONG,
        "42",
        "C. Paris",
        "The Eiffel Tower is in Paris. The Eiffel Tower was built in 1889.",
        "The capital of France is Paris. The capital of Spain is Madrid.",
        "12 * 7 = 84\n84 + 6 = 90\n90 / 3 = 30",
        "Yes, yes, it is.",
    ],
)
def test_ordinary_answers_short_and_long_pass(answer):
    assert judge(answer).passed


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("The wood was gone.\nThe wood was gone.\nStone was cheap.", "duplicate_lines"),
        ("The wood was gone. The wood was gone.", "duplicate_lines"),
        (f"{LONG}\n{LONG}", "duplicate_lines"),
        ("stone and " * 12, "top_ngram"),
        ("is is is is is is is is", "top_ngram"),
        (LONG + " of the stone" * 30, "top_ngram"),
        (LONG + " " + LONG.replace("spruce", "larch").replace(". ", ", "), "duplicate_ngrams"),
    ],
)
def test_each_kind_of_repetition_has_its_own_reason(answer, reason):
    result = judge(answer)
    assert (result.passed, result.reason) == (False, reason)
    assert result.value < 0.85
    assert result.detail.startswith("answer: ")


@pytest.mark.parametrize(
    "loop",
    [
        "La piedra era barata y la madera era cara. " * 5,
        "Drewno było drogie a kamień tani i " * 6,
        "Holz war teuer und " * 8,
        "De steen was goedkoop en " * 8,
        "La pierre ne coûtait rien et " * 8,
        "La pietra non costava nulla e " * 8,
        "lapis vilis erat et " * 8,
        "the stone was cheap and " * 8,
    ],
)
def test_loops_of_every_language_are_refused(loop):
    assert not judge(loop).passed


def test_a_trace_that_loops_is_refused_and_named():
    result = judge(LONG, draft="stone was cheap → wood was dear\n" * 6 + "∴ stone")
    assert result.reason == "duplicate_lines"
    assert result.detail.startswith("draft: ")


def test_published_thresholds_are_gophers():
    published = [0.30, 0.20, 0.20, 0.18, 0.16, 0.15, 0.14, 0.13, 0.12, 0.11, 0.10]
    assert list(THRESHOLDS.values())[: len(published)] == published


def test_a_recipe_may_allow_refrains():
    refrain = "The river runs on.\nI stood at the mill.\nThe river runs on.\nThe wheel stood still.\nThe river runs on."
    assert judge(refrain).reason == "duplicate_lines"
    assert judge(
        refrain, max_duplicate_lines=0.6, max_duplicate_line_characters=0.6, max_top_3gram=1, max_top_4gram=1
    ).passed


@pytest.mark.parametrize("language", LANGUAGES)
def test_hand_written_traces_are_no_repetition(language):
    for example in worked_examples(language):
        result = judge(LONG, example["draft"], example["query"])
        assert result.passed, (example["title"], result.detail)


def test_a_trace_that_says_one_sentence_four_times_is_refused():
    said = "The traditional method of extracting opiates from opium involves scratching the immature seed pods by hand"
    draft = f"├─ asks → {said}\n● {said}.\n→ {said}.\n✓ {said}.\n∴ {said}."
    assert not judge(LONG, draft).passed
