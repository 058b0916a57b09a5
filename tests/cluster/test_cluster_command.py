"""`synth-assets cluster`: up once however often, settings that work, down, and what is missing said by name."""

import json
import os
import stat
import subprocess

import pytest

from synth_assets.cluster import localhost, postgres, redis
from synth_assets.cluster.servers import Started, write_started
from synth_assets.errors import ClusterError
from tests.conftest import CHECKOUT, synth_assets

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]


def command(home, *arguments, **environment):
    """The command line with the packages that these tests were given."""
    path = os.pathsep.join([str(CHECKOUT), os.environ.get("PYTHONPATH", "")])
    return synth_assets(home, *arguments, timeout=200, PYTHONPATH=path, **environment)


def test_servers_go_up_once_answer_and_go_down(open_folder):
    home = open_folder
    try:
        up = command(home, "cluster", "up")
        assert up.returncode == 0, up.stderr
        again = command(home, "cluster", "up", "--json")
        settings = json.loads(again.stdout)
        assert all(f"export {name}=" in up.stdout for name in settings)
        exported = subprocess.run(
            ["/bin/sh", "-c", 'eval "$1"; printenv SYNTH_ASSETS_WAREHOUSE', "sh", up.stdout],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert exported.stdout.strip() == settings["SYNTH_ASSETS_WAREHOUSE"]
        assert settings["PGPASSWORD"] not in settings["SYNTH_ASSETS_WAREHOUSE"]
        shown = command(home, "cluster", "status")
        assert shown.stdout.splitlines() == ["PostgreSQL answers", "Redis answers", "SeaweedFS answers"]
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
