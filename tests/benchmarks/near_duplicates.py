"""How fast near-duplicates are found, beside bare FAISS and semhash in the same run.

    python -m tests.benchmarks.near_duplicates

The vectors are made for the purpose: 384 numbers, 2,000 clusters of 100 (cosine of two in one cluster about 0.5), and
one in ten a near copy of another at a cosine between 0.945 and 0.955. Each contestant gets them in memory and returns
what is at 0.9 or above; every figure is the median of `runs`, the contestants taking turns. Bare FAISS is an
IndexIVFFlat with as many cells and probes as the index has chosen, trained on as many vectors a cell for as many
rounds.
"""

import argparse
import gc
import json
import random
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synth_assets.encoder import normalise
from synth_assets.exercises.base import DuplicateRule
from synth_assets.quality.duplicates import Comparable, decide_with_index
from synth_assets.quality.minhash import LexicalIndex, shingle
from synth_assets.vector_index import VectorIndex

SIZE = 200_000
RUNS = 3
THRESHOLD = 0.9
DIMENSIONS = 384
DOCUMENTS = 100_000


def planted(size: int, seed: int = 0) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Vectors (size, 384), and the pairs (copy, original) planted among them, (size // 10, 2)."""
    rng = np.random.default_rng(seed)
    copies = size // 10
    centres = normalise(rng.standard_normal((max(1, size // 100), DIMENSIONS), dtype=np.float32))
    labels = rng.integers(0, len(centres), size - copies)
    noise = normalise(rng.standard_normal((size - copies, DIMENSIONS), dtype=np.float32))
    originals = normalise(centres[labels] + noise)
    chosen = rng.choice(size - copies, copies, replace=False)
    source = originals[chosen]
    aside = rng.standard_normal((copies, DIMENSIONS), dtype=np.float32)
    aside = normalise(aside - (aside * source).sum(axis=1, keepdims=True) * source)
    cosine = rng.uniform(0.945, 0.955, (copies, 1)).astype(np.float32)
    vectors = normalise(np.concatenate([originals, cosine * source + np.sqrt(1 - cosine**2) * aside]))
    shuffled = rng.permutation(size)
    place = np.argsort(shuffled)
    return vectors[shuffled], np.stack([place[size - copies :], place[chosen]], axis=1)


def timed(task: Callable[[], Any]) -> tuple[float, Any]:
    gc.collect()
    start = time.perf_counter()
    result = task()
    return time.perf_counter() - start, result


def faiss_search(vectors: NDArray[np.float32], cells: int, probes: int) -> tuple[float, float, int]:
    """Seconds of training and adding, seconds of the range search, and how many matches there are."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import faiss

    def build() -> Any:
        index = faiss.IndexIVFFlat(faiss.IndexFlatIP(DIMENSIONS), DIMENSIONS, cells, faiss.METRIC_INNER_PRODUCT)
        index.cp.niter, index.cp.min_points_per_centroid, index.cp.max_points_per_centroid = 6, 1, 39
        index.train(vectors)
        index.add(vectors)
        index.nprobe = probes
        return index

    build_s, index = timed(build)
    search_s, found = timed(lambda: index.range_search(vectors, THRESHOLD))
    return build_s, search_s, len(found[2])


def semhash_search(vectors: NDArray[np.float32], ids: list[str]) -> tuple[float, int]:
    """Seconds from vectors to the rows that stay, and how many stay; nan where semhash is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from semhash import SemHash
    except ImportError:
        return float("nan"), 0

    def run() -> int:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = SemHash.from_embeddings(embeddings=vectors, records=ids, model=None)
            return len(found.self_deduplicate(threshold=THRESHOLD).selected)

    return timed(run)


def documents(count: int, seed: int = 0) -> list[str]:
    """Texts of 100 words whose frequencies fall as those of natural text do; every tenth a copy with a word changed."""
    rng = random.Random(seed)
    vocabulary = [f"{chr(97 + number % 26)}word{number}" for number in range(30_000)]
    weights = [1 / (rank + 3) for rank in range(len(vocabulary))]
    texts = [" ".join(rng.choices(vocabulary, weights, k=100)) + "." for _ in range(count)]
    for place in range(0, count - 1, 10):
        texts[place] = texts[place + 1].replace(" ", " changed ", 1)
    return texts


def measure_minhash(count: int = DOCUMENTS, runs: int = RUNS) -> dict[str, float]:
    texts = documents(count)
    ids = [f"{number:08d}" for number in range(count)]

    def run() -> LexicalIndex:
        index = LexicalIndex(0.7)
        for start in range(0, count, 50_000):
            part = slice(start, start + 50_000)
            index.add(ids[part], shingle(texts[part]))
        return index

    seconds = []
    for _ in range(runs):
        taken, index = timed(run)
        seconds.append(taken)
    sample = range(0, min(count - 1, 20_000), 10)
    search_s, found = timed(lambda: index.search(shingle([texts[place] for place in sample])))
    caught = sum(ids[place + 1] in {match.id for match in row} for place, row in zip(sample, found, strict=True))
    return {
        "minhash_docs_per_s": count / statistics.median(seconds),
        "minhash_search_docs_per_s": len(sample) / search_s,
        "minhash_recall": caught / len(sample),
    }


def measure(
    size: int = SIZE, runs: int = RUNS, *, semhash: bool = True, documents: int = DOCUMENTS
) -> dict[str, float]:
    """The figures of near-duplicates.

    `semantic_ratio_to_bare_faiss` compares building the index (on disk, cells and probes fitted) and searching it with
    training, filling and range-searching a bare one; `search_ratio_to_bare_faiss` the two searches alone.
    `semantic_speedup_vs_semhash` compares the same build and search with semhash, and `decision_speedup_vs_semhash` the
    verdict on every row. `incremental_share` is the time of opening the index, searching it for size / 20 new rows and
    adding them, as part of the full build and search.
    """
    vectors, pairs = planted(size)
    ids = [f"{number:064x}" for number in range(size)]
    more, _ = planted(max(20, size // 20), seed=1)
    more_ids = [f"new{number:061x}" for number in range(len(more))]
    rows = [Comparable(candidate_id=name, key=name, vector=vector) for name, vector in zip(ids, vectors, strict=True)]
    rule = DuplicateRule(kind="embedding", family="benchmark", threshold=THRESHOLD)
    taken: dict[str, list[float]] = {}
    figures: dict[str, float] = {}
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "index"
            with VectorIndex.open(path, DIMENSIONS) as index:
                build_s, _ = timed(lambda index=index: index.add(ids, vectors))
                search_s, found = timed(lambda index=index: index.search(vectors, THRESHOLD))
                cells, probes = index.cells, index.probes(THRESHOLD)
                recall = index.recall(THRESHOLD, sample=500)

            def add_more(path: Path = path) -> None:
                with VectorIndex.open(path, DIMENSIONS) as index:
                    index.search(more, THRESHOLD)
                    index.add(more_ids, more)

            more_s, _ = timed(add_more)
        caught = sum(ids[other] in {match.id for match in found[one]} for one, other in pairs.tolist())
        faiss_build_s, faiss_search_s, faiss_found = faiss_search(vectors, cells, probes)
        with VectorIndex.open(None, DIMENSIONS) as index:
            decide_s, verdicts = timed(lambda index=index: decide_with_index(rows, index, rule, {}))
        semhash_s, semhash_stay = semhash_search(vectors, ids) if semhash else (float("nan"), 0)
        for name, value in {
            "build_s": build_s, "search_s": search_s, "full_s": build_s + search_s, "incremental_s": more_s,
            "decide_s": decide_s, "faiss_build_s": faiss_build_s, "faiss_search_s": faiss_search_s,
            "faiss_full_s": faiss_build_s + faiss_search_s, "semhash_s": semhash_s,
        }.items():  # fmt: skip
            taken.setdefault(name, []).append(value)
        figures = {
            "vectors": size,
            "cells": cells,
            "probes": probes,
            "semantic_recall": caught / len(pairs),
            "semantic_recall_of_sample": recall.share,
            "matches": sum(map(len, found)),
            "faiss_matches": faiss_found,
            "kept": sum(verdict.verdict == "kept" for verdict in verdicts),
            "semhash_kept": semhash_stay,
        }
    median = {name: statistics.median(values) for name, values in taken.items()}
    return {
        "semantic_ratio_to_bare_faiss": median["faiss_full_s"] / median["full_s"],
        "search_ratio_to_bare_faiss": median["faiss_search_s"] / median["search_s"],
        "semantic_speedup_vs_semhash": median["semhash_s"] / median["full_s"],
        "decision_speedup_vs_semhash": median["semhash_s"] / median["decide_s"],
        "incremental_share": median["incremental_s"] / median["full_s"],
        **figures,
        **median,
        **measure_minhash(documents, runs),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Near-duplicates, beside bare FAISS and semhash.")
    parser.add_argument("--size", type=int, default=SIZE, help="vectors")
    parser.add_argument("--documents", type=int, default=DOCUMENTS, help="texts of 100 words for MinHash")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--no-semhash", action="store_true")
    chosen = parser.parse_args()
    figures = measure(chosen.size, chosen.runs, semhash=not chosen.no_semhash, documents=chosen.documents)
    for name, value in figures.items():
        print(f"{name:32} {value:12.4g}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
