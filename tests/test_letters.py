from itertools import pairwise

import pytest

from synth_assets.identity import rng_of
from synth_assets.letters import BETWEEN, Replacement, joined, spaced_once, words_of

LETTERS = "aZ9_ \n.'éÉßİΣς½²… \u00a0\u2009\u3000\u2013\u2019«»漢字か٣\U0001f600\U00010400e\u0301\u200b\ud800"


def nonsense(name, size):
    rng = rng_of("letters", name)
    return "".join(rng.choice(LETTERS) for _ in range(size))


def as_small(letter):
    return letter.lower().encode("utf-8", "surrogatepass")


def without_dashes(letter):
    return b"" if letter in "\u2013…" else letter.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("of", [as_small, without_dashes])
@pytest.mark.parametrize("size", [0, 10, 1_000, 20_000])
def test_little_and_much_text_is_replaced_letter_by_letter(of, size):
    text = nonsense(size, size)
    expected = b"".join(of(letter) if ord(letter) > 127 else letter.encode() for letter in text)
    assert Replacement(of)(text.encode("utf-8", "surrogatepass")) == expected


def test_texts_stay_apart_when_letters_are_replaced_in_all_of_them():
    texts = [nonsense(number, 40 * number) for number in range(60)]
    parts = Replacement(as_small)(joined(texts)).split(BETWEEN)[1:]
    apart = [Replacement(as_small)(text.encode("utf-8", "surrogatepass")) for text in texts]
    assert [part.removeprefix(b" ") for part in parts] == [*(text + b" " for text in apart[:-1]), apart[-1]]


@pytest.mark.parametrize("raw", [b"", b" ", b"a", b"  a  b c   ", b"ab    "])
def test_every_run_of_spaces_is_one(raw):
    assert spaced_once(raw).split() == raw.split()
    assert b"  " not in spaced_once(raw)
    assert spaced_once(raw)[:1] != b" " or not raw.strip()


@pytest.mark.parametrize("texts", [[""], ["one"], ["one two", "", "l'eau d'une", "'", "three"], [" a  b ", "c"]])
def test_words_stand_with_their_texts(texts):
    words, firsts = words_of(spaced_once(joined(texts)), ending=b"'")
    found = [word.decode("latin-1").strip() for word in words.to_pylist()]
    assert [found[first : last - 1] for first, last in pairwise(firsts)] == [
        text.replace("'", "' ").split() for text in texts
    ]
