"""Does the answer speak as an assistant about itself instead of answering?

Source: the phrase lists by which ShareGPT-derived sets (Vicuna's cleaning, WildChat's, the "unfiltered" Alpaca and
Dolly variants) drop "As an AI language model". One such turn in a training set teaches the student to decline what it
could answer, and a model that writes the rows slips into it whenever a prompt is unclear to it.

Two kinds are told apart. `refusal_text`: the speaker is a program that cannot, may not or will not; one is enough.
`boilerplate`: politeness around an answer ("I hope this helps", "Certainly! Here is ..."), which refuses only where it
is more than `max_share` of the words. Declining what the passages do not tell is no boilerplate: it speaks of the
matter (see `grounding`), and the turns here speak of the speaker.
"""

import re
from collections.abc import Mapping
from typing import Any

from synth_assets.quality.base import Score, ScoredRow
from synth_assets.quality.grounding import fold

NAME = "boilerplate"
VERSION = 1
THRESHOLDS: Mapping[str, float] = {"max_share": 0.3}
REASONS = frozenset({"refusal_text", "boilerplate"})

# Whole patterns on each line, which are joined by "or"; read after `fold`: small letters without accents, straight
# apostrophes.
_REFUSAL_TURNS: dict[str, str] = {
    "en": r"""
        as an? (?:ai|artificial intelligence|(?:large )?language model|virtual assistant)(?: [a-z]+){0,2},? (?:i|my)\b
        i(?:'m| am) (?:just |only )?an? (?:ai|artificial|(?:large )?language model|virtual assistant)\b
        i(?:'m| am) (?:sorry|afraid),? (?:but )?i (?:cannot|can't|can not|am unable|am not able|won't)
        i (?:cannot|can't|can not|am unable to|am not able to) (?:assist|help|comply|fulfil|fulfill|provide|browse)
        my (?:training data|knowledge cutoff)
    """,
    "fr": r"""
        en tant qu'(?:ia|intelligence artificielle|assistant virtuel)|en tant que (?:modele de langage|programme)
        je suis (?:desole|desolee|navre)[^.]{0,20} je ne (?:peux|puis|suis)
        je ne (?:peux|suis) pas (?:en mesure de |capable de |vous )?(?:aider|repondre a cette|fournir)
    """,
    "de": r"""
        als (?:ki|kunstliche intelligenz|sprachmodell|ki-\w+|virtueller assistent),? \w+ (?:ich|mir|mein)
        es tut mir leid,? (?:aber )?(?:ich kann|das kann ich|dabei kann ich)
        ich kann (?:ihnen |dir )?(?:dabei |bei dieser \w+ )?(?:leider )?nicht (?:helfen|weiterhelfen|behilflich)
    """,
    "it": r"""
        (?:come|in quanto) (?:ia|intelligenza artificiale|modello linguistico|assistente virtuale)\b
        mi dispiace,? (?:ma )?non posso|non (?:posso|sono in grado di) (?:aiutar|fornire|assistere)
    """,
    "es": r"""
        como (?:una )?(?:ia|inteligencia artificial)\b|como (?:un )?(?:modelo de lenguaje|asistente virtual)
        lo siento,? (?:pero )?no puedo|no puedo (?:ayudar|proporcionar|asistir)
    """,
    "pl": r"""
        jako (?:ai|sztuczna inteligencja|model jezykowy|wirtualny asystent)\b
        przykro mi,? (?:ale )?nie (?:moge|potrafie)|przepraszam,? (?:ale )?nie (?:moge|potrafie)
        nie moge (?:w tym |ci |panstwu )?(?:pomoc|udzielic)
    """,
    "nl": r"""
        als (?:ai|ai-\w+|kunstmatige intelligentie|taalmodel|virtuele assistent),? \w+ (?:ik|mij|mijn)
        het spijt me,? (?:maar )?(?:ik kan|dat kan ik|daar kan ik)|sorry,? (?:maar )?(?:ik kan|dat kan ik)
        ik kan (?:u |je )?(?:hierbij |hier |daar )?(?:helaas )?niet (?:mee )?helpen
    """,
    "la": r"""
        ut (?:machina|intellegentia artificiosa|intelligentia artificialis)|(?:machina|programma) sum\b
        me paenitet|doleo,? sed (?:non possum|nequeo)|adiuvare (?:te )?non possum
    """,
}
_POLITE_TURNS: dict[str, str] = {
    "en": r"""
        (?:certainly|sure|of course|absolutely|great question)[!,.]|i hope (?:this|that) helps
        feel free to (?:ask|reach)|let me know if|if you have (?:any )?(?:more|other|further) questions
        happy to help|thank you for your|do not hesitate to|don't hesitate to
        here (?:is|are) (?:the|your|an?) (?:answer|response|summary)
    """,
    "fr": r"""
        (?:bien sur|certainement|avec plaisir|excellente question) ?[!,.]|j'espere que cela|n'hesitez pas a
        si vous avez (?:d'autres|des) questions|merci (?:pour|de) votre|voici (?:la|votre|une) (?:reponse|synthese)
    """,
    "de": r"""
        (?:gerne|naturlich|selbstverstandlich|gute frage) ?[!,.]|ich hoffe,? (?:das|dies) hilft
        (?:wenn|falls) (?:sie|du) (?:noch |weitere )*fragen|zogern sie nicht|vielen dank fur (?:ihre|deine)
        hier ist (?:die|ihre|eine) (?:antwort|zusammenfassung)
    """,
    "it": r"""
        (?:certamente|certo|volentieri|ottima domanda) ?[!,.]|spero che (?:questo|cio)|non esitare a|non esiti a
        se (?:hai|ha|avete) altre domande|grazie per la|ecco (?:la|una) (?:risposta|sintesi)
    """,
    "es": r"""
        (?:por supuesto|claro|con gusto|excelente pregunta) ?[!,.]|espero que (?:esto|le|te)|no dude[s]? en
        si tiene[s]? (?:mas|otras) preguntas|gracias por (?:su|tu)
        aqui (?:esta|tiene) (?:la|su|una) (?:respuesta|sintesis)
    """,
    "pl": r"""
        (?:oczywiscie|jasne|chetnie|swietne pytanie) ?[!,.]|mam nadzieje,? ze|nie wahaj sie|prosze pytac
        jesli masz (?:wiecej|inne|dalsze)|dziekuje za|oto (?:odpowiedz|podsumowanie)
    """,
    "nl": r"""
        (?:natuurlijk|zeker|graag|goede vraag) ?[!,.]|ik hoop dat (?:dit|het)|aarzel niet|bedankt voor
        laat (?:het )?(?:me|mij) (?:het )?weten als|als (?:u|je) (?:nog |meer |andere )+vragen
        hier is (?:het|uw|een) (?:antwoord|samenvatting)
    """,
    "la": r"""
        (?:certe|libenter|optima quaestio) ?[!,.]|spero (?:hoc|haec)|noli dubitare|gratias (?:tibi )?ago
        si (?:plura|alia) (?:quaerere|rogare)|ecce responsum
    """,
}


def _compiled(turns: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(line.strip() for line in turns.strip().splitlines())})")


_REFUSALS = {language: _compiled(turns) for language, turns in _REFUSAL_TURNS.items()}
_POLITE = {language: _compiled(turns) for language, turns in _POLITE_TURNS.items()}
_SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*")


def score(row: ScoredRow, thresholds: Mapping[str, Any]) -> Score:
    """`value` is the share of the answer's words outside such sentences; 0 where the speaker declines as a program."""
    total = polite = 0
    for sentence in _SENTENCE.findall(fold(row.answer)):
        words = len(sentence.split())
        total += words
        # a model falls back into English whatever it was asked in
        for language in {row.language, "en"}:
            if turn := _REFUSALS[language].search(sentence):
                return Score(name=NAME, value=0.0, passed=False, reason="refusal_text", detail=f"{turn.group()!r}")
        if any(_POLITE[language].search(sentence) for language in (row.language, "en")):
            polite += words
    share = polite / max(1, total)
    reason = "boilerplate" if share > thresholds["max_share"] else ""
    return Score(
        name=NAME, value=1 - share, passed=not reason, reason=reason, detail=f"{polite} of {total} words are politeness"
    )
