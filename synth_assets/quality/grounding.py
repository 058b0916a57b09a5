"""Does the answer say what its passages say?

Source: lexical grounding by sentence, the cheap half of the evidence checks of RAGSynth and of SYNTH's "formal
checks"; no model is asked. Evidence is the section, its neighbours, and the sources that a query carries.

What is compared. Words of four letters and more that are not function words, by their first letters (six of a long
word, five of a shorter one), so that inflection does not hide them; words that the query already said are neither
evidence nor charge, except those of multiple-choice options. Numbers of `smallest_number` and more: each must stand in
evidence or query, or follow from them as a difference of two ("lasted 23 years"), a century or a decade. Capitalised
names inside a sentence (not in German, which capitalises every noun).

- `ungrounded`: fewer than `min_share` of the answer's own words are found, or fewer than `min_sentences` of its
  sentences have at least `min_sentence_share` of theirs.
- `ungrounded_number`: more than `max_ungrounded_numbers` numbers from nowhere.
- `ungrounded_name`: of `min_names` or more names of its own, fewer than `min_name_share` are found.
- `echoes_query`: the answer has nothing of its own at all; it repeats the question.

The recipe asks for cells whose section is English and whose answer is not. There only numbers and names survive the
translation, and names change their endings and often themselves (London, Londres, Londyn): they are compared by four
letters, and `min_foreign_name_share` is low. Such a row is judged far more leniently; the detail says "translated".

One query in five may be meant to have no answer (negative, absurd, ambiguous), and the right answer says so in words
that no passage has. So a sentence that declines ("is not recorded", "there is no such treaty"), in the row's language,
is not asked for its words and names, only for its numbers. A model could hide behind this by declining everything:
whether declining was right is for the exercise's checks, which know the draw. And where the draw says that a query has
no plain answer, what corrects or declines it speaks of the mistake more than of the passage, in more ways than phrases
can be listed for: such a row needs only `min_share_unanswerable` of its words and of its sentences.

Paraphrase by synonyms alone is refused, and a false statement made of the passage's own words is not seen: this scorer
catches answers about something else and facts from nowhere, and no more.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from sentencex import segment

from synth_assets.quality.base import Score, ScoredRow
from synth_assets.quality.language_identification import FUNCTION_WORDS

NAME = "grounding"
VERSION = 2
THRESHOLDS: Mapping[str, float] = {
    "min_share": 0.4,
    "min_sentence_share": 0.3,
    "min_sentences": 0.6,
    "min_share_unanswerable": 0.2,
    "smallest_number": 13,
    "max_ungrounded_numbers": 0,
    "min_names": 1,
    "min_name_share": 0.5,
    "min_foreign_names": 3,
    "min_foreign_name_share": 0.25,
}
REASONS = frozenset({"ungrounded", "ungrounded_number", "ungrounded_name", "echoes_query"})

_UNANSWERABLE = ("negative", "absurd", "ambiguous")
SOURCE_BLOCK = re.compile(r"<(source_\d+)>(.*?)</\1>", re.S)
TAG = re.compile(r"</?\w+[^>\n]*>")
OPTION = re.compile(r"^\s*\**[A-Z][.)]\s.*$", re.M)
OPTION_LETTER = re.compile(r"^\s*\**[A-Z][.)]\s", re.M)
_WORD = re.compile(r"[^\W\d_]{4,}")
_NAME = re.compile(r"(?<=[^\W\d_A-Z][ ,] )[^\W\d_]{3,}|(?<=[^\W\d_A-Z] )[^\W\d_]{3,}")
NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:[.,'\u00a0\u202f ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?")
_ECHO_WORDS = 5  # "Yes, it did." is an answer
_MOST_DIFFERENCES = 80
_SHOWN = 120  # characters of the weakest sentence in the detail

# What declining looks like: one pattern a line, read after `fold`, so in small letters without accents. Only turns of
# phrase that speak of knowledge or existence; a bare "not" would excuse every sentence that denies something.
_DECLINING_TURNS: dict[str, str] = {
    "en": r"""
        (?:is|are|was|were|been) (?:not|never) (?:\w+ )?(?:known|recorded|stated|mentioned|specified|established)
        (?:is|are|remains?) (?:unknown|unclear|ambiguous)
        no (?:\w+ )?(?:record|records|evidence|information|source|sources|account|mention|answer)
        (?:cannot|can't|can not|could not) be (?:\w+ )?(?:answered|determined|known|established)
        i (?:cannot|can't|can not) (?:say|tell|answer)
        (?:do|does|did) ?n(?:'|o)t (?:\w+ )?(?:know|say|state|mention|record|exist|specify|make sense)
        there (?:is|was|were|are) no
        never (?:existed|happened|took place)
        (?:false|wrong|mistaken) (?:premise|assumption)
        (?:premise|question) (?:is|rests|assumes|does|makes|could)
        not possible to|impossible to (?:say|know|tell)
        none of the (?:above|others)|(?:sources|passages) (?:do not|don't) (?:say|state|mention|tell|answer)
    """,
    "fr": r"""
        n'est (?:pas|jamais) (?:\w+ )?(?:connue?s?|mentionnee?s?|indiquee?s?|precisee?s?|attestee?s?|possible|clair)
        n'(?:existe|indique|mentionne|precise) pas|n'a jamais (?:existe|eu lieu)
        (?:on|je) ne (?:sait|sais|connait|peut|peux) pas|ne (?:dit|precise|mentionne) pas|inconnue?s?
        aucune? (?:source|trace|information|donnee|document|preuve|reponse|mention)
        il n'y a (?:pas|aucune?|jamais)|impossible de (?:dire|savoir|repondre)
        ne (?:disent|precisent|mentionnent|repondent) (?:pas|rien)
        premisse|la question (?:suppose|repose|est)|aucune des (?:reponses|propositions)
    """,
    "de": r"""
        nicht (?:\w+ )?(?:bekannt|uberliefert|belegt|genannt|erwahnt|angegeben|klar|beantworten|beantwortet)
        (?:ist|sind|bleibt) (?:unbekannt|unklar|mehrdeutig)
        keine? (?:\w+ )?(?:quellen?|angaben?|hinweise?|belege?|information|informationen|antwort|aufzeichnung(?:en)?)
        (?:gibt|gab) (?:es )?(?:nie |kein\w*)|lasst sich nicht|weiss man nicht|ich weiss
        (?:sagt|sagen|nennt|nennen|erwahnt|erwahnen|beantworten) (?:\w+ ){0,4}nichts?\b
        falsche\w* annahme|die frage (?:setzt|geht|ist)|keine der antworten
    """,
    "it": r"""
        non (?:e|sono|era|fu|furono) (?:\w+ )?(?:not|conosciut|indicat|menzionat|chiar)[oaie]|non e possibile
        non si sa|non (?:lo )?so|sconosciut[oaie]|ignot[oaie]|impossibile (?:dire|sapere|stabilire)
        nessun[ao]? (?:fonte|informazione|prova|traccia|documento|risposta)
        non (?:dice|dicono|indicano|menzionano|rispondono|precisano)
        non (?:esiste|esistono|esisteva|risulta|c'e|ci sono|e mai)|premessa|la domanda (?:presuppone|e|si)
    """,
    "es": r"""
        no se (?:sabe|conoce|conserva|menciona|indica|puede|precisa)|no (?:consta|constan|hay|hubo)|no exist\w+
        no (?:dicen?|mencionan?|indican?|responden|precisan?)\b
        no es posible|desconocid[oa]s?|imposible (?:saber|decir|determinar)|nunca (?:existio|hubo|ocurrio)
        ningun[ao]? (?:fuente|informacion|prueba|dato|registro|documento|respuesta)|no lo se
        premisa|la pregunta (?:supone|parte|es)
    """,
    "pl": r"""
        nie (?:wiadomo|jest (?:znan|jasn)\w*|sa znane|podano|podaje|wspomina|zachowal\w*|mozna|da sie|wiem\w*)
        nie istni\w+|nie (?:mowi|mowia|podaja|wspominaja|odpowiadaja|okreslaja)\b
        nieznan\w*|niejasn\w*|niejednoznaczn\w*|falszyw\w* zalozeni\w*|pytanie (?:zaklada|opiera|jest)
        brak (?:danych|informacji|zrodel|dowodow|odpowiedzi)|zadn\w+ (?:zrodl\w*|dan\w*|informacj\w*)
        nie ma (?:danych|informacji|zrodel|dowodow|odpowiedzi|zadn\w+)
    """,
    "nl": r"""
        niet (?:\w+ )?(?:bekend|overgeleverd|vermeld|genoemd|vastgelegd|duidelijk|te zeggen|te beantwoorden|mogelijk)
        (?:is|zijn|blijft) (?:onbekend|onduidelijk|dubbelzinnig)|weet (?:men|ik) niet
        geen (?:\w+ )?(?:bron|bronnen|informatie|bewijs|gegevens|antwoord|vermelding)
        er (?:is|was|waren|zijn|bestaat|bestaan) geen|(?:is|was|zijn|waren) er geen|nooit (?:bestaan|gebeurd)
        (?:zegt|zeggen|vermeldt|vermelden|noemt|noemen|beantwoorden) (?:\w+ ){0,4}niets?\b
        kan niet worden|de vraag (?:gaat|berust|is)|(?:onjuiste|verkeerde) aanname
    """,
    "la": r"""
        ignot\w{1,3}|incert\w{1,3}|ignoratur|nescio|nescimus|nescitur|ambigu\w{1,2}
        non (?:dicunt|dicit|memorant|respondent)\b
        non (?:constat|traditur|traditum|scimus|scitur|notum|liquet|exstat|memoratur|possumus)
        null(?:us|a|um) (?:\w+ )?(?:fons|testimonium|auctor|memoria|responsum)|numquam fuit
    """,
}
DECLINES = {
    language: re.compile(rf"\b(?:{'|'.join(line.strip() for line in turns.strip().splitlines())})")
    for language, turns in _DECLINING_TURNS.items()
}


def applies(row: ScoredRow) -> bool:
    """Only rows that were made from passages: there is nothing to hold the others against."""
    return bool(row.section_text.strip() or any(text.strip() for text in row.neighbour_texts))


def is_unanswerable(row: ScoredRow) -> bool:
    """Whether the draw says that the query has no plain answer (SYNTH's query results, and rag without its gold)."""
    return row.constraints.get("query_result") in _UNANSWERABLE or row.constraints.get("gold") == "absent"


def score(row: ScoredRow, thresholds: Mapping[str, Any]) -> Score:
    """Hold the answer against its passages.

    `value` is the share of the answer's own words (translated: of its names) that is found, less 0.25 for each
    ungrounded number. The detail names the weakest sentence, the one whose own words are found least.
    """
    evidence = "\n".join(
        [row.section_text, *row.neighbour_texts, *(block for _, block in SOURCE_BLOCK.findall(row.query))]
    )
    query = OPTION.sub(" ", SOURCE_BLOCK.sub(" ", row.query))
    answer = OPTION_LETTER.sub(" ", TAG.sub(" ", row.answer))
    sentences = [sentence for sentence in segment(row.language, answer) if sentence.strip()]
    translated = row.section_language not in ("", row.language)

    failures: dict[str, str] = {}
    numbers = ungrounded_numbers(answer, f"{evidence}\n{query}", thresholds["smallest_number"])
    if len(numbers) > thresholds["max_ungrounded_numbers"]:
        failures["ungrounded_number"] = " ".join(numbers)

    judged = [sentence for sentence in sentences if not DECLINES[row.language].search(fold(sentence))]
    names = names_in(judged, row.language) - {fold(word) for word in _WORD.findall(query)}
    least_names = thresholds["min_foreign_names" if translated else "min_names"]
    least_share = thresholds["min_foreign_name_share" if translated else "min_name_share"]
    prefixes = {fold(word)[:4] for word in re.findall(r"[^\W\d_]{3,}", evidence) if word[0].isupper()}
    missing = sorted(name for name in names if name[:4] not in prefixes)
    named = 1 - len(missing) / max(1, len(names))
    if len(names) >= least_names and named < least_share:
        failures["ungrounded_name"] = " ".join(missing)

    if translated:
        value, detail = named, f"translated: {len(names) - len(missing)} of {len(names)} names found"
    else:
        least = {name: thresholds[name] for name in ("min_share", "min_sentence_share", "min_sentences")}
        if is_unanswerable(row):
            least["min_share"] = least["min_sentences"] = thresholds["min_share_unanswerable"]
        value, detail = _judge_words(judged, query, evidence, row.language, least, failures)
        if len(judged) < len(sentences):
            detail += f", {len(sentences) - len(judged)} sentences decline"
    if numbers:
        value = max(0.0, value - 0.25 * len(numbers))
    return Score(
        name=NAME,
        value=value,
        passed=not failures,
        reason=next(iter(failures), ""),
        detail="; ".join([*(f"{reason}: {what}" for reason, what in failures.items()), detail]),
    )


def _judge_words(
    sentences: list[str],
    query: str,
    evidence: str,
    language: str,
    thresholds: Mapping[str, Any],
    failures: dict[str, str],
) -> tuple[float, str]:
    """(share of own words found, detail); adds to the failures."""
    known = {stem(word) for word in content_words(evidence, language)}
    asked = {stem(word) for word in content_words(query, language)}
    found = own = content = sound = judged = 0
    weakest: tuple[float, str] = (1.0, "")
    for sentence in sentences:
        stems = {stem(word) for word in content_words(sentence, language)}
        mine = stems - asked
        content += len(stems)
        if not mine:
            continue
        hits = len(mine & known)
        found += hits
        own += len(mine)
        judged += 1
        sound += hits / len(mine) >= thresholds["min_sentence_share"]
        weakest = min(weakest, (hits / len(mine), " ".join(sentence.split())), key=lambda each: each[0])
    if own == 0:
        said = " ".join(sentences)
        if content and len(said.split()) >= _ECHO_WORDS and not NUMBER.search(said):
            failures["echoes_query"] = f"{content} content words, all of the query"
            return 0.0, "no words of its own"
        return 1.0, "no words of its own"
    share = found / own
    if share < thresholds["min_share"] or sound / judged < thresholds["min_sentences"]:
        failures["ungrounded"] = f"{sound} of {judged} sentences are grounded"
    said = f"{found} of {own} words found"
    if weakest[1]:
        said += f"; weakest sentence, {weakest[0]:.2f} found: {weakest[1][:_SHOWN]!r}"
    return share, said


def fold(text: str) -> str:
    """Small letters without accents; the stroke of ł and the ß go too, the apostrophe is straight."""
    text = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l").replace("\u2019", "'"))
    return "".join(character for character in text if not unicodedata.combining(character))


def content_words(text: str, language: str) -> list[str]:
    """Words of four letters and more that are not function words, folded."""
    function_words = FUNCTION_WORDS[language]
    return [fold(word) for word in _WORD.findall(text) if word.casefold() not in function_words]


def stem(word: str) -> str:
    """The first letters of a word, so that inflection does not hide it."""
    return word[:6] if len(word) >= 8 else word[:5] if len(word) >= 6 else word[:4]


def names_in(sentences: list[str], language: str) -> set[str]:
    """Capitalised words that do not open a sentence, folded; none in German."""
    if language == "de":
        return set()
    return {fold(name) for sentence in sentences for name in _NAME.findall(sentence) if name[0].isupper()}


def read_number(written: str) -> str:
    """Canonical digits: "16,020", "16 020" and "16.020" are one number, "3,5" and "3.5" another."""
    if re.fullmatch(r"\d{1,3}(?:[.,'\u00a0\u202f ]\d{3})+", written):
        return re.sub(r"\D", "", written).lstrip("0") or "0"
    whole, _, decimals = written.replace(",", ".").partition(".")
    decimals = decimals.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{decimals}" if decimals else "")


def ungrounded_numbers(answer: str, evidence: str, smallest: float) -> list[str]:
    """Numbers of the answer that neither stand in the evidence nor follow from it, each once, in order."""
    known = {read_number(written) for written in NUMBER.findall(evidence)}
    integers = sorted(int(number) for number in known if number.isdigit() and len(number) <= 6)[:_MOST_DIFFERENCES]
    derived = {later - earlier for earlier in integers for later in integers if 0 < later - earlier < 1000}
    years = [number for number in integers if 100 <= number <= 2100]
    derived |= {(year - 1) // 100 + 1 for year in years} | {year // 10 * 10 for year in years}
    missing = []
    for written in NUMBER.findall(answer):
        number = read_number(written)
        if float(number) < smallest or number in known or (number.isdigit() and int(number) in derived):
            continue
        if number not in missing:
            missing.append(number)
    return missing
