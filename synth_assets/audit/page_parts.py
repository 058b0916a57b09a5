"""The pieces that the audit's pages are made of. Every text becomes a text node in the browser, never markup.

NiceGUI gives its elements to the browser as JSON, and Vue makes text nodes of their texts; nothing here uses the
elements that read HTML or Markdown. Attributes are set by name, one value each, never by NiceGUI's `props("...")`,
which would read a text as several.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from nicegui import html
from nicegui.element import Element

from synth_assets.languages import LANGUAGES

STATE_MEANS = {
    "accepted": "accepted: it passed everything and stands among the samples",
    "refused": "refused",
    "duplicate": "duplicate: another candidate that says the same is kept",
    "open": "open: not all its steps are made yet",
    "superseded": "superseded: a newer candidate took its place",
    "withdrawn": "withdrawn by a person",
}


def put(make: Callable[..., Element], text: Any = None, classes: str = "", **attributes: Any) -> Element:
    """One element with its text, its classes and its attributes (an underscore in a name stands for a hyphen)."""
    element = make(None if text is None else str(text))
    element.props.update({name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()})
    return element.classes(classes) if classes else element


def link(text: Any, address: str, classes: str = "", **attributes: Any) -> Element:
    """A link within these pages."""
    return put(html.a, text, classes, href=address, **attributes)


def outside_link(text: Any, address: str, classes: str = "") -> Element:
    """A link to an address of a table: only the web's, anything else (javascript:, file:) stays text."""
    if urlsplit(address).scheme in ("http", "https"):
        return put(html.a, text, f"outside {classes}".strip(), href=address, rel="noreferrer noopener", target="_blank")
    return put(html.span, text, classes)


def sample_address(name: str) -> str:
    return f"/sample/{quote(name, safe='')}"


def run_address(run_id: str) -> str:
    return f"/run/{quote(run_id, safe='')}"


def article_address(seed_id: str) -> str:
    return f"/article/{quote(seed_id, safe='')}"


def dagster_run(dagster: str, run_id: str) -> str:
    """The address of a run on Dagster's own pages."""
    return f"{dagster}/runs/{quote(run_id, safe='')}"


def badge(state: str, reason: str | None = None) -> Element:
    """The state of a candidate, with its reason where it has one."""
    return put(html.span, f"{state}: {reason}" if reason else state, f"badge {state}", title=STATE_MEANS[state])


@contextmanager
def section(title: str, anchor: str, note: str = "") -> Iterator[None]:
    """A part of a page with its heading, which the page's contents link to."""
    with put(html.section, classes="part", id=anchor, aria_labelledby=f"{anchor}-title"):
        with put(html.div, classes="part-head"):
            put(html.h2, title, id=f"{anchor}-title")
            if note:
                put(html.span, note, "note")
        yield


@contextmanager
def folded(title: str, note: str = "", *, open_: bool = False, anchor: str = "") -> Iterator[None]:
    """A part that opens by a click, or by Enter: the browser's own, so that its search finds what is inside."""
    attributes = {"open": True} if open_ else {}
    with put(html.details, classes="folded", **attributes, **({"id": anchor} if anchor else {})):
        with put(html.summary):
            put(html.span, title, "folded-title")
            if note:
                put(html.span, note, "note")
        with put(html.div, classes="folded-body"):
            yield


def facts(values: Mapping[str, Any], classes: str = "") -> None:
    """Names with their values, what is empty left out; a value that is a function puts its own elements."""
    with put(html.dl, classes=f"facts {classes}".strip()):
        for name, value in values.items():
            if value in (None, "", [], {}):
                continue
            with put(html.div):
                put(html.dt, name)
                if callable(value):
                    with put(html.dd):
                        value()
                else:
                    put(html.dd, value)


def table(heads: Iterable[str], rows: Iterable[Iterable[Any]], classes: str = "") -> None:
    """A table; a cell that is a function puts its own elements, a number stands on the right."""
    with put(html.div, classes="table-frame", tabindex=0), put(html.table, classes=classes):
        with put(html.thead), put(html.tr):
            for head in heads:
                put(html.th, head, scope="col")
        with put(html.tbody):
            for row in rows:
                with put(html.tr):
                    for value in row:
                        if callable(value):
                            with put(html.td):
                                value()
                        else:
                            number = isinstance(value, int | float) and not isinstance(value, bool)
                            shown = f"{value:,}" if isinstance(value, int) and number else value
                            put(html.td, "" if shown is None else shown, "number" if number else "")


def prose(text: str | None, classes: str = "", language: str = "") -> None:
    """A text as it stands, line by line."""
    put(html.div, text or "", f"prose {classes}".strip(), **({"lang": language} if language else {}))


def code(text: str | None, classes: str = "") -> None:
    """A text in letters of one width, as it stands."""
    put(html.pre, text or "", classes)


def highlighted(text: str, sought: str) -> None:
    """A text with every place of what was sought marked, small and capital letters alike."""
    low, wanted = text.lower(), sought.lower()
    at = 0
    # a letter whose small form is longer (İ) moves the places: then nothing is marked
    while wanted and len(low) == len(text) and (found := low.find(wanted, at)) >= 0:
        if found > at:
            put(html.span, text[at:found])
        put(html.mark, text[found : found + len(wanted)])
        at = found + len(wanted)
    if at < len(text):
        put(html.span, text[at:])


def excerpt(text: str | None, sought: str, length: int) -> str:
    """The beginning of a text on one line, or the place in it where what was sought stands."""
    line = " ".join((text or "").split())
    at = line.lower().find(" ".join(sought.lower().split())) if sought else -1
    start = max(0, at - length // 3) if at + len(sought) > length else 0
    cut = line[start : start + length]
    return ("… " if start else "") + cut + (" …" if start + length < len(line) else "")


def when(value: datetime | str | None) -> str:
    """A time to the second, UTC."""
    if isinstance(value, str):
        return value[:19].replace("T", " ")
    return value.strftime("%Y-%m-%d %H:%M:%S") if value else ""


def money(value: float | None, *, unpriced: int = 0) -> str:
    """What is known of a price, and whether some of the calls that it is of have none."""
    if not value:
        return "price unknown" if unpriced else "free"
    known = f"{value:.6f} USD" if value < 0.01 else f"{value:.4f} USD"
    return f"at least {known}" if unpriced else known


def language_name(code_: str) -> str:
    return f"{LANGUAGES[code_]} ({code_})" if code_ in LANGUAGES else code_
