import random
from functools import cache

import pytest

from synth_assets.quality.rouge import nearest, rouge_l, words


def common_subsequence(first, second):
    """The textbook recursion, as an independent measure."""

    @cache
    def longest(i, j):
        if i == len(first) or j == len(second):
            return 0
        if first[i] == second[j]:
            return 1 + longest(i + 1, j + 1)
        return max(longest(i + 1, j), longest(i, j + 1))

    return longest(0, 0)


@pytest.mark.parametrize(
    ("first", "second", "score"),
    [
        ("police killed the gunman", "police kill the gunman", 0.75),  # Lin 2004, section 3.1
        ("police killed the gunman", "the gunman kill police", 0.5),
        ("The cat sat.", "the CAT -- sat", 1.0),
        ("one two three", "four five six", 0.0),
        ("a b a b a", "b a b", 0.75),
        ("", "anything", 0.0),
        ("", "", 0.0),
        ("?!", "...", 0.0),
    ],
)
def test_the_score_is_the_f_measure_of_the_longest_common_subsequence(first, second, score):
    assert rouge_l(first, second) == pytest.approx(score)


@pytest.mark.parametrize("seed", range(20))
def test_random_texts_score_as_the_plain_recursion_says_and_alike_in_both_orders(seed):
    rng = random.Random(seed)
    first, second = (tuple(rng.choices("abcdefgh", k=rng.randint(1, 90))) for _ in range(2))
    expected = 2 * common_subsequence(first, second) / (len(first) + len(second))

    assert rouge_l(" ".join(first), " ".join(second)) == pytest.approx(expected)
    assert rouge_l(" ".join(second), " ".join(first)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Żółw szybko biegł.", ("żółw", "szybko", "biegł")),
        ("l'élève d'hier", ("l", "élève", "d", "hier")),
        ("STRASSE Straße", ("strasse", "strasse")),
        ("cafe\u0301", ("café",)),
        ("Сколько будет 2+2?", ("сколько", "будет", "2", "2")),
        ("snake_case", ("snake", "case")),
    ],
)
def test_words_keep_the_letters_of_every_language(text, expected):
    assert words(text) == expected


def test_texts_that_differ_only_in_accented_letters_are_not_the_same():
    assert rouge_l("zrób łódkę", "zrób lodkę") == 0.5


def test_the_nearest_is_the_one_that_comparing_with_each_finds():
    rng = random.Random(7)
    pool = [" ".join(rng.choices("abcdefghijkl", k=rng.randint(1, 30))) for _ in range(300)]
    for _ in range(20):
        text = " ".join(rng.choices("abcdefghijkl", k=rng.randint(1, 30)))
        scores = [rouge_l(text, other) for other in pool]
        assert nearest(text, pool) == (max(scores), scores.index(max(scores)))


def test_nothing_is_nearest_when_no_word_is_shared():
    assert nearest("one two", ["three", ""]) == (0.0, -1)
    assert nearest("one two", []) == (0.0, -1)
