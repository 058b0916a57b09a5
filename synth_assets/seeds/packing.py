"""Articles as the columns of their rows, made where they are read: what leaves a process are texts and bytes."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import orjson

from synth_assets.identity import hash_of_texts
from synth_assets.seeds.base import BadSeed, Dropped, LeftOut, Seed, SourceFile
from synth_assets.seeds.processes import Workers
from synth_assets.seeds.selection import Chosen


class Packed(NamedTuple):
    """An article as it is stored; `blocks` is its body as JSON, `count` how many blocks that are."""

    seed_id: str
    collection: str
    language: str
    title: str
    url: str
    license: str
    level: int | None
    topic: str
    revision: str
    retrieved_at: datetime | None
    content_hash: str
    blocks: bytes
    attribution: str
    wikidata: str
    characters: int
    count: int


Item = Packed | BadSeed | Dropped | LeftOut


def read_packed(reader: Chosen, file: SourceFile, workers: Workers) -> Iterator[Item]:
    """What a file gives, in its order. `workers` call `pack_piece` and share the reader.

    Raises:
        SeedError: the file as a whole cannot be read; what came before was given.
    """
    if reader.in_pieces:
        read = (item for items in workers.map(reader.pieces(file)) for item in items)
        return reader.joined(file, read)  # it passes on what is packed as it passes on articles
    return (packed(item) if isinstance(item, Seed) else item for item in reader.read(file))


def pack_piece(reader: Chosen, work: object) -> list[Item]:
    """What a piece of a file gives."""
    return [packed(item) if isinstance(item, Seed) else item for item in reader.read_piece(work)]


def seed_id_of(seed: Seed, content_hash: str) -> str:
    """What the article is called: the same wherever, and however often, it is read."""
    return hash_of_texts("seed_id", seed.collection, seed.language, seed.url, content_hash)


def packed(seed: Seed) -> Packed:
    """The article's row."""
    content_hash = seed.content_hash
    return Packed(
        seed_id=seed_id_of(seed, content_hash),
        collection=seed.collection,
        language=seed.language,
        title=seed.title,
        url=seed.url,
        license=seed.license,
        level=seed.level,
        topic=seed.topic,
        revision=seed.revision,
        retrieved_at=seed.retrieved_at,
        content_hash=content_hash,
        blocks=orjson.dumps(
            [
                {"kind": kind, "text": text, "level": level, "anchor": anchor}
                for kind, text, level, anchor in seed.blocks
            ]
        ),
        attribution=seed.attribution,
        wikidata=seed.wikidata,
        characters=sum([len(block[1]) for block in seed.blocks]),
        count=len(seed.blocks),
    )
