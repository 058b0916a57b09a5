"""The text formats of a release, one JSON object a line in `<format>/<split>.jsonl`, made by Polars expressions.

    jsonl      SYNTH's 14 columns
    chat       messages as a ChatML template takes them; the assistant's turn is `<think>`, trace, `</think>`, answer
    alpaca     instruction, input, output; no trace
    sharegpt   conversations of {from, value}; the same turns as chat
    preference prompt, chosen, rejected; only rows whose payload is a pair

A row whose texts bear the marks that a format is taken apart by is left out of that format, counted by its reason: a
trace with `</think>` in it would end early, and the rest of it would be learned as an answer. So is a row that has
nothing to say in a format. All rows stand in the Parquet files.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from synth_assets.release.parquet import SYNTH_COLUMNS

_MARKS = r"(?i)</?think>|<\|(?:im_start|im_end|endoftext)\|>"
_SOURCES = "<source_1>"


class Formatted(NamedTuple):
    """Rows as one format gives them, and how many rows were left out by which reason."""

    rows: pl.DataFrame
    left_out: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One text format.

    Attributes:
        columns: column -> expression over rows of `EXTENDED_SCHEMA`.
        reasons: reason -> expression that is true of rows which are left out for it; the first that is true counts.
        silent: a reason that is no loss and is not counted: rows that are of another kind.
    """

    columns: Mapping[str, pl.Expr]
    reasons: Mapping[str, pl.Expr]
    silent: str = ""

    def rows_of(self, rows: pl.DataFrame) -> Formatted:
        """The rows in this format, in their order."""
        reason = pl.lit(None, dtype=pl.String)
        for name, applies in reversed(list(self.reasons.items())):
            reason = pl.when(applies.fill_null(True)).then(pl.lit(name)).otherwise(reason)
        marked = rows.with_columns(reason.alias("left_out"))
        gone = marked.get_column("left_out").drop_nulls().value_counts().rows()
        kept = marked.filter(pl.col("left_out").is_null()) if gone else rows
        shaped = kept.select(expression.alias(name) for name, expression in self.columns.items())
        return Formatted(rows=shaped, left_out={name: count for name, count in gone if name != self.silent})


def _said(path: str) -> pl.Expr:
    """A text of the payload, null where it is not there."""
    return pl.col("payload").str.json_path_match(path)


_has_sources = pl.col("constraints").fill_null("").str.starts_with(_SOURCES)
_asked = pl.when(_has_sources).then(pl.concat_str("query", "constraints", separator="\n\n")).otherwise(pl.col("query"))
_trace = pl.col("synthetic_reasoning").fill_null("")
# SYNTH's training format: without a trace the thinking is closed at once
_replied = pl.concat_str(
    pl.lit("<think>\n"),
    pl.when(_trace != "").then(pl.concat_str(_trace, pl.lit("\n"))).otherwise(pl.lit("")),
    pl.lit("</think>\n"),
    pl.col("synthetic_answer"),
)
_marked = pl.any_horizontal(
    pl.col(name).fill_null("").str.contains(_MARKS) for name in ("query", "synthetic_reasoning", "synthetic_answer")
) | (_has_sources & pl.col("constraints").fill_null("").str.contains(_MARKS))
_unanswered = pl.col("synthetic_answer").fill_null("") == ""
_instruction = pl.coalesce(_said("$.instruction"), pl.col("query"))
_input = (
    pl.when(_said("$.instruction").is_not_null())
    .then(_said("$.input"))
    .when(_has_sources)
    .then(pl.col("constraints"))
    .otherwise(pl.lit(""))
    .fill_null("")
)


def _turn(who: str, what: str, speaker: str, text: pl.Expr) -> pl.Expr:
    return pl.struct(pl.lit(speaker).alias(who), text.alias(what))


FORMATS: Mapping[str, Format] = {
    "jsonl": Format(columns={name: pl.col(name) for name in SYNTH_COLUMNS}, reasons={}),
    "chat": Format(
        columns={
            "synth_id": pl.col("synth_id"),
            "messages": pl.concat_list(
                _turn("role", "content", "user", _asked), _turn("role", "content", "assistant", _replied)
            ),
        },
        reasons={"answer_empty": _unanswered, "marks_of_chat_in_text": _marked},
    ),
    "alpaca": Format(
        columns={
            "synth_id": pl.col("synth_id"),
            "instruction": _instruction,
            "input": _input,
            "output": pl.col("synthetic_answer"),
        },
        reasons={"answer_empty": _unanswered},
    ),
    "sharegpt": Format(
        columns={
            "synth_id": pl.col("synth_id"),
            "conversations": pl.concat_list(
                _turn("from", "value", "human", _asked), _turn("from", "value", "gpt", _replied)
            ),
        },
        reasons={"answer_empty": _unanswered, "marks_of_chat_in_text": _marked},
    ),
    "preference": Format(
        columns={name: _said(f"$.{name}") for name in ("prompt", "chosen", "rejected")},
        reasons={
            "no_pair": _said("$.chosen").is_null() | _said("$.rejected").is_null() | _said("$.prompt").is_null(),
            "pair_of_equals": _said("$.chosen") == _said("$.rejected"),
        },
        silent="no_pair",
    ),
}
