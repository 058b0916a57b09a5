import hashlib
import pickle
import re
from dataclasses import replace
from itertools import combinations

import pytest

from synth_assets.identity import normalised, rng_of
from synth_assets.letters import BETWEEN
from synth_assets.seeds import copies
from synth_assets.seeds.base import Block, Seed
from synth_assets.seeds.copies import EXACT_BYTES
from synth_assets.seeds.sections import split_sections
from synth_assets.seeds.signatures import SHINGLE_WORDS, fold, refuse_copies, signatures_of

VOCABULARY = [f"{first}{second}" for first in ("ba", "ko", "ri", "mu", "te") for second in ("lan", "dor", "mis", "ve")]


def section_of(text, title="A", language="en"):
    (section,) = split_sections(
        Seed(
            collection="test",
            language=language,
            title=title,
            url=f"https://example.org/{title}",
            license="CC-BY-SA-4.0",
            blocks=(Block(kind="paragraph", text=text),),
        )
    )
    return section


def random_words(name, count=60):
    rng = rng_of("copies", name)
    return [f"{rng.choice(VOCABULARY)}{rng.randrange(100)}" for _ in range(count)]


def jaccard(first, second):
    one, other = (
        {tuple(words[i : i + 5]) for i in range(len(words) - 4)}
        for words in (normalised(first).split(), normalised(second).split())
    )
    return len(one & other) / len(one | other)


def verdicts(sections):
    return [(section.reason, section.copy_of) for section in sections]


def test_equal_texts_in_other_letters_and_spaces_are_exact_copies():
    text = " ".join(random_words("exact"))
    first, second = section_of(text, "A"), section_of(text.upper().replace(" ", "\u00a0 "), "B")
    found = refuse_copies([first, second])
    assert verdicts(found.sections) == [("", ""), ("exact_copy", first.section_id)]
    assert [signature.section_id for signature in found.signatures] == [first.section_id]


def test_copies_in_two_languages_are_both_kept():
    text = " ".join(random_words("language"))
    found = refuse_copies([section_of(text, "A", "en"), section_of(text, "A", "fr")])
    assert verdicts(found.sections) == [("", ""), ("", "")]


@pytest.mark.parametrize(("changed", "reason"), [(0, "exact_copy"), (1, "near_copy"), (2, "")])
def test_near_copies_share_four_fifths_of_their_shingles(changed, reason):
    words = random_words("near", 64)  # 60 shingles; each changed word costs five: 55/65 is above 0.8, 50/70 below
    other = [f"{word}x" if index in (20, 40)[:changed] else word for index, word in enumerate(words)]
    first, second = section_of(" ".join(words), "A"), section_of(" ".join(other), "B")
    assert refuse_copies([first, second]).sections[1].reason == reason


def test_exactly_four_fifths_is_a_copy():
    words = random_words("limit", 49)  # 45 shingles; one changed word in the middle leaves 40 common of 50
    other = [*words[:20], "changed", *words[21:]]
    assert jaccard(" ".join(words), " ".join(other)) == 0.8
    assert refuse_copies([section_of(" ".join(words), "A"), section_of(" ".join(other), "B")]).sections[1].copy_of


def crowd(size=120):
    """Families of texts that differ by a few words each, so that some pairs are copies and some are not."""
    rng = rng_of("crowd")
    for number in range(size):
        words = random_words(f"family {number % 12}", 50 + number % 12)
        for _ in range(rng.randrange(0, 4)):
            words[rng.randrange(len(words))] = rng.choice(VOCABULARY)
        if rng.random() < 0.3:
            words = words[rng.randrange(0, 8) :]
        yield section_of(" ".join(words), f"T{number}")


def test_every_pair_is_judged_as_comparing_all_with_all_would():
    sections = list(crowd())
    found = refuse_copies(sections)
    kept = [section for section in found.sections if not section.reason]
    refused = [section for section in found.sections if section.reason]
    assert len(kept) > 20
    assert len(refused) > 20
    by_id = {section.section_id: section for section in kept}
    assert all(jaccard(one.text, other.text) < 0.8 for one, other in combinations(kept, 2))
    assert all(jaccard(section.text, by_id[section.copy_of].text) >= 0.8 for section in refused)


def test_two_runs_judge_as_one_does():
    sections = list(crowd())
    whole = refuse_copies(sections)
    first = refuse_copies(sections[:70])
    stored = pickle.loads(pickle.dumps(first.signatures))
    second = refuse_copies(sections[70:], stored)
    assert [*first.sections, *second.sections] == whole.sections
    assert [*first.signatures, *second.signatures] == whole.signatures


def test_a_second_run_over_the_same_sections_changes_nothing():
    sections = list(crowd())
    first = refuse_copies(sections)
    again = refuse_copies(sections, first.signatures)
    assert again.sections == first.sections
    assert again.signatures == []


def test_a_known_section_stays_kept_when_its_copy_comes_before_it():
    text = " ".join(random_words("known"))
    known, newcomer = section_of(text, "Z"), section_of(text, "A")
    found = refuse_copies([newcomer, known], refuse_copies([known]).signatures)
    assert verdicts(found.sections) == [("exact_copy", known.section_id), ("", "")]


def test_a_refused_section_is_no_original():
    text = " ".join(random_words("refused"))
    refused = replace(section_of(text, "A"), reason="wrong_language")
    found = refuse_copies([refused, section_of(text, "B")])
    assert verdicts(found.sections) == [("wrong_language", ""), ("", "")]


def test_nothing_in_nothing_out():
    assert refuse_copies([]) == ([], [])


def test_a_signature_takes_about_four_bytes_a_word():
    (signature,) = refuse_copies([section_of(" ".join(random_words("size", 100)))]).signatures
    assert len(signature.data) == 16 + 4 * 96


def test_signatures_are_the_same_in_every_version():
    (signature,) = refuse_copies([section_of("one two three four five six seven eight nine ten " * 3)]).signatures
    assert signature.data.hex() == (
        "9fe6bf9191834c9be74592ec147f340c4b213c2b8b07de5ca01b2f7f292f878eccdbdf9bf49f9aa7e93587b94f6615d6555edae8281ceff9"
    )


def test_many_signatures_at_once_are_those_of_each_text_alone():
    rng = rng_of("copies", "letters")
    letters = "abc  \n\t.,'_09\u00b2\u00df\u0130\u0301\u00a0\u2028\x85\x1c\ufb01\u2013\u2026\u4e2d"
    texts = ["".join(rng.choices(letters, k=rng.randrange(120))) for _ in range(300)]
    texts.append("word " + " ".join(map(chr, range(0x2190, 0x2250))) + " word")  # more kinds of signs than are replaced
    for text, together in zip(texts, signatures_of(fold(texts)), strict=True):
        words = re.findall(r"\w+", normalised(text))
        assert together == signatures_of(fold([text]))[0]
        assert together[:EXACT_BYTES] == hashlib.sha256(normalised(text).encode()).digest()[:EXACT_BYTES]
        assert len(together) <= EXACT_BYTES + 4 * max(1, len(words) - SHINGLE_WORDS + 1)


def test_letters_are_folded_as_in_their_texts_whatever_stands_beside_them():
    texts = [
        f"a{letter}b {letter} {letter}{letter}"
        for code in (*range(0xA0, 0x3400), *range(0xAC00, 0xAC40), *range(0xF900, 0x10000), *range(0x1D15E, 0x1D800))
        if (letter := chr(code)).isprintable() or letter.isspace()
    ]
    composed = [f"{text}\u0301 \u1112\u1161\u11ab \uac00\u11a8 \u304b\u3099 \u3131\u314f" for text in texts[:500]]
    for some in (texts, composed, *([text] for text in composed)):
        plain = fold(some).texts.split(BETWEEN)[1:]
        assert [each.strip(b" ") for each in plain] == [normalised(text).encode() for text in some]


def test_signatures_in_a_file_and_in_many_parts_give_the_same_verdicts(tmp_path, monkeypatch):
    texts = [random_words(f"part {number % 30}", 80) for number in range(90)]
    for number, words in enumerate(texts):
        for place in range(0, number % 4 * 9, 9):
            words[place] = f"other{number}"
    sections = [section_of(" ".join(words), str(number)) for number, words in enumerate(texts)]
    plain = verdicts(refuse_copies(sections).sections)
    assert {reason for reason, _ in plain} == {"", "exact_copy", "near_copy"}
    monkeypatch.setattr(copies, "SPOOLED_BYTES", 1_000)
    monkeypatch.setattr(copies, "CHUNK_BYTES", 400)
    assert verdicts(refuse_copies(sections).sections) == plain


def test_what_is_known_is_added_before_what_is_not():
    with copies.CopyFinder() as finder:
        finder.add(b"a" * 16, "en", is_known=False)
        with pytest.raises(ValueError, match="known are added first"):
            finder.add(b"b" * 16, "en", is_known=True)
        assert list(finder.copies()) == []
