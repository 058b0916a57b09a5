"""Letters replaced in much text at once, and the words of it found, in arrays of bytes.

What has to be done to every text of a corpus costs more in strings than all else: a Python object for each word, a pass
for each kind of dash. Here texts stand in one array, UTF-8 with `BETWEEN` in front of each, a byte that UTF-8 never
has; ASCII is left to `bytes.lower` and `bytes.translate`, and of the few letters beyond it each kind is looked up once.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy

if TYPE_CHECKING:
    from pyarrow import BinaryArray

BETWEEN = b"\xff"
_BETWEEN = BETWEEN[0]
_SPACE = ord(" ")
_ASCII_AND_BETWEEN = bytes([*range(128), _BETWEEN])
_LETTERS = 0x110000
_LITTLE = 1 << 13  # bytes for which a pass for each kind of letter is made sooner than arrays are
_UNKNOWN, _KEPT, _AS_LONG, _OF_OTHER_LENGTH = range(4)


def joined(texts: Sequence[str]) -> bytes:
    """The texts in one, `BETWEEN` in front of each and a space on both sides of that."""
    try:
        parts = [text.encode() for text in texts]
    except UnicodeEncodeError:  # half a surrogate pair
        parts = [text.encode("utf-8", "surrogatepass") for text in texts]
    return b" \xff ".join([b"", *parts])


class Replacement:
    """What stands for every letter beyond ASCII, whatever stands beside it.

    Args:
        of: gives the UTF-8 of what stands for a letter; for letters of that, themselves.
    """

    def __init__(self, of: Callable[[str], bytes]) -> None:
        self._of = of
        # zeros take no memory before they are written to
        self._kinds = numpy.zeros(_LETTERS, dtype=numpy.uint8)
        self._replaced = numpy.zeros(_LETTERS, dtype="<u4")
        self._longer: dict[int, tuple[bytes, bytes]] = {}
        self._all: dict[str, tuple[bytes, bytes]] = {}

    def __call__(self, raw: bytes) -> bytes:
        """The bytes of `joined` texts with every letter replaced."""
        if len(raw) > _LITTLE:
            return self._replace_at_once(raw)
        for letter in set(raw.translate(None, _ASCII_AND_BETWEEN).decode("utf-8", "surrogatepass")):
            before, after = self._all.get(letter) or self._look_up(letter)
            if before != after:
                raw = raw.replace(before, after)
        return raw

    def _look_up(self, letter: str) -> tuple[bytes, bytes]:
        found = letter.encode("utf-8", "surrogatepass"), self._of(letter)
        self._all[letter] = found
        return found

    def _replace_at_once(self, raw: bytes) -> bytes:
        found = numpy.frombuffer(raw, dtype=numpy.uint8)
        firsts = numpy.flatnonzero((found >= 0xC0) & (found != _BETWEEN))
        if not len(firsts):
            return raw
        heads = found[firsts]
        changed: numpy.ndarray | None = None
        others: list[int] = []
        for least, most, length in ((0xC0, 0xE0, 2), (0xE0, 0xF0, 3), (0xF0, 0xF8, 4)):
            places = firsts[(heads >= least) & (heads < most)]
            if not len(places):
                continue
            letters = (found[places] & (0x7F >> length)).astype(numpy.uint32)
            for offset in range(1, length):
                letters = letters << 6 | found[places + offset] & 0x3F
            kinds = self._kinds_of(letters)
            if (as_long := kinds == _AS_LONG).any():
                changed = found.copy() if changed is None else changed
                replaced, places = self._replaced[letters[as_long]], places[as_long]
                for offset in range(length):
                    changed[places + offset] = replaced >> 8 * offset & 0xFF
            others += numpy.unique(letters[kinds == _OF_OTHER_LENGTH]).tolist()
        raw = raw if changed is None else changed.tobytes()
        for letter in others:
            raw = raw.replace(*self._longer[letter])
        return raw

    def _kinds_of(self, letters: numpy.ndarray) -> numpy.ndarray:
        kinds = self._kinds[letters]
        if (unknown := kinds == _UNKNOWN).any():
            for letter in numpy.unique(letters[unknown]).tolist():
                self._learn(letter)
            kinds = self._kinds[letters]
        return kinds

    def _learn(self, letter: int) -> None:
        before, after = self._look_up(chr(letter))
        if before == after:
            self._kinds[letter] = _KEPT
        elif len(before) == len(after):
            self._replaced[letter] = int.from_bytes(after, "little")
            self._kinds[letter] = _AS_LONG
        else:
            self._longer[letter] = before, after
            self._kinds[letter] = _OF_OTHER_LENGTH


def spaced_once(raw: bytes) -> bytes:
    """The bytes with one space for every run of them, none in front, and one at the end."""
    found = numpy.frombuffer(b" %b " % raw, dtype=numpy.uint8)
    full = found != _SPACE
    return found[1:][full[1:] | full[:-1]].tobytes()


class Words(NamedTuple):
    """The words of many texts, each with the space behind it, and `BETWEEN` in front of each text's.

    `firsts` are the places of every text's first word, and one more than the last place; what is in front of a first
    word is no word.
    """

    words: "BinaryArray"
    firsts: list[int]


def words_of(spaced: bytes, ending: bytes = b"") -> Words:
    """The words between the spaces that `spaced_once` left; one of them ends behind an `ending` too, a single byte."""
    import pyarrow

    found = numpy.frombuffer(spaced, dtype=numpy.uint8)
    last = found == _SPACE
    if ending:
        last[:-1] |= (found[:-1] == ending[0]) & ~last[1:]
    ends = numpy.flatnonzero(last) + 1
    offsets = numpy.concatenate(([0], ends)).astype(numpy.int32)
    words = pyarrow.BinaryArray.from_buffers(
        pyarrow.binary(), len(ends), [None, pyarrow.py_buffer(offsets), pyarrow.py_buffer(spaced)]
    )
    firsts = numpy.searchsorted(offsets, numpy.flatnonzero(found == _BETWEEN)) + 1
    return Words(words, [*firsts.tolist(), len(ends) + 1])
