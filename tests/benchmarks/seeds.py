"""How fast Structured Contents is read and cut into sections, in how much memory, and what an unchanged file costs.

`python -m tests.benchmarks.seeds` writes a file of made-up articles that have the shape and proportions of real ones
(60 kB each, half of it links; 20 sections, 60 paragraphs, 30 list items), and prints a table and, last, a JSON object.
With `--sample FILE` the file is made of that file's own English articles, over and over, each time with every third
long word another one of theirs and under another address. Megabytes are of uncompressed NDJSON; `--path` takes a file
as it is, its English articles.

- `mb_per_s`, `articles_per_s` and `cpu_ms_per_mb` are reading and sectioning by `--workers` processes: from the file to
  what the rows of sections hold, with hashes, language and signatures, in the hands of the process that asked for them.
  The pieces of the file are read and cut by the functions that a run calls, one after the other in one process. A run
  stores the articles between the two: their bodies as JSON are neither written nor read here.
- `..._into_warehouse` is what a run does: the stages of `seed_corpus` and `sections`, from the file to rows in the
  warehouse, copies found. `memory_mb` is the most that it holds, its other processes included, and
  `second_pass_speedup` compares its first pass with a second one.
- `cpu_ms_per_mb...` is time of processors of all processes together, their start included, which a busy machine leaves
  nearly comparable.

What time goes to, in ms of one core per megabyte, with `--sample`, idle, on two hyperthreads of one core: 300 megabytes
are read and cut at 31 to 37 MB/s (48 to 59 ms; processes start, and the first 24 megabytes are worked on by one) and go
into the warehouse at 10.7 (127 ms); 5,000 at 37.3 (52 ms) and 6.4 (195 ms). That was before copies were told apart by
their prefixes: at 1,500 megabytes to find them took 37 ms of a megabyte, growing with the corpus, and takes 11. The
host's own speed wanders by a quarter: parsing alone takes 2.1 to 3.1 ms. A Python that was built with its optimizations
(that of Debian) reads and cuts 1,500 megabytes at 36 to 40. The parts, each timed alone in one process and good to a
third: reading 8 (1.2 lines and versions, 1.6 parsing, `..._of_json`, 3.5 the walk through the parts, 0.8 the hash of
the body), cutting 20 (1.8 counting words, 6 pieces and cuts, 2.4 ids and rows, 3 folding texts and finding their words,
4 signatures, 1.7 function words), lingua 4 for the one section in fifty that it is asked about. Two processes at once
take a third more for each. In the warehouse, of articles and sections: 8 and 12 for writing, 4 for reading articles, 12
for signatures, copies and verdicts. Floors are parsing, lingua, and DuckDB's insert of the same Arrow batches, 6.5 for
articles and 9 for sections. 40 megabytes a second on two cores are 50.

What memory goes to, at 5,000 megabytes, on a busy machine: 848 MB at most, while copies are refused; it was 1,085.
Python and what it imports have 230 to 290 of them. DuckDB adds 500 while articles or sections are written, when no
other process lives, and 250 to 330 while copies are refused. The two processes that cut have 290, and articles that are
read for them 220. Finding copies takes 200 at most, and what was read for it is not given back: 250. With the corpus
grow some 24 bytes a section, and what was shingles of the same hash by chance, 230 MB, is not held any more.
"""

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from synth_assets.identity import rng_of
from synth_assets.seeds.archives import Limits, Member, open_members, read_lines
from synth_assets.seeds.base import BadSeed, Dropped, LeftOut, Seed, SourceFile
from synth_assets.seeds.cutting import Article, Unjudged, cut_bodies, in_their_language
from synth_assets.seeds.packing import seed_id_of
from synth_assets.seeds.processes import Workers
from synth_assets.seeds.sections import Body
from synth_assets.seeds.selection import Choice, Chosen
from synth_assets.seeds.structured_contents import StructuredContents, Unusable, parse

MEGABYTES = 300
WORKERS = 2
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
Found = Article | BadSeed | Dropped | LeftOut
LONG_WORD = re.compile(rb"(?<= )[a-z]{4,12}(?= )")


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


def write_varied(path: Path, sample: Path, megabytes: float) -> None:
    """The English articles of a file, over and over, no two alike.

    More than a fifth of the words differ between any two, as in different articles; else all would be near copies.
    """
    words: set[bytes] = set()
    patterns: list[list[bytes]] = []
    for member in open_members(sample, sample.name, Limits()):
        for item in read_lines(member, Limits()) if isinstance(member, Member) else ():
            record = parse(item[1]) if isinstance(item, tuple) else Unusable("no line")
            if isinstance(record, Unusable) or record.get("in_language") != {"identifier": "en"}:
                continue
            url = record["url"].encode()
            line = orjson.dumps(record).replace(b'"url":"%s"' % url, b'"url":"%s_@NUMBER@"' % url)
            words.update(LONG_WORD.findall(line))
            numbers = count()
            apart = LONG_WORD.sub(lambda match, numbers=numbers: match[0] if next(numbers) % 3 else b"\0", line)
            patterns.append(apart.split(b"\0"))
    vocabulary = sorted(words)
    number = written = 0
    with path.open("wb") as file:
        while written < megabytes * 1e6:
            parts = patterns[number % len(patterns)]
            chosen = rng_of("varied", number).choices(vocabulary, k=len(parts))
            line = b"".join(piece for pair in zip(parts, [*chosen[1:], b""], strict=True) for piece in pair)
            written += file.write(line.replace(b"@NUMBER@", b"%d" % (number // len(patterns))) + b"\n")
            number += 1


def unpacked_bytes(path: Path) -> int:
    """What there is to read, uncompressed."""
    size = 0
    for member in open_members(path, path.name, Limits()):
        if isinstance(member, Member):
            while data := member.stream.read(1 << 20):
                size += len(data)
    return size


def read_and_cut_piece(reader: Chosen, work: object) -> tuple[list[Found], Unjudged]:
    """What a piece of a file gives, articles without their bodies, and the sections of its articles."""
    found: list[Found] = []
    articles: list[Article] = []
    bodies: list[Body] = []
    for item in reader.read_piece(work):
        if isinstance(item, Seed):
            seed_id = seed_id_of(item, item.content_hash)
            articles.append(
                Article(seed_id, item.collection, item.language, item.title, item.url, item.license, blocks="")
            )
            bodies.append(Body(item.language, item.blocks))
            found.append(articles[-1])
        else:
            found.append(item)
    return found, cut_bodies(articles, bodies)


def read_and_cut(reader: Chosen, files: list[SourceFile], processes: int) -> dict[str, int]:
    """One pass without a warehouse: how many articles, sections and reports there were."""
    counts = {"articles": 0, "sections": 0, "reports": 0}

    def count_sections(results: Iterator[tuple[list[Found], Unjudged]]) -> Iterator[Found]:
        for found, unjudged in results:
            counts["sections"] += len(in_their_language(unjudged).section_id)
            yield from found

    with Workers(read_and_cut_piece, reader, processes) as workers:
        for file in files:
            for item in reader.joined(file, count_sections(workers.map(reader.pieces(file)))):
                counts["articles" if isinstance(item, Article) else "reports"] += 1
    return counts


def parse_lines(path: Path) -> float:
    """Seconds of processor that parsing every line takes, read one by one."""
    spent = 0.0
    for member in open_members(path, path.name, Limits()):
        if isinstance(member, Member):
            for item in read_lines(member, Limits()):
                if not isinstance(item, BadSeed):
                    started = time.process_time()
                    orjson.loads(item[1])
                    spent += time.process_time() - started
    return spent


def measure(path: Path, workers: int = WORKERS) -> dict[str, float]:
    """The figures of one file."""
    megabytes = unpacked_bytes(path) / 1e6
    of_assets = measure_assets(path)
    reader = Chosen(StructuredContents((path.name,), base=path.parent), Choice())
    files = reader.files(("en",))
    alone = read_and_cut(reader, files, 1)
    started, busy = time.perf_counter(), processor_s()
    counts = read_and_cut(reader, files, workers)
    pass_s, pass_cpu_s = time.perf_counter() - started, processor_s() - busy
    if counts != alone:
        raise AssertionError(f"workers made {counts}, one process made {alone}")
    return {
        "mb_per_s": megabytes / pass_s,
        "memory_mb": of_assets["memory_mb"],
        "second_pass_speedup": of_assets["first_s"] / of_assets["second_s"],
        "articles_per_s": counts["articles"] / pass_s,
        "cpu_ms_per_mb": 1000 * pass_cpu_s / megabytes,
        "mb_per_s_into_warehouse": megabytes / of_assets["first_s"],
        "cpu_ms_per_mb_into_warehouse": 1000 * of_assets["cpu_s"] / megabytes,
        "seed_corpus_s": of_assets["seed_corpus_s"],
        "sections_s": of_assets["sections_s"],
        "cpu_ms_per_mb_of_json": 1000 * parse_lines(path) / megabytes,
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
    """The most that this process and those it started hold at once, looked at twice a second; what several share, as
    code and what they were forked with, counts once (the kernel's proportional set size).

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
        while not self._ended.wait(0.4):
            total = 0
            for folder in Path("/proc").glob("[0-9]*"):
                try:
                    parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                    if os.getpid() in (parent, int(folder.name)):
                        shared_out = (folder / "smaps_rollup").read_text().partition("\nPss:")[2]
                        total += 1024 * int(shared_out.split()[0])
                except (OSError, ValueError, IndexError):  # it ended meanwhile
                    continue
            self.most_bytes = max(self.most_bytes, total)


def processor_s() -> float:
    """Seconds of processor that this process and those that it started and that ended have taken."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


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
    moments, busy = [time.perf_counter()], [processor_s()]
    with Memory() as watched:
        for stage in (read_seeds, cut_sections, read_seeds, cut_sections):
            report = stage(work)
            moments.append(time.perf_counter())
            busy.append(processor_s())
    if report.metadata["articles_cut"]:
        raise AssertionError("the second pass cut articles again")
    return {
        "first_s": moments[2] - moments[0],
        "second_s": moments[4] - moments[2],
        "seed_corpus_s": moments[1] - moments[0],
        "sections_s": moments[2] - moments[1],
        "cpu_s": busy[2] - busy[0],
        "memory_mb": watched.most_bytes / 1e6,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Reading and sectioning Structured Contents.")
    parser.add_argument("--megabytes", type=float, default=MEGABYTES, help="size of the file that is made")
    parser.add_argument("--workers", type=int, default=WORKERS, help="processes, where no warehouse is")
    parser.add_argument("--sample", type=Path, help="make the file of this one's English articles")
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
            if chosen.sample is None:
                write_articles(path, chosen.megabytes)
            else:
                write_varied(path, chosen.sample, chosen.megabytes)
        figures = measure(path, chosen.workers)
    for name, value in figures.items():
        print(f"{name:32} {value:14,.1f}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
