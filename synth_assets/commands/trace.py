"""`synth-assets trace`: one sample back through every step to the article revision it came from."""

import json
from collections.abc import Collection
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

from synth_assets.errors import UnknownSample
from synth_assets.warehouse import Warehouse

STEPS = (("queries", "query"), ("reasoning_drafts", "draft"), ("answers", "answer"))


def read_trace(warehouse: Warehouse, name: str) -> dict[str, Any]:
    """Everything that is known of one candidate, named by sample id, candidate id or the beginning of one.

    Raises:
        UnknownSample: nothing bears the name, or more than one candidate's id begins with it.
    """
    with warehouse.transaction("tracing a sample") as open_:
        found = open_.rows("audit/find_candidate", name=name)
        if len(found) != 1:
            problem = "names more than one candidate; give more of it" if found else "is not the id of any candidate"
            raise UnknownSample(f"{name!r} {problem}; ids stand in the samples table and in `synth-assets status`")
        candidate_id = found[0]["candidate_id"]

        def row(table: str) -> dict[str, Any] | None:
            rows = open_.rows(f"audit/trace_{table}", candidate_id=candidate_id)
            # the sample's constraints are the published text, the candidate's are the draw
            return _parsed(rows[0], text={"constraints"} if table == "samples" else set()) if rows else None

        candidate = row("candidate")
        sections = [candidate["section_id"], *candidate["neighbour_ids"]]
        passages = {item["section_id"]: item for item in open_.rows(
            "audit/trace_sections", section_ids=[section for section in sections if section])}  # fmt: skip
        return {
            "sample": row("samples"),
            "candidate": candidate,
            **{table: row(table) for table, _ in STEPS},
            "embeddings": row("embeddings"),
            "quality_scores": row("quality_scores"),
            "contamination": row("contamination"),
            "duplicates": row("duplicates"),
            "duplicates_of_it": open_.rows("audit/duplicates_of", candidate_id=candidate_id),
            "section": passages.get(candidate["section_id"]),
            "neighbours": [passages[section] for section in candidate["neighbour_ids"] if section in passages],
            "calls": [_parsed(call) for call in open_.rows("audit/trace_calls", candidate_id=candidate_id)],
        }


JSON_COLUMNS = {"constraints", "payload", "checks", "scores", "other_families", "request", "logprobs"}


def _parsed(row: dict[str, Any], text: Collection[str] = ()) -> dict[str, Any]:
    return {
        name: json.loads(value) if name in JSON_COLUMNS and name not in text and isinstance(value, str) else value
        for name, value in row.items()
    }


def print_trace(console: Console, trace: dict[str, Any]) -> None:
    """The trace for people, from the sample down to the article."""
    candidate = trace["candidate"]
    sample = trace["sample"]
    state = candidate["state"]
    if state == "refused":
        state += f" at {candidate['refused_at']}: {candidate['refused_reason']}"
    _panel(console, "sample" if sample else "candidate", {
        "synth_id": sample["synth_id"] if sample else None,
        "candidate": candidate["candidate_id"],
        "cell": f"{candidate['exercise']} | {candidate['language']}",
        "state": state,
        "round": f"{candidate['round']}, pass {candidate['pass']}, seed {candidate['seed']}",
        "recipe": f"{candidate['recipe_name']} {candidate['recipe_hash'][:12]}",
        "constraints": ", ".join(f"{axis}: {value}" for axis, value in candidate["constraints"].items()),
        "planned by run": candidate["run_id"],
        "replaces": candidate["replaces"],
    })  # fmt: skip
    calls = {call["call_id"]: call for call in trace["calls"]}
    for table, step in reversed(STEPS):
        row = trace[table]
        if row is None:
            continue
        _panel(console, step, {
            step: row[step],
            "refused": row["refused_reason"] and f"{row['refused_reason']}: {row['refused_detail']}",
            "model": row["model"],
            "attempts": row["attempts"],
            "templates": ", ".join(name.split("@")[0] + "@" + name.split("@")[1][:12] for name in row["templates"]),
            "checks": ", ".join(f"{check['name']} {'ok' if check['passed'] else 'failed'}"
                                for check in row.get("checks") or []),
            "Dagster run": row["run_id"],
        })  # fmt: skip
        for call_id in row["call_ids"]:
            if call_id in calls:
                _print_call(console, calls[call_id])
    quality = trace["quality_scores"]
    if quality:
        _panel(console, "quality", {
            "verdict": "passed" if quality["passed"] else f"refused: {quality['reason']}",
            "composite": f"{quality['composite']:.3f}",
            "scores": ", ".join(f"{score['name']} {score['value']:.2f}" + ("" if score["passed"] else
                                f" ({score['reason']})") for score in quality["scores"]),
            "Dagster run": quality["run_id"],
        })  # fmt: skip
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
            "its own duplicates": ", ".join(item["candidate_id"][:16] for item in trace["duplicates_of_it"]),
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


def _print_call(console: Console, call: dict[str, Any]) -> None:
    request = call["request"]
    messages = "\n".join(
        f"[{message['role']}] {message['content']}"
        for message in request.get("messages", [])
        if isinstance(request, dict)
    )
    parameters = {name: value for name, value in request.items() if name not in ("messages", "model", "grammar")}
    _panel(console, f"call {call['call_id'][:16]}", {
        "model": f"{call['model']} at {call['address']}",
        "attempt": f"{call['attempt']}, sample {call['sample']}, {call['http_attempts']} HTTP",
        "parameters": json.dumps(parameters, ensure_ascii=False),
        "prompt": messages,
        "reply": call["reply"],
        "tokens": f"{call['prompt_tokens']} read, {call['completion_tokens']} made",
        "cost": "free" if not call["cost_usd"] else f"{call['cost_usd']:.6f} USD",
        "when": f"{call['started_at']} to {call['finished_at']}",
        "error": call["error"],
    }, style="dim")  # fmt: skip


def _panel(console: Console, title: str, values: dict[str, Any], style: str = "none") -> None:
    lines = [f"[bold]{name}[/bold]  {escape(str(value))}" for name, value in values.items() if value not in (None, "")]
    console.print(Panel("\n".join(lines), title=title, title_align="left", border_style=style))
