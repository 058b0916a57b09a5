"""The dataset card (README.md): front matter that loaders read, and prose and tables written from the data.

Titles, reasons, model names and sample texts are data of others. In prose and tables every sign that Markdown or HTML
reads is escaped; texts of samples stand in fences longer than any in them; the front matter is written by a YAML
library. So nothing in them can add a heading, a link, a table cell or a configuration.
"""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from synth_assets.release.info import STATES, Article, ModelUse, ReleaseInfo
from synth_assets.release.manifest import Manifest
from synth_assets.release.split import SPLITS
from synth_assets.release.summary import Summary

TEMPLATES = Path(__file__).parent / "templates"
MOST_ARTICLES = 20
MOST_TEXT = 2_000

# Licences that the hub has an identifier for, of those that seeds bear; every other is "other".
_HUB_LICENSES = {
    "cc-by-sa-4.0", "cc-by-sa-3.0", "cc-by-4.0", "cc-by-3.0", "cc-by-nc-4.0", "cc-by-nc-sa-4.0", "cc-by-nd-4.0",
    "cc0-1.0", "apache-2.0", "mit", "bsd-3-clause", "bsd-2-clause", "mpl-2.0", "odc-by", "odbl", "pddl", "gfdl",
    "gpl-3.0", "lgpl-3.0", "agpl-3.0", "cdla-permissive-2.0", "cdla-sharing-1.0", "unlicense",
}  # fmt: skip
_SIZES = (
    (1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M"), (1_000_000_000, "100M<n<1B"),
)  # fmt: skip


def write_card(path: Path, about: ReleaseInfo, summary: Summary, manifest: Manifest) -> None:
    """Write the card of a release whose other files are listed in the manifest."""
    path.write_text(render_card(about, summary, manifest), "utf-8")


def render_card(about: ReleaseInfo, summary: Summary, manifest: Manifest) -> str:
    """The card's text."""
    exercises = [
        {
            "name": cell,
            "samples": count,
            "share": count / summary.samples,
            "words": summary.mean_words[cell],
            "splits": [
                sum(each.samples for each in summary.counts if (each.cell, each.split) == (cell, split))
                for split in manifest.splits
            ],
        }
        for cell, count in summary.by("cell").items()
    ]
    return (
        _environment()
        .get_template("card.md.jinja")
        .render(
            front_matter=front_matter(about, summary, manifest),
            title=about.name,
            description=about.description,
            version=about.version,
            package_version=about.package_version,
            recipe_name=about.recipe_name,
            recipe_hash=about.recipe_hash[:16],
            summary=summary,
            text_files=_text_files(manifest),
            splits=list(manifest.splits),
            shares=manifest.shares,
            exercises=exercises,
            largest=exercises[0] if exercises else None,
            languages=summary.by("language"),
            left_out=manifest.left_out,
            sources=sources_of(about.articles),
            articles=sorted(about.articles, key=lambda each: (-each.samples, each.url))[:MOST_ARTICLES],
            models=sorted(about.models, key=lambda each: (each.model, each.role)),
            calls=sum(each.calls for each in about.models),
            tokens=sum(each.prompt_tokens + each.completion_tokens for each in about.models),
            total_cost=cost_text(about.models),
            cells=sorted(about.cells, key=lambda each: (each.exercise, each.language)),
            states=STATES,
            refusals=refusals_of(about),
            duplicates=_duplicates_of(about),
            withdrawn=about.withdrawn,
            thresholds=dict(sorted(about.thresholds.items())),
            scores=summary.scores,
            notation=manifest.notation,
            diversity=about.diversity,
            limits=about.limits,
            only_programs=summary.by_program == summary.samples,
            examples=[_example(row) for row in summary.examples.values()],
        )
    )


def front_matter(about: ReleaseInfo, summary: Summary, manifest: Manifest) -> str:
    """The YAML that the hub and `datasets.load_dataset` read."""
    licenses = sorted({_hub_license(name) for name in summary.licenses if name != "none stated"})
    found: dict[str, Any] = {
        # on one line: a line of dashes within it would end the front matter
        "pretty_name": " ".join(about.name.split()),
        "license": licenses or ["other"],
        "language": sorted(summary.by("language")),
        "size_categories": [size_category(summary.samples)],
        "task_categories": ["text-generation", "question-answering"],
        "annotations_creators": ["machine-generated"],
        "language_creators": ["machine-generated", "found"],
        "tags": ["synthetic", "reasoning", "synth", "synth-assets"],
        "configs": _configs(manifest),
    }
    return yaml.safe_dump(found, sort_keys=False, allow_unicode=True, width=10_000)


def size_category(samples: int) -> str:
    """The hub's name for a dataset of this many rows."""
    return next((name for below, name in _SIZES if samples < below), "n>1B")


def sources_of(articles: tuple[Article, ...]) -> list[dict[str, Any]]:
    """Articles and samples by collection and licence."""
    rows: dict[tuple[str, str], Counter[str]] = {}
    for each in articles:
        rows.setdefault((each.collection, each.license), Counter()).update(articles=1, samples=each.samples)
    return [
        {"collection": collection, "license": license, **counts}
        for (collection, license), counts in sorted(rows.items())
    ]


def refusals_of(about: ReleaseInfo) -> dict[tuple[str, str], int]:
    """Refused candidates by stage and reason, over all cells, most first."""
    found: Counter[tuple[str, str]] = Counter()
    for each in about.refusals:
        found[each.stage, each.reason] += each.candidates
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def cost_text(models: tuple[ModelUse, ...]) -> str:
    """What calls cost together: dollars, and how many calls no price is known of."""
    known = sum(each.cost_usd for each in models)
    unpriced = sum(each.unpriced_calls for each in models)
    if unpriced and not known:
        return "price unknown"
    return f"at least ${known:,.2f}, {unpriced:,} calls of unknown price" if unpriced else f"${known:,.2f}"


def markdown(text: object) -> str:
    """Text as Markdown and HTML show it literally, on one line."""
    line = " ".join(str(text).split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # an underscore within a word, and a dash within a line, are nothing but themselves
    escaped = re.sub(r"[\\`*{}\[\]()#!|~$^]|(?<!\w)_|_(?!\w)", r"\\\g<0>", line)
    return re.sub(r"^(\d*)([-+=.)])", r"\1\\\2", escaped)


def fenced(text: str) -> str:
    """Text in a fence that is longer than any in it; its line ends are made newlines, as a reader would."""
    lines = re.sub(r"\r\n?", "\n", text)
    longest = max((len(run) for run in re.findall(r"`+", lines)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{lines}\n{fence}"


def _link(url: str) -> str:
    """An address as a link where it is an ordinary one, else as text."""
    if re.fullmatch(r"https?://[^\s<>\x00-\x1f]{1,500}", url):
        return f"<{url}>"
    return markdown(url)


def _example(row: Mapping[str, Any]) -> dict[str, Any]:
    texts = {
        "Question": row["query"],
        "Constraints": row["constraints"],
        "Reasoning": row["synthetic_reasoning"],
        "Answer": row["synthetic_answer"],
    }
    return {
        "cell": row["cell"],
        "synth_id": row["synth_id"],
        "query_seed_url": row["query_seed_url"],
        "texts": {name: _cut(text) for name, text in texts.items() if text},
    }


def _cut(text: str) -> str:
    left = len(text) - MOST_TEXT
    return text if left <= 0 else f"{text[:MOST_TEXT]}\n[... {left:,} more characters]"


def _duplicates_of(about: ReleaseInfo) -> dict[str, int]:
    found: Counter[str] = Counter()
    for each in about.duplicates:
        found[each.method] += each.candidates
    return dict(sorted(found.items()))


def _configs(manifest: Manifest) -> list[dict[str, Any]]:
    """A configuration for each kind of Parquet files.

    The text formats have none: `load_dataset` reads all configurations of a folder as the kind of file that the first
    one holds, and fails on lines of JSON as damaged Parquet.
    """
    return [
        {
            "config_name": name,
            "data_files": [{"split": split, "path": f"{folder}/{split}-*.parquet"} for split in manifest.splits],
            **({"default": True} if name == "default" else {}),
        }
        for name, folder in (("default", "data"), ("extended", "extended"))
    ]


def _text_files(manifest: Manifest) -> list[str]:
    """One file of each text format, such as a reader would begin with."""
    names = {file.name for file in manifest.files}
    paths = [[path for split in SPLITS if (path := f"{name}/{split}.jsonl") in names] for name in manifest.formats]
    return [found[0] for found in paths if found]


def _hub_license(name: str) -> str:
    return name.lower() if name.lower() in _HUB_LICENSES else "other"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # Markdown, where values pass the filters below
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        md=markdown,
        # within backticks nothing is read but a backtick
        code=lambda text: " ".join(str(text).replace("`", "'").split()),
        link=_link,
        fenced=fenced,
        number=lambda number: f"{number:,}",
        percent=lambda share: f"{share:.1%}",
        measure=lambda value: "not measured" if value is None else f"{value:.3f}",
        cost=lambda each: cost_text((each,)),
    )
    return environment
