"""Texts that share most of their words in the same order: MinHash signatures, banded, and confirmed by exact Jaccard.

Broder, "On the resemblance and containment of documents" (1997), for shingles and MinHash; Indyk and Motwani (1998) for
the bands; sizes as in Lee et al., "Deduplicating Training Data Makes Language Models Better" (arXiv 2107.06499) and
its followers: shingles of 5 words, 128 permutations. A text of fewer than 20 words (Chinese and Japanese, which set no
spaces, mostly are) has shingles of 5 characters, because 15 shingles say too little. So texts on the two sides of that
border never match here; their embeddings and keys still may.

Words and shingles are hashed the same way on every machine, so that signatures can be stored, and compared years later.
Two shingles of one 64-bit hash would count as one; among 100 million shingles that is one pair in 3,700.
"""

import hashlib
import re
import unicodedata
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

PERMUTATIONS = 128
SHINGLE = 5
LEAST_WORDS = 20

_SEED = 1
_BATCH = 8_192
_WORD = re.compile(r"\w+")
# what the expression does, for ASCII, in a quarter of its time
_ASCII = str.maketrans({chr(code): " " for code in range(128) if not _WORD.match(chr(code))})
_FACTOR = 0x9E3779B97F4A7C15  # odd, so that no bit of a hash is lost
_CHARACTERS = np.uint64(0xD1B54A32D192ED03)  # tells shingles of characters from shingles of words
# A pair at the threshold shares a band with this probability; far more of those above it do.
_CAUGHT = 0.995
# A signature's estimate is off by 0.044 at most in two of three pairs: what is this far below is not computed exactly.
_ESTIMATE_OFF = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Shingled:
    """A text as it is compared, in bytes that can be stored.

    Attributes:
        signature: 128 little-endian uint32.
        shingles: 64-bit hashes, one for each place of the text, little-endian; empty where the text has no character.
    """

    signature: bytes
    shingles: bytes


class LexicalMatch(NamedTuple):
    """A row whose shingles are shared, and the Jaccard similarity of the two sets, rounded to 6 digits."""

    id: str
    jaccard: float


def words_of(text: str) -> list[str]:
    """Words as compared: NFKC, case folded, without punctuation."""
    if text.isascii():
        return text.casefold().translate(_ASCII).split()
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return _WORD.findall(text.casefold())


def word_ngrams(hashes: Hashes, length: int) -> Hashes:
    """Hash of every run of `length` hashes, shape (max(0, n - length + 1),)."""
    count = max(0, len(hashes) - length + 1)
    rolled = np.zeros(count, dtype=np.uint64)
    for shift in range(length):
        rolled *= np.uint64(_FACTOR)
        rolled += hashes[shift : shift + count]
    return mixed(rolled)


def shingle(texts: Sequence[str]) -> list[Shingled]:
    """Shingles and signature of every text, in their order."""
    known = _WordHashes()
    return [each for start in range(0, len(texts), _BATCH) for each in _shingle(texts[start : start + _BATCH], known)]


def bands_of(texts: Sequence[Shingled], threshold: float) -> NDArray[np.int64]:
    """Hashes of the bands that a `LexicalIndex` of this threshold looks texts up by, shape (len(texts), bands).

    Two texts that share none never match in it, so that a database can find those worth comparing. The rows of texts
    without shingles are no match for anything, each other included: leave them out.
    """
    index = LexicalIndex(threshold)
    return index.keys_of(_signatures(texts)).view(np.int64)


def jaccard(one: Shingled, other: Shingled) -> float:
    """Shared shingles over all shingles of two texts, each counted once; 0.0 where one has none."""
    first, second = set(_hashes(one).tolist()), set(_hashes(other).tolist())
    shared = len(first & second)
    return round(shared / (len(first) + len(second) - shared), 6) if shared else 0.0


class LexicalIndex:
    """Shingled texts by id, of which those that share a given part are found without comparing all.

    Bands of the signature are kept as sorted hashes, 12 bytes each, in segments that at least double from the last to
    the first, so that rows can come one by one.

    Args:
        threshold: Jaccard similarity at and above which two texts match, above 0 and up to 1.
    """

    def __init__(self, threshold: float) -> None:
        if not 0 < threshold <= 1:
            raise ValueError(f"threshold is {threshold}: it must be above 0 and at most 1")
        self.threshold = threshold
        self._rows_a_band = _rows_a_band(threshold)
        self._ids: list[str] = []
        self._texts: list[Shingled] = []
        self._where: dict[str, int] = {}
        self._segments: list[tuple[Hashes, NDArray[np.uint32]]] = []

    def __len__(self) -> int:
        return len(self._where)

    def __contains__(self, candidate: object) -> bool:
        return candidate in self._where

    def add(self, ids: Sequence[str], texts: Sequence[Shingled]) -> None:
        """Append rows.

        Raises:
            ValueError: ids and texts differ in number, an id occurs twice or is there already, or a signature has
                another length than this module's; nothing is added.
        """
        if len(ids) != len(texts):
            raise ValueError(f"{len(ids)} ids and {len(texts)} texts")
        fresh: dict[str, int] = {}
        for place, name in enumerate(ids, start=len(self._ids)):
            if name in self._where or name in fresh:
                raise ValueError(f"{name} is in the index already")
            fresh[name] = place
        signatures = _signatures(texts)
        full = np.array([bool(text.shingles) for text in texts], dtype=bool)
        places = np.repeat(np.arange(len(self._ids), len(self._ids) + len(ids), dtype=np.uint32)[full], self._bands)
        self._where.update(fresh)
        self._ids.extend(ids)
        self._texts.extend(texts)
        if full.any():
            self._segments.append(_sorted(self.keys_of(signatures[full]).ravel(), places))
        while len(self._segments) > 1 and len(self._segments[-2][0]) < 2 * len(self._segments[-1][0]):
            *self._segments, one, other = self._segments
            self._segments.append(_sorted(*(np.concatenate(both) for both in zip(one, other, strict=True))))

    def remove(self, ids: Iterable[str]) -> None:
        """Take rows out; ids that are not there are passed over."""
        for name in ids:
            self._where.pop(name, None)

    def search(self, texts: Sequence[Shingled]) -> list[list[LexicalMatch]]:
        """The rows at or above the threshold for each text, best first, equals by the smaller id."""
        found: list[list[LexicalMatch]] = [[] for _ in texts]
        for start in range(0, len(texts), _BATCH):
            for query, places in self._candidates(texts[start : start + _BATCH]):
                found[start + query] = self._confirmed(texts[start + query], places)
        return found

    @property
    def _bands(self) -> int:
        return PERMUTATIONS // self._rows_a_band

    def keys_of(self, signatures: NDArray[np.uint32]) -> Hashes:
        """One hash a band, the band's number in it, shape (n, bands)."""
        rows, bands = self._rows_a_band, self._bands
        keys = np.broadcast_to(mixed(np.arange(1, bands + 1, dtype=np.uint64)), (len(signatures), bands)).copy()
        banded = signatures[:, : rows * bands].reshape(len(signatures), bands, rows)
        for row in range(rows):
            keys *= np.uint64(_FACTOR)
            keys += banded[:, :, row]
        return mixed(keys)

    def _candidates(self, texts: Sequence[Shingled]) -> Iterable[tuple[int, list[int]]]:
        """Query -> places of the rows that share a band with it."""
        if not self._segments or not texts:
            return
        keys = self.keys_of(_signatures(texts)).ravel()
        pairs = []
        for hashes, places in self._segments:
            first = np.searchsorted(hashes, keys, side="left")
            counts = np.searchsorted(hashes, keys, side="right") - first
            hit = np.flatnonzero(counts)
            counts = counts[hit]
            # the runs of equal hashes, one after another
            inside = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
            rows = places[np.repeat(first[hit], counts) + inside].astype(np.int64)
            pairs.append(np.repeat(hit // self._bands, counts) * len(self._ids) + rows)
        unique = np.unique(np.concatenate(pairs))
        queries, places = np.divmod(unique, len(self._ids))
        borders = np.searchsorted(queries, np.arange(len(texts) + 1))
        for query in np.flatnonzero(np.diff(borders)).tolist():
            if texts[query].shingles:
                yield query, places[borders[query] : borders[query + 1]].tolist()

    def _confirmed(self, text: Shingled, places: Sequence[int]) -> list[LexicalMatch]:
        own = np.frombuffer(text.signature, dtype="<u4")
        least = (self.threshold - _ESTIMATE_OFF) * PERMUTATIONS
        matches = []
        for place in places:
            other = self._texts[place]
            if self._where.get(self._ids[place]) != place:
                continue
            if np.count_nonzero(own == np.frombuffer(other.signature, dtype="<u4")) >= least:
                value = jaccard(text, other)
                if value >= self.threshold:
                    matches.append(LexicalMatch(self._ids[place], value))
        return sorted(matches, key=lambda match: (-match.jaccard, match.id))


def lexical_matches(new: Mapping[str, str], kept: Mapping[str, str], threshold: float) -> dict[str, list[LexicalMatch]]:
    """Id of a new text -> the kept texts that share at least this part of its shingles, best first.

    A text is not compared with itself, and new texts are not compared with each other: which of them stay is for
    `duplicates.decide` to say.

    Raises:
        ValueError: the threshold is not above 0 and at most 1.
    """
    index = LexicalIndex(threshold)
    index.add(list(kept), shingle(list(kept.values())))
    found = index.search(shingle(list(new.values())))
    return {name: [match for match in matches if match.id != name] for name, matches in zip(new, found, strict=True)}


class _WordHashes(dict[str, int]):
    """Word -> 64-bit hash, each computed once."""

    def __missing__(self, word: str) -> int:
        digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        value = self[word] = int.from_bytes(digest, "little")
        return value


def word_hashes(texts: Iterable[Sequence[str]]) -> list[Hashes]:
    """The hashes of the words of every text, the same on every machine."""
    return _hashes_of_words(texts, _WordHashes())


def _hashes_of_words(texts: Iterable[Sequence[str]], known: _WordHashes) -> list[Hashes]:
    return [np.fromiter(map(known.__getitem__, words), dtype=np.uint64, count=len(words)) for words in texts]


def _shingle(texts: Sequence[str], known: _WordHashes) -> list[Shingled]:
    words = [words_of(text) for text in texts]
    hashes = _hashes_of_words((each if len(each) >= LEAST_WORDS else [] for each in words), known)
    for place, each in enumerate(words):
        if len(each) < LEAST_WORDS:
            hashes[place] = _character_hashes(" ".join(each))
    lengths = np.array([len(each) for each in hashes])
    # over all texts at once; the shingles that begin in one text and end in the next are left out
    rolled = word_ngrams(np.concatenate(hashes), SHINGLE) if len(hashes) else np.zeros(0, np.uint64)
    ends = np.cumsum(lengths)
    rows = [
        rolled[end - length : max(end - length, end - SHINGLE + 1)] for end, length in zip(ends, lengths, strict=True)
    ]
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.uint64)
    from rensa import RMinHash

    matrix = RMinHash.digest_matrix_from_flat_token_hashes(
        np.concatenate([*rows, np.zeros(0, np.uint64)]), offsets, num_perm=PERMUTATIONS, seed=_SEED
    )
    return [
        Shingled(signature=array("I", digest).tobytes(), shingles=row.tobytes())
        for digest, row in zip(matrix.to_rows(), rows, strict=True)
    ]


def _character_hashes(text: str) -> Hashes:
    if not text:
        return np.zeros(0, dtype=np.uint64)
    padded = text.ljust(SHINGLE)  # a text of fewer characters is one shingle
    codes = np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    return mixed(codes + _CHARACTERS)


def mixed(values: Hashes) -> Hashes:
    """The finalizer of splitmix64: every bit of the input moves every bit of the output."""
    values = values ^ (values >> np.uint64(30))
    values = values * np.uint64(0xBF58476D1CE4E5B9)
    values = values ^ (values >> np.uint64(27))
    values = values * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _hashes(text: Shingled) -> Hashes:
    return np.frombuffer(text.shingles, dtype="<u8")


def _signatures(texts: Sequence[Shingled]) -> NDArray[np.uint32]:
    joined = b"".join(text.signature for text in texts)
    if any(len(text.signature) != 4 * PERMUTATIONS for text in texts):
        raise ValueError(f"a signature is not {4 * PERMUTATIONS} bytes long")
    return np.frombuffer(joined, dtype="<u4").reshape(len(texts), PERMUTATIONS)


def _sorted(keys: Hashes, places: NDArray[np.uint32]) -> tuple[Hashes, NDArray[np.uint32]]:
    order = np.argsort(keys, kind="stable")
    return keys[order], places[order]


def _rows_a_band(threshold: float) -> int:
    """The most signature rows a band may have, so that a pair at the threshold still shares one."""
    fitting = [rows for rows in range(1, 17) if 1 - (1 - threshold**rows) ** (PERMUTATIONS // rows) >= _CAUGHT]
    return max(fitting, default=1)
