"""A real `synth-assets ui` in a process of its own, asked over Dagster's GraphQL, for tests of real servers."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conftest import CHECKOUT

ENDED = ("SUCCESS", "FAILURE", "CANCELED")
LAUNCH = """
mutation ($params: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $params) {
    __typename
    ... on LaunchBackfillSuccess { backfillId }
    ... on PythonError { message }
  }
}
"""
RUNS = "{ runsOrError { ... on Runs { results { runId status jobName startTime endTime tags { key value } } } } }"
BACKFILL = "query ($id: String!) { partitionBackfillOrError(backfillId: $id) { ... on PartitionBackfill { status } } }"


@dataclass(slots=True, kw_only=True)
class RunningUi:
    """A running UI and the folder it serves."""

    address: str
    home: Path
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)

    def graphql(self, query: str, **variables: Any) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self.address}/graphql", json.dumps({"query": query, "variables": variables}).encode(),
            {"Content-Type": "application/json"},
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=60) as reply:
            answer = json.load(reply)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def runs(self) -> list[dict[str, Any]]:
        """Every run of the instance, newest first; tags as a dictionary."""
        found = self.graphql(RUNS)["runsOrError"]["results"]
        return [{**run, "tags": {tag["key"]: tag["value"] for tag in run["tags"]}} for run in found]

    def ended(self) -> list[dict[str, Any]]:
        return [run for run in self.runs() if run["status"] in ENDED]

    def wait_for(self, count: int, *, at_most_s: float = 240) -> list[dict[str, Any]]:
        """The runs, once this many have ended."""
        wait_until(lambda: len(self.ended()) >= count, at_most_s, lambda: f"{count} runs did not end: {self.runs()}")
        return self.ended()

    def launch(self, assets: Iterable[str], cells: Iterable[str]) -> str:
        """A backfill of these assets over these cells, as the UI launches one; its id."""
        told = self.graphql(LAUNCH, params={
            "assetSelection": [{"path": [name]} for name in assets], "partitionNames": list(cells),
        })["launchPartitionBackfill"]  # fmt: skip
        assert told["__typename"] == "LaunchBackfillSuccess", told
        return told["backfillId"]

    def backfill_status(self, backfill_id: str) -> str:
        return self.graphql(BACKFILL, id=backfill_id)["partitionBackfillOrError"]["status"]

    def server(self, name: str) -> int:
        """The process id of the webserver or the daemon."""
        wanted = {"webserver": "dagster_webserver", "daemon": "dagster._daemon"}[name]
        (found,) = [pid for pid in children_of(self.process.pid) if wanted in command_of(pid)]
        return found

    def end(self) -> int:
        """Ctrl-C; its exit code."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(90)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code


@contextmanager
def running_ui(home: Path, recipe: Path, **extra: str) -> Iterator[RunningUi]:
    """Start the UI of a home on a free port; ended with Ctrl-C unless the test has ended it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ, "SYNTH_ASSETS_HOME": str(home), "SYNTH_ASSETS_RECIPE": str(recipe), "PYTHONPATH": str(CHECKOUT),
        "OMP_NUM_THREADS": "1", **extra,
    }  # fmt: skip
    command = [sys.executable, "-m", "synth_assets", "ui", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    address = f"http://127.0.0.1:{port}"
    try:
        first = process.stdout.readline()
        assert address in first, first
        yield RunningUi(address=address, home=home, process=process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(90)
        process.stdout.close()


def wait_until(
    due: Callable[[], bool], at_most_s: float, otherwise: Callable[[], str], *, every_s: float = 1.0
) -> None:
    """Wait; an assertion that says `otherwise` when it does not come about."""
    deadline = time.monotonic() + at_most_s
    while not due():
        assert time.monotonic() < deadline, otherwise()
        time.sleep(every_s)


def children_of(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(entry.name))
    return found


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def holders_of(path: Path) -> list[int]:
    """The processes that have a file open."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if any(os.path.realpath(link) == str(path) for link in (entry / "fd").iterdir()):
                    found.append(int(entry.name))
    return found
