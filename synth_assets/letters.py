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
    """A number for every word, looked up for many words at once, in a fifth of the time that a dictionary takes.

    Words of up to 8 bytes, which are most, are one number, and their place in a table is a product of it; what stands
    there is the product, which no other such word has, and the word's number beside it, so that one look into memory
    is enough. Words of up to 16 bytes are two numbers and have a table of their own; longer ones stand in a dictionary.
    No word holds a NUL.

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
        self._bits = (2 * most).bit_length() - 1
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
        raw, starts, lengths = words.raw, words.starts, words.lengths
        # the eight bytes from every place on: a view, whose numbers lie across one another
        eight = numpy.ndarray((len(raw) - 7,), dtype="<u8", buffer=raw, strides=(1,))
        firsts = eight[starts]
        firsts &= _FIRST_BYTES.take(lengths, mode="clip")  # longer words are cut
        products = firsts * _MULTIPLIERS[0]
        longer = numpy.flatnonzero(lengths > _SHORT)
        products[longer] = _OF_NO_WORD
        numbers, unknown = _look_up(self._short, products, self._bits)
        if len(longer):
            left = lengths[longer] - _SHORT
            nexts = eight[starts[longer] + _SHORT] & _FIRST_BYTES.take(left, mode="clip")
            found, is_known = self._look_up_longer(firsts[longer], nexts)
            is_known &= left <= _MOST_KEYED - _SHORT
            found[~is_known] = 0
            numbers[longer] = found
            unknown = numpy.concatenate((unknown, longer[~is_known]))
        if self._learn is None:
            unknown = unknown[lengths[unknown] > _MOST_KEYED]  # all others are in the tables
        for place in unknown.tolist():
            word = raw[starts[place] : starts[place] + lengths[place]]
            number = self._numbers.get(word, 0)
            if not number and self._learn is not None:
                number = self._learn(word)
                self._enter(word, number)
            numbers[place] = number
        return numbers

    def _look_up_longer(self, low: numpy.ndarray, high: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
        """The number of every word of two numbers, anything where it is not known, and whether it is."""
        slots = _slots(low * _MULTIPLIERS[0] + high * _MULTIPLIERS[1], self._bits)
        rows = self._long.take(slots, axis=0)  # a quarter of the time of an index
        is_known = (rows[:, 0] == low) & (rows[:, 1] == high)
        numbers = rows[:, 2].copy()
        left = numpy.flatnonzero(~is_known & (rows[:, 0] != 0))
        while len(left):
            slots[left] = (slots[left] + 1) & ((1 << self._bits) - 1)
            rows = self._long[slots[left]]
            found = (rows[:, 0] == low[left]) & (rows[:, 1] == high[left])
            is_known[left[found]] = True
            numbers[left[found]] = rows[found, 2]
            left = left[~found & (rows[:, 0] != 0)]
        return numbers, is_known

    def _forget(self) -> None:
        self._numbers.clear()
        self._short = numpy.zeros((1 << self._bits, 2), dtype=numpy.uint64)
        self._short[0, 0] = _OF_NO_WORD  # found at once, and its number is 0
        self._long = numpy.zeros((1 << self._bits, 3), dtype=numpy.uint64)
        # through which one number is written in a tenth of the time
        self._cells = memoryview(self._short.reshape(-1)), memoryview(self._long.reshape(-1))

    def _enter(self, word: bytes, number: int) -> None:
        if len(self._numbers) >= self._most:
            self._forget()
        self._numbers[word] = number
        if len(word) > _MOST_KEYED:
            return
        low, high = int.from_bytes(word[:_SHORT], "little"), int.from_bytes(word[_SHORT:], "little")
        product = (low * int(_MULTIPLIERS[0]) + high * int(_MULTIPLIERS[1])) % (1 << 64)
        row = (low, high, number) if high else (product, number)
        cells = self._cells[bool(high)]
        slot = product >> (64 - self._bits)
        while cells[len(row) * slot]:
            slot = (slot + 1) % (1 << self._bits)
        for place, value in enumerate(row, len(row) * slot):
            cells[place] = value


_SHORT = 8
_MOST_KEYED = 16
_MULTIPLIERS = numpy.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], dtype=numpy.uint64)  # odd; their high bits mix
_FIRST_BYTES = numpy.array([(1 << 8 * length) - 1 for length in range(_SHORT + 1)], dtype=numpy.uint64)
_OF_NO_WORD = 1  # the product of what is no UTF-8
_BESIDE = numpy.dtype("V16")  # a row of two numbers, which numpy copies at once


def _slots(products: numpy.ndarray, bits: int) -> numpy.ndarray:
    return (products >> numpy.uint64(64 - bits)).view(numpy.int64)


def _look_up(table: numpy.ndarray, products: numpy.ndarray, bits: int) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The number beside every product, 0 where it is not in the table, and the places of those."""
    slots = _slots(products, bits)
    rows = table.view(_BESIDE)[:, 0].take(slots).view(numpy.uint64).reshape(-1, 2)
    numbers = rows[:, 1].copy()
    missed = numpy.flatnonzero(rows[:, 0] != products)
    numbers[missed] = 0
    # another word may stand in the place: the word itself stands in one of the next, without a gap
    unknown = [missed[rows[missed, 0] == 0]]
    left = missed[rows[missed, 0] != 0]
    while len(left):
        slots[left] = (slots[left] + 1) & ((1 << bits) - 1)
        rows = table[slots[left]]
        found = rows[:, 0] == products[left]
        numbers[left[found]] = rows[found, 1]
        unknown.append(left[rows[:, 0] == 0])
        left = left[~found & (rows[:, 0] != 0)]
    return numbers, numpy.concatenate(unknown)
