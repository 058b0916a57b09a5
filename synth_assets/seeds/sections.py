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
from itertools import accumulate, pairwise
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


class _Lines(NamedTuple):
    """Lines by their fields: what stands under a heading is cut out of those of an article, not line by line.

    Of what is cut out of a line, the piece has the number of words; there it is 0.
    """

    kinds: list[str]
    texts: list[str]
    words: list[int]


@dataclass(slots=True, kw_only=True)
class _Piece:
    """The text under one heading, or several joined under `path`; `words` counts what `lines` would be as text."""

    path: tuple[str, ...]
    anchor: str
    lines: _Lines
    words: int
    heading_words: int = 0
    is_lead: bool = False
    joined: bool = False
    reason: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.lines.texts

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


_passage_of: Callable[[tuple[tuple[str, ...], tuple[str, ...], str, str, int, bool, str]], Passage] = partial(
    tuple.__new__, Passage
)  # in a third of the time


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
    texts = [
        text.strip() if "\n" not in text and kind != "code" else _tidy(kind, text)
        for article in articles
        for kind, text, _, _ in article.blocks
    ]
    words = count_words_of(texts)
    made = []
    start = 0
    for article in articles:
        stop = start + len(article.blocks)
        made.append(_passages(article, texts[start:stop], words[start:stop]))
        start = stop
    return made


def _passages(article: Body, texts: list[str], words: list[int]) -> list[Passage]:
    return [
        _passage_of((
            part.path or _first_heading(part), part.path, part.anchor, _text_of(part.lines), part.words, part.is_lead,
            part.reason,
        ))
        for piece in _join_short(_pieces(article, texts, words))
        for part in _cut(piece, article.language)
    ]  # fmt: skip


def _first_heading(part: _Piece) -> tuple[str, ...]:
    """The heading that pieces joined at the top begin with; a lead, and what follows it without one, has none."""
    if not part.joined or part.is_lead or part.lines.kinds[0] != "heading":
        return ()
    return (part.lines.texts[0],)


def _pieces(article: Body, texts: list[str], words: list[int]) -> list[_Piece]:
    """The lead and every heading's own text, in reading order; headings that only hold others are left out.

    Args:
        texts, words: of every block, as `_tidy` has it and as `count_words` counts it.
    """
    blocks = article.blocks
    if not all(texts):
        filled = [place for place, text in enumerate(texts) if text]
        blocks, texts, words = ([values[place] for place in filled] for values in (blocks, texts, words))
    kinds = [block[0] for block in blocks]
    headings = [place for place, kind in enumerate(kinds) if kind == "heading"]
    stop = headings[0] if headings else len(kinds)
    own = words[:stop]
    pieces = [_Piece(path=(), anchor="", lines=_Lines(kinds[:stop], texts[:stop], own), words=sum(own), is_lead=True)]
    levels: list[int] = []
    path: list[str] = []
    anchors: dict[str, int] = {}
    for place, stop in pairwise([*headings, len(kinds)]):
        _, _, level, anchor = blocks[place]
        heading = " ".join(texts[place].split())
        level = min(max(level, 1), DEEPEST)
        while levels and levels[-1] >= level:
            levels.pop()
            path.pop()
        levels.append(level)
        path.append(heading)
        own = words[place + 1 : stop]
        pieces.append(
            _Piece(
                path=tuple(path),
                anchor=anchor or _anchor(heading, anchors),
                lines=_Lines(kinds[place + 1 : stop], texts[place + 1 : stop], own),
                words=sum(own),
                heading_words=words[place],
            )
        )
    return [
        piece
        for piece, following in zip(pieces, [*pieces[1:], None], strict=True)
        # without text of its own, a heading lives on in its children's paths, and a lead was never there; the very last
        # stays, so that an article without any text has a row too
        if not piece.is_empty or following is None or len(following.path) <= len(piece.path)
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
        if piece.words >= piece.least_words or piece.is_empty:
            if piece.is_empty:
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
    if any(piece.reason or piece.is_empty for piece in pieces):
        return None
    if first.is_lead and first.words >= LEAST_LEAD_WORDS and not first.joined:
        return None
    under = first.path if first.joined or first.is_lead or pieces[1].parent == first.path else first.parent
    if any(piece.parent != under or piece.joined or piece.is_lead for piece in pieces[1:]):
        return None
    lines = _Lines([], [], [])
    words = 0
    for piece in pieces:
        if not piece.joined and piece.path != under:
            for values, value in zip(lines, ("heading", piece.path[-1], piece.heading_words), strict=True):
                values.append(value)
            words += piece.heading_words
        for values, more in zip(lines, piece.lines, strict=True):
            values.extend(more)
        words += piece.words
    if words > MOST_WORDS:
        return None
    return _Piece(path=under, anchor=first.anchor, lines=lines, words=words, is_lead=first.is_lead, joined=True)


def _text_of(lines: _Lines) -> str:
    """List items stand one under the other and under their heading; all else is one empty line apart."""
    kinds, texts, _ = lines
    if "list_item" not in kinds:
        return "\n\n".join(texts)
    pieces = texts[:1]
    for before, kind, text in zip(kinds, kinds[1:], texts[1:], strict=False):
        pieces += "\n" if kind == "list_item" and before in _CLOSE_TO_ITEMS else "\n\n", text
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

    def __init__(self, language: str, lines: _Lines) -> None:
        self.lines = lines
        self._language = language
        self._atoms: dict[int, list[_Atom]] = {}

    def add(self, kind: str, atoms: list[_Atom]) -> None:
        """Some sentences of a line, if there are any."""
        if atoms:
            self._atoms[len(self.lines.texts)] = atoms
            self.add_line(kind, _joined(kind, atoms), sum(atom.words for atom in atoms))

    def add_line(self, kind: str, text: str, words: int) -> None:
        """A whole line."""
        kinds, texts, counts = self.lines
        kinds.append(kind)
        texts.append(text)
        counts.append(words)

    def atoms(self, number: int) -> list[_Atom]:
        """The sentences of a line."""
        found = self._atoms.get(number)
        if found is None:
            kinds, texts, words = self.lines
            found = self._atoms[number] = _atoms_of(kinds[number], texts[number], words[number], self._language)
        return found

    def between(self, first: "_Place", last: "_Place") -> _Lines:
        """The lines from one place to another, of the first and the last of them what stands between the places."""
        whole = first.line + (first.atom > 0)
        kinds, texts, words = (values[whole : last.line] for values in self.lines)
        if first.atom:
            kinds.insert(0, self.lines.kinds[first.line])
            texts.insert(0, self._part(first.line, first.atom, last.atom if first.line == last.line else None))
            words.insert(0, 0)
        if last.atom and last.line >= whole:
            kinds.append(self.lines.kinds[last.line])
            texts.append(self._part(last.line, 0, last.atom))
            words.append(0)
        return _Lines(kinds, texts, words)

    def _part(self, number: int, first: int, last: int | None) -> str:
        return _joined(self.lines.kinds[number], self.atoms(number)[first:last])


def _joined(kind: str, atoms: Sequence[_Atom]) -> str:
    text = "".join([atom.text for atom in atoms])
    return text.rstrip().strip("\n") if kind == "code" else text.strip()


def _atoms_of(kind: str, text: str, words: int, language: str) -> list[_Atom]:
    if kind == "list_item" and words <= MOST_WORDS:
        return [_Atom(text, words)]
    texts = re.findall(r"[^\n]*\n|[^\n]+", text) if kind == "code" else split_sentences(language, text)
    atoms: list[_Atom] = []
    for part, count in zip(texts, _words_in(texts, words), strict=True):
        if count == 0 and atoms:
            atoms[-1] = _Atom(atoms[-1].text + part, atoms[-1].words)
        else:
            atoms.append(_Atom(part, count))
    return atoms


def _words_in(texts: Sequence[str], words: int) -> list[int]:
    """What `count_words_of` gives, of the parts of a line that has so many words.

    A word is a run between white space, so a part has no more words than runs, and the parts have no fewer words than
    the line. Where they have as many runs as the line has words, which is so of nearly all, every run is a word.
    """
    runs = [len(text.split()) for text in texts]
    return runs if sum(runs) == words else count_words_of(texts)


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
    if max(piece.lines.words) <= MOST_WORDS:
        yield from _cut_run(piece, _Run(language, piece.lines))
        return
    run = _Run(language, _Lines([], [], []))
    for kind, text, words in zip(*piece.lines, strict=True):
        if words <= MOST_WORDS:
            run.add_line(kind, text, words)
            continue
        held: list[_Atom] = []
        for atom in _atoms_of(kind, text, words, language):
            if atom.words <= MOST_WORDS:
                held.append(atom)
                continue
            run.add(kind, held)
            yield from _cut_run(piece, run)
            run, held = _Run(language, _Lines([], [], [])), []
            # a table in prose, or verses without a full stop: nobody can ask about half of it
            yield _part(piece, _Lines([kind], [_joined(kind, [atom])], [0]), atom.words, "too_long_sentence")
        run.add(kind, held)
    yield from _cut_run(piece, run)


def _part(piece: _Piece, lines: _Lines, words: int, reason: str) -> _Piece:
    return _Piece(
        path=piece.path, anchor=piece.anchor, lines=lines, words=words, is_lead=piece.is_lead, joined=piece.joined,
        reason=reason,
    )  # fmt: skip


def _cut_run(piece: _Piece, run: _Run) -> Iterator[_Piece]:
    """Parts of a run of sentences: as few as do not exceed the limit, cut nearest to the even places."""
    if not run.lines.texts:
        return
    for first, last in pairwise(_even_cuts(run)):
        words = last.words - first.words
        reason = "" if words >= piece.least_words else "too_short" if words else "no_text"
        yield _part(piece, run.between(first, last), words, reason)


def _even_cuts(run: _Run) -> list[_Place]:
    """Where a run is cut, its beginning and end included."""
    ends = [0, *accumulate(run.lines.words)]
    total = ends[-1]
    beginning, end = _Place(0, 0, 0), _Place(len(run.lines.texts), 0, total)
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
    for number in range(len(run.lines.texts)):
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
