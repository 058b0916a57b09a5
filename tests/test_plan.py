import json

import pytest

from synth_assets.commands.plan import amount, duration, over_budget, totals
from synth_assets.exercises import EXERCISES
from synth_assets.languages import LANGUAGES
from synth_assets.recipe import Budget
from synth_assets.stages.capacity import BYTES, BYTES_OF_CALL, Hardware, capacity, scaled
from synth_assets.stages.duplicates import decide_duplicates
from synth_assets.stages.forecast import PROFILE, forecast, profile
from synth_assets.stages.scoring import score_quality
from synth_assets.stages.steps import carry_step, plan_round
from tests.conftest import synth_assets

PRICED = {"query": {"model": "m", "address": "http://127.0.0.1:9/v1", "max_in_flight": 10,
                    "usd_per_million_prompt_tokens": 1.0, "usd_per_million_completion_tokens": 10.0}}  # fmt: skip


def the_cell(work):
    (cell,) = forecast(work).cells
    return cell


def test_a_programs_rows_take_no_call_and_no_money(work_at):
    cell = the_cell(work_at(exercises={"math_exercise": {"rows": 30}}))
    assert (cell.calls, cell.prompt_tokens, cell.completion_tokens, cell.usd) == (0, 0, 0, 0.0)
    assert 30 <= cell.candidates <= 33
    assert 0 < cell.seconds < 2


def test_a_models_rows_take_calls_tokens_time_and_money_as_the_recipe_prices_them(work_at):
    cell = the_cell(work_at(exercises={"memorization": {"rows": 60}}, models=PRICED))
    shipped = profile()["memorization"]
    assert cell.candidates == 100  # six in ten are taken to be accepted
    assert cell.calls == 300
    assert cell.prompt_tokens == 100 * sum(role["prompt_tokens"] for role in shipped.values())
    assert cell.completion_tokens == 100 * sum(role["completion_tokens"] for role in shipped.values())
    assert cell.usd == pytest.approx(cell.prompt_tokens / 1e6 + cell.completion_tokens / 1e5)
    assert cell.seconds == pytest.approx((300 * 0.5 + cell.completion_tokens / 40) / 10)
    assert not cell.measured


def test_a_judge_is_one_call_more_for_each_candidate_that_it_sees(work_at):
    plain = the_cell(work_at(exercises={"memorization": {"rows": 60}}, models=PRICED))
    judged = the_cell(work_at(exercises={"memorization": {"rows": 60}}, models=PRICED, judge={"sample": 0.5}))
    assert judged.calls == plain.calls + 50
    answer = profile()["memorization"]["answer"]
    assert judged.prompt_tokens - plain.prompt_tokens > 50 * (answer["prompt_tokens"] + answer["completion_tokens"])
    assert judged.usd > plain.usd


def test_a_judge_of_a_programs_rows_is_planned_and_paid(work_at):
    cell = the_cell(work_at(exercises={"math_exercise": {"rows": 30}}, models=PRICED, judge={"sample": "all"}))
    assert cell.calls == cell.candidates
    assert cell.usd > 0


def test_the_cap_on_candidates_limits_the_plan_and_is_named(work_at):
    cell = the_cell(work_at(exercises={"memorization": {"rows": 10, "candidates_per_row": 1.2}}))
    assert (cell.candidates, cell.limit) == (12, "cap of 1.2 candidates a row")


def test_passes_are_counted_over_the_sections_of_the_pool(work_at):
    assert the_cell(work_at(exercises={"memorization": {"passes": 3}})).candidates == 3 * 16
    templates = len(EXERCISES["math_exercise"].templates())
    assert the_cell(work_at(exercises={"math_exercise": {"passes": 2}})).candidates == 2 * templates


def test_a_model_without_a_known_price_makes_the_cost_unknown(work_at):
    unknown = {"query": {"model": "nobody/knows-this", "api_key_env": "KEY_OF_NOBODY"}}
    cell = the_cell(work_at(exercises={"memorization": {"rows": 1}}, models=unknown))
    assert cell.usd is None
    assert totals((cell,))["usd"] is None


def test_what_was_seen_here_goes_before_what_is_assumed(work_at, endpoint):
    work = work_at(endpoint.address, exercises={"memorization": {"rows": 30}})
    before = the_cell(work)
    plan_round(work, "memorization", "en")
    for table in ("queries", "reasoning_drafts", "answers"):
        carry_step(work, "memorization", "en", table)
    after = the_cell(work)
    assert not before.measured
    assert after.candidates == before.candidates  # the open ones are among them now
    assert after.prompt_tokens != before.prompt_tokens
    assert after.calls <= before.calls


def test_nothing_is_left_to_plan_for_a_cell_that_has_its_rows(work_at):
    work = work_at(exercises={"math_exercise": {"rows": 3}})
    assert the_cell(work).candidates > 0
    plan_round(work, "math_exercise", "en")
    for table in ("queries", "reasoning_drafts", "answers"):
        carry_step(work, "math_exercise", "en", table)
    for stage in (score_quality, decide_duplicates):
        stage(work, "math_exercise", "en")
    assert (the_cell(work).accepted, the_cell(work).candidates, the_cell(work).seconds) == (3, 0, 0.0)


def test_a_recipe_asks_for_more_by_a_scale_or_by_rows(work_at):
    recipe = work_at(exercises={"memorization": {"rows": 60}, "math_exercise": {"passes": 2}}).recipe
    tenfold = scaled(recipe, scale=10).exercises
    assert (tenfold["memorization"].rows, tenfold["math_exercise"].passes) == (600, 20)
    assert scaled(recipe, rows=90).exercises["memorization"].rows == 90
    assert scaled(recipe) == recipe
    with pytest.raises(ValueError, match="passes alone"):
        scaled(work_at(exercises={"math_exercise": {"passes": 2}}).recipe, rows=5)


def test_gpu_hours_money_and_days_follow_from_the_tokens_and_what_a_gpu_does(work_at):
    work = work_at(exercises={"memorization": {"rows": 60_000}}, models=PRICED)
    found = forecast(work)
    (cell,) = found.cells
    hardware = Hardware(prompt_tokens_per_s=1_000, completion_tokens_per_s=100, gpus=2, usd_per_gpu_hour=3.0)
    machines = capacity(work, found, hardware)
    assert machines.gpu_hours == pytest.approx((cell.prompt_tokens / 1_000 + cell.completion_tokens / 100) / 3_600)
    assert machines.gpu_usd == pytest.approx(3.0 * machines.gpu_hours)
    assert machines.days == pytest.approx(machines.gpu_hours / 48)
    assert any("a GPU reads 1,000 and writes 100 tokens" in sentence for sentence in machines.assumptions)


def test_disk_follows_from_candidates_calls_and_rows(work_at):
    work = work_at(exercises={"memorization": {"rows": 60}}, models=PRICED)
    machines = capacity(work, forecast(work), Hardware())
    assert not machines.measured
    assert machines.bytes_by_table["answers"] == 100 * BYTES["answers"]
    assert machines.bytes_by_table["samples"] == 60 * BYTES["samples"]
    assert machines.bytes_by_table["model_calls"] == 300 * BYTES_OF_CALL
    assert machines.total_bytes == sum(machines.bytes_by_table.values())


def test_a_programs_rows_take_no_gpu_and_no_vectors(work_at):
    work = work_at(exercises={"math_exercise": {"rows": 30}})
    machines = capacity(work, forecast(work), Hardware())
    assert (machines.gpu_hours, machines.encoder_hours, machines.bytes_by_table["embeddings"]) == (0.0, 0.0, 0)


def test_the_tables_of_a_home_are_measured_in_whole_blocks(work_at):
    sizes = work_at().warehouse.bytes_by_table()
    assert sizes["sections"] > 0
    assert sizes["answers"] == 0


@pytest.mark.parametrize(
    ("size", "said"), [(0, "0 B"), (999, "999 B"), (1_500, "1.5 kB"), (2.5e9, "2.5 GB"), (1.2e12, "1.2 TB")]
)
def test_bytes_are_said_as_people_say_them(size, said):
    assert amount(size) == said


def test_a_budget_that_is_too_small_is_named():
    sums = {"calls": 300, "prompt_tokens": 900, "completion_tokens": 200, "usd": 2.5}
    assert over_budget(sums, Budget(calls=299, tokens=1100, usd=2.6)) == [
        "budget.calls of 299 ends it before it is done: 300 are expected"
    ]
    assert over_budget(sums, Budget()) == []


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=list(EXERCISES))
def test_every_role_that_an_exercise_asks_has_its_tokens_in_the_profile(exercise):
    sources = exercise.templates() or ("section",)
    priors = {axis: {value: 1 / len(shares) for value in shares} for axis, shares in exercise.axes.items()}
    asked = {
        role
        for number in range(60)
        for role, calls in exercise.calls_by_role(
            exercise.draw(key=sources[number % len(sources)], pass_number=number, language="en", priors=priors)
        ).items()
        if calls
    }
    assert asked <= set(profile().get(exercise.name, {}))


def test_the_profile_names_exercises_that_there_are():
    assert set(json.loads(PROFILE.read_text("utf-8"))) <= set(EXERCISES)


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 s"), (119, "119 s"), (600, "10 min"), (9_000, "2.5 h"), (1_296_000, "15.0 days")]
)
def test_durations_are_said_as_people_say_them(seconds, said):
    assert duration(seconds) == said


@pytest.mark.long
@pytest.mark.parametrize("recipe", ["starter", "synth"])
def test_the_command_plans_a_packaged_recipe_in_an_empty_folder_and_calls_nothing(tmp_path, recipe):
    found = json.loads(synth_assets(tmp_path, "plan", "--recipe", recipe, "--json").stdout)
    assert found["recipe"] == recipe
    assert found["calls"] == sum(cell["calls"] for cell in found["cells"]) > 0
    assert any("no seeds are read yet" in sentence for sentence in found["assumptions"])
    if recipe == "synth":
        rows = {}
        for cell in found["cells"]:
            rows[cell["exercise"]] = rows.get(cell["exercise"], 0) + cell["asked"]
        assert rows["memorization"] / sum(rows.values()) == pytest.approx(0.9062, abs=0.0001)
        assert {cell["language"] for cell in found["cells"]} == set(LANGUAGES)
        assert found["usd"] == 0
