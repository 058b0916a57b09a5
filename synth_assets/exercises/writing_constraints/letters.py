"""What a letter is in each language.

Conventions, each as a reader of that language counts:

- Case never counts. Ligatures are the letters they join: œ is o and e, æ is a and e, ß is s and s (Duden writes it so
  in capitals), ĳ is i and j, ﬁ is f and i. Dutch ij written as two characters is two letters.
- An accent that only says how a letter sounds does not make another letter: é, è, ê, ë are e in French (Perec's novel
  without e has none of them either), ç is c; à is a in Italian; á is a and ü is u in Spanish; ë is e in Dutch; a Latin
  macron or breve is dropped; English cafés have an e.
- A mark that makes another letter of the alphabet counts: ä, ö, ü in German are vowels of their own (a lipogram in a
  may say "Bär"); ñ in Spanish; ą ć ę ł ń ó ś ź ż in Polish. Latin u and v, i and j count as they are written.
- Digits hide the letters of their names, so that constraints on letters refuse them. Apostrophes and hyphens are none.
"""

import unicodedata
from functools import lru_cache

OWN_LETTERS: dict[str, str] = {
    "en": "",
    "fr": "",
    "de": "äöü",
    "it": "",
    "es": "ñ",
    "pl": "ąćęłńóśźż",
    "nl": "",
    "la": "",
}

# The letters a pangram must hold: those of the language's own words, so without the guests of its alphabet.
ALPHABETS: dict[str, str] = {
    "en": "abcdefghijklmnopqrstuvwxyz",
    "fr": "abcdefghijlmnopqrstuvxyz",
    "de": "abcdefghijklmnoprstuvwzäöü",
    "it": "abcdefghilmnopqrstuvz",
    "es": "abcdefghijlmnñopqrstuvxyz",
    "pl": "aąbcćdeęfghijklłmnńoóprsśtuwyzźż",
    "nl": "abcdefghijklmnoprstuvwz",
    "la": "abcdefghilmnopqrstuvx",
}

VOWELS: dict[str, str] = {
    "en": "aeiouy",
    "fr": "aeiouy",
    "de": "aeiouyäöü",
    "it": "aeiouy",
    "es": "aeiouy",
    "pl": "aąeęioóuy",
    "nl": "aeiouy",
    "la": "aeiouy",
}

# NFKC knows ﬁ and ĳ, but not these.
_LIGATURES = {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d"}


@lru_cache(maxsize=8192)
def _letters_of_character(character: str, language: str) -> str:
    if character in OWN_LETTERS[language]:
        return character
    if character in _LIGATURES:
        return _LIGATURES[character]
    bare = "".join(part for part in unicodedata.normalize("NFD", character) if not unicodedata.combining(part))
    if bare == "ł":  # Unicode does not decompose it
        bare = "l"
    return "".join(part for part in bare if part.isalpha())


def letters_of(text: str, language: str) -> str:
    """The letters of a text by the language's convention, small, one after the other."""
    text = unicodedata.normalize("NFKC", text).lower()
    return "".join(_letters_of_character(character, language) for character in unicodedata.normalize("NFC", text))


def folded(word: str) -> str:
    """A word without any mark, for comparing stems: "Śnieg" and "snieg" are one."""
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", word).lower().replace("ł", "l"))
    bare = "".join(part for part in decomposed if not unicodedata.combining(part))
    return "".join(_LIGATURES.get(character, character) for character in bare)


def has_digit(text: str) -> bool:
    """Whether a figure stands in the text: who may not write a letter could hide it there."""
    return any(character.isnumeric() for character in text)
