"""What of a reply is the edited text, and where it differs from the gold text.

The published rows have edits that end after "Here is the corrected text:". So a preface, a code fence and quotation
marks around the whole are taken off first, and what is left must be the text, whole.

Declared harmless, and only these: which apostrophes, quotation marks, dashes and spaces are typed (straight or
typographic), and the space that French sets before some marks.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

_FENCE = re.compile(r"\A```[\w-]*[ \t]*\n(.*?)\n?```\Z", re.DOTALL)
_BLOCK = re.compile(r'\A"""\s*(.*?)\s*"""\Z', re.DOTALL)
_PAIRS = ('""', "“”", "«»", "„“", "„”", "\u2018\u2019", "''")
# Read after accents are taken off. A line that ends with a colon is a preface only when it says one of these: the
# first line of a list may end with a colon, too.
_PREFACE = re.compile(
    r"\b(?:here(?:'s| is| are)|below is|sure|certainly|corrected|corrections?|revised|edited|rewritten|translat\w+|json"
    r"|voici|ci-dessous|bien sur|corrige\w*|texte|traduction|version"
    r"|hier ist|hier der|gerne|korrigiert\w*|ubersetzung|fassung|text"
    r"|ecco|di seguito|certo|corrett\w+|traduzione|testo|versione"
    r"|aqui|a continuacion|claro|corregid\w+|traduccion|texto"
    r"|oto|ponizej|poprawion\w+|tlumaczenie|przeklad|tekst\w*|wersja"
    r"|hier is|hier volgt|hieronder|gecorrigeerd\w*|verbeterd\w*|vertaling|tekst|versie"
    r"|ecce|en|infra|emendat\w+|correct\w+|translatio|conversio|textus)\b"
)
_MOST_PREFACE_WORDS = 16
_LEAST_CUT = 3
_LETTERS = {"ł": "l", "ß": "ss"}
_HARMLESS = str.maketrans(
    {
        **dict.fromkeys("\u2019\u2018\u02bc\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a", '"'),
        **dict.fromkeys("\u2013\u2014\u2212\u2011", "-"),
        "\u2026": "...",
    }
)


def is_preface(line: str) -> bool:
    """Whether a line only announces a text: it ends with a colon and says so, in any of the eight languages."""
    plain = line.strip(" *_#>-")
    if not plain.endswith(":") or len(plain.split()) > _MOST_PREFACE_WORDS:
        return False
    return bool(_PREFACE.search(bare(plain)))


def bare(text: str) -> str:
    """Small letters without accents, apostrophes straight."""
    text = text.casefold().translate(_HARMLESS)
    for letter, plain in _LETTERS.items():
        text = text.replace(letter, plain)
    return "".join(part for part in unicodedata.normalize("NFD", text) if not unicodedata.combining(part))


def unwrapped(reply: str) -> str:
    """The text of a reply without preface, fence or quotation marks around it; empty when only a preface came."""
    text = reply.strip()
    first, _, rest = text.partition("\n")
    if is_preface(first):
        text = rest.strip()
    for pattern in (_FENCE, _BLOCK):
        if found := pattern.match(text):
            text = found[1].strip()
    lines = text.splitlines()
    if lines and all(line.startswith(">") for line in lines if line.strip()):
        text = "\n".join(line.removeprefix(">").strip() for line in lines).strip()
    if len(text) > 1 and text[0] + text[-1] in _PAIRS and not set(text[1:-1]) & {text[0], text[-1]}:
        text = text[1:-1].strip()
    return text


def harmless(text: str) -> str:
    """The text as it is compared with the gold text."""
    text = re.sub(r"(?<=[«\u2039])\s+|\s+(?=[»\u203a])", "", unicodedata.normalize("NFC", text))
    return re.sub(r" (?=[:;!?%])", "", " ".join(text.translate(_HARMLESS).split()))


def differences(gold: str, edited: str, wrongs: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What keeps an edit from being the gold text: reason -> detail, empty when it is.

    Args:
        wrongs: what was made wrong on purpose: "wrong" and "right" of each.

    Reasons: "stops_early", "leaves_error" (a wrong reading still stands where the gold text has the right one),
    "changes_more" (any other difference).
    """
    if harmless(gold) == harmless(edited):
        return {}
    right, given = harmless(gold).split(), harmless(edited).split()
    found: dict[str, str] = {}
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, right, given, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        should, stands = " ".join(right[i1:i2]), " ".join(given[j1:j2])
        if i2 == len(right) and (i2 - i1) - (j2 - j1) >= _LEAST_CUT:
            found.setdefault("stops_early", f"{len(given)} of {len(right)} words, last {' '.join(given[-4:])!r}")
            continue
        left = next(
            (each for each in wrongs if harmless(each["wrong"]) in stands and harmless(each["right"]) in should), None
        )
        if left is not None:
            found.setdefault("leaves_error", f"{left['wrong']!r} for {left['right']!r}")
        else:
            found.setdefault("changes_more", f"{stands!r} for {should!r}")
    return dict(sorted(found.items(), key=lambda item: ("stops_early", "leaves_error", "changes_more").index(item[0])))
