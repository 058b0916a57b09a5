import pytest

from synth_assets.errors import RecipeError
from synth_assets.exercises import EXERCISES
from synth_assets.quality.base import Score, ScoredRow
from synth_assets.quality.verdict import (
    COMPOSITE_THRESHOLD,
    REWARDS,
    SCORERS,
    WEIGHTS,
    best,
    composite,
    judge_row,
    rescore,
    resolve_thresholds,
    resolve_weights,
    verdict_version,
)

# what a stage must have asked a model for
ASKED = {"judge", "educational"}
ALL = frozenset(SCORERS) - ASKED
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
    assert [score.name for score in verdict.scores] == [*(name for name in SCORERS if name in ALL), *REWARDED]
    assert 0.9 < verdict.composite <= 1


def test_every_scorer_that_an_exercise_lists_is_there_and_has_a_weight():
    assert {name for exercise in EXERCISES.values() for name in exercise.scorers} <= set(SCORERS)
    assert list(WEIGHTS) == list(SCORERS)
    assert all(weight > 0 for weight in WEIGHTS.values())


def test_the_first_failing_scorer_gives_the_reason_and_all_are_scored():
    verdict = judge_row(row(answer="**1999** 1999", draft="no notation at all in these eight plain words"), ALL, {})
    assert not verdict.passed
    assert verdict.reason == "no_derivation"
    assert {score.reason for score in verdict.scores} >= {"no_derivation", "ungrounded_number"}


def test_what_code_disproved_is_named_before_what_is_estimated():
    assert judge_row(row(checks={"result_matches": False}, draft=""), ALL, {}).reason == "result_matches"


def test_scorers_with_nothing_to_judge_give_no_score_and_do_not_weigh():
    verdict = judge_row(row(section_text="", checks={}), ALL, {})
    without = ALL - {"verifier", "grounding", "trace_grounding", "novelty"}
    judging = [name for name in SCORERS if name in without]
    assert [score.name for score in verdict.scores] == [*judging, *REWARDED]
    total = sum(WEIGHTS[name] for name in judging)
    mean = sum(WEIGHTS[score.name] * score.value for score in verdict.scores[: len(judging)]) / total
    assert verdict.composite == pytest.approx(mean)


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


# --- weights

STORED = (
    Score(name="length", value=1.0, passed=True),
    Score(name="grounding", value=0.5, passed=True),
    Score(name="relevance", value=0.9, passed=True),
    Score(name="format_reward", value=0.0, passed=True),
)


def test_the_composite_is_the_weighted_mean_of_what_has_a_weight():
    assert composite(STORED, {"length": 1, "grounding": 2, "relevance": 1}) == pytest.approx(0.725)
    assert composite(STORED, {"grounding": 3}) == 0.5
    assert composite(STORED, {"verifier": 3}) == composite((), WEIGHTS) == composite(STORED, {"length": 0}) == 1.0


def test_a_score_that_did_not_pass_counts_nothing_in_the_composite():
    failed = Score(name="language", value=0.66, passed=False, reason="wrong_language_answer")
    assert composite((*STORED[:1], failed), {"length": 1, "language": 1}) == 0.5


def test_rescoring_stored_scores_says_what_judging_with_the_weights_says():
    weights = {"grounding": 4.0, "readability": 0.0}
    for changes in (
        {},
        {"answer": "It is 75 metres high."},
        {"answer": "The tower is of stone and Brenner raised it."},
    ):
        stored = judge_row(row(**changes), ALL, {}).scores
        again = judge_row(row(**changes), ALL, {}, weights, 0.9)
        assert rescore(stored, resolve_weights(weights), 0.9) == (again.composite, again.passed, again.reason)


def test_the_threshold_of_the_composite_is_the_last_reason():
    weights = resolve_weights({})
    figure = composite(STORED, weights)
    assert rescore(STORED, weights, figure).passed
    assert rescore(STORED, weights, figure + 0.01) == (figure, False, "composite")
    failed = Score(name="language", value=0.66, passed=False, reason="wrong_language_answer")
    assert rescore((failed, *STORED), weights, 1.0).reason == "wrong_language_answer"


def test_a_weight_of_nothing_takes_a_scorer_out_of_the_composite_and_not_its_refusals():
    failed = Score(name="language", value=0.66, passed=False, reason="wrong_language_answer")
    assert rescore((failed, *STORED[:1]), {"language": 0, "length": 1}) == (1.0, False, "wrong_language_answer")


def test_weights_change_no_version_since_no_score_changes():
    assert judge_row(row(), ALL, {}, {"grounding": 9}, 0.1).version == verdict_version(ALL, {})


@pytest.mark.parametrize(
    ("weights", "key"),
    [
        ({"lenght": 1}, "quality_weights.lenght"),
        ({"format_reward": 1}, "quality_weights.format_reward"),
        ({"length": -1}, "quality_weights.length"),
        ({"length": "1"}, "quality_weights.length"),
        ({"length": True}, "quality_weights.length"),
        ({"length": float("inf")}, "quality_weights.length"),
    ],
)
def test_an_unusable_weight_is_an_error_that_names_its_key(weights, key):
    with pytest.raises(RecipeError) as caught:
        resolve_weights(weights, path="my.yaml")
    assert caught.value.key == key
    assert str(caught.value).startswith("my.yaml: ")


def test_the_best_rows_come_first_and_equals_by_their_id():
    rows = [("c", 0.9), ("b", 0.9), ("a", 0.2), ("d", 1.0)]
    assert best(rows, 3) == best(reversed(rows), 3) == ["d", "b", "c"]
    assert best(rows, 9) == ["d", "b", "c", "a"]
    assert best(rows, 0) == []
    assert 0 < COMPOSITE_THRESHOLD < 1
