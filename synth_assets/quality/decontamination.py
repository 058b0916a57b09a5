"""Which samples hold a question of a benchmark, by shared runs of 13 words and by vectors that are near.

Runs of 13 words are those of GPT-3 (Brown et al., arXiv 2005.14165, appendix C) and of Llama 2 and Tulu 3 after it
(arXiv 2307.09288, 2411.15124): words are compared in NFKC, case folded, without punctuation. A benchmark's questions
are often shorter: one of 8 to 12 words must occur whole, and one of fewer only counts where it is all of a sample's
query, since "what is the capital of france" stands in honest texts too. Answers count by their runs of 13 alone.

A word that no item holds cannot be part of a shared run: so words of samples are looked up among those of the items and
never hashed, and nearly every run is ruled out by one bit of a table before it is searched.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from synth_assets.benchmark_files import BenchmarkItem
from synth_assets.quality.minhash import mixed, word_hashes, words_of
from synth_assets.vector_index import VectorIndex, Vectors

NGRAM = 13
LEAST_WORDS = 8
# Of a sample's items this many are named, the largest overlap first.
CAP = 20

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_BATCH = 2_048
_BITS_PER_RUN = 16
_OVERLAP = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleText:
    """A sample as it is held against benchmarks.

    Attributes:
        query: the question it asks.
        texts: its other texts (reasoning, answer), each of which may hold a run of words; none goes across two.
    """

    query: str
    texts: Sequence[str] = ()


class Contamination(NamedTuple):
    """An item of a benchmark that a sample holds.

    Attributes:
        overlap: "words": part of the item's runs of words that the sample holds; "query": 1.0; "vector": the cosine.
        method: "words", "query" (a question of fewer than 8 words that is the sample's query), or "vector".
    """

    benchmark: str
    item: str
    overlap: float
    method: Literal["words", "query", "vector"]


class _Vocabulary(dict[str, int]):
    """Word of an item -> its hash; 0 for every other word, which is not kept."""

    def __missing__(self, word: str) -> int:
        return 0


class _Runs:
    """Runs of one length: their sorted hashes, the items of each, and a table of bits that rules most others out."""

    def __init__(self, hashes: NDArray[np.uint64], items: NDArray[np.int64]) -> None:
        order = np.lexsort((items, hashes))
        hashes, items = hashes[order], items[order]
        fresh = np.ones(len(hashes), dtype=bool)
        fresh[1:] = (hashes[1:] != hashes[:-1]) | (items[1:] != items[:-1])  # a run twice in an item counts once
        hashes, self.items = hashes[fresh], items[fresh]
        self.hashes, self.first = np.unique(hashes, return_index=True)
        self.first = np.append(self.first, len(hashes))
        bits = max(10, int(np.ceil(np.log2(_BITS_PER_RUN * max(1, len(self.hashes))))))
        self._shift = np.uint64(64 - bits)
        places = self.hashes >> self._shift
        self._table = np.zeros(1 << (bits - 3), dtype=np.uint8)
        np.bitwise_or.at(self._table, places >> np.uint64(3), _bit(places))

    def find(self, hashes: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(positions in `hashes`, index in `self.hashes`) of those that are there."""
        places = hashes >> self._shift
        maybe = np.flatnonzero(self._table[places >> np.uint64(3)] & _bit(places))
        at = np.searchsorted(self.hashes, hashes[maybe])
        there = at < len(self.hashes)
        there[there] = self.hashes[at[there]] == hashes[maybe][there]
        return maybe[there], at[there]


class WordIndex:
    """The runs of words of benchmarks' items.

    Args:
        items: of one benchmark or several.
        ngram: words of a run, at least 2; shorter questions count whole from `LEAST_WORDS` on.
    """

    def __init__(self, items: Iterable[BenchmarkItem], ngram: int = NGRAM) -> None:
        if ngram < 2:
            raise ValueError(f"ngram is {ngram}: a run has 2 words at least")
        self.items = list(items)
        least = min(LEAST_WORDS, ngram)
        self._queries: dict[str, list[int]] = {}
        self._words = _Vocabulary()
        runs: dict[int, tuple[list[NDArray[np.uint64]], list[NDArray[np.int64]]]] = {}
        for start in range(0, len(self.items), _BATCH):
            part = self.items[start : start + _BATCH]
            texts = [words_of(text) for item in part for text in (item.question, item.answer)]
            # 0 stands for a word that no item holds
            hashes = [np.maximum(each, np.uint64(1)) for each in word_hashes(texts)]
            rolled = _runs(np.concatenate(hashes), range(least, ngram + 1))
            end = 0
            for place, words in enumerate(texts):
                begin, end = end, end + len(words)
                number = start + place // 2
                is_question = place % 2 == 0
                length = min(ngram, len(words))
                if length >= (least if is_question else ngram):
                    self._words.update(zip(words, hashes[place].tolist(), strict=True))
                    kept, numbers = runs.setdefault(length, ([], []))
                    kept.append(rolled[length][begin : end - length + 1])
                    numbers.append(np.full(len(words) - length + 1, number))
                elif is_question and words:
                    self._queries.setdefault(" ".join(words), []).append(number)
        self._runs = {
            length: _Runs(np.concatenate(kept), np.concatenate(numbers))
            for length, (kept, numbers) in sorted(runs.items())
        }
        self._sizes = np.zeros(len(self.items), dtype=np.int64)
        for table in self._runs.values():
            self._sizes += np.bincount(table.items, minlength=len(self.items))

    def __len__(self) -> int:
        return len(self.items)

    def search(self, samples: Sequence[SampleText], *, least_overlap: float = 0.0) -> list[list[Contamination]]:
        """The items that each sample holds, the largest overlap first (then by benchmark and item), at most `CAP`.

        Args:
            least_overlap: part of an item's runs that must be there; at 0 one run is enough, as in GPT-3. Items whose
                questions begin alike ("find the number of ordered pairs of positive integers ...") ask for more.
        """
        found: list[list[Contamination]] = []
        for start in range(0, len(samples), _BATCH):
            found.extend(self._search(samples[start : start + _BATCH], least_overlap))
        return found

    def _search(self, samples: Sequence[SampleText], least_overlap: float) -> list[list[Contamination]]:
        found: list[list[Contamination]] = [[] for _ in samples]
        lookup = self._words.__getitem__
        known: list[int] = []
        ends: list[int] = []
        for number, sample in enumerate(samples):
            query = words_of(sample.query)
            for item in self._queries.get(" ".join(query), ()) if query else ():
                found[number].append(self._contamination(item, 1.0, "query"))
            known.extend(map(lookup, query))
            for text in sample.texts:
                known.append(0)  # no run goes on from one text to the next
                known.extend(map(lookup, words_of(text)))
            known.append(0)
            ends.append(len(known))
        hashes = np.array(known, dtype=np.uint64)
        lengths = list(self._runs)
        rolled = _runs(hashes, lengths)
        unknown = np.concatenate([[0], np.cumsum(hashes == 0)])
        pairs = []
        for length, table in self._runs.items():
            if len(hashes) < length:
                continue
            whole = np.flatnonzero(unknown[length:] == unknown[:-length])
            places, at = table.find(rolled[length][whole])
            samples_of = np.searchsorted(np.array(ends), whole[places], side="right")
            runs = np.unique(samples_of * (len(table.hashes) + 1) + at)  # a run twice in a sample counts once
            samples_of, at = np.divmod(runs, len(table.hashes) + 1)
            counts = table.first[at + 1] - table.first[at]
            inside = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
            items = table.items[np.repeat(table.first[at], counts) + inside]
            pairs.append(np.repeat(samples_of, counts) * len(self.items) + items)
        if pairs:
            unique, shared = np.unique(np.concatenate(pairs), return_counts=True)
            for pair, count in zip(unique.tolist(), shared.tolist(), strict=True):
                number, item = divmod(pair, len(self.items))
                overlap = count / int(self._sizes[item])
                if overlap >= least_overlap:
                    found[number].append(self._contamination(item, round(overlap, 6), "words"))
        return [_first(each) for each in found]

    def _contamination(self, number: int, overlap: float, method: Literal["words", "query"]) -> Contamination:
        item = self.items[number]
        return Contamination(item.benchmark, item.item, overlap, method)


def chunks(text: str, *, tokens: int = 256, tokens_of: Callable[[str], int] | None = None) -> list[str]:
    """Stretches of a text that an encoder reads whole, in order; each begins with the last eighth of the one before.

    Stretches end between words, but for words that are longer than an eighth of the window (Chinese and Japanese set
    no spaces), which are cut.

    Args:
        tokens: the encoder's window.
        tokens_of: tokens of a word; without it a token is four ASCII letters, or one other character, which is more
            than any tokenizer of the encoders named here makes of it. Two tokens are left for the borders of a text.
    """
    if tokens < 16:
        raise ValueError(f"tokens is {tokens}: a window has 16 at least")
    room = tokens - 2
    piece = max(1, room // _OVERLAP)
    words = [word[start : start + piece] for word in text.split() for start in range(0, len(word), piece)]
    glued = [start > 0 for word in text.split() for start in range(0, len(word), piece)]
    sizes = [min(room, (tokens_of or _tokens_of)(word)) for word in words]
    stretches: list[str] = []
    start = 0
    while start < len(words):
        end, size = start, 0
        while end < len(words) and size + sizes[end] <= room:
            size += sizes[end]
            end += 1
        stretches.append(
            "".join(("" if glued[place] or place == start else " ") + words[place] for place in range(start, end))
        )
        if end == len(words):
            break
        back, size = end, 0
        while back - 1 > start and size + sizes[back - 1] <= room // _OVERLAP:
            back -= 1
            size += sizes[back]
        start = back
    return stretches


def index_items(index: VectorIndex, items: Sequence[BenchmarkItem], embed: Callable[[list[str]], Vectors]) -> None:
    """Bring the vectors of benchmarks' items in step with the items, by `BenchmarkItem.key` of each.

    Args:
        index: of the items alone.
        embed: vectors of texts, of length 1; called for those whose item is not there yet.
    """
    by_key = {item.key: item for item in items}
    index.sync(by_key, lambda keys: embed([by_key[key].text for key in keys]))


def near_items(
    vectors: Vectors,
    sample_of: Sequence[int],
    samples: int,
    index: VectorIndex,
    items: Mapping[str, BenchmarkItem],
    threshold: float,
) -> list[list[Contamination]]:
    """The items whose vector is near one of a sample's, the nearest first, at most `CAP`.

    Args:
        vectors: of the chunks of all samples, (n, d), of length 1.
        sample_of: number of the sample that each belongs to, from 0.
        samples: how many samples there are.
        index: vectors of the items by key.
        items: key -> item; keys of the index that are not in it are other benchmarks', and left out.

    Raises:
        ValueError: as many vectors as `sample_of` are expected.
    """
    if len(vectors) != len(sample_of):
        raise ValueError(f"{len(vectors)} vectors and {len(sample_of)} numbers of samples")
    best: list[dict[str, float]] = [{} for _ in range(samples)]
    for sample, matches in zip(sample_of, index.search(vectors, threshold), strict=True):
        for match in matches:
            if match.id in items:
                best[sample][match.id] = max(match.cosine, best[sample].get(match.id, -1.0))
    return [
        _first([Contamination(items[key].benchmark, items[key].item, cosine, "vector") for key, cosine in each.items()])
        for each in best
    ]


def _first(found: list[Contamination]) -> list[Contamination]:
    return sorted(found, key=lambda each: (-each.overlap, each.benchmark, each.item))[:CAP]


def _tokens_of(word: str) -> int:
    ascii_letters = sum(map(str.isascii, word)) if not word.isascii() else len(word)
    return -(-ascii_letters // 4) + len(word) - ascii_letters


def _runs(hashes: NDArray[np.uint64], lengths: Sequence[int]) -> dict[int, NDArray[np.uint64]]:
    """Length -> hash of every run of this many words, each length made from the one before."""
    made: dict[int, NDArray[np.uint64]] = {}
    rolled = np.zeros(len(hashes), dtype=np.uint64)
    for length in range(1, max(lengths, default=0) + 1):
        count = len(hashes) - length + 1
        if count < 1:
            break
        rolled = rolled[:count]
        rolled *= _FACTOR
        rolled += hashes[length - 1 :]
        if length in lengths:
            made[length] = mixed(rolled)
    return made


def _bit(places: NDArray[np.uint64]) -> NDArray[np.uint8]:
    return np.left_shift(np.uint8(1), (places & np.uint64(7)).astype(np.uint8))
