"""What the thresholds of duplicates reach on pairs labelled by hand: python -m tests.fit_duplicates

A pair is two rows of one exercise: the same request and answer in other words (a duplicate), or what only looks alike.
The keys are those the exercises compare, the vectors those of the packaged encoder.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synth_assets.encoder import Encoder
from synth_assets.exercises import EXERCISES
from synth_assets.exercises.base import Answer, Query
from synth_assets.quality.duplicates import FittedThreshold, fit_threshold
from synth_assets.quality.minhash import jaccard, shingle

PAIRS = Path(__file__).parent / "quality" / "duplicate_pairs.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPair:
    """A labelled pair with what the methods make of it.

    Attributes:
        same_key: whether the keys are equal as an exact rule compares them.
        cosine: of the keys' vectors.
        shared: part of the shingles that both keys have.
    """

    exercise: str
    language: str
    is_duplicate: bool
    same_key: bool
    cosine: float
    shared: float


def key_of(exercise: str, side: dict[str, Any]) -> str:
    query = Query(text=side["query"], payload=side.get("payload", {}))
    return EXERCISES[exercise].duplicate_key(query, Answer(text=side["answer"]))


def measure(encoder: Encoder) -> list[LabelledPair]:
    """Every labelled pair, in the order of the file."""
    pairs = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    keys = [(key_of(pair["exercise"], pair["a"]), key_of(pair["exercise"], pair["b"])) for pair in pairs]
    texts = sorted({key for both in keys for key in both})  # a text stands in several pairs
    vectors = dict(zip(texts, encoder.embed(texts), strict=True))
    shingled = dict(zip(texts, shingle(texts), strict=True))
    return [
        LabelledPair(
            exercise=pair["exercise"],
            language=pair["language"],
            is_duplicate=pair["label"] == "duplicate",
            same_key=" ".join(one.casefold().split()) == " ".join(other.casefold().split()),
            cosine=float(vectors[one] @ vectors[other]),
            shared=jaccard(shingled[one], shingled[other]),
        )
        for pair, (one, other) in zip(pairs, keys, strict=True)
    ]


def reached(found: Sequence[bool], labels: Sequence[bool]) -> tuple[float, float]:
    """Precision and recall; a method that finds nothing has precision 1."""
    right = sum(one and label for one, label in zip(found, labels, strict=True))
    return (right / sum(found) if any(found) else 1.0), right / sum(labels)


def is_found(pair: LabelledPair) -> bool:
    """Whether the exercise's rule as it stands takes the pair for duplicates."""
    rule = EXERCISES[pair.exercise].duplicate_rule
    return (
        pair.same_key
        or (rule.kind == "embedding" and pair.cosine >= rule.threshold)
        or (rule.lexical_threshold is not None and pair.shared >= rule.lexical_threshold)
    )


def fits(pairs: Sequence[LabelledPair]) -> dict[str, FittedThreshold]:
    """Method -> the threshold fitted to the pairs, at a precision of 0.95 or better."""
    labels = [pair.is_duplicate for pair in pairs]
    return {
        "cosine": fit_threshold([pair.cosine for pair in pairs], labels),
        "words": fit_threshold([pair.shared for pair in pairs], labels),
    }


def main() -> None:
    measured = measure(Encoder())
    for exercise in dict.fromkeys(pair.exercise for pair in measured):
        pairs = [pair for pair in measured if pair.exercise == exercise]
        labels = [pair.is_duplicate for pair in pairs]
        rule = EXERCISES[exercise].duplicate_rule
        precision, recall = reached([is_found(pair) for pair in pairs], labels)
        print(f"{exercise}: {sum(labels)} pairs of duplicates, {len(labels) - sum(labels)} of others")
        print(
            f"  {'as set':8} {rule.kind} {rule.threshold:.2f}, words {rule.lexical_threshold}: "
            f"precision {precision:.3f}, recall {recall:.3f}"
        )
        for method, fitted in fits(pairs).items():
            print(
                f"  {method:8} fitted {fitted.threshold:.3f}: precision {fitted.precision:.3f}, "
                f"recall {fitted.recall:.3f}"
            )
        for name in ("cosine", "shared"):
            same = sorted(getattr(pair, name) for pair in pairs if pair.is_duplicate)
            other = sorted((getattr(pair, name) for pair in pairs if not pair.is_duplicate), reverse=True)
            print(f"  {name:8} duplicates from {same[0]:.3f} {same[1]:.3f} {same[2]:.3f}, "
                  f"others up to {other[0]:.3f} {other[1]:.3f} {other[2]:.3f}")  # fmt: skip


if __name__ == "__main__":
    main()
