"""Rows that a check must find: by check, ways to plant one in a warehouse, and rows beside them that are right."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from synth_assets.warehouse import Transaction, columns

Plant = Callable[[Transaction], object]

WHEN = datetime(2026, 1, 2, tzinfo=UTC)
VALUES = {
    "varchar": "text", "json": {}, "integer": 1, "bigint": 1, "double": 0.5, "boolean": True, "blob": b"\x00",
    "timestamptz": WHEN, "varchar[]": ["text"], "float[]": [1.0, 0.0], "bigint[]": [1],
}  # fmt: skip

SOURCES = ["The lock was found in 1799, by a miller.", 'It bears "three" scripts, of which one is Greek.']


def plant(open_: Transaction, table: str, **values: Any) -> None:
    """One row: what may be null is, unless it is given."""
    row = {column.name: VALUES[column.type] for column in columns(table) if not column.nullable}
    open_.insert(table, [row | values])


def language_score(passed: bool, detail: str = "", reason: str = "") -> list[dict[str, Any]]:
    """The scores of a row, language last, as the scorers write them."""
    length = {"name": "length", "value": 1.0, "passed": True, "reason": "", "detail": "query: fr 0.99 over 90 words"}
    scored = {"name": "language", "value": float(passed), "passed": passed, "reason": reason, "detail": detail}
    return [length, scored]


def a_sample(passed: bool, detail: str, language: str = "en") -> Plant:
    def rows(open_: Transaction) -> None:
        plant(open_, "samples", candidate_id="a", synth_id="a", language=language)
        plant(open_, "quality_scores", candidate_id="a", scores=language_score(passed, detail, "wrong_language_answer"))

    return rows


def an_answer(*checks: dict[str, Any], **values: Any) -> Plant:
    return lambda open_: plant(open_, "answers", candidate_id="a", checks=list(checks), **values)


def check_of(name: str, passed: bool) -> dict[str, Any]:
    return {"name": name, "passed": passed, "detail": f'"{name}": false'}


def cited(answer: str, *, sections: dict[str, str] | None = None) -> Plant:
    """A row of rag with two sources, of a section `s` and its neighbour `n`."""

    def rows(open_: Transaction) -> None:
        own = {"s": SOURCES[0].replace(" by", "\n\nby"), "n": SOURCES[1].replace(" of", "\u2009of")}
        texts = own if sections is None else sections
        for section_id, text in texts.items():
            plant(open_, "sections", section_id=section_id, text=text)
        plant(open_, "candidates", candidate_id="a", exercise="rag", section_id="s", neighbour_ids=["n"])
        plant(open_, "queries", candidate_id="a", exercise="rag", payload={"sources": SOURCES})
        plant(open_, "answers", candidate_id="a", exercise="rag", answer=answer, checks=[])

    return rows


def decided(kept: int, duplicates: int) -> Plant:
    def rows(open_: Transaction) -> None:
        verdicts = ["kept"] * kept + ["duplicate"] * duplicates
        row = {column.name: VALUES[column.type] for column in columns("duplicates") if not column.nullable}
        open_.insert("duplicates", [
            row | {"candidate_id": str(number), "verdict": verdict, "exercise": "mcq", "language": "en"}
            for number, verdict in enumerate(verdicts)
        ])  # fmt: skip

    return rows


FAULTS: dict[str, list[Plant]] = {
    "checks/answers/verified_answers_passed": [
        an_answer(check_of("first_line_parses", True), check_of("result_equal", False)),
        an_answer(check_of("citation_verbatim", False), exercise="rag"),
    ],
    "checks/answers/citations_are_verbatim": [
        cited('Yes. <ref name="source_1">The lock was found in 1800</ref>'),
        cited('Yes. <ref name="source_2">The lock was found in 1799</ref>'),
        cited('Yes. <ref name="source_1">a miller</ref> <ref name="source_3">a miller</ref>'),
        cited('Yes. <ref name="source_0">a miller</ref>'),
        cited('Yes. <ref name="source_99999999999">a miller</ref>'),
        cited('Yes. <ref name="source_1"> «\n» </ref>'),
    ],
    "checks/answers/quotes_stand_in_the_corpus": [
        cited('Yes. <ref name="source_1">a miller</ref>', sections={"s": "Another text.", "n": SOURCES[1]}),
        cited('Yes. <ref name="source_1">a miller</ref>', sections={}),
    ],
    "checks/samples/language_is_right": [a_sample(False, "answer: fr 0.99 over 30 words")],
    "checks/samples/no_other_language_was_found": [
        a_sample(True, "query: en 1.00 over 20 words; answer: fr 0.93 over 30 words; draft: en 1.00 over 20 words"),
        a_sample(True, "query: en 0.99 over 12 words; answer: 3 words, too few to judge", language="la"),
    ],
    "checks/duplicates/few_are_duplicates": [decided(49, 51), decided(0, 100)],
}

# What looks like a fault of the same kind and is none.
RIGHT: dict[str, list[Plant]] = {
    "checks/answers/verified_answers_passed": [
        an_answer(check_of("result_equal", True)), an_answer(),
        an_answer(check_of("result_equal", False), refused_reason="result_equal"),
    ],
    "checks/answers/citations_are_verbatim": [
        cited('Found. <ref name="source_1">The lock was found\n in 1799,</ref> It says so. '
              '<ref name="source_2">“three" scripts, of</ref>'),
        cited("It names no source."),
    ],
    "checks/answers/quotes_stand_in_the_corpus": [
        cited('Found. <ref name="source_1">in 1799, by\u00a0a miller</ref> <ref name="source_2">scripts, of</ref>'),
        cited('A mark. <ref name="source_1">a \u2039 b</ref>'),
    ],
    "checks/samples/language_is_right": [a_sample(True, "answer: en 0.99 over 30 words")],
    "checks/samples/no_other_language_was_found": [
        a_sample(True, "query: fr 0.84 over 30 words; answer: nothing 0.00 over 30 words; draft: fr 1.00 over 9 words"),
        a_sample(True, "query: fr 0.99 over 11 words; answer: en 0.99 over 30 words"),
    ],
    "checks/duplicates/few_are_duplicates": [decided(50, 50), decided(0, 99)],
}  # fmt: skip
