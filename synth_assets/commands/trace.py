"""`synth-assets trace`: how the life of one sample, and what descends from an article or a run, look in a terminal."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

STEPS = (("queries", "query"), ("reasoning_drafts", "draft"), ("answers", "answer"))
# What a terminal shows of a list; the rest is counted there and stands in the JSON.
SHOWN = 20


def print_trace(console: Console, trace: dict[str, Any]) -> None:
    """The trace for people, from the sample down to the article."""
    candidate = trace["candidate"]
    sample = trace["sample"]
    state = _state(candidate)
    _panel(console, "sample" if sample else "candidate", {
        "synth_id": sample["synth_id"] if sample else None,
        "candidate": candidate["candidate_id"],
        "cell": f"{candidate['exercise']} | {candidate['language']}",
        "state": state,
        "round": f"{candidate['round']}, pass {candidate['pass']}, seed {candidate['seed']}",
        "recipe": f"{candidate['recipe_name']} {candidate['recipe_hash'][:12]}",
        "constraints": ", ".join(f"{axis}: {value}" for axis, value in candidate["constraints"].items()),
        "withdrawn": "; ".join(_as_withdrawn(order) for order in trace["withdrawals"]),
        "tried again": "; ".join(_as_reopened(each) for each in trace["reopened"]),
        "planned by run": candidate["run_id"],
        "replaces": _named(trace["replaces"]),
        "replaced by": ", ".join(_named(each) for each in trace["replaced_by"]),
        "released in": ", ".join(f"{each['version']} ({each['split']})" for each in trace["releases"]),
        "not looked for in": ", ".join(f"{each['version']} ({each['reason']})" for each in trace["releases_not_read"]),
        "cost": _cost(trace["cost"]),
        "versions": _versions(trace["versions"]),
    })  # fmt: skip
    calls = list(trace["calls"])
    for table, step in reversed(STEPS):
        row = trace[table]
        if row is None:
            continue
        _panel(console, step, {
            step: row[step],
            "refused": _refused(row),
            "model": row["model"],
            "attempts": row["attempts"],
            "templates": _templates(row["templates"]),
            "checks": ", ".join(f"{check['name']} {'ok' if check['passed'] else 'failed'}"
                                for check in row.get("checks") or []),
            "Dagster run": row["run_id"],
        })  # fmt: skip
        calls = _print_calls(console, calls, row["call_ids"])
    quality = trace["quality_scores"]
    if quality:
        _panel(console, "quality", {
            "verdict": "passed" if quality["passed"] else f"refused: {quality['reason']}",
            "composite": f"{quality['composite']:.3f}" + (
                f", at least {trace['standards']['composite_threshold']:g}" if trace["standards"] else ""),
            "scores": ", ".join(f"{score['name']} {score['value']:.2f}" + ("" if score["passed"] else
                                f" ({score['reason']})") for score in quality["scores"]),
            "Dagster run": quality["run_id"],
        })  # fmt: skip
    judgement = trace["judgements"]
    if judgement:
        points = judgement["points"] or {}
        _panel(console, "judgement", {
            "points": ", ".join(f"{line} {given}" for line, given in points.items()),
            "total": None if judgement["total"] is None else f"{judgement['total']} of 10",
            "not judged": _refused(judgement),
            "model": judgement["model"],
            "attempts": judgement["attempts"],
            "templates": _templates(judgement["templates"]),
            "Dagster run": judgement["run_id"],
        })  # fmt: skip
        calls = _print_calls(console, calls, judgement["call_ids"])
    contamination = trace["contamination"]
    if contamination:
        verdict, overlap = "passed", ""
        if not contamination["passed"]:
            verdict = f"contaminated: {contamination['item']} of {contamination['benchmark']}"
            overlap = f"{contamination['overlap']:.3f} by {contamination['method']}"
        _panel(console, "contamination", {
            "verdict": verdict,
            "overlap": overlap,
            "Dagster run": contamination["run_id"],
        })  # fmt: skip
    duplicates = trace["duplicates"]
    if duplicates:
        keeper = (
            "" if duplicates["verdict"] == "kept" else f" of {duplicates['keeper_id']} ({duplicates['similarity']:.3f})"
        )
        _panel(console, "duplicates", {
            "verdict": duplicates["verdict"] + keeper,
            "threshold": duplicates["threshold"],
            "its own duplicates": _listed([item["candidate_id"][:16] for item in trace["duplicates_of_it"]],
                                          trace["duplicates_of_it_in_all"]),
            "Dagster run": duplicates["run_id"],
        })  # fmt: skip
    for title, passage in [("section", trace["section"]), *(("neighbour", item) for item in trace["neighbours"])]:
        if passage is not None:
            _panel(console, title, {
                "article": passage["title"],
                "revision": f"{passage['revision']} ({'current' if passage['is_current'] else 'replaced since'})",
                "heading": " > ".join(passage["heading_path"]) or "(lead)",
                "url": passage["url"],
                "collection": f"{passage['collection']} {passage['language']}, {passage['license']}",
                "content hash": passage["article_hash"],
                "text": passage["text"],
                "read by run": passage["read_by_run"],
            })  # fmt: skip
    for call in calls:  # in no row: it failed for good, or nobody has made a row of it yet
        _print_call(console, call)
    if trace["siblings"]:
        title = f"other candidates of the section ({trace['siblings_in_all']})"
        _print_candidates(console, title, trace["siblings"], trace["siblings_in_all"])


def print_descent(console: Console, found: Mapping[str, Any]) -> None:
    """What descends from an article, a section or a run, for people: at most `SHOWN` lines a list."""
    counts = found["counts"]
    ((what, value),) = found["of"].items()
    _panel(console, what.replace("_", " "), {
        what: value,
        "revisions": counts["articles"],
        "sections": f"{counts['sections']}, {counts['sections_refused']} of them not drawn from",
        "candidates": counts["candidates"],
        "states": ", ".join(f"{state} {count}" for state, count in counts["states"].items()),
        "refused because": ", ".join(f"{reason} {count}" for reason, count in counts["refused"].items()),
        "cost": _cost(found["cost"]),
    })  # fmt: skip
    articles = Table(title="article revisions", title_justify="left")
    for name in ("title", "revision", "read", "seed", "url"):
        articles.add_column(name, overflow="fold")
    for row in found["articles"][:SHOWN]:
        articles.add_row(*(escape(str(value)) for value in (
            row["title"], f"{row['revision']} ({'current' if row['is_current'] else 'replaced since'})",
            f"{row['read_at']:%Y-%m-%d %H:%M}", row["seed_id"][:16], row["url"])))  # fmt: skip
    _print_table(console, articles, counts["articles"])
    sections = Table(title="sections", title_justify="left")
    for name in ("section", "heading", "words", "refused because"):
        sections.add_column(name, overflow="fold")
    for row in found["sections"][:SHOWN]:
        heading = " > ".join(row["heading_path"]) or "(lead)"
        sections.add_row(row["section_id"][:16], escape(heading), str(row["words"]), row["refused_reason"] or "")
    _print_table(console, sections, counts["sections"])
    _print_candidates(console, "candidates", found["candidates"], counts["candidates"])


def _print_candidates(console: Console, title: str, candidates: Sequence[Mapping[str, Any]], in_all: int) -> None:
    listed = candidates[:SHOWN]
    table = Table(title=title, title_justify="left")
    for name in ("candidate", "pass", "planned", "state", *(("by", "cost") if listed and "cost" in listed[0] else ())):
        table.add_column(name, overflow="fold")
    for each in listed:
        told = [_named(each), str(each["pass"]), f"{each['planned_at']:%Y-%m-%d %H:%M}", _state(each)]
        table.add_row(*map(escape, told + ([each["relation"], _price(each["cost"])] if "cost" in each else [])))
    _print_table(console, table, in_all, len(candidates))


def _print_table(console: Console, table: Table, in_all: int, in_json: int | None = None) -> None:
    """`in_json` is how many of them the JSON lists; None for all."""
    if in_all:
        console.print(table)
    if in_all > table.row_count:
        has = "them" if in_json in (None, in_all) else f"{in_json} of the {in_all}"
        console.print(f"and {in_all - table.row_count} more; --json has {has}")


def _state(candidate: Mapping[str, Any]) -> str:
    at = f" at {candidate['refused_at']}: {candidate['refused_reason']}" if candidate["state"] == "refused" else ""
    return candidate["state"] + at


def _refused(row: Mapping[str, Any]) -> str:
    return f"{row['refused_reason']}: {row['refused_detail']}" if row["refused_reason"] else ""


def _named(candidate: Mapping[str, Any] | None) -> str:
    return candidate["synth_id"] if candidate else ""


def _as_withdrawn(order: Mapping[str, Any]) -> str:
    by = f" (by {order['scope']} {order['value']})" if order["scope"] else ""
    return f"{order['reason']}, {order['withdrawn_at']:%Y-%m-%d %H:%M}{by}"


def _as_reopened(refusal: Mapping[str, Any]) -> str:
    detail = f": {refusal['refused_detail']}" if refusal["refused_detail"] else ""
    return (
        f"refused at {refusal['refused_at']} {refusal['refused_on']:%Y-%m-%d %H:%M} ({refusal['refused_reason']}"
        f"{detail}), taken back {refusal['reopened_at']:%Y-%m-%d %H:%M} by run {refusal['run_id']} ({refusal['why']})"
    )


def _price(cost: Mapping[str, Any]) -> str:
    return f"{cost['calls']} calls, {_usd(cost)}"


def _cost(cost: Mapping[str, Any]) -> str:
    return f"{cost['calls']} calls, {cost['prompt_tokens']} tokens read, {cost['completion_tokens']} made, {_usd(cost)}"


def _usd(cost: Mapping[str, Any]) -> str:
    known = [f"{cost['usd']:.6f} USD"] if cost["usd"] else []
    unknown = [f"{cost['unpriced']} without a known price"] if cost["unpriced"] else []
    return " and ".join(known + unknown) or "free"


def _versions(versions: Mapping[str, Any]) -> str:
    package = ", ".join(versions["released_by_package"])
    told = {
        "exercise": versions["exercise_version"], "scorers": versions["scorers"], "encoder": versions["encoder"],
        "released by synth-assets": package,
    }  # fmt: skip
    return "; ".join(f"{name} {value}" for name, value in told.items() if value)


def _templates(names: Iterable[str]) -> str:
    parts = (name.partition("@") for name in names)
    return ", ".join(f"{name}@{mark[:12]}" for name, _, mark in parts)


def _listed(names: list[str], in_all: int) -> str:
    more = in_all - len(names[:SHOWN])
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more else "")


def _print_calls(console: Console, calls: list[dict[str, Any]], call_ids: Sequence[str]) -> list[dict[str, Any]]:
    """Print the calls of these ids, each as often as it was made, and give the others."""
    for call_id in call_ids:
        for call in calls:
            if call["call_id"] == call_id:
                _print_call(console, call)
    return [call for call in calls if call["call_id"] not in call_ids]


def _print_call(console: Console, call: dict[str, Any]) -> None:
    request = call["request"]
    messages = "\n".join(f"[{message['role']}] {message['content']}" for message in request.get("messages", []))
    parameters = {name: value for name, value in request.items() if name not in ("messages", "model", "grammar")}
    _panel(console, f"call {call['call_id'][:16]}", {
        "model": f"{call['model']} at {call['address']}",
        "attempt": f"{call['attempt']}, sample {call['sample']}, {call['http_attempts']} HTTP",
        "parameters": json.dumps(parameters, ensure_ascii=False),
        "prompt": messages,
        "reply": call["reply"],
        "tokens": f"{call['prompt_tokens']} read, {call['completion_tokens']} made",
        "cost": _usd({"usd": call["cost_usd"], "unpriced": call["cost_usd"] is None}),
        "when": f"{call['started_at']} to {call['finished_at']}",
        "error": call["error"],
    }, style="dim")  # fmt: skip


def _panel(console: Console, title: str, values: dict[str, Any], style: str = "none") -> None:
    lines = [f"[bold]{name}[/bold]  {escape(str(value))}" for name, value in values.items() if value not in (None, "")]
    console.print(Panel("\n".join(lines), title=title, title_align="left", border_style=style))
