import zlib
from itertools import pairwise

import pytest

from synth_assets.identity import rng_of
from synth_assets.letters import BETWEEN, Replacement, WordTable, joined, spaced_once, words_of

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
    words = words_of(spaced_once(joined(texts)), ending=b"'")
    found = [
        words.raw[start : start + length].decode("latin-1")
        for start, length in zip(words.starts.tolist(), words.lengths.tolist(), strict=True)
    ]
    assert [found[first : last - 1] for first, last in pairwise(words.firsts.tolist())] == [
        text.replace("'", "' ").split() for text in texts
    ]


def strange_words(name, count):
    """Words of one to forty letters, many of which begin alike."""
    rng = rng_of("words", name)
    return ["ab" * rng.randrange(9) + "".join(rng.choices("abé9", k=rng.randrange(1, 23))) for _ in range(count)]


def asked(table, words):
    # what stands in front of the first word is the mark of their text
    return table.of(words_of(spaced_once(joined([" ".join(words)])))).tolist()[1:]


@pytest.mark.parametrize("most", [8, 100, 1 << 16])
def test_a_number_is_the_words_own_however_many_are_known(most):
    table = WordTable(learn=lambda word: zlib.crc32(word) + 1, most=most)
    for name in range(3):
        words = [*strange_words(name, 500), *strange_words("again", 300)]
        assert asked(table, words) == [zlib.crc32(word.encode()) + 1 for word in words]


def test_a_table_that_learns_nothing_knows_its_words_and_no_others():
    known = {word.encode(): number for number, word in enumerate(sorted(set(strange_words("known", 400))), 1)}
    table = WordTable(known, most=512)
    words = [*strange_words("known", 400), *strange_words("others", 400)]
    assert asked(table, words) == [known.get(word.encode(), 0) for word in words]
