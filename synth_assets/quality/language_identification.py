"""Which of the eight languages a text is in.

Two witnesses. The first counts function words ("the", "nicht", "oraz"): running prose is a quarter to a half of them,
and names, loan words and formulas, of which encyclopedias are full, hardly touch them. Where they do not decide (short
questions, lists of ingredients, titles), lingua is heard as well, limited to the eight languages.

Why not lingua alone: it judges letters, and takes English leads about emperors, beetles or chemistry for Latin with a
confidence of 1.0. Of 28,576 real leads and recipes it names 196 wrongly in 14 s, both together 2 in under 2 s; of their
first eight words it names 88% rightly, both 97%.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy
from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from synth_assets.languages import LANGUAGES
from synth_assets.letters import Replacement, Words, WordTable, joined, words_of

# Elided forms keep their apostrophe ("l'eau" is "l'", "eau"): a bare "c" or "l" is an initial or a unit.
_WORD_LISTS: dict[str, str] = {
    "en": """
        the of and to in is are was were be been by for with as at on from that this these those it its an a
        which who whose what where when how has have had his her he she they their them not or but can into
        than such also other you your we our will would should may more most if all one between during over
        until while there about after before through some only each do does did why i my me
    """,
    "fr": """
        le la les l' de du des d' un une et est sont était être été en dans à au aux par pour sur avec que qu'
        qui quel quelle quels quelles où ce cette ces c' s' se sa son ses leur leurs il elle ils elles on ne
        pas n' plus ou mais comme dont entre depuis selon ainsi sous vers né née mort morte fut ont a je j'
        vous nous votre lui même tout tous aussi très sans après avant lors comment pourquoi quand si faire
    """,
    "de": """
        der die das den dem des ein eine einer eines einem einen und ist sind war waren wird werden wurde
        wurden in im ins an am auf aus bei beim mit nach von vom zu zum zur für über unter um als auch nicht
        oder aber wie was wer wo wann warum welche welcher welches er sie es ich du wir ihr sich sein seine
        seiner ihre ihren dass daß hat haben hatte durch bis seit so nur noch mehr kann man sowie etwa
        zwischen vor dann alle dieser diese dieses
    """,
    "it": """
        il lo la i gli le l' un una uno di del dello della dei degli delle dell' d' a al allo alla ai agli
        alle all' da dal dalla dai dalle dall' in nel nello nella nei negli nelle nell' su sul sulla sui sulle
        con per tra fra e ed è sono era erano fu furono che chi cui non più o ma come quando dove perché quale
        quali si suo sua suoi loro ha hanno questo questa questi anche essere stato stata dopo prima cosa se
    """,
    "es": """
        el la los las lo un una unos unas de del a al en con por para sin sobre entre desde hasta y e o u que
        qué quién quien cuál cuáles cómo cuándo dónde donde es son era eran fue fueron ser sido está su sus se
        le les no más pero como cuando ha han había este esta estos estas ese esa también muy según durante
        tras uno conocido nació porque si mi tu yo me
    """,
    "pl": """
        i w we z ze na do od o u po za dla przez przy pod nad przed między jest są był była było były być
        został została to ten ta te tego tej tym tych który która które którego której których się nie oraz
        lub albo ale jak jako także również że co czy kto gdzie kiedy dlaczego jaki jaka jakie jego jej ich a
        tak już tylko jednak może roku wieku podczas według ma można aby
    """,
    "nl": """
        de het een en van in is zijn was waren werd werden wordt worden te op aan met voor door bij naar uit
        om over onder tot als dat die dit deze er niet ook maar of zich hij zij ze haar hun heeft hebben had
        kan kunnen zal wat wie waar wanneer waarom hoe welke tussen na nog meer dan tegen sinds tijdens ik je
        jij u wij we men geen andere veel zoals
    """,
    "la": """
        et in est sunt erat erant fuit fuerunt esse ad ab a ex e de cum per pro sub inter ante post apud
        contra sine non nec neque ac atque aut vel sed autem enim etiam quoque nam ut ne si quod quae qui quem
        quam quo cuius quid quis quibus hic haec hoc huius id is ea eo eum eam eius eorum ille illa ipse se
        sibi suus sua suum suis anno annis ubi unde cur quando quomodo tamen igitur ita sic iam
    """,
}
FUNCTION_WORDS: dict[str, frozenset[str]] = {code: frozenset(words.split()) for code, words in _WORD_LISTS.items()}

PROSE_CHARACTERS = 1000
"""What is read of a text: more does not change the verdict, and a book must not cost more than a page."""

PROSE_WORDS = 165
"""What those are in words, in whatever language."""

PLAIN_WORDS = 35
"""What is read at the beginning and at the end of those, to be spared the rest."""

LEAST_HITS = 4
LEAST_LEAD = 3
LEAST_SHARE = 0.12
WEIGHT_OF_A_HIT = 4.0

LEAST_AT_ONCE = 16
"""Texts that are looked at one by one, where there are fewer: arrays cost a quarter of a millisecond."""

_WORDS = re.compile(r"[^\W\d_]+'?")
_QUOTED = re.compile(r'"[^"]{1,200}"|«[^»]{1,200}»|“[^”]{1,200}”')
_ALPHABETS = frozenset("äöüßàâæçéèêëîïôœùûÿáíñóúąćęłńśźżìò")
_SPOKEN_BY: dict[str, tuple[int, ...]] = {
    word: tuple(index for index, words in enumerate(FUNCTION_WORDS.values()) if word in words)
    for word in frozenset().union(*FUNCTION_WORDS.values())
}
_CODES = tuple(FUNCTION_WORDS)
_PLACES = {code: place for place, code in enumerate(_CODES)}
_QUOTES = '"\u00ab\u201c'
_LETTERS_APART = bytes(
    code if code > 127 or chr(code).isalpha() or chr(code) == "'" else ord(" ") for code in range(256)
)
_BITS_OF_A_COUNT = 16  # a text of `PROSE_CHARACTERS` has fewer words than that holds
_MOST_HITS = (1 << _BITS_OF_A_COUNT) - 1
_HITS_OF = {
    word.encode(): sum(1 << (_BITS_OF_A_COUNT * index) for index in indexes) for word, indexes in _SPOKEN_BY.items()
}
"""A word -> one hit for each language that has it, the counts side by side in one number."""


class Identified(NamedTuple):
    """A language code of `LANGUAGES` ("" where nothing tells) and how sure that is, from 0 to 1."""

    code: str
    confidence: float


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    # Its models take seconds and a few hundred MB on the first question, so nobody pays for them at import time.
    return LanguageDetectorBuilder.from_languages(
        *[getattr(Language, name.upper()) for name in LANGUAGES.values()]
    ).build()


def _fold(text: str) -> str:
    """Letters that none of the eight alphabets has lose their marks: lingua calls any text with a macron Latin."""
    if text.isascii():
        return text
    return _without_strange_marks(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")


def _bare(letter: str) -> bytes:
    if letter.lower() not in _ALPHABETS:
        letter = "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part))
    return letter.encode("utf-8", "surrogatepass")


_without_strange_marks = Replacement(_bare)


def _count_function_words(heads: Sequence[str]) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Of each text the hits of each language, in the order of `FUNCTION_WORDS`, and the number of words.

    Words are runs of letters, with the apostrophe that follows; all is done on bytes, many texts at once.
    """
    if len(heads) < LEAST_AT_ONCE:
        counted = list(map(_count_in, heads))
        hits = numpy.array([each for each, _ in counted], dtype=numpy.int32).reshape(-1, len(_CODES))
        return hits, numpy.array([words for _, words in counted], dtype=numpy.int64)
    raw = _small_letters_apart(joined(list(map(_without_quotes, heads))).lower()).translate(_LETTERS_APART)
    words = words_of(raw, ending=b"'")
    table, hits = _table_of_hits()
    rows = table.of(words)
    # only the words that tell something are summed up, a quarter of all
    telling = numpy.flatnonzero(rows)
    before = numpy.zeros((len(telling) + 1, hits.shape[1]), dtype=hits.dtype)
    numpy.cumsum(hits[rows[telling]], axis=0, out=before[1:])
    bounds = numpy.searchsorted(telling, words.firsts)
    counts = before[bounds[1:]] - before[bounds[:-1]]
    # an apostrophe that follows no letter is none
    return counts[:, :-1], numpy.diff(words.firsts) - 1 - counts[:, -1]


def _count_in(text: str) -> tuple[list[int], int]:
    """What `_count_function_words` counts, of one text."""
    raw = _small_letters_apart(_without_quotes(text).encode("utf-8", "surrogatepass").lower())
    words = raw.translate(_LETTERS_APART).replace(b"'", b"' ").split()
    hits = sum(filter(None, map(_HITS_OF.get, words)))
    counts = [hits >> (_BITS_OF_A_COUNT * index) & _MOST_HITS for index in range(len(_CODES))]
    return counts, len(words) - words.count(b"'")  # one that follows no letter


def _without_quotes(text: str) -> str:
    """What is quoted may be in any language: a Spanish lead on Cole Porter is half English song titles."""
    return _QUOTED.sub(" ", text) if any(mark in text for mark in _QUOTES) else text


@cache
def _table_of_hits() -> tuple[WordTable, numpy.ndarray]:
    """The row of every function word, and what languages have each; no word has row 0, a lone apostrophe the last."""
    words = sorted(_SPOKEN_BY)
    hits = numpy.zeros((len(words) + 2, len(_CODES) + 1), dtype=numpy.int32)
    for row, word in enumerate(words, 1):
        hits[row, list(_SPOKEN_BY[word])] = 1
    hits[-1, -1] = 1
    rows = {word.encode(): row for row, word in enumerate(words, 1)}
    return WordTable({**rows, b"'": len(words) + 1}, most=1 << 12), hits


def _small_letter_or_space(letter: str) -> bytes:
    raw = letter.encode("utf-8", "surrogatepass")
    if letter == "\u2019":
        return b"'".ljust(len(raw))
    small = "".join(
        each if each.isalpha() or (each.isalnum() and not each.isdecimal()) else " " for each in letter.lower()
    )
    return small.encode().ljust(len(raw)) if small.isspace() else small.encode()


_small_letters_apart = Replacement(_small_letter_or_space)


def _decide_by_function_words(counts: numpy.ndarray, words: numpy.ndarray) -> list[Identified | None]:
    """The verdict where function words are many and clearly of one language, else None.

    Every hit that the best language has beyond the second halves the doubt.
    """
    if not len(words):
        return []
    second, best = numpy.sort(counts, axis=1)[:, -2:].T
    return [
        None if open_ else Identified(_CODES[code], 1.0 - 0.5**lead)
        for open_, code, lead in zip(
            _is_open(counts, words).tolist(), counts.argmax(axis=1).tolist(), (best - second).tolist(),
            strict=True,
        )
    ]  # fmt: skip


def _is_open(counts: numpy.ndarray, words: numpy.ndarray) -> numpy.ndarray:
    """Of which texts function words decide nothing."""
    second, best = numpy.sort(counts, axis=1)[:, -2:].T
    return (best < LEAST_HITS) | (best - second < LEAST_LEAD) | (best < LEAST_SHARE * words) | (second > 0.75 * best)


def identify_by_function_words(texts: Sequence[str]) -> list[Identified | None]:
    """What `identify_all` says of texts where function words decide; None where it would ask lingua as well."""
    return _decide_by_function_words(*_count_function_words([_head(text) for text in texts]))


def are_plainly_in(words: Words, languages: Sequence[str]) -> list[bool]:
    """Whether a text both begins and ends in its language, as function words tell of `PLAIN_WORDS` each time.

    So are 46,979 of 51,319 sections of real articles and recipes and of varied ones, at a tenth of the cost, and of
    none of them `identify_all` says otherwise. An English paragraph with a Latin list behind it is not.

    Args:
        words: of every text, case folded, without apostrophes; digits may be among them. "l'eau" is "l" and "eau".
    """
    own = numpy.array([_PLACES.get(language, -1) for language in languages] * 2)
    starts, stops = words.firsts[:-1], words.firsts[1:] - 1
    ends = starts + numpy.minimum(stops - starts, PROSE_WORDS)
    counts, sizes = _count_between(
        words,
        numpy.concatenate((starts, numpy.maximum(ends - PLAIN_WORDS, starts))),
        numpy.concatenate((numpy.minimum(starts + PLAIN_WORDS, ends), ends)),
    )
    is_own = ~_is_open(counts, sizes) & (counts.argmax(axis=1) == own)
    return (is_own[: len(starts)] & is_own[len(starts) :]).tolist()


def _count_between(words: Words, starts: numpy.ndarray, stops: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The hits of each language from one word to before another, many times, and how many words that are."""
    sizes = stops - starts
    ends = numpy.cumsum(sizes)
    places = numpy.arange(sizes.sum()) + numpy.repeat(starts - (ends - sizes), sizes)
    hits = _table_of_packed_hits().of(words._replace(starts=words.starts[places], lengths=words.lengths[places]))
    before = numpy.zeros(len(hits) + 1, dtype=numpy.uint64)
    numpy.cumsum(hits, out=before[1:])
    packed = before[ends] - before[ends - sizes]
    return packed.astype("<u8").view(numpy.uint8).reshape(-1, len(_CODES)).astype(numpy.int32), sizes


@cache
def _table_of_packed_hits() -> WordTable:
    """A folded function word without its apostrophe -> one hit for each language that has it, a byte each."""
    hits: dict[bytes, int] = {}
    for word, indexes in _SPOKEN_BY.items():
        folded = unicodedata.normalize("NFKC", word.removesuffix("'").casefold()).encode()
        for index in indexes:
            hits[folded] = hits.get(folded, 0) | 1 << (8 * index)  # fewer words are read at once than a byte holds
    return WordTable(hits, most=1 << 11)


def _head(text: str) -> str:
    return unicodedata.normalize("NFC", text[:PROSE_CHARACTERS])


def identify_all(texts: Sequence[str]) -> list[Identified]:
    """The language of each text, in order; what function words leave open is asked of lingua, much of it on all cores.

    There both witnesses are heard: lingua's confidences, each multiplied by `WEIGHT_OF_A_HIT` for every function word.
    """
    heads = [_head(text) for text in texts]
    counts, words = _count_function_words(heads)
    decided = _decide_by_function_words(counts, words)
    verdicts = [verdict or Identified("", 0.0) for verdict in decided]
    asked = [
        (index, _fold(head), counts[index].tolist())
        for index, (head, verdict) in enumerate(zip(heads, decided, strict=True))
        if verdict is None and _WORDS.search(head)
    ]
    if asked:
        texts = [head for _, head, _ in asked]
        if len(texts) < LEAST_AT_ONCE:  # half a millisecond each: to wake other cores costs an eighth more
            answers = list(map(_detector().compute_language_confidence_values, texts))
        else:
            answers = _detector().compute_language_confidence_values_in_parallel(texts)
        for (index, _, hits), values in zip(asked, answers, strict=True):
            heard = {value.language.iso_code_639_1.name.lower(): value.value for value in values}
            weights = [
                heard.get(code, 0.0) * WEIGHT_OF_A_HIT ** min(number, 50)
                for code, number in zip(_CODES, hits, strict=True)
            ]
            if total := sum(weights):
                best = max(weights)
                verdicts[index] = Identified(
                    _CODES[weights.index(best)], round(best / total, 6)
                )  # lingua's last digits vary
    return verdicts


@lru_cache(maxsize=1024)  # a scorer and a reward ask for the same lines, one after the other
def identify(text: str) -> Identified:
    """The language of one text; ("", 0.0) for a text without letters, or in a script that none of the eight uses."""
    return identify_all([text])[0]
