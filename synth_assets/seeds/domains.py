"""Domains: a tree of subjects, and which of its leaves a section belongs to.

A tree is a person's own (nested YAML, or in the recipe), the one that ships with the package, or one that a model
proposes from a look at the corpus. A section gets the leaf whose description its vector is nearest to: no call is made
for a section, so that 250,000 of them cost nothing, and the similarity stays beside the tag for whoever wants to be
strict. Easy Dataset, which the idea of a tree of tags over a user's own documents is from, asks a model about each.

Everything here is pure; vectors and replies are handed in.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from synth_assets.errors import DomainTreeError, Refused
from synth_assets.exercises.base import Reply, Request, prompt
from synth_assets.exercises.passages import neutralised
from synth_assets.identity import hash_of, normalised
from synth_assets.prompts import render
from synth_assets.seeds.packaged_json import printable

PACKAGED = Path(__file__).parent / "domain_tree.yaml"
SEPARATOR = " / "

MOST_LEAVES = 2_000
MOST_DEPTH = 6
MOST_NAME = 80
MOST_DESCRIPTION = 500
MOST_FILE_BYTES = 2**20

SHOWN_PASSAGES = 60
_SHOWN_CHARACTERS = 200
_TOKENS_A_DOMAIN = 60

NOT_NEAR = "no_domain_near"
REASONS = frozenset({NOT_NEAR, "too_few_domains", "too_many_domains", "tree_unreadable"})

SCHEMA: Mapping[str, Any] = MappingProxyType(
    {
        "type": "object",
        "properties": {
            "domains": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {name: {"type": "string"} for name in ("area", "domain", "description")},
                    "required": ["area", "domain", "description"],
                    "additionalProperties": False,
                },
            }
        },
        "required": ["domains"],
        "additionalProperties": False,
    }
)
GRAMMAR = r"""root ::= "{\"domains\": [" item (", " item)+ "]}"
item ::= "{\"area\": " text ", \"domain\": " text ", \"description\": " text "}"
text ::= "\"" [^"\\\n]+ "\""
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A domain that sections are given: its path from the top, and what belongs to it in a few words."""

    path: tuple[str, ...]
    description: str = ""

    @property
    def name(self) -> str:
        """The path as one text ("Natural sciences / Physics")."""
        return SEPARATOR.join(self.path)

    @property
    def text(self) -> str:
        """What is embedded: the leaf's own name first, because encoders weigh what comes first."""
        above = f" ({', '.join(reversed(self.path[:-1]))})" if len(self.path) > 1 else ""
        return f"{self.path[-1]}{above}: {self.description}" if self.description else f"{self.path[-1]}{above}"


@dataclass(frozen=True, kw_only=True)
class DomainTree:
    """A tree as its leaves, in its own order. `id` (16 hex digits) is of all names and descriptions, in any order."""

    leaves: tuple[Leaf, ...]

    @cached_property
    def id(self) -> str:
        return hash_of("domain tree", sorted([*leaf.path, "", leaf.description] for leaf in self.leaves))[:16]

    def as_mapping(self) -> dict[str, Any]:
        """The tree as nested mappings, as `parse_tree` reads it."""
        root: dict[str, Any] = {}
        for leaf in self.leaves:
            place = root
            for name in leaf.path[:-1]:
                place = place.setdefault(name, {})
            place[leaf.path[-1]] = leaf.description
        return root


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """The nearest leaf and the next one, with their cosines; `reason` is empty unless even the nearest is too far."""

    leaf: Leaf
    similarity: float
    runner_up: Leaf
    runner_up_similarity: float
    reason: str = ""


# --- trees -----------------------------------------------------------------------------------------------------------


def parse_tree(data: Any, source: str) -> DomainTree:
    """A tree of nested mappings and lists.

    A mapping's value is what lies below: a mapping, a list of names (or of mappings), a description, or nothing.

    Args:
        data: as YAML gives it.
        source: what errors call it.

    Raises:
        DomainTreeError: it is no such tree; names the place in it.
    """
    leaves: list[Leaf] = []
    _walk(data, (), leaves, source)
    if len(leaves) < 2:
        raise DomainTreeError(f"{source}: a tree of domains needs two leaves at least, this one has {len(leaves)}")
    inner = {normalised(SEPARATOR.join(leaf.path[:end])) for leaf in leaves for end in range(1, len(leaf.path))}
    seen: set[str] = set()
    for leaf in leaves:
        name = normalised(leaf.name)
        if name in seen or name in inner:
            raise DomainTreeError(f"{source}: {leaf.name!r} stands twice")
        seen.add(name)
    return DomainTree(leaves=tuple(leaves))


def _walk(data: Any, path: tuple[str, ...], leaves: list[Leaf], source: str) -> None:
    where = f"{source}: {SEPARATOR.join(path)}" if path else source
    if len(path) > MOST_DEPTH:
        raise DomainTreeError(f"{where}: more than {MOST_DEPTH} levels")
    if len(leaves) > MOST_LEAVES:  # looked at on the way: a file of aliases can unfold to millions
        raise DomainTreeError(f"{source}: more than {MOST_LEAVES:,} leaves, which nobody could tell apart")
    if isinstance(data, Mapping):
        if not data:
            raise DomainTreeError(f"{where}: nothing stands below it; leave the mapping out to make it a leaf")
        for name, below in data.items():
            _walk(below, (*path, _name(name, where)), leaves, source)
    elif isinstance(data, list | tuple):
        if not data:
            raise DomainTreeError(f"{where}: the list is empty")
        for entry in data:
            if isinstance(entry, Mapping):
                _walk(entry, path, leaves, source)
            else:
                leaves.append(Leaf(path=(*path, _name(entry, where))))
    elif not path:
        raise DomainTreeError(f"{source}: a mapping or a list of domains is expected, not a {type(data).__name__}")
    elif data is None:
        leaves.append(Leaf(path=path))
    elif isinstance(data, str):
        said = " ".join(printable(data).split())
        if len(said) > MOST_DESCRIPTION:
            raise DomainTreeError(f"{where}: its description is longer than {MOST_DESCRIPTION} characters")
        leaves.append(Leaf(path=path, description=said))
    else:
        raise DomainTreeError(f"{where}: a description, a mapping or a list is expected, not {str(data)[:80]!r}")


def _name(value: Any, where: str) -> str:
    if not isinstance(value, str):  # YAML reads `No:` and `1984:` as other things than words
        raise DomainTreeError(f"{where}: {str(value)[:80]!r} is a {type(value).__name__}, not a name; quote it")
    name = " ".join(value.split())
    if not name or not name.isprintable() or len(name) > MOST_NAME or SEPARATOR.strip() in name.split():
        raise DomainTreeError(f"{where}: {name[:MOST_NAME]!r} is no name: 1 to {MOST_NAME} characters, no lone slash")
    return name


def read_tree(path: Path) -> DomainTree:
    """The tree in a YAML file.

    Raises:
        DomainTreeError: it cannot be read, is no YAML, or is no tree; names the file.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_FILE_BYTES + 1)
        if len(content) > MOST_FILE_BYTES:
            raise DomainTreeError(f"{path}: larger than {MOST_FILE_BYTES:,} bytes")
        data = yaml.safe_load(content.decode("utf-8"))
    except OSError as error:
        raise DomainTreeError(f"{path}: {error.strerror or error}") from error
    except (UnicodeDecodeError, ValueError, yaml.YAMLError, RecursionError) as error:
        raise DomainTreeError(f"{path}: is not YAML: {' '.join(str(error).split())[:200]}") from error
    return parse_tree(data, str(path))


# --- tags ------------------------------------------------------------------------------------------------------------


def assign(
    tree: DomainTree,
    leaf_vectors: NDArray[np.float32],
    vectors: NDArray[np.float32],
    *,
    least_similarity: float = 0.0,
) -> list[Tag]:
    """The tag of each vector.

    Args:
        tree: its leaves in the order of `leaf_vectors`.
        leaf_vectors: (leaves, d), the vectors of `Leaf.text`, L2-normalised.
        vectors: (n, d), of the sections, L2-normalised.
        least_similarity: a cosine below which even the nearest leaf is not said to be near.

    Raises:
        ValueError: the shapes do not belong together.
    """
    if leaf_vectors.ndim != 2 or len(leaf_vectors) != len(tree.leaves):
        raise ValueError(f"{len(tree.leaves)} leaves, but leaf_vectors of shape {leaf_vectors.shape}")
    if not len(vectors):
        return []
    cosines = vectors @ leaf_vectors.T
    # stable, so that of two leaves at the same cosine the first of the tree is taken on every machine
    order = np.argsort(-cosines, axis=1, kind="stable")[:, :2]
    return [
        Tag(
            leaf=tree.leaves[first],
            similarity=float(row[first]),
            runner_up=tree.leaves[second],
            runner_up_similarity=float(row[second]),
            reason=NOT_NEAR if row[first] < least_similarity else "",
        )
        for row, (first, second) in zip(cosines, order.tolist(), strict=True)
    ]


# --- a tree that a model proposes ------------------------------------------------------------------------------------


def proposal_request(passages: Sequence[tuple[str, str]], count: int) -> Request:
    """Ask for about `count` domains of a corpus of which (title, first words) of some sections are shown."""
    shown = [
        tuple(neutralised(" ".join(part.split())[:_SHOWN_CHARACTERS]) for part in passage)
        for passage in passages[:SHOWN_PASSAGES]
    ]
    return prompt(
        "query",
        render("domains/propose", passages=shown, count=count),
        system=render("domains/propose_system", count=count),
        max_tokens=min(_TOKENS_A_DOMAIN * count + 200, 8_000),
        temperature=0.2,
        schema=dict(SCHEMA),
        grammar=GRAMMAR,
    )


def read_proposal(reply: Reply, count: int) -> DomainTree:
    """The tree in one reply; the object may stand in prose or in a code fence.

    Raises:
        Refused: "tree_unreadable", "too_few_domains" (under half of `count`) or "too_many_domains" (over twice).
    """
    start = reply.text.find("{")
    if start < 0:
        raise Refused("tree_unreadable", f"no JSON object in {reply.text[:200]!r}")
    try:
        found, _ = json.JSONDecoder().raw_decode(reply.text, start)
    except (ValueError, RecursionError) as error:
        raise Refused("tree_unreadable", f"{error}: {reply.text[:200]!r}") from error
    entries = found.get("domains")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Refused("tree_unreadable", "no list of domains")
    if len(entries) > 2 * count:
        raise Refused("too_many_domains", f"{len(entries)} where {count} were asked for")
    nested: dict[str, dict[str, str]] = {}
    for entry in entries:
        area, domain, description = (entry.get(name) for name in ("area", "domain", "description"))
        if not (isinstance(area, str) and isinstance(domain, str) and isinstance(description, str)):
            raise Refused("tree_unreadable", f"a domain without area, name or description: {str(entry)[:200]}")
        # a name said twice is one domain; a slash would read as a level of the tree
        area, domain = (" ".join(name.replace("/", " and ").split()) for name in (area, domain))
        nested.setdefault(area, {}).setdefault(domain, description[:MOST_DESCRIPTION])
    if sum(map(len, nested.values())) < max(2, (count + 1) // 2):
        raise Refused("too_few_domains", f"{sum(map(len, nested.values()))} where {count} were asked for")
    try:
        return parse_tree(nested, "the model's tree")
    except DomainTreeError as error:
        raise Refused("tree_unreadable", str(error)) from error
