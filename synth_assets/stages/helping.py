"""What a run does that helps another carry its cell: the steps that ask models, and nothing that is of the whole cell.

It plans nothing and decides nothing between candidates (duplicates, samples): the run that it helps does. It carries
what is free of any step, also of later ones than the other is at; what it has carried the other finds done.
"""

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from synth_assets.stages.judging import judge_answers
from synth_assets.stages.shards import count_open
from synth_assets.stages.steps import TABLE_OF_STEP, carry_step
from synth_assets.stages.work import Work

PAUSE_S = 5.0
# Between two steps of the other run there is little to do for a while; a place in the queue is not held for longer.
IDLE_S = 300.0


def help_cell(work: Work, exercise: str, language: str, *, ended: Callable[[], bool]) -> dict[str, Any]:
    """Carry what is free of every step of a cell until `ended`, or until nothing was free for five minutes.

    Returns:
        work, made, refused (reason -> candidates) over all steps, and what the calls came to; `why` it ended.

    Raises:
        ModelError: see `carry_step`.
    """
    sums: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    last = time.monotonic()
    while not ended():
        found = [
            *(carry_step(work, exercise, language, table, helping=True, until=ended)
              for table in TABLE_OF_STEP.values()),
            judge_answers(work, exercise, language, helping=True, until=ended),
        ]  # fmt: skip
        for report in found:
            sums.update({name: report[name] for name in _SUMS if name in report})
            refused.update(report.get("refused", {}))
        if any(report["work"] for report in found):
            last = time.monotonic()
        elif time.monotonic() - last >= IDLE_S:
            return _report(sums, refused, "nothing was free")
        else:
            time.sleep(PAUSE_S)
    return _report(sums, refused, "the run that was helped has ended")


_SUMS = ("work", "made", "calls", "calls_replayed", "calls_failed", "retries", "tokens", "cost_usd")


def _report(sums: Counter[str], refused: Counter[str], why: str) -> dict[str, Any]:
    return {"work": 0, "made": 0, **sums, "refused": dict(sorted(refused.items())), "why": why}


def open_to_carry(work: Work, exercise: str, language: str) -> int:
    """How many candidates of a cell wait for a step that asks a model. Each waits for one step at a time."""
    waiting = sum(
        sum(count_open(work, exercise, language, table).values()) for table in TABLE_OF_STEP.values()
    )  # fmt: skip
    if work.recipe.judge is not None:
        judged = count_open(work, exercise, language, "judgements", judge_share=work.recipe.judge.share)
        waiting += sum(judged.values())
    return waiting
