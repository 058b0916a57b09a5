"""The stage that tags sections with a domain of the recipe's tree, and the tree itself where a model proposes it.

A section is tagged once a tree: what has a tag keeps it, also when its similarity would now be another, and a changed
tree tags anew beside the old. Vectors are those of section_embeddings where they are there; other sections are embedded
for their tag alone and the vector is let go, since 250,000 of them would be most of the database.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from synth_assets.encoder import Encoder
from synth_assets.errors import DomainTreeError, Refused, Waiting
from synth_assets.exercises.base import Reply, Request
from synth_assets.identity import hash_of
from synth_assets.models import loop
from synth_assets.recipe import DomainPlan
from synth_assets.seeds.domains import (
    PACKAGED,
    SHOWN_PASSAGES,
    DomainTree,
    assign,
    parse_tree,
    proposal_request,
    read_proposal,
    read_tree,
)
from synth_assets.stages.corpus import CorpusReport, encoder_name, encoder_of
from synth_assets.stages.shared_files import kept_file
from synth_assets.stages.steps import _client
from synth_assets.stages.work import Work, now

PAGE = 512
NAME = "domains"
"""What the calls for a tree are accounted under, where others bear an exercise's name."""

STEP = "propose"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proposal:
    """A tree and the calls that it took."""

    tree: DomainTree
    model: str
    call_ids: tuple[str, ...]


def tag_sections(work: Work) -> CorpusReport:
    """Tag every section that has no tag of the recipe's tree, page by page, each written as it is made.

    Raises:
        DomainTreeError: there is no tree, or none that can be used.
        ModelError: a tree is to be proposed and the model cannot be used now.
    """
    plan = work.recipe.domains
    if plan is None:
        return CorpusReport(metadata={"tagged": 0, "why": "the recipe has no domains"}, data_version="")
    with work.exclusive("domains"):
        try:
            tree, origin = tree_of(work, plan)
        except Waiting as waiting:
            return CorpusReport(metadata={"tagged": 0, "why": str(waiting)}, data_version="")
        tagged, embedded = _tag(work, plan, tree)
    totals = work.warehouse.read("audit/domain_totals", fingerprint=_key(plan, tree))
    counts = {row["domain"] or "near none": row["sections"] for row in totals}
    return CorpusReport(
        metadata={
            "tree": _key(plan, tree),
            "origin": origin,
            "domains": len(tree.leaves),
            "domains_without_sections": len(tree.leaves) - len(counts.keys() - {"near none"}),
            "tagged": tagged,
            "embedded_for_it": embedded,
            "sections": counts,
        },
        data_version=hash_of(_key(plan, tree), counts)[:16],
    )


def untagged(work: Work) -> bool:
    """Whether tagging would find something to do; a tree that no model has proposed yet counts as that.

    Raises:
        DomainTreeError: there is a tree, and it cannot be used.
    """
    plan = work.recipe.domains
    if plan is None:
        return False
    if plan.propose is not None and not _kept(work, plan).is_file():
        return True
    tree, _ = tree_of(work, plan)
    return next(_pages(work, plan, _key(plan, tree), encoder_name(work)), None) is not None


def tree_of(work: Work, plan: DomainPlan) -> tuple[DomainTree, str]:
    """The recipe's tree, and where it comes from; one that is to be proposed is asked for once and kept in a file.

    Raises:
        DomainTreeError: it cannot be read, or the model proposed none that can be used.
        ModelError: it is to be proposed and the model cannot be used now.
        Waiting: the model's reply comes by a batch.
    """
    if plan.tree is not None:
        return parse_tree(plan.tree, "domains"), "the recipe"
    if plan.path == Path("packaged"):
        return read_tree(PACKAGED), "packaged"
    if plan.path is not None:
        return read_tree(work.home.root / plan.path.expanduser()), str(plan.path)
    kept = _kept(work, plan)
    if not kept.is_file():
        _keep(kept, _proposed(work, plan.propose or 0))
        kept_file(work, kept)
    return read_tree(kept), str(kept.relative_to(work.home.root))


def _kept(work: Work, plan: DomainPlan) -> Path:
    return kept_file(work, work.home.data / "domains" / f"{work.recipe.name}_{plan.propose}.yaml")


# --- tags ------------------------------------------------------------------------------------------------------------


def _key(plan: DomainPlan, tree: DomainTree) -> str:
    """What tags bear: the tree, and the bound below which there is no tag."""
    return tree.id if not plan.least_similarity else f"{tree.id}@{plan.least_similarity:g}"


def _tag(work: Work, plan: DomainPlan, tree: DomainTree) -> tuple[int, int]:
    """Sections tagged, and how many of them had to be embedded."""
    key, name = _key(plan, tree), encoder_name(work)
    encoder = encoder_of(work)
    leaf_vectors = None
    tagged = embedded = 0
    for page in _pages(work, plan, key, name):
        if leaf_vectors is None:  # the model is loaded for the first section, not to find that there is none
            leaf_vectors = encoder.embed([leaf.text for leaf in tree.leaves])
        vectors, fresh = _vectors(encoder, page)
        tags = assign(tree, leaf_vectors, vectors, least_similarity=plan.least_similarity)
        work.warehouse.insert("section_domains", [
            {
                "section_id": row["section_id"],
                "tree": key,
                "area": None if tag.reason else tag.leaf.path[0],
                "domain": None if tag.reason else tag.leaf.name,
                "similarity": tag.similarity,
                "runner_up": tag.runner_up.name,
                "runner_up_similarity": tag.runner_up_similarity,
                "encoder": name,
                "refused_reason": tag.reason or None,
                "made_at": now(),
                **work.stamp(),
            }
            for row, tag in zip(page, tags, strict=True)
        ])  # fmt: skip
        tagged += len(page)
        embedded += fresh
        work.progress("section_domains", tagged, tagged - len(page) + page[0]["found"])
    return tagged, embedded


def _pages(work: Work, plan: DomainPlan, key: str, encoder: str) -> Iterator[list[dict[str, Any]]]:
    """The work list; whatever is read is written before the next page is asked for, so that it does not come again."""
    name = "transforms/untagged_sections" if plan.sections == "all" else "transforms/untagged_embedded_sections"
    while page := work.warehouse.read(name, fingerprint=key, encoder=encoder, most=PAGE):
        yield page


def _vectors(encoder: Encoder, page: list[dict[str, Any]]) -> tuple[np.ndarray, int]:
    """The vectors of a page's sections (n, d), and how many were not there."""
    missing = [number for number, row in enumerate(page) if row["vector"] is None]
    made = encoder.embed([page[number]["text"] for number in missing]) if missing else ()
    found = {number: np.asarray(row["vector"], dtype=np.float32) for number, row in enumerate(page) if row["vector"]}
    found.update(zip(missing, made, strict=True))
    return np.stack([found[number] for number in range(len(page))]), len(missing)


# --- a tree that a model proposes ------------------------------------------------------------------------------------


def _proposed(work: Work, count: int) -> _Proposal:
    sample = work.warehouse.read("transforms/sample_sections", seed=work.recipe.seed, most=SHOWN_PASSAGES)
    if not sample:
        raise DomainTreeError("no section to draw up domains from; materialize sections first")
    request = proposal_request([(row["title"], row["text"]) for row in sample], count)
    # the request is part of a call's key: another look at the corpus is another question
    asked = hash_of("domain tree", work.recipe.name, count)
    return loop.run(_ask(work, request, asked, count))


async def _ask(work: Work, request: Request, asked: str, count: int) -> _Proposal:
    said: list[Reply] = []
    refused: Refused | None = None
    async with _client(work) as client:
        await client.collect()
        for attempt in range(1, work.recipe.attempts + 1):
            try:
                (reply,) = await client.ask(
                    request, exercise=NAME, language="en", candidate_id=asked, step=STEP, attempt=attempt
                )
            except Waiting:
                await client.submit()
                raise
            said.append(reply)
            try:
                tree = read_proposal(reply, count)
            except Refused as error:
                work.log.warning("no tree in reply %d of %s: %s", attempt, reply.model, error)
                refused = error
                continue
            return _Proposal(tree=tree, model=reply.model, call_ids=tuple(reply.call_id for reply in said))
    raise DomainTreeError(
        f"{said[-1].model} proposed no tree that can be used in {len(said)} tries ({refused}); "
        "name a better model, or give a tree of your own (domains: PATH)"
    )


def _keep(place: Path, proposal: _Proposal) -> None:
    """Whole or not at all, so that a kill does not leave half a tree."""
    place.parent.mkdir(parents=True, exist_ok=True)
    head = {"model": proposal.model, "calls": list(proposal.call_ids)}
    text = (
        "# Domains that a model proposed; edit them as you like, what is changed tags sections anew.\n"
        f"# {json.dumps(head)}\n"
        f"{yaml.safe_dump(proposal.tree.as_mapping(), allow_unicode=True, sort_keys=False, width=110)}"
    )
    part = place.with_suffix(".part")
    part.write_text(text, "utf-8")
    part.replace(place)
