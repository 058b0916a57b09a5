import pytest

from synth_assets.errors import SeedError
from synth_assets.seeds.base import BadSeed, SourceFile
from synth_assets.seeds.sections import refuse_wrong_language, split_sections
from synth_assets.seeds.self_knowledge import SelfKnowledge
from synth_assets.seeds.signatures import refuse_copies
from synth_assets.seeds.words import count_words

SHIPPED = SelfKnowledge().files(("en", "fr"))


def read(folder, content):
    (folder / "page.md").write_bytes(content)
    file = SourceFile(collection="self_knowledge", language="en", name="page.md", fingerprint="")
    return list(SelfKnowledge(folder).read(file))


def test_there_are_enough_documents_and_only_in_english():
    assert len(SHIPPED) >= 16
    assert SelfKnowledge().files(("fr", "la")) == []


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_a_shipped_document_is_short_has_headings_and_loses_no_section(file):
    (seed,) = SelfKnowledge().read(file)
    headings = [block for block in seed.blocks if block.kind == "heading"]
    assert 2 <= len(headings) <= 3
    assert 120 <= sum(count_words(block.text) for block in seed.blocks if block.kind != "heading") <= 350
    assert seed.url == f"urn:synth-assets:self-knowledge:{file.name.removesuffix('.md')}"
    assert seed.license == "CC-BY-SA-4.0"
    sections = refuse_wrong_language(split_sections(seed))
    assert [section.reason for section in sections] == [""] * (len(headings) + 1)
    assert sections[1].heading_path == (headings[0].text,)


def test_shipped_documents_do_not_copy_each_other():
    sections = [section for file in SHIPPED for seed in SelfKnowledge().read(file) for section in split_sections(seed)]
    assert [section.url for section in refuse_copies(sections).sections if section.reason] == []


def test_headings_paragraphs_and_lists_are_read(tmp_path):
    (seed,) = read(
        tmp_path,
        b"---\ntitle: A page\ntopic: Pages\n---\nOne\r\nline.\n\nTwo.\n"
        b"## Part\n- first\n  goes on\n- second\n### Deep\nEnd",
    )
    assert (seed.title, seed.topic) == ("A page", "Pages")
    assert [(block.kind, block.text, block.level) for block in seed.blocks] == [
        ("paragraph", "One line.", 0),
        ("paragraph", "Two.", 0),
        ("heading", "Part", 1),
        ("list_item", "first goes on", 0),
        ("list_item", "second", 0),
        ("heading", "Deep", 2),
        ("paragraph", "End", 0),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"No front matter.", "there is no front matter between two lines of ---"),
        (b"---\ntitle: [\n---\nText.", "the front matter is not YAML (line 3)"),
        (b"---\njust text\n---\nText.", "the front matter is not a list of keys and values"),
        (b"---\ntitle: A\n---\nText.", "the front matter has no topic"),
        (b"---\ntitle: 7\ntopic: B\n---\nText.", "the front matter has no title"),
        (b"---\ntitle: A\ntopic: B\n---\n## Heading\n", "the document has no text"),
    ],
)
def test_a_broken_document_is_reported(tmp_path, content, reason):
    assert read(tmp_path, content) == [BadSeed(source="page.md", record="page", reason=reason)]


def test_a_document_that_is_no_text_is_an_error_that_names_it(tmp_path):
    with pytest.raises(SeedError, match=r"page\.md:2: not UTF-8"):
        read(tmp_path, b"---\n\xff")


def test_a_document_that_is_gone_is_an_error_that_names_it(tmp_path):
    file = SourceFile(collection="self_knowledge", language="en", name="gone.md", fingerprint="")
    with pytest.raises(SeedError, match=r"gone\.md"):
        list(SelfKnowledge(tmp_path).read(file))
