"""The audit's pages of a Dagster run and of an article: all that descends from either."""

from typing import Any

from nicegui import html

from synth_assets.audit.page_parts import (
    article_address,
    dagster_run,
    facts,
    folded,
    language_name,
    link,
    outside_link,
    prose,
    put,
    run_address,
    section,
    table,
    when,
)
from synth_assets.audit.page_search import show_list
from synth_assets.audit.search import Found, Search


def show_run(run_id: str, steps: list[dict[str, Any]], found: Found, search: Search, dagster: str) -> None:
    """What a run did, and the candidates that it planned."""
    put(html.h1, "Run", "page-title")
    with put(html.div, classes="sample-head"):
        put(html.span, run_id, "mono strong")
        outside_link("This run in Dagster", dagster_run(dagster, run_id), "button")
    with section("What it did", "did"):
        if not steps:
            put(html.p, "No row of this database was made by a run of this id.", "absent")
        else:
            table(
                ("step", "exercise", "language", "rows", "first (UTC)", "last (UTC)"),
                [
                    (row["step"], row["exercise"], row["language"], row["rows"], when(row["first_made"]),
                     when(row["last_made"]))
                    for row in steps
                ],
            )  # fmt: skip
    with section("Candidates it planned", "planned"):
        show_list(search, found, run_address(run_id))


def show_article(revisions: list[dict[str, Any]], sections: list[dict[str, Any]], found: Found, search: Search) -> None:
    """One article revision: where it comes from, its sections, and everything that was made from them."""
    article = revisions[0]
    put(html.h1, article["title"], "page-title")
    with put(html.div, classes="sample-head"):
        outside_link(article["url"], article["url"], "wrap")
        if not article["is_current"]:
            put(html.span, "replaced since by another revision", "badge superseded")
    facts({
        "collection": article["collection"],
        "language": language_name(article["language"]),
        "licence": article["license"],
        "revision": article["revision"],
        "retrieved": when(article["retrieved_at"]),
        "read": when(article["read_at"]),
        "read by run": lambda: link(article["run_id"][:8], run_address(article["run_id"]), "mono"),
        "file": article["source_file"],
        "Vital Articles level": article["level"],
        "topic": article["topic"],
        "seed": article["seed_id"],
        "content hash": article["content_hash"],
    }, "across wrap")  # fmt: skip
    if len(revisions) > 1:
        with section("Other revisions", "revisions"):
            table(
                ("revision", "read (UTC)", "current", "seed"),
                [
                    (row["revision"], when(row["read_at"]), "yes" if row["is_current"] else "no",
                     lambda row=row: link(row["seed_id"][:16], article_address(row["seed_id"]), "mono"))
                    for row in revisions[1:]
                ],
            )  # fmt: skip
    with section("Sections", "sections", f"{len(sections)}"):
        for row in sections:
            note = f"{row['words']:,} words, {row['candidates']:,} candidates"
            if row["refused_reason"]:
                note += f", not drawn from: {row['refused_reason']}"
            with folded(" > ".join(row["heading_path"]) or "(lead)", note):
                prose(row["text"], "", article["language"])
    with section("Everything that was made from it", "made"):
        show_list(search, found, article_address(article["seed_id"]))
