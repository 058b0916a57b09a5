"""Dagster's records of a cluster, on a real PostgreSQL: over a restart of it, and by one connection."""

import threading
import time
from collections.abc import Iterator

import dagster as dg
import pytest
from sqlalchemy.engine import make_url

from synth_assets.cluster import postgres
from synth_assets.cluster.dagster_home import write_configuration

pytestmark = pytest.mark.cluster

AWAY_S = 9.0  # longer than dagster-postgres waits


@dg.job
def nothing():
    """A job to have a run of."""


@pytest.fixture
def instance(settings, tmp_path) -> Iterator[dg.DagsterInstance]:
    """The instance of the shipped file."""
    write_configuration("celery", tmp_path)
    with dg.DagsterInstance.from_config(str(tmp_path)) as made:
        yield made


def connections(settings: dict[str, str]) -> int:
    """How many there are to the database of Dagster's records."""
    import psycopg2

    url = make_url(settings["SYNTH_ASSETS_DAGSTER_DATABASE"])
    connection = psycopg2.connect(host=url.host, port=url.port, user=url.username, dbname="postgres")
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_stat_activity where datname = %s", (url.database,))
        ((found,),) = cursor.fetchall()
    connection.close()
    return found


def test_what_is_recorded_while_postgresql_is_away_is_recorded_when_it_is_back(instance, servers):
    run = instance.create_run_for_job(nothing)
    postgres.stop(servers / "postgres")
    back = threading.Timer(AWAY_S, postgres.start, [servers / "postgres"])
    back.start()
    started = time.monotonic()
    instance.report_engine_event("said while it was away", run)
    assert time.monotonic() - started >= AWAY_S
    back.join()
    assert [record.message for record in instance.all_logs(run.run_id)] == ["said while it was away"]
    assert instance.get_run_by_id(run.run_id) is not None


def test_a_process_that_records_keeps_one_connection_and_gives_it_back(instance, settings):
    before = connections(settings)
    run = instance.create_run_for_job(nothing)
    for number in range(10):
        instance.report_engine_event(f"number {number}", run)
        assert instance.get_run_by_id(run.run_id) is not None
    assert connections(settings) == max(1, before)
    instance.run_storage.dispose()
    deadline = time.monotonic() + 10
    while connections(settings) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert connections(settings) == 0


def test_a_wrong_password_is_told_at_once(settings, tmp_path, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "wrong")
    write_configuration("celery", tmp_path)
    started = time.monotonic()
    with (
        pytest.raises(Exception, match=r"password authentication failed|too many retries"),
        dg.DagsterInstance.from_config(str(tmp_path)) as made,
    ):
        made.get_runs()
    assert time.monotonic() - started < 60
