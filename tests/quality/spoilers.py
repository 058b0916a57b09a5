"""Twelve ways to spoil a sound row, as programs, and the sound rows that they are applied to.

The sound rows are the accepted transcripts (every exercise of SYNTH in eight languages) and question-answer pairs that
a program makes of the packaged encyclopedia leads. Each spoiler takes a row and hands out a spoiled one, or None where
its way makes no sense for the row (nothing to copy from, no trace to swap). What an exercise verifies with code is
verified again on the spoiled row, as a run would. Rows are told apart by the hash of their key: one half is for
fitting weights and thresholds, the other for measuring.
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import Any

from synth_assets.errors import Refused
from synth_assets.exercises import EXERCISES
from synth_assets.exercises.base import Answer, Check, Draft, Query, Task
from synth_assets.generation import StepInput, carry
from synth_assets.identity import hash_of, rng_of
from synth_assets.quality.base import ScoredRow
from synth_assets.quality.rows import scored_row
from synth_assets.seeds.base import Seed
from synth_assets.seeds.vital_articles import VitalArticles
from tests.transcripts.transcript import STEPS, files, task_of, transcripts

LEADS_A_LANGUAGE = 100
PAIR_SCORERS = EXERCISES["preference"].scorers


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A sound row, the scorers that judge it, and how it is verified again when its texts change.

    `key` is what it is split by: rows of one seed stay on one side.
    """

    key: str
    row: ScoredRow
    scorers: frozenset[str]
    task: Task | None = None
    query: Query | None = None
    draft: Draft | None = None
    answer: Answer | None = None

    @property
    def half(self) -> int:
        """0 for fitting, 1 for measuring."""
        return int(hash_of("half", self.key)[:8], 16) % 2

    def changed(self, **texts: str) -> ScoredRow:
        """The row with other texts ("query", "draft", "answer"), verified again."""
        if self.task is None or self.query is None or self.draft is None or self.answer is None:
            return replace(self.row, **texts)
        query = replace(self.query, text=texts.get("query", self.query.text))
        draft = replace(self.draft, text=texts.get("draft", self.draft.text))
        answer = replace(self.answer, text=texts.get("answer", self.answer.text))
        exercise = EXERCISES[self.row.exercise]
        try:
            checks: Sequence[Check] = exercise.verify(self.task, query, draft, answer)
        except Refused as refused:
            checks = (Check(name=refused.reason, passed=False),)
        return scored_row(exercise, self.task, query, draft, answer, checks)


class _Told:
    """Answers every request with the next reply of a transcript."""

    def __init__(self, replies: Mapping[str, Sequence[Any]]) -> None:
        self._left = {step: list(texts) for step, texts in replies.items()}

    async def ask(self, request: Any, *, step: str, **_: Any) -> Any:
        from synth_assets.exercises.base import Reply

        given = self._left[step].pop(0)
        texts = (given,) if isinstance(given, str) else tuple(given)
        return tuple(
            Reply(text=text, model="transcript", call_id=f"{step}-{number}") for number, text in enumerate(texts)
        )


@cache
def sound_transcripts() -> tuple[Sound, ...]:
    """The accepted transcripts, as rows."""
    found = []
    for path in files():
        for transcript in transcripts(path):
            if transcript.verdict != "accepted":
                continue
            exercise = EXERCISES[transcript.exercise]
            task = task_of(transcript)
            values: dict[str, Any] = {}
            checks: Sequence[Check] = ()
            told = _Told(transcript.replies)
            for step in STEPS:
                item = StepInput(task=task, query=values.get("query"), draft=values.get("draft"))
                outcome = asyncio.run(carry(exercise, step, item, told, attempts=1))
                assert not outcome.refused_reason, f"{transcript.name}: {outcome.refused_detail}"
                values[step], checks = outcome.value, outcome.checks
            found.append(
                Sound(
                    key=f"{transcript.exercise} {transcript.language} {transcript.name}",
                    row=scored_row(exercise, task, values["query"], values["draft"], values["answer"], checks),
                    scorers=exercise.scorers,
                    task=task,
                    query=values["query"],
                    draft=values["draft"],
                    answer=values["answer"],
                )
            )
    return tuple(found)


# --- question-answer pairs from leads

# A rewriting changes a word here and there, often enough that no eight words of the lead stand in a row.
_REWORDINGS: Mapping[str, str] = {
    "en": """
        is one of the = ranks among the; was one of the = ranked among the; is located in = lies in; also
        known as = otherwise called; known as = called; such as = for example; as well as = and; and is =
        while it is; and was = while it was; is an = counts as an; is a = counts as a; was an = counted as an;
        was a = counted as a; are a = form a; which is = that is; which = that; including = among them; used =
        employed; many = numerous; large = big; largest = biggest; first = earliest; most = by far the most;
        also = in addition; between = from within; the United States = America; born = brought into the world;
        based on = built upon; usually = as a rule; often = frequently; part of = a portion of; from the = out
        of the; during the = in the course of the; in the = within the; and the = together with the; by the =
        through the; of the = belonging to the; for the = on behalf of the; to the = towards the; and = plus;
        with = having; by = through
    """,
    "fr": """
        est une = constitue une; est un = constitue un; était un = constituait un; sont des = forment des; est
        le = représente le; est la = représente la; situé = placé; située = placée; né le = venu au monde le;
        née le = venue au monde le; mort le = décédé le; dans le = à l'intérieur du; dans la = à l'intérieur
        de la; principalement = surtout; également = aussi; ainsi que = et; notamment = entre autres;
        plusieurs = divers; utilisé = employé; utilisée = employée; appelé = nommé; appelée = nommée; grand =
        vaste; premier = tout premier; selon = d'après; depuis = à partir de; souvent = fréquemment; considéré
        comme = tenu pour; qui = lequel; et = puis; par = grâce à; avec = accompagné de
    """,
    "es": """
        es una = constituye una; es un = constituye un; fue una = constituyó una; fue un = constituyó un; son
        una = forman una; es el = representa el; es la = representa la; conocido como = llamado; conocida como
        = llamada; se encuentra = está; ubicado = situado; ubicada = situada; así como = y también; también =
        además; principalmente = sobre todo; utilizado = empleado; varios = diversos; durante = a lo largo de;
        desde = a partir de; hasta = llegando a; considerado = tenido por; primer = más temprano; mayor = más
        grande; grandes = enormes; dentro = en el interior; que = el cual; y = más; por = gracias a; con =
        junto con
    """,
}
_ASKED: Mapping[str, tuple[str, ...]] = {
    "en": ("What should one know about {}?", "What is worth telling of {}?", "How would you describe {}?"),
    "fr": ("Que faut-il savoir de {} ?", "Comment décririez-vous {} ?", "Que peut-on dire de {} ?"),
    "es": ("¿Qué conviene saber de {}?", "¿Cómo describirías {}?", "¿Qué se puede decir de {}?"),
}
_OPENED: Mapping[str, tuple[str, ...]] = {
    "en": ("In short, ", "Briefly put, ", "To begin with, "),
    "fr": ("En bref, ", "En résumé, ", "Pour commencer, "),
    "es": ("En resumen, ", "Brevemente, ", "Para empezar, "),
}
_PARENTHESIS = re.compile(r"\s*\([^()]*\)|\s*\[[^\[\]]*\]")
_WORD = re.compile(r"[^\W_]+")


def reworded(text: str, language: str, rng: Random) -> str:
    """The text with words and turns of phrase exchanged and remarks in brackets left out."""
    text = _PARENTHESIS.sub("", text)
    for pair in _REWORDINGS[language].split(";"):
        old, new = (" ".join(words.split()) for words in pair.split("="))
        parts = re.split(rf"(?<!\w){re.escape(old)}(?!\w)", text)
        text = parts[0] + "".join((new if rng.random() < 0.85 else old) + part for part in parts[1:])
    return text


def _grams(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return set(zip(*(words[start:] for start in range(8)), strict=False))


@cache
def sound_pairs() -> tuple[Sound, ...]:
    """Question-answer pairs made of leads; a rewriting that leaves eight words in a row too often is left out."""
    reader = VitalArticles()
    found = []
    for file in reader.files(("en", "fr", "es")):
        seeds = [seed for seed in reader.read(file) if isinstance(seed, Seed)]
        seeds.sort(key=lambda seed: hash_of("lead", seed.url))
        taken = 0
        for seed in seeds:
            if taken == LEADS_A_LANGUAGE:
                break
            rng = rng_of("pair", seed.url)
            text = " ".join(block.text for block in seed.blocks)
            sentences = [
                each for each in re.split(r"(?<=[a-zé)»]\.)\s+(?=[A-ZÉÀ])", text) if 8 <= len(each.split()) <= 45
            ]
            if len(sentences) < 3:
                continue
            chosen = sentences[: rng.randint(2, 3)]
            answer = " ".join(reworded(sentence, file.language, rng) for sentence in chosen)
            copied = len(_grams(answer) & _grams(text)) / max(1, len(_grams(answer)))
            if copied > 0.15 or not answer.endswith(".") or answer.count("[") != answer.count("]"):
                continue
            if rng.random() < 0.4:
                answer = rng.choice(_OPENED[file.language]) + answer
            query = rng.choice(_ASKED[file.language]).format(seed.title)
            found.append(
                Sound(
                    key=f"lead {seed.url}",
                    row=ScoredRow(
                        exercise="preference",
                        language=file.language,
                        query=query,
                        draft="",
                        answer=answer,
                        section_language=file.language,
                        section_title=seed.title,
                        section_text=text,
                    ),
                    scorers=PAIR_SCORERS,
                )
            )
            taken += 1
    return tuple(found)


def sound_rows() -> tuple[Sound, ...]:
    """Every sound row."""
    return (*sound_transcripts(), *sound_pairs())


# --- the twelve ways

Spoiler = Callable[[Sound, Sequence[Sound], Random], ScoredRow | None]


def _other(sound: Sound, among: Sequence[Sound], rng: Random, *, with_trace: bool = False) -> Sound | None:
    """Another row of the same exercise and language."""
    rows = [
        each
        for each in among
        if each.key != sound.key
        and (each.row.exercise, each.row.language) == (sound.row.exercise, sound.row.language)
        and (each.row.section_text != sound.row.section_text or not sound.row.section_text)
        and (each.row.draft.strip() or not with_trace)
    ]
    return rng.choice(rows) if rows else None


def swapped_answer(sound: Sound, among: Sequence[Sound], rng: Random) -> ScoredRow | None:
    """The answer to another query of the exercise, in the same language."""
    other = _other(sound, among, rng)
    return None if other is None else sound.changed(answer=other.row.answer)


def other_language(sound: Sound, among: Sequence[Sound], rng: Random) -> ScoredRow | None:
    """An answer of the same exercise in another language."""
    rows = [
        each
        for each in among
        if each.row.exercise == sound.row.exercise
        and each.row.language != sound.row.language
        and len(each.row.answer.split()) >= 12
    ]
    return sound.changed(answer=rng.choice(rows).row.answer) if rows else None


def cut(sound: Sound, among: Sequence[Sound], rng: Random) -> ScoredRow | None:
    """The answer stops in the middle of a sentence, as at the limit of tokens."""
    words = re.findall(r"\s*\S+", sound.row.answer)
    places = [n for n in range(len(words) * 3 // 10, len(words) * 8 // 10) if n >= 4 and words[n - 1][-1].isalpha()]
    return sound.changed(answer="".join(words[: rng.choice(places)])) if places and len(words) >= 10 else None


def repeated(sound: Sound, among: Sequence[Sound], rng: Random) -> ScoredRow | None:
    """The answer falls into a loop: its last sentence, or its last words, again and again."""
    sentences = re.split(r"(?<=[.!?])\s+", sound.row.answer.strip())
    last = sentences[-1] if len(sentences) > 1 else " ".join(sound.row.answer.split()[-6:])
    return sound.changed(answer=sound.row.answer + (" " + last) * rng.randint(4, 12))


_NAMES = ("Velkonian", "Tharsimund", "Oskarbridge", "Quillhaven", "Morwenstad", "Brellacourt", "Zandrovia", "Ixtlani")


def invented(sound: Sound, among: Sequence[Sound], rng: Random) -> ScoredRow | None:
    """Numbers and names from nowhere, in the place of the answer's own or beside them."""
    if not sound.row.section_text or sound.row.exercise in ("editing", "cooking"):
        return None
    answer = re.sub(r"\b\d{2,4}\b", lambda _: str(rng.randint(2_300, 9_900)), sound.row.answer)
    if answer == sound.row.answer or len(re.findall(r"\d{2,}", answer)) < 2:
        names = rng.sample(_NAMES, 2)
        inner = re.compile(r"(?<=[a-z,] )[A-ZÀ-Ý][\w'-]{2,}")
        answer = inner.sub(lambda _: rng.choice(_NAMES), answer)
        words = answer.split(" ")
        middle = len(words) // 2
        said = f"({names[0]} {names[1]}, {rng.randint(2_300, 9_900)})"
        answer = " ".join((*words[:middle], said, *words[middle:]))
    return sound.changed(answer=answer)


def copied(sound: Sound, among: Sequence[Sound], rng: Random) -> ScoredRow | None:
    """The answer is the beginning of the passage, word for word."""
    row = sound.row
    if "novelty" not in sound.scorers or not row.section_text or row.section_language != row.language:
        return None
    sentences = re.split(r"(?<=[.!?])\s+", row.section_text.strip())
    text = ""
    for sentence in sentences:
        text = f"{text} {sentence}".strip()
        if len(text.split()) >= 25:
            break
    if row.exercise == "mcq":  # the option stays, the explanation is copied
        text = f"{row.answer.splitlines()[0]}\n\n{text}"
    return sound.changed(answer=text) if len(text.split()) >= 15 else None


def wrong_result(sound: Sound, among: Sequence[Sound], rng: Random) -> ScoredRow | None:
    """The result is another one, wherever the answer states it; a multiple choice falls on another option."""
    row = sound.row
    if row.exercise == "math_exercise":
        first = row.answer.partition("\n")[0]
        numbers = re.findall(r"\d+", first)
        if not numbers:
            return None
        old = numbers[-1]
        new = str(int(old) + rng.randint(1, 9))
        return sound.changed(answer=re.sub(rf"(?<!\d){old}(?!\d)", new, row.answer))
    if row.exercise in ("math_mcq", "mcq") and sound.query is not None:
        first, _, rest = row.answer.partition("\n")
        lines = [line for line in row.query.splitlines() if re.match(r"[A-E]\. ", line)]
        wrong = [line for line in lines if line != first]
        return sound.changed(answer=f"{rng.choice(wrong)}\n{rest}") if wrong else None
    return None


def shuffled_words(sound: Sound, among: Sequence[Sound], rng: Random) -> ScoredRow | None:
    """The answer's words in another order, each with its punctuation."""
    words = sound.row.answer.split()
    if len(words) < 8:
        return None
    rng.shuffle(words)
    return sound.changed(answer=" ".join(words))


EMPTY: Mapping[str, tuple[str, ...]] = {
    "en": (
        "I'm sorry, but as an AI language model I cannot help with this request.",
        "Great question! This is an interesting and complex topic with many different aspects. It depends on various "
        "factors and on one's perspective. I hope this helps! Feel free to ask if you have more questions.",
        "There is much that could be said here. Many people hold different opinions, and each situation is "
        "unique in its "
        "own way. In the end it is important to consider everything carefully.",
    ),
    "fr": (
        "Je suis désolé, mais en tant que modèle de langage je ne peux pas répondre à cette demande.",
        "Excellente question ! C'est un sujet intéressant et complexe qui présente de nombreux aspects. "
        "J'espère que cela "
        "vous aide. N'hésitez pas à demander si vous avez d'autres questions.",
        "Il y aurait beaucoup à dire ici. Chacun a son opinion, et chaque situation demeure unique à sa "
        "façon. Il importe "
        "en fin de compte de tout considérer avec soin.",
    ),
    "de": (
        "Es tut mir leid, aber als KI-Sprachmodell kann ich dabei nicht helfen.",
        "Gute Frage! Das ist ein spannendes und vielschichtiges Thema mit zahlreichen Aspekten. Ich hoffe, das hilft. "
        "Falls Sie weitere Fragen haben, zögern Sie nicht.",
        "Dazu ließe sich vieles sagen. Jeder hat seine Meinung, und jede Lage bleibt auf ihre Weise "
        "einzigartig. Am Ende "
        "sollte man alles sorgfältig abwägen.",
    ),
    "it": (
        "Mi dispiace, ma come modello linguistico non posso aiutare con questa richiesta.",
        "Ottima domanda! È un argomento interessante e complesso con numerosi aspetti. Spero che questo sia "
        "utile. Se hai "
        "altre domande, non esitare a chiedere.",
        "Ci sarebbe molto da dire qui. Ognuno possiede la propria opinione e ciascuna situazione resta "
        "unica. Alla fine "
        "conviene valutare tutto con cura.",
    ),
    "es": (
        "Lo siento, pero como modelo de lenguaje no puedo ayudar con esta petición.",
        "¡Excelente pregunta! Es un tema interesante y complejo con numerosos aspectos. Espero que esto "
        "ayude. Si tiene "
        "más preguntas, no dude en escribir.",
        "Habría mucho que decir aquí. Cada quien tiene su opinión, y cada situación resulta única a su "
        "manera. Al final "
        "conviene considerarlo todo con cuidado.",
    ),
    "pl": (
        "Przykro mi, ale jako model językowy nie mogę pomóc w tej sprawie.",
        "Świetne pytanie! To ciekawy i złożony temat, który posiada wiele różnych stron. Mam nadzieję, że to pomoże. "
        "Jeśli masz inne pytania, proszę pytać.",
        "Wiele można by tutaj powiedzieć. Każdy ma swoje zdanie, a każda sytuacja pozostaje na swój sposób "
        "wyjątkowa. W "
        "końcu warto wszystko starannie rozważyć.",
    ),
    "nl": (
        "Het spijt me, maar als taalmodel kan ik niet helpen met dit verzoek.",
        "Goede vraag! Dit is een interessant en ingewikkeld onderwerp met talrijke kanten. Ik hoop dat dit "
        "helpt. Als u "
        "nog vragen hebt, aarzel niet.",
        "Hierover valt veel te zeggen. Iedereen heeft een eigen mening, en elke situatie blijft op haar manier uniek. "
        "Uiteindelijk moet men alles zorgvuldig afwegen.",
    ),
    "la": (
        "Me paenitet, sed machina sum et in hac re adiuvare non possum.",
        "Optima quaestio! Haec res iucunda atque difficilis est et multas partes habet. Spero haec prodesse. Si plura "
        "quaerere vis, noli dubitare.",
        "Multa hic dici possent. Quisque suam sententiam habet, et omnis condicio suo modo singularis manet. Denique "
        "omnia diligenter consideranda sunt.",
    ),
}


def empty_talk(sound: Sound, among: Sequence[Sound], rng: Random) -> ScoredRow | None:
    """A refusal, politeness, or a text that would fit any question."""
    return sound.changed(answer=rng.choice(EMPTY[sound.row.language]))


def trace_of_another(sound: Sound, among: Sequence[Sound], rng: Random) -> ScoredRow | None:
    """The reasoning of another query of the exercise, in the same language."""
    if not sound.row.draft.strip():
        return None
    other = _other(sound, among, rng, with_trace=True)
    return None if other is None else sound.changed(draft=other.row.draft)


def broken_markup(sound: Sound, among: Sequence[Sound], rng: Random) -> ScoredRow | None:
    """The trace loses its notation, or the answer runs into the markup of a chat template or leaves a tag open."""
    draft, answer = sound.row.draft, sound.row.answer
    way = rng.randrange(3)
    if way == 0 and "notation" in sound.scorers:
        return sound.changed(draft=re.sub(r"[∴→●◐○※☐☑↺├└─✓⚠]|⟨[^⟩]*⟩", "", draft))
    if way == 1 and "</ref>" in answer:
        return sound.changed(answer=answer.replace("</ref>", "", 1))
    tail = rng.choice(
        ("<|im_end|>\n<|im_start|>user", "\n</think>", "\n```python\nprint(", "\n### Response:", " [/INST]")
    )
    return sound.changed(answer=answer + tail)


def garbled(sound: Sound, among: Sequence[Sound], rng: Random) -> ScoredRow | None:
    """UTF-8 read as Latin-1 where the answer has letters for it, else stray signs inside words."""
    answer = sound.row.answer
    if any("\xc0" <= character <= "\u017f" for character in answer) and rng.random() < 0.7:
        read_wrongly = "".join(
            character if ord(character) < 128 else character.encode().decode("cp1252", "replace")
            for character in answer
        )
        return sound.changed(answer=read_wrongly)
    words = answer.split(" ")
    for place in range(len(words)):
        if len(words[place]) >= 4 and rng.random() < 0.3:
            inside = rng.randint(1, len(words[place]) - 2)
            words[place] = words[place][:inside] + rng.choice("#~^|¤§%\\") + words[place][inside:]
    return sound.changed(answer=" ".join(words))


SPOILERS: Mapping[str, Spoiler] = {
    spoiler.__name__: spoiler
    for spoiler in (
        swapped_answer, other_language, cut, repeated, invented, copied, wrong_result, shuffled_words, empty_talk,
        trace_of_another, broken_markup, garbled,
    )
}  # fmt: skip


def spoiled(kind: str, rows: Sequence[Sound]) -> list[tuple[Sound, ScoredRow]]:
    """Every row spoiled in one way, with the row it was; rows that the way makes no sense for are left out."""
    found = []
    for sound in rows:
        row = SPOILERS[kind](sound, rows, rng_of("spoil", kind, sound.key))
        if row is not None and (row.answer, row.draft) != (sound.row.answer, sound.row.draft):
            found.append((sound, row))
    return found
