"""What calls come to: tokens, dollars, and the seconds in which runs asked; and whose calls a segment holds."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

# As much of a candidate's id as the name of a sample holds.
KEY_LETTERS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Sums over calls. `usd` counts known costs only; `unpriced` is how many calls have none."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    usd: float = 0.0
    unpriced: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            calls=self.calls + other.calls,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            usd=self.usd + other.usd,
            unpriced=self.unpriced + other.unpriced,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What calls took: how many got their final outcome, their tokens and dollars, and the seconds in which runs asked
    (each run from its first call to its last, added up)."""

    calls: int = 0
    tokens: int = 0
    usd: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What all recorded calls come to, answered and failed apart."""

    answered: Tally = Tally()
    failed: Tally = Tally()


SUMMED = ("calls", "prompt_tokens", "completion_tokens", "usd", "unpriced")
SUM_SCHEMA = pl.Schema(
    {"recipe": pl.String(), "launch": pl.String(), "run_id": pl.String(), "day": pl.String(), "answered": pl.Boolean(),
     "calls": pl.Int64(), "prompt_tokens": pl.Int64(), "completion_tokens": pl.Int64(), "usd": pl.Float64(),
     "unpriced": pl.Int64(), "first": pl.String(), "last": pl.String()}
)  # fmt: skip
SUM_COLUMNS = [
    "recipe", "launch", "run_id", "error", "prompt_tokens", "completion_tokens", "cost_usd",
    "started_at", "finished_at",
]  # fmt: skip
COST_COLUMNS = ["call_id", "candidate_id", "prompt_tokens", "completion_tokens", "cost_usd", "finished_at"]


def sum_up(frame: pl.DataFrame) -> pl.DataFrame:
    """What calls (a frame with `SUM_COLUMNS`) come to, by recipe, launch, run, day and whether they were answered."""
    return (
        frame.group_by(
            "recipe", "launch", "run_id", pl.col("finished_at").str.head(10).alias("day"),
            pl.col("error").is_null().alias("answered"), maintain_order=True,
        )
        .agg(
            pl.len().cast(pl.Int64).alias("calls"),
            pl.col("prompt_tokens").sum(),
            pl.col("completion_tokens").sum(),
            pl.col("cost_usd").sum().alias("usd"),
            pl.col("cost_usd").null_count().cast(pl.Int64).alias("unpriced"),
            pl.col("started_at").min().alias("first"),
            pl.col("finished_at").max().alias("last"),
        )
        .cast(dict(SUM_SCHEMA))
    )  # fmt: skip


def totals_of(sums: pl.DataFrame) -> Totals:
    """What sums (a frame of `SUM_SCHEMA`) come to in all."""
    tallies = {True: Tally(), False: Tally()}
    for row in sums.group_by("answered").agg(pl.col(*SUMMED).sum()).iter_rows(named=True):
        tallies[row.pop("answered")] += Tally(**row)
    return Totals(answered=tallies[True], failed=tallies[False])


def spent_of(sums: pl.DataFrame, *, recipe: str, launch: str, day: str) -> Spent:
    """What sums (a frame of `SUM_SCHEMA`) say of a recipe, of one launch or day where these are given."""
    sums = sums.filter((pl.col("recipe") == recipe) | pl.col("recipe").is_null())
    if launch:
        sums = sums.filter(pl.col("launch") == launch)
    if day:
        sums = sums.filter(pl.col("day") == day)
    runs = sums.group_by("run_id", "day").agg(pl.col("first").min(), pl.col("last").max())
    seconds = pl.col("last").str.to_datetime(time_zone="UTC") - pl.col("first").str.to_datetime(time_zone="UTC")
    spans = runs.select(seconds.dt.total_milliseconds().sum() / 1000).item() if runs.height else 0.0
    return Spent(
        calls=int(sums["calls"].sum()),
        tokens=int(sums["prompt_tokens"].sum() + sums["completion_tokens"].sum()),
        usd=float(sums["usd"].sum()),
        seconds=float(spans or 0.0),
    )


def costs_in(frame: pl.DataFrame) -> dict[str, Tally]:
    """Candidate id -> what its calls (a frame with `COST_COLUMNS`) came to; a call that stands twice counts once."""
    calls = frame.unique(["call_id", "finished_at"], maintain_order=True)
    sums = calls.group_by("candidate_id", maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("calls"),
        pl.col("prompt_tokens").sum(),
        pl.col("completion_tokens").sum(),
        pl.col("cost_usd").sum().alias("usd"),
        pl.col("cost_usd").null_count().cast(pl.Int64).alias("unpriced"),
    )
    return {row.pop("candidate_id"): Tally(**row) for row in sums.iter_rows(named=True)}


def keys_of(candidate_ids: Iterable[str]) -> Any:
    """64 bits of a hash of each id's beginning, sorted: an array of numbers."""
    import numpy as np

    beginnings = (each[:KEY_LETTERS].encode() for each in candidate_ids)
    hashes = b"".join(hashlib.blake2b(each, digest_size=8).digest() for each in beginnings)
    return np.sort(np.frombuffer(hashes, dtype="<u8"))


def holds_any(keys: Any, wanted: Any) -> bool:
    """Whether one of the wanted keys is among these; both are sorted arrays of `keys_of`."""
    import numpy as np

    places = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    return bool(len(keys)) and bool((keys[places] == wanted).any())
