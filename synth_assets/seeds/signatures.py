"""What is kept of a section for comparing it with others, and the copies among sections that are all at hand.

Texts are compared as `identity.normalised` has them. A run compares more than memory holds, so its stage gives the same
signatures to a `CopyFinder` one by one.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy

from synth_assets.identity import sha256_of
from synth_assets.letters import BETWEEN, Replacement, Words, WordTable, joined, spaced_once, words_of
from synth_assets.seeds.copies import EXACT_BYTES, CopyFinder
from synth_assets.seeds.sections import Section

SHINGLE_WORDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What is kept of a section for later comparisons, about four bytes a word.

    `data` is 16 bytes of SHA-256 of the normalised text, then the hashes of its different five-word shingles as
    ascending little-endian 32-bit numbers.
    """

    section_id: str
    language: str
    data: bytes


class Copies(NamedTuple):
    """All sections, copies refused, and the signatures of those newly kept."""

    sections: list[Section]
    signatures: list[Signature]


class Verdict(NamedTuple):
    """("", "") for a section that is kept, else why not and the kept section that it copies."""

    reason: str
    copy_of: str


def refuse_copies(sections: Iterable[Section], known: Iterable[Signature] = ()) -> Copies:
    """Refuses exact and near copies within a language; see `CopyFinder`. A section whose id is known stays kept.

    Args:
        sections: of one run, in a stable order; refused ones pass through.
        known: signatures of the sections that stand, without those that were superseded or withdrawn.
    """
    checked = list(sections)
    before = list(known)
    standing = {signature.section_id for signature in before}
    places = [
        place for place, section in enumerate(checked) if not section.reason and section.section_id not in standing
    ]
    fresh = [sign(checked[place]) for place in places]
    made: list[Signature] = []
    for place, signature, verdict in zip(places, fresh, find_copies(before, fresh), strict=True):
        if verdict.reason:
            checked[place] = replace(checked[place], reason=verdict.reason, copy_of=verdict.copy_of)
        else:
            made.append(signature)
    return Copies(checked, made)


def sign(section: Section) -> Signature:
    """The section's signature."""
    (data,) = signatures_of(fold([section.text]))
    return Signature(section_id=section.section_id, language=section.language, data=data)


def find_copies(known: Sequence[Signature], fresh: Sequence[Signature]) -> list[Verdict]:
    """The verdict on each fresh section, all signatures at hand; see `CopyFinder`."""
    verdicts = [Verdict("", "")] * len(fresh)
    everything = [*known, *fresh]
    with CopyFinder() as finder:
        for place, signature in enumerate(everything):
            finder.add(signature.data, signature.language, is_known=place < len(known))
        for copy in finder.copies():
            verdicts[copy.place - len(known)] = Verdict(copy.reason, everything[copy.copy_of].section_id)
    return verdicts


# --- making them -----------------------------------------------------------------------------------------------------

_MULTIPLIER = numpy.uint64(0x9E3779B97F4A7C15)  # odd, so that multiplying modulo 2**64 loses nothing
_SMALL_AND_SPACES_ALIKE = bytes(
    ord(" ") if code < 128 and chr(code).isspace() else bytes([code]).lower()[0] for code in range(256)
)
_WORDS_APART = bytes(code if code > 127 or chr(code).isalnum() or chr(code) == "_" else ord(" ") for code in range(256))
_SPACES_BEYOND_ASCII = "\x85\u1680\u2028\u2029"  # those that NFKC leaves


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _fold(letter: str) -> bytes:
    return b" " * len(_utf8(letter)) if letter in _SPACES_BEYOND_ASCII else _utf8(letter.casefold())


def _letter_or_space(letter: str) -> bytes:
    return _utf8(letter) if letter.isalnum() else b" " * len(_utf8(letter))


_folded = Replacement(_fold)
_letters_or_spaces = Replacement(_letter_or_space)


def _word_hash(word: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(word, digest_size=8).digest(), "little")


_word_hashes = WordTable(learn=_word_hash)  # most words come again, and hashing one costs a microsecond


class Folded(NamedTuple):
    """Texts as `identity.normalised` has them, UTF-8 with `BETWEEN` in front of each, and the words of that."""

    texts: bytes
    words: Words


def fold(texts: Sequence[str]) -> Folded:
    """What signatures are made of; a thousand texts at once cost a fifth of what they do one by one."""
    # NFKC leaves ASCII as it is, and to casefold that is to make it small
    normal = [text if text.isascii() else unicodedata.normalize("NFKC", text) for text in texts]
    plain = spaced_once(_folded(joined(normal).translate(_SMALL_AND_SPACES_ALIKE)))
    return Folded(plain, words_of(_letters_or_spaces(plain).translate(_WORDS_APART)))


def signatures_of(folded: Folded) -> list[bytes]:
    """The data of each text's `Signature`."""
    plain, words = folded
    # a space stands on both sides of every text, unless it is empty
    bounds = numpy.flatnonzero(numpy.frombuffer(plain, dtype=numpy.uint8) == BETWEEN[0]).tolist()
    digests = [
        sha256_of(plain[start + 2 : stop - 1]).digest()[:EXACT_BYTES] for start, stop in pairwise([*bounds, len(plain)])
    ]
    hashes = _word_hashes.of(words)
    starts, stops = words.firsts[:-1], words.firsts[1:] - 1
    lasts = numpy.maximum(stops - SHINGLE_WORDS + 1, starts)
    shingles, bounds = _different(_shingles(hashes, SHINGLE_WORDS), starts, lasts)
    data = shingles.tobytes()
    made = [
        digest + data[4 * start : 4 * stop]
        for digest, (start, stop) in zip(digests, pairwise(bounds.tolist()), strict=True)
    ]
    for place in numpy.flatnonzero(stops - starts < SHINGLE_WORDS).tolist():
        start, stop = int(starts[place]), int(stops[place])
        made[place] = digests[place] + _shingles(hashes[start:stop], max(1, stop - start)).tobytes()
    return made


def _different(
    shingles: numpy.ndarray, starts: numpy.ndarray, stops: numpy.ndarray
) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Of each range the different ones, ascending, one range after the other, and where each begins and the last ends.

    What stands between the ranges, shingles that reach from one text into the next, is left out.
    """
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        shingles[start:stop].sort()
    inside = numpy.zeros(len(shingles) + 1, dtype=numpy.int8)
    filled = stops > starts
    inside[starts[filled]] = 1
    inside[stops[filled]] -= 1
    taken = numpy.cumsum(inside[:-1], dtype=numpy.int8).view(bool)
    is_new = numpy.ones(len(shingles), dtype=bool)
    numpy.not_equal(shingles[1:], shingles[:-1], out=is_new[1:])
    is_new[starts[filled]] = True
    taken &= is_new
    before = numpy.concatenate(([0], numpy.cumsum(taken)))
    return shingles[taken], numpy.append(before[numpy.minimum(starts, len(shingles))], before[-1])


def _shingles(hashes: numpy.ndarray, width: int) -> numpy.ndarray:
    """The hash of every run of so many words, little-endian 32-bit numbers."""
    mixed = numpy.zeros(max(0, len(hashes) - width + 1), dtype=numpy.uint64)
    for offset in range(width):
        mixed *= _MULTIPLIER
        mixed += hashes[offset : offset + len(mixed)]
    mixed ^= mixed >> numpy.uint64(29)
    mixed *= _MULTIPLIER
    return (mixed >> numpy.uint64(32)).astype("<u4")
