from itertools import pairwise

import numpy as np
import pytest

from synth_assets.benchmark_files import BenchmarkItem
from synth_assets.quality.decontamination import (
    CAP,
    Contamination,
    SampleText,
    WordIndex,
    chunks,
    index_items,
    near_items,
)
from synth_assets.vector_index import VectorIndex

LONG = (
    "A farmer has seventeen sheep in a field beside the river and all but nine of them run away "
    "during the night, so how many sheep are left in the morning?"
)
MIDDLE = "Which Roman emperor built the great wall across northern Britain?"  # 10 words
SHORT = "What is the capital of France?"


def item(name: str, question: str, answer: str = "") -> BenchmarkItem:
    return BenchmarkItem(benchmark="quiz", item=name, question=question, answer=answer)


def search(items: list[BenchmarkItem], *texts: str, query: str = "", **options: float) -> list[Contamination]:
    (found,) = WordIndex(items).search([SampleText(query=query, texts=texts)], **options)
    return found


def test_a_run_of_thirteen_words_names_benchmark_item_and_overlap():
    words = LONG.split()
    found = search([item("7", LONG)], "Once upon a time " + " ".join(words[3:16]) + " and slept")
    assert found == [Contamination("quiz", "7", round(1 / (len(words) - 12), 6), "words")]
    assert search([item("7", LONG)], " ".join(words[3:15])) == []


def test_the_whole_question_has_overlap_one_whatever_its_case_and_punctuation():
    spoiled = LONG.upper().replace(",", " -- ").replace(" ", "  ")
    assert search([item("7", LONG)], query=spoiled) == [Contamination("quiz", "7", 1.0, "words")]


def test_full_width_letters_are_read_as_plain_ones():
    wide = "".join(chr(ord(letter) + 0xFEE0) if letter.isalpha() else letter for letter in LONG)
    assert search([item("7", LONG)], wide)[0].overlap == 1.0


def test_an_answer_of_thirteen_words_counts_too():
    found = search([item("1", MIDDLE, LONG)], "Said he: " + LONG)
    assert [each.item for each in found] == ["1"]
    assert 0.9 < found[0].overlap < 1


def test_a_question_of_eight_to_twelve_words_must_occur_whole():
    assert search([item("2", MIDDLE)], f"Tell me. {MIDDLE} I wonder.")[0].overlap == 1.0
    assert search([item("2", MIDDLE)], MIDDLE.replace("great", "long")) == []


def test_a_shorter_question_counts_only_as_the_whole_query():
    assert search([item("3", SHORT)], f"He asked: {SHORT}", query="Tell me about Paris") == []
    assert search([item("3", SHORT)], query="what is the capital of FRANCE") == [
        Contamination("quiz", "3", 1.0, "query")
    ]


def test_a_run_does_not_go_on_from_one_text_to_the_next():
    words = LONG.split()
    assert search([item("7", LONG)], " ".join(words[:8]), " ".join(words[8:16])) == []
    samples = [SampleText(query=" ".join(words[:8])), SampleText(query=" ".join(words[8:16]))]
    assert WordIndex([item("7", LONG)]).search(samples) == [[], []]


def test_words_that_no_item_holds_break_a_run():
    words = LONG.split()
    assert search([item("7", LONG)], " ".join([*words[:10], "zebra", *words[10:20]])) == []


def test_a_run_that_occurs_twice_counts_once():
    run = " ".join(LONG.split()[:13])
    once, twice = search([item("7", LONG)], run), search([item("7", LONG)], run + " " + run)
    assert once[0] == twice[0]


def test_a_larger_least_overlap_lets_common_openings_pass():
    opening = " ".join(LONG.split()[:13])
    assert search([item("7", LONG)], opening, least_overlap=0.5) == []
    assert search([item("7", LONG)], LONG, least_overlap=0.5) != []


def test_runs_can_be_shorter_and_questions_of_fewer_words_still_count_whole():
    words = LONG.split()
    sample = SampleText(query="", texts=[" ".join(words[3:9])])
    assert WordIndex([item("7", LONG)], 7).search([sample]) == [[]]
    assert WordIndex([item("7", LONG)], 5).search([sample])[0][0].item == "7"
    assert WordIndex([item("3", SHORT)], 6).search([SampleText(query="", texts=[f"Say: {SHORT}"])])[0][0].overlap == 1.0
    with pytest.raises(ValueError, match="2 words at least"):
        WordIndex([], 1)


def test_items_come_by_overlap_and_are_capped():
    items = [item(f"{number:02d}", LONG + " really" * (number % 3)) for number in range(30)]
    found = search(items, LONG)
    assert len(found) == CAP
    assert found == sorted(found, key=lambda each: (-each.overlap, each.item))
    assert found[0] == Contamination("quiz", "00", 1.0, "words")


def test_no_items_and_no_words_find_nothing():
    assert search([], LONG, query=SHORT) == []
    assert search([item("1", "?!"), item("2", LONG)], "", query="?!") == []
    assert WordIndex([item("2", LONG)]).search([]) == []


def test_words_agree_with_a_comparison_of_every_run():
    rng = np.random.default_rng(3)
    vocabulary = [f"w{number}" for number in range(40)]
    texts = [" ".join(rng.choice(vocabulary, size)) for size in rng.integers(1, 40, 60)]
    items = [item(str(number), text) for number, text in enumerate(texts)]
    samples = []
    for _ in range(250):
        source = texts[rng.integers(len(texts))].split()
        start = int(rng.integers(len(source)))
        cut = source[start : start + int(rng.integers(1, 30))]
        samples.append(" ".join([*rng.choice(vocabulary, 20), *cut, *rng.choice(vocabulary, 20)]))

    def runs(text: str, length: int) -> set[tuple[str, ...]]:
        words = text.split()
        return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}

    found = WordIndex(items).search([SampleText(query="", texts=[text]) for text in samples])
    hits = 0
    for text, each in zip(samples, found, strict=True):
        expected = {}
        for one in items:
            length = min(13, len(one.question.split()))
            shared = runs(one.question, length) & runs(text, length) if length >= 8 else set()
            if shared:
                expected[one.item] = round(len(shared) / len(runs(one.question, length)), 6)
        assert {contamination.item: contamination.overlap for contamination in each} == expected
        hits += len(expected)
    assert hits > 20


# --- vectors


def unit(*rows: list[float]) -> np.ndarray:
    array = np.array(rows, dtype=np.float32)
    return array / np.linalg.norm(array, axis=1, keepdims=True)


def test_the_nearest_chunk_of_a_sample_decides():
    items = [item("east", "east"), item("north", "north")]
    with VectorIndex.open(None, 2) as index:
        index_items(index, items, lambda texts: unit(*([1, 0] if text == "east" else [0, 1] for text in texts)))
        vectors = unit([1, 0.5], [1, 0.1], [0.7, 0.7], [-1, 0])
        found = near_items(vectors, [0, 0, 1, 2], 4, index, {one.key: one for one in items}, 0.85)
    assert [[each[:2] for each in one] for one in found] == [[("quiz", "east")], [], [], []]
    assert found[0][0].overlap == pytest.approx(1 / np.hypot(1, 0.1), abs=1e-6)
    assert found[0][0].method == "vector"


def test_items_that_left_a_benchmark_leave_its_index_and_others_are_not_embedded_again():
    asked: list[str] = []

    def embed(texts: list[str]) -> np.ndarray:
        asked.extend(texts)
        return unit(*([1, len(text)] for text in texts))

    with VectorIndex.open(None, 2) as index:
        index_items(index, [item("1", "one"), item("2", "three")], embed)
        index_items(index, [item("2", "three"), item("3", "seven", "yes")], embed)
        assert sorted(asked) == ["one", "seven\nyes", "three"]
        assert index.ids() == sorted([item("2", "three").key, item("3", "x").key])


def test_vectors_without_the_number_of_their_sample_are_an_error():
    with VectorIndex.open(None, 2) as index, pytest.raises(ValueError, match="1 vectors and 2 numbers"):
        near_items(unit([1, 0]), [0, 1], 2, index, {}, 0.9)


def test_a_short_text_is_one_chunk_and_an_empty_one_none():
    assert chunks("a few words") == ["a few words"]
    assert chunks(" \n ") == []


def test_chunks_fit_the_window_overlap_and_leave_nothing_out():
    words = [f"word{number}" for number in range(1000)]
    made = chunks(" ".join(words), tokens=64, tokens_of=lambda word: 2)
    assert all(2 * len(each.split()) <= 62 for each in made)
    assert list(dict.fromkeys(word for each in made for word in each.split())) == words
    assert all(one.split()[-1] in other.split() for one, other in pairwise(made))


def test_a_text_without_spaces_is_cut_by_characters():
    text = "".join(chr(0x4E00 + number) for number in range(2000))
    made = chunks(text)
    assert all(len(each) <= 254 for each in made)
    assert set("".join(made)) == set(text)
    assert len(made) < 12


def test_a_window_must_have_room():
    with pytest.raises(ValueError, match="16 at least"):
        chunks("text", tokens=8)
