"""What is checked by code rather than by a statement of sql/checks: results verified again, ages, what was spent."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from synth_assets.exercises import EXERCISES
from synth_assets.models.budget import KINDS, scopes_of
from synth_assets.stages.steps import answer_of, draft_of, query_of, read_tasks
from synth_assets.stages.work import Work, now

# Of each cell: 300 rows of every cell are some seconds, and one fault in a hundred rows is found 19 times of 20.
VERIFIED_AGAIN = 300
# Whose results are exact: what fails there is wrong. What others verify is judgement, which may have become stricter.
EXACT = frozenset({"math_exercise", "math_mcq"})
UNTOUCHED_FOR = timedelta(days=7)
UNREAD_FOR = timedelta(days=30)


def verify_again(work: Work, *, most: int = VERIFIED_AGAIN) -> dict[str, Any]:
    """Verify some samples of every cell once more, by their exercises' own code, from what is stored.

    Rows of an exercise that is registered no longer, or that an earlier version of it made, are passed over.

    Returns:
        failed: [{"candidate_id", "exercise", "language", "check", "detail"}]; the check is "cannot_be_verified" where
            what is stored is not what the exercise can read.
        verified: rows that were verified, by exercise; `passed_over` those that were not.
    """
    failed: list[dict[str, Any]] = []
    verified: Counter[str] = Counter()
    passed_over: Counter[str] = Counter()
    cells: dict[tuple[str, str], list[str]] = {}
    for row in work.warehouse.read("audit/rows_to_verify", most=most):
        exercise = EXERCISES.get(row["exercise"])
        if exercise is None or exercise.version != row["exercise_version"]:
            passed_over[row["exercise"]] += 1
        else:
            cells.setdefault((row["exercise"], row["language"]), []).append(row["candidate_id"])
    for (name, language), ids in sorted(cells.items()):
        verified[name] += len(ids)
        for candidate_id, check, detail in _failures(work, name, language, ids):
            failed.append({
                "candidate_id": candidate_id, "exercise": name, "language": language, "check": check,
                "detail": detail[:200],
            })  # fmt: skip
    return {"failed": failed, "verified": dict(sorted(verified.items())), "passed_over": dict(passed_over)}


def _failures(work: Work, name: str, language: str, ids: list[str]) -> list[tuple[str, str, str]]:
    exercise = EXERCISES[name]
    try:
        tasks = read_tasks(work, exercise, language, ids)
    except Exception as error:  # of one row among them: told which when each is read by itself
        if len(ids) == 1:
            return [(ids[0], "cannot_be_verified", f"{type(error).__name__}: {error}")]
        half = len(ids) // 2
        return _failures(work, name, language, ids[:half]) + _failures(work, name, language, ids[half:])
    found = []
    for task, row in tasks:
        try:
            checks = exercise.verify(task, query_of(row), draft_of(row), answer_of(row))
        except Exception as error:  # stored text may be damaged in any way; it is named, and the others are looked at
            found.append((task.candidate_id, "cannot_be_verified", f"{type(error).__name__}: {error}"))
        else:
            found += [(task.candidate_id, check.name, check.detail) for check in checks if not check.passed]
    return found


def cells_left_waiting(work: Work, *, at: datetime | None = None, within: timedelta = UNTOUCHED_FOR) -> list[dict]:
    """Cells of the recipe with open candidates in which nothing was written for so long.

    Returns:
        [{"exercise", "language", "open", "written_at"}]
    """
    limit = (at or now()) - within
    asked = set(work.recipe.cells())
    return [
        row
        for row in work.warehouse.read("audit/open_cells")
        if (row["exercise"], row["language"]) in asked and row["written_at"] < limit
    ]


def last_readings(work: Work) -> dict[str, datetime | None]:
    """When each seed collection of the recipe last brought something new; None where it never did."""
    read = {row["collection"]: row["read_at"] for row in work.warehouse.read("audit/last_reading")}
    return {entry.collection: read.get(entry.collection) for entry in work.recipe.seeds}


def overspending(work: Work) -> dict[str, Any]:
    """What the recipe's calls took against what its budget allows, in all and today.

    Returns:
        over: [{"limit", "spent", "allowed"}] of the limits that are exceeded.
        limits: the same of all limits; `unpriced` calls have no known price, so that dollars leave them out.
    """
    limits = []
    with work.warehouse.open_calls("checking") as log:
        unpriced = log.totals().answered.unpriced
        scopes = scopes_of(work.recipe.budget, recipe=work.recipe.name, launch="", day=now().date().isoformat())
        for scope in scopes:
            if scope.name == "budget.run":  # whose launch this run belongs to made no calls of its own
                continue
            spent = log.spent(recipe=scope.recipe, day=scope.day)
            amounts = {kind: spent.seconds / 3600 if kind == "hours" else getattr(spent, kind) for kind in KINDS}
            limits += [
                {"limit": f"{scope.name}.{kind}", "spent": amounts[kind], "allowed": getattr(scope.limits, kind)}
                for kind in KINDS
                if getattr(scope.limits, kind) is not None
            ]
    # sums of dollars are not exact
    over = [each for each in limits if each["spent"] > each["allowed"] * (1 + 1e-9)]
    return {"over": over, "limits": limits, "unpriced": unpriced}
