"""Metre of counted syllables, in the languages whose spelling says how many syllables a word has.

Spanish, Italian, Polish and Latin. English, French (silent e), German (Famili-e, but Li-be) and Dutch spelling leaves
it open: without a pronouncing dictionary no such constraint is drawn for them.

Counted are the syllables of the words one by one (grammatical syllables): vowels that meet between two words are not
drawn together, which the query says. What the spelling leaves open even there (Italian "mia" beside "piano", Latin eu,
Polish au, Spanish vowels around h) gives a word a least and a most, and a line is refused only when no
reading of it has the number asked for.
"""

import re
from collections.abc import Callable
from itertools import pairwise

from synth_assets.exercises.writing_constraints.base import Constraint, Violation
from synth_assets.exercises.writing_constraints.letters import folded, has_digit
from synth_assets.exercises.writing_constraints.words import lines_of, words_of

PATTERNS = ("5-7-5", "7-7-7-7", "5-5-5-5", "8-8-8-8", "7-5-7-5", "6-6-6-6")

_SPANISH_VOWELS = re.compile(r"[aeiouáéíóúüyh]+")
_GROUP = {
    "it": re.compile(r"[aeiouàèéìíòóùú]+"),
    "pl": re.compile(r"[aąeęioóuy]+"),
    "la": re.compile(r"[aeiouy]+"),
}


def _spanish(word: str) -> tuple[int, int]:
    word = re.sub(r"qu(?=[eiéí])", "q", word.replace("ch", "x"))
    word = re.sub(r"gu(?=[eiéí])", "g", word)
    word = re.sub(r"y(?=[aeiouáéíóú])", "j", word)  # a consonant before a vowel, a vowel elsewhere
    least = most = 0
    for group in _SPANISH_VOWELS.findall(word):
        vowels = group.replace("h", "").replace("y", "i").replace("ü", "u")
        if not vowels:
            continue
        # strong beside strong and a stressed weak vowel beside a strong one part; all else is one syllable
        parts = 1 + sum(
            (a in "aeoáéó" and b in "aeoáéó")
            or (a in "íú" and b in "aeoáéó")
            or (b in "íú" and a in "aeoáéó")
            or a == b
            for a, b in pairwise(vowels)
        )
        if re.search(r"[iuíú][aeoáéó][iu][aeoáéó]", vowels):
            parts += 1
        inner = len(re.findall(r"(?<=[aeiouáéíóú])h(?=[aeiouáéíóú])", group))
        least, most = least + parts, most + min(parts + inner, len(vowels))
    return least, most


def _italian(word: str) -> tuple[int, int]:
    word = re.sub(r"qu", "q", word)
    least = most = 0
    for group in _GROUP["it"].findall(word):
        bare = folded(group)
        # strong vowels part, and a written accent on a weak one parts too; i and u beside others may or may not
        sure = 1 + sum(a in "aeo" and b in "aeo" for a, b in pairwise(bare))
        least, most = least + sure, most + len(bare)
    return least, most


def _polish(word: str) -> tuple[int, int]:
    word = re.sub(r"i(?=[aąeęoóuy])", "", word)
    least = most = 0
    for group in _GROUP["pl"].findall(word):
        most += len(group)
        least += len(group) - len(re.findall(r"[ae]u", group))
    return least, most


def _latin(word: str) -> tuple[int, int]:
    word = re.sub(r"(?=[äëïöü])", "-", word)  # a diaeresis parts ("aër")
    word = "-".join(map(folded, word.split("-")))
    word = re.sub(r"(?<=q)u|(?<=ng)u(?=[aeio])|(?<=\bs)u(?=[ae][vds])", "", word)
    word = re.sub(r"\bi(?=[aeou])|(?<=[aeou])i(?=[aeou])", "j", word)  # "iam", "maior"
    least = most = 0
    for match in _GROUP["la"].finditer(word):
        group = match.group()
        diphthongs = len(re.findall(r"ae|oe|au", group))
        least += len(group) - diphthongs
        most += len(group) - diphthongs
        if "ae" in group and word.startswith(("aer", "aët")):
            most += 1
        if "oe" in group and word.startswith(("poe", "coe")):
            most += 1
        if re.search(r"eu", group) and not re.search(r"eu[sm]$", word):
            least -= 1
    return least, most


_COUNTERS: dict[str, Callable[[str], tuple[int, int]]] = {
    "it": _italian, "es": _spanish, "pl": _polish, "la": _latin,
}  # fmt: skip


def syllables_of(text: str, language: str) -> tuple[int, int]:
    """Least and most syllables that a text can be read with, word by word."""
    counts = [_COUNTERS[language](word.lower()) for word in words_of(text, language)]
    return sum(least for least, _ in counts), sum(most for _, most in counts)


def check_metre(text: str, parameter: str, language: str) -> Violation | None:
    """The lines have so many syllables each: "5-7-5" is a haiku."""
    wanted = [int(number) for number in parameter.split("-")]
    lines = lines_of(text)
    if len(lines) != len(wanted):
        return Violation(what=f"{len(lines)} lines, not {len(wanted)}")
    for number, (line, syllables) in enumerate(zip(lines, wanted, strict=True), start=1):
        if has_digit(line):
            return Violation(what="a figure hides its syllables", where=f"line {number}")
        least, most = syllables_of(line, language)
        if not least <= syllables <= most:
            found = str(least) if least == most else f"{least} to {most}"
            return Violation(what=f"{found} syllables, not {syllables}", where=f"line {number}")
    return None


METRE: tuple[Constraint, ...] = (
    Constraint(
        id="syllables",
        axis="oulipo",
        reason="broken_metre",
        check=check_metre,
        parameters=lambda language, topic: PATTERNS if language in _COUNTERS else (),
        least_words=6,
    ),
)
