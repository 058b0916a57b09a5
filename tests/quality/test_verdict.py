import pytest

from synth_assets.errors import RecipeError
from synth_assets.exercises.base import Exercise
from synth_assets.quality.base import ScoredRow
from synth_assets.quality.verdict import REWARDS, SCORERS, judge_row, resolve_thresholds, verdict_version

ALL = frozenset(SCORERS)
REWARDED = [reward.NAME for reward in REWARDS]
SECTION = (
    "The tower of the old town hall was raised in 1478 by the mason Hans Brenner. It is 61 metres high and carries "
    "three bells, of which the largest weighs 2,300 kilograms."
)


def row(**changes) -> ScoredRow:
    values = {
        "exercise": "memorization",
        "language": "en",
        "query": "How high is the tower of the old town hall, and who built it?",
        "draft": "asked: height and builder → the tower is 61 metres high ●\nbuilder → Hans Brenner\n∴ 61 metres",
        "answer": "The tower is 61 metres high; the mason Hans Brenner raised it in 1478.",
        "section_language": "en",
        "section_text": SECTION,
        "checks": {"has_question_mark": True},
    }
    return ScoredRow(**(values | changes))


def test_a_sound_row_passes_every_scorer():
    verdict = judge_row(row(), ALL, {})
    assert (verdict.passed, verdict.reason) == (True, "")
    assert [score.name for score in verdict.scores] == [*SCORERS, *REWARDED]
    assert 0.9 < verdict.composite <= 1


def test_the_scorers_are_those_that_exercises_list_by_default():
    assert Exercise.scorers == ALL


def test_the_first_failing_scorer_gives_the_reason_and_all_are_scored():
    verdict = judge_row(row(answer="**1999** 1999", draft="no notation at all in these eight plain words"), ALL, {})
    assert not verdict.passed
    assert verdict.reason == "no_derivation"
    assert {score.reason for score in verdict.scores} >= {"no_derivation", "ungrounded_number"}


def test_what_code_disproved_is_named_before_what_is_estimated():
    assert judge_row(row(checks={"result_matches": False}, draft=""), ALL, {}).reason == "result_matches"


def test_scorers_with_nothing_to_judge_give_no_score_and_do_not_weigh():
    verdict = judge_row(row(section_text="", checks={}), ALL, {})
    assert [score.name for score in verdict.scores] == ["length", "notation", "language", "repetition", *REWARDED]
    assert verdict.composite == pytest.approx(sum(score.value for score in verdict.scores[:4]) / 4)


def test_only_the_scorers_asked_for_judge():
    verdict = judge_row(row(draft=""), frozenset({"length", "language"}), {})
    assert verdict.passed
    assert [score.name for score in verdict.scores] == ["length", "language", *REWARDED]


def test_no_scorers_refuse_nothing():
    verdict = judge_row(row(), frozenset(), {})
    assert (verdict.passed, verdict.composite) == (True, 1.0)
    assert [score.name for score in verdict.scores] == REWARDED


@pytest.mark.parametrize("changes", [{"draft": ""}, {"answer": "∴ 61"}, {"checks": {"wrong": False}}, {"checks": {}}])
def test_rewards_stand_on_every_row_and_neither_refuse_nor_weigh(changes):
    verdict = judge_row(row(**changes), frozenset({"length"}), {})
    assert (verdict.passed, verdict.composite) == (True, verdict.scores[0].value)
    rewards = {score.name: score.value for score in verdict.scores[1:]}
    assert list(rewards) == REWARDED
    assert all(0 <= value <= 1 for value in rewards.values())


def test_a_recipe_overrides_thresholds_by_name():
    assert judge_row(row(), ALL, {"length": {"min_answer_words": 50}}).reason == "answer_too_short"


@pytest.mark.parametrize(
    ("overrides", "key"),
    [
        ({"lenght": {"min_answer_words": 5}}, "quality.lenght"),
        ({"length": {"min_answer_word": 5}}, "quality.length.min_answer_word"),
        ({"verifier": {"strict": 1}}, "quality.verifier.strict"),
        ({"length": {"min_answer_words": "5"}}, "quality.length.min_answer_words"),
        ({"length": {"min_answer_words": True}}, "quality.length.min_answer_words"),
        ({"length": {"min_answer_words": float("nan")}}, "quality.length.min_answer_words"),
    ],
)
def test_an_unusable_threshold_is_an_error_that_names_its_key(overrides, key):
    with pytest.raises(RecipeError) as caught:
        resolve_thresholds(overrides, path="my.yaml")
    assert caught.value.key == key
    assert str(caught.value).startswith("my.yaml: ")
    with pytest.raises(RecipeError):
        judge_row(row(), ALL, overrides)


def test_an_unknown_scorer_is_an_error():
    with pytest.raises(ValueError, match="sentiment"):
        judge_row(row(), frozenset({"sentiment"}), {})


def test_the_version_follows_scorers_and_thresholds_and_nothing_else():
    version = judge_row(row(), ALL, {}).version
    assert version == verdict_version(ALL, {}) == judge_row(row(answer="No."), ALL, {"length": {}}).version
    assert version == verdict_version(ALL, {"length": {"min_answer_words": 1}})
    assert version != verdict_version(ALL, {"length": {"min_answer_words": 2}})
    assert version != verdict_version(ALL - {"grounding"}, {})
    without = frozenset({"language"})
    assert verdict_version(without, {"length": {"min_answer_words": 2}}) == verdict_version(without, {})


def test_the_rewards_are_no_scorers_that_an_exercise_or_a_recipe_could_name():
    assert not set(REWARDED) & set(SCORERS)
    assert all("Source: " in reward.__doc__ for reward in REWARDS)


@pytest.mark.parametrize("name", SCORERS)
def test_every_scorer_keeps_the_protocol_and_names_its_source(name):
    scorer = SCORERS[name]
    result = scorer.score(row(), resolve_thresholds({})[name])
    assert (scorer.NAME, result.name) == (name, name)
    assert scorer.VERSION >= 1
    assert 0 <= result.value <= 1
    assert "Source: " in scorer.__doc__
