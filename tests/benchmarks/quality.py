"""How well the composite tells sound rows from spoiled ones, and how fast stored scores are weighed anew.

`python -m tests.benchmarks.quality` prints a table and, last, one JSON object. With `--fit` it fits the weights and the
threshold on one half of the rows and prints what belongs into `synth_assets/quality/verdict.py`; the figures are of the
other half either way.
"""

import json
import math
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np

from synth_assets.identity import hash_of
from synth_assets.quality.base import Score, ScoredRow
from synth_assets.quality.verdict import COMPOSITE_THRESHOLD, SCORERS, WEIGHTS, composite, judge_row, rescore
from synth_assets.warehouse import sql
from tests.quality.spoilers import SPOILERS, Sound, sound_rows, spoiled

FITTED, MEASURED = 0, 1
_LEAST_WEIGHT = 0.5  # a scorer that the spoilers do not need may still be needed by what nobody thought of
_GAIN = 0.002  # what a move must be worth: less is this half's chance
_MARGIN = 0.2  # below the lowest sound composite of the fitted half: models write less carefully than people


class Judged(NamedTuple):
    """The stored scores of the sound rows and of each kind of spoiled ones, of one half."""

    sound: list[tuple[Score, ...]]
    spoiled: dict[str, list[tuple[Score, ...]]]


@cache
def judged(half: int, most: int | None = None) -> Judged:
    """Every row of a half, sound and spoiled (`most` of each kind, by hash), through the scorers of its exercise."""
    rows = [sound for sound in sound_rows() if sound.half == half]

    def scores(sound: Sound, row: Any) -> tuple[Score, ...]:
        return judge_row(row, sound.scorers, {}).scores

    return Judged(
        [scores(sound, sound.row) for sound in rows],
        {kind: [scores(sound, row) for sound, row in _some(kind, rows, most)] for kind in SPOILERS},
    )


def _some(kind: str, rows: Sequence[Sound], most: int | None) -> list[tuple[Sound, ScoredRow]]:
    made = spoiled(kind, rows)
    return made if most is None else sorted(made, key=lambda pair: hash_of(kind, pair[0].key))[:most]


def auc(sound: Sequence[float], bad: Sequence[float]) -> float:
    """The chance that a sound row ranks above a bad one; ties count half."""
    right = np.sort(np.asarray(sound))
    below = len(right) - np.searchsorted(right, bad, side="right")
    equal = np.searchsorted(right, bad, side="right") - np.searchsorted(right, bad, side="left")
    return float((below + equal / 2).sum() / (len(sound) * len(bad)))


def measure_auc(weights: Mapping[str, float], half: int = MEASURED, most: int | None = None) -> dict[str, float]:
    """AUC of the composite by kind, and of all spoiled rows together under "all"."""
    rows = judged(half, most)
    sound = [composite(scores, weights) for scores in rows.sound]
    bad = {kind: [composite(scores, weights) for scores in found] for kind, found in rows.spoiled.items()}
    return {
        **{kind: auc(sound, found) for kind, found in bad.items()},
        "all": auc(sound, [figure for found in bad.values() for figure in found]),
    }


def fit_weights() -> dict[str, float]:
    """Weights by coordinate ascent on the fitted half: the worst kinds count, and the AUC of all.

    A few dozen scorers and a few hundred rows need no solver: each weight in turn takes the value of a short ladder
    that does best, until none moves. Weights stay at a half and more.
    """
    ladder = (_LEAST_WEIGHT, 1.0, 1.5, 2.0, 3.0)
    seen = {score.name for scores in judged(FITTED).sound for score in scores} & set(SCORERS)
    weights = dict.fromkeys(SCORERS, 1.0)
    best = _worth(weights)
    moved = True
    while moved:
        moved = False
        for name in SCORERS:
            if name not in seen:
                continue
            for value in ladder:
                tried = {**weights, name: value}
                if (worth := _worth(tried)) > best + _GAIN:
                    weights, best, moved = tried, worth, True
    return weights


def _worth(weights: Mapping[str, float]) -> float:
    found = measure_auc(weights, FITTED)
    kinds = sorted(value for kind, value in found.items() if kind != "all")
    return found["all"] + sum(kinds) / len(kinds) + sum(kinds[:3]) / 3


def fit_threshold(weights: Mapping[str, float]) -> float:
    """A margin below the lowest composite of the sound rows that pass every scorer, on the fitted half."""
    passing = [scores for scores in judged(FITTED).sound if all(score.passed for score in scores)]
    return math.floor((min(composite(scores, weights) for scores in passing) - _MARGIN) * 100) / 100


def measure_refused(
    weights: Mapping[str, float], threshold: float, half: int = MEASURED, most: int | None = None
) -> dict[str, float]:
    """Share refused of the sound rows, under "sound", and of each kind."""
    rows = judged(half, most)
    return {
        kind: sum(not rescore(scores, weights, threshold).passed for scores in found) / len(found)
        for kind, found in {"sound": rows.sound, **rows.spoiled}.items()
    }


def measure_scorers() -> dict[str, float]:
    """Milliseconds a row of each scorer, over the sound rows that it judges."""
    found = {}
    for name, scorer in SCORERS.items():
        rows = [
            sound.row
            for sound in sound_rows()
            if name in sound.scorers and (not hasattr(scorer, "applies") or scorer.applies(sound.row))
        ]
        if rows:
            start = time.perf_counter()
            for row in rows:
                scorer.score(row, scorer.THRESHOLDS)
            found[name] = (time.perf_counter() - start) / len(rows) * 1000
    return found


def measure_rescoring(rows: int, folder: Path) -> dict[str, float]:
    """Seconds to weigh stored scores anew, as a stage does it in one transaction, and how many verdicts that changed.

    The table is made of the scores of real rows, sound and cut, with their details, each under many ids.
    """
    import duckdb

    kinds = [
        (judge_row(row, sound.scorers, {}).scores, judge_row(row, sound.scorers, {}))
        for sound in sound_rows()[:245:5]
        for row in (sound.row, sound.changed(answer=sound.row.answer[:40]))
    ]
    statement = sql("transforms/rescore")
    connection = duckdb.connect(str(folder / "rescored.duckdb"))
    try:
        connection.execute(sql("tables/quality_scores"))
        connection.execute(
            "create table kinds (kind integer, scores json, composite double, passed boolean, reason varchar)"
        )
        for number, (scores, verdict) in enumerate(kinds):
            stored = json.dumps([asdict(score) for score in scores], ensure_ascii=False)
            values = [number, stored, verdict.composite, verdict.passed, verdict.reason or None]
            connection.execute("insert into kinds values (?, ?, ?, ?, ?)", values)
        connection.execute(
            "insert into quality_scores by name select sha256(id::varchar) as candidate_id, 'memorization' as exercise,"
            " 'en' as language, scores, composite, passed, reason, 'v' as scorer_version, 'w' as weighed_by, "
            "null as judgement, 'r' as run_id, now() as made_at"
            " from range($rows) as ids(id) join kinds on kind = id % (select count(*) from kinds)",
            {"rows": rows},
        )
        weights = {**WEIGHTS, "grounding": 3.0}
        start = time.perf_counter()
        cell = {"exercise": "memorization", "language": "en", "weighed_by": "other weights"}
        connection.begin()
        weighing = {**cell, "weights": json.dumps(weights), "threshold": 0.9}
        changed = connection.execute(statement, weighing).fetchall()
        connection.execute(sql("transforms/mark_weighed"), cell)
        connection.commit()
        seconds = time.perf_counter() - start
        for number, (scores, _) in enumerate(kinds):
            wanted = rescore(scores, weights, 0.9)
            found = connection.execute(
                "select composite, passed, coalesce(reason, '') from quality_scores where candidate_id = sha256($id)",
                {"id": str(number)},
            ).fetchall()
            assert found == [] or found == [tuple(wanted)], f"{found} is not {wanted}"
    finally:
        connection.close()
    return {"rescore_seconds": seconds, "rescored_rows": float(rows), "rescore_changed": float(changed[0][0])}


def measure(rows: int = 1_000_000) -> dict[str, Any]:
    """All figures: `quality_auc`, `quality_auc_by_kind`, shares refused, scorers' milliseconds, rescoring."""
    found = measure_auc(WEIGHTS)
    with TemporaryDirectory() as folder:
        rescoring = measure_rescoring(rows, Path(folder))
    return {
        "quality_auc": found.pop("all"),
        "quality_auc_by_kind": found,
        "quality_refused": measure_refused(WEIGHTS, COMPOSITE_THRESHOLD),
        "scorer_ms": measure_scorers(),
        **rescoring,
    }


def main(arguments: Sequence[str]) -> None:
    """Print the table and the JSON object; `--fit` fits first, `--rows N` is the size of the rescored table."""
    if "--fit" in arguments:
        weights = fit_weights()
        print(f"WEIGHTS = {json.dumps(weights, indent=4)}\nCOMPOSITE_THRESHOLD = {fit_threshold(weights)}")
        print(f"AUC on the other half: {json.dumps(measure_auc(weights))}\n")
    rows = int(arguments[arguments.index("--rows") + 1]) if "--rows" in arguments else 1_000_000
    found = measure(rows)
    print(f"{'spoiled by':<20}{'rows':>6}{'AUC':>8}{'refused':>9}")
    for kind, figure in found["quality_auc_by_kind"].items():
        print(f"{kind:<20}{len(judged(MEASURED).spoiled[kind]):>6}{figure:>8.3f}{found['quality_refused'][kind]:>9.1%}")
    print(f"{'all':<20}{'':>6}{found['quality_auc']:>8.3f}")
    print(f"{'sound':<20}{len(judged(MEASURED).sound):>6}{'':>8}{found['quality_refused']['sound']:>9.1%}\n")
    for name, milliseconds in found["scorer_ms"].items():
        print(f"{name:<20}{milliseconds:>8.2f} ms a row")
    print(f"\n{rows:,} rows rescored in {found['rescore_seconds']:.1f} s\n")
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
