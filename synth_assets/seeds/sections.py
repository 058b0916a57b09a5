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

Then `refuse_wrong_language` and `refuse_copies` go over the sections of many articles at once.
"""

import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import quote

import numpy
import sentencex

from synth_assets.identity import hash_of_texts
from synth_assets.languages import LANGUAGES
from synth_assets.quality.language_identification import identify_all
from synth_assets.seeds.base import Block, Seed
from synth_assets.seeds.copies import EXACT_BYTES, CopyFinder

LEAST_WORDS = 40
LEAST_LEAD_WORDS = 20
MOST_WORDS = 400
DEEPEST = 16
"""Headings below this depth count as this deep (MediaWiki has six levels), so that a path never grows without bound."""

SURE_OF_LANGUAGE = 0.95
SHINGLE_WORDS = 5

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


# --- words and sentences ---------------------------------------------------------------------------------------------

_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_ASCII = bytes(range(128))
_NO_WORD = bytes(code for code in _ASCII if not chr(code).isalnum() and not chr(code).isspace())
_WORDS_AND_SPACE = bytes(ord(" ") if code < 128 and chr(code).isspace() else ord("x") for code in range(256))
_MOST_STRANGE = 32  # kinds of dashes and quotes in one text, each a pass over it; only nonsense has more


def count_words(text: str) -> int:
    """Runs between white space that hold a letter or digit: a French colon or a dash that stands alone is no word.

    "l'eau", "a.m." and "20-minute" are one word each, as in a word processor's count. Sectioning spends most of its
    time here, so this works on bytes: what is neither word nor space is deleted, and the starts of the runs left are
    counted.
    """
    raw = text.encode("utf-8", "surrogatepass")
    if len(raw) != len(text):
        other = set(raw.translate(None, _ASCII).decode("utf-8", "surrogatepass"))
        strange = [letter for letter in other if not letter.isalnum()]
        if len(strange) > _MOST_STRANGE:
            return sum(1 for run in text.split() if _LETTER_OR_DIGIT.search(run))
        for letter in strange:
            raw = raw.replace(letter.encode("utf-8", "surrogatepass"), b" " if letter.isspace() else b"")
    return (b" " + raw.translate(_WORDS_AND_SPACE, _NO_WORD)).count(b" x")


# What sentencex 1.0 takes for the end of a sentence, and should not; lower case. Single letters need no mention.
_ABBREVIATIONS: dict[str, str] = {
    "en": """
        a.d. a.k.a. approx. b.c. ca. cf. dept. dr. e.g. ed. eds. fig. fl. gen. i.e. jr. lit. mr. mrs. ms. mt.
        no. nos. op. pp. prof. sc. sp. spp. sr. ssp. st. subsp. u.k. u.s. univ. var. viz. vol. vols. vs.
    """,
    "fr": """
        ap. apr. av. boul. ca. cf. chap. coll. dir. dr. env. ex. fig. hab. j.-c. mgr. mlle. mm. mme. mmes. p.ex.
        pp. prof. ss. st. ste. vol. éd.
    """,
    "de": """
        bd. bzw. ca. d.h. dr. evtl. geb. gest. hl. jh. jhd. nr. prof. sog. st. str. u.a. usw. vgl. z.b. abb.
        bspw. inkl.
    """,
    "it": """
        a.c. avv. ca. cap. cfr. d.c. dott. dr. ecc. es. fig. ing. on. pag. pagg. pp. prof. sec. sig. sig.ra. ss.
        tav. vol.
    """,
    "es": """
        a.c. av. avda. cap. cf. cía. d.c. dr. dra. dña. ed. ee. ej. etc. fig. gral. núm. pp. prof. pág. págs.
        sr. sra. sta. sto. tel. ud. uds. uu. vol.
    """,
    "pl": """
        al. bł. dr. gen. godz. hr. im. in. inż. ks. m.in. mgr. np. nr. ok. os. pl. pow. prof. płk. reż. tj. tys.
        tzn. tzw. ul. ur. wg. woj. wyd. zm. św.
    """,
    "nl": """
        bijv. bv. ca. d.w.z. dhr. dr. drs. e.d. e.g. ing. ir. jl. m.b.t. mevr. mr. mw. nl. o.a. prof. resp. st.
        zgn.
    """,
    "la": """
        a.d. app. apr. aug. aul. cf. cn. dec. febr. ian. id. iul. iun. kal. mai. mam. mart. non. nov. oct.
        quint. sept. ser. sex. sext. tib. ti. vid.
    """,
}
_ABBREVIATED = {
    language: frozenset(word.removesuffix(".") for word in words.split()) for language, words in _ABBREVIATIONS.items()
}
_OPENING = "([\"'\u00ab\u201c\u2018"
_CLOSING = "\"'\u00bb\u201d\u2019)]"
_LONGER_THAN_ABBREVIATIONS = 64
_LONGEST_ABBREVIATION = 12


def _ends_falsely(language: str, before: str, after: str) -> bool:
    """Whether a boundary that sentencex saw lies inside a sentence.

    In doubt, yes: a missed end makes two parts a little less equal, a false one cuts a sentence in two.
    """
    if not before[-1].isspace() or not after or after.isspace():
        return True  # inside a run of letters ("e.V.gegr"), or nothing but space behind it
    if after[0].islower() or after[0] in ",;:)-\u2010\u2011\u2013\u2014":
        return True
    runs = before[-_LONGER_THAN_ABBREVIATIONS:].rsplit(None, 1)
    run = runs[-1].rstrip().rstrip(_CLOSING) if runs else ""
    if not run.endswith(".") or len(run) < 2:
        return False
    run = run[:-1].lstrip(_OPENING)
    if len(run) > _LONGEST_ABBREVIATION and "." not in run and "-" not in run:
        return False
    run = run.casefold()
    initial = run.rpartition(".")[2].rpartition("-")[2]
    return (len(initial) == 1 and initial.isalpha()) or run in _ABBREVIATED.get(language, ())


def split_sentences(language: str, text: str) -> list[str]:
    """The sentences of a text, with the white space that follows each, so that joining them gives the text again.

    Wikimedia's sentencex finds them; what it cuts after an abbreviation or an initial is joined again.
    """
    pieces = sentencex.segment(language, text)
    starts = [
        number
        for number, piece in enumerate(pieces)
        if number == 0 or not _ends_falsely(language, pieces[number - 1], piece)
    ]
    return ["".join(pieces[start:stop]) for start, stop in pairwise([*starts, len(pieces)])]


# --- sections --------------------------------------------------------------------------------------------------------


class _Line(NamedTuple):
    kind: str
    text: str


@dataclass(slots=True, kw_only=True)
class _Piece:
    """The text under one heading, or several joined under `path`; `words` counts what `lines` would be as text."""

    path: tuple[str, ...]
    anchor: str
    lines: list[_Line]
    words: int
    is_lead: bool = False
    joined: bool = False
    reason: str = ""

    @property
    def least_words(self) -> int:
        return LEAST_LEAD_WORDS if self.is_lead else LEAST_WORDS

    @property
    def parent(self) -> tuple[str, ...]:
        return self.path[:-1]


def split_sections(seed: Seed) -> list[Section]:
    """The sections of an article in reading order, kept and refused. A pure function of the seed."""
    parts = [part for piece in _join_short(_pieces(seed)) for part in _cut(piece, seed.language)]
    sections: list[Section] = []
    seen: dict[str, int] = defaultdict(int)
    for position, part in enumerate(parts):
        text = _text_of(part.lines)
        place = hash_of_texts("section", seed.collection, seed.language, seed.url, part.path, text)
        seen[place] += 1
        sections.append(
            Section(
                # the same words may stand twice under one heading; they are still two rows
                section_id=place if seen[place] == 1 else hash_of_texts("section", place, seen[place]),
                content_hash=hash_of_texts("section content", seed.collection, seed.language, seed.url, text),
                heading_path=part.path or _first_heading(part),
                url=f"{seed.url}#{part.anchor}" if part.anchor else seed.url,
                position=position,
                language=seed.language,
                text=text,
                words=part.words,
                is_lead=part.is_lead,
                reason=part.reason,
            )
        )
    return sections


def _first_heading(part: _Piece) -> tuple[str, ...]:
    """The heading that pieces joined at the top begin with; a lead, and what follows it without one, has none."""
    return (part.lines[0].text,) if part.joined and not part.is_lead and part.lines[0].kind == "heading" else ()


def _pieces(seed: Seed) -> list[_Piece]:
    """The lead and every heading's own text, in reading order; headings that only hold others are left out."""
    pieces = [_Piece(path=(), anchor="", lines=[], words=0, is_lead=True)]
    levels: list[int] = []
    path: list[str] = []
    anchors: dict[str, int] = defaultdict(int)
    for block in seed.blocks:
        text = _tidy(block)
        if not text:
            continue
        if block.kind != "heading":
            pieces[-1].lines.append(_Line(block.kind, text))
            pieces[-1].words += count_words(text)
            continue
        heading = " ".join(text.split())
        level = min(max(block.level, 1), DEEPEST)
        while levels and levels[-1] >= level:
            levels.pop()
            path.pop()
        levels.append(level)
        path.append(heading)
        pieces.append(_Piece(path=tuple(path), anchor=_anchor(block, heading, anchors), lines=[], words=0))
    return [
        piece
        for piece, following in zip(pieces, [*pieces[1:], None], strict=True)
        # without text of its own, a heading lives on in its children's paths, and a lead was never there; the very last
        # stays, so that an article without any text has a row too
        if piece.lines or following is None or len(following.path) <= len(piece.path)
    ]


def _tidy(block: Block) -> str:
    """White space at the ends of lines and empty lines carry nothing in a block; code keeps its shape."""
    text = block.text
    if block.kind == "code":
        return "\n".join(map(str.rstrip, text.split("\n"))).strip("\n")
    if "\n" not in text:
        return text.strip()
    return "\n".join(line for line in map(str.strip, text.split("\n")) if line)


def _anchor(block: Block, heading: str, used: dict[str, int]) -> str:
    """The fragment of a heading's address, as MediaWiki derives it where the source gives none."""
    if block.anchor:
        return block.anchor
    name = heading.replace(" ", "_")
    used[name.casefold()] += 1
    if (count := used[name.casefold()]) > 1:
        name = f"{name}_{count}"
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
            lines.append(_Line("heading", piece.path[-1]))
            words += count_words(piece.path[-1])
        lines.extend(piece.lines)
        words += piece.words
    if words > MOST_WORDS:
        return None
    return _Piece(path=under, anchor=first.anchor, lines=lines, words=words, is_lead=first.is_lead, joined=True)


def _text_of(lines: Sequence[_Line]) -> str:
    """List items stand one under the other and under their heading; all else is one empty line apart."""
    pieces: list[str] = []
    for before, line in zip([None, *lines], lines, strict=False):
        if before is not None:
            close = line.kind == "list_item" and before.kind in ("list_item", "heading")
            pieces.append("\n" if close else "\n\n")
        pieces.append(line.text)
    return "".join(pieces)


class _Atom(NamedTuple):
    """What is never cut: a sentence, a list item, or a line of code. `line` is the number of the line it belongs to."""

    text: str
    words: int
    line: int


def _cut(piece: _Piece, language: str) -> Iterator[_Piece]:
    """The piece itself, or parts of nearly equal length; a sentence longer than a section is a refused part alone."""
    if piece.reason or piece.words <= MOST_WORDS:
        yield piece
        return
    run: list[_Atom] = []
    for atom in _atoms(piece.lines, language):
        if atom.words <= MOST_WORDS:
            run.append(atom)
            continue
        yield from _cut_run(piece, run)
        run = []
        yield replace(
            piece, lines=_lines_of(piece, [atom]), words=atom.words, reason="too_long_sentence"
        )  # a table in prose, or verses without a full stop: nobody can ask about half of it
    yield from _cut_run(piece, run)


def _atoms(lines: Sequence[_Line], language: str) -> list[_Atom]:
    atoms: list[_Atom] = []
    for number, line in enumerate(lines):
        if line.kind == "code":
            texts = re.findall(r"[^\n]*\n|[^\n]+", line.text)
        elif line.kind == "list_item" and count_words(line.text) <= MOST_WORDS:
            texts = [line.text]
        else:
            texts = split_sentences(language, line.text)
        for text in texts:
            words = count_words(text)
            if words == 0 and atoms and atoms[-1].line == number:
                atoms[-1] = atoms[-1]._replace(text=atoms[-1].text + text)
            else:
                atoms.append(_Atom(text, words, number))
    return atoms


def _lines_of(piece: _Piece, atoms: Sequence[_Atom]) -> list[_Line]:
    texts: dict[int, str] = {}
    for atom in atoms:
        texts[atom.line] = texts.get(atom.line, "") + atom.text
    kinds = {number: piece.lines[number].kind for number in texts}
    return [
        _Line(kinds[number], text.rstrip().strip("\n") if kinds[number] == "code" else text.strip())
        for number, text in texts.items()
    ]


def _cut_run(piece: _Piece, run: Sequence[_Atom]) -> Iterator[_Piece]:
    """Parts of a run of sentences: as few as do not exceed the limit, cut nearest to the even places."""
    if not run:
        return
    ends = [0]
    for atom in run:
        ends.append(ends[-1] + atom.words)
    for first, last in _even_cuts(ends):
        words = ends[last] - ends[first]
        reason = "" if words >= piece.least_words else "too_short" if words else "no_text"
        yield replace(piece, lines=_lines_of(piece, run[first:last]), words=words, reason=reason)


def _even_cuts(ends: Sequence[int]) -> list[tuple[int, int]]:
    """Index ranges of atoms; `ends[i]` is the number of words before atom i."""
    total, last = ends[-1], len(ends) - 1
    fewest = -(-total // MOST_WORDS) or 1
    for parts in range(fewest, 2 * fewest + 2):
        cuts = {0, last}
        for number in range(1, parts):
            ideal = total * number / parts
            after = bisect_left(ends, ideal)
            cuts.add(after if ends[after] - ideal <= ideal - ends[after - 1] else after - 1)
        ordered = sorted(cuts)
        ranges = list(pairwise(ordered))
        if all(ends[stop] - ends[start] <= MOST_WORDS for start, stop in ranges):
            return ranges
    # sentences nearly as long as a section: fill one part after the other
    ranges, start = [], 0
    for stop in range(1, last + 1):
        if ends[stop] - ends[start] > MOST_WORDS:
            ranges.append((start, stop - 1))
            start = stop - 1
    return [*ranges, (start, last)]


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


# --- copies ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What is kept of a section for later comparisons, about four bytes a word.

    `data` is 16 bytes of SHA-256 of the normalised text, then the hashes of its different five-word shingles as
    ascending little-endian 32-bit numbers.
    """

    section_id: str
    language: str
    data: bytes


class Copies(NamedTuple):
    """All sections, copies refused, and the signatures of those newly kept."""

    sections: list[Section]
    signatures: list[Signature]


class Verdict(NamedTuple):
    """("", "") for a section that is kept, else why not and the kept section that it copies."""

    reason: str
    copy_of: str


def refuse_copies(sections: Iterable[Section], known: Iterable[Signature] = ()) -> Copies:
    """Refuses exact and near copies within a language; see `CopyFinder`. A section whose id is known stays kept.

    Args:
        sections: of one run, in a stable order; refused ones pass through.
        known: signatures of the sections that stand, without those that were superseded or withdrawn.
    """
    checked = list(sections)
    before = list(known)
    standing = {signature.section_id for signature in before}
    places = [
        place for place, section in enumerate(checked) if not section.reason and section.section_id not in standing
    ]
    fresh = [sign(checked[place]) for place in places]
    made: list[Signature] = []
    for place, signature, verdict in zip(places, fresh, find_copies(before, fresh), strict=True):
        if verdict.reason:
            checked[place] = replace(checked[place], reason=verdict.reason, copy_of=verdict.copy_of)
        else:
            made.append(signature)
    return Copies(checked, made)


def sign(section: Section) -> Signature:
    """The section's signature."""
    (data,) = signatures_of([section.text])
    return Signature(section_id=section.section_id, language=section.language, data=data)


def find_copies(known: Sequence[Signature], fresh: Sequence[Signature]) -> list[Verdict]:
    """The verdict on each fresh section, all signatures at hand; see `CopyFinder`."""
    verdicts = [Verdict("", "")] * len(fresh)
    everything = [*known, *fresh]
    with CopyFinder() as finder:
        for place, signature in enumerate(everything):
            finder.add(signature.data, signature.language, is_known=place < len(known))
        for copy in finder.copies():
            verdicts[copy.place - len(known)] = Verdict(copy.reason, everything[copy.copy_of].section_id)
    return verdicts


_WORD = re.compile(r"\w+")
_MOST_WORD_HASHES = 200_000
_MULTIPLIER = numpy.uint64(0x9E3779B97F4A7C15)  # odd, so that multiplying modulo 2**64 loses nothing
_WORDS_APART = bytes(code if code > 127 or chr(code).isalnum() or chr(code) == "_" else ord(" ") for code in range(256))
_SPACES_ALIKE = bytes(ord(" ") if code < 128 and chr(code).isspace() else code for code in range(256))

_SPACES_BEYOND_ASCII = "\x85\u1680\u2028\u2029"  # those that NFKC leaves


class _WordHashes(dict[bytes, int]):
    """Hashes of the words seen lately: most words come again, and hashing one costs a microsecond."""

    def __missing__(self, word: bytes) -> int:
        if len(self) >= _MOST_WORD_HASHES:
            self.clear()
        found = int.from_bytes(hashlib.blake2b(word, digest_size=8).digest(), "little")
        self[word] = found
        return found


_word_hashes = _WordHashes()


def signatures_of(texts: Sequence[str]) -> list[bytes]:
    """The data of each text's `Signature`; many at once cost half as much.

    Bytes again, as in `count_words`: what stands between words becomes a space, and the words are split there.
    """
    digests: list[bytes] = []
    words: list[bytes] = []
    ends = [0]
    for text in texts:
        plain = _compared_as(text)
        digests.append(hashlib.sha256(plain).digest()[:EXACT_BYTES])
        words += _words_apart(plain).split()
        ends.append(len(words))
    hashes = numpy.fromiter(map(_word_hashes.__getitem__, words), dtype=numpy.uint64, count=len(words))
    # those that reach from one text into the next are made along with all others, and left out of the pieces below
    mixed = _shingles(hashes, SHINGLE_WORDS)
    made: list[bytes] = []
    for digest, (start, stop) in zip(digests, pairwise(ends), strict=True):
        if stop - start < SHINGLE_WORDS:
            own = _shingles(hashes[start:stop], max(1, stop - start))
        else:
            own = mixed[start : stop - SHINGLE_WORDS + 1]
        own.sort()
        if len(own) > 1 and (own[1:] == own[:-1]).any():
            own = own[numpy.concatenate(([True], own[1:] != own[:-1]))]
        made.append(digest + own.tobytes())
    return made


def _shingles(hashes: numpy.ndarray, width: int) -> numpy.ndarray:
    """The hash of every run of so many words, little-endian 32-bit numbers."""
    mixed = numpy.zeros(max(0, len(hashes) - width + 1), dtype=numpy.uint64)
    for offset in range(width):
        mixed = mixed * _MULTIPLIER + hashes[offset : offset + len(mixed)]
    mixed ^= mixed >> numpy.uint64(29)
    mixed *= _MULTIPLIER
    return (mixed >> numpy.uint64(32)).astype("<u4")


def _compared_as(text: str) -> bytes:
    """What `normalised` gives, in UTF-8, without making a text of every word."""
    if text.isascii():
        plain = text.lower()
    else:
        plain = unicodedata.normalize("NFKC", text).casefold()
        for space in _SPACES_BEYOND_ASCII:
            plain = plain.replace(space, " ")
    raw = plain.encode().translate(_SPACES_ALIKE)
    while b"  " in raw:
        raw = raw.replace(b"  ", b" ")
    return raw.strip(b" ")


def _words_apart(plain: bytes) -> bytes:
    """The text with a space for whatever is neither letter, digit nor underscore."""
    if not plain.isascii():
        strange = [letter for letter in set(plain.translate(None, _ASCII).decode()) if not letter.isalnum()]
        if len(strange) > _MOST_STRANGE:
            return " ".join(_WORD.findall(plain.decode())).encode()
        for letter in strange:
            plain = plain.replace(letter.encode(), b" ")
    return plain.translate(_WORDS_APART)
