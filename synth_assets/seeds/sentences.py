"""Sentences: where a text may be cut."""

import re
from itertools import accumulate, pairwise

import sentencex

# What sentencex 1.0 takes for the end of a sentence, and should not; lower case. Single letters need no mention.
_ABBREVIATIONS: dict[str, str] = {
    "en": """
        a.d. a.k.a. approx. b.c. ca. cf. dept. dr. e.g. ed. eds. fig. fl. gen. i.e. jr. lit. mr. mrs. ms. mt.
        no. nos. op. pp. prof. sc. sp. spp. sr. ssp. st. subsp. u.k. u.s. univ. var. viz. vol. vols. vs.
    """,
    "fr": """
        ap. apr. av. boul. ca. cf. chap. coll. dir. dr. env. ex. fig. hab. j.-c. mgr. mlle. mm. mme. mmes. p.ex.
        pp. prof. ss. st. ste. vol. éd.
    """,
    "de": """
        bd. bzw. ca. d.h. dr. evtl. geb. gest. hl. jh. jhd. nr. prof. sog. st. str. u.a. usw. vgl. z.b. abb.
        bspw. inkl.
    """,
    "it": """
        a.c. avv. ca. cap. cfr. d.c. dott. dr. ecc. es. fig. ing. on. pag. pagg. pp. prof. sec. sig. sig.ra. ss.
        tav. vol.
    """,
    "es": """
        a.c. av. avda. cap. cf. cía. d.c. dr. dra. dña. ed. ee. ej. etc. fig. gral. núm. pp. prof. pág. págs.
        sr. sra. sta. sto. tel. ud. uds. uu. vol.
    """,
    "pl": """
        al. bł. dr. gen. godz. hr. im. in. inż. ks. m.in. mgr. np. nr. ok. os. pl. pow. prof. płk. reż. tj. tys.
        tzn. tzw. ul. ur. wg. woj. wyd. zm. św.
    """,
    "nl": """
        bijv. bv. ca. d.w.z. dhr. dr. drs. e.d. e.g. ing. ir. jl. m.b.t. mevr. mr. mw. nl. o.a. prof. resp. st.
        zgn.
    """,
    "la": """
        a.d. app. apr. aug. aul. cf. cn. dec. febr. ian. id. iul. iun. kal. mai. mam. mart. non. nov. oct.
        quint. sept. ser. sex. sext. tib. ti. vid.
    """,
}
_ABBREVIATED = {
    language: frozenset(word.removesuffix(".") for word in words.split()) for language, words in _ABBREVIATIONS.items()
}
_OPENING = "([\"'\u00ab\u201c\u2018"
_CLOSING = "\"'\u00bb\u201d\u2019)]"
_LONGER_THAN_ABBREVIATIONS = 64
_LONGEST_ABBREVIATION = 12
_INITIAL_AND_WIDE_SPACE = re.compile(r"([^\W\d_a-z]\s*)[^\S\x00-\x7f]\.")
_WIDE_SPACES = tuple(letter for letter in map(chr, range(128, 0x3001)) if letter.isspace())


def _ends_falsely(language: str, before: str, after: str) -> bool:
    """Whether a boundary that sentencex saw lies inside a sentence.

    In doubt, yes: a missed end makes two parts a little less equal, a false one cuts a sentence in two.
    """
    if not before[-1].isspace() or not after or after.isspace():
        return True  # inside a run of letters ("e.V.gegr"), or nothing but space behind it
    if after[0].islower() or after[0] in ",;:)-\u2010\u2011\u2013\u2014":
        return True
    runs = before[-_LONGER_THAN_ABBREVIATIONS:].rsplit(None, 1)
    run = runs[-1].rstrip().rstrip(_CLOSING) if runs else ""
    if not run.endswith(".") or len(run) < 2:
        return False
    run = run[:-1].lstrip(_OPENING)
    if len(run) > _LONGEST_ABBREVIATION and "." not in run and "-" not in run:
        return False
    run = run.casefold()
    initial = run.rpartition(".")[2].rpartition("-")[2]
    return (len(initial) == 1 and initial.isalpha()) or run in _ABBREVIATED.get(language, ())


def split_sentences(language: str, text: str) -> list[str]:
    """The sentences of a text, with the white space that follows each, so that joining them gives the text again.

    Wikimedia's sentencex finds them; what it cuts after an abbreviation or an initial is joined again.
    """
    segmented = text
    if not text.isascii() and any(space in text and f"{space}." in text for space in _WIDE_SPACES):
        # sentencex 1.0 takes the space in "J\u00a0. R. Tolkien" for one byte, and panics
        segmented = _INITIAL_AND_WIDE_SPACE.sub(r"\1 .", text)
    pieces = sentencex.segment(language, segmented)
    if segmented is not text:
        ends = [0, *accumulate(map(len, pieces))]
        pieces = [text[start:stop] for start, stop in pairwise(ends)]
    starts = [
        number
        for number, piece in enumerate(pieces)
        if number == 0 or not _ends_falsely(language, pieces[number - 1], piece)
    ]
    return ["".join(pieces[start:stop]) for start, stop in pairwise([*starts, len(pieces)])]
