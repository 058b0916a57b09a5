"""How numbers are written and read in each language, and which plural form follows them.

| language | thousands            | grouped from | decimal | "3/4" | percent sign          |
|----------|----------------------|--------------|---------|-------|-----------------------|
| en       | comma                | 4 digits     | point   | 3/4   | 20%                   |
| fr       | narrow no-break space| 4 digits     | comma   | 3/4   | 20 % (narrow no-break)|
| de       | point                | 4 digits     | comma   | 3/4   | 20 % (no-break)       |
| it       | point                | 4 digits     | comma   | 3/4   | 20%                   |
| es       | narrow no-break space| 5 digits     | comma   | 3/4   | 20 % (no-break)       |
| pl       | no-break space       | 5 digits     | comma   | 3/4   | 20%                   |
| nl       | point                | 4 digits     | comma   | 3/4   | 20%                   |
| la       | none                 | never        | comma   | 3/4   | 20%                   |

Spanish follows the academies' orthography of 2010 (a thin space from five digits on, no point). Latin is left plain:
it has no convention of its own. A terminating decimal is written out; a number that does not terminate is a fraction.
What is read is wider than what is written, since a model that rewords may take an ordinary space or the other usual
separator: `find_numbers` accepts all of `_READ_GROUPS`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

_MINUS = "\u2212"
_NARROW = "\u202f"
_NO_BREAK = "\u00a0"
_SPACES = f" {_NO_BREAK}{_NARROW}\u2009"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFormat:
    """Separators of one language; `grouped_from` is the least number of digits before the decimal mark to group."""

    group: str
    grouped_from: int
    decimal: str
    percent_glue: str = ""


FORMATS: Mapping[str, NumberFormat] = {
    "en": NumberFormat(group=",", grouped_from=4, decimal="."),
    "fr": NumberFormat(group=_NARROW, grouped_from=4, decimal=",", percent_glue=_NARROW),
    "de": NumberFormat(group=".", grouped_from=4, decimal=",", percent_glue=_NO_BREAK),
    "it": NumberFormat(group=".", grouped_from=4, decimal=","),
    "es": NumberFormat(group=_NARROW, grouped_from=5, decimal=",", percent_glue=_NO_BREAK),
    "pl": NumberFormat(group=_NO_BREAK, grouped_from=5, decimal=","),
    "nl": NumberFormat(group=".", grouped_from=4, decimal=","),
    "la": NumberFormat(group="", grouped_from=99, decimal=","),
}
_READ_GROUPS: Mapping[str, str] = {code: "," if code == "en" else f".{_SPACES}" for code in FORMATS}


def terminates(number: int | Fraction) -> bool:
    """Whether the decimal expansion ends."""
    denominator = Fraction(number).denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    return denominator == 1


def canonical(number: int | Fraction) -> str:
    """The number without any language: "16020", "12.5" or "3/14"; `Fraction(canonical(x)) == x`."""
    value = Fraction(number)
    if value.denominator == 1 or not terminates(value):
        return str(value)
    places = 1
    while (value * 10**places).denominator != 1:
        places += 1
    digits = str(abs(value.numerator) * 10**places // value.denominator).zfill(places + 1)
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def format_number(number: int | Fraction, language: str, *, grouped: bool = True, places: int = 0) -> str:
    """The number as the language writes it.

    Args:
        grouped: False leaves out the thousands separator (years).
        places: least number of decimals of a number that is not whole ("12.50" of money).
    """
    rules = FORMATS[language]
    text = canonical(number)
    if "/" in text:
        return text.replace("-", _MINUS)
    sign, text = (_MINUS, text[1:]) if text.startswith("-") else ("", text)
    whole, _, decimals = text.partition(".")
    if grouped and len(whole) >= rules.grouped_from:
        head = len(whole) % 3 or 3
        whole = rules.group.join([whole[:head], *(whole[at : at + 3] for at in range(head, len(whole), 3))])
    return sign + whole + (rules.decimal + decimals.ljust(places, "0") if decimals else "")


@cache
def _reading(language: str) -> re.Pattern[str]:
    group = f"[{re.escape(_READ_GROUPS[language])}]"
    decimal = re.escape(FORMATS[language].decimal)
    return re.compile(
        rf"(?<!\d)(?P<fraction>\d+/[1-9]\d*)(?!\d)"
        rf"|(?<!\d)(?P<grouped>[1-9]\d{{0,2}}(?:{group}\d{{3}})+)(?!\d)(?P<places>{decimal}\d+)?"
        rf"|(?P<plain>\d+(?:{decimal}\d+)?)"
    )


def number_spans(text: str, language: str) -> list[tuple[int, int, Fraction]]:
    """Every number written in digits, as (start, end, value) in the order of the text; signs are not read."""
    found = []
    for match in _reading(language).finditer(text):
        if match["fraction"]:
            value = Fraction(match["fraction"])
        else:
            whole = re.sub(r"\D", "", match["grouped"]) if match["grouped"] else match["plain"]
            written = whole + (match["places"] or "")
            value = Fraction(written.replace(FORMATS[language].decimal, "."))
        found.append((*match.span(), value))
    return found


def find_numbers(text: str, language: str) -> list[Fraction]:
    """Every number written in digits, in the order of the text; signs are not read."""
    return [value for _, _, value in number_spans(text, language)]


def plural_form(number: int | Fraction, language: str) -> int:
    """Index of the noun's form that follows the number.

    Two forms (0 one, 1 other) everywhere but in Polish: 0 one, 1 few, 2 many, 3 fraction ("2,5 litra"). French takes
    the singular below 2 ("1,5 litre"), the others for exactly 1.
    """
    value = abs(Fraction(number))
    if language == "fr":
        return 0 if value < 2 else 1
    if language != "pl":
        return 0 if value == 1 else 1
    if value.denominator != 1:
        return 3
    if value == 1:
        return 0
    return 1 if value % 10 in (2, 3, 4) and value % 100 not in (12, 13, 14) else 2
