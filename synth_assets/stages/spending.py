"""Whether a recipe's budget still holds calls, as a schedule must know before it asks for a run.

The engine stops before a call whose worst case the budget does not hold, so that what is spent stays a little under its
limit. How little depends on the call. So a stop is noted with the limit that caused it, and stands for as long as that
limit does: what is spent never becomes less.
"""

from synth_assets.calls.sums import Spent
from synth_assets.errors import BudgetSpent
from synth_assets.exercises.base import Exercise
from synth_assets.models.budget import KINDS, scopes_of
from synth_assets.recipe import Budget, Limits
from synth_assets.stages.work import Work, now

DRAWS = 24


def note_stop(work: Work, error: BudgetSpent) -> None:
    """Note which limit ended a run; a limit of one launch says nothing of the next one and is not noted."""
    name = str(error).partition(": ")[0]
    limit = _limit(work.recipe.budget, name)
    if limit is None or name.startswith("budget.run."):
        return
    work.warehouse.insert("budget_stops", [{
        "recipe_name": work.recipe.name, "limit_name": name, "limit_value": float(limit), "day": _today(),
        "message": str(error), "stopped_at": now(), **work.stamp(),
    }])  # fmt: skip


def budget_stop(work: Work) -> str:
    """Why the recipe's budget holds no further call, in the engine's words; empty where it does, as far as is known."""
    day = _today()
    scopes = [scope for scope in scopes_of(work.recipe.budget, recipe=work.recipe.name, launch="", day=day)
              if scope.name != "budget.run"]  # fmt: skip
    if not scopes:
        return ""
    with work.warehouse.open_calls("tick") as log:
        for scope in scopes:
            spent = log.spent(recipe=scope.recipe, day=scope.day)
            for kind in KINDS:
                limit = getattr(scope.limits, kind)
                if limit is not None and _of(spent, kind) >= limit:
                    return f"{scope.name}.{kind}: {_of(spent, kind):,.4g} of {limit:,.4g} {kind} are spent"
    for stop in work.warehouse.read("transforms/last_budget_stops", recipe_name=work.recipe.name):
        stands = _limit(work.recipe.budget, stop["limit_name"]) == stop["limit_value"]
        if stands and (stop["day"] == day or not stop["limit_name"].startswith("budget.day.")):
            return stop["message"]
    return ""


def asks_models(exercise: Exercise, work: Work, language: str) -> bool:
    """Whether candidates of this cell make calls; a program makes some cells alone, and needs no budget."""
    priors = work.recipe.priors(exercise.name)
    keys = exercise.templates() or ("any section",)
    draws = (
        exercise.draw(key=keys[number % len(keys)], pass_number=number // len(keys), language=language, priors=priors)
        for number in range(DRAWS)
    )
    return any(any(exercise.calls_by_role(draw).values()) for draw in draws)


def _limit(budget: Budget, name: str) -> float | None:
    """The limit of that name ("budget.day.usd") in a budget as it is now."""
    limits: Limits = budget
    *scope, kind = name.removeprefix("budget.").split(".")
    if kind not in KINDS or scope not in ([], ["day"], ["run"]):
        return None
    if scope:
        limits = getattr(budget, scope[0])
    return getattr(limits, kind)


def _of(spent: Spent, kind: str) -> float:
    return spent.seconds / 3600 if kind == "hours" else getattr(spent, kind)


def _today() -> str:
    return now().date().isoformat()
