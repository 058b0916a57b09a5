"""Refusals that are taken back, so that their candidates are tried again: the one place where a refusal ends.

A refusal is permanent, with two exceptions. What a passing fault of the endpoint caused (`TRANSIENT`) is tried again by
later rounds, in as many rounds in all as the recipe gives a candidate attempts, and only while its cell is short of
rows. And a person may force a launch: then every refusal by a step is taken back once. That costs nothing where nothing
has changed, because the stored replies are replayed and refuse again; another prompt, model or parameter, or more
attempts than before, ask anew. Verdicts of the stages after the answer are not touched: those follow from the recipe's
standards, and change when the standards do.

What is taken back stands in the table `reopened` with all that the row said.
"""

from typing import Literal

from synth_assets.stages.settling import among, unsettle
from synth_assets.stages.work import Work, now
from synth_assets.warehouse import Transaction

# Every request of a call was answered by a fault that may pass (see `models/client.py`), while others were answered.
TRANSIENT = ("call_failed",)

_DELETES = (
    "transforms/delete_reopened_queries",
    "transforms/delete_reopened_reasoning_drafts",
    "transforms/delete_reopened_answers",
)


def reopen(open_: Transaction, work: Work, exercise: str, language: str, *, why: Literal["transient", "forced"]) -> int:
    """Take the refusals of a cell's steps back, all of them when forced; how many candidates are open again."""
    when = now()
    asked = {"exercise": exercise, "language": language, "why": why, "transient": list(TRANSIENT)}
    refused = [row["candidate_id"] for row in open_.rows("transforms/refused_by_steps", **asked)]
    if not refused:  # nearly always, and nobody's state is derived then
        return 0
    with among(open_, refused):
        taken = open_.execute(
            "transforms/reopen_refused", **asked, attempts=work.recipe.attempts, run_id=work.run_id, reopened_at=when
        )
    if taken:
        unsettle(open_, "transforms/unsettle_reopened", run_id=work.run_id, reopened_at=when)
        for statement in _DELETES:
            open_.execute(statement, run_id=work.run_id, reopened_at=when)
    return taken
