"""Many articles cut into sections: what `Workers` call for each piece, and what is left to do where they are called.

What goes to a process and comes back are plain tuples, lists and texts: a frozen dataclass with slots takes ten times
as long to pickle. Which language a section is in, function words tell of most; the others go back to the caller's
process for the second witness: who asks it needs 260 MB.
"""

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

import orjson

from synth_assets.identity import sha256_of
from synth_assets.languages import LANGUAGES
from synth_assets.quality.language_identification import (
    Identified,
    are_plainly_in,
    identify_all,
    identify_by_function_words,
)
from synth_assets.seeds.base import Block
from synth_assets.seeds.processes import Piece
from synth_assets.seeds.sections import NOT_COMPARED, SURE_OF_LANGUAGE, Body, SectionIds, passages_of
from synth_assets.seeds.signatures import fold, signatures_of

PIECE_BYTES = 1 << 19

_fields_of = itemgetter(*Block._fields)


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


class Cuts(NamedTuple):
    """Many `Cut`s by their fields, which is what tables are made of, with what else a row says of the article."""

    seed_id: list[str]
    language: list[str]
    section_id: list[str]
    content_hash: list[str]
    heading_path: list[tuple[str, ...]]
    url: list[str]
    position: list[int]
    text: list[str]
    words: list[int]
    is_lead: list[bool]
    reason: list[str]
    signature: list[bytes]
    collection: list[str]
    title: list[str]
    license: list[str]


class Unjudged(NamedTuple):
    """Sections, and the places of those that it takes a second witness to tell the language of."""

    cuts: Cuts
    places: list[int]


def cut_articles(articles: list[Article]) -> list[Cut]:
    """The sections of some articles, in their order; those that stand wait to be compared with all others."""
    cuts = in_their_language(cut_alone(None, articles))
    return [Cut(*fields) for fields in zip(*cuts[: len(Cut._fields)], strict=True)]


def in_their_language(unjudged: Unjudged) -> Cuts:
    """The sections, those refused that are surely in another language than their source says."""
    cuts, places = unjudged
    for place, verdict in zip(places, identify_all([cuts.text[place] for place in places]), strict=True):
        if _is_foreign(verdict, cuts.language[place]):
            cuts.reason[place], cuts.signature[place] = "wrong_language", b""
    return cuts


def cut_alone(shared: None, articles: list[Article]) -> Unjudged:
    """The sections as `cut_articles` gives them, but for those whose language function words leave open."""
    return cut_bodies(
        articles,
        [Body(article.language, list(map(_fields_of, orjson.loads(article.blocks)))) for article in articles],
    )


def cut_bodies(articles: Sequence[Article], bodies: Sequence[Body]) -> Unjudged:
    """As `cut_alone`, of articles whose bodies are at hand; the JSON of those is not looked at."""
    cuts = Cuts(*([] for _ in Cuts._fields))
    for article, passages in zip(articles, passages_of(bodies), strict=True):
        ids = SectionIds(article.collection, article.language, article.url)
        seed_id = orjson.dumps(article.seed_id)
        for passage in passages:
            place, content_hash = ids.of(passage)
            # the same text at the same place of another revision is another row: each leads to its own article; what
            # is hashed is what `hash_of_texts` would write
            cuts.section_id.append(sha256_of(b'["section","%b",%b]' % (place.encode(), seed_id)).hexdigest())
            cuts.content_hash.append(content_hash)
        paths, _, anchors, texts, words, leads, reasons = zip(*passages, strict=True)
        cuts.heading_path.extend(paths)
        cuts.url.extend([f"{article.url}#{anchor}" if anchor else article.url for anchor in anchors])
        cuts.position.extend(range(len(passages)))
        cuts.text.extend(texts)
        cuts.words.extend(words)
        cuts.is_lead.extend(leads)
        cuts.reason.extend([reason or NOT_COMPARED for reason in reasons])
        for column, value in (
            (cuts.seed_id, article.seed_id), (cuts.language, article.language), (cuts.collection, article.collection),
            (cuts.title, article.title), (cuts.license, article.license),
        ):  # fmt: skip
            column.extend([value] * len(passages))
    cuts.signature.extend([b""] * len(cuts.text))
    standing = [place for place, reason in enumerate(cuts.reason) if reason == NOT_COMPARED]
    folded = fold([cuts.text[place] for place in standing])
    for place, signature in zip(standing, signatures_of(folded), strict=True):
        cuts.signature[place] = signature
    plainly = are_plainly_in(folded.words, [cuts.language[place] for place in standing])
    return Unjudged(
        cuts, _judge(cuts, [place for place, is_plain in zip(standing, plainly, strict=True) if not is_plain])
    )


def _judge(cuts: Cuts, places: list[int]) -> list[int]:
    """Refuse those that function words tell to be in another language; the places of those that they leave open."""
    unjudged = []
    asked = [place for place in places if cuts.language[place] in LANGUAGES]
    for place, verdict in zip(asked, identify_by_function_words([cuts.text[place] for place in asked]), strict=True):
        if verdict is None:
            unjudged.append(place)
        elif _is_foreign(verdict, cuts.language[place]):
            cuts.reason[place], cuts.signature[place] = "wrong_language", b""
    return unjudged


def _is_foreign(verdict: Identified, language: str) -> bool:
    return verdict.code != language and verdict.confidence >= SURE_OF_LANGUAGE


def pieces_of(articles: Iterable[Article]) -> Iterator[Piece]:
    """The articles in their order, half a megabyte at a time, taken as they are needed."""
    batch: list[Article] = []
    size = 0
    for article in articles:
        batch.append(article)
        size += len(article.blocks)
        if size >= PIECE_BYTES:
            yield Piece(batch, size)
            batch, size = [], 0
    if batch:
        yield Piece(batch, size)
