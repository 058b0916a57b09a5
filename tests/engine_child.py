"""A run of the engine in a process of its own, for tests that start several or kill one.

    python -m tests.engine_child --address URL --folder DIR --calls 5000 [--first 0] [--in-flight 64] [--budget N] ...

One candidate a call, carried through one step by the driver that stages use; what became of them is printed as JSON.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

from synth_assets.calls.folder import CallFolder
from synth_assets.errors import SynthAssetsError
from synth_assets.exercises.base import Exercise, Message, Query, Request, Task, Text
from synth_assets.generation import StepInput, StepOutcome, run_step
from synth_assets.models import loop
from synth_assets.models.client import ModelClient
from synth_assets.recipe import Budget, ModelEntry, Models

BLOCK = 200


class Plain(Exercise):
    """One question, and the reply as it is."""

    name, label, source = "plain", "plain", "these tests"

    def make_query(self, task: Task):
        """One request a candidate."""
        text = Text(text=f"Question {task.candidate_id}")
        (reply,) = yield Request(role="query", messages=(Message(role="user", parts=(text,)),), max_tokens=100)
        return Query(text=reply.text)


def candidate(number: int) -> str:
    """The id of the candidate of this number."""
    return f"c{number:07d}"


async def run(given: argparse.Namespace) -> dict[str, object]:
    """Carry the candidates; counts of what became of them."""
    reasons: Counter[str] = Counter()
    ids = [candidate(number) for number in range(given.first, given.first + given.calls)]
    entry = ModelEntry(
        model="scripted", address=given.address, max_in_flight=given.in_flight, timeout_s=given.timeout_s
    )
    failure = ""
    with CallFolder(given.folder, given.run_id) as log:
        log.recover()
        client = ModelClient(Models(query=entry), Budget(calls=given.budget), log, recipe="test", machine=given.machine)
        began = time.monotonic()
        async with client:

            async def inputs() -> AsyncIterator[StepInput]:
                for start in range(0, len(ids), BLOCK):
                    await client.preload(ids[start : start + BLOCK], "query")
                    for one in ids[start : start + BLOCK]:
                        yield StepInput(task=Task(candidate_id=one, exercise="plain", language="en", constraints={}))

            def note(outcome: StepOutcome) -> None:
                reasons[outcome.refused_reason or ""] += 1

            await client.expect(ids, "query")
            try:
                await run_step(
                    Plain(), "query", inputs(), client, attempts=given.attempts, window=2 * given.in_flight,
                    on_outcome=note,
                )  # fmt: skip
            except SynthAssetsError as error:
                failure = f"{type(error).__name__}: {error}"
            seconds = time.monotonic() - began
            progress = client.progress
        log.fold()
    return {
        "made": reasons.pop("", 0), "refused": dict(reasons), "failure": failure, "seconds": seconds,
        "retries": progress.retries, "faults": dict(progress.faults or {}), "answered": progress.answered,
        "failed": progress.failed, "replayed": progress.replayed,
    }  # fmt: skip


def main() -> None:
    """Read the arguments, run, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--address", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--machine", type=Path, required=True)
    parser.add_argument("--calls", type=int, required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--timeout-s", type=float, default=30.0)
    parser.add_argument("--attempts", type=int, default=3)
    parser.add_argument("--budget", type=int)
    parser.add_argument("--run-id", default="run")
    json.dump(loop.run(run(parser.parse_args())), sys.stdout)


if __name__ == "__main__":
    main()
