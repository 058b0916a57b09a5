"""The card and the report say what the data is, and no text in the data can become a part of them."""

import html.parser
import re

import pytest
import yaml

from synth_assets.release.card import fenced, markdown, size_category
from synth_assets.release.diversity import measure_diversity
from synth_assets.release.info import Article
from synth_assets.release.source import FrameSource
from synth_assets.release.writer import write_release
from tests.release.made_up_release import a_row, about, by_program, frame_of, some_rows

NASTY = (
    "</pre><script>alert(1)</script>\n---\nconfigs: []\n---\n```\n# Owned | [link](http://x) ````\n"
    "{{ 7 * 7 }} {% raw %} <img src=x>"
)


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """Card and report of rows of every kind, with all facts."""
    folder = tmp_path_factory.mktemp("releases") / "v1"
    write_release(folder, FrameSource(some_rows(300)), about())
    return (folder / "README.md").read_text("utf-8"), (folder / "report.html").read_text("utf-8")


def written_with(tmp_path, rows, **facts):
    write_release(tmp_path / "v", FrameSource(rows), about("v", **facts))
    return tuple((tmp_path / "v" / name).read_text("utf-8") for name in ("README.md", "report.html"))


def front_of(card):
    return yaml.safe_load(card.split("---\n")[1])


def outside_fences(card):
    """The card's lines that are Markdown, with fences read as CommonMark reads them."""
    lines, fence = [], ""
    for line in card.split("---\n", 2)[2].splitlines():
        run = re.match(r"`{3,}", line)
        if fence:
            if run and line.strip("` ") == "" and len(run[0]) >= len(fence):
                fence = ""
        elif run:
            fence = run[0]
        else:
            lines.append(line)
    assert not fence, "a fence is left open"
    return lines


class Tags(html.parser.HTMLParser):
    """Which tags a page has, and which of its attributes lead out of it."""

    def __init__(self, page):
        super().__init__()
        self.found, self.leads_out = set(), []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.add(tag)
        self.leads_out += [value for name, value in attrs if name in ("src", "href") or name.startswith("on")]


def test_the_front_matter_says_what_the_hub_asks_for(released):
    front = front_of(released[0])
    assert front["license"] == ["cc-by-sa-4.0"]
    assert front["language"] == ["en", "fr"]
    assert front["size_categories"] == ["n<1K"]
    assert [config["config_name"] for config in front["configs"]] == ["default", "extended"]
    assert front["configs"][0]["data_files"][0] == {"split": "train", "path": "data/train-*.parquet"}


def test_sizes_have_the_hubs_names():
    assert [size_category(n) for n in (999, 1_000, 80_000_000, 10**9)] == ["n<1K", "1K<n<10K", "10M<n<100M", "n>1B"]


def test_the_card_says_recipe_sources_models_cost_refusals_quality_and_limits(released):
    card = released[0]
    for said in (
        "| memorization | 180 | 60.0% |", "| vital_articles | CC-BY-SA-4.0 | 40 | 200 |",
        "<https://example.org/wiki/Article_0>", "| quality_scores | not_grounded | 95 |",
        "| large | answer | 280 | 2 | 200,000 | 150,000 | at least $7.50, 3 calls of unknown price |",
        "| memorization | en | 202 | 120 | 60 | 15 | 2 | 1 | 4 |", "| duplicates memorization | 0.94 |",
        "| → | 100.0% | 91.7% |", "| level | 2 | 3 |", "## Limits", "### math_exercise",
    ):  # fmt: skip
        assert said in card, said
    assert set(re.findall(r"^### (\w+)$", card, re.MULTILINE)) == {"math_exercise", "mcq", "memorization", "preference"}


def test_texts_of_the_data_cannot_break_out_of_the_card(tmp_path):
    rows = frame_of([
        a_row(1, query=NASTY, synthetic_answer=NASTY * 2, synthetic_reasoning="`````\n" + NASTY, model=NASTY,
              query_seed_url="javascript:alert(1)", seed_license="evil |", constraints=NASTY),
        a_row(2),
    ])  # fmt: skip
    nasty = Article(collection=NASTY, language="en", title=NASTY, url=NASTY, license=NASTY, revision=NASTY)
    card, report = written_with(tmp_path, rows, articles=(nasty,), description=NASTY, title=NASTY, limits=(NASTY,))
    front = front_of(card)
    assert front["configs"][0]["config_name"] == "default"
    assert front["pretty_name"] == " ".join(NASTY.split())
    prose = "\n".join(outside_fences(card))
    assert "<script" not in prose
    assert "<img" not in prose
    assert "javascript:alert" not in prose.replace("javascript:alert\\(1\\)", "")
    assert not re.search(r"^# Owned", prose, re.MULTILINE)
    assert "[link]" not in prose.replace("\\[link\\]", "")
    assert "7 * 7" not in prose.replace("7 \\* 7", "")
    rows_of_tables = [line for line in prose.splitlines() if line.startswith("| ")]
    widths = [len(re.findall(r"(?<!\\)\|", line)) for line in rows_of_tables]
    assert all(width >= 3 for width in widths)
    assert "script" not in Tags(report).found


def test_a_fence_is_longer_than_any_in_its_text():
    assert fenced("a ```` b").splitlines()[0] == "`````text"
    assert fenced("one\r\ntwo\rthree").splitlines() == ["```text", "one", "two", "three", "```"]
    assert markdown("1. a_b _c_ <b> | `x`") == "1\\. a_b \\_c\\_ &lt;b&gt; \\| \\`x\\`"
    assert markdown("- item") == "\\- item"


def test_the_report_needs_nothing_from_outside_and_no_script(released):
    page = Tags(released[1])
    assert page.leads_out == []
    assert page.found & {"script", "link", "img", "iframe", "object", "embed"} == set()
    assert "svg" in page.found
    assert "url(" not in released[1]
    assert "http" not in re.sub(r'http-equiv|xmlns="[^"]*"', "", released[1])


def test_the_report_shows_every_plot_with_its_numbers_in_words(released):
    page = released[1]
    for said in (
        "The mix", "180 (60.0%)", "Composite scores", "mean 0.75", "Words of question", "120 of 202 accepted",
        "not_grounded (quality_scores)", "95 (90.5%)", "embedding", "17 (85.0%)", "similarity to the row that is kept",
        "at least $7.50, 3 calls of unknown price", "350,000 tokens in 280 calls", "100.0%, SYNTH 91.7%",
    ):  # fmt: skip
        assert said in page, said
    assert page.count("<svg") == 2 * 4 + 1


def test_a_release_without_facts_says_that_they_are_not_there(tmp_path):
    nothing = dict.fromkeys(("cells", "refusals", "models", "articles", "duplicates"), ())
    rows = frame_of([a_row(1, scores=[], synthetic_reasoning=None)])
    card, report = written_with(tmp_path, rows, **nothing, diversity=None, thresholds={})
    for said in ("No language model was called", "Nothing was refused", "bear no scores", "not measured for this"):
        assert said in card, said
    for said in ("No language model was called", "Nothing was refused", "None was found", "It was not stated"):
        assert said in report, said


def test_a_release_of_programs_alone_claims_no_article_and_no_model(tmp_path):
    nothing = dict.fromkeys(("models", "articles"), ())
    diversity = measure_diversity(["two and three are five"], [])
    card, report = written_with(tmp_path, frame_of([by_program(1), by_program(2)]), **nothing, diversity=diversity)
    assert "made by programs after the" in card
    assert "| distinct 1-grams, of 5 words | 1.000 | not measured |" in card
    assert "n-grams of 5 words." in report
    for claim in ("from real articles", "language models from a passage", "facts about people", "share-alike"):
        assert claim not in card, claim
