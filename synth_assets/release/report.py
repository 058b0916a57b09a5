"""report.html: the release in pictures, in one file that needs no network and no script.

The plots are HTML and SVG of our own templates, filled from numbers. Pygal was looked at: its charts bear random ids,
so two reports of one release would differ, and their texts shrink with the picture in a narrow window. Plotly brings
4 MB of script. Bars are rows of a grid whose text wraps as text does; histograms are SVG that stretches, with their
numbers in HTML beside them. Every bar has its number in words, so nothing depends on seeing a colour.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from synth_assets.release.card import TEMPLATES, cost_text, refusals_of, sources_of
from synth_assets.release.info import STATES, ReleaseInfo
from synth_assets.release.manifest import Manifest
from synth_assets.release.summary import QUALITY_STEP, WORDS_STEP, Summary

MOST_BARS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a bar: its name, the number of its colour from 0, its value, and its width in percent."""

    name: str
    color: int
    value: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: its label, what is written behind it, and its pieces from the left."""

    label: str
    text: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Counts over equal steps: `heights` in percent of the highest, `first` and `last` the ends of what is shown."""

    label: str
    text: str
    heights: tuple[float, ...]
    titles: tuple[str, ...]
    first: str
    last: str


def write_report(path: Path, about: ReleaseInfo, summary: Summary, manifest: Manifest) -> None:
    """Write the report of a release."""
    path.write_text(render_report(about, summary, manifest), "utf-8")


def render_report(about: ReleaseInfo, summary: Summary, manifest: Manifest) -> str:
    """The report's HTML."""
    languages = summary.by("language")
    return (
        _environment()
        .get_template("report.html.jinja")
        .render(
            about=about,
            summary=summary,
            manifest=manifest,
            figures=_figures(about, summary),
            languages=list(languages),
            mix=_mix(summary, list(languages)),
            language_bars=bars((name, count) for name, count in languages.items()),
            split_bars=bars((name, count) for name, count in manifest.splits.items()),
            scores=[
                histogram(cell, counts, QUALITY_STEP, "{:.2f}", whole=True)
                for cell, counts in summary.qualities.items()
            ],
            lengths=[
                histogram(
                    cell, counts, WORDS_STEP, "{:.0f}", note=f"mean {summary.mean_words[cell]:,.0f} words", over=True
                )
                for cell, counts in summary.lengths.items()
            ],
            states=STATES,
            fates=_fates(about),
            refusals=bars((f"{reason} ({stage})", count) for (stage, reason), count in refusals_of(about).items()),
            duplicate_methods=bars(_by_method(about).items()),
            duplicate_steps=_similarities(about),
            costs=_costs(about),
            tokens=_tokens(about),
            sources=sources_of(about.articles),
            notation=_notation(manifest),
            score_means=_score_means(summary),
        )
    )


def bars(values: Iterable[tuple[str, float]], most: int = MOST_BARS) -> tuple[Bar, ...]:
    """One bar a value, the largest as wide as there is room; what is beyond `most` is summed up in a last one."""
    listed = list(values)
    if len(listed) > most:
        rest = listed[most - 1 :]
        listed = [*listed[: most - 1], (f"{len(rest)} others", sum(value for _, value in rest))]
    total, highest = sum(value for _, value in listed), max((value for _, value in listed), default=0)
    return tuple(
        Bar(
            label=name,
            text=f"{value:,.0f}" + (f" ({value / total:.1%})" if total else ""),
            parts=(Part(name=name, color=0, value=value, width=_percent(value, highest)),),
        )
        for name, value in listed
    )


def histogram(
    label: str,
    counts: Sequence[int],
    step: float,
    form: str,
    *,
    unit: str = "samples",
    note: str = "",
    whole: bool = False,
    to_end: bool = False,
    over: bool = False,
) -> Histogram:
    """A histogram of counts over steps from 0.

    Args:
        form: how the ends of steps are written.
        whole: show all steps; else those from the first to the last that hold something, or to the end.
        over: the last step holds everything beyond it too.
    """
    filled = [number for number, count in enumerate(counts) if count]
    low, high = (0, len(counts)) if whole or not filled else (filled[0], filled[-1] + 1)
    high = len(counts) if to_end else high
    highest = max(counts, default=0)
    edges = [form.format(number * step) for number in range(len(counts) + 1)]
    open_ended = over and high == len(counts)
    return Histogram(
        label=label,
        text=" · ".join(part for part in (f"{sum(counts):,} {unit}", note) if part),
        heights=tuple(_percent(count, highest) for count in counts[low:high]),
        titles=tuple(
            f"{edges[number]} to {edges[number + 1]}: {counts[number]:,}"
            if number + 1 < len(counts) or not over
            else f"{edges[number]} and more: {counts[number]:,}"
            for number in range(low, high)
        ),
        first=edges[low],
        last=f"{edges[high - 1]} and more" if open_ended else edges[high],
    )


def _mix(summary: Summary, languages: Sequence[str]) -> tuple[Bar, ...]:
    counts: Counter[tuple[str, str]] = Counter()
    for each in summary.counts:
        counts[each.cell, each.language] += each.samples
    cells = summary.by("cell")
    highest = max(cells.values(), default=0)
    return tuple(
        Bar(
            label=cell,
            text=f"{count:,} ({count / summary.samples:.1%})",
            parts=tuple(
                Part(name=name, color=number, value=counts[cell, name], width=_percent(counts[cell, name], highest))
                for number, name in enumerate(languages)
                if counts[cell, name]
            ),
        )
        for cell, count in cells.items()
    )


def _fates(about: ReleaseInfo) -> tuple[Bar, ...]:
    sums: dict[str, Counter[str]] = {}
    for each in about.cells:
        sums.setdefault(each.exercise, Counter()).update({state: getattr(each, state) for state in STATES})
    return tuple(
        Bar(
            label=exercise,
            text=f"{counts['accepted']:,} of {counts.total():,} accepted",
            parts=tuple(
                Part(name=state, color=number, value=counts[state], width=_percent(counts[state], counts.total()))
                for number, state in enumerate(STATES)
                if counts[state]
            ),
        )
        for exercise, counts in sorted(sums.items(), key=lambda item: (-item[1].total(), item[0]))
    )


def _costs(about: ReleaseInfo) -> tuple[Bar, ...]:
    names = sorted({each.model for each in about.models})
    of = {name: tuple(each for each in about.models if each.model == name) for name in names}
    costs = {name: sum(each.cost_usd for each in uses) for name, uses in of.items()}
    highest = max(costs.values(), default=0)
    return tuple(
        Bar(
            label=name,
            text=cost_text(of[name]),
            parts=(Part(name=name, color=0, value=costs[name], width=_percent(costs[name], highest)),),
        )
        for name in sorted(names, key=lambda name: (-costs[name], name))
    )


def _tokens(about: ReleaseInfo) -> tuple[Bar, ...]:
    highest = max((each.prompt_tokens + each.completion_tokens for each in about.models), default=0)
    return tuple(
        Bar(
            label=f"{each.model}, {each.role}",
            text=f"{each.prompt_tokens + each.completion_tokens:,} tokens in {each.calls:,} calls",
            parts=tuple(
                Part(name=name, color=number, value=count, width=_percent(count, highest))
                for number, (name, count) in enumerate(
                    (("prompt", each.prompt_tokens), ("completion", each.completion_tokens))
                )
                if count
            ),
        )
        for each in sorted(about.models, key=lambda each: (each.model, each.role))
    )


def _by_method(about: ReleaseInfo) -> dict[str, int]:
    found: Counter[str] = Counter()
    for each in about.duplicates:
        found[each.method] += each.candidates
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _similarities(about: ReleaseInfo) -> Histogram | None:
    """Duplicates that are no exact copies, over steps of 0.01."""
    counts = [0] * 100
    for each in about.duplicates:
        if each.method != "exact":
            counts[min(99, max(0, round(each.similarity * 100)))] += each.candidates
    if not any(counts):
        return None
    return histogram("similarity to the row that is kept", counts, 0.01, "{:.2f}", unit="duplicates", to_end=True)


def _notation(manifest: Manifest) -> tuple[Bar, ...]:
    return tuple(
        Bar(
            label=each.mark,
            text=f"{each.share:.1%}, SYNTH {each.synth:.1%}",
            parts=(
                Part(name="this release", color=0, value=each.share, width=_percent(each.share, 1)),
                Part(name="SYNTH", color=1, value=each.synth, width=_percent(each.synth, 1)),
            ),
        )
        for each in manifest.notation
    )


def _score_means(summary: Summary) -> tuple[Bar, ...]:
    """Mean of every scorer over all exercises."""
    sums: dict[str, list[float]] = {}
    for each in summary.scores:
        known = sums.setdefault(each.name, [0, 0.0, 0])
        for place, value in enumerate((each.rows, each.mean * each.rows, each.passed)):
            known[place] += value
    return tuple(
        Bar(
            label=name,
            text=f"mean {total / rows:.2f}, {passed / rows:.1%} passed",
            parts=(Part(name=name, color=0, value=total / rows, width=_percent(total / rows, 1)),),
        )
        for name, (rows, total, passed) in sorted(sums.items())
    )


def _figures(about: ReleaseInfo, summary: Summary) -> Mapping[str, str]:
    planned = sum(each.planned for each in about.cells)
    figures = {
        "samples": f"{summary.samples:,}",
        "words": f"{summary.words:,}",
        "exercises": f"{len(summary.by('cell')):,}",
        "languages": f"{len(summary.by('language')):,}",
        "seed articles": f"{len(about.articles):,}",
        "calls to models": f"{sum(each.calls for each in about.models):,}",
        "cost": cost_text(about.models).partition(", ")[0],
    }
    if planned:
        figures["candidates accepted"] = f"{sum(each.accepted for each in about.cells) / planned:.1%}"
    return figures


def _percent(value: float, highest: float) -> float:
    return round(100 * value / highest, 2) if highest else 0.0


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
