"""Facts that a program finds in a passage, so that it can take one out or put a wrong one in its place.

A query about a fact that the program removed is known to have no answer; one that takes an altered fact for granted is
known to rest on a false premise. Source: this project, after the negative queries of SYNTH (arXiv 2609.37891), which
are not verified there.

Found are years, other numbers, centuries, persons (by a given name), countries and cities (by a list in the eight
languages) and other proper names. A wrong value is one of the same kind in the same form: a number keeps its digits'
grouping, a country its case ending. Names of persons keep their given name, so that the grammar around them holds.
Polish and Latin inflect surnames, so persons there are no facts of that kind, only names.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from synth_assets.exercises.passages import sentences
from synth_assets.quality.grounding import fold
from synth_assets.quality.language_identification import FUNCTION_WORDS

Kind = Literal["year", "number", "century", "person", "country", "city", "name"]

# Kinds of which `altered` knows plausible others; of a "name" it only knows invented ones.
ALTERABLE: frozenset[Kind] = frozenset({"year", "number", "century", "person", "country", "city"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One value that a sentence states, as written there."""

    sentence: str
    value: str
    kind: Kind


# Countries and cities in all eight languages, one a line. In each column all can stand for one another: French and
# Italian ones are feminine and begin with a consonant, German and Spanish ones bear no article.
_COUNTRIES = """
    China Chine China Cina China Chiny China Sina
    France France Frankreich Francia Francia Francja Frankrijk Gallia
    Greece Grèce Griechenland Grecia Grecia Grecja Griekenland Graecia
    Poland Pologne Polen Polonia Polonia Polska Polen Polonia
    Russia Russie Russland Russia Rusia Rosja Rusland Russia
    Sweden Suède Schweden Svezia Suecia Szwecja Zweden Suecia
    Norway Norvège Norwegen Norvegia Noruega Norwegia Noorwegen Norvegia
    Bulgaria Bulgarie Bulgarien Bulgaria Bulgaria Bułgaria Bulgarije Bulgaria
    Romania Roumanie Rumänien Romania Rumania Rumunia Roemenië Dacoromania
    Finland Finlande Finnland Finlandia Finlandia Finlandia Finland Finnia
    Portugal - Portugal - Portugal Portugalia Portugal Lusitania
    Spain - Spanien - España Hiszpania Spanje Hispania
    Italy - Italien - Italia - Italië Italia
    Germany - Deutschland Germania Alemania - Duitsland Germania
    Japan - Japan - Japón Japonia Japan Iaponia
    Turkey Turquie - Turchia Turquía Turcja Turkije Turcia
    Peru - Peru - Perú - Peru Peruvia
    Mexico - Mexiko - México - Mexico -
    India - Indien - - - India India
    Denmark - Dänemark Danimarca Dinamarca Dania Denemarken Dania
"""
_CITIES = """
    Paris Paris Paris Parigi París Paryż Parijs Lutetia
    London Londres London Londra Londres Londyn Londen -
    Rome Rome Rom Roma Roma Rzym Rome Roma
    Milan Milan Mailand Milano Milán Mediolan Milaan -
    Vienna Vienne Wien Vienna Viena Wiedeń Wenen Vindobona
    Prague Prague Prag Praga Praga Praga Praag Praga
    Lisbon Lisbonne Lissabon Lisbona Lisboa Lizbona Lissabon -
    Madrid Madrid Madrid Madrid Madrid Madryt Madrid -
    Berlin Berlin Berlin Berlino Berlín Berlin Berlijn -
    Venice Venise Venedig Venezia Venecia Wenecja Venetië Venetia
    Naples Naples Neapel Napoli Nápoles Neapol Napels -
    Warsaw Varsovie Warschau Varsavia Varsovia Warszawa Warschau Varsovia
    Kraków Cracovie Krakau Cracovia Cracovia Kraków Krakau Cracovia
    Florence Florence Florenz Firenze Florencia Florencja Florence Florentia
    Bologna Bologne Bologna Bologna Bolonia Bolonia Bologna Bononia
    Geneva Genève Genf Ginevra Ginebra Genewa Genève Genava
    Copenhagen Copenhague Kopenhagen Copenaghen Copenhague Kopenhaga Kopenhagen Hafnia
    Seville Séville Sevilla Siviglia Sevilla Sewilla Sevilla -
"""
_COLUMNS = ("en", "fr", "de", "it", "es", "pl", "nl", "la")
# Polish: the genitive, dative and locative of these countries are one form; of the cities, the locative ("w Rzymie").
_POLISH_OBLIQUE = {
    "country": {
        "Grecja": "Grecji", "Rosja": "Rosji", "Szwecja": "Szwecji", "Norwegia": "Norwegii", "Bułgaria": "Bułgarii",
        "Rumunia": "Rumunii", "Finlandia": "Finlandii", "Portugalia": "Portugalii", "Hiszpania": "Hiszpanii",
        "Japonia": "Japonii", "Turcja": "Turcji", "Dania": "Danii",
    },
    "city": {
        "Paryż": "Paryżu", "Londyn": "Londynie", "Rzym": "Rzymie", "Mediolan": "Mediolanie", "Wiedeń": "Wiedniu",
        "Praga": "Pradze", "Lizbona": "Lizbonie", "Madryt": "Madrycie", "Berlin": "Berlinie", "Wenecja": "Wenecji",
        "Neapol": "Neapolu", "Warszawa": "Warszawie", "Kraków": "Krakowie", "Florencja": "Florencji",
        "Genewa": "Genewie", "Kopenhaga": "Kopenhadze",
    },
}  # fmt: skip

# Further forms by which Polish texts are read, and which nothing is replaced by.
_POLISH_MORE = {
    "Chiny": ("Chin", "Chinom", "Chinach", "Chinami"),
    "Polska": ("Polsce", "Polskę", "Polski"),
    "Rzym": ("Rzymu", "Rzymem"),
    "Paryż": ("Paryża", "Paryżem"),
    "Praga": ("Pragi", "Pragę", "Pragą"),
    "Dania": ("Danię", "Danią"),
    "Rosja": ("Rosję", "Rosją"),
    "Włochy": ("Włoch", "Włoszech"),
}

# Given names by which a person is told from a place or a thing.
_GIVEN_NAMES = """
    Ada Adam Agnes Albert Alessandro Alexander Alfred Alice Amedeo Andrea Andreas André Anna Anne Antoine Anton Antonio
    Arthur August Barbara Benjamin Bernard Blaise Bruno Carl Caroline Catherine Cecilia Charles Charlotte Christian
    Christoph Clara Claude Conrad Daniel David Diego Dmitri Edmund Edward Elena Elisabeth Elizabeth Emil Emily Emma
    Enrico Ernest Ernst Eugène Eva Ferdinand Fernando Filippo Francesco Francis Francisco François Frank Franz
    Frederick Friedrich Galileo Gaspard Georg George Georges Gerard Giacomo Giordano Giovanni Giuseppe Gottfried
    Guglielmo Gustav Gustave Hans Harriet Heinrich Helen Henri Henry Herman Hermann Hugo Ignaz Isaac Isabella Jacob
    Jacques James Jan Jane Jean Jerzy Joan Johan Johann Johannes John José Joseph Juan Jules Julia Julius Karl Katherine
    Kurt Laura Leo Leonardo Leonhard Lise Lorenzo Louis Louise Lucia Ludwig Luigi Luis Marco Margaret Maria Marie Martin
    Mary Matteo Max Michael Michel Miguel Nicolas Niels Nikola Nikolaus Olga Oscar Otto Pablo Paul Pedro Peter Philip
    Pierre Pietro René Richard Robert Rosa Rudolf Samuel Sara Sarah Sebastian Simon Sofia Sophie Stephen Susan Teresa
    Thomas Tycho Victor Vincent Virginia Walter Werner Wilhelm William Wolfgang
"""
_GIVEN = frozenset(_GIVEN_NAMES.split())
_SURNAMES = (
    "Lindqvist", "Marchetti", "Ferrand", "Hollister", "Brandauer", "Castellan", "Verhoeven", "Tillmann", "Delacourt",
    "Ostrander", "Pellegrin", "Rasmussen", "Santoro", "Whitcombe", "Zielinski", "Almqvist", "Bergström", "Corvin",
    "Dunmore", "Eichhorn", "Falconer", "Grimaldi", "Haverkamp", "Kessler",
)  # fmt: skip
# For a proper name of no known kind: made up, and neither clearly a person's nor a place's.
_INVENTED = (
    "Tolvira", "Marenda", "Caldoran", "Vestria", "Ormelund", "Brasquel", "Sandovia", "Lorimar", "Pelvanda", "Quessarin",
    "Dravena", "Halcorra", "Isterwald", "Montelune", "Norvanda", "Rosmarin", "Tervalen", "Ulmera", "Valdessa",
)  # fmt: skip

_FIGURES = r"(?:\d{1,3}(?:[.,'\u00a0\u202f ]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
# no part of a word, a product or a decade ("8x8", "15-inch", "the 1920s")
_NUMBER = re.compile(rf"(?<![\w.,\u00d7^]){_FIGURES}(?![\w\u00d7^]|[.,]\d|-\w|['\u2019]s\b)")
_ANY_NUMBER = re.compile(rf"(?<![\w.,]){_FIGURES}(?!\d)")
# The day of a date is no number that a question asks for; the names of months by their first letters, in all languages.
_MONTH = (
    r"(?:jan|feb|fév|mar|mär|apr|avr|abr|kwie|ma[igy]|maj|mei|mag|jui|juni|july|giu|jul|lip|lug|aug|aoû|ago|sie|sep|set|"
    r"wrz|o[ckt]t|ou?tt|paź|lis|nov|dec|déc|dez|dic|gru|sty|lut|cze|gen|ene)\w*"
)
_DAY = re.compile(rf"(?:\.|\u00ba|er|th|st|nd|rd)?(?: de| of)? {_MONTH}\b", re.IGNORECASE)
_AFTER_MONTH = re.compile(rf"\b{_MONTH} $", re.IGNORECASE)
_YEAR = re.compile(r"(?:1\d{3}|20\d{2})\Z")
_ERA = re.compile(
    r"\s*(?:BCE?|AD|CE|av(?:ant|\.)? J|apr(?:ès|\.) J|v\. ?Chr|n\. ?Chr|a\. ?C|d\. ?C|p\.? ?n\.? ?e|a\.C\.n|p\.C\.n)\b"
)
_BEFORE_YEAR = re.compile(r"\b(?:in|en|im Jahr|nel|anno|w|since|around|circa|um|rok|roku) $", re.IGNORECASE)
_CENTURY = re.compile(
    r"\b(?P<en>\d{1,2}(?:st|nd|rd|th))(?=[ -]century)|\b(?P<nl>\d{1,2})(?=(?:e|de|ste) eeuw)"
    r"|\b(?P<de>\d{1,2})(?=\. (?:Jahrhundert|Jh))"
    r"|\b(?P<fr>[IVX]{1,5}|[ivx]{2,5})(?=(?:e|ᵉ|è|ème) siècle)|(?<=secolo )(?P<it>[IVX]{1,5})\b"
    r"|\b(?P<it2>[IVX]{1,5})(?= secolo)|(?<=siglo )(?P<es>[IVX]{1,5})\b|\b(?P<pl>[IVX]{1,5})(?= wiek)"
    r"|(?<=saeculo )(?P<la>[IVX]{1,5})\b"
)
_CAPITAL = r"[^\W\d_a-zà-öø-ÿąćęłńśźżœ][\w\u2019'-]*[^\W\d_]"
_RUN = re.compile(rf"{_CAPITAL}(?: (?:(?:of|the|de|da|di|del|la|von|van|der|den|du|des|al) ){{0,2}}{_CAPITAL})*")
_PARTICLES = frozenset(("of", "the", "de", "da", "di", "del", "la", "von", "van", "der", "den", "du", "des", "al"))
_ADJECTIVE = re.compile(r"(?:an|ish|ese|ic|ean|ch)\Z")
_MONTHS_AND_DAYS = """
    January February March April May June July August September October November December Monday Tuesday Wednesday
    Thursday Friday Saturday Sunday
"""
_CALENDAR = frozenset(_MONTHS_AND_DAYS.split())


def facts_of(text: str, language: str) -> tuple[Fact, ...]:
    """Every fact of a text that a program can tell, in the text's order, each value once; language is the text's."""
    found: dict[tuple[Kind, str], Fact] = {}
    for sentence in _whole(text, language):
        inside = sorted(_values(sentence, language))
        for _, kind, value in inside:
            found.setdefault((kind, value), Fact(sentence=sentence, value=value, kind=kind))
    return tuple(found.values())


def altered(text: str, fact: Fact, rng: random.Random, language: str) -> tuple[str, str]:
    """The text with the fact's value replaced wherever it stands, and the wrong value.

    The wrong value is of the same kind and form, and no other value of the text. White space becomes single spaces, and
    a conversion in parentheses after an altered number ("(1,900 mi)"), which would give it away, is left out.

    Raises:
        ValueError: the text does not hold the value.
    """
    text = " ".join(text.split())
    others = {_canonical(other) for other in _ANY_NUMBER.findall(text)}
    taken = fold(text)
    for _ in range(200):
        wrong = _another(fact, rng, language)
        if fact.kind in ("year", "number"):
            fits = _canonical(wrong) not in others
        elif fact.kind == "century":
            fits = wrong not in others and not states(text, wrong, "century")
        else:
            fits = fold(wrong) not in taken
        if fits:
            return _replaced(text, fact, wrong), wrong
    raise ValueError(f"no {fact.kind} to put in the place of {fact.value!r}")


def without(text: str, fact: Fact, language: str) -> str:
    """The text without every sentence that states the value; empty where none is left."""
    return " ".join(part for part in _whole(text, language) if not states(part, fact.value, fact.kind))


def states(text: str, value: str, kind: str) -> bool:
    """Whether a text, in any of the languages, states the value.

    Numbers are compared as numbers however grouped, centuries in figures or Roman, countries and cities in every
    language, other names by the first letters of their words (a person's by the surname), since they are inflected.
    """
    if kind in ("year", "number"):
        return _canonical(value) in {_canonical(written) for written in _ANY_NUMBER.findall(text)}
    if kind == "century":
        return _states_century(text, _century_number(value))
    words = [fold(word) for word in re.findall(r"[^\W\d_]+", text)]
    if kind in ("country", "city"):
        rows = [row for row in _rows(kind) if any(value in forms for forms in row.values())]
        forms = {fold(form) for row in rows for forms in row.values() for form in forms}
        # a short one is a whole word ("Cina" is not in "cinque"), of a longer one the ending may differ
        forms |= {fold(more) for row in rows for form in row.get("pl", ())[:1] for more in _POLISH_MORE.get(form, ())}
        stems = [form[: -2 if len(form) > 6 else -1] for form in forms if len(form) > 5]
        return any(word in forms or any(word.startswith(stem) for stem in stems) for word in words)
    own = [fold(word) for word in re.findall(r"[^\W\d_]{3,}", value) if word not in _PARTICLES]
    if kind == "person":
        own = own[-1:]
    begins = {word[: max(3, min(5, len(word) - 1))] for word in own}
    return bool(begins) and all(any(word.startswith(begin) for word in words) for begin in begins)


def _whole(text: str, language: str) -> list[str]:
    """The sentences of a text; German ones that were parted after an ordinal ("im 19. Jahrhundert") are joined."""
    parts: list[str] = []
    for part in sentences(text, language):
        if language == "de" and parts and re.search(r"\b\d{1,2}\.\Z", parts[-1]):
            parts[-1] = f"{parts[-1]} {part}"
        else:
            parts.append(part)
    return parts


def _values(sentence: str, language: str) -> Iterator[tuple[int, Kind, str]]:
    """(position, kind, value) of everything that one sentence states."""
    spans: list[tuple[int, int]] = []
    for match in _CENTURY.finditer(sentence):
        spans.append(match.span())
        if 2 <= _century_number(match.group()) <= 21:
            yield match.start(), "century", match.group()
    for match in _NUMBER.finditer(sentence):
        if any(start <= match.start() < end for start, end in spans):
            continue
        written, before = match.group(), sentence[: match.start()]
        if before.count("(") > before.count(")") and re.search(r"\d[^()]*\($", before):
            continue  # a conversion: it says again what stands before the parenthesis
        if len(written) < 3 and (_DAY.match(sentence, match.end()) or _AFTER_MONTH.search(before)):
            continue
        early = re.fullmatch(r"[1-9]\d{1,2}", written) and (
            _ERA.match(sentence, match.end()) or (len(written) == 3 and _dated(before, sentence[match.end() :]))
        )
        if _YEAR.match(written) or early:
            yield match.start(), "year", written
        elif len(re.sub(r"\D", "", written)) > 1:  # a single figure counts gates or stages and is easily guessed
            yield match.start(), "number", written
    yield from _names(sentence, language)


def _dated(before: str, after: str) -> bool:
    """Whether a number of three figures between these is a year: "in 984,", and not "in 984 villages"."""
    return bool(_BEFORE_YEAR.search(before)) and not re.match(r" [^\W\d_A-Z]", after)


def _names(sentence: str, language: str) -> Iterator[tuple[int, Kind, str]]:
    for match in _RUN.finditer(sentence):
        words = match.group().removesuffix("'s").removesuffix("\u2019s").split()
        at_start = not re.search(r"\w", sentence[: match.start()])
        if at_start and words[0].casefold() in FUNCTION_WORDS[language]:
            words, at_start = words[1:], False  # "In Gallia"
        if not words or (at_start and len(words) < 2):
            continue  # any word may open a sentence
        value = " ".join(words)
        if any(value in forms for forms in _forms("country", language)):
            yield match.start(), "country", value
        elif any(value in forms for forms in _forms("city", language)):
            yield match.start(), "city", value
        elif len(words) > 1 and words[0] in _GIVEN and words[-1] not in _GIVEN and language not in ("pl", "la"):
            yield match.start(), "person", value
        elif language != "de" and not at_start and _is_name(words):
            yield match.start(), "name", value


def _is_name(words: list[str]) -> bool:
    if len(words) > 1:
        return True
    word = words[0]
    if len(word) < 4 or word.isupper() or word in _CALENDAR or word in _GIVEN:
        return False
    return not _ADJECTIVE.search(word)


def _another(fact: Fact, rng: random.Random, language: str) -> str:
    """A value of the fact's kind and form, drawn at random; it may be one that the text already has."""
    if fact.kind == "year":
        year = int(fact.value)
        wrong = year + rng.choice((-1, 1)) * rng.randint(2, max(4, min(60, year // 12)))
        return str(wrong if wrong <= 2025 or year > 2025 else year - (wrong - year))
    if fact.kind == "number":
        return _another_number(fact.value, rng)
    if fact.kind == "century":
        number = _century_number(fact.value)
        wrong = rng.choice([other for other in range(2, 22) if 1 < abs(other - number) <= 6])
        return _century_like(fact.value, wrong)
    if fact.kind == "person":
        given, *_ = fact.value.split()
        return f"{given} {rng.choice(_SURNAMES)}"
    if fact.kind in ("country", "city"):
        column = next(forms for forms in _forms(fact.kind, language) if fact.value in forms).index(fact.value)
        return rng.choice([forms[column] for forms in _forms(fact.kind, language) if len(forms) > column])
    return rng.choice(_INVENTED)


def _another_number(written: str, rng: random.Random) -> str:
    """A number with as many figures, decimals and closing zeros, grouped alike; of two figures or more it differs much.

    Its first figure, or of a number up to 20 the number itself, is another.
    """
    figures = [character for character in written if character.isdigit()]
    last = max(index for index, figure in enumerate(figures) if figure != "0" or index == 0)
    drawn = list(figures)
    for index in range(last + 1):
        choices = "123456789" if index == 0 or index == last else "0123456789"
        drawn[index] = rng.choice([figure for figure in choices if index or figure != figures[0]])
    if drawn[0] == "0":
        drawn[0] = "1"
    pool = iter(drawn)
    return "".join(next(pool) if character.isdigit() else character for character in written)


def _replaced(text: str, fact: Fact, wrong: str) -> str:
    if fact.kind in ("year", "number"):
        pattern = rf"(?<![\w.,]){re.escape(fact.value)}(?![\w]|[.,]\d)"
        if fact.kind == "number":
            converted = rf"({pattern})((?: [^\W\d_()]+[²³]?){{1,3}}) \([^()]*\d[^()]*\)"
            text = re.sub(converted, lambda match: f"{match.group(1)}{match.group(2)}", text)
        text, count = re.subn(pattern, lambda _: wrong, text)
    elif fact.kind == "century":
        text, count = _CENTURY.subn(lambda match: wrong if match.group() == fact.value else match.group(), text)
    else:
        text, count = re.subn(rf"(?<!\w){re.escape(fact.value)}(?!\w)", lambda _: wrong, text)
        if fact.kind == "person":
            surname, other = fact.value.split()[-1], wrong.split()[-1]
            text = re.sub(rf"(?<!\w){re.escape(surname)}(?!\w)", lambda _: other, text)
    if not count:
        raise ValueError(f"the text does not hold {fact.value!r}")
    return text


def _canonical(written: str) -> str:
    """Digits of a number however grouped: "16,020", "16 020" and "16.020" are one, "3,5" and "3.5" another."""
    if re.fullmatch(r"\d{1,3}(?:[.,'\u00a0\u202f ]\d{3})+", written):
        return re.sub(r"\D", "", written).lstrip("0") or "0"
    written = re.sub(r"(?<=\d)['\u00a0\u202f ](?=\d{3})", "", written)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:\.\d{3})+,\d+", written):
        written = re.sub(r"[.,](?=\d{3})(?=.*[.,])", "", written)
    whole, _, decimals = written.replace(",", ".").partition(".")
    decimals = decimals.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{decimals}" if decimals else "")


_ROMAN_NUMERALS = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX XXI"
_ROMAN = _ROMAN_NUMERALS.split()


def _century_number(written: str) -> int:
    """1 to 21; 0 for what is no century."""
    if found := re.match(r"\d+", written):
        return int(found.group())
    return _ROMAN.index(written.upper()) + 1 if written.upper() in _ROMAN else 0


def _century_like(written: str, number: int) -> str:
    if written[0].isdigit():
        if not written[-1].isalpha():
            return str(number)
        return f"{number}{'th' if 10 < number < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
    return _ROMAN[number - 1] if written.isupper() else _ROMAN[number - 1].lower()


# What may follow the figures of a century, and centuries in words, by their stems.
_CENTURY_NAMES = r"(?:centur|eeuw|Jahrh|Jh|siècle|secolo|siglo|wiek)"
_CENTURY_WORDS = (
    (
        "{0}[ -]centur",
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first",
    ),
    (
        "{0}[ -]?eeuw",
        "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde dertiende veertiende "
        "vijftiende zestiende zeventiende achttiende negentiende twintigste eenentwintigste",
    ),
    (
        "{0}[ns]? jahrhundert",
        "erste zweite dritte vierte funfte sechste siebte achte neunte zehnte elfte zwolfte dreizehnte vierzehnte "
        "funfzehnte sechzehnte siebzehnte achtzehnte neunzehnte zwanzigste einundzwanzigste",
    ),
    (
        r"saecul(?:o|i|um) {0}\w+(?! decim)",
        "prim secund terti quart quint sext septim octav non decim undecim duodecim terti+decim quart+decim "
        "quint+decim sext+decim septim+decim duodevicesim undevicesim vicesim vicesim+prim",
    ),
)


def _states_century(text: str, number: int) -> bool:
    roman = _ROMAN[number - 1]
    if re.search(rf"(?<!\w){number}(?:(?:st|nd|rd|th)\b|(?:e|de|ste|\u00ba)?\.?[ -]?{_CENTURY_NAMES})", text):
        return True
    if re.search(rf"(?:secolo|siglo|wiek\w*|saecul\w+) {number}(?!\d)", text):
        return True
    # a single letter is a Roman figure only as a capital: "i" and "v" are words
    if re.search(rf"(?<!\w){roman}(?:e|ᵉ|ème|è)?(?!\w)", text, re.IGNORECASE if len(roman) > 1 else 0):
        return True
    folded = fold(text)
    return any(
        re.search(rf"\b{pattern.format(words.split()[number - 1].replace('+', '[a-z]+ '))}", folded)
        for pattern, words in _CENTURY_WORDS
    )


@cache
def _rows(kind: str) -> tuple[dict[str, tuple[str, ...]], ...]:
    """Each country or city as language -> its forms, of which the n-th can stand for another's n-th."""
    rows = []
    for line in (_COUNTRIES if kind == "country" else _CITIES).strip().splitlines():
        row: dict[str, tuple[str, ...]] = {}
        for language, name in zip(_COLUMNS, line.split(), strict=True):
            if name == "-":
                continue
            row[language] = (name,)
            if language == "la":
                row[language] = (name, f"{name}m", f"{name}e")
            elif language == "pl" and name in _POLISH_OBLIQUE[kind]:
                row[language] = (name, _POLISH_OBLIQUE[kind][name])
        rows.append(row)
    return tuple(rows)


@cache
def _forms(kind: str, language: str) -> tuple[tuple[str, ...], ...]:
    return tuple(row[language] for row in _rows(kind) if language in row)
