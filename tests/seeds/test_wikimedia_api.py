import json
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from synth_assets.errors import SeedError
from synth_assets.seeds.base import BadSeed, Dropped, Seed
from synth_assets.seeds.sections import split_sections
from synth_assets.seeds.structured_contents import Vital
from synth_assets.seeds.wikimedia_api import CONTACT_ENV, WikimediaApi
from synth_assets.seeds.wikimedia_html import read_extract, read_page
from synth_assets.seeds.wikimedia_pages import REFUSALS, RULES, WikimediaPages, history_url
from synth_assets.seeds.wikimedia_vital import read_vital_list
from tests.wikimedia_server import Wiki, WikimediaServer, error

pytest.importorskip("lxml", reason="the extra `documents` is not installed")

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


class Passing:
    """Time that passes only when somebody sleeps."""

    def __init__(self):
        self.time = NOON
        self.slept = []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)

    def now(self):
        return self.time


@pytest.fixture
def wiki():
    return Wiki()


@pytest.fixture
def server(wiki):
    with WikimediaServer(wiki) as served:
        yield served


@pytest.fixture
def passing():
    return Passing()


@pytest.fixture
def api(server, passing, tmp_path):
    def made(contact="reader@example.org"):
        return WikimediaApi(
            server.address, tmp_path / "cache", contact=contact,
            sleep=passing.sleep, jitter=lambda: 0.5, now=passing.now,
        )  # fmt: skip

    return made


@pytest.fixture
def reader(api, tmp_path):
    def made(**settings):
        return WikimediaPages(site="unused", cache_folder=tmp_path / "cache", api=api(), **settings)

    return made


def read_all(reader, languages=("en",)):
    items = [item for file in reader.files(languages) for item in reader.read(file)]
    return [item for item in items if isinstance(item, Seed)], [item for item in items if not isinstance(item, Seed)]


def told(bad):
    return {(item.record if isinstance(item, BadSeed) else (item.count, item.what), item.reason.partition(":")[0])
            for item in bad}  # fmt: skip


def shape(blocks):
    return [(block.kind, block.level, block.anchor, block.text) for block in blocks]


# --- pages -----------------------------------------------------------------------------------------------------------


def test_a_page_keeps_headings_anchors_lists_and_formulas_and_says_what_it_left_out(wiki, reader):
    page = wiki.add("Cookbook:Dal", revision=77, item="Q42")
    (seed,), bad = read_all(reader(titles=["Cookbook:Dal"]))
    assert shape(seed.blocks) == [
        ("paragraph", 0, "", "Cookbook:Dal is a soup of lentils."),
        ("heading", 1, "Ingredients", "Ingredients"),
        ("list_item", 0, "", "1 cup of lentils"),
        ("list_item", 0, "", "red ones"),
        ("list_item", 0, "", "Water"),
        ("heading", 2, "For_the_pot", "For the pot"),
        ("paragraph", 0, "", r"Its area is $\pi r^{2}$ in all."),
    ]
    assert (seed.title, seed.url) == (page.title, "https://wiki.example/wiki/Cookbook:Dal")
    assert (seed.license, seed.language, seed.revision) == ("CC-BY-SA-4.0", "en", "77")
    assert (seed.retrieved_at, seed.wikidata) == (NOON, "Q42")
    assert seed.attribution == ("Wiki contributors, https://wiki.example/w/index.php?title=Cookbook:Dal&action=history")
    assert all(isinstance(item, Dropped) and item.count == 1 and item.reason in RULES for item in bad)
    assert [(item.reason, item.what) for item in bad] == [
        ("apparatus_section", "sections called see also"), ("footnote_marks", ""), ("hidden_text", ""),
        ("infoboxes", ""), ("notes_to_readers", ""), ("reference_lists", ""), ("tables", ""),
    ]  # fmt: skip


def test_infoboxes_tables_and_apparatus_are_read_when_asked_for(wiki, reader):
    wiki.add("Dal")
    (seed,), _ = read_all(reader(titles=["Dal"], infoboxes=True, tables=True, apparatus=True))
    texts = [block.text for block in seed.blocks]
    assert {"Servings | 4", "Pot | Litres", "small | 2", "See also", "Soup"} <= set(texts)


def test_sections_of_a_page_lead_to_their_anchors(wiki, reader):
    wiki.add("Dal")
    (seed,), _ = read_all(reader(titles=["Dal"]))
    places = [(section.heading_path, section.url.partition("#")[2]) for section in split_sections(seed)]
    assert (("Ingredients",), "Ingredients") in places
    assert (("Ingredients", "For the pot"), "For_the_pot") in places


def test_plain_extracts_keep_headings_and_need_no_converter(wiki, reader):
    wiki.add("Dal", revision=5)
    (seed,), _ = read_all(reader(titles=["Dal"], text="extracts"))
    assert shape(seed.blocks) == [
        ("paragraph", 0, "", "A soup of lentils."),
        ("heading", 1, "Ingredients", "Ingredients"),
        ("paragraph", 0, "", "1 cup of lentils"),
        ("heading", 2, "For_the_pot", "For the pot"),
        ("paragraph", 0, "", "A pot."),
    ]
    assert seed.revision == "5"
    assert wiki.count("parse") == 0


def test_headings_of_an_extract_that_are_alike_have_anchors_of_their_own():
    read = read_extract("== Use ==\na\n== Use ==\nb\n== Notes ==\nc", apparatus=frozenset({"notes"}))
    assert [block.anchor for block in read.blocks if block.kind == "heading"] == ["Use", "Use_2"]
    assert read.left_out == Counter({"apparatus_section: sections called notes": 1})


def test_formulas_that_stand_alone_are_tex_and_what_follows_is_kept():
    read = read_page('<p>a <math alttext="x^2"><mi>x</mi></math> b<sup class="reference">[1]</sup> c</p>')
    assert [block.text for block in read.blocks] == ["a $x^2$ b c"]


def test_a_page_without_text_is_refused_by_name(wiki, reader):
    wiki.add("Dal", html="<h2>Empty</h2>")
    seeds, bad = read_all(reader(titles=["Dal"]))
    assert (seeds, told(bad)) == ([], {("Dal", "no_text")})


def test_titles_are_normalised_redirects_followed_and_what_is_no_page_is_told(wiki, reader):
    wiki.add("Dal")
    wiki.add("Daal", redirect_to="Dal")
    seeds, bad = read_all(
        reader(titles=["dal", "Daal", "No such page", "a[b", "a|b", "wikt:dal"], text="extracts", license="CC0-1.0")
    )
    assert [seed.title for seed in seeds] == ["Dal"]
    assert seeds[0].license == "CC0-1.0"
    assert told(bad) == {
        ("Daal", "same_page"), ("No such page", "missing_page"), ("a[b", "invalid_title"), ("a|b", "invalid_title"),
        ("wikt:dal", "other_wiki"),
    }  # fmt: skip
    assert {item.reason.partition(":")[0] for item in bad} <= REFUSALS


def test_many_long_titles_are_asked_in_few_requests(wiki, reader):
    titles = [f"A very long title of a page that is about soup and lentils, number {number:03}" for number in range(60)]
    for title in titles:
        wiki.add(title)
    seeds, _ = read_all(reader(titles=titles, text="extracts"))
    assert [seed.title for seed in seeds] == titles
    assert sum("titles" in asked for asked in wiki.asked) == 2


# --- categories ------------------------------------------------------------------------------------------------------


@pytest.fixture
def kitchen(wiki):
    wiki.put("Recipes", "Cookbook:Dal", "Category:Soups", "Template:Recipe", "Cookbook:Bread")
    wiki.put("Soups", "Cookbook:Borscht", "Category:Cold soups", "Category:Recipes", "Cookbook:Dal")
    wiki.put("Cold soups", "Cookbook:Gazpacho")
    wiki.add("Cookbook:Beet soup", redirect_to="Cookbook:Borscht")
    wiki.categories["Category:Soups"].append("Cookbook:Beet soup")
    return wiki


def test_a_category_gives_its_own_pages_and_counts_what_lies_below(kitchen, reader):
    seeds, bad = read_all(reader(categories=["Recipes"], text="extracts"))
    assert sorted(seed.title for seed in seeds) == ["Cookbook:Bread", "Cookbook:Dal"]
    assert {seed.topic for seed in seeds} == {"Recipes"}
    assert told(bad) == {
        ((1, "below Category:Recipes"), "subcategory_below_depth"), ((1, "Template"), "other_namespace"),
    }  # fmt: skip


def test_subcategories_are_entered_to_the_depth_and_circles_end(kitchen, reader):
    seeds, bad = read_all(reader(categories=["Category:Recipes"], depth=5, text="extracts"))
    assert sorted(seed.title.partition(":")[2] for seed in seeds) == ["Borscht", "Bread", "Dal", "Gazpacho"]
    assert told(bad) == {((1, "in Category:Recipes"), "redirect_page"), ((1, "Template"), "other_namespace")}


def test_a_category_that_the_site_does_not_have_is_told(wiki, reader):
    wiki.put("Recipes", "Dal")
    seeds, bad = read_all(reader(categories=["Recipes", "Recepies"], text="extracts"))
    assert len(seeds) == 1
    assert told(bad) == {("Category:Recepies", "empty_category")}


def test_many_pages_come_in_parts_and_each_page_once(wiki, reader):
    titles = [f"Dish {number}" for number in range(1100)]
    wiki.put("Recipes", *titles)
    wiki.members_a_page = 500
    files = reader(categories=["Recipes"], text="extracts").files(("en",))
    assert len(files) == 4
    assert len({file.fingerprint for file in files}) == 4


# --- the Vital Articles ----------------------------------------------------------------------------------------------


@pytest.fixture
def vital(wiki):
    wiki.add("Wikipedia:Vital articles/data/E.json", content=json.dumps({
        "Earth": {"level": 1, "topic": "Physical sciences"}, 
        "Epistemology": [{"level": 4, "topic": "Thought"}, {"level": 3, "topic": "Philosophy"}],
    }))  # fmt: skip
    wiki.add("Wikipedia:Vital articles/data/S.json", content=json.dumps([
        {"title": "Soup", "level": 5, "topic": "Everyday life"}, {"title": "Soup", "level": 4, "topic": "Food"},
        {"title": "Stock pot", "level": 5, "topic": "Everyday life"},
    ]))  # fmt: skip
    for title in ("Earth", "Epistemology", "Soup", "Stock pot"):
        wiki.add(title)
    return wiki


def test_the_vital_list_is_read_from_the_site_and_the_lowest_level_counts(vital, api):
    with api() as opened:
        assert read_vital_list(opened) == {
            "Earth": Vital(level=1, topic="Physical sciences"),
            "Epistemology": Vital(level=3, topic="Philosophy"),
            "Soup": Vital(level=4, topic="Food"),
            "Stock pot": Vital(level=5, topic="Everyday life"),
        }


def test_vital_levels_choose_the_pages_and_level_five_gives_the_lead(vital, reader):
    seeds, _ = read_all(reader(vital_levels=[1, 5], text="extracts"))
    assert {seed.title: (seed.level, seed.topic, len(seed.blocks)) for seed in seeds} == {
        "Earth": (1, "Physical sciences", 5), "Stock pot": (5, "Everyday life", 1),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "problem"),
    [("<html>", "not JSON"), ("3", "object or a list"), ('{"Earth": {"level": 9}}', "no level"), ("[7]", "no level")],
)
def test_a_page_of_the_list_that_is_none_is_an_error_that_names_it(wiki, api, content, problem):
    wiki.add("Wikipedia:Vital articles/data/E.json", content=content)
    with api() as opened, pytest.raises(SeedError, match=f"E.json.*{problem}"):
        read_vital_list(opened)


def test_a_site_without_the_list_says_so(api):
    with api() as opened, pytest.raises(SeedError, match="no Vital Articles list"):
        read_vital_list(opened)


# --- politeness ------------------------------------------------------------------------------------------------------


def test_every_request_says_who_reads_and_how_busy_the_wiki_may_be(wiki, reader):
    wiki.add("Dal")
    read_all(reader(titles=["Dal"]))
    assert len(wiki.agents) == 3
    assert all("synth-assets/" in agent and "(reader@example.org)" in agent for agent in wiki.agents)
    assert {(asked["maxlag"], asked["format"], asked["formatversion"]) for asked in wiki.asked} == {("5", "json", "2")}


def test_nobody_is_asked_without_a_contact(wiki, api, monkeypatch):
    monkeypatch.delenv(CONTACT_ENV, raising=False)
    with api(contact="") as opened, pytest.raises(SeedError, match=CONTACT_ENV):
        opened.ask({"action": "query"})
    assert wiki.asked == []
    monkeypatch.setenv(CONTACT_ENV, "https://example.org/me")
    with api(contact="") as opened:
        opened.ask({"action": "query", "meta": "siteinfo"})
    assert "(https://example.org/me)" in wiki.agents[0]


@pytest.mark.parametrize("contact", ["me", "a@b c@d.org", "me@example.org\r\nX-Evil: 1", "javascript:x", "(a@b.org)"])
def test_a_contact_that_is_none_is_an_error(api, contact):
    with pytest.raises(SeedError, match="neither an e-mail address nor a web address"):
        api(contact=contact)


@pytest.mark.parametrize("site", ["", "http://", "https://user:key@wiki.org/w/api.php", "http://wiki.org"])
def test_a_site_that_is_none_is_an_error(tmp_path, site):
    with pytest.raises(SeedError, match="is no wiki"):
        WikimediaApi(site, tmp_path)


@pytest.mark.parametrize(
    ("fault", "least"),
    [
        ((200, {"Retry-After": "5"}, error("maxlag", "Waiting for db: 6 seconds lagged", lag=6)), 5),
        ((429, {"Retry-After": "30"}, "<html>Too many requests</html>"), 30),
        ((429, {"Retry-After": "Fri, 01 May 2026 12:01:00 GMT"}, "{}"), 60),
        ((503, {}, "upstream"), 2),
        ((200, {}, error("ratelimited", "You've exceeded your rate limit.")), 2),
        ((200, {}, error("internal_api_error_DBQueryError", "Caught exception")), 2),
        ((200, {"Content-Encoding": "gzip"}, "no gzip"), 2),
    ],
    ids=["maxlag", "429", "429 with a date", "503", "ratelimited", "internal error", "broken body"],
)
def test_a_wiki_that_is_busy_is_waited_for_as_long_as_it_says(wiki, api, passing, fault, least):
    wiki.faults = [fault]
    with api() as opened:
        answer = opened.ask({"action": "query", "meta": "siteinfo"})
    assert answer.error is None
    assert answer.data["query"]["general"]["lang"] == "en"
    assert passing.slept == [least * 1.25]


def test_pauses_double_while_a_wiki_stays_busy_and_then_the_run_ends_with_what_to_do(wiki, api, passing):
    wiki.faults = [(503, {}, "upstream")] * 10
    with api() as opened, pytest.raises(SeedError, match="HTTP 503, 6 times; what was read is kept"):
        opened.ask({"action": "query", "meta": "siteinfo"})
    assert passing.slept == [2.5, 5.0, 10.0, 20.0, 40.0]
    assert len(wiki.asked) == 6


def test_a_wiki_that_wants_us_gone_for_long_ends_the_run_at_once(wiki, api, passing):
    wiki.faults = [(429, {"Retry-After": "86400"}, "")]
    with api() as opened, pytest.raises(SeedError, match="asks to wait 86,400 s"):
        opened.ask({"action": "query", "meta": "siteinfo"})
    assert (len(wiki.asked), passing.slept) == (1, [])


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        ((200, {}, "<!doctype html><title>Wiki</title>"), "no JSON, so no api.php: <!doctype html>"),
        ((200, {}, "[1]"), "a JSON list"),
        ((403, {}, "Please set a user-agent"), "HTTP 403: Please set a user-agent"),
        ((301, {"Location": "https://elsewhere.example/"}, ""), "HTTP 301: https://elsewhere.example/"),
        ((200, {}, error("readapidenied", "You need read permission")), "readapidenied: You need read permission"),
    ],
    ids=["page", "list", "forbidden", "moved", "private"],
)
def test_what_no_waiting_mends_is_one_line(wiki, reader, fault, problem):
    wiki.faults = [fault]
    with pytest.raises(SeedError, match=problem) as raised:
        reader(titles=["Dal"]).files(("en",))
    assert "\n" not in str(raised.value)


def test_an_address_where_nobody_answers_is_named(tmp_path, passing):
    with WikimediaServer(Wiki()) as gone:
        address = gone.address
    nobody = WikimediaApi(address, tmp_path, contact="me@example.org", sleep=passing.sleep)
    with nobody, pytest.raises(SeedError, match=r"127\.0\.0\.1:\d+: ConnectError"):
        nobody.ask({"action": "query"})
    assert len(passing.slept) == 5


def test_a_page_that_the_wiki_refuses_costs_that_page_only(wiki, reader):
    wiki.add("Dal")
    gone = wiki.add("Gone")
    opened = reader(titles=["Dal", "Gone"])
    (file,) = opened.files(("en",))
    gone.id = 99
    items = list(opened.read(file))
    assert items[0].title == "Dal"
    assert "page_refused: nosuchpageid: There is no page with ID 1001." in {
        item.reason for item in items if isinstance(item, BadSeed)
    }


def test_one_request_at_a_time_reaches_a_wiki_however_many_read(wiki, api):
    def ask(number):
        with api() as opened:
            opened.ask({"action": "query", "meta": "siteinfo", "number": str(number)})

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(wiki.asked), wiki.most_at_once) == (8, 1)


def test_a_list_that_goes_in_circles_is_an_error(wiki, api):
    body = json.dumps({"continue": {"gcmcontinue": "page|1", "continue": "-"}, "query": {"pages": []}})
    wiki.faults = [(200, {}, body)] * 5
    with api() as opened, pytest.raises(SeedError, match="continues a list where it was before"):
        list(opened.pages_of({"action": "query", "generator": "categorymembers", "gcmtitle": "Category:X"}))


def test_what_a_wiki_warns_of_is_told(wiki, reader):
    wiki.add("Dal")
    wiki.warning = "Unrecognized parameter: exlimit."
    _, bad = read_all(reader(titles=["Dal"], text="extracts"))
    assert [(item.reason, item.what, item.count) for item in bad] == [
        ("api_warning", "main: Unrecognized parameter: exlimit.", count) for count in (2, 1)
    ]


# --- the cache -------------------------------------------------------------------------------------------------------


def test_nothing_is_fetched_twice_and_a_second_reader_gives_the_same(kitchen, reader):
    first = read_all(reader(categories=["Recipes"], depth=2))
    asked = len(kitchen.asked)
    assert read_all(reader(categories=["Recipes"], depth=2)) == first
    assert len(kitchen.asked) == asked


def test_a_reader_that_died_goes_on_where_it_stopped(wiki, reader):
    titles = [f"Dish {number}" for number in range(10)]
    for title in titles:
        wiki.add(title)
    opened = reader(titles=titles)
    (file,) = opened.files(("en",))
    items = opened.read(file)
    read = [next(items).title for _ in range(4)]
    items.close()
    seeds, _ = read_all(reader(titles=titles))
    assert [seed.title for seed in seeds] == titles
    assert read == titles[:4]
    fetched = Counter(asked["pageid"] for asked in wiki.asked if asked["action"] == "parse")
    assert (len(fetched), set(fetched.values())) == (10, {1})


READ_ALL = """
import sys
from pathlib import Path
from synth_assets.seeds.wikimedia_pages import WikimediaPages

reader = WikimediaPages(site=sys.argv[1], cache_folder=Path(sys.argv[2]), categories=["Recipes"], text="extracts",
                        contact="reader@example.org")
for file in reader.files(("en",)):
    for item in reader.read(file):
        pass
"""


def test_a_process_that_is_killed_leaves_what_it_read_and_nothing_broken(wiki, server, tmp_path):
    titles = [f"Dish {number}" for number in range(30)]
    wiki.put("Recipes", *titles)
    wiki.hold_after = 25
    process = subprocess.Popen([sys.executable, "-c", READ_ALL, server.address, str(tmp_path / "cache")])
    assert wiki.holding.wait(60)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    asked = len(wiki.asked)
    wiki.hold_after = None
    reader = WikimediaPages(
        site=server.address, cache_folder=tmp_path / "cache", categories=["Recipes"], text="extracts",
        contact="reader@example.org",
    )  # fmt: skip
    seeds, _ = read_all(reader)
    assert [seed.title for seed in seeds] == titles
    fetched = Counter(asked["pageids"] for asked in wiki.asked if "pageids" in asked)
    assert len(fetched) == 30
    assert sum(fetched.values()) == 31, "only what was on its way is asked for again"
    assert len(wiki.asked) - asked == 31 - (asked - 16)


def test_a_day_later_only_the_page_that_changed_is_fetched_again(wiki, reader, passing):
    dal, bread = wiki.add("Dal", revision=1), wiki.add("Bread", revision=1)
    settings = {"titles": ["Dal", "Bread"], "text": "html"}
    opened = reader(**settings)
    before = opened.files(("en",))
    read_all(opened)
    dal.revision = 2
    assert reader(**settings).files(("en",)) == before
    passing.time += timedelta(hours=24)
    wiki.asked.clear()
    changed = reader(**settings)
    assert changed.files(("en",)) != before
    seeds, _ = read_all(changed)
    assert [(seed.title, seed.revision) for seed in seeds] == [("Dal", "2"), ("Bread", "1")]
    assert [asked["pageid"] for asked in wiki.asked if asked["action"] == "parse"] == [str(dal.id)]
    assert str(bread.id) != str(dal.id)


def test_a_damaged_file_of_the_cache_is_fetched_anew(wiki, reader, tmp_path):
    wiki.add("Dal")
    first = read_all(reader(titles=["Dal"]))
    kept = list((tmp_path / "cache").rglob("*.json.gz"))
    assert len(kept) == 3
    for place in kept:
        place.write_bytes(place.read_bytes()[:20])
    assert read_all(reader(titles=["Dal"])) == first
    assert len(wiki.asked) == 6


# --- what the recipe says --------------------------------------------------------------------------------------------


def test_another_language_has_no_files(wiki, reader):
    wiki.add("Dal")
    assert reader(titles=["Dal"]).files(("fr",)) == []
    assert reader(titles=["Dal"], language="la").files(("en",)) == []
    wiki.asked.clear()
    assert len(reader(titles=["Dal"], language="la").files(("la",))) == 1


@pytest.mark.parametrize(
    ("rights", "license"),
    [
        ({"url": "https://creativecommons.org/licenses/by-sa/3.0/", "text": "x"}, "CC-BY-SA-3.0"),
        ({"url": "//creativecommons.org/licenses/by/4.0/deed.en", "text": ""}, "CC-BY-4.0"),
        ({"url": "https://creativecommons.org/publicdomain/zero/1.0/", "text": ""}, "CC0-1.0"),
        ({"url": "https://wiki.example/Terms", "text": "All rights reserved"}, "unknown"),
    ],
)
def test_the_licence_is_what_the_site_states(wiki, reader, rights, license):
    wiki.add("Dal")
    wiki.rights = rights
    (seed,), _ = read_all(reader(titles=["Dal"], text="extracts"))
    assert seed.license == license


@pytest.mark.parametrize(
    ("settings", "problem"),
    [({}, "say what to read"), ({"categories": ["A"], "depth": 99}, "depth 99"), ({"vital_levels": [6]}, "not 6")],
)
def test_settings_that_say_nothing_are_errors(reader, settings, problem):
    with pytest.raises(SeedError, match=problem):
        reader(**settings)


def test_the_settings_are_part_of_the_fingerprint(wiki, reader):
    wiki.add("Dal")
    found = [reader(titles=["Dal"], **settings).files(("en",))[0].fingerprint
             for settings in ({}, {"tables": True}, {"license": "CC0-1.0"}, {"topic": "Food"}, {})]  # fmt: skip
    assert len(set(found)) == 4
    assert found[0] == found[4]


def test_the_authors_are_named_at_an_address():
    assert history_url("https://wiki.example/Dal") == "https://wiki.example/Dal?action=history"
    assert history_url("https://en.wikibooks.org/wiki/Cookbook:Cr%C3%AApe") == (
        "https://en.wikibooks.org/w/index.php?title=Cookbook:Cr%C3%AApe&action=history"
    )
