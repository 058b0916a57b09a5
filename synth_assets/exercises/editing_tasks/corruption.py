"""Spelling mistakes made by program, each noted, so that the text as it was is the gold text.

Where a mistake may stand: in words of small letters only (a reader cannot know how an unfamiliar name is spelt), not
beside a hyphen, one a word, never in two neighbouring words. Letters change neither at the beginning of a word nor in
its last two: endings are inflection in most of the eight languages, and a noun that loses its last letter is often
another form of itself. What comes out must be no word that the passage has elsewhere and no function word. There is no
dictionary: that a mistake makes another sound word by accident is unlikely, not impossible. The exceptions are the
words that are confused because they sound alike ("their" for "there"), where the sentence decides.
"""

import random
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Set
from typing import Any

from synth_assets.quality.language_identification import FUNCTION_WORDS

# One mistake in so many words, and the least number of them.
RATES: Mapping[str, tuple[int, int]] = {"light": (20, 2), "moderate": (11, 3), "heavy": (6, 4)}

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*['\u2019]?")
_LEAST_LETTERS = 5

_QWERTY = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_LAYOUTS: Mapping[str, tuple[str, ...]] = {
    "fr": ("azertyuiop", "qsdfghjklm", "wxcvbn"),
    "de": ("qwertzuiopü", "asdfghjklöä", "yxcvbnm"),
    "es": ("qwertyuiop", "asdfghjklñ", "zxcvbnm"),
}

# What stands for what in a hurry: letters that sound alike, or nearly.
_SOUND_ALIKE: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en": (("ie", "ei"), ("ei", "ie"), ("ance", "ence"), ("ence", "ance"), ("ph", "f"), ("able", "ible"), ("cc", "c")),
    "fr": (("ph", "f"), ("mm", "m"), ("nn", "n"), ("tt", "t"), ("eau", "o"), ("qu", "k"), ("ç", "ss"), ("ai", "é")),
    "de": (("ie", "i"), ("ß", "ss"), ("ä", "e"), ("tz", "z"), ("ck", "k"), ("äu", "eu"), ("ll", "l"), ("v", "f")),
    "it": (("zz", "z"), ("cc", "c"), ("tt", "t"), ("gli", "li"), ("qu", "cu"), ("cqu", "qu"), ("gn", "ni")),
    "es": (("b", "v"), ("v", "b"), ("ll", "y"), ("h", ""), ("ce", "se"), ("ci", "si"), ("ge", "je"), ("gi", "ji")),
    "pl": (("rz", "ż"), ("ż", "rz"), ("ó", "u"), ("ch", "h"), ("ą", "on"), ("ę", "en"), ("dż", "drz")),
    "nl": (("ij", "ei"), ("ei", "ij"), ("ou", "au"), ("au", "ou"), ("oo", "o"), ("ee", "e"), ("c", "k"), ("ll", "l")),
    "la": (("ae", "e"), ("oe", "e"), ("ph", "f"), ("th", "t"), ("y", "i"), ("h", ""), ("ss", "s"), ("ll", "l")),
}

# Whole words that are taken for each other, or that ears spell: right -> wrong. The sentence tells which is meant.
_CONFUSED: Mapping[str, Mapping[str, str]] = {
    "en": {"their": "there", "there": "their", "its": "it's", "than": "then", "were": "where", "whose": "who's",
           "through": "threw", "which": "wich", "been": "bean", "where": "were", "whole": "hole", "known": "knowen"},
    "fr": {"à": "a", "est": "et", "où": "ou", "son": "sont", "sont": "son", "ces": "ses", "ont": "on", "dans": "dan",
           "plus": "plu", "mais": "mes", "être": "hêtre", "sans": "s'en", "peut": "peu", "fait": "fais"},
    "de": {"dass": "das", "seit": "seid", "im": "ihm", "ist": "isst", "man": "mann", "war": "wahr", "wird": "wirt",
           "sind": "sint", "und": "unt", "wieder": "wider", "wurde": "wurte", "größte": "gröste", "mehr": "meer"},
    "it": {"è": "e", "ha": "a", "hanno": "anno", "perché": "perchè", "né": "ne", "più": "piú", "anche": "hanche",
           "ai": "hai", "cui": "qui", "abbia": "habbia", "quale": "cuale", "poco": "pocho"},
    "es": {"está": "esta", "más": "mas", "hay": "ay", "ha": "a", "fue": "fué", "tuvo": "tubo", "hasta": "asta",
           "hecho": "echo", "también": "tanbién", "había": "avía", "ser": "cer", "hacia": "asia", "vez": "bes"},
    "pl": {"który": "ktury", "które": "kture", "która": "ktura", "również": "równierz", "także": "takrze",
           "przez": "pszez", "przy": "pszy", "się": "sie", "są": "som", "może": "morze", "też": "tesz",
           "ponieważ": "poniewarz", "między": "miendzy", "był": "buł", "jest": "jezd"},
    "nl": {"wordt": "word", "zij": "zei", "nog": "noch", "werd": "wert", "vindt": "vind", "rond": "ront",
           "zijn": "zein", "worden": "wordden", "tijd": "teid", "grootste": "groodste", "bijna": "beina",
           "altijd": "alteid", "vooral": "voral", "veel": "feel"},
    "la": {"haec": "hec", "quae": "que", "apud": "aput", "sed": "set", "praeter": "preter", "saepe": "sepe",
           "atque": "adque", "etiam": "eciam", "aut": "haut", "inter": "intter", "ad": "at", "quoque": "cocque"},
}  # fmt: skip


def corrupt(
    text: str, language: str, *, rate: str, rng: random.Random, known: Iterable[str] = ()
) -> tuple[str, list[dict[str, Any]]]:
    """The text with mistakes in it, and every mistake in the order of the text.

    Args:
        rate: a key of `RATES`.
        known: other words that a mistake must not turn into (those of the whole section).

    Returns:
        The corrupted text, and of each mistake "kind", "right", "wrong" and "at", the offset of "wrong" in the
        corrupted text. Fewer mistakes than the rate asks for where words are short; none is possible.
    """
    words = list(_WORD.finditer(text))
    taken = {word[0].casefold() for word in words} | {word.casefold() for word in known} | FUNCTION_WORDS[language]
    every, least = RATES[rate]
    wanted = max(least, round(len(words) / every))
    order = list(range(len(words)))
    rng.shuffle(order)
    chosen: dict[int, tuple[str, int, int, str]] = {}
    kinds: dict[str, int] = {}
    # short words can only be joined or confused: without a limit most mistakes would be of these two kinds
    most = {"joined": max(1, wanted // 5), "confused": max(1, wanted // 3)}
    for index in order:
        if len(chosen) == wanted:
            break
        if any(near in chosen for near in (index - 1, index, index + 1)):
            continue
        if "-" in text[max(0, words[index].start() - 1) : words[index].end() + 1]:
            continue
        made = _mistake(text, words, index, language, taken, kinds, rng)
        if made is not None and kinds.get(made[0], 0) < most.get(made[0], wanted):
            chosen[index] = made
            kinds[made[0]] = kinds.get(made[0], 0) + 1
    noted: list[dict[str, Any]] = []
    parts, end = [], 0
    for index in sorted(chosen):
        kind, start, stop, wrong = chosen[index]
        parts += [text[end:start], wrong]
        at = sum(map(len, parts)) - len(wrong)
        noted.append({"kind": kind, "at": at, "wrong": wrong, "right": text[start:stop]})
        end = stop
    return "".join([*parts, text[end:]]), noted


def _mistake(
    text: str, words: list[re.Match[str]], index: int, language: str, taken: Set[str],
    kinds: Mapping[str, int], rng: random.Random,
) -> tuple[str, int, int, str] | None:  # fmt: skip
    """(kind, start, stop, wrong) of one mistake at a word; kinds that there are fewest of yet come first."""
    word = words[index][0]
    start, stop = words[index].span()
    options: list[tuple[str, int, int, str]] = []
    if word in _CONFUSED[language]:
        options.append(("confused", start, stop, _CONFUSED[language][word]))
    elif word == word.lower():
        for kind, change in _CHANGES.items():
            wrong = change(word, language, rng)
            if wrong is not None and wrong != word and wrong.casefold() not in taken:
                options.append((kind, start, stop, wrong))
        if (joined := _join(text, words, index, taken)) is not None:
            options.append(("joined", start, joined[0], joined[1]))
    if not options:
        return None
    rng.shuffle(options)
    return min(options, key=lambda option: kinds.get(option[0], 0))


def _inner(word: str) -> range:
    """Places of a word's letters but the first and the last two."""
    return range(1, len(word) - 2) if len(word) >= _LEAST_LETTERS and word.isalpha() else range(0)


def _swapped(word: str, language: str, rng: random.Random) -> str | None:
    places = [place for place in _inner(word)[:-1] if word[place] != word[place + 1]]
    if not places:
        return None
    place = rng.choice(places)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _dropped(word: str, language: str, rng: random.Random) -> str | None:
    places = _inner(word)
    if not places:
        return None
    place = rng.choice(places)
    return word[:place] + word[place + 1 :]


def _doubled(word: str, language: str, rng: random.Random) -> str | None:
    places = [place for place in _inner(word) if word[place - 1] != word[place] != word[place + 1]]
    if not places:
        return None
    place = rng.choice(places)
    return word[:place] + word[place] + word[place:]


def _neighbour_key(word: str, language: str, rng: random.Random) -> str | None:
    rows = _LAYOUTS.get(language, _QWERTY)
    near: list[tuple[int, str]] = []
    for place in _inner(word):
        for row in rows:
            if (column := row.find(word[place])) >= 0:
                near += [(place, row[other]) for other in (column - 1, column + 1) if 0 <= other < len(row)]
    if not near:
        return None
    place, letter = rng.choice(near)
    return word[:place] + letter + word[place + 1 :]


def _bare_letter(word: str, language: str, rng: random.Random) -> str | None:
    """A letter without its mark: "é" as "e", "ł" as "l"."""
    places = []
    for place in _inner(word):
        plain = "l" if word[place] == "ł" else unicodedata.normalize("NFD", word[place])[0]
        if plain != word[place]:
            places.append((place, plain))
    if not places:
        return None
    place, plain = rng.choice(places)
    return word[:place] + plain + word[place + 1 :]


def _sound_alike(word: str, language: str, rng: random.Random) -> str | None:
    inner = _inner(word)
    found = [
        (place, old, new)
        for old, new in _SOUND_ALIKE[language]
        for place in inner
        if word.startswith(old, place) and place + len(old) <= inner.stop
    ]
    if not found:
        return None
    place, old, new = rng.choice(found)
    return word[:place] + new + word[place + len(old) :]


def _no_apostrophe(word: str, language: str, rng: random.Random) -> str | None:
    plain = word.replace("'", "").replace("\u2019", "")
    return plain if plain != word and len(plain) > 3 and word[-1] not in "'\u2019" else None


def _split(word: str, language: str, rng: random.Random) -> str | None:
    if len(word) < 8 or not word.isalpha():
        return None
    place = rng.randrange(3, len(word) - 3)
    return f"{word[:place]} {word[place:]}"


def _join(text: str, words: list[re.Match[str]], index: int, taken: Set[str]) -> tuple[int, str] | None:
    """A short word run into the next one: (end of the next, what stands)."""
    if index + 1 >= len(words):
        return None
    word, following = words[index], words[index + 1]
    between = text[word.end() : following.start()]
    joined = word[0] + following[0]
    sound = between == " " and len(word[0]) <= 3 and len(following[0]) >= 3 and joined.isalpha() and joined.islower()
    return (following.end(), joined) if sound and joined not in taken else None


_CHANGES: Mapping[str, Callable[[str, str, random.Random], str | None]] = {
    "swapped": _swapped,
    "dropped": _dropped,
    "doubled": _doubled,
    "neighbour_key": _neighbour_key,
    "no_diacritic": _bare_letter,
    "sound_alike": _sound_alike,
    "no_apostrophe": _no_apostrophe,
    "split": _split,
}
KINDS: frozenset[str] = frozenset({*_CHANGES, "joined", "confused"})
