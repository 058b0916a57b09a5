"""The audit's search page, and the list of candidates that the pages of a run and of an article show too."""

from typing import Any

from nicegui import html, ui

from synth_assets.audit.page_parts import (
    article_address,
    badge,
    excerpt,
    highlighted,
    language_name,
    link,
    put,
    sample_address,
    when,
)
from synth_assets.audit.search import PAGE_ROWS, STATES, Found, Search, Totals

_QUERY_SHOWN = 220
_ANSWER_SHOWN = 260


def show_search(search: Search, found: Found, totals: Totals, path: str = "/") -> None:
    """The whole page: what is sought, how many there are, and a page of them."""
    put(html.h1, "Samples", "page-title")
    _show_form(search, totals, path)
    _show_states(search, totals, path)
    show_list(search, found, path)


def _show_form(search: Search, totals: Totals, path: str) -> None:
    def go(**changes: Any) -> None:
        ui.navigate.to(search.changed(**changes).address(path))

    with put(html.div, classes="filters", role="search", aria_label="Search samples"):
        text = ui.input("Text of query, answer or seed", value=search.text).props("outlined dense clearable")
        text.classes("filter-text").props["maxlength"] = 2000
        text.on("keydown.enter", lambda: go(text=text.value or ""))
        text.on("clear", lambda: go(text=""))
        ui.button("Search", on_click=lambda: go(text=text.value or "")).props("unelevated no-caps").classes("filter-go")
        exercises = sorted({*totals.exercises, search.exercise} - {""})
        languages = sorted({*totals.languages, search.language} - {""})
        reasons = totals.by_reason(search)
        if search.reason:
            reasons.setdefault(search.reason, 0)
        choices = (
            ("exercise", "Exercise", {name: name for name in exercises}),
            ("language", "Language", {code: language_name(code) for code in languages}),
            ("reason", "Refused because", {name: f"{name} ({count:,})" for name, count in reasons.items()}),
        )
        for name, label, options in choices:
            chosen = getattr(search, name)
            field = ui.select(
                options,
                value=chosen or None,
                label=label,
                clearable=True,
                on_change=lambda event, name=name: go(**{name: event.value or ""}),
            )
            field.props("outlined dense options-dense").classes("filter-choice")
        for name, label in (("least", "Score from"), ("most", "Score to")):
            bound = ui.number(label, value=getattr(search, name), min=0, max=1, step=0.05).props("outlined dense")
            bound.classes("filter-number")
            for event in ("change", "keydown.enter"):
                bound.on(event, lambda name=name, bound=bound: go(**{name: bound.value}))


def _show_states(search: Search, totals: Totals, path: str) -> None:
    # the totals are of cells: beside a search for more than a cell they would say what it does not find
    counted = not (search.text or search.reason or search.least is not None or search.most is not None)
    counts = totals.by_state(search)
    with put(html.nav, classes="states", aria_label="States"):
        for state in ("", *STATES):
            count = sum(counts.values()) if not state else counts[state]
            current = {"aria_current": "true"} if state == search.state else {}
            changed = search.changed(state=state, reason=search.reason if state in ("", "refused") else "")
            with link(None, changed.address(path), f"state {state or 'all'}", **current):
                put(html.span, state or "all")
                if counted:
                    put(html.span, f"{count:,}", "count")


def show_list(search: Search, found: Found, path: str = "/") -> None:
    """How many were found, a page of them, and the way to the other pages."""
    with put(html.div, classes="found", role="status"):
        if not found.total:
            put(html.span, "Nothing is found.")
        else:
            first = (search.page - 1) * PAGE_ROWS + 1
            span = f"{first:,} to {first + len(found.rows) - 1:,} of " if found.rows else "no such page; "
            put(html.span, f"{span}{found.total:,} {'candidate' if found.total == 1 else 'candidates'}, newest first")
        if found.seconds >= 1:
            put(html.span, f"searched in {found.seconds:.1f} s", "note")
        if search.address(path) != path:
            link("Seek everything", path, "quiet")
    with put(html.ol, classes="hits", start=(search.page - 1) * PAGE_ROWS + 1):
        for row in found.rows:
            show_hit(row, search.text)
    if len(found.cells) > 1 and (search.text or search.run_id or search.seed_id):
        _show_cells(search, found, path)
    if found.pages > 1:
        with put(html.nav, classes="pages", aria_label="Pages"):
            ui.pagination(
                1,
                found.pages,
                direction_links=True,
                value=min(search.page, found.pages),
                on_change=lambda event: ui.navigate.to(search.changed(page=event.value).address(path)),
            ).props("max-pages=9 boundary-numbers")


def _show_cells(search: Search, found: Found, path: str) -> None:
    with put(html.nav, classes="states", aria_label="Cells"):
        for cell in found.cells:
            changed = search.changed(exercise=cell["exercise"], language=cell["language"])
            with link(None, changed.address(path), "state"):
                put(html.span, f"{cell['exercise']} {cell['language']}")
                put(html.span, f"{cell['candidates']:,}", "count")


def show_hit(row: dict[str, Any], sought: str = "", note: str = "") -> None:
    """One candidate in a list: its query leads to its page."""
    with put(html.li, classes="hit"):
        query = excerpt(row["query"], sought, _QUERY_SHOWN)
        with link(None, sample_address(row["name"]), "hit-query", lang=row["language"]):
            highlighted(query or "(no query was made)", sought)
        if row["answer"]:
            with put(html.p, classes="hit-answer", lang=row["language"]):
                highlighted(excerpt(row["answer"], sought, _ANSWER_SHOWN), sought)
        seed = row["seed"] or ""
        if sought and sought.lower() in seed.lower():
            with put(html.p, classes="hit-answer"):
                put(html.span, "seed: ", "strong")
                highlighted(excerpt(seed, sought, _ANSWER_SHOWN), sought)
        with put(html.div, classes="hit-facts"):
            reason = row["refused_reason"] if row["state"] == "refused" else None
            badge(row["state"], reason)
            put(html.span, f"{row['exercise']} · {row['language']}")
            if row["score"] is not None:
                put(html.span, f"score {row['score']:.3f}", "number")
            if row["title"]:
                link(row["title"], article_address(row["seed_id"]), "quiet")
            if row["model"]:
                put(html.span, row["model"])
            put(html.span, when(row["planned_at"]), "number")
            if note:
                put(html.span, note, "strong")
