"""What a word, a sentence, a line and a paragraph are.

- A word is a run of letters and digits, with the hyphens and apostrophes inside it: "well-known", "don't", "foto's" and
  "porte-monnaie" are one word each. A dash, or a hyphen between spaces, separates.
- In French and Italian the apostrophe of an elision separates: "l'île" and "dell'arte" are two words, for the article
  is one; the query says so wherever words are counted. Words that have grown together stay one ("aujourd'hui",
  "quelqu'un", "presqu'île"); a cut ending ("un po'") adds nothing.
- A sentence ends at . ! ? or … (and the quotes or brackets that close after it) where a capital, a figure, a dash or an
  opening mark follows: “Stay!” he said is one sentence. No sentence ends after a title or abbreviation ("Dr. Brown") or
  an initial. A line break alone ends none, an empty line does. Pieces without a letter or figure are no sentences.
  (A rule that can be stated, rather than a segmenter: those we tried take "M. Brun" for two and "per te. Te" for one.)
- A line is a line with a letter or digit on it. Paragraphs are separated by empty lines.
"""

import re
import unicodedata

from synth_assets.exercises.writing_constraints.letters import folded

_ELIDING = frozenset({"fr", "it"})
_GROWN_TOGETHER = re.compile(
    r"(?:aujourd'hui|quelqu'une?s?|presqu'îles?|prud'hom\w+|entr'\w+|rock'n'roll)\Z", re.IGNORECASE
)
_PIECE = re.compile(r"['\u2019]?\w(?:[\w\u00ad]|['\u2019\-\u2010\u2011](?=\w))*['\u2019]?")
_END = re.compile(r"[.!?…]+[\"'”\u2019»)\]]*(?=\s+(?:['\u2019]\w )?[^\w\s]*[^\W_a-zß-öø-ÿąćęłńóśźżœ])")
_ABBREVIATION = re.compile(
    r"\b(?:(?i:dr|mr|mrs|ms|st|prof|nr|mm|mme|mlle|sig|dott|sra?|srta|inż|mgr|dhr|mevr|bzw|cf)|[A-ZÀ-Ž])\.$"
)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


def words_of(text: str, language: str) -> list[str]:
    """The words of a text in order, as they are written, without the punctuation around them."""
    text = unicodedata.normalize("NFC", text).replace("\u2019", "'")
    found = []
    for match in _PIECE.finditer(text.replace("_", " ")):
        piece = match.group().strip("'")
        while language in _ELIDING and "'" in piece and not _GROWN_TOGETHER.match(piece):
            elided, _, piece = piece.partition("'")
            found.append(elided)
        if piece:
            found.append(piece)
    return found


def sentences_of(text: str, language: str) -> list[str]:
    """The sentences of a text in order; those of one paragraph never run into the next."""
    found = []
    for paragraph in paragraphs_of(text):
        flat, start = " ".join(paragraph.split()), 0
        for end in _END.finditer(flat):
            if _ABBREVIATION.search(flat, start, end.end()):
                continue
            found.append(flat[start : end.end()].strip())
            start = end.end()
        found.append(flat[start:].strip())
    return [sentence for sentence in found if any(character.isalnum() for character in sentence)]


def lines_of(text: str) -> list[str]:
    """The lines of a text that hold something."""
    return [line.strip() for line in text.splitlines() if any(character.isalnum() for character in line)]


def paragraphs_of(text: str) -> list[str]:
    """The blocks of a text between empty lines."""
    blocks = _BLANK_LINE.split("\n".join(line.rstrip() for line in text.splitlines()))
    return [block.strip() for block in blocks if any(character.isalnum() for character in block)]


_ENDINGS = re.compile(r"(?:us|um|is|es|er|en|em|[aeiouy])\Z")


def stem_of(word: str) -> str:
    """A word without its ending, folded: what its inflected forms begin with.

    Endings are cut only while three letters remain; "casa", "case" and "casetta" share "cas". It is a rule of thumb on
    purpose: it must be stated in a query and checked by a reader.
    """
    bare = folded(word)
    stem = _ENDINGS.sub("", bare)
    return stem if len(stem) >= 3 else bare
