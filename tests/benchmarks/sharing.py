"""What a call costs the event loop where controllers and purses are files, and where they are rows in PostgreSQL.

    python -m tests.benchmarks.sharing [--calls 600] [--in-flight 32] [--latency 0.3]

For each of the two, and for one purse and three: CPU of the event loop's own thread and of the whole process for one
call, and the longest time for which the loop was kept from going on. The last line is one JSON object. PostgreSQL is
started for it and ended; the model answers in a process of its own.
"""

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from synth_assets.calls.folder import CallFolder
from synth_assets.cluster import postgres
from synth_assets.exercises.base import Message, Request, Text
from synth_assets.lake.warehouse import PREFIX, SETTING, LakeWarehouse
from synth_assets.models.client import ModelClient
from synth_assets.recipe import Budget, Limits, ModelEntry, Models
from synth_assets.warehouse import Warehouse

BUDGETS = {
    "1 purse": Budget(calls=10**9),
    "3 purses": Budget(calls=10**9, day=Limits(calls=10**9), run=Limits(calls=10**9)),
}


async def ask_all(warehouse: Warehouse, address: str, budget: Budget, folder: Path, calls: int, most: int) -> Any:
    """CPU of the loop's thread and of the process, wall time, and the longest pause of the loop, in seconds."""
    entry = ModelEntry(model="m", address=address, max_in_flight=most)
    worst = 0.0

    async def watch() -> None:
        nonlocal worst
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.005)
            worst = max(worst, time.monotonic() - before - 0.005)

    with CallFolder(folder, "run") as log:
        async with ModelClient(
            Models(query=entry), budget, log, recipe="r", launch=str(folder), numbers=warehouse.numbers
        ) as client:

            async def ask(number: int) -> None:
                parts = (Text(text=f"Question {number}"),)
                await client.ask(
                    Request(role="query", messages=(Message(role="user", parts=parts),), templates=("t@abc",)),
                    exercise="e", language="en", candidate_id=f"c{number}", step="query", attempt=0,
                )  # fmt: skip

            await client.preload([f"c{number}" for number in range(-50, calls)], "query")
            await asyncio.gather(*(ask(number) for number in range(-50, 0)))
            watching = asyncio.create_task(watch())
            started = time.thread_time(), time.process_time(), time.perf_counter()
            await asyncio.gather(*(ask(number) for number in range(calls)))
            ended = time.thread_time(), time.process_time(), time.perf_counter()
            watching.cancel()
    return *(after - before for before, after in zip(started, ended, strict=True)), worst


@contextmanager
def endpoint(state: Path, latency: float) -> Iterator[str]:
    """A model as a process of its own; gives its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.scripted_endpoint", "--state", str(state), "--delay", str(latency)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.communicate(timeout=20)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, default=600)
    parser.add_argument("--in-flight", type=int, default=32)
    parser.add_argument("--latency", type=float, default=0.3)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="synth-assets-"))
    folder.chmod(0o711)
    os.environ["SYNTH_ASSETS_MACHINE"] = str(folder / "machine")
    postgres.start(folder / "postgres")
    found: dict[str, float] = {}
    try:
        os.environ |= (settings := postgres.settings(folder / "postgres"))
        database = str(folder / "warehouse.duckdb")
        kinds = {
            "files": Warehouse(database=database),
            "lake": LakeWarehouse(
                database=database, catalog=settings[SETTING].removeprefix(PREFIX), data=str(folder / "data")
            ),
        }
        print(f"{'':18}{'loop, ms a call':>17}{'process':>10}{'calls/s':>10}{'longest pause, ms':>20}")
        with endpoint(folder / "state", given.latency) as address:
            # by a name that is not this machine's own, so that a lake's controller is in the lake
            elsewhere = address.replace("127.0.0.1", "0.0.0.0")
            for kind, warehouse in kinds.items():
                for name, budget in BUDGETS.items():
                    loop, process, wall, worst = asyncio.run(ask_all(
                        warehouse, elsewhere, budget, folder / f"{kind} {name}", given.calls, given.in_flight
                    ))  # fmt: skip
                    a_call = 1000 / given.calls
                    print(f"{kind + ', ' + name:18}{loop * a_call:17.3f}{process * a_call:10.3f}"
                          f"{given.calls / wall:10.1f}{1000 * worst:20.1f}")  # fmt: skip
                    found[f"{kind}_{name[0]}_loop_ms"] = round(loop * a_call, 3)
    finally:
        postgres.stop(folder / "postgres")
        shutil.rmtree(folder)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
