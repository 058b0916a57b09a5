"""PostgreSQL on localhost: the catalog of the lake, and Dagster's own records."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from synth_assets.cluster.servers import (
    LOCALHOST,
    last_lines,
    read_started,
    wait_until,
    with_ports,
    with_secrets,
    write_started,
)
from synth_assets.errors import ClusterError

NAME = "PostgreSQL"
USER = "synth"
DATABASES = ("lake", "dagster")
HOW = "install it: `apt-get install postgresql` (Debian, Ubuntu), `brew install postgresql` (macOS)"


def programs() -> Path | None:
    """The folder of initdb, pg_ctl and psql; Debian keeps those of each version out of the way of PATH."""
    on_path = shutil.which("pg_ctl")
    beside = [Path(on_path).resolve().parent] if on_path else []  # a link may stand on PATH without its companions
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    for folder in (*beside, *sorted(versions, key=lambda path: path.parent.name.zfill(3), reverse=True)):
        if all((folder / name).exists() for name in ("initdb", "pg_ctl", "psql")):
            return folder
    return None


def missing() -> str:
    """What is missing and how to get it; "" where nothing is."""
    return "" if programs() else f"{NAME}: initdb and pg_ctl are not found; {HOW}"


def start(folder: Path) -> bool:
    """Start it and wait until it answers; False when it ran already. Its databases are made once.

    Raises:
        ClusterError: it is not installed, may not run here, or does not start; the text says what to do.
    """
    if missing():
        raise ClusterError(missing())
    folder.mkdir(parents=True, exist_ok=True)
    started = read_started(folder)
    if answers(folder):
        return False
    if not _is_up(folder):
        with_secrets(started, ["password"])
        with_ports(started, ["postgres"])
        write_started(folder, started)
    data = _data(folder)
    if not (data / "PG_VERSION").exists():
        _make(folder, started.secrets["password"])
    log = data / "server.log"
    options = f"-h {LOCALHOST} -p {started.ports['postgres']} -c unix_socket_directories='' -c max_connections=200"
    if not _is_up(folder):
        begun = _run("pg_ctl", ["start", "-w", "-t", "60", "-D", str(data), "-l", str(log), "-o", options])
        if begun.returncode:
            raise ClusterError(f"{NAME} does not start: {last_lines(log)}")
    for name in DATABASES:
        _make_database(folder, name)
    wait_until(lambda: answers(folder), f"{NAME} does not answer")
    return True


def stop(folder: Path) -> bool:
    """End it, its clients cut off; False when it did not run.

    Raises:
        ClusterError: it does not end.
    """
    if not _is_up(folder):
        return False
    ended = _run("pg_ctl", ["stop", "-w", "-m", "fast", "-D", str(_data(folder))])
    if ended.returncode and answers(folder):
        raise ClusterError(f"{NAME} does not end: {last_lines(_data(folder) / 'server.log')}")
    return ended.returncode == 0


def answers(folder: Path) -> bool:
    """Whether it takes queries."""
    return _is_up(folder) and _query(folder, "lake", "select 1").returncode == 0


def pid(folder: Path) -> int:
    """Its first process; 0 while it does not run."""
    if not _is_up(folder):
        return 0
    return int((_data(folder) / "postmaster.pid").read_text("utf-8").splitlines()[0])


def settings(folder: Path) -> dict[str, str]:
    """Environment variables by which clients find it."""
    started = read_started(folder)
    at = f"host={LOCALHOST} port={started.ports['postgres']} user={USER}"
    return {
        "PGPASSWORD": started.secrets["password"],
        "SYNTH_ASSETS_WAREHOUSE": f"ducklake:postgres:{at} dbname=lake",
        "SYNTH_ASSETS_DAGSTER_DATABASE": f"postgresql+psycopg2://{USER}@{LOCALHOST}:{started.ports['postgres']}/dagster",
    }


def _data(folder: Path) -> Path:
    return folder / "data"


def _is_up(folder: Path) -> bool:
    if not (_data(folder) / "postmaster.pid").exists() or programs() is None:
        return False
    return _run("pg_ctl", ["status", "-D", str(_data(folder))]).returncode == 0


def _make(folder: Path, password: str) -> None:
    data = _data(folder)
    data.mkdir(exist_ok=True, mode=0o700)
    account = _account()
    if account is not None:  # the server refuses to run as root
        os.chown(data, account.pw_uid, account.pw_gid)
        reached = subprocess.run(["test", "-w", str(data)], check=False, **_as(account))
        if reached.returncode:
            raise ClusterError(
                f"{NAME} does not run as root, and the account {account.pw_name} that it would run as cannot reach "
                f"{data}; take a home outside of root's own folder, or be an ordinary user"
            )
    secret = data.with_name("password")
    secret.touch(mode=0o600)
    secret.write_text(password, "utf-8")
    if account is not None:
        os.chown(secret, account.pw_uid, account.pw_gid)
    made = _run("initdb", ["-D", str(data), "-U", USER, "--auth=scram-sha-256", f"--pwfile={secret}", "-E", "UTF8",
                           "--locale=C"])  # fmt: skip
    secret.unlink()
    if made.returncode:
        raise ClusterError(f"{NAME} cannot make its folder {data}: {made.stderr.strip().splitlines()[-1:]}")


def _make_database(folder: Path, name: str) -> None:
    if _query(folder, name, "select 1").returncode == 0:
        return
    made = _query(folder, "postgres", f'create database "{name}"')
    if made.returncode:
        raise ClusterError(f"{NAME} cannot make the database {name}: {made.stderr.strip()}")


def _query(folder: Path, database: str, query: str) -> subprocess.CompletedProcess[str]:
    started = read_started(folder)
    found = programs()
    if found is None or "postgres" not in started.ports:
        return subprocess.CompletedProcess([], 1, "", "not started")
    port = str(started.ports["postgres"])
    return subprocess.run(
        [str(found / "psql"), "-X", "-h", LOCALHOST, "-p", port, "-U", USER, "-d", database, "-c", query],
        capture_output=True, text=True, check=False,
        env={**os.environ, "PGPASSWORD": started.secrets["password"], "PGCONNECT_TIMEOUT": "5"},
    )  # fmt: skip


def _run(program: str, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    found = programs()
    assert found is not None
    account = _account()
    # its output goes nowhere that the server would inherit and keep open
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        return subprocess.run(
            [str(found / program), *arguments], stdin=subprocess.DEVNULL, stdout=nowhere,
            stderr=nowhere if program == "pg_ctl" else subprocess.PIPE, text=True, check=False, cwd="/",
            **(_as(account) if account is not None else {}),
        )  # fmt: skip


def _account() -> pwd.struct_passwd | None:
    """Whom the server runs as in place of root; None for everybody else."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in names:
            return names[name]
    raise ClusterError(f"{NAME} does not run as root, and there is no account postgres or nobody; be an ordinary user")


def _as(account: pwd.struct_passwd) -> dict[str, Any]:
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
