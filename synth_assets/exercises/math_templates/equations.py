"""Reads what a model writes of mathematics: results in a language's number format or in LaTeX, and every equation.

An equation is re-evaluated exactly wherever both of its sides can be read without doubt. What cannot is passed over
and never guessed: unknowns ("2x"), functions ("C(10, 3)"), clock times ("8:30"), mixed numbers, and plain conversions
("2 h = 120 min"), whose sides are single quantities in different units. So a wrong equation that is found is wrong.

LaTeX is turned into plain signs here and not by a symbolic library: those read "3{,}5" as a set and "12\\,345" as a
product, which are 3.5 and 12345 in six of the eight languages.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from synth_assets.exercises.math_templates.numbers import canonical, number_spans

_LATEX: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\\[dt]?frac\s*\{\s*(\d+)\s*\}\s*\{\s*(\d+)\s*\}"), r"\1/\2"),
    (re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}"), r"(\1) ÷ (\2)"),
    (re.compile(r"\\(?:text|mathrm|textrm|boxed|mathbf)\s*\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\{([.,])\}"), r"\1"),
    (re.compile(r"\\[,;:! ]"), "\u202f"),
    (re.compile(r"\\(?:times|cdot)\b ?"), "\u00d7 "),
    (re.compile(r"\\div\b ?"), "÷ "),
    (re.compile(r"\\approx\b ?"), "≈ "),
    (re.compile(r"\\(?:left|right|displaystyle)\b ?"), ""),
    (re.compile(r"\\%"), "%"),
    (re.compile(r"\\[()\[\]]|\$"), ""),
)
_TOKEN = re.compile(
    r"(?P<raised>[⁰¹²³⁴-⁹]+)|(?P<word>[^\W\d_]+(?:[/'\u2019-][^\W\d_]+)*)|(?P<space>\s+)|(?P<drop>[€£*_`])|(?P<sign>.)",
    re.DOTALL,
)
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SIGNS = dict.fromkeys("\u00d7·⋅∙", "*") | dict.fromkeys("÷/", "/") | {"+": "+"} | dict.fromkeys("-\u2212\u2013", "-")
_COLON_DIVIDES = frozenset({"de", "it", "pl", "nl", "la"})
# Words that are operators; what stands behind one is only a part of the expression.
_OPERATORS = frozenset(
    re.findall(
        r"\w+",
        """times plus minus divided by fois divisé mal geteilt durch per volte più meno diviso por veces más menos entre
        dividido razy przez podzielić keer maal gedeeld door ter bis quater divisum root""",
    )
)
_SHARES = frozenset({"of", "de", "von", "di", "z", "ze", "van", "des", "du", "del", "der", "ex"})
_MOST_TOKENS = 48  # of one side; longer ones are prose
_MOST_POWER = 64
_MOST_DIGITS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    kind: str  # number, word, sign, open, close, raised, percent, equals, about, end, unknown
    text: str
    value: Fraction = Fraction(0)
    places: int = 0


def plain_latex(text: str) -> str:
    """The text with what is written in LaTeX as plain signs; other text as it stands."""
    if "\\" not in text and "$" not in text:
        return text
    for pattern, plain in _LATEX:
        text = pattern.sub(plain, text)
    return text


def numbers_in(text: str, language: str) -> list[Fraction]:
    """Every number of a result's line, in the language's format or in LaTeX."""
    return [value for _, _, value in number_spans(plain_latex(text), language)]


def wrong_equations(text: str, language: str) -> list[str]:
    """Every equation of the text that does not hold, as it can be shown to a reader.

    "=" is exact; "≈" holds to within one unit of the last place that the rounder side shows.
    """
    return [shown for shown, holds in _equations(text, language) if not holds]


def count_equations(text: str, language: str) -> int:
    """How many equations of the text could be read and were re-evaluated."""
    return sum(1 for _ in _equations(text, language))


def _equations(text: str, language: str) -> Iterator[tuple[str, bool]]:
    for line in plain_latex(text).splitlines():
        tokens = list(_tokens(line, language))
        for at, token in enumerate(tokens):
            if token.kind not in ("equals", "about"):
                continue
            left, right = _left_of(tokens, at), _right_of(tokens, at)
            if left and right and not (_single(left) and _single(right)):
                holds = _equal(left, right, exact=token.kind == "equals")
                if holds is not None:
                    yield " ".join(part.text for part in (*left, token, *right)), holds


def _tokens(line: str, language: str) -> Iterator[_Token]:
    # single asterisks with spaces around them multiply, all others are marks of emphasis
    line = re.sub(r"(?<=\s)\*(?=\s)", "\u00d7", line)
    numbers = {start: (end, value) for start, end, value in number_spans(line, language)}
    at = 0
    while at < len(line):
        if at in numbers:
            end, value = numbers[at]
            written = line[at:end]
            before, after = line[at - 1 : at], line[end : end + 1]
            glued = before.isalpha() or after.isalpha() or before == "_"
            clock = re.search(r"\d:$", line[:at]) or re.match(r":\d", line[end:])
            known = not glued and not clock and len(written) <= _MOST_DIGITS
            decimals = canonical(value).partition(".")[2] if "/" not in written else ""
            # a rounded figure may end in zeros: count the places as they are written
            shown = re.search(r"[.,](\d+)$", written)
            places = len(shown[1]) if shown and (decimals or value.denominator == 1) and not _grouped(written) else 0
            yield _Token(
                kind="number" if known else "unknown", text=written, value=value, places=max(places, len(decimals))
            )
            at = end
            continue
        match = _TOKEN.match(line, at)
        assert match is not None  # every character is one of the alternatives
        at = match.end()
        yield from _signs(match, line, language)


def _grouped(written: str) -> bool:
    return re.search(r"[.,]\d{3}$", written) is not None


def _signs(match: re.Match[str], line: str, language: str) -> Iterator[_Token]:
    text = match.group()
    if match["space"] or match["drop"]:
        return
    if match["word"]:
        before, after = line[: match.start()].rstrip(), line[match.end() :].lstrip()
        if text in ("x", "X") and before[-1:].isdigit() and after[:1].isdigit():
            yield _Token(kind="sign", text="*")
        else:  # the notation's connectives stand between statements
            yield _Token(kind="end" if text in ("AND", "OR", "NOT", "BUT") else "word", text=text)
    elif match["raised"]:
        yield _Token(kind="raised", text=text, value=Fraction(text.translate(_LOWERED)))
    elif text == "(":
        called = line[match.start() - 1 : match.start()].isalnum()
        yield _Token(kind="unknown" if called else "open", text=text)
    else:
        kinds = {")": "close", "%": "percent", "=": "equals", "≈": "about", "^": "power"}
        if text in kinds:
            yield _Token(kind=kinds[text], text=text)
        elif text == ":":
            # right behind a word or number it is punctuation, and with a space too in languages that divide by ÷
            divides = language in _COLON_DIVIDES and line[match.start() - 1 : match.start()].isspace()
            yield _Token(kind="sign" if divides else "end", text=text)
        elif text in _SIGNS:
            yield _Token(kind="sign", text=_SIGNS[text])
        else:
            yield _Token(kind="end" if text in ".,;?→∴" else "unknown", text=text)


def _left_of(tokens: Sequence[_Token], at: int) -> Sequence[_Token]:
    """The longest expression that ends before an equals sign, empty where there is none for sure."""
    start = at
    while start > 0 and tokens[start - 1].kind not in ("end", "equals", "about") and at - start < _MOST_TOKENS:
        start -= 1
    first = next((here for here in range(start, at) if _value(tokens[here:at], percent=1) is not None), None)
    if first is None:
        return ()
    before = tokens[start:first]
    if not before:
        return tokens[first:at]
    last = before[-1]
    two_before = before[-2] if len(before) > 1 else None
    three_before = before[-3] if len(before) > 2 else None
    quantity = {"number", "unknown", "close", "percent", "raised"}
    doubtful = (
        last.kind in quantity | {"open", "power"}
        or (last.kind == "sign" and (last.text != ":" or _kind(two_before) in quantity))
        or (last.kind == "word" and last.text.casefold() in _OPERATORS)
        or (last.kind == "word" and last.text.casefold() in _SHARES and _kind(two_before) in ("percent", "number"))
        # a number, its unit, and another number: "9 h 15", "3 dozen 5"
        or (last.kind == "word" and _kind(two_before) == "number")
        or (last.kind == "word" and _kind(two_before) == "word" and _kind(three_before) == "percent")
    )
    return () if doubtful else tokens[first:at]


def _right_of(tokens: Sequence[_Token], at: int) -> Sequence[_Token]:
    """The longest expression that begins after an equals sign, empty where there is none for sure."""
    start = end = at + 1
    while end < len(tokens) and tokens[end].kind not in ("end", "equals", "about") and end - start < _MOST_TOKENS:
        end += 1
    last = next((here for here in range(end, start, -1) if _value(tokens[start:here], percent=1) is not None), None)
    if last is None:
        return ()
    after, beyond = _kind(tokens[last] if last < end else None), _kind(tokens[last + 1] if last + 1 < end else None)
    doubtful = (
        after in ("number", "unknown", "raised", "power")
        or (after == "sign" and (tokens[last].text != ":" or beyond in ("unknown", "open")))
        or (after == "word" and tokens[last].text.casefold() in _OPERATORS)
    )
    return () if doubtful else tokens[start:last]


def _kind(token: _Token | None) -> str:
    return "" if token is None else token.kind


def _single(side: Sequence[_Token]) -> bool:
    """Whether a side is one quantity: two of them may be in different units."""
    return sum(token.kind == "number" for token in side) == 1 and not any(token.kind == "raised" for token in side)


def _equal(left: Sequence[_Token], right: Sequence[_Token], *, exact: bool) -> bool | None:
    """Whether both sides agree under some reading of their percent signs; None where a side has no value."""
    readings = [
        [_value(side, percent=percent) for percent in ((1, 100) if _percents(side) else (1,))] for side in (left, right)
    ]
    pairs = [(one, other) for one in readings[0] for other in readings[1] if one is not None and other is not None]
    if not pairs:
        return None
    margin = Fraction(0)
    if not exact:
        shown = right if _single(right) else left
        margin = Fraction(1, 10 ** min(token.places for token in shown if token.kind == "number"))
    return any(abs(one - other) <= margin for one, other in pairs)


def _percents(side: Sequence[_Token]) -> bool:
    return any(token.kind == "percent" for token in side)


def _value(tokens: Sequence[_Token], *, percent: int) -> Fraction | None:
    """The value of an expression that takes up all the tokens, a percentage divided by `percent`; None of no such."""
    value, at = _sum(tokens, 0, percent)
    return value if at == len(tokens) else None


def _sum(tokens: Sequence[_Token], at: int, percent: int) -> tuple[Fraction | None, int]:
    value, at = _product(tokens, at, percent)
    while value is not None and at < len(tokens) and tokens[at].kind == "sign" and tokens[at].text in "+-":
        sign = 1 if tokens[at].text == "+" else -1
        other, at = _product(tokens, at + 1, percent)
        value = None if other is None else value + sign * other
    return value, at


def _product(tokens: Sequence[_Token], at: int, percent: int) -> tuple[Fraction | None, int]:
    value, at = _factor(tokens, at, percent)
    while value is not None and at < len(tokens) and tokens[at].kind == "sign" and tokens[at].text in "*/:":
        divides = tokens[at].text != "*"
        other, at = _factor(tokens, at + 1, percent)
        if other is None or (divides and other == 0):
            return None, at
        value = value / other if divides else value * other
    return value, at


def _factor(tokens: Sequence[_Token], at: int, percent: int) -> tuple[Fraction | None, int]:
    if at >= len(tokens):
        return None, at
    if tokens[at].kind == "number":
        value: Fraction | None = tokens[at].value
        at += 1
    elif tokens[at].kind == "open":
        value, at = _sum(tokens, at + 1, percent)
        if value is None or at >= len(tokens) or tokens[at].kind != "close":
            return None, at
        at += 1
    else:
        return None, at
    if at < len(tokens) and tokens[at].kind == "raised":
        value, at = _power(value, tokens[at].value), at + 1
    elif at + 1 < len(tokens) and tokens[at].kind == "power" and tokens[at + 1].kind == "number":
        value, at = _power(value, tokens[at + 1].value), at + 2
    if value is not None and at < len(tokens) and tokens[at].kind == "percent":
        value, at = value / percent, at + 1
    units = 0
    while at < len(tokens) and tokens[at].kind == "word" and units < 2:
        if tokens[at].text.casefold() in _OPERATORS:
            break
        at += 1
        units += 1
    return value, at


def _power(base: Fraction | None, exponent: Fraction) -> Fraction | None:
    if base is None or exponent.denominator != 1 or not 0 <= exponent <= _MOST_POWER:
        return None
    return base ** int(exponent)
