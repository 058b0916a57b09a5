"""The stages that make what candidates are drawn from: seeds, sections, and the pool's vectors."""

import json
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from synth_assets.encoder import Encoder
from synth_assets.errors import SeedError, SynthAssetsError
from synth_assets.identity import hash_of
from synth_assets.seeds.base import BadSeed, Block, Seed, SeedReader, SourceFile
from synth_assets.seeds.registry import READERS
from synth_assets.seeds.sections import (
    Section,
    Signature,
    refuse_copies,
    refuse_wrong_language,
    split_sections,
)
from synth_assets.stages.work import Work, in_batches, now

NO_LIMIT = 2**62
GONE = "gone"  # in place of a file's fingerprint, once its collection lists it no longer


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusReport:
    """What a stage did, for its asset's metadata, and the version of the data it left."""

    metadata: dict[str, Any]
    data_version: str


def read_seeds(work: Work) -> CorpusReport:
    """Read what changed in the recipe's collections: files by fingerprint first, then articles by content hash.

    Records that cannot be read are kept with their place and reason; an optional collection that is not installed is
    reported in one line.

    Raises:
        SeedError: a collection that is not optional is not there, or a file cannot be read as a whole.
    """
    known = {(row["collection"], row["language"], row["name"]): row["fingerprint"]
             for row in work.warehouse.read("transforms/source_fingerprints")}  # fmt: skip
    read = unchanged = gone = 0
    missing: list[str] = []
    bad: list[dict[str, str]] = []
    for entry in work.recipe.seeds:
        reader = READERS[entry.collection]
        try:
            files = reader.files(tuple(entry.languages))
        except SeedError as error:
            if not entry.optional:
                raise
            missing.append(str(error))
            work.log.info("left out: %s", error)
            continue
        for file in files:
            if known.get((file.collection, file.language, file.name)) == file.fingerprint:
                unchanged += 1
                continue
            bad += _read_file(work, reader, file)
            read += 1
        listed = {(file.collection, file.language, file.name) for file in files}
        for place, fingerprint in known.items():
            of_entry = place[0] == entry.collection and place[1] in entry.languages
            if of_entry and place not in listed and fingerprint != GONE:
                _retire_file(work, *place)
                gone += 1
    totals = work.warehouse.read("audit/corpus_totals")
    for place in bad[:20]:
        work.log.warning("not read: %s %s: %s", place["source"], place["record"], place["reason"])
    return CorpusReport(
        metadata={
            "files_read": read,
            "files_unchanged": unchanged,
            "files_gone": gone,
            "bad_records": len(bad),
            "collections_missing": missing,
            "articles": {f"{row['collection']} {row['language']}": row["seeds"] for row in totals},
        },
        data_version=hash_of([row["state"] for row in totals])[:16],
    )


def _read_file(work: Work, reader: SeedReader, file: SourceFile) -> list[dict[str, str]]:
    rows: dict[str, dict[str, Any]] = {}
    bad: list[dict[str, str]] = []
    for item in reader.read(file):
        if isinstance(item, BadSeed):
            bad.append({"source": item.source, "record": item.record, "reason": item.reason})
            continue
        row = _seed_row(work, item, file)
        rows[row["seed_id"]] = row
    with work.warehouse.transaction(f"writing the seeds of {file.name}") as open_:
        place = {"collection": file.collection, "language": file.language, "name": file.name}
        before = {row["seed_id"] for row in open_.rows("transforms/current_seeds_of_file", **place)}
        gone = sorted(before - set(rows))
        if gone:
            open_.execute("transforms/retire_seeds", seed_ids=gone)
        if set(rows) - before:
            open_.execute("transforms/revive_seeds", seed_ids=sorted(set(rows) - before))
            open_.insert("seed_corpus", [row for seed_id, row in rows.items() if seed_id not in before])
        open_.insert("seed_sources", [{
            **place, "fingerprint": file.fingerprint, "seeds": len(rows), "bad_records": bad,
            "read_at": now(), **work.stamp(),
        }])  # fmt: skip
    work.log.info("%s %s: %d articles, %d bad records", file.collection, file.name, len(rows), len(bad))
    return bad


def _retire_file(work: Work, collection: str, language: str, name: str) -> None:
    """A file that its collection lists no longer: its articles are drawn from no more; it may come back."""
    place = {"collection": collection, "language": language, "name": name}
    with work.warehouse.transaction(f"retiring the seeds of {name}") as open_:
        held = [row["seed_id"] for row in open_.rows("transforms/current_seeds_of_file", **place)]
        if held:
            open_.execute("transforms/retire_seeds", seed_ids=held)
        open_.insert("seed_sources", [{
            **place, "fingerprint": GONE, "seeds": 0, "bad_records": [], "read_at": now(), **work.stamp(),
        }])  # fmt: skip
    work.log.info("%s %s is gone: %d articles are no longer drawn from", collection, name, len(held))


def _seed_row(work: Work, seed: Seed, file: SourceFile) -> dict[str, Any]:
    content_hash = seed.content_hash
    return {
        "seed_id": hash_of("seed_id", seed.collection, seed.language, seed.url, content_hash),
        "collection": seed.collection,
        "language": seed.language,
        "title": seed.title,
        "url": seed.url,
        "license": seed.license,
        "level": seed.level,
        "topic": seed.topic or None,
        "revision": seed.revision or None,
        "retrieved_at": seed.retrieved_at,
        "content_hash": content_hash,
        "blocks": [{"kind": block.kind, "text": block.text, "level": block.level, "anchor": block.anchor}
                   for block in seed.blocks],
        "source_file": file.name,
        "is_current": True,
        "read_at": now(),
        **work.stamp(),
    }  # fmt: skip


def cut_sections(work: Work) -> CorpusReport:
    """Cut every current article that is not cut yet into sections; copies and wrong languages keep a row with why."""
    with work.warehouse.transaction("reading articles to cut") as open_:
        articles = open_.rows("transforms/uncut_seeds")
        signatures = [
            Signature(section_id=row["section_id"], language=row["seed_language"], data=row["signature"])
            for row in (open_.rows("transforms/signatures") if articles else [])
        ]
    made = 0
    if articles:
        seed_of: dict[str, dict[str, Any]] = {}
        sections: list[Section] = []
        for row in articles:
            for section in split_sections(_seed_of(row)):
                # the same text at the same place of another revision is another row: each leads to its own article
                own = replace(section, section_id=hash_of("section", section.section_id, row["seed_id"]))
                seed_of[own.section_id] = row
                sections.append(own)
        copies = refuse_copies(refuse_wrong_language(sections), signatures)
        data = {signature.section_id: signature.data for signature in copies.signatures}
        rows = [_section_row(work, section, seed_of[section.section_id], data) for section in copies.sections]
        made = work.warehouse.insert("sections", rows)
        work.progress("sections", made, made)
    totals = work.warehouse.read("audit/section_totals")
    refused = {
        f"{row['seed_language']} {row['refused_reason']}": row["sections"] for row in totals if row["refused_reason"]
    }
    kept = {row["seed_language"]: row["sections"] for row in totals if not row["refused_reason"]}
    return CorpusReport(
        metadata={"articles_cut": len(articles), "sections_made": made, "kept": kept, "refused": refused},
        data_version=hash_of([row["state"] for row in totals])[:16],
    )


def _seed_of(row: dict[str, Any]) -> Seed:
    return Seed(
        collection=row["collection"],
        language=row["language"],
        title=row["title"],
        url=row["url"],
        license=row["license"],
        blocks=tuple(Block(**block) for block in json.loads(row["blocks"])),
        level=row["level"],
        topic=row["topic"] or "",
        revision=row["revision"] or "",
    )


def _section_row(work: Work, section: Section, seed: dict[str, Any], data: dict[str, bytes]) -> dict[str, Any]:
    return {
        "section_id": section.section_id,
        "seed_id": seed["seed_id"],
        "content_hash": section.content_hash,
        "seed_language": section.language,
        "collection": seed["collection"],
        "title": seed["title"],
        "heading_path": list(section.heading_path),
        "url": section.url,
        "license": seed["license"],
        "position": section.position,
        "is_lead": section.is_lead,
        "text": section.text,
        "words": section.words,
        "refused_reason": section.reason or None,
        "copy_of": section.copy_of or None,
        "signature": data.get(section.section_id),
        "made_at": now(),
        **work.stamp(),
    }


def encoder_of(work: Work) -> Encoder:
    """The recipe's encoder; it loads its model at the first text."""
    entry = work.recipe.encoder
    return Encoder(entry.model, entry.device, entry.precision)


def encoder_name(work: Work) -> str:
    """What tells vectors of one encoder from those of another."""
    return f"{work.recipe.encoder.model}@{work.recipe.encoder.precision}"


def pool_of(work: Work, language: str) -> list[dict[str, Any]]:
    """The recipe's pool of a language: sections in the order of a hash, the same on every machine."""
    return work.warehouse.read(
        "transforms/pool",
        language=language,
        collections=sorted({entry.collection for entry in work.recipe.seeds}),
        seed=str(work.recipe.seed),
        size=NO_LIMIT if work.recipe.pool == "all" else work.recipe.pool,
    )


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
            "materialize section_embeddings first"
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
