"""Quantities of the kitchen, read and written in eight languages: fractions, ranges, units, number formats.

What is read: "1/2", "½", "1 1/2", "1½", "1.5" or "1,5" as the language writes it, thousands with the language's own
separator, ranges ("2-3", "2 to 3", "2 à 3"), and a unit right behind the number. A unit that is no measure (a clove, a
stalk, a pinch) is left to the name: what counts is the number then.

    quantity = number , [ range sign , number ] , [ unit ]

Cups are 240 ml, tablespoons 15 ml, teaspoons 5 ml; ounces and pounds are avoirdupois; German "Pfund" is 500 g.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from types import MappingProxyType

VULGAR = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"

# unit -> (dimension, how many of the dimension's base unit it is); bases: g, ml, minutes, cm, and degrees as they are
UNITS: Mapping[str, tuple[str, Fraction]] = MappingProxyType(
    {
        "": ("count", Fraction(1)),
        "g": ("mass", Fraction(1)),
        "kg": ("mass", Fraction(1000)),
        "mg": ("mass", Fraction(1, 1000)),
        "oz": ("mass", Fraction("28.35")),
        "lb": ("mass", Fraction("453.6")),
        "pfund": ("mass", Fraction(500)),
        "ml": ("volume", Fraction(1)),
        "cl": ("volume", Fraction(10)),
        "dl": ("volume", Fraction(100)),
        "l": ("volume", Fraction(1000)),
        "tsp": ("volume", Fraction(5)),
        "tbsp": ("volume", Fraction(15)),
        "cup": ("volume", Fraction(240)),
        "fl oz": ("volume", Fraction("29.57")),
        "pint": ("volume", Fraction(473)),
        "quart": ("volume", Fraction(946)),
        "gallon": ("volume", Fraction(3785)),
        "°C": ("celsius", Fraction(1)),
        "°F": ("fahrenheit", Fraction(1)),
        "s": ("time", Fraction(1, 60)),
        "min": ("time", Fraction(1)),
        "h": ("time", Fraction(60)),
        "d": ("time", Fraction(1440)),
        "cm": ("length", Fraction(1)),
        "mm": ("length", Fraction(1, 10)),
        "inch": ("length", Fraction("2.54")),
    }
)

# Signs that every language uses; longest first where one begins another.
_SIGNS = {
    "fl oz": r"fl\.? ?oz", "°C": r"° ?C", "°F": r"° ?F", "kg": "kg", "mg": "mg", "ml": "m[lL]", "cl": "cl", "dl": "dl",
    "cm": "cm", "mm": "mm", "min": "min", "oz": "oz", "lb": "lbs?", "g": "gr?", "l": "[lL]", "h": "h",
}  # fmt: skip

# unit -> pattern of its words, by language; tried before the signs.
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "tbsp": r"tablespoon(?:ful)?s?|tbsps?|tbs|Tbsps?", "tsp": r"teaspoon(?:ful)?s?|tsps?", "cup": r"cups?",
        "fl oz": r"fluid ounces?", "oz": r"ounces?", "lb": r"pounds?", "g": r"grams?", "kg": r"kilo(?:gram)?s?",
        "ml": r"millilit(?:er|re)s?", "l": r"lit(?:er|re)s?", "pint": r"pints?", "quart": r"quarts?",
        "gallon": r"gallons?", "°C": r"degrees? (?:C|Celsius)", "°F": r"degrees? (?:F|Fahrenheit)",
        "min": r"minutes?|mins?", "h": r"hours?|hrs?", "s": r"seconds?", "d": r"days?", "inch": r"inch(?:es)?",
    },
    "fr": {
        "tbsp": r"c(?:uill[èe]r(?:ée|e)s?)?\.? ?à ?s(?:oupe|\.)|càs|c\. ?à ?soupe",
        "tsp": r"c(?:uill[èe]r(?:ée|e)s?)?\.? ?à ?(?:c(?:afé|\.)|thé)|càc", "cup": r"tasses?",
        "fl oz": r"onces? liquides?", "oz": r"onces?", "g": r"grammes?", "kg": r"kilo(?:gramme)?s?",
        "ml": r"millilitres?", "cl": r"centilitres?", "dl": r"décilitres?", "l": r"litres?",
        "°C": r"degrés?(?: Celsius)?", "°F": r"degrés? Fahrenheit", "min": r"minutes?", "h": r"heures?",
        "s": r"secondes?", "d": r"jours?", "cm": r"centimètres?", "mm": r"millimètres?", "inch": r"pouces?",
    },
    "de": {
        "tbsp": r"EL|Essl(?:öffeln?|\.)", "tsp": r"TL|Teel(?:öffeln?|\.)", "cup": r"Tassen?",
        "fl oz": r"Flüssigunzen?", "oz": r"Unzen?", "pfund": r"Pfund", "g": r"Gramm", "kg": r"Kilo(?:gramm)?",
        "ml": r"Milliliter", "cl": r"Zentiliter", "l": r"Litern?", "°F": r"Grad Fahrenheit",
        "°C": r"Grad(?: Celsius)?", "min": r"Minuten?|Min\.?", "h": r"Stunden?|Std\.?", "s": r"Sekunden?",
        "d": r"Tagen?|Tag", "cm": r"Zentimetern?", "mm": r"Millimetern?",
    },
    "it": {
        "tsp": r"cucchiain[io]", "tbsp": r"cucchiai[o]?", "cup": r"tazz[ae]", "fl oz": r"onc[ie]a? fluid[ae]",
        "oz": r"onc(?:ia|e)", "g": r"gramm[io]", "kg": r"chil(?:o|i|ogramm[io])", "ml": r"millilitr[io]",
        "cl": r"centilitr[io]", "dl": r"decilitr[io]", "l": r"litr[io]", "°F": r"gradi Fahrenheit",
        "°C": r"gradi(?: Celsius)?", "min": r"minut[io]", "h": r"or[ae]", "s": r"second[io]", "d": r"giorn[io]",
        "cm": r"centimetr[io]", "mm": r"millimetr[io]",
    },
    "es": {
        "tsp": r"cucharaditas?|cdtas?", "tbsp": r"cucharadas?|cdas?", "cup": r"tazas?", "fl oz": r"onzas? líquidas?",
        "oz": r"onzas?", "g": r"gramos?", "kg": r"kilo(?:gramo)?s?", "ml": r"mililitros?", "cl": r"centilitros?",
        "dl": r"decilitros?", "l": r"litros?", "°F": r"grados Fahrenheit", "°C": r"grados(?: Celsius)?",
        "min": r"minutos?", "h": r"horas?", "s": r"segundos?", "d": r"días?", "cm": r"centímetros?",
        "mm": r"milímetros?",
    },
    "pl": {
        "tsp": r"łyżecz(?:k\w+|ek)", "tbsp": r"łyż(?:k\w+|ek|ce)", "cup": r"szklan(?:k\w+|ek|ce)",
        "fl oz": r"uncj\w* płynu", "oz": r"uncj\w*", "g": r"gram(?:y|ów|a|ach|ami)?", "kg": r"kilo(?:gram\w*)?",
        "ml": r"mililitr\w*", "l": r"litr\w*", "°F": r"stopni\w* Fahrenheita", "°C": r"stopni\w*(?: Celsjusza)?",
        "min": r"minut\w*", "h": r"godzin\w*|godz", "s": r"sekund\w*", "d": r"dni\w*|dzień", "cm": r"centymetr\w*",
        "mm": r"milimetr\w*",
    },
    "nl": {
        "tsp": r"theelepels?|tl", "tbsp": r"eetlepels?|el", "cup": r"kop(?:jes?|pen)?", "fl oz": r"vloeibare ounces?",
        "oz": r"ounces?", "g": r"gram", "kg": r"kilo(?:gram)?", "ml": r"milliliter", "dl": r"deciliter", "l": r"liter",
        "°F": r"graden Fahrenheit", "°C": r"graden(?: Celsius)?", "min": r"minu(?:ut|ten)", "h": r"uur|uren",
        "s": r"seconden?", "d": r"dag(?:en)?", "cm": r"centimeter", "mm": r"millimeter",
    },
    "la": {
        "tsp": r"coch?lear\w* parv\w*", "tbsp": r"coch?lear\w* magn\w*", "cup": r"pocul\w+",
        "fl oz": r"unci\w+ liquid\w+", "oz": r"unci\w+", "g": r"gramma(?:t\w+)?", "kg": r"chiliogramm\w+",
        "ml": r"millilitr\w+", "l": r"litr\w+", "°F": r"grad\w+ Fahrenheit\w*", "°C": r"grad\w+(?: Celsi\w+)?",
        "min": r"minut(?:a|ae|as|is|um|arum|orum)", "h": r"hor(?:a|ae|am|as|is|arum)", "s": r"secund(?:ae|as|is)",
        "d": r"di(?:es|em|ei|ebus|erum)", "cm": r"centimetr\w+", "mm": r"millimetr\w+",
    },
}  # fmt: skip

# How a unit is written by program: forms for a fraction below one, one, a few (2 to 4), many.
_WRITTEN: Mapping[str, Mapping[str, tuple[str, str, str, str]]] = {
    "en": {
        "tsp": ("teaspoon", "teaspoon", "teaspoons", "teaspoons"),
        "tbsp": ("tablespoon", "tablespoon", "tablespoons", "tablespoons"),
        "cup": ("cup", "cup", "cups", "cups"), "l": ("litre", "litre", "litres", "litres"),
    },
    "fr": {
        "tsp": ("cuillère à café", "cuillère à café", "cuillères à café", "cuillères à café"),
        "tbsp": ("cuillère à soupe", "cuillère à soupe", "cuillères à soupe", "cuillères à soupe"),
        "cup": ("tasse", "tasse", "tasses", "tasses"),
    },
    "de": {"tsp": ("TL",) * 4, "tbsp": ("EL",) * 4, "cup": ("Tasse", "Tasse", "Tassen", "Tassen")},
    "it": {
        "tsp": ("cucchiaino", "cucchiaino", "cucchiaini", "cucchiaini"),
        "tbsp": ("cucchiaio", "cucchiaio", "cucchiai", "cucchiai"), "cup": ("tazza", "tazza", "tazze", "tazze"),
    },
    "es": {
        "tsp": ("cucharadita", "cucharadita", "cucharaditas", "cucharaditas"),
        "tbsp": ("cucharada", "cucharada", "cucharadas", "cucharadas"), "cup": ("taza", "taza", "tazas", "tazas"),
    },
    "pl": {
        "tsp": ("łyżeczki", "łyżeczka", "łyżeczki", "łyżeczek"), "tbsp": ("łyżki", "łyżka", "łyżki", "łyżek"),
        "cup": ("szklanki", "szklanka", "szklanki", "szklanek"),
    },
    "nl": {
        "tsp": ("theelepel", "theelepel", "theelepels", "theelepels"),
        "tbsp": ("eetlepel", "eetlepel", "eetlepels", "eetlepels"), "cup": ("kop", "kop", "koppen", "koppen"),
    },
    "la": {
        "tsp": ("coclearis parvi", "coclear parvum", "coclearia parva", "coclearia parva"),
        "tbsp": ("coclearis magni", "coclear magnum", "coclearia magna", "coclearia magna"),
        "cup": ("poculi", "poculum", "pocula", "pocula"), "oz": ("unciae", "uncia", "unciae", "unciae"),
        "fl oz": ("unciae liquidae", "uncia liquida", "unciae liquidae", "unciae liquidae"),
    },
}  # fmt: skip

_TO = {
    "en": "to|or", "fr": "à|ou", "de": "bis|oder", "it": "a|o", "es": "a|o", "pl": "do|lub", "nl": "tot|à|of",
    "la": "vel|ad|aut",
}  # fmt: skip
_ABOUT = re.compile(
    r"^(?:about|approx(?:imately|\.)?|ca\.?|circa|environ|etwa|unos|unas|około|ok\.|ongeveer|fere|heaping|scant)\s+",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:[-*•\u2013]\s+|[-*•]\s*(?=\d))?")
_MARKED_UP = re.compile(r"'{2,}|\*\*|__")
_PARENTHESES = re.compile(r"\s*\([^()]*\)")
_GAPS = "\u00a0\u202f\u2009"
_STRUCK = str.maketrans({"ł": "l", "œ": "oe", "æ": "ae", "ß": "ss", "ø": "o"})
_NAME_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number or a range of a unit; `low` equals `high` where there is no range, `unit` is a key of `UNITS`."""

    low: Fraction
    high: Fraction
    unit: str = ""

    @property
    def dimension(self) -> str:
        return UNITS[self.unit][0]

    @property
    def base(self) -> tuple[Fraction, Fraction]:
        """Both ends in the dimension's base unit."""
        size = UNITS[self.unit][1]
        return self.low * size, self.high * size


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A quantity in a text, and the characters it takes there."""

    quantity: Quantity
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One ingredient: its quantity (None where none is given), and its name as written."""

    quantity: Quantity | None
    name: str


def exactly(value: Fraction | int | str, unit: str = "") -> Quantity:
    """A quantity without a range."""
    return Quantity(low=Fraction(value), high=Fraction(value), unit=unit)


@cache
def _pattern(language: str) -> re.Pattern[str]:
    grouped = r"[1-9]\d{0,2}(?:,\d{3})+(?!\d)" if language == "en" else r"[1-9]\d{0,2}(?:\.\d{3})+(?!\d)"
    spaced = rf"[1-9]\d{{0,2}}(?:[{_GAPS}]\d{{3}})+(?!\d)"
    number = (
        rf"\d+[ {_GAPS}]?[{VULGAR}]|[{VULGAR}]|\d+[ {_GAPS}-]\d+\s?[/\u2044]\s?\d+|\d+\s?[/\u2044]\s?\d+"
        rf"|{grouped}|{spaced}|\d+(?:[.,]\d+)?"
    )
    words = [f"(?P<w{index}>{pattern})" for index, pattern in enumerate(_unit_patterns(language).values())]
    return re.compile(
        rf"(?<![\w.,/])(?P<low>{number})(?:\s?(?:[-\u2013\u2014]|(?:{_TO[language]})(?=[\s\d{VULGAR}]))\s?"
        rf"(?P<high>{number}))?(?:[\s{_GAPS}]?(?:{'|'.join(words)})\.?(?![\w]))?"
    )


@cache
def _unit_patterns(language: str) -> Mapping[str, str]:
    """ "unit#n" -> pattern: words first, then signs."""
    found = {f"{unit}#0": pattern for unit, pattern in _WORDS[language].items()}
    return {**found, **{f"{unit}#1": pattern for unit, pattern in _SIGNS.items()}}


def read_number(written: str, language: str) -> Fraction:
    """The value of one number, as `find_quantities` finds it."""
    text = written.replace("\u2044", "/").strip()
    if text[-1] in VULGAR:
        whole = text[:-1].strip(f" {_GAPS}")
        top, _, bottom = unicodedata.normalize("NFKD", text[-1]).partition("\u2044")
        return Fraction(int(whole) if whole else 0) + Fraction(int(top), int(bottom))
    if "/" in text:
        *whole, fraction = re.split(rf"[ {_GAPS}-]+(?=\d+\s?/)", text)
        top, bottom = fraction.split("/")
        below = int(bottom)
        return Fraction(int(whole[0]) if whole else 0) + (Fraction(int(top), below) if below else 0)
    thousands = "," if language == "en" else "."
    if re.fullmatch(rf"[1-9]\d{{0,2}}(?:[{thousands}{_GAPS}]\d{{3}})+", text):
        return Fraction(re.sub(r"\D", "", text))
    return Fraction(text.replace(",", "."))


def find_quantities(text: str, language: str) -> list[Found]:
    """Every number of a text with the unit behind it, in order; markers of numbered lists are none."""
    units = list(_unit_patterns(language))
    found = []
    for match in _pattern(language).finditer(text):
        before = text[: match.start()].rpartition("\n")[2].strip("*# \t")
        if not before and re.match(r"[.)](?:\s|\*)", text[match.end() :]) and match["high"] is None:
            continue
        low = read_number(match["low"], language)
        high = read_number(match["high"], language) if match["high"] else low
        unit = next((units[i].partition("#")[0] for i in range(len(units)) if match[f"w{i}"] is not None), "")
        found.append(Found(quantity=Quantity(low=low, high=high, unit=unit), start=match.start(), end=match.end()))
    return found


def read_line(text: str, language: str) -> Line | None:
    """One line of an ingredient list; None where it has numbers that cannot be told apart ("1 (8-ounce) can, 2 cm")."""
    plain = _MARKED_UP.sub("", _BULLET.sub("", text)).strip()
    bare = _ABOUT.sub("", _PARENTHESES.sub("", plain)).strip()
    if not any(character.isdigit() or character in VULGAR for character in bare):
        return Line(quantity=None, name=bare)
    found = find_quantities(bare, language)
    if len(found) != 1 or found[0].start != 0:
        return None
    quantity, name = found[0].quantity, bare[found[0].end :].strip(" ,;:")
    if not name or name[0] in "-/.+%\u00d7" or any(character.isdigit() for character in name) or quantity.low <= 0:
        return None
    if quantity.high < quantity.low or quantity.dimension in ("time", "length"):
        return None
    return Line(quantity=quantity, name=name)


def write_number(value: Fraction, language: str, *, fractions: bool) -> str:
    """Digits as a cook writes them: "1 1/2" where `fractions`, else decimals with the language's sign."""
    if value.denominator == 1:
        return str(value.numerator)
    if fractions and value.denominator <= 16:
        whole, rest = divmod(value.numerator, value.denominator)
        part = f"{rest}/{value.denominator}"
        return f"{whole} {part}" if whole else part
    written = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return written if language == "en" else written.replace(".", ",")


def write_quantity(quantity: Quantity, language: str) -> str:
    """A quantity as the language writes it: "1 1/2 łyżeczki", "1,5 kg", "2-3"."""
    fractions = quantity.unit not in ("g", "kg", "mg", "ml", "cl", "dl", "l", "oz", "fl oz", "°C", "°F")
    ends = list(dict.fromkeys((quantity.low, quantity.high)))
    number = "-".join(write_number(end, language, fractions=fractions) for end in ends)
    if not quantity.unit:
        return number
    forms = _WRITTEN[language].get(quantity.unit, (quantity.unit,) * 4)
    return f"{number} {forms[_form(quantity.high, language)]}"


def _form(value: Fraction, language: str) -> int:
    if value < 1:
        return 0
    if value == 1 or (language == "fr" and value < 2):
        return 1
    if value.denominator != 1 and language == "pl":
        return 0
    few = value <= 4 or (language == "pl" and value % 10 in (2, 3, 4) and value % 100 not in (12, 13, 14))
    return 2 if few else 3


def unit_words(language: str, units: Iterable[str]) -> str:
    """What the language calls the units, for a prompt: "tsp = TL, tbsp = EL"."""
    said = ((unit, _WRITTEN[language].get(unit)) for unit in sorted(set(units)))
    return ", ".join(f"{unit} = {'/'.join(dict.fromkeys(forms))}" for unit, forms in said if forms)


def folded(text: str) -> str:
    """Small letters without marks, so that inflection and spelling hide less."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_STRUCK))
    return "".join(character for character in plain if not unicodedata.combining(character))


def name_words(name: str) -> list[str]:
    """The words of an ingredient's name that say what it is, folded; short ones only where there are no others."""
    words = [folded(word) for word in _NAME_WORD.findall(_PARENTHESES.sub("", name))]
    return [word for word in words if len(word) > 2] or words


def alike(first: str, second: str) -> bool:
    """Whether two folded words are forms of one: they open alike for three letters, or two where one is short."""
    shared = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        shared += 1
    return shared >= 3 or (shared >= 2 and min(len(first), len(second)) <= 4) or first == second


def same_name(first: str, second: str) -> bool:
    """Whether two names share a word in some form."""
    return any(alike(one, other) for one in name_words(first) for other in name_words(second))
