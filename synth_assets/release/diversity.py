"""How varied a release is, beside the seeds that it was made from. Pure: texts, vectors and labels are handed in.

Distinct-n is the share of different n-grams among all n-grams (Li et al. 2016, arXiv 1510.03055). It falls with the
length of a text whatever the text says, so it is taken of equal numbers of words on both sides. Dispersion is the mean
cosine distance of two texts drawn from the set ("remote clique" of diversity surveys). Coverage is which labels occur
at all, and how even they are (normalised entropy).
"""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_WORDS = 200_000
MOST_VECTORS = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How the values of one label are covered.

    Attributes:
        name: what the label is: "topic", "level", "language", or an axis of the draw.
        covered: values that occur in the release.
        possible: values that the seeds (or the axis) have; values of the release that they lack count here too.
        evenness: entropy of the release's shares over that of `possible` equal ones, 0 to 1; 1 when there is one value.
        missing: values that the release lacks, in alphabetical order, at most ten.
    """

    name: str
    covered: int
    possible: int
    evenness: float
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Diversity:
    """Measures of the released rows, each beside the same measure of their seeds.

    Attributes:
        words: how many words of each side distinct-n was taken of.
        distinct: n (1 to 4) -> (of the release, of the seeds), shares from 0 to 1; None of seeds where there are none.
        dispersion: (of the release, of the seeds), mean cosine distances from 0 to 2; None where no vectors were given.
        coverage: one entry a label.
    """

    words: int
    distinct: Mapping[int, tuple[float, float | None]]
    dispersion: tuple[float | None, float | None]
    coverage: tuple[Coverage, ...]


def measure_diversity(
    texts: Sequence[str],
    seed_texts: Sequence[str],
    *,
    vectors: NDArray[np.float32] | None = None,
    seed_vectors: NDArray[np.float32] | None = None,
    labels: Mapping[str, tuple[Mapping[str, int], Iterable[str]]] | None = None,
) -> Diversity:
    """Measure released texts beside their seeds.

    Args:
        texts, seed_texts: any number; what is read of them is decided by a hash of the text, not by their order.
        vectors, seed_vectors: embeddings, shape (n, d), rows of any length but 0.
        labels: name -> (value -> released rows that bear it, the values that there could be).
    """
    words = min(MOST_WORDS, _count_words(texts), *([_count_words(seed_texts)] if seed_texts else []))
    released, seeds = _words_of(texts, words), _words_of(seed_texts, words)
    return Diversity(
        words=words,
        distinct={n: (distinct_n(released, n), distinct_n(seeds, n) if seed_texts else None) for n in range(1, 5)},
        dispersion=(dispersion(vectors), dispersion(seed_vectors)),
        coverage=tuple(coverage(name, counts, possible) for name, (counts, possible) in sorted((labels or {}).items())),
    )


def distinct_n(texts: Iterable[Sequence[str]], n: int) -> float:
    """Different n-grams over all n-grams of texts given as words; 0 when no text has n words. n-grams end with a text.

    Raises:
        ValueError: n below 1.
    """
    if n < 1:
        raise ValueError(f"n-grams need n of 1 or more, not {n}")
    total = 0
    seen: set[tuple[str, ...]] = set()
    for words in texts:
        grams = list(zip(*(words[start:] for start in range(n)), strict=False))
        total += len(grams)
        seen.update(grams)
    return len(seen) / total if total else 0.0


def dispersion(vectors: NDArray[np.float32] | None, most: int = MOST_VECTORS) -> float | None:
    """Mean cosine distance over all pairs of different rows, 0 to 2; None for no vectors, 0 for one.

    Of more than `most` rows, `most` are taken: those whose bytes hash lowest, so that the order does not matter. The
    mean over pairs is exact for them: with unit rows it is 1 - (|sum|^2 - n) / (n (n - 1)).

    Raises:
        ValueError: a row of length 0.
    """
    if vectors is None or len(vectors) == 0:
        return None
    rows = np.ascontiguousarray(vectors, dtype=np.float32)
    hashes = [hashlib.sha256(row.tobytes()).digest() for row in rows]
    chosen = rows[sorted(range(len(rows)), key=hashes.__getitem__)[:most]].astype(np.float64)
    lengths = np.linalg.norm(chosen, axis=1, keepdims=True)
    if not lengths.all():
        raise ValueError("a vector of length 0 has no direction")
    count = len(chosen)
    if count == 1:
        return 0.0
    total = (chosen / lengths).sum(axis=0)
    return float(1.0 - (total @ total - count) / (count * (count - 1)))


def coverage(name: str, counts: Mapping[str, int], possible: Iterable[str]) -> Coverage:
    """Which of the possible values occur, and how evenly; see `Coverage`."""
    present = {value: count for value, count in counts.items() if count > 0}
    everything = set(possible) | set(present)
    total = sum(present.values())
    entropy = -sum(count / total * math.log(count / total) for count in present.values())
    even = 1.0 if len(everything) < 2 else entropy / math.log(len(everything))
    return Coverage(
        name=name,
        covered=len(present),
        possible=len(everything),
        evenness=min(1.0, max(0.0, even)) if present else 0.0,
        missing=tuple(sorted(everything - set(present))[:10]),
    )


def _count_words(texts: Iterable[str]) -> int:
    return sum(len(text.split()) for text in texts)


def _words_of(texts: Iterable[str], most: int) -> list[list[str]]:
    """Words of the texts whose hash is lowest, `most` in all."""
    taken: list[list[str]] = []
    left = most
    for text in sorted(texts, key=lambda text: hashlib.sha256(text.encode()).digest()):
        if left <= 0:
            break
        words = text.casefold().split()[:left]
        taken.append(words)
        left -= len(words)
    return taken
