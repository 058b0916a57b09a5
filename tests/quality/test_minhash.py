import random

import pytest

from synth_assets.quality.minhash import (
    LexicalIndex,
    LexicalMatch,
    Shingled,
    bands_of,
    jaccard,
    lexical_matches,
    shingle,
    words_of,
)

VOCABULARY = [f"word{number}" for number in range(3000)]


def text_of(seed: int, words: int = 100) -> str:
    return " ".join(random.Random(seed).choices(VOCABULARY, k=words))


def changed(text: str, *places: int) -> str:
    words = text.split()
    for place in places:
        words[place] = "changed"
    return " ".join(words)


def exact(one: str, other: str) -> float:
    sets = [{tuple(text.split()[start : start + 5]) for start in range(len(text.split()) - 4)} for text in (one, other)]
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1])


def test_words_are_compared_without_case_punctuation_and_width():
    assert words_of("The “Cat”, it-sat!  \uff2f\uff2e\nÉTÉ snake_case 3.5") == words_of(
        "the cat it sat on été snake_case 3 5"
    )


def test_ascii_is_split_like_all_other_text():
    text = "".join(chr(code) for code in range(128)) * 2 + " a_b c-d"
    assert words_of(text) == words_of(text + " é")[:-1]


def test_the_similarity_is_that_of_the_sets_of_shingles():
    one, other = text_of(1), changed(text_of(1), 50)
    first, second = shingle([one, other])
    assert jaccard(first, second) == pytest.approx(exact(one, other), abs=1e-6)
    assert jaccard(first, first) == 1.0
    assert jaccard(*shingle([one, text_of(2)])) == 0.0


def test_texts_are_shingled_alone_whatever_stands_beside_them():
    texts = [text_of(seed, words) for seed, words in enumerate((100, 3, 0, 20, 19, 5000, 1))]
    assert shingle(texts) == [shingle([text])[0] for text in texts]


def test_signatures_are_the_same_everywhere():
    (made,) = shingle([text_of(7)])
    assert len(made.signature) == 512
    assert made.signature[:8].hex() == "4d4a476780a76fb9"
    assert made.shingles[:8].hex() == "f15844eb96c9600d"


def test_a_short_text_is_compared_by_characters():
    one, other = shingle(["What is the capital of France?", "what is the capital of france"])
    assert jaccard(one, other) == 1.0
    near, far = shingle(["What is the capital of France, then?", "Name three rivers of Germany."])
    assert 0.7 < jaccard(one, near) < 1
    assert jaccard(one, far) < 0.1
    chinese = shingle(["北京是中华人民共和国的首都和政治中心", "北京是中华人民共和国的首都和文化中心"])
    assert 0.4 < jaccard(*chinese) < 1


def test_texts_without_a_letter_match_nothing():
    blank = shingle(["", " ?! ", "..."])
    assert all(text.shingles == b"" for text in blank)
    index = LexicalIndex(0.5)
    index.add(["a", "b", "c"], blank)
    assert index.search(blank) == [[], [], []]


def test_near_copies_are_found_best_first_and_others_are_not():
    base = text_of(1)
    kept = {
        "far": text_of(2),
        "one": changed(base, 3),
        "three": changed(base, 3, 40, 80),
        "half": base[: len(base) // 2],
    }
    found = lexical_matches({"new": base, "other": text_of(3)}, kept, 0.7)
    assert [match.id for match in found["new"]] == ["one", "three"]
    assert [match.jaccard for match in found["new"]] == [
        pytest.approx(exact(base, kept[name]), abs=1e-6) for name in ("one", "three")
    ]
    assert found["other"] == []


def test_equal_texts_come_by_their_id_and_a_text_does_not_match_itself():
    found = lexical_matches({"b": text_of(1)}, {"c": text_of(1), "a": text_of(1), "b": text_of(1)}, 0.9)
    assert found == {"b": [LexicalMatch("a", 1.0), LexicalMatch("c", 1.0)]}


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.7, 0.9])
def test_bands_lose_almost_no_pair_above_the_threshold(threshold):
    rng = random.Random(5)
    bases = [text_of(seed) for seed in range(300)]
    others = [changed(base, *rng.sample(range(100), rng.randint(0, 12))) for base in bases]
    index = LexicalIndex(threshold)
    index.add([str(place) for place in range(300)], shingle(bases))
    found = index.search(shingle(others))
    reach = [place for place in range(300) if round(exact(bases[place], others[place]), 6) >= threshold]
    missed = [place for place in reach if str(place) not in {match.id for match in found[place]}]
    assert len(reach) > 40
    assert len(missed) <= 0.01 * len(reach)
    assert sum(map(len, found)) == len(reach) - len(missed)


def test_rows_that_come_one_by_one_are_found_like_those_that_come_together():
    texts = shingle([changed(text_of(seed % 40), seed) for seed in range(90)])
    ids = [f"{number:02d}" for number in range(90)]
    together, single = LexicalIndex(0.6), LexicalIndex(0.6)
    together.add(ids, texts)
    for name, text in zip(ids, texts, strict=True):
        single.add([name], [text])
    assert together.search(texts) == single.search(texts)
    assert len(single) == 90
    assert sum(map(len, single.search(texts))) > 150


def test_rows_leave_and_may_come_again():
    texts = shingle([text_of(1), text_of(2)])
    index = LexicalIndex(0.8)
    index.add(["a", "b"], texts)
    index.remove(["a", "unknown"])
    assert "a" not in index
    assert index.search(texts) == [[], [LexicalMatch("b", 1.0)]]
    index.add(["a"], texts[1:])
    assert index.search(texts) == [[], [LexicalMatch("a", 1.0), LexicalMatch("b", 1.0)]]


def test_what_cannot_be_added_is_an_error_and_adds_nothing():
    texts = shingle([text_of(1)])
    index = LexicalIndex(0.8)
    index.add(["a"], texts)
    with pytest.raises(ValueError, match="a is in the index already"):
        index.add(["b", "a"], texts * 2)
    with pytest.raises(ValueError, match="2 ids and 1 texts"):
        index.add(["b", "c"], texts)
    with pytest.raises(ValueError, match="512 bytes"):
        index.add(["b"], [Shingled(signature=b"short", shingles=b"12345678")])
    assert len(index) == 1
    assert index.search(texts) == [[LexicalMatch("a", 1.0)]]


@pytest.mark.parametrize("threshold", [0.0, -1.0, 1.5])
def test_a_threshold_is_a_part(threshold):
    with pytest.raises(ValueError, match="at most 1"):
        LexicalIndex(threshold)


@pytest.mark.parametrize("threshold", [0.7, 0.8, 0.9])
def test_texts_that_match_in_an_index_share_a_band_and_unlike_ones_none(threshold):
    base = [f"w{number}" for number in range(60)]
    near = [*base[:59], "other"]
    texts = shingle([" ".join(base), " ".join(near), " ".join(f"v{number}" for number in range(60))])
    one, other, unlike = bands_of(texts, threshold)
    index = LexicalIndex(threshold)
    index.add(["one"], texts[:1])
    assert [match.id for match in index.search(texts[1:2])[0]] == ["one"]
    assert set(one.tolist()) & set(other.tolist())
    assert not set(one.tolist()) & set(unlike.tolist())
    assert bands_of([], threshold).shape == (0, len(one))
