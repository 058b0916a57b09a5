"""`synth-assets cluster worker`: a worker that carries runs, each from end to end in a process of its own.

SIGTERM: it takes no more. A run that it has may end within `GRACE_S`; then the run is interrupted in order, keeps what
it finished, and is repeated elsewhere by Dagster's `run_retries`. Celery alone would wait for the run however long.
"""

import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from dagster import DagsterInstance
from dagster._core.errors import DagsterError

from synth_assets.cluster.dagster_home import write_configuration
from synth_assets.commands.project import open_home
from synth_assets.errors import ClusterError
from synth_assets.home import Home
from synth_assets.lake.lock import CatalogUnreachable
from synth_assets.lake.warehouse import SETTING, warehouse_of

log = logging.getLogger("synth_assets.worker")

GRACE_S = 20.0
# DuckDB now and then loses an interrupt that comes in the midst of a query (seen with 1.5.5: the query goes on to its
# end and says nothing), so that a run is told again for as long as it is at work. What a stage does in good order at
# its end takes less; beyond the stage Dagster notes an interrupt and does not raise it.
TELL_AGAIN_S = 10.0
# Less than a run may take to begin (run_monitoring of dagster.yaml).
LAKE_PATIENCE_S = 300.0
LOOK_EVERY_S = 5.0
READY = "worker.ready"
SETTINGS = ("SYNTH_ASSETS_DAGSTER_DATABASE", "SYNTH_ASSETS_QUEUE", SETTING)


def work_runs(places: int) -> int:
    """Carry runs until the process is ended, so many side by side; the exit code.

    The home's dagster.yaml says where runs come from. While the worker takes runs there is a file `READY` in the home's
    data, for whoever watches over it.

    Raises:
        ClusterError: dagster.yaml is not one of a cluster of this kind, or what it names is not there.
    """
    write_configuration("celery", Home.find().root)
    home = open_home()
    _check_settings(home)
    try:
        instance = DagsterInstance.get()
        launcher = instance.run_launcher
    except (DagsterError, ImportError) as error:
        raise ClusterError(f"{home.root / 'dagster.yaml'}: {_first_line(error)}") from error
    app = getattr(launcher, "celery", None)
    if app is None:
        raise ClusterError(
            f"{home.root / 'dagster.yaml'}: its run launcher is {type(launcher).__name__}, which hands no runs to "
            "workers; remove the file, and the one of a cluster is written in its place"
        )
    return _serve(app, home, places)


def _check_settings(home: Home) -> None:
    """Refuse what would not come out before a run: without the lake's address it would work on a file of its own."""
    told = (home.root / "dagster.yaml").read_text("utf-8")
    lacking = [name for name in SETTINGS if not os.environ.get(name) and (name in told or name == SETTING)]
    if lacking:
        raise ClusterError(
            f"{', '.join(lacking)}: not set; a worker needs the settings of the cluster that it works for "
            "(`synth-assets cluster up` prints those of one on this machine)"
        )


def _serve(app: Any, home: Home, places: int) -> int:
    from celery import signals
    from dagster_celery.tasks import create_execute_job_task, create_resume_job_task

    create_execute_job_task(app)
    create_resume_job_task(app)
    ready = home.data / READY
    kept = [
        _connect(signals.worker_ready, lambda **_: ready.touch()),
        _connect(signals.worker_shutting_down, lambda **_: _give_back_later(ready)),
        _connect(signals.worker_process_init, lambda **_: _end_with(os.getppid())),
        _connect(signals.task_prerun, lambda **_: _wait_for_lake(home)),
    ]
    # a name of its own each time: what is said to one that died does not reach the one that took its place
    name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
    arguments = [
        "worker", f"--concurrency={places}", f"--hostname=synth-assets@{name}", "--pool=prefork", "--loglevel=INFO",
        "--without-gossip", "--without-mingle", "--queues=dagster",
    ]  # fmt: skip
    try:
        app.worker_main(arguments)
    except SystemExit as ended:
        return int(ended.code or 0)
    finally:
        ready.unlink(missing_ok=True)
        kept.clear()
    return 0


def _connect(event: Any, act: Callable[..., Any]) -> Callable[..., Any]:
    """Celery keeps only a weak hold of who listens, so that the caller has to keep what this returns."""
    event.connect(act, weak=True)
    return act


def _give_back_later(ready: Path) -> None:
    ready.unlink(missing_ok=True)
    threading.Thread(target=_give_back, name="gives back", daemon=True).start()


def _give_back() -> None:
    """Interrupt the runs that are at work, as Ctrl-C interrupts one, until they have ended in order and said so."""
    from celery.worker import state

    time.sleep(GRACE_S)
    while True:
        for request in tuple(state.active_requests):
            if request.worker_pid:
                with suppress(ProcessLookupError):
                    os.kill(request.worker_pid, signal.SIGTERM)
        time.sleep(TELL_AGAIN_S)


def _wait_for_lake(home: Home) -> None:
    """Reach the lake before a run begins. What is reached once is waited for; a first try that fails ends a run.

    Raises:
        WarehouseBroken: it cannot be reached in `LAKE_PATIENCE_S`, or cannot be used; the run then says so.
    """
    end = time.monotonic() + LAKE_PATIENCE_S
    while True:
        try:
            with warehouse_of(home).reading("reaching the lake"):
                return
        except CatalogUnreachable as error:
            if time.monotonic() > end:
                raise
            log.warning("a run waits to begin: %s", error)
            time.sleep(LOOK_EVERY_S)


def _end_with(parent: int) -> None:
    """A process that carries runs gives back what it has when its worker was killed: nobody could end it any more."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        while True:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(TELL_AGAIN_S)

    threading.Thread(target=watch, name="ends with its worker", daemon=True).start()


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]
