"""`synth-assets ui`: Dagster's webserver and daemon of this home, on localhost, until they are ended."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from dagster import DagsterInstance
from filelock import FileLock, Timeout
from rich.console import Console

from synth_assets.commands.dead_runs import end_dead_runs
from synth_assets.commands.project import open_home, open_instance
from synth_assets.defs.table_asset import ENCODER_POOL
from synth_assets.errors import SynthAssetsError

HOST = "127.0.0.1"
START_TIMEOUT_S = 90.0
LOOK_EVERY_S = 15.0


def serve(console: Console, port: int) -> int:
    """Start both servers, say the address, and wait; the exit code is 0 when a person ended them.

    Raises:
        SynthAssetsError: the port is taken, a UI of this home runs already, or a server ended by itself.
    """
    home = open_home()
    # two daemons on one home would both launch what is queued
    lock = FileLock(home.locks / "ui.lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise SynthAssetsError(f"a UI of {home.root} is running already; end it first, or use its address") from error
    try:
        _check_port(port)
        # every process that Dagster starts loads the definitions from here, wherever the package was started from
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        commands = {
            "webserver": [
                sys.executable,
                "-m",
                "dagster_webserver",
                "-w",
                "workspace.yaml",
                "-h",
                HOST,
                "-p",
                str(port),
            ],
            "daemon": [sys.executable, "-m", "dagster._daemon", "run", "-w", "workspace.yaml"],
        }
        with open_instance(home) as instance, ExitStack() as running:
            end_dead_runs(instance, home, unmarked=True)  # what a killed UI left behind, before a daemon counts it
            _limit_pools(instance)
            servers = running.enter_context(_servers(commands, environment, home.root / ".dagster"))
            address = f"http://{HOST}:{port}"
            _wait_until_up(address, servers, home.root / ".dagster")
            console.print(f"Dagster's UI is at {address} (DAGSTER_HOME={home.root})", highlight=False, soft_wrap=True)
            console.print("schedules, sensors and queued runs are served too; end both with Ctrl-C")
            looked = time.monotonic()
            while True:
                if time.monotonic() - looked > LOOK_EVERY_S:
                    looked = time.monotonic()
                    for run_id in end_dead_runs(instance, home):
                        console.print(f"run {run_id} had died; it is marked as failed", highlight=False)
                for name, process in servers.items():
                    if process.poll() is not None:
                        log = home.root / ".dagster" / f"{name}.log"
                        raise SynthAssetsError(f"the {name} ended by itself (exit {process.returncode}); see {log}")
                time.sleep(0.5)
    except KeyboardInterrupt:
        console.print("ended")
        return 0
    finally:
        lock.release()


def _limit_pools(instance: DagsterInstance) -> None:
    """One step at a time encodes: it takes every core, and two of them twice the memory for the same speed.

    The pool of steps that ask models has the default of dagster.yaml. What a person has set in the UI stays.
    """
    limits = {limit.name: limit for limit in instance.event_log_storage.get_pool_limits()}
    if ENCODER_POOL not in limits or limits[ENCODER_POOL].from_default:
        instance.event_log_storage.set_concurrency_slots(ENCODER_POOL, 1)


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise SynthAssetsError(
                f"port {port} of {HOST} cannot be used: {error.strerror}; choose one with --port"
            ) from error


@contextmanager
def _servers(commands: dict[str, list[str]], environment: dict[str, str], logs: os.PathLike) -> Iterator[dict]:
    # a shell starts background jobs with SIGINT ignored, and what is ignored here is ignored by the servers too
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, _interrupt)
    servers = {}
    with ExitStack() as stack:
        try:
            for name, command in commands.items():
                log = stack.enter_context(open(os.path.join(logs, f"{name}.log"), "ab"))
                # a group of its own: Ctrl-C reaches this process alone, which then ends them in order
                servers[name] = subprocess.Popen(
                    command, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
                )
            yield servers
        finally:
            for process in servers.values():
                _end(process)


def _end(process: subprocess.Popen) -> None:
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _wait_until_up(address: str, servers: dict[str, subprocess.Popen], logs: os.PathLike) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        for name, process in servers.items():
            if process.poll() is not None:
                raise SynthAssetsError(f"the {name} did not start (exit {process.returncode}); see {logs}/{name}.log")
        try:
            with urllib.request.urlopen(f"{address}/server_info", timeout=2) as reply:
                if reply.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise SynthAssetsError(
        f"the webserver did not answer at {address} within {START_TIMEOUT_S:.0f} s; see {logs}/webserver.log"
    )
