"""One large cell on a lake, carried by one worker and by four, and what the lake takes in.

    python -m tests.benchmarks.scale_cluster [--candidates 2400] [--workers 4] [--in-flight 32] [--latency 1.0]
        [--profile FILE]

PostgreSQL and the object store are started for it and ended. The model answers in a process of its own, after
`latency` seconds, with `in_flight` requests under way a worker; it is asked by a name that is not this machine's own,
so that its limits are in the lake, as those of an endpoint that many machines ask. Every worker is a process: the
first carries the cell's steps as a run does, the others help it (`help_cell`). Each number of workers has a lake of its
own with the same corpus and the same planned candidates. Timed is from the moment that all workers are told to go (what
they import and attach is done by then) to that at which the answer of every candidate is in the lake.

- calls_per_s: replies over that time; speedup_4_workers is that of four workers over that of one.
- cpu_ms_per_call: user and system time of the workers over that time, all threads; endpoint_ms likewise of the model,
  servers_ms of PostgreSQL and the object store.
- lake_rows_per_s: queries, reasoning drafts and answers of the cell, inserted into an empty lake by the statements of
  the steps, in transactions of `ROWS_A_TRANSACTION` rows.

After each run every candidate must have one row a step, and the model must have seen no call twice; anything else ends
the benchmark with exit code 1. On a machine that others use, compare CPU and not time. The last line is one JSON
object.
"""

import argparse
import cProfile
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import yaml

from synth_assets.cluster import localhost, objects, postgres
from synth_assets.home import Home
from synth_assets.lake.warehouse import DATA_SETTING, PREFIX, SETTING, LakeWarehouse
from synth_assets.stages.corpus import cut_sections, embed_pool, read_seeds
from synth_assets.stages.helping import help_cell
from synth_assets.stages.recipes import load_checked_recipe
from synth_assets.stages.steps import TABLE_OF_STEP, carry_step, plan_round
from synth_assets.stages.work import Work, work_log
from synth_assets.warehouse import Warehouse, columns
from tests.cluster.conftest import copy_rows
from tests.conftest import endpoint_process, recipe_data
from tests.scripted_endpoint import read_state

CELL = ("memorization", "en")
STEPS = tuple(TABLE_OF_STEP.values())
ROWS_A_TRANSACTION = 500
SERVERS = ("postgres", "objects")


def lake_of(folder: Path, name: str, settings: Mapping[str, str]) -> LakeWarehouse:
    """A lake by its name, on the servers of these settings."""
    return LakeWarehouse(
        database=str(folder / f"{name}.duckdb"), catalog=settings[SETTING].removeprefix(PREFIX),
        data=f"{settings[DATA_SETTING]}/{name}", catalog_schema=name,
    )  # fmt: skip


def work_on(folder: Path, warehouse: Warehouse, recipe: Path, run_id: str) -> Work:
    home = Home(root=folder / run_id)
    home.prepare()
    return Work(home=home, warehouse=warehouse, recipe=load_checked_recipe(str(recipe)), run_id=run_id, log=work_log())


def write_recipe(folder: Path, address: str, candidates: int, most: int) -> Path:
    """A recipe of one cell, whose model takes so many requests at once over all workers."""
    models = {"query": {"model": "strong", "address": address, "max_in_flight": most}}
    path = folder / f"recipe-{most}.yaml"
    data = recipe_data(address, exercises={CELL[0]: {"rows": candidates}}, models=models, round_cap=candidates)
    path.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")
    return path


def make_corpus(folder: Path, recipe: Path) -> Path:
    """The documents that ship with the package, read, cut and embedded: a database file."""
    file = folder / "corpus.duckdb"
    work = work_on(
        folder, Warehouse(database=str(file), calls_folder=str(folder / "corpus" / "calls")), recipe, "corpus"
    )
    read_seeds(work)
    cut_sections(work)
    embed_pool(work)
    return file


# --- a worker


def carry(given: argparse.Namespace) -> None:
    """What one worker does: the steps of the cell, or help with them until it is told that the cell is carried."""
    folder, name = Path(given.folder), given.worker
    work = work_on(folder, lake_of(folder, given.lake, os.environ), Path(given.recipe), name)
    work.warehouse.read(f"audit/count_{STEPS[0]}", exercise=CELL[0], language=CELL[1])
    print("ready", flush=True)
    sys.stdin.readline()
    profile = cProfile.Profile() if given.profile else None
    before = _cpu_s(resource.RUSAGE_SELF)
    if profile is not None:
        profile.enable()
    if given.helping:
        report = help_cell(work, *CELL, ended=(folder / f"{given.lake}.ended").exists)
        calls = report.get("calls", 0)
    else:
        calls = sum(carry_step(work, *CELL, table).get("calls", 0) for table in STEPS)
    if profile is not None:
        profile.disable()
        profile.dump_stats(given.profile)
    print(json.dumps({"calls": calls, "cpu_s": _cpu_s(resource.RUSAGE_SELF) - before}), flush=True)


def _cpu_s(whose: int) -> float:
    used = resource.getrusage(whose)
    return used.ru_utime + used.ru_stime


def _cpu_of(*pids: int) -> float:
    """User and system time of processes and of what they started, seconds; what has ended counts with its parent."""
    ticks, families = 0, set(pids)
    numbers = sorted(int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())
    for number in numbers:
        try:
            fields = Path(f"/proc/{number}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        if number in families or int(fields[1]) in families:
            families.add(number)
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


# --- a measurement


def run_workers(
    folder: Path, lake: str, recipe: Path, workers: int, candidates: int, state: Path, server_pids: tuple[int, ...],
    model_pid: int, profile: str | None,
) -> dict[str, Any]:  # fmt: skip
    """The cell of a lake, carried by so many workers.

    Raises:
        RuntimeError: a worker failed, a row is missing or twice, or a call was sent twice.
    """
    warehouse = lake_of(folder, lake, os.environ)
    command = [sys.executable, "-m", "tests.benchmarks.scale_cluster", "--folder", str(folder), "--lake", lake,
               "--recipe", str(recipe)]  # fmt: skip
    told = [["--worker", f"{lake}-{number}", *(["--helping"] if number else ["--profile", profile] if profile else [])]
            for number in range(workers)]  # fmt: skip
    seen = dict(read_state(state).received)
    processes = [subprocess.Popen([*command, *more], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
                 for more in told]  # fmt: skip
    try:
        for process in processes:
            if process.stdout.readline().strip() != "ready":
                raise RuntimeError(f"a worker of {lake} did not start")
        before = _cpu_of(*server_pids), _cpu_of(model_pid)
        began = time.monotonic()
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        # the first waits for what the others hold: with it the cell is carried
        first = processes[0].stdout.readline()
        wall_s = time.monotonic() - began
        after = _cpu_of(*server_pids), _cpu_of(model_pid)
        (folder / f"{lake}.ended").touch()
        reports = [json.loads(line) for line in [first, *(process.stdout.readline() for process in processes[1:])]]
    finally:
        for process in processes:
            process.stdin.close()
            if process.poll() is None and sys.exc_info()[0] is not None:
                process.kill()
            process.wait(60)
            process.stdout.close()
    for table in STEPS:
        rows = warehouse.read(f"audit/count_{table}", exercise=CELL[0], language=CELL[1])[0]["rows"]
        if rows != candidates:
            raise RuntimeError(f"{lake}: {table} has {rows} rows of {candidates}")
    made = {key: times - seen.get(key, 0) for key, times in read_state(state).received.items()}
    if any(times > 1 for times in made.values()):
        raise RuntimeError(f"{lake}: {sum(times > 1 for times in made.values())} calls were sent twice")
    calls = sum(made.values())
    a_call = 1000 / calls
    return {
        "workers": workers, "calls": calls, "wall_s": round(wall_s, 2), "calls_per_s": round(calls / wall_s, 2),
        "cpu_ms_per_call": round(sum(report["cpu_s"] for report in reports) * a_call, 2),
        "servers_ms": round((after[0] - before[0]) * a_call, 2),
        "endpoint_ms": round((after[1] - before[1]) * a_call, 2),
        "calls_of_each": [report["calls"] for report in reports],
    }  # fmt: skip


def _warm_up(address: str) -> None:
    """Have the model import what it answers with: the first run would otherwise wait for that."""
    body = json.dumps({"model": "strong", "messages": [{"role": "user", "content": "nothing that it knows"}]})
    request = urllib.request.Request(
        f"{address}/chat/completions", body.encode(), {"Content-Type": "application/json"}
    )  # fmt: skip
    with suppress(urllib.error.HTTPError):  # it says that it does not know this
        urllib.request.urlopen(request, timeout=60).close()


def measure_rows(source: LakeWarehouse, empty: LakeWarehouse) -> dict[str, float]:
    """Rows a second, and CPU of this process a row, with which the rows of the steps are inserted into another lake."""
    rows: dict[str, list[dict[str, Any]]] = {}
    with source.reading("reading what was made") as open_:
        for table in STEPS:
            cursor = open_.connection.execute(f"select * from {table} order by candidate_id")
            names = [column[0] for column in cursor.description]
            rows[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for table, found in rows.items():  # JSON is given as Python values
        for column in columns(table):
            if column.type == "json":
                for row in found:
                    row[column.name] = json.loads(row[column.name]) if row[column.name] is not None else None
    count = sum(len(found) for found in rows.values())
    cpu, began = _cpu_s(resource.RUSAGE_SELF), time.monotonic()
    for table, found in rows.items():
        for start in range(0, len(found), ROWS_A_TRANSACTION):
            with empty.transaction("measuring writes") as open_:
                open_.insert(table, found[start : start + ROWS_A_TRANSACTION])
    wall_s = time.monotonic() - began
    return {"lake_rows_per_s": round(count / wall_s, 1),
            "row_cpu_ms": round(1000 * (_cpu_s(resource.RUSAGE_SELF) - cpu) / count, 3)}  # fmt: skip


def measure(
    candidates: int = 2400, workers: int = 4, in_flight: int = 32, latency: float = 1.0, profile: str | None = None
) -> dict[str, Any]:
    """Run it all; `speedup_4_workers` (of so many `workers`), `lake_rows_per_s`, and `runs` with what each came to."""
    folder = Path(tempfile.mkdtemp(prefix="synth-assets-"))
    folder.chmod(0o711)
    try:
        os.environ |= localhost.up(folder, SERVERS) | {"SYNTH_ASSETS_MACHINE": str(folder / "machine")}
        servers = (postgres.pid(folder / "postgres"), objects.pid(folder / "objects"))
        with endpoint_process(folder / "state", delay=latency) as address:
            (model,) = [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/cmdline")
                        if str(folder / "state").encode() in path.read_bytes()]  # fmt: skip
            _warm_up(address)
            address = address.replace("127.0.0.1", "0.0.0.0")
            corpus = make_corpus(folder, write_recipe(folder, address, candidates, in_flight))
            runs = []
            for count in (1, workers):
                recipe = write_recipe(folder, address, candidates, in_flight * count)
                lake = lake_of(folder, f"by_{count}", os.environ)
                copy_rows(lake, corpus)
                planned = plan_round(work_on(folder, lake, recipe, f"plan-{count}"), *CELL, candidates)["planned"]
                runs.append(run_workers(folder, f"by_{count}", recipe, count, planned, folder / "state", servers, model,
                                        profile if count == 1 else None))  # fmt: skip
                print(json.dumps(runs[-1]), flush=True)
            written = measure_rows(lake_of(folder, "by_1", os.environ), lake_of(folder, "written", os.environ))
    finally:
        localhost.down(folder, SERVERS)
        shutil.rmtree(folder)
    speedup = round(runs[-1]["calls_per_s"] / runs[0]["calls_per_s"], 2)
    return {f"speedup_{workers}_workers": speedup, **written, "runs": runs}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--candidates", type=int, default=2400)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--in-flight", type=int, default=32)
    parser.add_argument("--latency", type=float, default=1.0)
    parser.add_argument("--profile")
    for name in ("--worker", "--folder", "--lake", "--recipe"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    parser.add_argument("--helping", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        carry(given)
        return
    try:
        found = measure(given.candidates, given.workers, given.in_flight, given.latency, given.profile)
    except (RuntimeError, duckdb.Error) as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    print(f"{'workers':>8}{'calls':>8}{'s':>9}{'calls/s':>10}{'CPU-ms a call':>16}{'servers':>10}{'model':>8}")
    for run in found["runs"]:
        print(f"{run['workers']:8}{run['calls']:8}{run['wall_s']:9.1f}{run['calls_per_s']:10.1f}"
              f"{run['cpu_ms_per_call']:16.2f}{run['servers_ms']:10.2f}{run['endpoint_ms']:8.2f}")  # fmt: skip
    print(json.dumps(found))


if __name__ == "__main__":
    main()
