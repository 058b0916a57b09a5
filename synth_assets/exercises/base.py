"""What an exercise is: pure methods that draw, ask, read and verify.

A *step* (query, draft, answer) is either a plain value, when a program makes it, or a generator that yields
`Request`s and receives their replies:

    def make_query(self, task):
        (reply,) = yield Request(role="query", messages=user(render("memorization/query", ...)))
        return Query(text=reply.text.strip())

- Yield one `Request` with `n` samples: a tuple of n `Reply` comes back.
- Yield a list of `Request`s: a list of such tuples comes back, in order; they are asked side by side.
- `return` the step's value, or raise `Refused(reason, detail, retry=...)`.

A generator must be deterministic given the task, the attempt's generator and the replies: a killed run resumes by
replaying the stored replies through a fresh generator. So forty-turn dialogues, rounds of evolution and best-of-N need
no other machinery. An exercise does no input or output; all randomness comes from `task.rng(...)`.
"""

import random
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from synth_assets.exercises.constraints import draw_constraints
from synth_assets.identity import hash_of, rng_of
from synth_assets.prompts import Rendered

Role = Literal["query", "reasoning", "answer", "judge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A piece of text in a message."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture in a message: base64 data of the given media type ("image/png")."""

    media_type: str
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    parts: tuple[Text | Image, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question to a language model.

    Attributes:
        role: which of the recipe's models answers.
        messages: the conversation so far.
        templates: "<name>@<sha256>" of every template the messages came from, for the row's fingerprint.
        n: samples wanted; each is a call of its own, with its own key and sampling seed.
        max_tokens: most tokens of one reply.
        temperature, top_p: None leaves them to the recipe's model entry.
        stop: the reply ends before any of these.
        schema: JSON schema of the reply, applied where the endpoint has structured replies.
        grammar: GBNF grammar of the reply, applied where the endpoint has grammars (llama.cpp).
        logprobs: ask for token log-probabilities.
        accept_truncated: a reply cut at max_tokens is handed to the reader; otherwise it is refused as "truncated".
    """

    role: Role
    messages: tuple[Message, ...]
    templates: tuple[str, ...] = ()
    n: int = 1
    max_tokens: int = 512
    temperature: float | None = None
    top_p: float | None = None
    stop: tuple[str, ...] = ()
    schema: Mapping[str, Any] | None = None
    grammar: str | None = None
    logprobs: bool = False
    accept_truncated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One sampled answer of a model.

    `logprobs` is a tuple of (token, natural-log probability) where they were asked for and the endpoint gave them.
    """

    text: str
    model: str
    call_id: str
    finish_reason: str = "stop"
    prompt_tokens: int = 0
    completion_tokens: int = 0
    logprobs: tuple[tuple[str, float], ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A section of an article, as an exercise sees it. Its text is untrusted data."""

    section_id: str
    url: str
    title: str
    heading: str
    language: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolItem:
    """An earlier accepted output of the same exercise and language, frozen at the start of the round."""

    candidate_id: str
    query: str
    answer: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One candidate as its exercise sees it.

    Attributes:
        candidate_id: hash of what made it.
        language: ISO 639-1 code of query and answer ("la" is Latin); reasoning traces are English.
        constraints: the draw, axis -> value.
        section: the seed section; None for exercises that take none.
        neighbours: nearest other passages, nearest first; as many as the exercise's `neighbours` asks for, or fewer.
        pool: earlier outputs, for exercises with `uses_pool`.
        pass_number: which pass over the section (or template) this is, from 0.
        attempt: which try of the current step this is, from 0.
    """

    candidate_id: str
    exercise: str
    language: str
    constraints: Mapping[str, str]
    section: Passage | None = None
    neighbours: tuple[Passage, ...] = ()
    pool: tuple[PoolItem, ...] = ()
    pass_number: int = 0
    attempt: int = 0

    def rng(self, purpose: str) -> random.Random:
        """A generator of this candidate for one purpose ("shuffle"), the same at every replay."""
        return rng_of(self.candidate_id, purpose)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked. `payload` keeps what later steps and verification need: options, gold answer, template values."""

    text: str
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The reasoning trace; empty for exercises that have none."""

    text: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is answered: text, and for other rows a typed payload (messages, a preference pair, columns of its own)."""

    text: str
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that code verified. `name` is snake_case and becomes the refusal's reason when it failed."""

    name: str
    passed: bool
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateRule:
    """With what a row is compared, and how.

    kind "exact" compares the key itself; kind "embedding" compares the cosine of the keys' embeddings with the
    threshold. Under either kind, texts that share `lexical_threshold` of their runs of words (`quality/minhash.py`)
    match too, where one is given. Rows of one family and language are compared with each other; matches across families
    are recorded only.
    """

    kind: Literal["exact", "embedding"]
    family: str
    threshold: float = 1.0
    lexical_threshold: float | None = None


Asked = Request | Sequence[Request]
Step = Generator[Asked, Any, Any]


class Exercise:
    """One generation method. Subclass it in a file of its own and add an instance to the registry.

    Class attributes:
        name: partition key, snake_case, never changed once published.
        label: value of the published `exercise` column (SYNTH's published labels use spaces).
        version: raised when the method changes enough that old rows should be replaced.
        source: the paper or project the method comes from.
        axes: axis -> value -> share of what `draw` draws by chance; a recipe may replace the shares of any of them.
        uses_section: False when the program or the model needs no article.
        neighbours: how many neighbouring passages a task carries.
        distinct_draws: how many passes over one source have draws of their own; after that its neighbours vary.
        uses_pool: True when a task carries earlier outputs of the exercise.
        duplicate_rule: see `DuplicateRule`.
        scorers: names of the quality scorers that apply.
        refusals: every reason this exercise can refuse with, for readers and tests.
    """

    name: str
    label: str
    version: int = 1
    source: str
    axes: Mapping[str, Mapping[str, float]] = MappingProxyType({})
    uses_section: bool = True
    neighbours: int = 1
    distinct_draws: int = 1
    uses_pool: bool = False
    duplicate_rule: DuplicateRule
    scorers: frozenset[str] = frozenset(
        {
            "verifier",
            "length",
            "notation",
            "format",
            "language",
            "boilerplate",
            "repetition",
            "word_order",
            "grounding",
            "trace_grounding",
            "novelty",
            "relevance",
            "trace_relevance",
            "readability",
        }
    )
    refusals: frozenset[str] = frozenset()

    def templates(self) -> tuple[str, ...]:
        """Ids of the program's templates, for exercises without a section; a pass goes over each once."""
        return ()

    def draw(
        self, *, key: str, pass_number: int, language: str, priors: Mapping[str, Mapping[str, float]]
    ) -> dict[str, str]:
        """The constraint draw of one pass: axis -> value. `key` is the section's content hash or the template id.

        Must be a pure function of its arguments. The default draws the combinations of `axes` without replacement (see
        `draw_constraints`), and nothing where there are none.
        """
        if not self.axes:
            return {}
        return draw_constraints(key=key, pass_number=pass_number, language=language, priors=priors, axes=self.axes)

    def calls_by_role(self, constraints: Mapping[str, str]) -> Mapping[Role, int]:
        """How many calls a candidate of this draw makes of each role, when nothing is refused; {} of a program's row.

        For `synth-assets plan`, which says what a recipe takes before anything is spent.
        """
        return {"query": 1, "reasoning": 1, "answer": 1}

    def make_query(self, task: Task) -> Step | Query:
        """The query, or a generator that asks for it."""
        raise NotImplementedError(f"{type(self).__name__} must define make_query")

    def make_draft(self, task: Task, query: Query) -> Step | Draft:
        """The reasoning trace, or a generator that asks for it. The default has none."""
        return Draft()

    def make_answer(self, task: Task, query: Query, draft: Draft) -> Step | Answer:
        """The answer, or a generator that asks for it."""
        raise NotImplementedError(f"{type(self).__name__} must define make_answer")

    def verify(self, task: Task, query: Query, draft: Draft, answer: Answer) -> tuple[Check, ...]:
        """Everything that code can verify about the finished row; one failed check refuses it."""
        return ()

    def in_language(self, query: Query, answer: Answer) -> tuple[str, str]:
        """What of query and answer is prose in the cell's language, for the language scorer; by default all of both.

        A query that bears a passage to translate leaves the passage out, an answer in JSON is empty.
        """
        return query.text, answer.text

    def duplicate_key(self, query: Query, answer: Answer) -> str:
        """What is compared for duplicates: by default query and answer, one after the other."""
        return f"{query.text}\n\n{answer.text}"

    def published_constraints(self, task: Task, query: Query) -> str:
        """The `constraints` column of the published row: "axis:value, axis:value"."""
        return ", ".join(f"{axis}:{value}" for axis, value in task.constraints.items())

    def published_script(self, task: Task, query: Query) -> str:
        """The `script` column of the published row: the name of the program's template, or empty."""
        return ""


def prompt(role: Role, rendered: Rendered, *, system: Rendered | None = None, **settings: Any) -> Request:
    """A `Request` of one user message (after a system message, if one is given), with its templates noted.

    `settings` are the other fields of `Request`.
    """
    messages = [Message(role="user", parts=(Text(text=rendered.text),))]
    templates = [f"{rendered.template}@{rendered.sha256}"]
    if system is not None:
        messages.insert(0, Message(role="system", parts=(Text(text=system.text),)))
        templates.insert(0, f"{system.template}@{system.sha256}")
    return Request(role=role, messages=tuple(messages), templates=tuple(templates), **settings)


def candidate_id(*, exercise: str, version: int, source: str, language: str, pass_number: int, seed: int) -> str:
    """Hash of (exercise, version, section content hash or template id, language, pass, seed)."""
    return hash_of("candidate", exercise, version, source, language, pass_number, seed)
