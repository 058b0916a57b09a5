import json

import pytest

from synth_assets.errors import SeedError
from synth_assets.seeds.base import BadSeed, Block, LeftOut, Seed, SourceFile
from synth_assets.seeds.selection import REASONS, Choice, Chosen, read_wikidata_list
from synth_assets.seeds.structured_contents import Vital
from synth_assets.seeds.vital_list import read_vital_list

FILE = SourceFile(collection="c", language="en", name="a", fingerprint="f")


def seed(**changes):
    given = {"collection": "c", "language": "en", "title": "Ada", "url": "https://example.org/Ada", "topic": "People",
             "license": "CC BY-SA 4.0", "level": 3, "wikidata": "Q7259"}  # fmt: skip
    blocks = (Block(kind="heading", text="Two words", level=1), Block(kind="paragraph", text="one two three"))
    return Seed(**{"blocks": blocks, **given, **changes})


class Given:
    """A reader of what a test gives it."""

    collection = "c"

    def __init__(self, *items):
        self.items = items

    def files(self, languages):
        return [FILE]

    def read(self, file):
        yield from self.items


def chosen(item, **choice):
    (found,) = Chosen(Given(item), Choice(**choice)).read(FILE)
    return found.reason if isinstance(found, LeftOut) else found


def test_what_is_wanted_passes_with_its_licence_as_spdx_names_it():
    assert chosen(seed()).license == "CC-BY-SA-4.0"
    assert chosen(seed(), attribution="The editors").attribution == "The editors"
    assert chosen(seed(attribution="Bob"), attribution="The editors").attribution == "Bob"
    bad = BadSeed(source="a", record="line 1", reason="not_json")
    assert chosen(bad, levels=(1,)) == bad


@pytest.mark.parametrize(
    ("item", "choice", "reason"),
    [
        (seed(license="mine"), {}, "unknown_licence"),
        (seed(), {"forbid_licences": ("CC-BY-SA-*",)}, "forbidden_licence: CC-BY-SA-4.0"),
        (seed(), {"topics": ("Arts", "History")}, "other_topic"),
        (seed(topic=""), {"topics": ("Arts",)}, "other_topic"),
        (seed(), {"levels": (4, 5)}, "other_level"),
        (seed(level=None), {"levels": (1, 2, 3, 4, 5)}, "other_level"),
        (seed(), {"wikidata": frozenset({"Q1"})}, "not_in_list"),
        (seed(wikidata=""), {"wikidata": frozenset({"Q1"})}, "not_in_list"),
        (seed(), {"min_words": 4}, "too_few_words"),
        (seed(), {"max_words": 2}, "too_many_words"),
    ],
)
def test_what_is_not_wanted_says_why(item, choice, reason):
    assert chosen(item, **choice) == reason
    assert reason.partition(":")[0] in REASONS


def test_bounds_are_inclusive_and_topics_of_any_case():
    whole = {"topics": ("PEOPLE",), "levels": (3,), "wikidata": frozenset({"Q7259"}), "min_words": 3, "max_words": 3}
    assert isinstance(chosen(seed(), **whole), Seed)
    assert isinstance(chosen(seed(license="mine"), allow_unknown_licence=True), Seed)


def test_another_choice_is_another_fingerprint_and_none_leaves_it():
    def fingerprint(**choice):
        return Chosen(Given(), Choice(**choice)).files(("en",))[0].fingerprint

    assert fingerprint() == "f"
    choices = [{}, {"levels": (1,)}, {"levels": (2,)}, {"wikidata": frozenset({"Q1", "Q2"})}, {"min_words": 1}]
    assert len({fingerprint(**choice) for choice in choices}) == len(choices)


def test_a_file_of_items_may_hold_addresses_and_remarks(tmp_path):
    path = tmp_path / "items.txt"
    path.write_text("Q7259  # Ada\n\n# a remark\nhttps://www.wikidata.org/wiki/Q42\n", "utf-8")
    assert read_wikidata_list(path) == {"Q7259", "Q42"}
    path.write_text("Q7259\nAda\n", "utf-8")
    with pytest.raises(SeedError, match=r"items.txt:2: 'Ada' is no Wikidata item"):
        read_wikidata_list(path)
    path.write_text("# nothing\n", "utf-8")
    with pytest.raises(SeedError, match="no Wikidata item stands in it"):
        read_wikidata_list(path)
    with pytest.raises(SeedError, match="No such file"):
        read_wikidata_list(tmp_path / "nowhere.txt")


def test_the_vital_list_is_read_from_its_pages_and_the_lowest_level_counts(tmp_path):
    (tmp_path / "A.json").write_text(json.dumps({
        "Ada_Lovelace": {"level": 4, "topic": "People", "section": "x"}, "Art": [{"level": 3}, {"level": 1}],
    }))  # fmt: skip
    (tmp_path / "others.json").write_text(json.dumps({"Ada Lovelace": {"level": 3, "topic": "Science"}, "1": 2}))
    assert read_vital_list(tmp_path) == {
        "Ada Lovelace": Vital(level=3, topic="Science"), "Art": Vital(level=1), "1": Vital(level=2),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not JSON"),
        ("[]", "one JSON object"),
        ("{}", "no article"),
        ('{"A": {"level": 6}}', "'A' has no level from 1 to 5"),
        ('{"A": {"level": true}}', "no level"),
        ('{"A": "three"}', "no level"),
        ('{"A": []}', "no level"),
    ],
)
def test_a_vital_list_that_is_none_is_named(tmp_path, content, words):
    path = tmp_path / "list.json"
    path.write_text(content, "utf-8")
    with pytest.raises(SeedError, match=words) as raised:
        read_vital_list(path)
    assert "list.json" in str(raised.value)
