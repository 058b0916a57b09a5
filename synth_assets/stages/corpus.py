"""The stages that make what candidates are drawn from: seeds, sections, and the pool's vectors."""

import json
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Any, NamedTuple

import numpy as np
import polars as pl

from synth_assets.encoder import Encoder
from synth_assets.errors import SeedError, SynthAssetsError
from synth_assets.identity import hash_of
from synth_assets.recipe import SeedCollection
from synth_assets.seeds.base import Dropped, LeftOut, SourceFile
from synth_assets.seeds.copies import CopyFinder
from synth_assets.seeds.cutting import Article, Cuts, cut_alone, in_their_language, pieces_of
from synth_assets.seeds.packaged_json import printable
from synth_assets.seeds.packing import Packed, pack_piece, read_packed
from synth_assets.seeds.processes import Workers
from synth_assets.seeds.registry import choice_of, reader_of
from synth_assets.seeds.selection import Chosen
from synth_assets.stages.held_rows import HeldRows
from synth_assets.stages.work import Work, in_batches, now
from synth_assets.warehouse import RemoteFiles, Transaction

NO_LIMIT = 2**62
GONE = "gone"  # in place of a file's fingerprint, once its collection lists it no longer
# Of articles or sections that are held on disk before they are written: twice as much each time, because processes end
# and begin anew around it, and no more than is written in little memory and while others are still willing to wait.
HELD_BYTES = 256 << 20
MOST_HELD_BYTES = 512 << 20
# Of stored articles at once: each time 2,048 rows are decompressed for the first and the last of them.
READ_BYTES = 32 << 20
ROW_BYTES = 500  # what a row weighs that stays in memory
MOST_IN_MEMORY = 32 << 20
WRITING_MEMORY = "320MB"  # of DuckDB's own
ARTICLES_AT_ONCE = 64  # that are texts of Python's
SIGNATURES_AT_ONCE = 10_000
MOST_TOLD = 20  # bad records that the log tells one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusReport:
    """What a stage did, for its asset's metadata, and the version of the data it left."""

    metadata: dict[str, Any]
    data_version: str


def read_seeds(work: Work) -> CorpusReport:
    """Read what changed in the recipe's collections: files by fingerprint first, then articles by content hash.

    Records that cannot be read are kept with their place and reason, what rules drop is counted, and articles that the
    recipe does not want have a row that says why. A collection that is optional and not there is reported in one line.
    Memory holds a few megabytes of articles, whatever a file's size.

    Raises:
        SeedError: a collection that is not optional is not there, or a file cannot be read as a whole; what was read
            before it stands.
    """
    with _Reading(work) as reading:
        return _read_collections(work, reading)


def _read_collections(work: Work, reading: "_Reading") -> CorpusReport:
    known = {(row["collection"], row["language"], row["name"]): row["fingerprint"]
             for row in work.warehouse.read("transforms/source_fingerprints")}  # fmt: skip
    unchanged = gone = 0
    missing: list[str] = []
    done: list[SeedCollection] = []
    try:
        for entry in work.recipe.seeds:
            try:
                reader = reader_at(work, entry)
                files = reader.files(tuple(entry.languages))
            except SeedError as error:
                if not entry.optional:
                    raise
                missing.append(str(error))
                work.log.info("left out: %s", error)
                continue
            done.append(entry)
            with Workers(pack_piece, reader) as workers:
                for file in files:
                    if known.get((file.collection, file.language, file.name)) == file.fingerprint:
                        unchanged += 1
                    else:
                        reading.read(reader, file, workers)
            listed = {(file.collection, file.language, file.name) for file in files}
            for place, fingerprint in known.items():
                of_entry = place[0] == entry.collection and place[1] in entry.languages
                if of_entry and place not in listed and fingerprint != GONE:
                    reading.retire(*place)
                    gone += 1
    except SeedError:
        reading.flush()
        _choose(work, done)
        raise
    reading.flush()
    _choose(work, done)
    totals = work.warehouse.read("audit/corpus_totals")
    left_out = work.warehouse.read("audit/left_out_seeds")
    return CorpusReport(
        metadata={
            "files_read": reading.files,
            "files_unchanged": unchanged,
            "files_gone": gone,
            "bad_records": sum(reading.bad.values()),
            "bad_records_because": dict(reading.bad.most_common()),
            "dropped": dict(reading.dropped.most_common()),
            "left_out": {f"{row['collection']} {row['language']} {row['reason']}": row["seeds"] for row in left_out},
            "collections_missing": missing,
            "articles": {f"{row['collection']} {row['language']}": row["seeds"] for row in totals},
        },
        data_version=hash_of([row["state"] for row in totals])[:16],
    )


def reader_at(work: Work, entry: SeedCollection) -> Chosen:
    """The reader of one of the recipe's collections, with what the recipe wants of it.

    Raises:
        SeedError: see `reader_of` and `choice_of`.
    """
    reader = reader_of(entry, work.home.root, RemoteFiles(), cache_folder=work.home.data / "wikimedia")
    return Chosen(reader, choice_of(work.recipe, entry, work.home.root))


class _Reading:
    """Articles on their way into the warehouse, of several small files together or of a large one piece by piece.

    An article is stored as not current, and what its file holds is entered; a file that was read to its end is entered
    last. Only `_choose` makes articles current, from files that were read to their end: a crash leaves what stood
    before, and the file is read again.
    """

    def __init__(self, work: Work) -> None:
        self._work = work
        self._seeds = HeldRows("seed_corpus", work.home.data)
        self._seed_ids: set[str] = set()
        self._places: list[dict[str, Any]] = []
        self._left_out: list[dict[str, Any]] = []
        self._ended: list[dict[str, Any]] = []
        self._held = 0  # bytes in memory
        self._written = 0
        self._told = 0
        self.files = 0
        self.bad: Counter[str] = Counter()
        self.dropped: Counter[str] = Counter()

    def __enter__(self) -> "_Reading":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._seeds.close()

    def read(self, reader: Chosen, file: SourceFile, workers: Workers) -> None:
        place = {"collection": file.collection, "language": file.language, "name": file.name}
        source = {**place, "fingerprint": file.fingerprint}
        seeds = 0
        bad: list[dict[str, str]] = []
        dropped: list[dict[str, Any]] = []
        for item in read_packed(reader, file, workers):
            if isinstance(item, Packed):
                if item.seed_id not in self._seed_ids:
                    self._seed_ids.add(item.seed_id)
                    self._seeds.append(_seed_row(self._work, item, file), len(item.blocks) + ROW_BYTES)
                self._places.append({**source, "seed_id": item.seed_id})
                seeds += 1
            elif isinstance(item, LeftOut):
                self._left_out.append(_left_out_row(self._work, item, source))
            elif isinstance(item, Dropped):
                self.dropped[item.reason.partition(":")[0]] += item.count
                dropped.append({"reason": item.reason, "what": item.what, "count": item.count})
            else:
                self.bad[_name_of(item.reason)] += 1
                bad.append({"source": item.source, "record": item.record, "reason": item.reason})
                if self._told < MOST_TOLD:
                    self._told += 1
                    self._work.log.warning("not read: %s %s: %s", item.source, item.record, item.reason)
            self._held += ROW_BYTES
            if self._seeds.size >= _step(self._written) or self._held >= MOST_IN_MEMORY:
                workers.pause()
                self.flush()
        self._ended.append({
            **source, "seeds": seeds, "bad_records": bad, "dropped": dropped, "read_at": now(), **self._work.stamp(),
        })  # fmt: skip
        self._held += ROW_BYTES * (1 + len(bad))
        self.files += 1
        self._work.log.info(
            "%s %s: %d articles, %d bad records", file.collection, printable(file.name), seeds, len(bad)
        )

    def retire(self, collection: str, language: str, name: str) -> None:
        """A file that its collection lists no longer: its articles are drawn from no more; it may come back."""
        self._ended.append({
            "collection": collection, "language": language, "name": name, "fingerprint": GONE, "seeds": 0,
            "bad_records": [], "dropped": [], "read_at": now(), **self._work.stamp(),
        })  # fmt: skip
        self._work.log.info("%s %s is gone: its articles are no longer drawn from", collection, name)

    def flush(self) -> None:
        if not (self._places or self._left_out or self._ended):
            return
        with _writing(self._work, "writing seeds") as open_:
            if self._seeds.size:
                open_.insert_batches("seed_corpus", self._seeds.batches)
            open_.insert("seed_places", self._places)
            open_.insert("left_out_seeds", self._left_out)
            for ended in self._ended:
                place = {name: ended[name] for name in ("collection", "language", "name", "fingerprint")}
                open_.execute("transforms/forget_seed_places", **place)
                open_.execute("transforms/forget_left_out_seeds", **place)
            open_.insert("seed_sources", self._ended)
        self._written += self._seeds.size
        self._seeds.clear()
        self._seed_ids.clear()
        self._places, self._left_out, self._ended, self._held = [], [], [], 0


def _step(written: int) -> int:
    """How many bytes of rows are held before the next are written, by how many a run has written already."""
    return min(max(HELD_BYTES, written), max(HELD_BYTES, MOST_HELD_BYTES))


def _name_of(reason: str) -> str:
    """What a bad record counts as: the name in front of the colon; packaged readers have sentences without one."""
    name = reason.partition(":")[0]
    return name if name.isidentifier() else "bad_record"


def _choose(work: Work, entries: list[SeedCollection]) -> None:
    """Draw from the articles that files hold and the recipe wants, and from no others."""
    if not entries:
        return
    with work.warehouse.transaction("choosing seeds") as open_:
        # what was written in several steps is put together here, through as little memory as it was written
        open_.limit_memory(WRITING_MEMORY)
        open_.note("transforms/compress_texts")
        for entry in entries:
            select = entry.select
            of_entry = {"collection": entry.collection, "languages": entry.languages}
            open_.execute(
                "transforms/choose_seeds",
                **of_entry,
                seed=str(work.recipe.seed),
                by_version=entry.reader == "structured_contents",
                quotas=json.dumps(select.quotas),
                per_topic=select.per_topic or NO_LIMIT,
                sample=select.sample or NO_LIMIT,
            )
            open_.execute("transforms/mark_chosen_seeds", **of_entry)
            open_.execute("transforms/forget_unchosen_seeds", **of_entry)
            open_.execute("transforms/keep_unchosen_seeds", left_out_at=now(), **work.stamp())


def _seed_row(work: Work, seed: Packed, file: SourceFile) -> dict[str, Any]:
    return {
        "seed_id": seed.seed_id,
        "collection": seed.collection,
        "language": seed.language,
        "title": seed.title,
        "url": seed.url,
        "license": seed.license,
        "level": seed.level,
        "topic": seed.topic or None,
        "revision": seed.revision or None,
        "retrieved_at": seed.retrieved_at,
        "content_hash": seed.content_hash,
        "blocks": seed.blocks,
        "source_file": file.name,
        "is_current": False,
        "read_at": now(),
        "attribution": seed.attribution or None,
        "wikidata": seed.wikidata or None,
        "characters": seed.characters,
        **work.stamp(),
    }


def _left_out_row(work: Work, item: LeftOut, source: dict[str, Any]) -> dict[str, Any]:
    seed = item.seed
    return {
        **source,
        "url": seed.url,
        "revision": seed.revision,
        "title": seed.title,
        "license": seed.license,
        "reason": item.reason,
        "left_out_at": now(),
        **work.stamp(),
    }


def cut_sections(work: Work) -> CorpusReport:
    """Cut every current article that is not cut yet into sections; copies and wrong languages keep a row with why.

    Articles are cut and written some megabytes at a time. What then waits as "not_compared" is compared with all other
    sections, because a copy may stand anywhere; their signatures are put into a temporary file for that.
    """
    with work.exclusive("sections"):
        cut, made = _cut_articles(work)
        _compare_sections(work)
    totals = work.warehouse.read("audit/section_totals")
    refused = {
        f"{row['seed_language']} {row['refused_reason']}": row["sections"] for row in totals if row["refused_reason"]
    }
    kept = {row["seed_language"]: row["sections"] for row in totals if not row["refused_reason"]}
    return CorpusReport(
        metadata={"articles_cut": cut, "sections_made": made, "kept": kept, "refused": refused},
        data_version=hash_of([[row["seed_language"], row["refused_reason"], row["state"]] for row in totals])[:16],
    )


def _cut_articles(work: Work) -> tuple[int, int]:
    """How many articles were cut, and how many sections they gave."""
    articles = made = written = 0
    while len(todo := _listed(work, "listing articles to cut", "transforms/uncut_seeds")):
        # rows of a table move when somebody compacts the database: what was not found is looked for again
        found = 0

        def read_articles(todo: pl.DataFrame = todo) -> Iterator[Article]:
            for chunk in _chunks(todo):
                yield from _read_chunk(work, chunk)

        with HeldRows("sections", work.home.data) as rows:
            with Workers(cut_alone, None) as workers:
                for unjudged in workers.map(pieces_of(read_articles())):
                    cuts = in_their_language(unjudged)
                    _add_sections(work, rows, cuts)
                    found += len(set(cuts.seed_id))
                    if rows.size >= _step(written):
                        workers.pause()
                        written += rows.size
                        made += _write_sections(work, rows)
                        work.progress("sections", articles + found, articles + len(todo))
            made += _write_sections(work, rows)
        articles += found
        if not found:
            raise SynthAssetsError(f"{len(todo)} articles that are to be cut cannot be found; is the database whole?")
    if articles:
        work.progress("sections", articles, articles)
    return articles, made


@contextmanager
def _writing(work: Work, purpose: str) -> Iterator[Transaction]:
    """A transaction that adds to a large table, with little memory."""
    with work.warehouse.transaction(purpose) as open_:
        open_.limit_memory(WRITING_MEMORY)
        open_.note("transforms/compress_texts")
        open_.note("transforms/leave_row_groups")
        yield open_


def _add_sections(work: Work, rows: HeldRows, cuts: Cuts) -> None:
    rows.add(
        len(cuts.section_id),
        {
            "section_id": cuts.section_id,
            "seed_id": cuts.seed_id,
            "content_hash": cuts.content_hash,
            "seed_language": cuts.language,
            "collection": cuts.collection,
            "title": cuts.title,
            "heading_path": cuts.heading_path,
            "url": cuts.url,
            "license": cuts.license,
            "position": cuts.position,
            "is_lead": cuts.is_lead,
            "text": cuts.text,
            "words": cuts.words,
            "refused_reason": cuts.reason,
            "signature": [signature or None for signature in cuts.signature],
        },
        {"made_at": now(), **work.stamp()},
    )


def _write_sections(work: Work, rows: HeldRows) -> int:
    if not rows.size:
        return 0
    with _writing(work, "writing sections") as open_:
        made = open_.insert_batches("sections", rows.batches)
    rows.clear()
    return made


def _listed(work: Work, purpose: str, name: str, /, **params: Any) -> pl.DataFrame:
    """The rows of the SELECT in sql/<name>.sql, which reads much of a large table.

    Not as a reading: what DuckDB then keeps for the next one are hundreds of megabytes.
    """
    with work.warehouse.transaction(purpose) as open_:
        open_.limit_memory(WRITING_MEMORY)
        return open_.frame(name, **params)


def _chunks(todo: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The work list in pieces that fit into memory, however long single articles are."""
    start = held = 0
    for place, characters in enumerate(todo["characters"].to_list()):
        if place > start and held + characters > READ_BYTES:
            yield todo[start:place]
            start, held = place, 0
        held += characters + ROW_BYTES
    if start < len(todo):
        yield todo[start:]


def _read_chunk(work: Work, chunk: pl.DataFrame) -> Iterator[Article]:
    places = chunk["place"].to_list()
    wanted = set(chunk["seed_id"])
    frame = _listed(work, "reading articles", "transforms/seeds_at", first=places[0], last=places[-1], places=places)
    for some in frame.select(Article._fields).iter_slices(ARTICLES_AT_ONCE):
        yield from (Article(*row) for row in some.rows() if row[0] in wanted)


def _compare_sections(work: Work) -> None:
    """Refuse the copies among the sections that were not compared yet, and keep the others."""
    while True:
        with work.warehouse.transaction("listing sections to compare") as open_:
            open_.limit_memory(WRITING_MEMORY)
            waiting = open_.rows("transforms/uncompared_state")
            fresh = open_.frame("transforms/uncompared_sections")["place"]
            known = open_.frame("transforms/signatures")["place"] if len(fresh) else fresh
        if not len(fresh):
            return
        copies = _find_copies(work, known, fresh)
        with _writing(work, "refusing copies") as open_:
            # rows move when somebody compacts the database, and other articles may have become current meanwhile
            if copies is None or open_.rows("transforms/uncompared_state") != waiting:
                continue
            if copies:
                open_.execute(
                    "transforms/refuse_copies",
                    section_ids=[copy.section_id for copy in copies],
                    reasons=[copy.reason for copy in copies],
                    copies_of=[copy.copy_of for copy in copies],
                )
            open_.execute("transforms/keep_compared")


class _CopyOf(NamedTuple):
    section_id: str
    reason: str
    copy_of: str


def _find_copies(work: Work, known: pl.Series, fresh: pl.Series) -> list[_CopyOf] | None:
    """The copies among the sections at these places; None where not all of them are there any more."""
    with CopyFinder(work.home.data) as finder, tempfile.TemporaryFile(dir=work.home.data) as file:
        ids = _SectionIds(file)
        for places, is_known in ((known, True), (fresh, False)):
            for frame in _signatures(work, places):
                ids.add(frame["section_id"].to_list())
                finder.add_all(frame["signature"].to_list(), frame["seed_language"].to_list(), is_known=is_known)
        if len(finder) != len(known) + len(fresh):
            return None
        return [_CopyOf(ids[copy.place], copy.reason, ids[copy.copy_of]) for copy in finder.copies()]


def _signatures(work: Work, places: pl.Series) -> Iterator[pl.DataFrame]:
    """The rows of sections at these places, some at a time."""
    for start in range(0, len(places), SIGNATURES_AT_ONCE):
        some = places[start : start + SIGNATURES_AT_ONCE].to_list()
        yield _listed(work, "reading signatures", "transforms/signatures_at", first=some[0], last=some[-1], places=some)


class _SectionIds:
    """Ids of millions of sections, of which few are asked for: 32 bytes each, in a temporary file."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def add(self, section_ids: Sequence[str]) -> None:
        self._file.write(bytes.fromhex("".join(section_ids)))

    def __getitem__(self, place: int) -> str:
        self._file.seek(32 * place)
        return self._file.read(32).hex()


def encoder_of(work: Work) -> Encoder:
    """The recipe's encoder; it loads its model at the first text."""
    entry = work.recipe.encoder
    return Encoder(entry.model, entry.device, entry.precision)


def encoder_name(work: Work) -> str:
    """What tells vectors of one encoder from those of another."""
    return f"{work.recipe.encoder.model}@{work.recipe.encoder.precision}"


def pool_of(work: Work, language: str) -> list[dict[str, Any]]:
    """The recipe's pool of a language: sections in the order of a hash, the same on every machine."""
    return work.warehouse.read("transforms/pool", language=language, seed=str(work.recipe.seed), **_pool(work))


def pool_sizes(work: Work, languages: Collection[str]) -> dict[str, dict[str, int]]:
    """Language -> collection -> how many sections `pool_of` has of it."""
    found: dict[str, dict[str, int]] = {language: {} for language in languages}
    for row in work.warehouse.read("transforms/pool_sizes", languages=sorted(found), **_pool(work)):
        found[row["language"]][row["collection"]] = row["sections"]
    return found


def _pool(work: Work) -> dict[str, Any]:
    return {
        "collections": sorted({entry.collection for entry in work.recipe.seeds}),
        "size": NO_LIMIT if work.recipe.pool == "all" else work.recipe.pool,
    }


def pool_vectors(work: Work, pool: list[dict[str, Any]]) -> np.ndarray:
    """The vectors of a pool, float32 of shape (len(pool), dimensions), in its order.

    Raises:
        SynthAssetsError: some section of the pool was not embedded yet.
    """
    hashes = [row["content_hash"] for row in pool]
    rows = work.warehouse.read("transforms/vectors", encoder=encoder_name(work), content_hashes=hashes)
    found = {row["content_hash"]: row["vector"] for row in rows}
    missing = [content_hash for content_hash in hashes if content_hash not in found]
    if missing:
        raise SynthAssetsError(
            f"{len(missing)} of the {len(hashes)} sections of the pool have no embedding; "
            "launch the job refresh_corpus, or materialize section_embeddings, first"
        )
    return np.asarray([found[content_hash] for content_hash in hashes], dtype=np.float32)


def embed_pool(work: Work) -> CorpusReport:
    """Embed the sections of the recipe's pool that this encoder has not read yet, written as they are made."""
    name = encoder_name(work)
    pools = _pools(work)
    texts = {row["content_hash"]: row["text"] for pool in pools.values() for row in pool}
    todo = _without_vector(work, texts)
    encoder = encoder_of(work)
    done = 0
    for batch in in_batches(todo, 128):
        vectors = encoder.embed([texts[content_hash] for content_hash in batch])
        done += work.warehouse.insert("section_embeddings", [
            {"content_hash": content_hash, "encoder": name, "vector": vector.tolist(), "made_at": now(), **work.stamp()}
            for content_hash, vector in zip(batch, vectors, strict=True)])  # fmt: skip
        work.progress("section_embeddings", done, len(todo))
    return CorpusReport(
        metadata={"encoder": name, "embedded": done, "pool": {code: len(pool) for code, pool in pools.items()}},
        data_version=hash_of(name, sorted(texts))[:16],
    )


def unembedded(work: Work) -> int:
    """How many sections of the pool the recipe's encoder has not read yet."""
    return len(
        _without_vector(work, {row["content_hash"]: row["text"] for pool in _pools(work).values() for row in pool})
    )


def _pools(work: Work) -> dict[str, list[dict[str, Any]]]:
    languages = dict.fromkeys(code for entry in work.recipe.seeds for code in entry.languages)
    return {code: pool_of(work, code) for code in languages}


def _without_vector(work: Work, texts: dict[str, str]) -> list[str]:
    read = {
        row["content_hash"] for row in work.warehouse.read("transforms/embedded_hashes", encoder=encoder_name(work))
    }
    return [content_hash for content_hash in texts if content_hash not in read]
