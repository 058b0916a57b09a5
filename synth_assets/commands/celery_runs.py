"""Runs as tasks of Celery: what it takes beyond dagster-celery so that no run is lost or counts as alive for ever.

Celery knows of a task that its worker said it began. It never hears of a worker that was killed with its machine, and
forgets results in time; dagster-celery believes both. Every run therefore shows life for as long as its process lives
(`synth_assets.sharing.locks`), and that is what Dagster's monitoring asks here.
"""

import time
from typing import Any

from dagster import DagsterRun
from dagster._core.launcher import CheckRunHealthResult, WorkerStatus
from dagster_celery.launcher import CeleryRunLauncher
from dagster_celery.tags import DAGSTER_CELERY_TASK_ID_TAG

from synth_assets.home import Home
from synth_assets.lake.warehouse import warehouse_of

# A run that showed life is dead when nobody has shown it for so long. One that has not yet may be a moment before its
# first step, which is where it begins to.
GONE_S = 20.0
UNSEEN_S = 60.0


class WatchedCeleryRunLauncher(CeleryRunLauncher):
    """dagster-celery's launcher, asking whether the process of a run lives rather than what Celery remembers."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._missed: dict[str, float] = {}

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """Whether a run that began goes on; FAILED when its process has shown no life for a while."""
        locks = warehouse_of(Home.find()).locks
        if locks.is_held(run.run_id):
            self._missed.pop(run.run_id, None)
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        now = time.monotonic()
        gone_s = now - self._missed.setdefault(run.run_id, now)
        if gone_s < (GONE_S if run.run_id in locks.dead() else UNSEEN_S):
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        del self._missed[run.run_id]
        locks.forget([run.run_id])
        return CheckRunHealthResult(
            WorkerStatus.FAILED,
            f"The process of this run has been gone for {gone_s:.0f} s (killed, out of memory, power). "
            "What it finished is kept, and a worker takes it up again.",
        )

    def get_run_worker_debug_info(self, run: DagsterRun, include_container_logs: bool | None = True) -> str | None:
        """Nothing where the run never came into the queue; dagster-celery would fail."""
        if DAGSTER_CELERY_TASK_ID_TAG not in run.tags:
            return None
        return super().get_run_worker_debug_info(run, include_container_logs)

    def terminate(self, run_id: str) -> bool:
        """Cancel a run: its task is taken from the queue, or its process is told to end it in order."""
        run = self._instance.get_run_by_id(run_id)
        if run is None or run.is_finished:
            return False
        self._instance.report_run_canceling(run)
        if DAGSTER_CELERY_TASK_ID_TAG not in run.tags:
            return False
        return super().terminate(run_id)
