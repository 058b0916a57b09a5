"""How exercises put their questions to a model and read prose back: worked examples as turns, nothing given away.

The author models see a passage that who reads the row never sees (SYNTH's back-reasoning), so that no text of a row may
speak of it, give its address, or repeat what only a worked example says.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from synth_assets.errors import Refused
from synth_assets.exercises.base import Answer, Draft, Message, Query, Reply, Request, Role, Text
from synth_assets.identity import normalised
from synth_assets.prompts import Rendered

_MENTIONS = re.compile(
    r"\baccording to (?:the|this) (?:passage|text|article|excerpt|source|notes)\b"
    r"|\b(?:in|from|by) (?:the|this) (?:passage|text|excerpt|notes)\b"
    r"|\bthe (?:passage|text|excerpt|notes) (?:says?|states?|mentions?|does|do|describes?|above|provided)\b"
    r"|\b(?:this|given|provided) (?:passage|text|excerpt)\b"
    r"|\b(?:selon|dans|d'après|d\u2019après) (?:le|ce) (?:passage|texte)\b|\b(?:selon|dans) (?:l'|l\u2019)extrait\b"
    r"|\b(?:laut|gemäß|nach) (?:dem|diesem) (?:text|abschnitt|auszug)\b|\bim (?:text|auszug)\b"
    r"|\b(?:secondo|nel|in) (?:il|questo)? ?(?:passaggio|testo|brano)\b"
    r"|\b(?:según|en) (?:el|este) (?:pasaje|texto|fragmento)\b"
    r"|\b(?:według|w|zgodnie z) (?:tekstu|tekście|tekstem|fragmentu|fragmencie)\b"
    r"|\b(?:volgens|in) (?:de|deze|het) (?:passage|tekst|fragment)\b"
    r"|\bsecundum (?:hunc )?(?:textum|locum)\b|\bin (?:hoc )?textu\b|\bin hoc loco\b",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://|www\.")
_FENCE = re.compile(r"</?(?:passage|neighbour|source_\d+)>|<\|")


def converse(
    role: Role,
    *,
    system: Rendered,
    turns: Sequence[tuple[Rendered, str]] = (),
    last: Rendered,
    examples: Rendered | None = None,
    **settings: Any,
) -> Request:
    """A request of a system message, worked examples as turns, and the row's own turn last.

    `examples` is the file of worked examples that the turns come from, for the row's fingerprint; `settings` are other
    fields of `Request`. All before the last turn is alike for every row of an exercise and language, so that an
    endpoint's prefix cache reads it once.
    """
    messages = [Message(role="system", parts=(Text(text=system.text),))]
    for shown, reply in turns:
        messages.append(Message(role="user", parts=(Text(text=shown.text),)))
        messages.append(Message(role="assistant", parts=(Text(text=reply.strip()),)))
    messages.append(Message(role="user", parts=(Text(text=last.text),)))
    templates = (system, last) if examples is None else (system, last, examples)
    return Request(
        role=role,
        messages=tuple(messages),
        templates=tuple(f"{rendered.template}@{rendered.sha256}" for rendered in templates),
        **settings,
    )


def plain(reply: Reply) -> str:
    """A reply of prose: outer white space, one pair of quotes around all of it and a leading label removed."""
    text = re.sub(r"^\s*(?:question|answer|query)\s*:\s*", "", reply.text, flags=re.IGNORECASE).strip()
    if len(text) > 1 and text[0] + text[-1] in ('""', "“”", "«»", "„“"):
        text = text[1:-1].strip()
    return text


def check_closed_book(text: str, *, step: str, url: str, sources_open: bool = False) -> None:
    """Refuse what only someone beside the passage could say; with open sources, speaking of them is allowed.

    Raises:
        Refused: "mentions_passage", "leaks_markup" or "leaks_url".
    """
    if not sources_open and (found := _MENTIONS.search(text)):
        raise Refused("mentions_passage", f"{step}: {found.group()!r}")
    if found := _FENCE.search(text):
        raise Refused("leaks_markup", f"{step}: {found.group()!r}")
    if _URL.search(text) or (url and url in text):
        raise Refused("leaks_url", step)


def is_closed_book(query: Query, draft: Draft, answer: Answer, *, url: str) -> bool:
    """Whether none of a row's texts says what `check_closed_book` refuses."""
    try:
        for step, text in (("query", query.text), ("draft", draft.text), ("answer", answer.text)):
            check_closed_book(text, step=step, url=url)
    except Refused:  # the row was read before; here only whether it holds is told
        return False
    return True


def check_own(text: str, shown: Mapping[str, Any], *, step: str) -> None:
    """Refuse a reply that only repeats what a worked example says.

    Raises:
        Refused: "repeats_example".
    """
    if normalised(text) == normalised(str(shown[step])):
        raise Refused("repeats_example", f"{step}: {text[:80]!r}")


def draft_of(reply: Reply, *, url: str, examples: Sequence[Mapping[str, Any]] = (), closed_book: bool = True) -> str:
    """The trace of a reply; `url` is the section's, which it must not give away, and empty where there is none.

    Raises:
        Refused: "no_conclusion" (no line opens with ∴), or as `check_closed_book` and `check_own`.
    """
    text = reply.text.strip()
    if not any(line.lstrip().startswith("∴") for line in text.splitlines()):
        raise Refused("no_conclusion", text[-80:])
    check_closed_book(text, step="draft", url=url, sources_open=not closed_book)
    for example in examples:
        check_own(text, example, step="draft")
    return text
