"""Locks by name for the workers of a lake: rows in PostgreSQL, each with the number of the process that holds it.

A row counts for as long as the session of its holder does (`synth_assets.lake.presence`). Names are kept whole, so that
no two are ever taken for one, and one statement takes any number of them.

Over a restart of the server rows and their holders stay what they were. A holder that could not reach the server for
longer than everybody else, and whose name was taken meanwhile, is told when it asks (`Taken.check`), before it commits
anything in its block, and when that ends; others are not kept out by a process that may be gone.
"""

import threading
from collections.abc import Callable, Collection, Iterable
from typing import Any
from urllib.parse import unquote

from synth_assets.lake.lock import CatalogUnreachable, who
from synth_assets.lake.presence import Presence
from synth_assets.sharing.locks import Locks, Taken, short_name


class LakeLocks(Locks):
    """The locks of one lake, as this process has them; one object a process."""

    def __init__(self, presence: Presence) -> None:
        self._presence = presence
        self._held: set[str] = set()
        self._asked: set[str] = set()  # of which it is not known yet here whether they were got
        self._lives: dict[str, int] = {}
        self._changing = threading.RLock()
        self._schema = presence.schema
        presence.on_return(self._come_back)
        # Those of the dead, and those of a process of before that had the number of this one; rows that somebody is
        # about to take are left to them.
        for table in ("locks", "lives"):
            gone = f"owner = %s or {presence.died()}" if table == "locks" else "owner = %s"
            presence.ask(
                f"delete from {self._schema}.{table} where ctid = any(array("
                f"select ctid from {self._schema}.{table} where {gone} for update skip locked))",
                (presence.owner,),
            )

    def try_take(self, names: Iterable[str]) -> Taken:
        asked = {short_name(name): name for name in names}
        with self._changing:
            free = asked.keys() - self._held
            got = self._insert(free) if free else set()
        return Taken([name for key, name in asked.items() if key in got], self._let_go, self._lost)

    def _insert(self, names: set[str]) -> set[str]:
        """Those of the names that this process has now."""
        self._asked = names
        try:
            # those of this process that it does not know of were taken by a statement whose answer was lost
            rows = self._presence.ask(
                f"insert into {self._schema}.locks as l (name, owner, holder) "
                "select name, %s, %s from unnest(%s::text[]) as asked (name) order by name "
                "on conflict (name) do update set owner = excluded.owner, holder = excluded.holder, since = now() "
                f"where l.owner = excluded.owner or {self._presence.died('l.owner')} "
                "returning name",
                (self._presence.owner, who(), list(names)),
            )
        except BaseException:  # it may have been done nevertheless
            self._asked = set()
            self._delete("locks", names)
            raise
        got = {name for (name,) in rows}
        self._held |= got
        self._asked = set()
        return got

    def is_held(self, name: str) -> bool:
        ((found,),) = self._presence.ask(
            f"select exists (select from {self._schema}.locks where name = %s and not {self._presence.died()}) "
            f"or exists (select from {self._schema}.lives where name = %s and not {self._presence.died()})",
            (short_name(name), short_name(name)),
        )
        return found

    def holder(self, name: str) -> str:
        rows = self._presence.ask(
            "select holder, to_char(since at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') "
            f"from {self._schema}.locks where name = %s",
            (short_name(name),),
        )
        return f"{rows[0][0]}, since {rows[0][1]} UTC" if rows else "another process"

    def show_life(self, name: str) -> Taken:
        key = short_name(name)
        with self._changing:
            self._lives[key] = self._lives.get(key, 0) + 1  # before it is shown, so that a new session shows it as well
            try:
                if self._lives[key] == 1:
                    self._presence.ask(_LIVES.format(schema=self._schema), (self._presence.owner, who(), [key]))
            except BaseException:
                self._live_no_more([name])
                raise
        return Taken([name], self._live_no_more, lambda names: ())

    def dead(self) -> list[str]:
        rows = self._presence.ask(
            f"select name from {self._schema}.lives group by name having bool_and({self._presence.died()})"
        )
        return sorted(unquote(name) for (name,) in rows)

    def forget(self, names: Iterable[str]) -> None:
        self._presence.ask(
            f"delete from {self._schema}.lives where name = any(%s) and {self._presence.died()}",
            ([short_name(name) for name in names],),
        )

    def _let_go(self, names: Collection[str]) -> None:
        going = {short_name(name) for name in names}
        with self._changing:
            self._held -= going
            self._delete("locks", going)

    def _live_no_more(self, names: Collection[str]) -> None:
        with self._changing:
            for key in map(short_name, names):
                self._lives[key] -= 1
            going = {key for key, count in self._lives.items() if not count}
            for key in going:
                del self._lives[key]
            self._delete("lives", going)

    def _delete(self, table: str, going: Collection[str]) -> None:
        if not going:
            return
        query = f"delete from {self._schema}.{table} where owner = %s and name = any(%s)"
        try:
            self._presence.ask(query, (self._presence.owner, list(going)), patiently=False)
        except CatalogUnreachable:  # nobody waits for that: they go when the session comes back, or ends for good
            return

    def _lost(self, names: Collection[str]) -> Collection[str]:
        """Those that are another's by now."""
        asked = {short_name(name): name for name in names}
        rows = self._presence.ask(
            f"select name from {self._schema}.locks where owner = %s and name = any(%s)",
            (self._presence.owner, list(asked)),
        )
        return [asked[key] for key in asked.keys() - {name for (name,) in rows}]

    def _come_back(self, ask: Callable[..., list[tuple[Any, ...]]]) -> None:
        """After a new session: rows are what this process holds, as far as nobody else has them."""
        owner, held, lives = self._presence.owner, sorted(self._held), sorted(self._lives)
        for table, names in (("locks", [*held, *self._asked]), ("lives", lives)):
            ask(f"delete from {self._schema}.{table} where owner = %s and name <> all(%s)", (owner, names))
        ask(
            f"insert into {self._schema}.locks (name, owner, holder) select name, %s, %s "
            "from unnest(%s::text[]) as held (name) order by name on conflict do nothing",
            (owner, who(), held),
        )
        ask(_LIVES.format(schema=self._schema), (owner, who(), lives))


_locks: dict[Presence, LakeLocks] = {}
_making = threading.Lock()


def locks_in(presence: Presence) -> LakeLocks:
    """The locks of a lake as this process has them; one object for all who ask."""
    with _making:
        if presence not in _locks:
            _locks[presence] = LakeLocks(presence)
        return _locks[presence]


_LIVES = (
    "insert into {schema}.lives (name, owner, holder) select name, %s, %s "
    "from unnest(%s::text[]) as shown (name) on conflict do nothing"
)
