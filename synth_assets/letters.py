"""Letters replaced in much text at once, and the words of it found, in arrays of bytes.

What has to be done to every text of a corpus costs more in strings than all else: a Python object for each word, a pass
for each kind of dash. Here texts stand in one array, UTF-8 with `BETWEEN` in front of each, a byte that UTF-8 never
has; ASCII is left to `bytes.lower` and `bytes.translate`, and of the few letters beyond it each kind is looked up once.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy

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
        firsts = numpy.flatnonzero(found >= 0xC0)
        heads = found[firsts]
        changed: numpy.ndarray | None = None
        others: list[tuple[int, int]] = []
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
                replaced, changing = self._replaced[letters[as_long]], places[as_long]
                for offset in range(length):
                    changed[changing + offset] = replaced >> 8 * offset & 0xFF
            if (of_other_length := kinds == _OF_OTHER_LENGTH).any():
                others += zip(places[of_other_length].tolist(), letters[of_other_length].tolist(), strict=True)
        raw = raw if changed is None else changed.tobytes()
        return self._spliced(raw, sorted(others)) if others else raw

    def _spliced(self, raw: bytes, others: Sequence[tuple[int, int]]) -> bytes:
        """The bytes with these letters replaced, which are few: to look for each in all of them takes longer."""
        parts: list[bytes] = []
        end = 0
        for place, letter in others:
            before, after = self._longer[letter]
            parts += raw[end:place], after
            end = place + len(before)
        return b"".join([*parts, raw[end:]])

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
    """The words of many texts where they stand in `raw`; a `BETWEEN` in front of each text's is among them.

    `firsts` are the places of every text's first word, and one more than the last place. Behind the last word stand
    more than `_MOST_KEYED` other bytes.
    """

    raw: bytes
    starts: numpy.ndarray
    lengths: numpy.ndarray
    firsts: numpy.ndarray


def words_of(raw: bytes, ending: bytes = b"") -> Words:
    """The words between the spaces of `joined` texts; one of them ends behind an `ending` too, a single byte."""
    if ending:
        raw = raw.replace(ending, ending + b" ")
    raw = b" %b %b" % (raw, bytes(_MOST_KEYED + 8))
    found = numpy.frombuffer(raw, dtype=numpy.uint8)[: -_MOST_KEYED - 8]
    is_space = found == _SPACE
    bounds = numpy.flatnonzero(is_space[1:] != is_space[:-1])
    starts = bounds[::2] + 1
    firsts = numpy.searchsorted(starts, numpy.flatnonzero(found == _BETWEEN)) + 1
    return Words(raw, starts, bounds[1::2] + 1 - starts, numpy.append(firsts, len(starts) + 1))


class WordTable:
    """A number for every word, looked up for many words at once, in a third of the time that a dictionary takes.

    Words of up to 16 bytes, which are nearly all, are two numbers, and their place in the table is a product of them;
    longer ones stand in a dictionary. No word holds a NUL.

    Args:
        known: what is known from the first.
        learn: gives the number of a word that is not known, which is then; without it that number is 0.
        most: words that are known at once; before there are more, all are forgotten.
    """

    def __init__(
        self, known: Mapping[bytes, int] | None = None, learn: Callable[[bytes], int] | None = None, most: int = 1 << 16
    ) -> None:
        self._learn = learn
        self._most = most
        self._bits = (4 * most).bit_length() - 1
        self._numbers: dict[bytes, int] = {}
        self._lock = threading.Lock()
        self._forget()
        for word, number in (known or {}).items():
            self._enter(word, number)

    def of(self, words: Words) -> numpy.ndarray:
        """The number of every word, unsigned, 64 bits."""
        with self._lock:  # what one thread forgets, another must not be looking up
            return self._of(words)

    def _of(self, words: Words) -> numpy.ndarray:
        numbers, is_known = self._look_up(*_keys(words))
        is_long = words.lengths > _MOST_KEYED
        numbers[is_long] = 0
        raw, starts, lengths = words.raw, words.starts, words.lengths
        for place in numpy.flatnonzero(is_long if self._learn is None else is_long | ~is_known).tolist():
            word = raw[starts[place] : starts[place] + lengths[place]]
            number = self._numbers.get(word, 0)
            if not number and self._learn is not None:
                number = self._learn(word)
                self._enter(word, number)
            numbers[place] = number
        return numbers

    def _look_up(self, low: numpy.ndarray, high: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
        """The number of every key, 0 where it is not known, and whether it is."""
        slots = (low * _MULTIPLIERS[0] + high * _MULTIPLIERS[1]) >> numpy.uint64(64 - self._bits)
        slots = slots.view(numpy.int64)
        held = self._low[slots]
        is_known = (held == low) & (self._high[slots] == high)
        # another word may stand in the place: the word itself stands in one of the next, without a gap
        left = numpy.flatnonzero(~is_known & (held != 0))
        while len(left):
            slots[left] = (slots[left] + 1) & ((1 << self._bits) - 1)
            held = self._low[slots[left]]
            found = (held == low[left]) & (self._high[slots[left]] == high[left])
            is_known[left[found]] = True
            left = left[~found & (held != 0)]
        return numpy.where(is_known, self._values[slots], numpy.uint64(0)), is_known

    def _forget(self) -> None:
        self._numbers.clear()
        self._low, self._high, self._values = (numpy.zeros(1 << self._bits, dtype=numpy.uint64) for _ in range(3))

    def _enter(self, word: bytes, number: int) -> None:
        if len(self._numbers) >= self._most:
            self._forget()
        self._numbers[word] = number
        if len(word) <= _MOST_KEYED:
            low, high = int.from_bytes(word[:8], "little"), int.from_bytes(word[8:], "little")
            slot = (low * int(_MULTIPLIERS[0]) + high * int(_MULTIPLIERS[1])) % (1 << 64) >> (64 - self._bits)
            while self._low[slot]:
                slot = (slot + 1) % (1 << self._bits)
            self._low[slot], self._high[slot], self._values[slot] = low, high, number


_MOST_KEYED = 16
_MULTIPLIERS = numpy.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], dtype=numpy.uint64)  # odd; their high bits mix
_FIRST_BYTES = numpy.array([(1 << 8 * length) - 1 for length in range(9)], dtype=numpy.uint64)


def _keys(words: Words) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The first eight bytes of every word as a number, and the next eight; zeros behind the last byte."""
    # the eight bytes from every place on: a view, whose numbers lie across one another
    eight = numpy.ndarray((len(words.raw) - 7,), dtype="<u8", buffer=words.raw, strides=(1,))
    low = eight[words.starts] & _FIRST_BYTES[numpy.minimum(words.lengths, 8)]
    high = eight[words.starts + 8] & _FIRST_BYTES[numpy.minimum(numpy.maximum(words.lengths, 8) - 8, 8)]
    return low, high
