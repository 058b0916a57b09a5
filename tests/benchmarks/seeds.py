"""How fast Structured Contents is read and cut into sections, in how much memory, and what an unchanged file costs.

`python -m tests.benchmarks.seeds` writes a file of made-up articles that have the shape and proportions of real ones
(60 kB each, half of it links; 20 sections, 60 paragraphs, 30 list items), reads it, and prints a table and, last, one
JSON object. Megabytes are of uncompressed NDJSON. `--path` takes another file instead.
"""

import argparse
import json
import multiprocessing
import random
import resource
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from synth_assets.identity import rng_of
from synth_assets.seeds.archives import Limits, Member, open_members
from synth_assets.seeds.base import BadSeed, Block, Seed, SourceFile
from synth_assets.seeds.sections import Section, split_sections
from synth_assets.seeds.structured_contents import StructuredContents

MEGABYTES = 300
WORKERS = 2
BATCH = 16  # articles that go to a worker at once, a megabyte
AHEAD = 4  # batches under way a worker: enough that none waits, few enough that memory stays small
PATTERNS = 40  # different articles; all others repeat one of them under another name and with other numbers

VOCABULARY = """
    the of and in to a was is for as on with by that it at from his an were are which this be had also or has first one
    their its after new who they two her she been other when there all during into school time may years more most only
    over city some world would where later up such used many can state about national out known university united then
    made war under between part history three century government second several company early population including early
    river district season film music family game series became area while before being since against team work village
    through people found because however year until both same often small American German café naïve Zürich 19th-century
    U.S. co-operation 3.5 1,200 (approximately) "so-called" province's engine, harbour, railway; treaty: reform
"""
WORDS = VOCABULARY.split()


def sentence(rng: random.Random) -> str:
    words = rng.choices(WORDS, k=rng.randint(8, 30))
    return f"{words[0].capitalize()} {' '.join(words[1:])} @NUMBER@ {rng.randint(2, 2000)}."


def paragraph(rng: random.Random) -> dict[str, Any]:
    links = [
        {"url": f"https://en.wikipedia.org/wiki/{'_'.join(rng.choices(WORDS, k=3))}", "text": rng.choice(WORDS)}
        for _ in range(rng.randint(0, 7))
    ]
    return {"type": "paragraph", "value": " ".join(sentence(rng) for _ in range(rng.randint(1, 6))), "links": links}


def section(rng: random.Random, name: str, depth: int = 0) -> dict[str, Any]:
    parts = [paragraph(rng) for _ in range(rng.randint(1, 5))]
    if rng.random() < 0.2:
        items = [{"type": "list_item", "value": sentence(rng), "links": []} for _ in range(rng.randint(3, 12))]
        parts.append({"type": "list", "has_parts": items})
    if depth < 2 and rng.random() < 0.5:
        parts += [section(rng, f"Part {number} of {name}", depth + 1) for number in range(rng.randint(1, 4))]
    return {"type": "section", "name": name, "has_parts": parts}


def pattern(number: int) -> bytes:
    """One article as a line, "@NUMBER@" where the repetitions differ."""
    rng = rng_of("article", number)
    sections = [section(rng, name) for name in ("Abstract", "Origin", "Growth", "Trade", "Culture", "Today", "Outlook")]
    record = {
        "name": "Article @NUMBER@",
        "abstract": sentence(rng),
        "version": {"identifier": 1_000_000 + number},
        "url": "https://en.wikipedia.org/wiki/Article_@NUMBER@",
        "date_modified": "2024-05-03T10:19:55Z",
        "is_part_of": {"identifier": "enwiki", "url": "https://en.wikipedia.org"},
        "in_language": {"identifier": "en"},
        "license": [{"identifier": "CC-BY-SA-4.0", "url": "https://creativecommons.org/licenses/by-sa/4.0/"}],
        "sections": sections,
    }
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"


def write_articles(path: Path, megabytes: float) -> None:
    patterns = [pattern(number) for number in range(PATTERNS)]
    number = written = 0
    with path.open("wb") as file:
        while written < megabytes * 1e6:
            written += file.write(patterns[number % PATTERNS].replace(b"@NUMBER@", b"%d" % number))
            number += 1


def unpacked_bytes(path: Path) -> int:
    """What there is to read, uncompressed."""
    size = 0
    for member in open_members(path, path.name, Limits()):
        if isinstance(member, Member):
            while data := member.stream.read(1 << 20):
                size += len(data)
    return size


# What goes to a worker and back are plain tuples: a frozen dataclass with slots takes ten times as long to pickle.


def packed(seed: Seed) -> tuple[Any, ...]:
    blocks = [(block.kind, block.text, block.level, block.anchor) for block in seed.blocks]
    return seed.collection, seed.language, seed.title, seed.url, seed.license, blocks


def cut(batch: list[tuple[Any, ...]]) -> list[list[tuple[Any, ...]]]:
    made = []
    for collection, language, title, url, license, blocks in batch:
        seed = Seed(
            collection=collection, language=language, title=title, url=url, license=license,
            blocks=tuple(Block(kind=kind, text=text, level=level, anchor=anchor)
                         for kind, text, level, anchor in blocks),
        )  # fmt: skip
        made.append([tuple(getattr(part, name) for name in Section.__slots__) for part in split_sections(seed)])
    return made


def read_and_cut(
    reader: StructuredContents, files: list[SourceFile], pool: ProcessPoolExecutor | None
) -> dict[str, int]:
    """One pass: how many articles, sections and reports there were."""
    counts = {"articles": 0, "sections": 0, "reports": 0}

    def seeds() -> Iterator[Seed]:
        for file in files:
            for item in reader.read(file):
                if isinstance(item, BadSeed):
                    counts["reports"] += 1
                else:
                    counts["articles"] += 1
                    yield item

    if pool is None:
        for seed in seeds():
            counts["sections"] += len(split_sections(seed))
        return counts
    under_way: deque[Future[list[list[tuple[Any, ...]]]]] = deque()
    source = seeds()
    while batch := [packed(seed) for seed in islice(source, BATCH)]:
        under_way.append(pool.submit(cut, batch))
        if len(under_way) >= AHEAD * WORKERS:
            counts["sections"] += sum(map(len, under_way.popleft().result()))
    counts["sections"] += sum(len(parts) for future in under_way for parts in future.result())
    return counts


def measure(path: Path, workers: int = WORKERS) -> dict[str, float]:
    """The figures of one file."""
    reader = StructuredContents((path.name,), base=path.parent)
    megabytes = unpacked_bytes(path) / 1e6
    started = time.perf_counter()
    files = reader.files(("en",))
    for file in files:
        deque(reader.read(file), maxlen=0)
    read_s = time.perf_counter() - started
    started, busy = time.perf_counter(), time.process_time()
    alone = read_and_cut(reader, files, None)
    alone_s, alone_cpu_s = time.perf_counter() - started, time.process_time() - busy
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(cut, [[]] * workers * 4))  # started and imported before the clock runs
        started = time.perf_counter()
        files = reader.files(("en",))
        counts = read_and_cut(reader, files, pool)
        pass_s = time.perf_counter() - started
    if counts != alone:
        raise AssertionError(f"workers made {counts}, one process made {alone}")
    known = {(file.language, file.name): file.fingerprint for file in files}
    started = time.perf_counter()
    changed = [file for file in reader.files(("en",)) if known[file.language, file.name] != file.fingerprint]
    second_s = time.perf_counter() - started
    if changed:
        raise AssertionError(f"files that did not change were taken for changed: {changed}")
    own, largest = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "mb_per_s": megabytes / pass_s,
        "memory_mb": (own + workers * largest) / 1e3,
        "second_pass_speedup": pass_s / second_s,
        "articles_per_s": counts["articles"] / pass_s,
        "mb_per_s_reading_alone": megabytes / read_s,
        "mb_per_s_in_one_process": megabytes / alone_s,
        "mb_per_cpu_s_in_one_process": megabytes / alone_cpu_s,  # what a busy machine leaves comparable
        "memory_mb_of_reader": own / 1e3,
        "memory_mb_of_a_worker": largest / 1e3,
        "megabytes": megabytes,
        "workers": workers,
        **counts,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Reading and sectioning Structured Contents.")
    parser.add_argument("--megabytes", type=float, default=MEGABYTES, help="size of the file that is made")
    parser.add_argument("--workers", type=int, default=WORKERS, help="processes that cut sections")
    parser.add_argument("--path", type=Path, help="read this file instead, its English articles")
    chosen = parser.parse_args()
    with TemporaryDirectory() as folder:
        path = chosen.path
        if path is None:
            path = Path(folder) / "articles.ndjson"
            write_articles(path, chosen.megabytes)
        figures = measure(path, chosen.workers)
    for name, value in figures.items():
        print(f"{name:28} {value:14,.1f}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
