"""Articles cut into sections: the passages that questions are asked about.

A section is what stands under one heading, in 40 to 400 words; the lead of an article may have as few as 20. Nothing of
an article is lost: each of its pieces stands in exactly one row, kept, or refused with one of `REFUSALS`.

How the cut goes, in this order:

1. Under every heading, its own text is one piece; the text before the first heading is the lead.
2. A piece that is too short is joined with the piece after it, and so on until they are long enough together, when that
   is its own subsection or stands under the same parent; where there is none, with the piece before it. A lead of 20
   words or more is left alone. What cannot be joined within 400 words is refused as too short. Joined pieces bear the
   heading path they have in common, or the first one's where that is empty, and keep their own headings as lines of the
   text.
3. A piece that is too long is cut at ends of sentences, of list items or of lines of code into parts of nearly equal
   length.

Then `refuse_wrong_language` and `signatures.refuse_copies` go over the sections of many articles at once.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import accumulate, islice, pairwise
from typing import NamedTuple
from urllib.parse import quote

import orjson

from synth_assets.identity import hash_of_texts, sha256_of
from synth_assets.languages import LANGUAGES
from synth_assets.quality.language_identification import identify_all
from synth_assets.seeds.base import Seed
from synth_assets.seeds.sentences import split_sentences
from synth_assets.seeds.words import count_words_of

LEAST_WORDS = 40
LEAST_LEAD_WORDS = 20
MOST_WORDS = 400
DEEPEST = 16
"""Headings below this depth count as this deep (MediaWiki has six levels), so that a path never grows without bound."""

SURE_OF_LANGUAGE = 0.95

REFUSALS = frozenset({"no_text", "too_short", "too_long_sentence", "wrong_language", "exact_copy", "near_copy"})
NOT_COMPARED = "not_compared"
"""In place of a refusal, between a section's being cut and its being compared with all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One passage of one article.

    Attributes:
        section_id: hash of where it stands and what it says. Text added elsewhere in the article leaves it as it is.
        content_hash: hash of article and text: what a candidate is made from, wherever in the article it stands.
        heading_path: headings from the highest down to its own; of pieces joined at the top the first one's; () for the
            lead.
        url: the article's, with the fragment of the heading it starts at.
        position: its place among the article's rows, from 0.
        language: the seed's, as its source states it.
        text: paragraphs and code one empty line apart, list items one a line; code keeps its indentation.
        words: as `count_words` counts them.
        is_lead: it starts with the text before the first heading.
        reason: empty when kept, else one of `REFUSALS`.
        copy_of: the kept section this one copies, where that is the reason.
    """

    section_id: str
    content_hash: str
    heading_path: tuple[str, ...]
    url: str
    position: int
    language: str
    text: str
    words: int
    is_lead: bool
    reason: str = ""
    copy_of: str = ""


# --- sections --------------------------------------------------------------------------------------------------------


class _Line(NamedTuple):
    kind: str
    text: str
    words: int = 0  # of a whole line; of what is cut out of one, the piece has the number


_line_of: Callable[[tuple[str, str, int]], _Line] = partial(tuple.__new__, _Line)  # in a third of the time


@dataclass(slots=True, kw_only=True)
class _Piece:
    """The text under one heading, or several joined under `path`; `words` counts what `lines` would be as text."""

    path: tuple[str, ...]
    anchor: str
    lines: list[_Line]
    words: int
    heading_words: int = 0
    is_lead: bool = False
    joined: bool = False
    reason: str = ""

    @property
    def least_words(self) -> int:
        return LEAST_LEAD_WORDS if self.is_lead else LEAST_WORDS

    @property
    def parent(self) -> tuple[str, ...]:
        return self.path[:-1]


class Passage(NamedTuple):
    """A section but for what the article says of all its own; see `Section`. `path` is what its id is made with."""

    heading_path: tuple[str, ...]
    path: tuple[str, ...]
    anchor: str
    text: str
    words: int
    is_lead: bool
    reason: str


class Body(NamedTuple):
    """What of an article its passages are made from: its language, and for every block the fields of `Block`."""

    language: str
    blocks: Sequence[tuple[str, str, int, str]]


def split_sections(seed: Seed) -> list[Section]:
    """The sections of an article in reading order, kept and refused. A pure function of the seed."""
    ((passages, ids),) = zip(
        passages_of([Body(seed.language, seed.blocks)]),
        [SectionIds(seed.collection, seed.language, seed.url)],
        strict=True,
    )
    sections: list[Section] = []
    for position, passage in enumerate(passages):
        section_id, content_hash = ids.of(passage)
        sections.append(
            Section(
                section_id=section_id,
                content_hash=content_hash,
                heading_path=passage.heading_path,
                url=f"{seed.url}#{passage.anchor}" if passage.anchor else seed.url,
                position=position,
                language=seed.language,
                text=passage.text,
                words=passage.words,
                is_lead=passage.is_lead,
                reason=passage.reason,
            )
        )
    return sections


class SectionIds:
    """What the sections of one article are called, in their order: `hash_of_texts` of article, place and text.

    A text is written as JSON once for both of its hashes.
    """

    def __init__(self, collection: str, language: str, url: str) -> None:
        article = _as_json([collection, language, url])[1:-1]
        self._place = sha256_of(b'["section",%b,' % article)
        self._content = sha256_of(b'["section content",%b,' % article)
        self._seen: dict[str, int] = {}

    def of(self, passage: Passage) -> tuple[str, str]:
        """The passage's `section_id` and `content_hash`."""
        text = _as_json(passage.text)
        of_place, of_content = self._place.copy(), self._content.copy()
        of_place.update(b"%b,%b]" % (_as_json(passage.path), text))
        of_content.update(b"%b]" % text)
        place = of_place.hexdigest()
        seen = self._seen[place] = self._seen.get(place, 0) + 1
        # the same words may stand twice under one heading; they are still two rows
        return place if seen == 1 else hash_of_texts("section", place, seen), of_content.hexdigest()


def _as_json(value: str | Sequence[str]) -> bytes:
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:  # half a surrogate pair
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def passages_of(articles: Sequence[Body]) -> list[list[Passage]]:
    """The passages of each article; many at once cost half of what they do one by one. A pure function."""
    texts = [_tidy(kind, text) for article in articles for kind, text, _, _ in article.blocks]
    counted = zip(texts, count_words_of(texts), strict=True)
    return [_passages(article, islice(counted, len(article.blocks))) for article in articles]


def _passages(article: Body, counted: Iterable[tuple[str, int]]) -> list[Passage]:
    return [
        Passage(
            part.path or _first_heading(part), part.path, part.anchor, _text_of(part.lines), part.words, part.is_lead,
            part.reason,
        )
        for piece in _join_short(_pieces(article, counted))
        for part in _cut(piece, article.language)
    ]  # fmt: skip


def _first_heading(part: _Piece) -> tuple[str, ...]:
    """The heading that pieces joined at the top begin with; a lead, and what follows it without one, has none."""
    return (part.lines[0].text,) if part.joined and not part.is_lead and part.lines[0].kind == "heading" else ()


def _pieces(article: Body, counted: Iterable[tuple[str, int]]) -> list[_Piece]:
    """The lead and every heading's own text, in reading order; headings that only hold others are left out."""
    pieces = [_Piece(path=(), anchor="", lines=[], words=0, is_lead=True)]
    levels: list[int] = []
    path: list[str] = []
    anchors: dict[str, int] = {}
    lines = pieces[0].lines
    for (kind, _, level, anchor), (text, words) in zip(article.blocks, counted, strict=True):
        if not text:
            continue
        if kind != "heading":
            lines.append(_line_of((kind, text, words)))
            continue
        heading = " ".join(text.split())
        level = min(max(level, 1), DEEPEST)
        while levels and levels[-1] >= level:
            levels.pop()
            path.pop()
        levels.append(level)
        path.append(heading)
        lines = []
        pieces.append(
            _Piece(
                path=tuple(path),
                anchor=anchor or _anchor(heading, anchors),
                lines=lines,
                words=0,
                heading_words=words,
            )
        )
    for piece in pieces:
        piece.words = sum([line.words for line in piece.lines])
    return [
        piece
        for piece, following in zip(pieces, [*pieces[1:], None], strict=True)
        # without text of its own, a heading lives on in its children's paths, and a lead was never there; the very last
        # stays, so that an article without any text has a row too
        if piece.lines or following is None or len(following.path) <= len(piece.path)
    ]


def _tidy(kind: str, text: str) -> str:
    """White space at the ends of lines and empty lines carry nothing in a block; code keeps its shape."""
    if kind == "code":
        return "\n".join(map(str.rstrip, text.split("\n"))).strip("\n")
    if "\n" not in text:
        return text.strip()
    return "\n".join(line for line in map(str.strip, text.split("\n")) if line)


def _anchor(heading: str, used: dict[str, int]) -> str:
    """The fragment of a heading's address as MediaWiki derives it, for sources that give none."""
    name = heading.replace(" ", "_")
    folded = name.casefold()
    times = used[folded] = used.get(folded, 0) + 1
    return _quoted(name if times == 1 else f"{name}_{times}")


@lru_cache(maxsize=1 << 13)  # "History" heads a section of every other article
def _quoted(name: str) -> str:
    return quote(name, safe=";@$!*(),/~:'")


def _join_short(pieces: list[_Piece]) -> Iterator[_Piece]:
    """Pieces long enough on their own or together; what is left too short is marked so."""
    done: list[_Piece] = []
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        index += 1
        if piece.words >= piece.least_words or not piece.lines:
            if not piece.lines:
                piece.reason = "no_text"
            done.append(piece)
            continue
        chain = [piece]
        joined: _Piece | None = None
        while index + len(chain) - 1 < len(pieces):
            joined = _join([*chain, pieces[index + len(chain) - 1]])
            if joined is None:
                break
            chain.append(pieces[index + len(chain) - 1])
            if joined.words >= LEAST_WORDS:
                break
        if joined is not None and joined.words >= LEAST_WORDS:
            done.append(joined)
            index += len(chain) - 1
        elif done and (joined := _join([done[-1], piece])) is not None:
            done[-1] = joined
        else:
            piece.reason = "too_short"
            done.append(piece)
    return iter(done)


def _join(pieces: Sequence[_Piece]) -> _Piece | None:
    """The pieces as one, or None where they do not belong together or are too long.

    They belong together when they all stand directly under one heading, or are that heading's own text.
    """
    first = pieces[0]
    if any(piece.reason or not piece.lines for piece in pieces):
        return None
    if first.is_lead and first.words >= LEAST_LEAD_WORDS and not first.joined:
        return None
    under = first.path if first.joined or first.is_lead or pieces[1].parent == first.path else first.parent
    if any(piece.parent != under or piece.joined or piece.is_lead for piece in pieces[1:]):
        return None
    lines: list[_Line] = []
    words = 0
    for piece in pieces:
        if not piece.joined and piece.path != under:
            lines.append(_Line("heading", piece.path[-1], piece.heading_words))
            words += piece.heading_words
        lines.extend(piece.lines)
        words += piece.words
    if words > MOST_WORDS:
        return None
    return _Piece(path=under, anchor=first.anchor, lines=lines, words=words, is_lead=first.is_lead, joined=True)


def _text_of(lines: Sequence[_Line]) -> str:
    """List items stand one under the other and under their heading; all else is one empty line apart."""
    if len(lines) == 1:
        return lines[0].text
    pieces: list[str] = []
    before = ""
    for kind, text, _ in lines:
        if before:
            pieces.append("\n" if kind == "list_item" and before in _CLOSE_TO_ITEMS else "\n\n")
        pieces.append(text)
        before = kind
    return "".join(pieces)


_CLOSE_TO_ITEMS = ("list_item", "heading")


class _Atom(NamedTuple):
    """What is never cut: a sentence, a list item, or a line of code."""

    text: str
    words: int


class _Run:
    """Lines of a piece, or what of them stands between sentences that are too long.

    The sentences of a line are found when they are asked for: most lines stand in a part as a whole.
    """

    __slots__ = ("_atoms", "_language", "lines")

    def __init__(self, language: str) -> None:
        self.lines: list[_Line] = []
        self._language = language
        self._atoms: dict[int, list[_Atom]] = {}

    def add(self, kind: str, atoms: list[_Atom]) -> None:
        """Some sentences of a line, if there are any."""
        if atoms:
            self._atoms[len(self.lines)] = atoms
            self.lines.append(_Line(kind, _joined(kind, atoms), sum(atom.words for atom in atoms)))

    def atoms(self, number: int) -> list[_Atom]:
        """The sentences of a line."""
        found = self._atoms.get(number)
        if found is None:
            found = self._atoms[number] = _atoms_of(self.lines[number], self._language)
        return found

    def between(self, first: "_Place", last: "_Place") -> list[_Line]:
        """The lines from one place to another, of the first and the last of them what stands between the places."""
        whole = first.line + (first.atom > 0)
        lines = self.lines[whole : last.line]
        if first.atom:
            stop = last.atom if first.line == last.line else None
            lines.insert(0, self._part(first.line, first.atom, stop))
        if last.atom and last.line >= whole:
            lines.append(self._part(last.line, 0, last.atom))
        return lines

    def _part(self, number: int, first: int, last: int | None) -> _Line:
        kind = self.lines[number].kind
        return _Line(kind, _joined(kind, self.atoms(number)[first:last]))


def _joined(kind: str, atoms: Sequence[_Atom]) -> str:
    text = "".join([atom.text for atom in atoms])
    return text.rstrip().strip("\n") if kind == "code" else text.strip()


def _atoms_of(line: _Line, language: str) -> list[_Atom]:
    kind, text, words = line
    if kind == "list_item" and words <= MOST_WORDS:
        return [_Atom(text, words)]
    texts = re.findall(r"[^\n]*\n|[^\n]+", text) if kind == "code" else split_sentences(language, text)
    atoms: list[_Atom] = []
    for text, words in zip(texts, count_words_of(texts), strict=True):
        if words == 0 and atoms:
            atoms[-1] = _Atom(atoms[-1].text + text, atoms[-1].words)
        else:
            atoms.append(_Atom(text, words))
    return atoms


class _Place(NamedTuple):
    """In front of which sentence of which line a run may be cut, and how many words of the run stand before it."""

    line: int
    atom: int
    words: int


def _cut(piece: _Piece, language: str) -> Iterator[_Piece]:
    """The piece itself, or parts of nearly equal length; a sentence longer than a section is a refused part alone."""
    if piece.reason or piece.words <= MOST_WORDS:
        yield piece
        return
    run = _Run(language)
    for line in piece.lines:
        if line.words <= MOST_WORDS:
            run.lines.append(line)
            continue
        held: list[_Atom] = []
        for atom in _atoms_of(line, language):
            if atom.words <= MOST_WORDS:
                held.append(atom)
                continue
            run.add(line.kind, held)
            yield from _cut_run(piece, run)
            run, held = _Run(language), []
            # a table in prose, or verses without a full stop: nobody can ask about half of it
            yield _part(piece, [_Line(line.kind, _joined(line.kind, [atom]))], atom.words, "too_long_sentence")
        run.add(line.kind, held)
    yield from _cut_run(piece, run)


def _part(piece: _Piece, lines: list[_Line], words: int, reason: str) -> _Piece:
    return _Piece(
        path=piece.path, anchor=piece.anchor, lines=lines, words=words, is_lead=piece.is_lead, joined=piece.joined,
        reason=reason,
    )  # fmt: skip


def _cut_run(piece: _Piece, run: _Run) -> Iterator[_Piece]:
    """Parts of a run of sentences: as few as do not exceed the limit, cut nearest to the even places."""
    if not run.lines:
        return
    for first, last in pairwise(_even_cuts(run)):
        words = last.words - first.words
        reason = "" if words >= piece.least_words else "too_short" if words else "no_text"
        yield _part(piece, run.between(first, last), words, reason)


def _even_cuts(run: _Run) -> list[_Place]:
    """Where a run is cut, its beginning and end included."""
    ends = [0, *accumulate([line.words for line in run.lines])]
    total = ends[-1]
    beginning, end = _Place(0, 0, 0), _Place(len(run.lines), 0, total)
    fewest = -(-total // MOST_WORDS) or 1
    for parts in range(fewest, 2 * fewest + 2):
        cuts = {beginning, end}
        for number in range(1, parts):
            cuts.add(_nearest(run, ends, total * number / parts))
        ordered = sorted(cuts)
        if all(last.words - first.words <= MOST_WORDS for first, last in pairwise(ordered)):
            return ordered
    # sentences nearly as long as a section: fill one part after the other
    places = [*_places(run), end]
    cuts = [beginning]
    for before, place in pairwise(places):
        if place.words - cuts[-1].words > MOST_WORDS:
            cuts.append(before)
    return [*cuts, end]


def _nearest(run: _Run, ends: Sequence[int], ideal: float) -> _Place:
    """The place nearest to so many words, the later one of two."""
    number = bisect_left(ends, ideal) - 1
    atoms = run.atoms(number)
    words = ends[number]
    for index, atom in enumerate(atoms):
        before, words = words, words + atom.words
        if words >= ideal:
            if words - ideal > ideal - before:
                return _Place(number, index, before)
            break
    last = index + 1 == len(atoms)
    return _Place(number + 1, 0, words) if last else _Place(number, index + 1, words)


def _places(run: _Run) -> Iterator[_Place]:
    words = 0
    for number in range(len(run.lines)):
        for index, atom in enumerate(run.atoms(number)):
            yield _Place(number, index, words)
            words += atom.words


# --- language --------------------------------------------------------------------------------------------------------


def refuse_wrong_language(sections: Iterable[Section]) -> list[Section]:
    """The sections, those refused that are surely in another language than their source says.

    Of 28,576 real leads and recipes two are refused wrongly. A language that nobody can identify here is let pass.
    """
    checked = list(sections)
    asked = [index for index, section in enumerate(checked) if not section.reason and section.language in LANGUAGES]
    verdicts = identify_all([checked[index].text for index in asked])
    for index, verdict in zip(asked, verdicts, strict=True):
        if verdict.code != checked[index].language and verdict.confidence >= SURE_OF_LANGUAGE:
            checked[index] = replace(checked[index], reason="wrong_language")
    return checked
