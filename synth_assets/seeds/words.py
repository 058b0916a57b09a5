"""How many words a text has: runs between white space that hold a letter or digit.

A French colon or a dash that stands alone is no word; "l'eau", "a.m." and "20-minute" are one word each, as in a word
processor's count.
"""

from collections.abc import Sequence

import numpy

from synth_assets.letters import BETWEEN, Replacement, joined

LEAST_AT_ONCE = 16
"""Texts that are counted one by one, where there are fewer: arrays cost some microseconds."""

_ASCII = bytes(range(128))
_NO_WORD = bytes(code for code in _ASCII if not chr(code).isalnum() and not chr(code).isspace())
_WORDS_AND_SPACE = bytes(
    ord("\n") if code == BETWEEN[0] else ord(" ") if code < 128 and chr(code).isspace() else ord("x")
    for code in range(256)
)


def _word_or_space(letter: str) -> bytes:
    raw = letter.encode("utf-8", "surrogatepass")
    if letter.isalnum():
        return raw
    return (b" " if letter.isspace() else b"\0").ljust(len(raw), b"\0")  # NUL is among what `_NO_WORD` takes out


_words_or_space = Replacement(_word_or_space)


def count_words(text: str) -> int:
    """The number of words in a text."""
    return count_words_of([text])[0]


def count_words_of(texts: Sequence[str]) -> list[int]:
    """The number of words in each text.

    What is neither word nor space is deleted, and the starts of the runs left are counted, in bytes: sectioning asks
    this of every block.
    """
    runs = _words_or_space(joined(texts)).translate(_WORDS_AND_SPACE, _NO_WORD)
    if len(texts) < LEAST_AT_ONCE:
        return [text.count(b" x") for text in runs.split(b"\n")[1:]]
    found = numpy.frombuffer(runs, dtype=numpy.uint8)
    starts = numpy.flatnonzero((found[1:] == ord("x")) & (found[:-1] == ord(" ")))
    bounds = numpy.searchsorted(starts, numpy.flatnonzero(found == ord("\n")))
    return numpy.diff(bounds, append=len(starts)).tolist()
