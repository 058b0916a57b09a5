import random
import re
import time
from collections import Counter
from dataclasses import replace

import pytest

from synth_assets.identity import rng_of
from synth_assets.languages import LANGUAGES
from synth_assets.seeds.base import Block, Seed
from synth_assets.seeds.registry import READERS
from synth_assets.seeds.sections import REFUSALS, refuse_wrong_language, split_sections
from synth_assets.seeds.sentences import split_sentences
from synth_assets.seeds.signatures import refuse_copies
from synth_assets.seeds.words import count_words, count_words_of

# Sentences that naive splitters cut: abbreviations, initials, ordinals, decimals, quotations.
SENTENCES = {
    "en": [
        "J. R. R. Tolkien was born c. 1892 and lived, e.g., in Oxford.",
        "Dr. Smith met Mr. Jones vs. the U.S. Army at 5 p.m. on a Sunday.",
        "St. Paul has about 3.14 times as many people as it had before.",
        "Is that so?",
        'She said "Stop. Go now." and left the room with Prof. Lee.',
    ],
    "fr": [
        "Il vit p. ex. à Paris avec M. Dupont et Mme. Durand depuis 1990.",
        "Auguste est né en 63 av. J.-C. à Rome, dans une famille aisée.",
        "Pourquoi donc ?",
        "Voir aussi l'article de A. Camus, p. 12 et suivantes, éd. Gallimard.",
    ],
    "de": [
        "Er wurde am 3. Oktober 1990 z. B. in Berlin von Dr. Müller geboren.",
        "Ludwig XIV. war König und lebte ca. 77 Jahre, u. a. in Versailles.",
        "Wer war das?",
        "Das Haus hat 2,5 Etagen und steht an der Hl. Geist Str. am Markt.",
    ],
    "it": [
        "Il sig. Rossi nacque nel sec. XIX a S. Giovanni, ad es. vicino a Roma.",
        "Il prof. G. Verdi arrivò con la sig.ra Bianchi alle ore 5.30 di sera.",
        "Chi era?",
    ],
    "es": [
        "El Sr. López vive en EE. UU. desde 1990 con la Sra. Gómez y su hijo.",
        "Nació c. 1850 en Sta. Cruz, p. ej. en la Av. Central, cerca del puerto.",
        "¿Quién fue?",
    ],
    "pl": [
        "Ur. 3 maja 1880 r. w Krakowie, np. przy ul. Długiej, w starym domu.",
        "Prof. Kowalski i in. przybyli m.in. z Warszawy przed drugą wojną.",
        "Kto to był?",
    ],
    "nl": [
        "Dhr. Jansen woont o.a. in Den Haag, bijv. aan zee, met mevr. Bakker.",
        "Dr. de Vries kwam ca. 1900 met J. C. Bloem naar de stad aan zee.",
        "Wie was hij?",
    ],
    "la": [
        "C. Iulius Caesar natus est a. d. III Id. Quint. Romae ex gente Iulia.",
        "M. Tullius Cicero consul fuit et L. Catilinam ex urbe eiecit anno.",
        "Quis fuit?",
    ],
}
WORDS = ["stone", "river", "tower", "garden", "letter", "winter", "market", "bridge", "copper", "island", "valley"]


def seed_of(*blocks, language="en", **changes):
    seed = Seed(
        collection="test",
        language=language,
        title="A Title",
        url="https://en.wikipedia.org/wiki/A_Title",
        license="CC-BY-SA-4.0",
        blocks=blocks,
    )
    return replace(seed, **changes)


def heading(text, level=1, anchor=""):
    return Block(kind="heading", text=text, level=level, anchor=anchor)


def paragraph(text):
    return Block(kind="paragraph", text=text)


def item(text):
    return Block(kind="list_item", text=text)


def words(count, name="word"):
    """Text of so many words, in sentences of ten."""
    sentences = [
        " ".join(f"{name.capitalize() if i == 0 else name}{start + i}" for i in range(min(10, count - start))) + "."
        for start in range(0, count, 10)
    ]
    return " ".join(sentences)


def outline(seed):
    return [(section.heading_path, section.words, section.reason) for section in split_sections(seed)]


def random_seed(number):
    rng = rng_of("article", number)
    blocks = []
    for position in range(rng.randrange(0, 40)):
        kind = rng.choice(["heading", "paragraph", "paragraph", "list_item"])
        length = rng.choice([1, 4, 15, 45, 120, 450, 900]) if kind != "heading" else rng.randrange(1, 4)
        run = []
        while len(run) < length:
            sentence = [
                rng.choice(WORDS) for _ in range(rng.choice([3, 9, 25, 60, 500] if length > 400 else [3, 9, 25]))
            ]
            run.extend([sentence[0].capitalize(), *sentence[1:-1], sentence[-1] + rng.choice([".", "!", "?", "..."])])
        if kind == "heading":
            run.insert(0, f"Heading-{position % 9}")  # no line of text is like it, but another heading may be
        text = rng.choice([" ", "\n "]).join(run[:length]) + rng.choice(["", " ", "\n\n", " -"])
        blocks.append(Block(kind=kind, text=text, level=rng.randrange(0, 8) if kind == "heading" else 0))
    return seed_of(*blocks)


@pytest.mark.parametrize("number", range(200))
def test_an_article_of_any_shape_keeps_the_rules(number):
    seed = random_seed(number)
    sections = split_sections(seed)
    text_words = [word for block in seed.blocks if block.kind != "heading" for word in block.text.split()]
    headings = {" ".join(block.text.split()) for block in seed.blocks if block.kind == "heading"}
    lines = [line for section in sections for line in section.text.split("\n") if line not in headings]
    assert [word for line in lines for word in line.split()] == text_words
    for section in sections:
        assert section.reason in REFUSALS | {""}
        assert section.words == count_words(section.text)
        assert section.reason or (20 if section.is_lead else 40) <= section.words <= 400
        assert section.reason != "too_long_sentence" or section.words > 400
        assert section.reason != "too_short" or section.words < 40
        assert section.reason != "no_text" or section.words == 0
    shown = {part for section in sections for part in (*section.heading_path, *section.text.split("\n"))}
    assert headings <= shown
    assert [section.position for section in sections] == list(range(len(sections)))
    assert len({section.section_id for section in sections}) == len(sections)
    assert split_sections(seed) == sections


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_text_is_never_cut_inside_a_sentence(language):
    rng = random.Random(language)
    chosen = [rng.choice(SENTENCES[language]) for _ in range(150)]
    sections = split_sections(seed_of(paragraph(" ".join(chosen)), language=language))
    assert len(sections) > 1
    assert not any(section.reason for section in sections)
    position = 0
    for section in sections:
        taken = ""
        while len(taken) < len(section.text):
            taken = f"{taken} {chosen[position]}".strip()
            position += 1
        assert taken == section.text
    assert position == len(chosen)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_joined_give_the_text_again(language):
    text = "  ".join(SENTENCES[language]) + "\n"
    sentences = split_sentences(language, text)
    assert "".join(sentences) == text
    assert [sentence.strip() for sentence in sentences] == SENTENCES[language]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("What is it?", 3),
        ("« L'eau » : un bien \u2013 commun !", 4),
        ("El niño preguntó: ¿por qué?", 5),
        ("Straßenbahn­haltestelle für 2,5 Tage", 4),
        ("dell'acqua e c'è", 3),
        ("m.in. w 1880 r.", 4),
        ("zo'n auto's", 2),
        ("C. Iulius Caesar", 3),
        ("--- ... — * 7", 1),
        ("a_b ___", 1),
    ],
)
def test_words_are_runs_with_a_letter_or_a_digit(text, count):
    assert count_words(text) == count


def test_counting_words_of_pure_punctuation_is_linear():
    assert count_words("-" * 1_000_000) == 0


def test_ten_thousand_nested_headings_are_cut_without_recursion():
    blocks = [block for level in range(1, 10_001) for block in (heading(f"H{level}", level), paragraph(words(45)))]
    sections = split_sections(seed_of(*blocks))
    assert len(sections) == 10_000
    assert not any(section.reason for section in sections)
    assert [section.heading_path[-1] for section in sections] == [f"H{level}" for level in range(1, 10_001)]
    assert max(len(section.heading_path) for section in sections) == 16


def test_ten_thousand_nested_headings_over_one_text_stand_all_in_some_row():
    blocks = [heading(f"H{level}", level) for level in range(1, 10_001)]
    sections = split_sections(seed_of(*blocks, paragraph(words(45))))
    assert {name for section in sections for name in section.heading_path} == {f"H{n}" for n in range(1, 10_001)}
    assert [section.heading_path[-1] for section in sections if not section.reason] == ["H10000"]


def test_a_lead_of_twenty_words_stands_alone():
    assert outline(seed_of(paragraph(words(20)), heading("A"), paragraph(words(10)), heading("B"))) == [
        ((), 20, ""),
        (("A",), 10, "too_short"),
        (("B",), 0, "no_text"),
    ]


def test_a_shorter_lead_goes_into_what_follows():
    (section,) = split_sections(seed_of(paragraph(words(19)), heading("Head"), paragraph(words(60, "other"))))
    assert (section.heading_path, section.is_lead) == ((), True)
    assert section.text == f"{words(19)}\n\nHead\n\n{words(60, 'other')}"


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ([30, 30], [(("H0",), 62, "")]),
        ([30, 100], [(("H0",), 132, "")]),
        ([100, 30], [(("H0",), 132, "")]),
        ([100, 30, 100], [(("H0",), 100, ""), (("H1",), 132, "")]),
        ([10, 10, 10, 10, 100], [(("H0",), 44, ""), (("H4",), 100, "")]),
        ([10, 10], [(("H0",), 10, "too_short"), (("H1",), 10, "too_short")]),
        ([30, 380], [(("H0",), 30, "too_short"), (("H1",), 380, "")]),
        ([380, 30], [(("H0",), 380, ""), (("H1",), 30, "too_short")]),
    ],
)
def test_short_neighbours_under_one_heading_are_joined(lengths, expected):
    blocks = [block for n, length in enumerate(lengths) for block in (heading(f"H{n}"), paragraph(words(length)))]
    assert outline(seed_of(*blocks)) == expected


def test_a_short_introduction_goes_into_its_first_subsection():
    blocks = (heading("A"), paragraph(words(15)), heading("A1", 2), paragraph(words(50)), heading("A2", 2))
    assert outline(seed_of(*blocks, paragraph(words(50)))) == [(("A",), 66, ""), (("A", "A2"), 50, "")]


def test_sections_under_different_headings_are_not_joined():
    blocks = (heading("A"), heading("A1", 2), paragraph(words(15)), heading("B"), paragraph(words(100)))
    assert outline(seed_of(*blocks)) == [(("A", "A1"), 15, "too_short"), (("B",), 100, "")]


def test_a_heading_without_text_has_a_row_unless_it_holds_others():
    blocks = (heading("A"), heading("A", 1), heading("A1", 2), paragraph(words(50)), heading("C"))
    assert outline(seed_of(*blocks)) == [(("A",), 0, "no_text"), (("A", "A1"), 50, ""), (("C",), 0, "no_text")]


@pytest.mark.parametrize("blocks", [(), (paragraph("  \n "),)])
def test_an_article_without_text_has_one_refused_row(blocks):
    (section,) = split_sections(seed_of(*blocks))
    assert (section.reason, section.text, section.is_lead) == ("no_text", "", True)


@pytest.mark.parametrize(("length", "lengths"), [(400, [400]), (401, [200, 201]), (1000, [330, 340, 330])])
def test_long_text_is_cut_into_equal_parts(length, lengths):
    found = [section.words for section in split_sections(seed_of(heading("A"), paragraph(words(length))))]
    assert sum(found) == length
    assert all(abs(one - other) <= 10 for one, other in zip(found, lengths, strict=True))


def test_a_sentence_longer_than_a_section_is_refused_alone():
    text = f"{words(50)} {'Verse ' + ' '.join(WORDS * 37)}. {words(60)}"
    assert [(count, reason) for _, count, reason in outline(seed_of(paragraph(text)))] == [
        (50, ""),
        (408, "too_long_sentence"),
        (60, ""),
    ]


def test_list_items_stay_whole_lines():
    items = [item(f"Take {number} eggs. Beat them well.") for number in range(100)]
    sections = split_sections(seed_of(heading("Procedure"), *items))
    assert len(sections) > 1
    assert [line for section in sections for line in section.text.split("\n")] == [block.text for block in items]


def test_sentences_nearly_as_long_as_a_section_are_not_lost():
    sentences = [" ".join([f"S{number}", *["word"] * 389]) + "." for number in range(5)]
    found = split_sections(seed_of(paragraph(" ".join(sentences))))
    assert [section.text for section in found] == sentences


@pytest.mark.parametrize(
    ("block", "url"),
    [
        (heading("Early life"), "https://en.wikipedia.org/wiki/A_Title#Early_life"),
        (heading("Café & Co."), "https://en.wikipedia.org/wiki/A_Title#Caf%C3%A9_%26_Co."),
        (heading("Early life", anchor="Youth"), "https://en.wikipedia.org/wiki/A_Title#Youth"),
    ],
)
def test_the_address_leads_to_the_heading(block, url):
    (section,) = split_sections(seed_of(block, paragraph(words(50))))
    assert section.url == url


def test_a_heading_that_comes_again_has_a_numbered_anchor():
    text = paragraph(words(50))
    urls = [section.url for section in split_sections(seed_of(text, heading("Works"), text, heading("works"), text))]
    assert [re.sub(r".*/", "", url) for url in urls] == ["A_Title", "A_Title#Works", "A_Title#works_2"]


def test_ids_do_not_change_when_text_is_added_elsewhere():
    old = split_sections(seed_of(heading("A"), paragraph(words(50, "old")), heading("B"), paragraph(words(60))))
    new = split_sections(
        seed_of(heading("New"), paragraph(words(70, "new")), heading("A"), paragraph(words(50, "old")), heading("B"),
                paragraph(words(60)))
    )  # fmt: skip
    assert [section.section_id for section in new[1:]] == [section.section_id for section in old]
    assert [section.content_hash for section in new[1:]] == [section.content_hash for section in old]


def test_the_same_text_in_two_articles_has_two_ids_and_two_hashes():
    first = split_sections(seed_of(paragraph(words(50))))[0]
    second = split_sections(seed_of(paragraph(words(50)), url="https://en.wikipedia.org/wiki/B"))[0]
    assert first.section_id != second.section_id
    assert first.content_hash != second.content_hash


def test_a_section_in_another_language_than_its_source_says_is_refused():
    german = " ".join(SENTENCES["de"])
    sections = split_sections(seed_of(paragraph(german), language="en"))
    assert [section.reason for section in refuse_wrong_language(sections)] == ["wrong_language"]
    sections = split_sections(seed_of(paragraph(german), language="de"))
    assert [section.reason for section in refuse_wrong_language(sections)] == [""]


def test_languages_that_nobody_can_identify_here_are_let_pass():
    sections = split_sections(seed_of(paragraph(" ".join(SENTENCES["de"])), language="da"))
    assert [section.reason for section in refuse_wrong_language(sections)] == [""]


def test_a_refused_section_keeps_its_first_reason():
    sections = split_sections(seed_of(heading("A"), paragraph("Das ist nicht gut und nur für den einen Tag gedacht.")))
    assert [section.reason for section in refuse_wrong_language(sections)] == ["too_short"]


@pytest.mark.exhaustive
def test_the_starter_corpus_is_cut_checked_and_compared_in_under_25_seconds():
    started = time.perf_counter()
    files = READERS["vital_articles"].files(("en", "fr", "es"))
    found = [item for file in files for item in READERS["vital_articles"].read(file)]
    sections = [section for seed in found if isinstance(seed, Seed) for section in split_sections(seed)]
    checked = refuse_copies(refuse_wrong_language(sections)).sections
    elapsed = time.perf_counter() - started
    reasons = Counter((section.language, section.reason) for section in checked)
    assert sum(reasons.values()) == 26_211  # one lead is cut in two
    assert sum(count for (_, reason), count in reasons.items() if not reason) > 25_000
    assert sum(count for (_, reason), count in reasons.items() if reason == "wrong_language") <= 3
    assert elapsed < 25


@pytest.mark.parametrize("space", ["\u00a0", "\u2009", "\u3000", "\u00a0\u00a0"])
def test_a_wide_space_between_an_initial_and_its_stop_ends_nothing(space):
    text = f"He met J{space}. Smith in Rome. Then he left{space}."
    assert split_sentences("en", text) == [f"He met J{space}. Smith in Rome. ", f"Then he left{space}."]


def test_words_of_many_texts_are_those_of_each_alone():
    rng = rng_of("words")
    letters = "ab9 \n\t.,-_'éß\u00a0\u2009\u3000\x1c\x85\u2013…«漢か½\u0301\U0001f600\x00"
    texts = ["".join(rng.choices(letters, k=rng.choice([0, 1, 5, 40, 400]))) for _ in range(400)]
    plain = [sum(any(map(str.isalnum, run)) for run in text.split()) for text in texts]
    assert count_words_of(texts) == plain
    assert [count_words(text) for text in texts] == plain
    assert count_words_of([]) == []
