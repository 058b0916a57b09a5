"""What code can see of a text's form: how many lines and stanzas, what shape, salutation, speakers, entries, items.

Every rule takes a text as it stands, its numbers and the language, and says what is broken, or nothing. Lines are
measured in characters without the white space around them, so that a shape holds in any fixed-width view and, where
only lengths count, however the lines are set. The first line of a text may have lost its indentation on the way, so
shapes that need one begin at the margin.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise, takewhile
from types import MappingProxyType

from synth_assets.exercises.creative_lists.lexicon import DATES, FIRST_PERSON, SALUTATIONS
from synth_assets.exercises.writing_constraints.letters import folded
from synth_assets.exercises.writing_constraints.words import paragraphs_of, words_of

_STEP = 2  # spaces by which a line is seen to stand further right
_BLOCK_SPREAD = 4  # characters by which lines of a block may differ
_AXIS_SPREAD = 1.0  # characters by which a line may stand off its axis
_SALUTATION_WORDS = 12
_SIGNATURE_WORDS = 8
_HEADLINE_WORDS = 16
_MORAL_WORDS = 60
_LEAST_AGE, _MOST_AGE = 1, 130
_TURNS, _LABELS, _QUESTIONS, _ENTRIES, _STEPS, _ITEMS, _INGREDIENTS = 6, 4, 3, 3, 4, 6, 3
_FIRST_PERSONS = 2

_BULLET = re.compile(r"\s*(?:[-*•\u2013]|\[[ x]?\])\s+\S")
_NUMBERED = re.compile(r"\s*(?:\*\*)?(\d{1,2})[.)]")
_COUNTED = re.compile(r"\s*(?:[-*•\u2013]\s+)?(?:\*\*)?\d+\b")
_OPENS_TURN = re.compile(r"\s*(?:[—\u2013]|-\s|[\"“„«\u2018»])")
_LABEL = re.compile(
    r"\s*[*_]{0,2}([^\W\d_][^\n:.,;!?*()\[\]]{0,39}?)[*_]{0,2}\s*(?:[(\[][^)\]\n]*[)\]])?"
    r"\s*[*_]{0,2}:[*_]{0,2}(?=\s|\Z)"
)
_DIRECTION = re.compile(r"\([^()\n]{2,}\)|\[[^\[\]\n]{2,}\]|(?<!\*)\*[^*\n]{2,}\*(?!\*)|(?<!_)_[^_\n]{2,}_(?!_)")
_YEAR = re.compile(r"(?<!\d)\d{3,4}(?!\d)")
_POSTSCRIPT = re.compile(r"\W*p\.?\s?s\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """What a text breaks: the reason, snake_case, and what was found."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: the reasons it can refuse with, and its check of (text, numbers, language)."""

    reasons: tuple[str, ...]
    check: Callable[[str, tuple[int, ...], str], Broken | None]


def lines_in(text: str) -> list[str]:
    """The lines that hold something, with the indentation they have and without white space at their end."""
    return [line.rstrip().expandtabs(4) for line in text.splitlines() if any(map(str.isalnum, line))]


def stanzas_in(text: str) -> list[list[str]]:
    """The blocks between empty lines, each as its lines."""
    return [lines_in(block) for block in paragraphs_of(text)]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


# --- verse


def _lines(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    found = len(lines_in(text))
    return None if found == numbers[0] else Broken(reason="wrong_line_count", detail=f"{found} lines, not {numbers[0]}")


def _stanzas_of(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    size, least = numbers
    sizes = [len(stanza) for stanza in stanzas_in(text)]
    if len(sizes) < least or set(sizes) != {size}:
        return Broken(reason="wrong_stanzas", detail=f"stanzas of {sizes} lines, not {least} or more of {size}")
    return None


def _stanzas(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    least, lines = numbers
    sizes = [len(stanza) for stanza in stanzas_in(text)]
    if len(sizes) < least or sum(sizes) < lines:
        return Broken(reason="wrong_stanzas", detail=f"stanzas of {sizes} lines, not {least} or more of {lines} in all")
    return None


def _question(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    last = text.rstrip().rstrip("\"'”»“\u2019*_)")
    if not last.endswith("?"):
        return Broken(reason="no_closing_question", detail=f"ends {text.rstrip()[-40:]!r}")
    return None


# --- shapes


def _widths(text: str) -> list[int]:
    return [len(line.strip()) for line in lines_in(text)]


def _turn(widths: list[int], pick: Callable[[list[int]], int]) -> int:
    """Where the widest or the narrowest line stands."""
    return widths.index(pick(widths))


def _shape(text: str, least: int, directions: Callable[[list[int]], list[int]]) -> Broken | None:
    """Each line against the next: 1 where the next must be longer, -1 where it must be shorter."""
    widths = _widths(text)
    if len(widths) < least:
        return Broken(reason="broken_layout", detail=f"{len(widths)} lines, not {least} or more")
    for number, ((width, following), direction) in enumerate(
        zip(pairwise(widths), directions(widths), strict=True), start=1
    ):
        if (following - width) * direction <= 0:
            return Broken(
                reason="broken_layout",
                detail=f"line {number} has {width} characters and line {number + 1} has {following}, of {widths}",
            )
    return None


def _triangle(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    return _shape(text, numbers[0], lambda widths: [1] * (len(widths) - 1))


def _funnel(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    return _shape(text, numbers[0], lambda widths: [-1] * (len(widths) - 1))


def _turned(text: str, least: int, pick: Callable[[list[int]], int], direction: int) -> Broken | None:
    widths = _widths(text)
    turn = _turn(widths, pick) if widths else 0
    # two lines at least on each side, or it is a triangle
    if len(widths) >= least and not 2 <= turn <= len(widths) - 3:
        return Broken(reason="broken_layout", detail=f"the turn is at line {turn + 1} of {len(widths)}: {widths}")
    return _shape(text, least, lambda all_: [direction] * turn + [-direction] * (len(all_) - 1 - turn))


def _diamond(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    return _turned(text, numbers[0], max, 1)


def _hourglass(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    return _turned(text, numbers[0], min, -1)


def _indents(text: str, least: int) -> list[int] | Broken:
    indents = [_indent(line) for line in lines_in(text)]
    if len(indents) < least:
        return Broken(reason="broken_layout", detail=f"{len(indents)} lines, not {least} or more")
    # the first line stands at the margin, whatever a carrier made of it
    return [0, *indents[1:]]


def _staircase(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    indents = _indents(text, numbers[0])
    if isinstance(indents, Broken):
        return indents
    if any(following - indent < _STEP for indent, following in pairwise(indents)):
        return Broken(reason="broken_layout", detail=f"indents {indents} do not grow by {_STEP} or more each")
    return None


def _zigzag(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    indents = _indents(text, numbers[0])
    if isinstance(indents, Broken):
        return indents
    if any(indents[0::2]) or any(indent < 2 * _STEP for indent in indents[1::2]):
        return Broken(reason="broken_layout", detail=f"indents {indents} are not none and {2 * _STEP} or more in turn")
    return None


def _block(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    widths = _widths(text)
    if len(widths) < numbers[0] or max(widths) - min(widths) > _BLOCK_SPREAD:
        return Broken(
            reason="broken_layout", detail=f"widths {widths}: not {numbers[0]} lines or more within {_BLOCK_SPREAD}"
        )
    return None


def _centred(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    lines = lines_in(text)
    widths = _widths(text)
    if len(lines) < numbers[0] or widths[0] < max(widths) or len(set(widths)) < 3:
        return Broken(reason="broken_layout", detail=f"widths {widths}: the first line must be the widest of 6 or more")
    axis = widths[0] / 2
    for number, (line, width) in enumerate(zip(lines[1:], widths[1:], strict=True), start=2):
        centre = _indent(line) + width / 2
        if abs(centre - axis) > _AXIS_SPREAD:
            return Broken(reason="broken_layout", detail=f"line {number} is centred on {centre:g}, not on {axis:g}")
    return None


def _column(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    lines = lines_in(text)
    if len(lines) < numbers[0]:
        return Broken(reason="broken_layout", detail=f"{len(lines)} lines, not {numbers[0]} or more")
    for number, line in enumerate(lines, start=1):
        if len(line.split()) != 1:
            return Broken(reason="broken_layout", detail=f"line {number} is {line.strip()!r}, not one word")
    return None


# --- prose


def _paragraphs(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    found = len(paragraphs_of(text))
    if found < numbers[0]:
        return Broken(reason="wrong_paragraphs", detail=f"{found} paragraphs, not {numbers[0]} or more")
    return None


def _one_paragraph(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    found = len(lines_in(text))
    return None if found == 1 else Broken(reason="wrong_paragraphs", detail=f"{found} lines, not one paragraph")


def _moral(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    paragraphs = paragraphs_of(text)
    words = len(words_of(paragraphs[-1], language)) if paragraphs else 0
    if len(paragraphs) < 2 or not 3 <= words <= _MORAL_WORDS:
        return Broken(reason="no_moral", detail=f"{len(paragraphs)} paragraphs, the last of {words} words")
    return None


def _first_person(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    pattern = re.compile(rf"(?:{FIRST_PERSON[language]})\Z")
    pieces = [folded(piece) for word in words_of(text, language) for piece in word.split("'")]
    found = sum(pattern.match(piece) is not None for piece in pieces)
    if found < _FIRST_PERSONS:
        return Broken(reason="no_first_person", detail=f"{found} words of the first person")
    return None


def _address(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    opening = " ".join(text.split()[:_SALUTATION_WORDS])
    found = re.search(r"[.,!?:;…]", opening)
    if found is None or found.group() not in ",!:":
        return Broken(reason="no_address", detail=f"opens {opening!r}")
    return None


# --- letters, diaries, the press


def _letter(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    lines = lines_in(text)
    opening = re.compile(rf"\W*(?:{SALUTATIONS[language]})(?:\W|\Z)")
    # a place, a date or an address may stand before it
    candidates = takewhile(lambda line: len(line.split()) <= _SALUTATION_WORDS, lines[:3])
    if not any(opening.match(folded(line.replace("\u2019", "'"))) for line in candidates):
        return Broken(reason="no_salutation", detail=f"opens {lines[:1]}")
    blocks = [block for block in paragraphs_of(text) if not _POSTSCRIPT.match(block)]
    last = lines_in(blocks[-1])[-1] if blocks else ""
    if len(lines) < 3 or len(last.split()) > _SIGNATURE_WORDS:
        return Broken(reason="no_signature", detail=f"the last line is {last[:60]!r}")
    return None


def _dated(line: str, language: str) -> bool:
    return bool(re.search(rf"\d|\b(?:{DATES[language]})\b", folded(line)))


def _diary(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    lines = lines_in(text)
    if len(lines) < 2 or len(lines[0].split()) > _SALUTATION_WORDS or not _dated(lines[0], language):
        return Broken(reason="no_date_line", detail=f"opens {lines[:1]}")
    return None


def _log(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    found = sum(_dated(" ".join(line.split()[:5]), language) for line in lines_in(text))
    if found < _ENTRIES:
        return Broken(reason="no_entries", detail=f"{found} lines open with a date or an hour, not {_ENTRIES} or more")
    return None


def _headline(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    lines = lines_in(text)
    head = lines[0].strip(" *_#") if lines else ""
    if len(lines) < 2 or len(head.split()) > _HEADLINE_WORDS or head.endswith("."):
        return Broken(reason="no_headline", detail=f"the first of {len(lines)} lines is {head[:80]!r}")
    return None


def _obituary(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    years = [int(year) for year in _YEAR.findall(text)]
    if not any(_LEAST_AGE <= death - birth <= _MOST_AGE for birth in years for death in years):
        return Broken(reason="no_years_of_life", detail=f"years {years}")
    return None


# --- speakers


def _labels(text: str) -> list[str]:
    """Names before a colon at the beginning of lines, in order."""
    found = [_LABEL.match(line) for line in lines_in(text)]
    return [folded(match.group(1)).strip() for match in found if match is not None]


def _dialogue(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    labels = _labels(text)
    if len(labels) >= _TURNS:
        if len(set(labels)) < 2:
            return Broken(reason="one_speaker", detail=f"only {labels[0]!r} speaks")
        return None
    turns = max(len(labels), sum(_OPENS_TURN.match(line) is not None for line in lines_in(text)))
    if turns < _TURNS:
        return Broken(reason="too_few_turns", detail=f"{turns} turns, not {_TURNS} or more")
    return None


def _scene(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    labels = _labels(text)
    if len(labels) < _LABELS:
        return Broken(reason="too_few_turns", detail=f"{len(labels)} turns with a name, not {_LABELS} or more")
    if len(set(labels)) < 2:
        return Broken(reason="one_speaker", detail=f"only {labels[0]!r} speaks")
    if not _DIRECTION.search(text):
        return Broken(reason="no_stage_direction", detail="nothing stands in brackets")
    return None


def _interview(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    labels = _labels(text)
    if len(labels) < _TURNS:
        return Broken(reason="too_few_turns", detail=f"{len(labels)} turns with a name, not {_TURNS} or more")
    if len(set(labels)) < 2:
        return Broken(reason="one_speaker", detail=f"only {labels[0]!r} speaks")
    if text.count("?") < _QUESTIONS:
        return Broken(reason="too_few_questions", detail=f"{text.count('?')} questions, not {_QUESTIONS} or more")
    return None


# --- lists


def _numbers_in_order(lines: list[str]) -> int:
    """How many lines count 1, 2, 3 and so on from one."""
    expected = 1
    for line in lines:
        found = _NUMBERED.match(line)
        if found is not None and int(found.group(1)) == expected:
            expected += 1
    return expected - 1


def _steps(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    found = _numbers_in_order(lines_in(text))
    if found < _STEPS:
        return Broken(reason="no_steps", detail=f"{found} numbered steps, not {_STEPS} or more")
    return None


def _recipe(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    ingredients = sum(_BULLET.match(line) is not None for line in lines_in(text))
    if ingredients < _INGREDIENTS:
        return Broken(reason="no_ingredients", detail=f"{ingredients} ingredients, not {_INGREDIENTS} or more")
    found = _numbers_in_order(lines_in(text))
    if found < _INGREDIENTS:
        return Broken(reason="no_steps", detail=f"{found} numbered steps, not {_INGREDIENTS} or more")
    return None


def _list(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    found = sum(_BULLET.match(line) is not None for line in lines_in(text))
    if found < _ITEMS:
        return Broken(reason="no_items", detail=f"{found} items, not {_ITEMS} or more")
    return None


def _inventory(text: str, numbers: tuple[int, ...], language: str) -> Broken | None:
    found = sum(_COUNTED.match(line) is not None for line in lines_in(text))
    if found < _ITEMS:
        return Broken(reason="no_items", detail=f"{found} lines open with a figure, not {_ITEMS} or more")
    return None


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "lines": Rule(reasons=("wrong_line_count",), check=_lines),
        "stanzas_of": Rule(reasons=("wrong_stanzas",), check=_stanzas_of),
        "stanzas": Rule(reasons=("wrong_stanzas",), check=_stanzas),
        "question": Rule(reasons=("no_closing_question",), check=_question),
        "triangle": Rule(reasons=("broken_layout",), check=_triangle),
        "funnel": Rule(reasons=("broken_layout",), check=_funnel),
        "diamond": Rule(reasons=("broken_layout",), check=_diamond),
        "hourglass": Rule(reasons=("broken_layout",), check=_hourglass),
        "staircase": Rule(reasons=("broken_layout",), check=_staircase),
        "zigzag": Rule(reasons=("broken_layout",), check=_zigzag),
        "block": Rule(reasons=("broken_layout",), check=_block),
        "centred": Rule(reasons=("broken_layout",), check=_centred),
        "column": Rule(reasons=("broken_layout",), check=_column),
        "paragraphs": Rule(reasons=("wrong_paragraphs",), check=_paragraphs),
        "one_paragraph": Rule(reasons=("wrong_paragraphs",), check=_one_paragraph),
        "moral": Rule(reasons=("no_moral",), check=_moral),
        "first_person": Rule(reasons=("no_first_person",), check=_first_person),
        "address": Rule(reasons=("no_address",), check=_address),
        "letter": Rule(reasons=("no_salutation", "no_signature"), check=_letter),
        "diary": Rule(reasons=("no_date_line",), check=_diary),
        "log": Rule(reasons=("no_entries",), check=_log),
        "headline": Rule(reasons=("no_headline",), check=_headline),
        "obituary": Rule(reasons=("no_years_of_life",), check=_obituary),
        "dialogue": Rule(reasons=("too_few_turns", "one_speaker"), check=_dialogue),
        "scene": Rule(reasons=("too_few_turns", "one_speaker", "no_stage_direction"), check=_scene),
        "interview": Rule(reasons=("too_few_turns", "one_speaker", "too_few_questions"), check=_interview),
        "recipe": Rule(reasons=("no_ingredients", "no_steps"), check=_recipe),
        "steps": Rule(reasons=("no_steps",), check=_steps),
        "list": Rule(reasons=("no_items",), check=_list),
        "inventory": Rule(reasons=("no_items",), check=_inventory),
    }
)
