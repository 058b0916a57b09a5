"""`synth-assets cluster`: up once however often, settings that work, down, and what is missing said by name."""

import json
import os
import re
import shutil
import stat
import subprocess
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
import yaml

from synth_assets.cluster import localhost, postgres, redis
from synth_assets.cluster.dagster_home import write_sized
from synth_assets.cluster.servers import Started, write_started
from synth_assets.errors import ClusterError
from tests.conftest import CHECKOUT, synth_assets
from tests.running_ui import command_of

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(900)]


def command(home, *arguments, **environment):
    """The command line with the packages that these tests were given."""
    path = os.pathsep.join([str(CHECKOUT), os.environ.get("PYTHONPATH", "")])
    return synth_assets(home, *arguments, timeout=400, PYTHONPATH=path, **environment)


def test_servers_go_up_once_answer_and_go_down(open_folder):
    home = open_folder
    try:
        up = command(home, "cluster", "up", "--workers", "0")
        assert up.returncode == 0, up.stderr
        again = command(home, "cluster", "up", "--workers", "0", "--json")
        settings = json.loads(again.stdout)
        assert all(f"export {name}=" in up.stdout for name in settings)
        exported = subprocess.run(
            ["/bin/sh", "-c", 'eval "$1"; printenv SYNTH_ASSETS_WAREHOUSE', "sh", up.stdout],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert exported.stdout.strip() == settings["SYNTH_ASSETS_WAREHOUSE"]
        assert settings["PGPASSWORD"] not in settings["SYNTH_ASSETS_WAREHOUSE"]
        shown = command(home, "cluster", "status")
        told = r"PostgreSQL answers: 127\.0\.0\.1:\d+, process \d+\nRedis answers: .*\nSeaweedFS answers: .*\n"
        assert re.fullmatch(told, shown.stdout), shown.stdout
        kept = list((home / ".synth" / "cluster").glob("*/*.json"))
        assert kept
        assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in kept)
        status = command(home, "status", "--json", **settings)
        assert status.returncode == 0, status.stderr
        assert not (home / ".synth" / "warehouse.duckdb").exists()
    finally:
        down = command(home, "cluster", "down")
    assert down.stdout == "ended: objects, redis, postgres\n"
    assert command(home, "cluster", "down").stdout == "nothing ran\n"


def processes_of(folder):
    """Processes that were started with something of this folder in their environment or on their command line."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            told = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
            if str(folder).encode() in told and int(process.name) != os.getpid():
                found.append(command_of(int(process.name)))
    return found


def test_workers_and_dagster_go_up_with_the_servers_and_nothing_is_left_of_them(open_folder):
    home = open_folder / "whole"
    home.mkdir()
    folder = home / "elsewhere"
    try:
        up = command(home, "cluster", "up", "--workers", "1", "--folder", str(folder), "--json")
        assert up.returncode == 0, up.stderr
        settings = json.loads(up.stdout)
        with urllib.request.urlopen(f"{settings['SYNTH_ASSETS_UI']}/server_info", timeout=60) as reply:
            assert reply.status == 200
        shown = json.loads(command(home, "cluster", "status", "--folder", str(folder), "--json").stdout)
        assert {found["name"]: found["state"] for found in shown} == dict.fromkeys(
            ["PostgreSQL", "Redis", "SeaweedFS", "worker-1", "webserver", "daemon"], "answers"
        )
        assert all(found["pid"] for found in shown)
        assert {found["name"]: found["address"] for found in shown}["webserver"] == settings["SYNTH_ASSETS_UI"]
        for path in folder.glob("*/server.log"):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 or path.is_relative_to(folder / "postgres"), path
    finally:
        down = command(home, "cluster", "down", "--folder", str(folder))
    assert down.stdout == "ended: daemon, webserver, worker-1, objects, redis, postgres\n"
    assert processes_of(folder) == []


def test_a_worker_in_a_home_whose_runs_go_elsewhere_says_so(open_folder, settings):
    home = open_folder / "one-machine"
    home.mkdir()
    for name in ("dagster.yaml", "workspace.yaml"):
        shutil.copy(CHECKOUT / name, home / name)
    told = command(home, "cluster", "worker", **settings)
    assert told.returncode == 1
    assert "its run launcher is DefaultRunLauncher, which hands no runs to workers" in told.stderr


def test_a_worker_without_its_settings_says_which_is_missing(open_folder):
    home = open_folder / "bare"
    home.mkdir()
    told = command(home, "cluster", "worker")
    assert told.returncode == 1
    assert "SYNTH_ASSETS_DAGSTER_DATABASE, SYNTH_ASSETS_QUEUE, SYNTH_ASSETS_WAREHOUSE: not set" in told.stderr


def test_the_size_of_a_cluster_is_how_many_runs_go_at_once(tmp_path):
    write_sized(tmp_path, 6)
    runs = yaml.safe_load((tmp_path / "dagster.yaml").read_text("utf-8"))["concurrency"]["runs"]
    assert runs["max_concurrent_runs"] == 6
    limits = {limit["value"]: limit["limit"] for limit in runs["tag_concurrency_limits"]}
    assert limits == {"schedule": 5, "sensor": 1}


def test_a_server_that_died_is_started_again_at_the_same_address(servers):
    before = localhost.settings(servers)
    redis.stop(servers / "redis")
    assert not redis.answers(servers / "redis")
    assert localhost.up(servers) == before
    assert redis.answers(servers / "redis")


def test_what_is_missing_is_said_by_name_with_how_to_get_it_before_anything_starts(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(ClusterError, match=r"Redis: redis-server is not found; install it: `apt-get install"):
        localhost.up(tmp_path / "cluster")
    assert not (tmp_path / "cluster").exists()


def test_a_database_server_that_does_not_end_is_said_with_what_its_log_says(tmp_path, monkeypatch):
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in {"pg_ctl": '[ "$1" = status ]', "psql": "exit 0", "initdb": "exit 0"}.items():
        (programs / name).write_text(f"#!/bin/sh\n{text}\n", "utf-8")
        (programs / name).chmod(0o755)
    tmp_path.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)  # nothing is run as another account
    data = tmp_path / "data"
    data.mkdir()
    (data / "postmaster.pid").touch()
    (data / "server.log").write_text("a client does not let go", "utf-8")
    write_started(tmp_path, Started(ports={"postgres": 1}, secrets={"password": "p"}))
    with pytest.raises(ClusterError, match="PostgreSQL does not end: a client does not let go"):
        postgres.stop(tmp_path)
