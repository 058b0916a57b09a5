"""Rows and facts of a small release, made from numbers: two exercises, two languages, articles, a pair, a program."""

import json
from typing import Any

import polars as pl

from synth_assets.identity import hash_of
from synth_assets.release.diversity import measure_diversity
from synth_assets.release.info import Article, CellFate, DuplicateCount, ModelUse, Refusal, ReleaseInfo
from synth_assets.release.parquet import EXTENDED_SCHEMA

TRACE = "### 1. Task Analysis\n├─ asked → year ●\n### 2. Facts\nmined early ◐ ⟨H≈0.4⟩\n∴ it was copper"


def a_row(number: int, **values: Any) -> dict[str, Any]:
    """One row of `EXTENDED_SCHEMA`; `values` replace columns."""
    cell, language = ("memorization", "en") if number % 3 else ("mcq", "fr")
    article = f"https://example.org/wiki/Article_{number % 40}"
    candidate = hash_of("candidate", number)
    row = {
        "synth_id": f"{cell}_{language}_{candidate[:16]}",
        "language": language,
        "exercise": cell,
        "model": f"small-{cell}",
        "query": f"What of matter {number}?",
        "query_seed_url": f"{article}#History",
        "query_seed_text": f"Matter {number} was known early.",
        "additional_seed_url": "https://example.org/wiki/Neighbour",
        "seed_license": "CC-BY-SA-4.0",
        "constraints": "query_type:analytical",
        "script": None,
        "synthetic_reasoning": TRACE,
        "synthetic_answer": f"Matter {number} was known early, and copper was mined.",
        "words": 40 + number % 700,
        "candidate_id": candidate,
        "cell": cell,
        "split_key": article,
        "seed_id": hash_of(article),
        "section_id": hash_of(article, "History"),
        "neighbour_ids": ["n1", "n2"],
        "exercise_version": 1,
        "pass": 0,
        "draw": json.dumps({"query_type": "analytical"}),
        "query_model": "small",
        "reasoning_model": "small",
        "answer_model": "small",
        "templates": [f"{cell}/query@{'0' * 64}"],
        "checks": "[]",
        "payload": "{}",
        "quality": (number % 50) / 50,
        "scores": [
            {"name": "length", "value": 0.5 + number % 2 / 2, "passed": True, "reason": "", "detail": ""},
            {"name": "grounding", "value": 0.75, "passed": bool(number % 4), "reason": "", "detail": ""},
        ],
        "family": cell,
        "key_hash": hash_of("key", number),
        "copies": 0,
        "by_program": False,
        "recipe_hash": "r" * 64,
        "seed_attribution": "Wikipedia contributors",
    }
    return {**row, **values}


def a_pair(number: int, **values: Any) -> dict[str, Any]:
    """A row whose payload is a preference pair."""
    pair = {"prompt": f"What of {number}?", "chosen": "It is so.", "rejected": "No idea.", "scores": [3, 1]}
    return a_row(number, cell="preference", exercise="preference", payload=json.dumps(pair), **values)


def by_program(number: int, **values: Any) -> dict[str, Any]:
    """A row of a program, without article and trace."""
    nothing = dict.fromkeys(("query_seed_url", "query_seed_text", "additional_seed_url", "seed_license", "seed_id",
                             "section_id", "synthetic_reasoning"))  # fmt: skip
    return a_row(
        number, cell="math_exercise", exercise="math exercise", model="program", by_program=True, script="apples",
        split_key=hash_of("values", number), **nothing, **values,
    )  # fmt: skip


def frame_of(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=EXTENDED_SCHEMA).sort("synth_id")


def some_rows(count: int = 200) -> pl.DataFrame:
    """Rows of every kind."""
    made = [
        a_pair(number) if number % 20 == 7 else by_program(number) if number % 20 == 11 else a_row(number)
        for number in range(count)
    ]
    return frame_of(made)


def about(version: str = "v1", **values: Any) -> ReleaseInfo:
    """Facts of every kind; `values` replace fields."""
    facts: dict[str, Any] = {
        "package_version": "0.1.0",
        "recipe_name": "test",
        "recipe_hash": "r" * 64,
        "recipe_text": "name: test\nseed: 1\n",
        "cells": (
            CellFate(exercise="memorization", language="en", accepted=120, refused=60, duplicate=15, withdrawn=1,
                     superseded=2, open=4),
            CellFate(exercise="mcq", language="fr", accepted=60, refused=45, duplicate=5),
        ),
        "refusals": (
            Refusal(exercise="memorization", language="en", stage="quality_scores", reason="not_grounded",
                    candidates=50),
            Refusal(exercise="memorization", language="en", stage="answers", reason="cut_short", candidates=10),
            Refusal(exercise="mcq", language="fr", stage="quality_scores", reason="not_grounded", candidates=45),
        ),
        "models": (
            ModelUse(model="small", role="query", calls=300, prompt_tokens=90_000, completion_tokens=9_000,
                     cost_usd=1.25),
            ModelUse(model="large", role="answer", calls=280, refused_calls=2, prompt_tokens=200_000,
                     completion_tokens=150_000, cost_usd=7.5, unpriced_calls=3),
        ),
        "articles": tuple(
            Article(collection="vital_articles", language="en", title=f"Article {number}",
                    url=f"https://example.org/wiki/Article_{number}", license="CC-BY-SA-4.0",
                    revision=f"ovos {number}", samples=5)
            for number in range(40)
        ),
        "duplicates": (
            DuplicateCount(family="memorization", method="exact", similarity=1.0, candidates=3),
            DuplicateCount(family="memorization", method="embedding", similarity=0.95, candidates=9),
            DuplicateCount(family="memorization", method="embedding", similarity=0.97, candidates=8),
        ),
        "thresholds": {"duplicates memorization": 0.94, "composite": 0.5},
        "diversity": measure_diversity(
            ["copper was mined early on the island"], ["the island gave its name to copper"],
            labels={"level": ({"1": 4, "2": 2}, ["1", "2", "3"])},
        ),
    }  # fmt: skip
    return ReleaseInfo(version=version, **{**facts, **values})
