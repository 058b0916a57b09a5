"""What a recipe will take before anything of it is spent: candidates, calls, tokens, time and money, by cell.

What this project's own calls have shown goes before what is assumed. Where an exercise was never asked, its tokens a
call are those of its transcripts (`token_profile.json`, written with them), and the rates below stand in for measured
ones.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from synth_assets.embedded import slots_of
from synth_assets.exercises import EXERCISES
from synth_assets.exercises.base import Exercise
from synth_assets.machine import usable_cores
from synth_assets.models.prices import price_of
from synth_assets.planning import CellCounts
from synth_assets.recipe import ModelEntry, Recipe
from synth_assets.stages.work import Work

PROFILE = Path(__file__).parents[1] / "token_profile.json"

# Fewer calls, or finished candidates, than this say too little; the assumption stands.
ENOUGH = 20
# Share of candidates that end accepted, where nothing has been seen yet: of a program's rows, and of a model's.
ACCEPTED_BY_PROGRAM = 0.97
ACCEPTED_BY_MODEL = 0.6
# A row that a program makes.
PROGRAM_S = 0.02
# The packaged model on two cores, as measured: a shared beginning is read once, the rest and the reply by token.
EMBEDDED_TOKENS_PER_S = {"prompt": 240.0, "completion": 100.0}
EMBEDDED_CACHED = 0.8
# One request at an endpoint that nobody has measured yet.
ENDPOINT_FIRST_TOKEN_S = 0.5
ENDPOINT_TOKENS_PER_S = 40.0
# A judge reads its rubric, then what the writer of the answer read and wrote; it writes four figures.
JUDGE = "judge"
JUDGE_RUBRIC_TOKENS = 515
JUDGE_ROW_TOKENS = 400
JUDGE_COMPLETION_TOKENS = 30
# Draws that an exercise's mean calls are taken over.
_DRAWS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CellForecast:
    """What is still to be done in one cell.

    Attributes:
        asked, accepted: rows the recipe asks for (None where it counts in passes), and those that are there.
        candidates: how many will go through its steps: open ones, and new ones.
        limit: what ends it before it has its rows ("cap of 3 candidates a row"), or empty.
        calls, prompt_tokens, completion_tokens: of all roles.
        seconds: at the recipe's `max_in_flight`.
        usd: None where no price is known.
        measured: whether acceptance and tokens were measured here, or assumed.
    """

    exercise: str
    language: str
    asked: int | None
    accepted: int
    candidates: int
    limit: str
    calls: int
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    usd: float | None
    measured: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """All cells of a recipe, and in words what the figures rest on."""

    recipe: str
    cells: tuple[CellForecast, ...]
    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rate:
    calls: float  # a candidate, retries included
    prompt_tokens: float
    completion_tokens: float
    seconds: float
    measured: bool


def forecast(work: Work) -> Forecast:
    """Everything that the recipe still asks for. Reads only; calls nothing."""
    with work.warehouse.reading("reading what calls came to") as open_:
        rates = {(row["exercise"], row["role"], row["model"]): row for row in open_.rows("audit/call_rates")}
        sizes = {(row["collection"], row["language"]): row["sections"] for row in open_.rows("audit/pool_sizes")}
        counts = {
            cell: CellCounts(**open_.rows("transforms/cell_counts", exercise=cell[0], language=cell[1])[0])
            for cell in work.recipe.cells()
        }
    cells = tuple(_cell(work.recipe, *cell, counts, rates, sizes) for cell in work.recipe.cells())
    return Forecast(recipe=work.recipe.name, cells=cells, assumptions=_assumptions(work.recipe, cells, sizes))


def _cell(
    recipe: Recipe, name: str, language: str, counts: Mapping[tuple[str, str], CellCounts],
    rates: Mapping[tuple[str, str, str], Mapping[str, Any]], sizes: Mapping[tuple[str, str], int],
) -> CellForecast:  # fmt: skip
    exercise = EXERCISES[name]
    here = counts[name, language]
    expected = _calls_by_role(exercise, recipe, language)
    acceptance, seen = _acceptance(here, [counts[cell] for cell in counts if cell[0] == name], bool(expected))
    new, limit = _new_candidates(recipe, exercise, language, here, acceptance, sizes)
    candidates = here.open + new
    totals = {"calls": 0.0, "prompt": 0.0, "completion": 0.0, "seconds": 0.0 if expected else candidates * PROGRAM_S}
    if recipe.judge is not None:
        expected[JUDGE] = recipe.judge.share
    usd: float | None = 0.0
    measured = seen
    for role, calls in expected.items():
        entry = recipe.models.of(role)
        rate = _rate(exercise, role, entry, calls, rates)
        made = candidates * rate.calls
        totals["calls"] += made
        totals["prompt"] += made * rate.prompt_tokens
        totals["completion"] += made * rate.completion_tokens
        totals["seconds"] += made * rate.seconds / _side_by_side(entry)
        price = price_of(entry)
        cost = None if price is None else made * price.of(rate.prompt_tokens, rate.completion_tokens)
        usd = None if usd is None or cost is None else usd + cost
        measured = measured and rate.measured
    return CellForecast(
        exercise=name,
        language=language,
        asked=recipe.rows_of_cell(name, language),
        accepted=here.accepted,
        candidates=candidates,
        limit=limit,
        calls=round(totals["calls"]),
        prompt_tokens=round(totals["prompt"]),
        completion_tokens=round(totals["completion"]),
        seconds=totals["seconds"],
        usd=usd,
        measured=measured,
    )


def _calls_by_role(exercise: Exercise, recipe: Recipe, language: str) -> dict[str, float]:
    """Mean calls of a candidate by role, over the draws that the recipe's priors make."""
    sources = exercise.templates() or ("a section",)
    priors = recipe.priors(exercise.name)
    totals: dict[str, float] = {}
    for number in range(_DRAWS):
        key = sources[number % len(sources)]
        drawn = exercise.draw(key=f"{key}", pass_number=number // len(sources), language=language, priors=priors)
        for role, calls in exercise.calls_by_role(drawn).items():
            totals[role] = totals.get(role, 0.0) + calls / _DRAWS
    return {role: calls for role, calls in totals.items() if calls}


def _acceptance(here: CellCounts, alike: list[CellCounts], asks: bool) -> tuple[float, bool]:
    """Accepted of finished candidates: of this cell, else of its exercise in all languages, else assumed."""
    for group in ([here], alike):
        accepted = sum(counts.accepted for counts in group)
        finished = accepted + sum(counts.refused + counts.duplicate for counts in group)
        if finished >= ENOUGH:
            return max(accepted, 0.5) / finished, True
    return (ACCEPTED_BY_MODEL if asks else ACCEPTED_BY_PROGRAM), not asks


def _new_candidates(
    recipe: Recipe, exercise: Exercise, language: str, here: CellCounts, acceptance: float,
    sizes: Mapping[tuple[str, str], int],
) -> tuple[int, str]:  # fmt: skip
    plan = recipe.exercises[exercise.name]
    asked = recipe.rows_of_cell(exercise.name, language)
    if asked is not None:
        missing = asked - here.accepted - here.open * acceptance
        if missing <= 0:
            return 0, ""
        wanted = math.ceil(missing / acceptance)
        room = max(0, math.ceil(asked * plan.candidates_per_row) - here.planned)
        return (wanted, "") if wanted <= room else (room, f"cap of {plan.candidates_per_row:g} candidates a row")
    if exercise.uses_section:
        collections = plan.collections or [entry.collection for entry in recipe.seeds]
        drawn_from = {language, "en"} if any(size for (_, code), size in sizes.items() if code == language) else {"en"}
        sources = 0
        for code in drawn_from:
            there = [size for (name, of), size in sizes.items() if of == code and name in collections]
            sources += sum(there if recipe.pool == "all" else (min(size, recipe.pool) for size in there))
    else:
        sources = len(exercise.templates())
    assert plan.passes is not None
    target = round(sources * plan.passes * recipe.languages[language])
    done = here.open + here.refused + here.duplicate + here.accepted
    return max(0, target - done), "" if sources else "no section is read yet: the passes cannot be counted"


def _rate(
    exercise: Exercise, role: str, entry: ModelEntry, calls: float,
    rates: Mapping[tuple[str, str, str], Mapping[str, Any]],
) -> _Rate:  # fmt: skip
    names = {entry.model, entry.model.split("/", 1)[-1]}
    found = [row for (name, of, model), row in rates.items() if name == exercise.name and of == role and (
        model in names or entry.model == "embedded")]  # fmt: skip
    made = sum(row["calls"] for row in found)
    if made >= ENOUGH:

        def mean(field: str) -> float:
            return sum(row[field] * row["calls"] for row in found) / made

        candidates = sum(row["candidates"] for row in found)
        return _Rate(
            calls=max(calls, made / candidates if calls >= 1 else calls), prompt_tokens=mean("prompt_tokens"),
            completion_tokens=mean("completion_tokens"), seconds=mean("seconds"), measured=True,
        )  # fmt: skip
    prompt, completion = _assumed_tokens(exercise, role)
    if entry.model == "embedded":
        seconds = prompt * (1 - EMBEDDED_CACHED) / EMBEDDED_TOKENS_PER_S["prompt"]
        seconds += completion / EMBEDDED_TOKENS_PER_S["completion"]
    else:
        seconds = ENDPOINT_FIRST_TOKEN_S + completion / ENDPOINT_TOKENS_PER_S
    return _Rate(calls=calls, prompt_tokens=prompt, completion_tokens=completion, seconds=seconds, measured=False)


def _assumed_tokens(exercise: Exercise, role: str) -> tuple[float, float]:
    """Prompt and reply tokens of one call of an exercise that was never asked in this role."""
    shipped = profile().get(exercise.name, {})
    if role != JUDGE:
        return shipped[role]["prompt_tokens"], shipped[role]["completion_tokens"]
    answer = shipped.get("answer")
    row = JUDGE_ROW_TOKENS if answer is None else answer["prompt_tokens"] + answer["completion_tokens"]
    return JUDGE_RUBRIC_TOKENS + row, JUDGE_COMPLETION_TOKENS


def _side_by_side(entry: ModelEntry) -> int:
    """Calls that are really under way at once: the packaged model's server has a slot for every other core."""
    return slots_of(usable_cores()) if entry.model == "embedded" else entry.max_in_flight


@cache
def profile() -> dict[str, dict[str, dict[str, float]]]:
    """Tokens a call of the transcripts: exercise -> role -> {"prompt_tokens", "completion_tokens"}."""
    return json.loads(PROFILE.read_text("utf-8"))


def _assumptions(
    recipe: Recipe, cells: tuple[CellForecast, ...], sizes: Mapping[tuple[str, str], int]
) -> tuple[str, ...]:
    said = []
    if any(not cell.measured and cell.candidates for cell in cells):
        said.append(
            f"where fewer than {ENOUGH} candidates have finished, {ACCEPTED_BY_MODEL:.0%} of a model's and "
            f"{ACCEPTED_BY_PROGRAM:.0%} of a program's are taken to be accepted"
        )
        said.append("tokens of exercises that were not asked yet are those of their transcripts, without retries")
        if recipe.judge is not None:
            said.append(
                f"the judge is asked about {recipe.judge.share:.0%} of the candidates, and reads {JUDGE_RUBRIC_TOKENS} "
                "tokens beside what an answer's writer reads"
            )
        entries = recipe.models.all()
        if any(entry.model == "embedded" for entry in entries):
            speeds = EMBEDDED_TOKENS_PER_S
            said.append(
                f"the packaged model reads {speeds['prompt']:g} and writes {speeds['completion']:g} tokens a second on "
                f"2 cores, and {EMBEDDED_CACHED:.0%} of a prompt is read from its cache"
            )
        if any(entry.model != "embedded" for entry in entries):
            said.append(
                f"an endpoint answers after {ENDPOINT_FIRST_TOKEN_S:g} s and writes {ENDPOINT_TOKENS_PER_S:g} tokens a "
                "second a request, with max_in_flight of them at once"
            )
    said.append("a candidate that is refused early makes fewer calls: the figures are upper ones")
    if not sizes and any(EXERCISES[cell.exercise].uses_section for cell in cells):
        said.append("no seeds are read yet in this folder; reading and embedding them comes on top")
    return tuple(said)
