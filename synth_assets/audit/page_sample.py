"""The audit's page of one sample: its whole life, from what was published down to every call and the article."""

from collections.abc import Mapping
from typing import Any

from nicegui import html

from synth_assets.audit.grounded_sentences import GroundedAnswer, mark_sentences
from synth_assets.audit.page_calls import seconds_of, show_steps
from synth_assets.audit.page_parts import (
    article_address,
    badge,
    dagster_run,
    facts,
    folded,
    language_name,
    link,
    money,
    outside_link,
    prose,
    put,
    run_address,
    sample_address,
    section,
    table,
    when,
)
from synth_assets.audit.page_search import show_hit
from synth_assets.quality import grounding
from synth_assets.quality.base import ScoredRow
from synth_assets.quality.verdict import SCORERS

NO_SCORER: Mapping[str, float] = {}
DEFAULTS = "default thresholds, its own were not noted"
_RUN_CLASS = {"found": "has", "missing": "lacks", "": ""}


def scored_row_of(life: Mapping[str, Any]) -> ScoredRow:
    """The row as the scorers that read texts alone saw it."""
    candidate, passage = life["candidate"], life["section"]
    return ScoredRow(
        exercise=candidate["exercise"],
        language=candidate["language"],
        query=(life["queries"] or {}).get("query") or "",
        draft=(life["reasoning_drafts"] or {}).get("draft") or "",
        answer=(life["answers"] or {}).get("answer") or "",
        constraints=candidate["constraints"],
        section_language=passage["language"] if passage else "",
        section_title=passage["title"] if passage else "",
        section_text=passage["text"] if passage else "",
        neighbour_texts=tuple(neighbour["text"] for neighbour in life["neighbours"]),
    )


def show_sample(life: Mapping[str, Any], others: Mapping[str, list[dict[str, Any]]], dagster: str) -> None:
    """The whole page.

    Args:
        life: what `read_life` gives.
        others: rows of sql/audit/search_rows.sql: "keeper", "copies", "siblings", "replaces", "replaced_by".
        dagster: address of Dagster's web server, without a slash at its end.
    """
    row = scored_row_of(life)
    thresholds = (life["standards"] or {}).get("thresholds", {}).get("grounding", grounding.THRESHOLDS)
    grounded = mark_sentences(row, thresholds) if row.answer else None
    _show_head(life, dagster)
    parts = [("answer", "Answer and seed"), ("trace", "Reasoning trace"), ("verdicts", "Verdicts"),
             ("duplicates", "Duplicates"), ("steps", "Steps and calls"), ("siblings", "Siblings"),
             ("versions", "Versions")]  # fmt: skip
    with put(html.nav, classes="contents", aria_label="On this page"):
        for anchor, title in parts:
            link(title, f"#{anchor}")
    _show_answer(life, row, grounded)
    _show_trace(life)
    _show_verdicts(life, grounded)
    _show_duplicates(life, others)
    with section("Steps and calls", "steps", _calls_note(life)):
        show_steps(life, dagster)
    _show_siblings(life, others)
    _show_versions(life, dagster)


def _name(life: Mapping[str, Any]) -> str:
    candidate = life["candidate"]
    return f"{candidate['exercise']}_{candidate['language']}_{candidate['candidate_id'][:16]}"


def _show_head(life: Mapping[str, Any], dagster: str) -> None:
    candidate, passage = life["candidate"], life["section"]
    put(html.h1, _name(life), "page-title mono")
    reason = candidate["refused_reason"] if candidate["state"] == "refused" else None
    with put(html.div, classes="sample-head"):
        badge(candidate["state"], reason)
        if reason:
            put(html.span, f"at {candidate['refused_at']}", "note")
        for withdrawal in life["withdrawals"]:
            put(html.span, f"withdrawn: {withdrawal['reason']}", "strong")
        link("Everything about it as JSON", f"{sample_address(candidate['candidate_id'])}/json", "button", download="")
        outside_link("Its run in Dagster", dagster_run(dagster, _accepting_run(life)), "button")
    why = _why(life)
    if why:
        put(html.p, why, "refused-detail")
    for refusal in life["reopened"]:
        put(html.p, _as_reopened(refusal), "note")
    cost = life["cost"]
    tokens = cost["prompt_tokens"] + cost["completion_tokens"]
    facts({
        "exercise": f"{candidate['exercise']}, version {candidate['exercise_version']}",
        "language": language_name(candidate["language"]),
        "article": (lambda: link(passage["title"], article_address(passage["seed_id"]))) if passage else None,
        "licence": passage["license"] if passage else None,
        "score": f"{life['quality_scores']['composite']:.3f}" if life["quality_scores"] else None,
        "made by": "a program" if candidate["by_program"] else _models(life),
        "calls": f"{cost['calls']}, {tokens:,} tokens, {seconds_of(life['calls']):.1f} s" if life["calls"] else None,
        "cost": money(cost["usd"], unpriced=cost["unpriced"]) if life["calls"] else None,
        "releases": ", ".join(release["version"] for release in life["releases"]),
        "planned": when(candidate["planned_at"]),
    }, "across")  # fmt: skip


def _as_reopened(refusal: Mapping[str, Any]) -> str:
    cause = "what caused it may pass" if refusal["why"] == "transient" else "a person asked for it"
    return (
        f"Refused before at {refusal['refused_at']} on {when(refusal['refused_on'])} ({refusal['refused_reason']}), "
        f"and tried again since {when(refusal['reopened_at'])}, because {cause}."
    )


def _why(life: Mapping[str, Any]) -> str:
    """The values that explain why it ended where it did."""
    state, place = life["candidate"]["state"], life["candidate"]["refused_at"]
    if state == "duplicate":
        verdict = life["duplicates"]
        return (
            f"{verdict['similarity']:.3f} like another by {verdict['method']}; {verdict['threshold']:g} is a duplicate"
        )
    if state != "refused":
        return ""
    if place == "quality_scores":
        quality = life["quality_scores"]
        failed = [f"{score['name']} {score['value']:.3f}: {score['detail']}"
                  for score in quality["scores"] if score["reason"] == quality["reason"]]  # fmt: skip
        return "\n".join(failed) or f"composite {quality['composite']:.3f}"
    if place == "contamination":
        found = life["contamination"]
        return f"{found['overlap']:.3f} of {found['item']} of {found['benchmark']} by {found['method']}"
    return life[place]["refused_detail"] or ""


def _accepting_run(life: Mapping[str, Any]) -> str:
    """The last run that had a part in it."""
    for name in ("sample", "duplicates", "contamination", "quality_scores", "answers", "reasoning_drafts", "queries"):
        if life[name]:
            return life[name]["run_id"]
    return life["candidate"]["run_id"]


def _models(life: Mapping[str, Any]) -> str:
    steps = [life[name] for name in ("queries", "reasoning_drafts", "answers") if life[name]]
    return ", ".join(dict.fromkeys(step["model"] for step in steps))


def _show_answer(life: Mapping[str, Any], row: ScoredRow, grounded: GroundedAnswer | None) -> None:
    step, passage = life["answers"], life["section"]
    with section("Answer and seed", "answer"):
        with put(html.div, classes="query-box"):
            put(html.h3, "Query")
            prose(row.query or "(no query was made)", "query", row.language)
        with put(html.div, classes="beside" if passage else ""):
            with put(html.div, classes="side", id="the-answer"):
                put(html.h3, "Answer")
                if not row.answer:
                    prose("(no answer was made)", "absent")
                elif grounded is None:
                    prose(row.answer, "", row.language)
                else:
                    _show_marked_answer(grounded, row.language)
            if passage:
                with put(html.div, classes="side", id="the-seed"):
                    put(html.h3, "Seed")
                    _show_passage(passage, grounded.passages[0] if grounded else None)
        if grounded:
            _show_legend(grounded)
            if step["answer"] != "".join(run.text for sentence in grounded.answer for run in sentence.runs):
                with folded("The answer as it was written", "above it stands as the scorer reads it, without markup"):
                    prose(step["answer"], "", row.language)
        if life["neighbours"]:
            put(html.h3, "Neighbours", "spaced")
        for number, neighbour in enumerate(life["neighbours"], start=1):
            marked = grounded.passages[number] if grounded else None
            finds = sum(bool(sentence.found_by) for sentence in marked or ())
            heading = " > ".join([neighbour["title"], *neighbour["heading_path"]])
            with folded(heading, f"{finds} of its sentences found" if finds else "", open_=bool(finds)):
                _show_passage(neighbour, marked)
        if life["candidate"]["constraints"]:
            put(html.h3, "Constraints that were drawn", "spaced")
            facts(life["candidate"]["constraints"], "across")


def _show_marked_answer(grounded: GroundedAnswer, language: str) -> None:
    with put(html.div, classes="prose marked", lang=language):
        for number, sentence in enumerate(grounded.answer, start=1):
            tells = {
                "grounded": f"{sentence.found} of {sentence.own} own words are in the passages",
                "weak": f"only {sentence.found} of {sentence.own} own words are in the passages",
                "declines": "it declines: its words are not asked for",
                "own_words_none": "it has no words of its own",
            }[sentence.verdict]
            with put(html.span, classes=f"sentence {sentence.verdict}", id=f"a{number}", title=tells,
                     data_finds=" ".join(f"p{place}" for place in sentence.places)):  # fmt: skip
                for run in sentence.runs:
                    put(html.span, run.text, _RUN_CLASS[run.kind])
                for place in sentence.places:
                    link(place, f"#p{place}", "place", aria_label=f"sentence {place} of the passages")


def _show_passage(passage: Mapping[str, Any], marked: tuple[Any, ...] | None) -> None:
    with put(html.div, classes="passage-head"):
        link(" > ".join([passage["title"], *passage["heading_path"]]), article_address(passage["seed_id"]))
        outside_link("source", passage["url"], "quiet")
        put(html.span, f"{passage['license']}, {passage['language']}", "note")
        if not passage["is_current"]:
            put(html.span, "replaced since by another revision", "note")
    if marked is None:
        prose(passage["text"], "", passage["language"])
        return
    with put(html.div, classes="prose marked", lang=passage["language"]):
        for sentence in marked:
            with put(html.span, classes="sentence seed-found" if sentence.found_by else "sentence",
                     id=f"p{sentence.number}", data_finds=" ".join(f"a{by}" for by in sentence.found_by)):  # fmt: skip
                if sentence.found_by:
                    put(html.span, sentence.number, "place", aria_hidden="true")
                put(html.span, sentence.text)


def _show_legend(grounded: GroundedAnswer) -> None:
    score = grounded.score
    with put(html.div, classes="legend"):
        put(html.span, "grounded", "key grounded")
        put(html.span, "weak", "key weak")
        put(html.span, "declines", "key declines")
        put(html.span, "names found" if grounded.translated else "words found", "key has")
        put(html.span, "not found", "key lacks")
        verdict = "passes" if score.passed else f"refuses, {score.reason}"
        put(html.span, f"grounding: {score.value:.3f}, {verdict}; {score.detail}", "note")


def _show_trace(life: Mapping[str, Any]) -> None:
    draft = (life["reasoning_drafts"] or {}).get("draft")
    with section("Reasoning trace", "trace"):
        prose(draft or "(none)", "trace" if draft else "absent")


def _show_verdicts(life: Mapping[str, Any], grounded: GroundedAnswer | None) -> None:
    quality = life["quality_scores"]
    with section("Verdicts", "verdicts"):
        checks = (life["answers"] or {}).get("checks") or []
        if checks:
            put(html.h3, "What code verified")
            table(
                ("check", "verdict", "detail"),
                [(check["name"], _verdict(check["passed"]), check.get("detail", "")) for check in checks],
            )
        if quality is None:
            put(html.p, "Its quality was not scored.", "absent")
        else:
            put(html.h3, "Quality", "spaced")
            verdict = "passed" if quality["passed"] else f"refused: {quality['reason']}"
            standards = life["standards"]
            least = f" (at least {standards['composite_threshold']:g})" if standards else ""
            put(html.p, f"{verdict}, composite {quality['composite']:.3f}{least}", "strong")
            table(("score", "value", "verdict", "detail", "weight", "thresholds" if standards else DEFAULTS),
                  [_score_cells(score, standards) for score in quality["scores"]], "scores")  # fmt: skip
            recorded = next((score for score in quality["scores"] if score["name"] == "grounding"), None)
            if grounded and recorded and abs(recorded["value"] - grounded.score.value) > 1e-6:
                put(html.p, "The recorded grounding differs from the one that is marked above: it was scored by other "
                            "thresholds, another version, or other passages.", "note")  # fmt: skip
        judgement = life["judgements"]
        if judgement:
            put(html.h3, "Judgement of a model", "spaced")
            points = judgement["points"]
            facts({"total": None if judgement["total"] is None else f"{judgement['total']} of 10", **(points or {}),
                   "no points because": judgement["refused_reason"], "detail": judgement["refused_detail"],
                   "model": judgement["model"]}, "across")  # fmt: skip
        contamination = life["contamination"]
        if contamination:
            put(html.h3, "Contamination", "spaced")
            facts({
                "verdict": "holds no item of a benchmark" if contamination["passed"] else contamination["reason"],
                "item": contamination["item"] and f"{contamination['item']} of {contamination['benchmark']}",
                "overlap": contamination["overlap"] and f"{contamination['overlap']:.3f} by {contamination['method']}",
                "judged": when(contamination["judged_at"]),
            }, "across")  # fmt: skip


def _score_cells(score: Mapping[str, Any], standards: Mapping[str, Any] | None) -> tuple[Any, ...]:
    name = score["name"]
    defaults = SCORERS[name].THRESHOLDS if name in SCORERS else NO_SCORER
    thresholds = standards["thresholds"].get(name, NO_SCORER) if standards else defaults
    weight = standards["weights"].get(name) if standards else None
    shown = ", ".join(f"{name} {value:g}" for name, value in thresholds.items() if isinstance(value, int | float))
    return (
        score["name"],
        lambda: _bar(score["value"]),
        _verdict(score["passed"], score["reason"]),
        score["detail"],
        "" if weight is None else f"{weight:g}",
        lambda: put(html.span, shown, "note"),
    )


def _bar(value: float) -> None:
    with put(html.div, classes="bar-cell"):
        # the figure stands beside it: the bar is for the eye alone
        with put(html.span, classes="bar", aria_hidden="true"):
            put(html.span).style(f"width: {max(0.0, min(1.0, value)):.0%}")
        put(html.span, f"{value:.3f}", "number")


def _verdict(passed: bool, reason: str = "") -> Any:
    return lambda: put(html.span, "passed" if passed else reason or "failed", "ok" if passed else "failed")


def _show_duplicates(life: Mapping[str, Any], others: Mapping[str, list[dict[str, Any]]]) -> None:
    verdict, candidate = life["duplicates"], life["candidate"]
    with section("Duplicates", "duplicates"):
        if verdict is None:
            put(html.p, "It was not compared: only candidates that passed quality are.", "absent")
        else:
            said = "kept: no other says the same"
            if verdict["verdict"] != "kept":
                said = f"duplicate, {verdict['similarity']:.3f} by {verdict['method']}, of the one that is kept:"
            put(html.p, f"{said} (threshold {verdict['threshold']:g}, family {verdict['family']})")
        _show_rows([row for row in others["keeper"] if row["candidate_id"] != candidate["candidate_id"]])
        if life["duplicates_of_it"]:
            count = life["duplicates_of_it_in_all"]
            put(html.h3, f"{count} {'copy' if count == 1 else 'copies'} refused in its favour", "spaced")
            likeness = {item["candidate_id"]: f"{item['similarity']:.3f} by {item['method']}"
                        for item in life["duplicates_of_it"]}  # fmt: skip
            _show_rows(others["copies"], likeness)


def _show_siblings(life: Mapping[str, Any], others: Mapping[str, list[dict[str, Any]]]) -> None:
    siblings = others["siblings"]
    refused = sum(row["state"] == "refused" for row in siblings)
    note = f"{len(siblings)}, {refused} of them refused" if siblings else ""
    if life["siblings_in_all"] > len(siblings):
        note += f"; {life['siblings_in_all']:,} in all"
    with section("Siblings: what else was made from this section", "siblings", note):
        if not siblings:
            put(html.p, "Nothing else was made from it." if life["section"] else "It draws on no section.", "absent")
        _show_rows(siblings)
        for name, title in (
            ("replaces", "What it was planned to replace"),
            ("replaced_by", "What was planned in its place"),
        ):
            if others[name]:
                put(html.h3, title, "spaced")
                _show_rows(others[name])


def _show_rows(rows: list[dict[str, Any]], notes: Mapping[str, str] | None = None) -> None:
    if rows:
        with put(html.ul, classes="hits"):
            for row in rows:
                show_hit(row, note=(notes or {}).get(row["candidate_id"], ""))


def _calls_note(life: Mapping[str, Any]) -> str:
    cost = life["cost"]
    if not cost["calls"]:
        return "no call was made"
    price = money(cost["usd"], unpriced=cost["unpriced"])
    return ", ".join([f"{cost['calls']} calls", f"{cost['failed']} failed", price])


def _show_versions(life: Mapping[str, Any], dagster: str) -> None:
    candidate, quality = life["candidate"], life["quality_scores"]
    with section("Versions and runs", "versions"):
        facts({
            "candidate": candidate["candidate_id"],
            "exercise version": candidate["exercise_version"],
            "recipe": f"{candidate['recipe_name']} {candidate['recipe_hash']}",
            "round and pass": f"round {candidate['round']}, pass {candidate['pass']}, seed {candidate['seed']}",
            "source": candidate["source"],
            "scorers": quality["scorer_version"] if quality else None,
            "weights": quality["weighed_by"] if quality else None,
            "encoder": life["embeddings"]["encoder"] if life["embeddings"] else None,
            "article revision": life["section"]["article_hash"] if life["section"] else None,
            "releases": "\n".join(
                f"{release['version']}, {release['split']}, {when(release['released_at'])}, package "
                f"{release['package_version']}" for release in life["releases"]
            ),
            "releases not looked through": ", ".join(f"{each['version']} ({each['reason']})"
                                                     for each in life["releases_not_read"]),
        })  # fmt: skip
        stages = (("planned", life["candidate"], "planned_at"), ("query", life["queries"], "made_at"),
                  ("reasoning draft", life["reasoning_drafts"], "made_at"), ("answer", life["answers"], "made_at"),
                  ("judgement", life["judgements"], "made_at"), ("embedding", life["embeddings"], "made_at"),
                  ("quality", quality, "made_at"), ("contamination", life["contamination"], "judged_at"),
                  ("duplicates", life["duplicates"], "decided_at"), ("sample", life["sample"], "sampled_at"),
                  )  # fmt: skip
        rows = []
        for step, made, at in stages:
            if made:
                run_id = made["run_id"]
                rows.append((
                    step, when(made[at]), lambda run_id=run_id: link(run_id, run_address(run_id), "mono"),
                    lambda run_id=run_id: outside_link("in Dagster", dagster_run(dagster, run_id)),
                ))  # fmt: skip
        table(("step", "when (UTC)", "run", ""), rows)
