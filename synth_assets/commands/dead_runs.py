"""Runs whose process died without a word are ended in Dagster's records, so that they hold no place and no pool.

Dagster's launcher notices a dead run only while the server that started it lives, and a killed run of the command line
never: both would count as running for ever, keep their place of `max_concurrent_runs` and their slots of the pools, and
leave a backfill unfinished. Every run therefore shows life for as long as its process lives (`mark_alive`), on this
machine or, with a lake, on any other.
"""

import time

from dagster import DagsterInstance, DagsterRun, DagsterRunStatus, RunsFilter

from synth_assets.home import Home
from synth_assets.lake.warehouse import warehouse_of

# A run marks itself alive at its first step, moments after it is started.
UNMARKED_S = 60.0


def end_dead_runs(instance: DagsterInstance, home: Home, *, unmarked: bool = False) -> list[str]:
    """End the runs of this home whose process is gone, and give back what they held; their ids.

    What they finished is kept. Runs of a server are failures by a crash, which `run_retries` of dagster.yaml repeats;
    those of the command line are repeated by who typed it.

    Args:
        unmarked: end also runs that started a minute ago and never marked themselves; for when no server is up.

    Raises:
        WarehouseBroken: the lake that the home works on cannot be reached.
    """
    locks = warehouse_of(home).locks
    # before the records are read: who ended in good order has said so by then
    dead = locks.dead()
    ended = []
    started = RunsFilter(statuses=[DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING])
    for record in instance.get_run_records(filters=started):
        run = record.dagster_run
        late = unmarked and time.time() - (record.start_time or time.time()) > UNMARKED_S
        if run.run_id in dead or (late and not locks.is_held(run.run_id)):
            _end(instance, run)
            ended.append(run.run_id)
    if dead:  # those of another instance that works on the same lake are left to it
        known = instance.get_run_records(filters=RunsFilter(run_ids=dead))
        locks.forget([record.dagster_run.run_id for record in known])
    return ended


def _end(instance: DagsterInstance, run: DagsterRun) -> None:
    why = "The process of this run died without a word (killed, out of memory, power). What it finished is kept."
    if run.tags.get("synth_assets/trigger") == "command line":
        instance.add_run_tags(run.run_id, {"dagster/max_retries": "0"})
    if run.status == DagsterRunStatus.CANCELING:
        instance.report_run_canceled(run, why)
    else:
        instance.report_run_failed(run, why)
    if instance.event_log_storage.supports_global_concurrency_limits:
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
