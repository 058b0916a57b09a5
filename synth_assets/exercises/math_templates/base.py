"""What a mathematical template is: a small declarative record, and how its texts are rendered.

A template draws values, solves them exactly, checks a result by another way than it was found, and has its texts in
every language. Texts are `str.format` strings over the values and the workings; what stands after the colon says how a
value is written:

    {n}                 the number as the language writes it
    {n:hour}            number and noun in the form that follows it ("1 hour", "5 hours", "5 godzin")
    {n:hour.acc}        the same in a case, for languages that have need of it
    {n:~hour}           the noun alone, in the form that follows the number; {many:~hour} the form after 5
    {n:money}           an amount in the currency of the row's language
    {n:km/h} {n:pct}    number and symbol, percentage
    {n:fraction}        a fraction in lowest terms, also where it would be a short decimal
    {n:power}           a raised exponent
    {n:plain}           without thousands separator (years)
    {day:date}          a date within a sentence
    {n:del+pct}         with an Italian article that may be elided ("del 20%", "dell'8%")

The operators " * ", " ÷ " and " - " become the signs that the language's schools use. French punctuation gets its
no-break spaces.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from random import Random
from string import Formatter
from typing import Any

from synth_assets.exercises.math_templates.numbers import canonical, format_number
from synth_assets.exercises.math_templates.words import CURRENCIES, counted, format_date, noun_form, with_article

DIFFICULTIES = ("easy", "medium", "hard")
Value = int | Fraction | date
Values = Mapping[str, Value]

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_TIMES, _DOT, _MINUS = "\u00d7", "\u00b7", "\u2212"
_MULTIPLIED: Mapping[str, str] = {"de": _DOT, "pl": _DOT}
_DIVIDED: Mapping[str, str] = dict.fromkeys(("de", "it", "pl", "nl", "la"), ":")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A template's texts in one language: phrasings of the problem, and the worked solution after the result's line.

    `solution` is two to six sentences; `unit` replaces the template's unit key where the language needs another.
    """

    problems: tuple[str, str]
    solution: str
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The English reasoning trace, without its notation: `steps` and `checks` are sentences with formulas."""

    given: str
    sought: str
    insight: str
    steps: tuple[str, ...]
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A named mistake that people make with this kind of problem, and what it leads to.

    Attributes:
        name: snake_case ("adds_percentages"), kept on the row of a multiple-choice problem.
        says: what is done wrong, an English clause for the trace: "adds the two percentages instead of multiplying".
        result: the wrong result; it may coincide with the right one or with another mistake's for some values, and is
            passed over then.
    """

    name: str
    says: str
    result: Callable[[Values], int | Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One kind of problem.

    Attributes:
        id: "<family>.<name>", never changed once published.
        family: the branch it belongs to.
        unit: noun key, "money" or symbol of the result; "fraction" for a fraction, empty for a bare number.
        draw: one draw of values for a difficulty; it may return values that do not hold.
        holds: the constraints; values are drawn again until they hold.
        solve: the result, exactly.
        check: whether a result is right, found by another way than `solve` goes.
        workings: intermediate quantities that solution and trace mention, by name.
        texts: language -> wording.
        trace: the trace, in English.
        mistakes: at least four, of which for every draw at least three lead to positive results that differ from the
            right one and from each other.
    """

    id: str
    family: str
    unit: str
    draw: Callable[[Random, str], Values]
    holds: Callable[[Values], bool]
    solve: Callable[[Values], int | Fraction]
    check: Callable[[Values, Fraction], bool]
    workings: Callable[[Values], Values]
    texts: Mapping[str, Wording]
    trace: Trace
    mistakes: tuple[Mistake, ...] = ()

    def unit_in(self, language: str) -> str:
        """Key of the result's unit in a language, as format specifications take it."""
        return self.texts[language].unit or self.unit


class _Renderer(Formatter):
    def __init__(self, language: str, currency: str) -> None:
        self.language = language
        self.currency = currency

    def format_field(self, value: Any, format_spec: str) -> str:
        article, _, format_spec = format_spec.rpartition("+")
        if article:
            number = value.day if isinstance(value, date) else value
            # the first of a month is an ordinal, "il 1º"; any other 1 is "uno"
            ordinal = isinstance(value, date) and number == 1
            written = self.format_field(value, format_spec)
            return f"{article} {written}" if ordinal else with_article(article, written, number)
        if format_spec == "date":
            return format_date(value, self.language)
        if format_spec == "plain":
            return format_number(value, self.language, grouped=False)
        if format_spec == "fraction":
            return str(Fraction(value))
        if format_spec == "power":
            return str(value).translate(_RAISED)
        if not format_spec:
            return format_number(value, self.language)
        alone = format_spec.startswith("~")
        key = re.sub(r"^money\b", self.currency, format_spec.removeprefix("~"))
        return (noun_form if alone else counted)(*((key, value) if alone else (value, key)), self.language)


def render_text(text: str, values: Values, *, language: str, currency_of: str = "") -> str:
    """A template's text with its values.

    Args:
        currency_of: language whose currency amounts are in; the text's own by default (a trace is in English about
            the row's currency).

    Raises:
        KeyError: a value or a form of a noun that is not there.
    """
    renderer = _Renderer(language, CURRENCIES[currency_of or language])
    rendered = renderer.vformat(text, (), {"many": 5, **values})
    for operator, sign in (
        (" * ", _MULTIPLIED.get(language, _TIMES)),
        (" ÷ ", _DIVIDED.get(language, "÷")),
        (" - ", _MINUS),
    ):
        rendered = rendered.replace(operator, f" {sign} ")
    if language == "fr":
        rendered = re.sub(r" (?=[?!;])", "\u202f", rendered).replace(" : ", "\u00a0: ")
    return rendered


def render_result(template: Template, result: Fraction, *, language: str, currency_of: str = "") -> str:
    """The result with its unit, as the answer's first line has it between the asterisks."""
    unit = template.unit_in(language)
    return render_text(f"{{result:{unit}}}", {"result": result}, language=language, currency_of=currency_of)


def result_text(template: Template, result: int | Fraction) -> str:
    """The result without any language: "16020", "12.5", "3/14"."""
    return str(Fraction(result)) if template.unit == "fraction" else canonical(result)


def value_text(value: Value) -> str:
    """A value as it is kept on the row: "16020", "12.5", "3/14" or "2024-02-29"."""
    return value.isoformat() if isinstance(value, date) else canonical(value)


def value_of(text: str) -> Value:
    """The value that `value_text` wrote."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text)
    number = Fraction(text)
    return number.numerator if number.denominator == 1 else number
