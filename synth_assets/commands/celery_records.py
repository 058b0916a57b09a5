"""Dagster's records in PostgreSQL over a restart of it, by one connection a process: what dagster-postgres lacks.

It waits six seconds for a server that is away, and what a restart cuts off fails at once. Either ends a run as if one
of its stages had failed, and such runs are not repeated. Here whatever is read or recorded is asked again for
`PATIENCE_S`. A record of which no answer came may then stand twice; a run's page shows both, and nothing is counted by
them.

It also opens a connection for every statement, some two hundred for a small cell, and each is a new process of the
server. Here a process keeps one open and makes more only while several of its threads ask at once.
"""

import inspect
import logging
import time
from collections.abc import Callable, Mapping
from functools import wraps
from types import FunctionType
from typing import Any, Self, TypeVar

from dagster._core.storage.base_storage import DagsterStorage
from dagster._serdes import ConfigurableClass, ConfigurableClassData
from dagster_postgres import PostgresEventLogStorage, PostgresRunStorage, PostgresScheduleStorage
from dagster_postgres.utils import DagsterPostgresException, create_pg_engine, pg_url_from_config
from sqlalchemy.exc import InterfaceError, OperationalError

from synth_assets.lake.lock import first_line, may_pass

log = logging.getLogger("synth_assets.records")

PATIENCE_S = 120.0
PAUSE_S = 0.5

Storage = TypeVar("Storage")


class PatientStorage(DagsterStorage, ConfigurableClass):
    """The three storages of Dagster in one database of PostgreSQL; configured as dagster-postgres's are."""

    def __init__(
        self, postgres_url: str, should_autocreate_tables: bool = True, inst_data: ConfigurableClassData | None = None
    ) -> None:
        self._inst_data = inst_data
        # one pool for the three; the ping finds a connection that a restart has ended
        self._engine = create_pg_engine(
            postgres_url, None, isolation_level="AUTOCOMMIT", pool_size=1, max_overflow=-1, pool_pre_ping=True
        )
        self._runs = self._made(PostgresRunStorage, postgres_url, should_autocreate_tables)
        self._events = self._made(PostgresEventLogStorage, postgres_url, should_autocreate_tables)
        self._schedules = self._made(PostgresScheduleStorage, postgres_url, should_autocreate_tables)
        super().__init__()

    @property
    def run_storage(self) -> PostgresRunStorage:
        return self._runs

    @property
    def event_log_storage(self) -> PostgresEventLogStorage:
        return self._events

    @property
    def schedule_storage(self) -> PostgresScheduleStorage:
        return self._schedules

    @property
    def inst_data(self) -> ConfigurableClassData | None:
        return self._inst_data

    @classmethod
    def config_type(cls) -> Any:
        return PostgresRunStorage.config_type()

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> Self:
        return cls(
            postgres_url=pg_url_from_config(config_value),
            should_autocreate_tables=config_value.get("should_autocreate_tables", True),
            inst_data=inst_data,
        )

    def _made(self, kind: type[Storage], url: str, makes_tables: bool) -> Storage:
        made = _patiently(lambda: _patient(kind, self._engine.dispose)(url, makes_tables))
        made._engine = self._engine
        return made


def _patient(kind: type[Storage], dispose: Callable[[], None]) -> type[Storage]:
    """A storage each of whose public methods is carried again where the server was away."""
    methods = {name: inspect.getattr_static(kind, name) for name in dir(kind) if not name.startswith("_")}
    again = {name: _carried_again(method) for name, method in methods.items() if isinstance(method, FunctionType)}

    def end(storage: Any) -> None:
        kind.dispose(storage)
        dispose()

    return type(kind)(f"Patient{kind.__name__}", (kind,), {**again, "dispose": end})


def _carried_again(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def carried(*args: Any, **options: Any) -> Any:
        return _patiently(lambda: method(*args, **options))

    return carried


def _patiently(attempt: Callable[[], Any]) -> Any:
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return attempt()
        except (OperationalError, InterfaceError, DagsterPostgresException) as error:
            # what dagster-postgres gave up on has the error of the server as its cause
            if not may_pass(f"{error} {error.__cause__ or ''}") or time.monotonic() > until:
                raise
            log.warning("PostgreSQL is away, Dagster's records are asked for again: %s", first_line(error))
        time.sleep(PAUSE_S)
