"""Many articles cut into sections, by as many processes as pay.

What goes to a process and comes back are plain tuples and texts: a frozen dataclass with slots takes ten times as long
to pickle. Starting two processes takes about two seconds of each, so that a few thousand leads are cut by the caller's.
Which language a section is in the caller's process finds out: who knows that needs 260 MB.
"""

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from synth_assets.identity import hash_of
from synth_assets.languages import LANGUAGES
from synth_assets.quality.language_identification import identify_all
from synth_assets.seeds.base import Block, Seed
from synth_assets.seeds.sections import NOT_COMPARED, SURE_OF_LANGUAGE, sign, split_sections

LEAST_FOR_PROCESSES = 32_000_000
"""Characters of articles: what one process cuts in the time that starting others takes, a few times over."""

BATCH_BYTES = 1 << 20
AHEAD = 3  # batches under way a process: enough that none waits, few enough that memory stays small


class Article(NamedTuple):
    """What of an article its sections are made from; `blocks` is its body as JSON."""

    seed_id: str
    collection: str
    language: str
    title: str
    url: str
    license: str
    blocks: str


class Cut(NamedTuple):
    """One section of an article, in the order of `Section`'s fields; `signature` is empty where it is refused."""

    seed_id: str
    language: str
    section_id: str
    content_hash: str
    heading_path: tuple[str, ...]
    url: str
    position: int
    text: str
    words: int
    is_lead: bool
    reason: str
    signature: bytes


def cut_articles(articles: list[Article]) -> list[Cut]:
    """The sections of some articles, in their order; those that stand wait to be compared with all others."""
    return in_their_language(cut_alone(articles))


def in_their_language(cuts: list[Cut]) -> list[Cut]:
    """The sections, those refused that are surely in another language than their source says."""
    asked = [place for place, cut in enumerate(cuts) if cut.reason == NOT_COMPARED and cut.language in LANGUAGES]
    checked = list(cuts)
    for place, verdict in zip(asked, identify_all([cuts[place].text for place in asked]), strict=True):
        if verdict.code != cuts[place].language and verdict.confidence >= SURE_OF_LANGUAGE:
            checked[place] = cuts[place]._replace(reason="wrong_language", signature=b"")
    return checked


def cut_alone(articles: list[Article]) -> list[Cut]:
    """The sections as `cut_articles` gives them, whatever language they are in."""
    import orjson

    made: list[Cut] = []
    for article in articles:
        seed = Seed(
            collection=article.collection,
            language=article.language,
            title=article.title,
            url=article.url,
            license=article.license,
            blocks=tuple(Block(**block) for block in orjson.loads(article.blocks)),
        )
        for section in split_sections(seed):
            # the same text at the same place of another revision is another row: each leads to its own article
            own = replace(section, section_id=hash_of("section", section.section_id, article.seed_id))
            made.append(
                Cut(
                    article.seed_id,
                    article.language,
                    own.section_id,
                    own.content_hash,
                    own.heading_path,
                    own.url,
                    own.position,
                    own.text,
                    own.words,
                    own.is_lead,
                    own.reason or NOT_COMPARED,
                    b"" if own.reason else sign(own).data,
                )
            )
    return made


@contextmanager
def cutters(characters: int, processes: int = 2) -> Iterator["Cutters"]:
    """What cuts articles of so many characters in all: other processes where that pays, else this one."""
    if processes < 2 or characters < LEAST_FOR_PROCESSES:
        yield Cutters(None, 1)
        return
    # a fork would take along threads and locks of whoever runs this
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield Cutters(pool, processes)


class Cutters:
    """Cuts articles in batches; see `cutters`."""

    def __init__(self, pool: ProcessPoolExecutor | None, processes: int) -> None:
        self._pool = pool
        self._processes = processes

    def cut(self, articles: Iterable[Article]) -> Iterator[list[Cut]]:
        """The sections of the articles, in their order, some megabytes at a time; articles are taken as needed."""
        under_way: deque[Future[list[Cut]]] = deque()
        for batch in _batches(articles):
            if self._pool is None:
                yield cut_articles(batch)
                continue
            under_way.append(self._pool.submit(cut_alone, batch))
            if len(under_way) >= AHEAD * self._processes:
                yield in_their_language(under_way.popleft().result())
        while under_way:
            yield in_their_language(under_way.popleft().result())


def _batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    batch: list[Article] = []
    size = 0
    for article in articles:
        batch.append(article)
        size += len(article.blocks)
        if size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
