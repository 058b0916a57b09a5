"""Finding candidates: by text, cell, state, reason, score, run or article; a page at a time, newest first.

Each filter that is set first puts the ids it lets through into a temporary table of the one short transaction; the page
and the counts then keep to those. A filter that is not set costs nothing. Texts are compared as they stand, letter by
letter, small and capital letters alike: no pattern, so nothing that a person types can be one.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from synth_assets.warehouse import Transaction, Warehouse, sql

PAGE_ROWS = 25
STATES = ("accepted", "refused", "duplicate", "open", "superseded", "withdrawn")
_SETS = ("text", "state", "score")
# a count of all states is done again only after this many times as long as it took: it never holds the database long
_REST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is sought; an empty value seeks everything. `least` and `most` bound the composite score, 0 to 1."""

    text: str = ""
    exercise: str = ""
    language: str = ""
    state: str = ""
    reason: str = ""
    least: float | None = None
    most: float | None = None
    run_id: str = ""
    seed_id: str = ""
    page: int = 1

    def address(self, path: str = "/") -> str:
        """The address that asks for this search, with what is set alone.

        A path other than the search's own is a run's or an article's, and names it already.
        """
        named = {"run_id", "seed_id"} if path != "/" else set()
        asked = {
            item.name: getattr(self, item.name)
            for item in fields(self)
            if getattr(self, item.name) not in ("", None)
            and (item.name, self.page) != ("page", 1)
            and item.name not in named
        }
        return f"{path}?{urlencode(asked)}" if asked else path

    def changed(self, **changes: Any) -> "Search":
        """This search with other values, from its first page on."""
        return replace(self, **{"page": 1, **changes})


def read_search(asked: Iterable[tuple[str, str]]) -> Search:
    """The search an address asks for; what it cannot mean (an unknown state, a score that is no number) is left out."""
    known = {item.name for item in fields(Search)}
    values: dict[str, Any] = {name: value.strip()[:2000] for name, value in asked if name in known}
    for name in ("least", "most"):
        values[name] = _number(values.get(name, ""))
    values["page"] = (
        int(page) if (page := values.get("page", "")).isascii() and page.isdigit() and page[:9] == page else 1
    )
    values["page"] = max(1, values["page"])
    if values.get("state") not in STATES:
        values.pop("state", None)
    return Search(**values)


def _number(written: str) -> float | None:
    try:
        value = float(written.replace(",", "."))
    except ValueError:  # half-typed or made up: no bound
        return None
    return value if 0 <= value <= 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of what a search found.

    Attributes:
        rows: as sql/audit/search_rows.sql gives them, newest first.
        cells: [{"exercise", "language", "candidates"}] of all pages.
        seconds: how long the database was held for it.
    """

    rows: list[dict[str, Any]]
    cells: list[dict[str, Any]]
    seconds: float

    @property
    def total(self) -> int:
        return sum(cell["candidates"] for cell in self.cells)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_ROWS))


def find_candidates(warehouse: Warehouse, search: Search) -> Found:
    """One page of the candidates that a search finds, in one short transaction."""
    with warehouse.transaction("searching samples") as open_:
        started = time.monotonic()
        by = _fill_sets(open_, search)
        plain = {name: getattr(search, name) or None for name in ("exercise", "language", "run_id", "seed_id")}
        keep = {f"by_{name}": name in by for name in _SETS}
        ids = open_.rows("audit/search_page", **plain, **keep, rows=PAGE_ROWS, skip=(search.page - 1) * PAGE_ROWS)
        cells = open_.rows("audit/search_count", **plain, **keep)
        rows = read_rows(open_, ids)
        return Found(rows=rows, cells=cells, seconds=time.monotonic() - started)


def read_rows(open_: Transaction, candidates: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What a list shows of these candidates, newest first.

    Args:
        candidates: their `candidate_id` and `planned_at`.
    """
    if not candidates:
        return []
    asked = {
        "candidate_ids": [each["candidate_id"] for each in candidates],
        "since": min(each["planned_at"] for each in candidates),
    }
    view = sql("views/candidate_states").partition(" as\n")[2]
    found = open_.connection.execute(sql("audit/search_states").replace("{view}", view), asked).fetchall()
    states = {row[0]: dict(zip(("state", "refused_at", "refused_reason"), row[1:], strict=True)) for row in found}
    return [{**row, **states[row["candidate_id"]]} for row in open_.rows("audit/search_rows", **asked)]


def _fill_sets(open_: Transaction, search: Search) -> set[str]:
    """Fill the temporary table of every filter that is set; their names."""
    open_.execute("audit/search_begin")
    by = set()
    if search.text:
        open_.execute("audit/search_by_text", text=search.text)
        by.add("text")
    if search.state or search.reason:
        # only what is refused has a reason
        open_.execute("audit/search_by_state", state=search.state or "refused", reason=search.reason or None)
        by.add("state")
    if search.least is not None or search.most is not None:
        least, most = search.least or 0.0, 1.0 if search.most is None else search.most
        open_.execute("audit/search_by_score", least=least, most=most)
        by.add("score")
    return by


class Totals:
    """Counts of all candidates by cell, state and reason; counted again when they have rested long enough."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._counts: list[dict[str, Any]] = []
        self._due = 0.0

    def read(self) -> "Totals":
        """The counts, at most 40 times as old as it takes to count them."""
        if time.monotonic() >= self._due:
            with self._warehouse.reading("counting states") as open_:
                started = time.monotonic()
                self._counts = open_.rows("audit/search_totals")
                ended = time.monotonic()
            self._due = ended + _REST * (ended - started)
        return self

    @property
    def exercises(self) -> list[str]:
        return sorted({row["exercise"] for row in self._counts})

    @property
    def languages(self) -> list[str]:
        return sorted({row["language"] for row in self._counts})

    def by_state(self, search: Search) -> dict[str, int]:
        """How many candidates of the search's cells are in each state; they add up to all that were planned."""
        counts = dict.fromkeys(("planned", *STATES), 0)
        for row in self._of(search):
            counts[row["state"]] += row["candidates"]
        planned = counts.pop("planned")
        counts["open"] = max(0, planned - sum(counts.values()))
        return counts

    def by_reason(self, search: Search) -> dict[str, int]:
        """How many candidates of the search's cells were refused for each reason, the commonest first."""
        counts: dict[str, int] = {}
        for row in self._of(search):
            if row["state"] == "refused":
                counts[row["reason"]] = counts.get(row["reason"], 0) + row["candidates"]
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def _of(self, search: Search) -> list[dict[str, Any]]:
        return [row for row in self._counts
                if search.exercise in ("", row["exercise"]) and search.language in ("", row["language"])]  # fmt: skip
