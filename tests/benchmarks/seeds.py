"""How fast Structured Contents is read and cut into sections, in how much memory, and what an unchanged file costs.

`python -m tests.benchmarks.seeds` writes a file of made-up articles that have the shape and proportions of real ones
(60 kB each, half of it links; 20 sections, 60 paragraphs, 30 list items), and prints a table and, last, a JSON object.
Megabytes are of uncompressed NDJSON. `--path` takes another file instead, its English articles.

- `mb_per_s` is reading and sectioning as such: the reader in one process, `split_sections` in two others.
- `mb_per_s_of_assets` is what a run does: `seed_corpus` and `sections` with everything that they do besides (hashes,
  language, signatures, copies, the warehouse). `memory_mb` is the most that it holds, its other processes included, and
  `second_pass_speedup` compares its first pass with a second one.
"""

import argparse
import json
import multiprocessing
import os
import random
import resource
import subprocess
import sys
import threading
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
    own, largest = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    of_assets = measure_assets(path)
    pass_of_assets_s = of_assets["first_s"]
    return {
        "mb_per_s": megabytes / pass_s,
        "memory_mb": of_assets["memory_mb"],
        "second_pass_speedup": pass_of_assets_s / of_assets["second_s"],
        "mb_per_s_of_assets": megabytes / pass_of_assets_s,
        "mb_per_cpu_s_of_assets": megabytes / of_assets["cpu_s"],
        "seed_corpus_s": of_assets["seed_corpus_s"],
        "sections_s": of_assets["sections_s"],
        "memory_mb_without_warehouse": (own + workers * largest) / 1e3,
        "articles_per_s": counts["articles"] / pass_s,
        "mb_per_s_reading_alone": megabytes / read_s,
        "mb_per_s_in_one_process": megabytes / alone_s,
        "mb_per_cpu_s_in_one_process": megabytes / alone_cpu_s,  # what a busy machine leaves comparable
        "megabytes": megabytes,
        "workers": workers,
        **counts,
    }


def measure_assets(path: Path) -> dict[str, float]:
    """The figures of both assets in a process of its own, so that its memory is nobody else's."""
    with TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.seeds", "--assets-in", home, "--path", str(path.resolve())],
            stdout=subprocess.PIPE, text=True, check=True, env={**os.environ, "SYNTH_ASSETS_HOME": home},
        )  # fmt: skip
    return json.loads(done.stdout)


class Memory:
    """The most that this process and those it started hold at once, looked at a few times a second.

    The kernel's own account of children that ended begins with what their parent held when it started them.
    """

    def __init__(self) -> None:
        self.most_bytes = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.2):
            total = 0
            for folder in Path("/proc").glob("[0-9]*"):
                try:
                    parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                    if os.getpid() in (parent, int(folder.name)):
                        total += int((folder / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
                except (OSError, ValueError, IndexError):  # it ended meanwhile
                    continue
            self.most_bytes = max(self.most_bytes, total)


def run_assets(home_folder: Path, path: Path) -> dict[str, float]:
    """Both assets twice in this process."""
    from synth_assets.home import Home
    from synth_assets.recipe import parse_recipe
    from synth_assets.stages.corpus import cut_sections, read_seeds
    from synth_assets.stages.work import Work, work_log
    from synth_assets.warehouse import Warehouse

    home = Home(root=home_folder)
    home.prepare()
    entry = {"collection": "wiki", "reader": "structured_contents", "path": str(path), "languages": ["en"]}
    recipe = parse_recipe(
        {"name": "benchmark", "seeds": [entry], "languages": {"en": 1.0}, "exercises": {"memorization": {"rows": 1}},
         "models": {"query": {"model": "embedded"}}}, "benchmark",
    )  # fmt: skip
    work = Work(home=home, warehouse=Warehouse(database=str(home.database), calls_folder=str(home.calls)),
                recipe=recipe, run_id="benchmark", log=work_log())  # fmt: skip
    moments = [time.perf_counter()]
    with Memory() as watched:
        for stage in (read_seeds, cut_sections, read_seeds, cut_sections):
            report = stage(work)
            moments.append(time.perf_counter())
    if report.metadata["articles_cut"]:
        raise AssertionError("the second pass cut articles again")
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "first_s": moments[2] - moments[0],
        "second_s": moments[4] - moments[2],
        "seed_corpus_s": moments[1] - moments[0],
        "sections_s": moments[2] - moments[1],
        "cpu_s": sum(each.ru_utime + each.ru_stime for each in used),
        "memory_mb": watched.most_bytes / 1e6,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Reading and sectioning Structured Contents.")
    parser.add_argument("--megabytes", type=float, default=MEGABYTES, help="size of the file that is made")
    parser.add_argument("--workers", type=int, default=WORKERS, help="processes that cut sections")
    parser.add_argument("--path", type=Path, help="read this file instead, its English articles")
    parser.add_argument("--assets-in", type=Path, help=argparse.SUPPRESS)  # how this benchmark calls itself
    chosen = parser.parse_args()
    if chosen.assets_in is not None:
        print(json.dumps(run_assets(chosen.assets_in, chosen.path)))
        return
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
