"""How fast samples are held against benchmarks: python -m tests.benchmarks.decontamination

Samples of 500 words and items of 20 to 80, of one vocabulary whose frequencies fall as those of natural text do; one
sample in a hundred holds an item's question. Both searches are timed together: runs of words, and the vectors of each
sample's chunks against those of the items, which are made for the purpose (embedding costs the same with or without).
"""

import argparse
import json
import random
import statistics
import time

import numpy as np

from synth_assets.benchmark_files import BenchmarkItem
from synth_assets.encoder import normalise
from synth_assets.quality.decontamination import SampleText, WordIndex, near_items
from synth_assets.vector_index import VectorIndex

SIZE = 10_000
ITEMS = 100_000
RUNS = 3
WORDS = 500
CHUNKS = 4
DIMENSIONS = 384
THRESHOLD = 0.9


def measure(size: int = SIZE, items: int = ITEMS, runs: int = RUNS) -> dict[str, float]:
    """`decontamination_rows_per_s` is samples through both searches a second; the median of the runs."""
    rng = random.Random(0)
    vocabulary = [f"{chr(97 + number % 26)}word{number}" for number in range(50_000)]
    weights = np.cumsum([1 / (rank + 3) for rank in range(len(vocabulary))]).tolist()
    benchmark = [
        BenchmarkItem(
            benchmark="made", item=str(number),
            question=" ".join(rng.choices(vocabulary, cum_weights=weights, k=rng.randint(20, 60))) + "?",
            answer=" ".join(rng.choices(vocabulary, cum_weights=weights, k=rng.randint(1, 20))),
        )
        for number in range(items)
    ]  # fmt: skip
    samples = []
    for number in range(size):
        words = rng.choices(vocabulary, cum_weights=weights, k=WORDS)
        if number % 100 == 0:
            words[100:100] = benchmark[number % items].question.split()
        samples.append(SampleText(query=" ".join(words[:40]), texts=[" ".join(words[40:340]), " ".join(words[340:])]))
    generator = np.random.default_rng(0)
    centres = normalise(generator.standard_normal((max(1, items // 100), DIMENSIONS), dtype=np.float32))

    def clustered(count: int) -> np.ndarray:
        noise = normalise(generator.standard_normal((count, DIMENSIONS), dtype=np.float32))
        return normalise(centres[generator.integers(0, len(centres), count)] + noise)

    item_vectors, chunk_vectors = clustered(items), clustered(CHUNKS * size)
    planted = np.arange(0, size, 100)
    noise = normalise(generator.standard_normal((len(planted), DIMENSIONS), dtype=np.float32))
    chunk_vectors[CHUNKS * planted] = normalise(item_vectors[planted % items] + 0.3 * noise)
    sample_of = np.repeat(np.arange(size), CHUNKS).tolist()

    start = time.perf_counter()
    words_index = WordIndex(benchmark)
    word_build_s = time.perf_counter() - start
    by_key = {item.key: item for item in benchmark}
    word_s, vector_s, total_s = [], [], []
    with VectorIndex.open(None, DIMENSIONS) as index:
        start = time.perf_counter()
        index.add(list(by_key), item_vectors)
        vector_build_s = time.perf_counter() - start
        for _ in range(runs):
            start = time.perf_counter()
            by_words = words_index.search(samples)
            middle = time.perf_counter()
            by_vector = near_items(chunk_vectors, sample_of, size, index, by_key, THRESHOLD)
            end = time.perf_counter()
            word_s.append(middle - start)
            vector_s.append(end - middle)
            total_s.append(end - start)
    wanted = planted.tolist()
    return {
        "decontamination_rows_per_s": size / statistics.median(total_s),
        "decontamination_words_rows_per_s": size / statistics.median(word_s),
        "decontamination_vectors_rows_per_s": size / statistics.median(vector_s),
        "decontamination_words_recall": sum(bool(by_words[sample]) for sample in wanted) / len(wanted),
        "decontamination_vectors_recall": sum(bool(by_vector[sample]) for sample in wanted) / len(wanted),
        "decontamination_flagged": sum(bool(one or other) for one, other in zip(by_words, by_vector, strict=True)),
        "word_index_s": word_build_s,
        "vector_index_s": vector_build_s,
        "samples": size,
        "items": items,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Samples against benchmarks.")
    parser.add_argument("--size", type=int, default=SIZE, help="samples")
    parser.add_argument("--items", type=int, default=ITEMS)
    parser.add_argument("--runs", type=int, default=RUNS)
    chosen = parser.parse_args()
    figures = measure(chosen.size, chosen.items, chosen.runs)
    for name, value in figures.items():
        print(f"{name:36} {value:12.4g}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
