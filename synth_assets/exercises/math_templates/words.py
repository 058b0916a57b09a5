"""The nouns that follow numbers, their forms in each language, symbols of units, and dates.

Forms stand in the order of `numbers.plural_form`: "one|other", in Polish "one|few|many|fraction". A key may carry a
case ("day.dat"), where the language has need of it. What is written once in a file of `nouns` is right in every
template, and no key stands in two of them.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from synth_assets.exercises.math_templates.nouns.first import NOUNS as FIRST
from synth_assets.exercises.math_templates.nouns.nature import NOUNS as NATURE
from synth_assets.exercises.math_templates.nouns.society import NOUNS as SOCIETY
from synth_assets.exercises.math_templates.nouns.trade import NOUNS as TRADE
from synth_assets.exercises.math_templates.nouns.workshop import NOUNS as WORKSHOP
from synth_assets.exercises.math_templates.numbers import FORMATS, format_number, plural_form

NOUN_FILES = (FIRST, TRADE, WORKSHOP, NATURE, SOCIETY)
NOUNS: Mapping[str, Mapping[str, str]] = {
    language: {key: forms for part in NOUN_FILES for key, forms in part[language].items()} for language in FORMATS
}
CURRENCIES: Mapping[str, str] = dict.fromkeys(FORMATS, "euro") | {"en": "pound", "pl": "zloty", "la": "denarius"}
# Symbols are alike in every language and never inflected; a no-break space keeps them with their number.
SYMBOLS = frozenset({"km", "km/h", "m", "m²", "m³"})
MONTHS: Mapping[str, tuple[str, ...]] = {
    code: tuple(names.split())
    for code, names in {
        "en": "January February March April May June July August September October November December",
        "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
        "nl": "januari februari maart april mei juni juli augustus september oktober november december",
        "la": "Ianuarii Februarii Martii Aprilis Maii Iunii Iulii Augusti Septembris Octobris Novembris Decembris",
    }.items()
}


# Italian articles before a number whose name begins with a vowel ("l'8%", "dall'11 marzo").
_ELIDED: Mapping[str, str] = {"il": "l'", "del": "dell'", "dal": "dall'", "al": "all'", "nel": "nell'"}


def with_article(article: str, written: str, number: int | Fraction) -> str:
    """An Italian article and the number as it is written: "del 20%", "dell'8%"."""
    head = str(int(number))
    vowel = head[0] == "8" or head == "1" or (head.startswith("11") and len(head) % 3 == 2)
    return f"{_ELIDED[article]}{written}" if vowel else f"{article} {written}"


def noun_form(key: str, number: int | Fraction, language: str) -> str:
    """The form of a noun that follows the number.

    Raises:
        KeyError: the language has no such noun, or not in that case.
    """
    return NOUNS[language][key].split("|")[plural_form(number, language)]


def counted(number: int | Fraction, key: str, language: str) -> str:
    """Number and noun, number and symbol, or a percentage (key "pct")."""
    if key == "pct":
        return f"{format_number(number, language)}{FORMATS[language].percent_glue}%"
    if key in SYMBOLS:
        return f"{format_number(number, language)}\u00a0{key}"
    money = key.partition(".")[0] in CURRENCIES.values()
    return f"{format_number(number, language, places=2 if money else 0)} {noun_form(key, number, language)}"


def format_date(day: date, language: str) -> str:
    """Day, month and year, as they stand within a sentence; in Latin the genitive after "die"."""
    month = MONTHS[language][day.month - 1]
    if language == "fr":
        return f"{'1er' if day.day == 1 else day.day} {month} {day.year}"
    if language == "it":
        return f"{'1º' if day.day == 1 else day.day} {month} {day.year}"
    if language == "es":
        return f"{day.day} de {month} de {day.year}"
    if language == "de":
        return f"{day.day}. {month} {day.year}"
    if language == "pl":
        return f"{day.day} {month} {day.year} roku"
    if language == "la":
        return f"{day.day} mensis {month} anni {day.year}"
    return f"{day.day} {month} {day.year}"
