"""Which split a row stands in: decided by its seed article alone, so that no article stands in two.

SYNTH's rows are joined into one component by `additional_seed_url`, so that column cannot decide (97% of the rows would
be one split); the article a row was asked about does. Rows of a program have none: there the key is the hash of
template and values.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from synth_assets.errors import ReleaseError

SPLITS = ("train", "validation", "test")
DEFAULT_SHARES: Mapping[str, float] = {"train": 0.98, "validation": 0.01, "test": 0.01}
_SPACE = 2**64


@dataclass(frozen=True, slots=True, kw_only=True)
class Splits:
    """Shares of the keys' hash space, and the keys that stand elsewhere because a split would have been empty."""

    shares: Mapping[str, float]
    moved: Mapping[str, str]

    def of(self, key: str) -> str:
        """The split of a key."""
        return self.moved.get(key) or self._by_hash(_place(key))

    def assign(self, keys: pl.Series) -> pl.Series:
        """The split of every key of a column."""
        unique = keys.unique()
        return keys.replace_strict(unique, pl.Series([self.of(key) for key in unique], dtype=pl.String))

    def _by_hash(self, place: float) -> str:
        edge = 0.0
        for split in SPLITS:
            edge += self.shares[split]
            if place < edge:
                return split
        return next(split for split in reversed(SPLITS) if self.shares[split] > 0)  # sums of shares round


def decide_splits(blocks: Iterable[pl.DataFrame], shares: Mapping[str, float] = DEFAULT_SHARES) -> Splits:
    """Splits of these keys by their hash, with an article in each split that has a share, where there are enough.

    A split that hashing leaves without articles takes them from the end of the hash space of the split that has most,
    and the same goes for the keys of programs. So a key stays where it is from release to release, except for those few
    of very small releases.

    Args:
        blocks: columns `split_key` and `seed_id`; rows without a seed are those of programs.

    Raises:
        ReleaseError: shares that are no shares, or a row without a key.
    """
    if set(shares) != set(SPLITS) or min(shares.values()) < 0 or abs(sum(shares.values()) - 1) > 1e-9:
        raise ReleaseError(f"shares of {', '.join(SPLITS)} must be 0 or more and add up to 1, not {dict(shares)}")
    plain = Splits(shares=dict(shares), moved={})
    wanted = [split for split in SPLITS if shares[split] > 0]
    articles = _LastKeys(plain, wanted)
    programs = _LastKeys(plain, wanted)
    for block in blocks:
        if block.get_column("split_key").null_count():
            raise ReleaseError("a row of the release has no split_key")
        articles.add(block.filter(pl.col("seed_id").is_not_null()).get_column("split_key"))
        programs.add(block.filter(pl.col("seed_id").is_null()).get_column("split_key"))
    return Splits(shares=dict(shares), moved={**programs.moved(), **articles.moved()})


class _LastKeys:
    """The last keys of each split in hash space: enough to lend one to every other, whatever order they come in."""

    def __init__(self, splits: Splits, wanted: list[str]) -> None:
        self._splits = splits
        self._wanted = wanted
        self._keys: dict[str, set[str]] = {split: set() for split in SPLITS}

    def add(self, keys: pl.Series) -> None:
        if all(self._keys[split] for split in self._wanted):
            return  # nothing will have to move
        for key in keys.unique():
            self._keys[self._splits.of(key)].add(key)
        for split, found in self._keys.items():
            self._keys[split] = set(sorted(found, key=_place)[-2 * len(SPLITS) :])

    def moved(self) -> dict[str, str]:
        keys = {split: set(found) for split, found in self._keys.items()}
        moved: dict[str, str] = {}
        for split in reversed(self._wanted):
            giver = max(self._wanted, key=lambda each: len(keys[each]))
            if keys[split] or len(keys[giver]) < 2:
                continue
            key = max(keys[giver], key=_place)
            keys[giver].remove(key)
            keys[split].add(key)
            moved[key] = split
        return moved


def _place(key: str) -> float:
    """Where a key stands, from 0 to 1."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) / _SPACE
