"""SYNTH's reasoning notation: what a trace is made of, read back from its text.

Source: PleIAs/SYNTH, the dataset card's table of marks and its shares over 1,000 published rows; arXiv 2609.37891.

    trace      = { heading | branch | line } , conclusion ;
    heading    = "###" , [ number , "." ] , title ;
    branch     = { "│" | space } , ( "├─" | "└─" ) , part ;      (* └─ closes its level of the tree *)
    part       = [ "⚠" ] , [ key , ( "→" | ":" ) ] , value , { confidence | entropy } ;
    line       = { mark } , text , { confidence | entropy } ;
    mark       = "●" | "◐" | "○" | "※" | "≈" | "⚠" | "✓" | "☐" | "☑" | "↺" | "→" | "∴" ;
    confidence = "●" (* high *) | "◐" (* medium *) | "○" (* low *) ;
    entropy    = "⟨H≈" , number , "⟩" ;                          (* simulated, 0.1 to 1.8 *)
    conclusion = text , "∴" , text ;                             (* the last line *)

The parser is total: it never refuses a text, what it cannot place is a plain line. `lint` says what breaks the grammar;
which of that refuses a row is for a scorer to decide. The published marks ? and ! are ordinary punctuation too, and
only "?maybe?" is told from it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

MARKS = "→∴●◐○≈※⚠✓☐☑↺├└─│"
CONFIDENCE: Mapping[str, str] = MappingProxyType({"●": "high", "◐": "medium", "○": "low"})
LOWEST_ENTROPY, HIGHEST_ENTROPY = 0.1, 1.8

ENTROPY_MARK = "⟨H⟩"
# Share of 1,000 published traces that bear the mark; signs of the grammar that the card gives none for are left out.
PUBLISHED_SHARES: Mapping[str, float] = MappingProxyType(
    {
        "→": 0.917, "∴": 0.753, "●": 0.697, "◐": 0.544, "○": 0.343, "≈": 0.443, "※": 0.441, ENTROPY_MARK: 0.356,
        "⚠": 0.307, "✓": 0.205, "☐": 0.05, "☑": 0.05, "↺": 0.003,
    }
)  # fmt: skip

_HEADING = re.compile(r"#{1,6}\s*(?:(\d+)\s*[.)]\s*)?(.*)")
_BRANCH = re.compile(r"(?P<indent>[\s│|]*)(?P<elbow>[├└])[─-]*\s*(?P<part>.*)")
_KEYED = re.compile(r"(?P<key>[^→:∴\n]{1,60}?)\s*(?:→|:)\s*(?P<value>.*\S)")
_ENTROPY = re.compile(r"[⟨<〈]\s*H\s*[≈=~:]\s*([^⟩>〉\n]{0,40})[⟩>〉]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_DERIVATION = re.compile(r"→[^→∴\n]*\w")
_URL = re.compile(
    r"\b(?:https?|ftp)://|\bwww\.\w|\b\w+\.wiki(?:pedia|books|data|source)\.org\b|\bwikipedia\.org\b", re.I
)
_CONNECTIVE = re.compile(r"\b(?:AND|OR|NOT|BUT)\b")
_MAYBE = re.compile(r"\?\s*maybe\s*\?", re.I)
_OPENING_MARKS = re.compile(r"^[●◐○※≈⚠✓☐☑↺→∴\s]+")
_SAID = re.compile(r"\w")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entropy:
    """One simulated entropy: `value` is None where what stands there is no number. `line` counts from 0."""

    line: int
    written: str
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One branch of the requirement tree.

    `depth` counts from 0; `closes` says that it is the last of its level (└─); `key` is empty where the branch has
    none; `confidence` is "high", "medium", "low" or empty; `warns` says that it bears ⚠.
    """

    line: int
    depth: int
    closes: bool
    key: str
    value: str
    confidence: str
    warns: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line that is neither heading nor branch: the marks it opens with, what it says, how sure it is of it."""

    line: int
    marks: str
    text: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What stands under one heading; `number` is None where the heading has none, the title empty before the first."""

    number: int | None
    title: str
    tree: tuple[Branch, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A trace as it was read.

    Attributes:
        sections: in their order; text before the first heading is a section without title.
        derivations: how many → lead to something that is said.
        confidences: "high", "medium", "low" -> how often.
        entropies: in their order.
        counts: every mark of `MARKS` that occurs, and `ENTROPY_MARK`, with how often.
        connectives: how many AND, OR, NOT, BUT.
        speculations: how many ?maybe?.
        conclusion: what the last ∴ of the trace concludes with, or empty.
        concludes_last: whether that stands in the last line.
        leak: the beginning of an address that the trace gives away, or empty.
    """

    sections: tuple[Section, ...]
    derivations: int
    confidences: Mapping[str, int]
    entropies: tuple[Entropy, ...]
    counts: Mapping[str, int]
    connectives: int
    speculations: int
    conclusion: str
    concludes_last: bool
    leak: str

    @property
    def tree(self) -> tuple[Branch, ...]:
        """All branches of all sections."""
        return tuple(branch for section in self.sections for branch in section.tree)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One break of the grammar: snake_case name, and what was found."""

    name: str
    detail: str


PROBLEMS = (
    "no_derivation",
    "no_conclusion",
    "entropy_out_of_range",
    "entropy_unreadable",
    "url_leaked",
    "broken_tree",
    "empty_mark",
    "sections_out_of_order",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkShare:
    """A mark, the share of traces that bear it, and SYNTH's published share of the same."""

    mark: str
    share: float
    published: float


def parse_trace(text: str) -> Trace:
    """Read a trace; see the module for the grammar. Any text gives a `Trace`."""
    sections: list[tuple[int | None, str, list[Branch], list[Line]]] = [(None, "", [], [])]
    entropies: list[Entropy] = []
    lines = text.strip().splitlines()
    for number, raw in enumerate(lines):
        entropies.extend(
            Entropy(line=number, written=written.strip(), value=_value(written)) for written in _ENTROPY.findall(raw)
        )
        plain = raw.strip()
        if not plain:
            continue
        if plain.startswith("#") and (heading := _HEADING.fullmatch(plain)):
            sections.append((int(heading[1][:9]) if heading[1] else None, heading[2].strip(), [], []))
        elif branch := _BRANCH.fullmatch(raw):
            sections[-1][2].append(_branch(number, branch))
        else:
            sections[-1][3].append(_line(number, plain))
    without_entropies = _ENTROPY.sub("", text)  # its ≈ is no approximation
    counts = {mark: without_entropies.count(mark) for mark in MARKS}
    counts[ENTROPY_MARK] = len(entropies)
    concluding = [line for line in lines if "∴" in line]
    last = lines[-1] if lines else ""
    leak = _URL.search(text)
    return Trace(
        sections=tuple(
            Section(number=number, title=title, tree=tuple(tree), lines=tuple(found))
            for number, title, tree, found in sections
            if title or number is not None or tree or found
        ),
        derivations=len(_DERIVATION.findall(text)),
        confidences={said: without_entropies.count(mark) for mark, said in CONFIDENCE.items()},
        entropies=tuple(entropies),
        counts={mark: count for mark, count in counts.items() if count},
        connectives=len(_CONNECTIVE.findall(text)),
        speculations=len(_MAYBE.findall(text)),
        conclusion=concluding[-1].rpartition("∴")[2].strip(" *") if concluding else "",
        concludes_last="∴" in last and bool(_SAID.search(last)),
        leak=text[leak.start() : leak.start() + 60].split()[0] if leak else "",
    )


def lint(trace: Trace) -> tuple[Problem, ...]:
    """Every break of the grammar, in the order of `PROBLEMS`."""
    found: list[Problem] = []
    if not trace.derivations:
        found.append(Problem(name="no_derivation", detail="no → leads to anything"))
    if not trace.concludes_last:
        found.append(Problem(name="no_conclusion", detail=f"the last conclusion is {trace.conclusion[:60]!r}"))
    for entropy in trace.entropies:
        if entropy.value is None:
            found.append(Problem(name="entropy_unreadable", detail=f"{entropy.written[:40]!r}"))
        elif not LOWEST_ENTROPY <= entropy.value <= HIGHEST_ENTROPY:
            found.append(Problem(name="entropy_out_of_range", detail=f"{entropy.value:g}"))
    if trace.leak:
        found.append(Problem(name="url_leaked", detail=trace.leak))
    for section in trace.sections:
        found.extend(_broken_tree(section.tree))
        found.extend(
            Problem(name="empty_mark", detail=f"line {line.line + 1} says nothing after {line.marks!r}")
            for line in section.lines
            if line.marks and not _SAID.search(line.text)
        )
    numbers = [section.number for section in trace.sections if section.number is not None]
    if numbers != list(range(1, len(numbers) + 1)):
        found.append(Problem(name="sections_out_of_order", detail=", ".join(map(str, numbers))))
    return tuple(sorted(found, key=lambda problem: PROBLEMS.index(problem.name)))


def mark_shares(traces: Iterable[str]) -> list[MarkShare]:
    """The share of the traces that bear each mark, beside SYNTH's published shares; of no traces all shares are 0."""
    bearing = dict.fromkeys(PUBLISHED_SHARES, 0)
    total = 0
    for text in traces:
        total += 1
        counts = parse_trace(text).counts
        for mark in bearing:
            bearing[mark] += mark in counts
    return [
        MarkShare(mark=mark, share=count / max(1, total), published=PUBLISHED_SHARES[mark])
        for mark, count in bearing.items()
    ]


def _value(written: str) -> float | None:
    number = _NUMBER.fullmatch(written.strip())
    return float(number[0].replace(",", ".")) if number else None


def _confidence(text: str) -> str:
    """How sure the text is of itself: the mark it ends with, else the one it opens with."""
    stripped = _ENTROPY.sub("", text).strip()
    for mark in (stripped[-1:], stripped[:1]):
        if mark in CONFIDENCE:
            return CONFIDENCE[mark]
    return ""


def _branch(number: int, match: re.Match[str]) -> Branch:
    part = match["part"].strip()
    said = _ENTROPY.sub("", part).strip(" ●◐○⚠")
    keyed = _KEYED.fullmatch(said)
    # one level is a bar with its space, or as many spaces
    depth = (len(match["indent"].expandtabs(3)) + 1) // 3
    return Branch(
        line=number,
        depth=depth,
        closes=match["elbow"] == "└",
        key=keyed["key"].strip() if keyed else "",
        value=keyed["value"].strip() if keyed else said,
        confidence=_confidence(part),
        warns="⚠" in part,
    )


def _line(number: int, text: str) -> Line:
    opening = _OPENING_MARKS.match(text)
    marks = "".join(opening[0].split()) if opening else ""
    return Line(
        line=number, marks=marks, text=text[len(opening[0]) :] if opening else text, confidence=_confidence(text)
    )


def _broken_tree(tree: tuple[Branch, ...]) -> list[Problem]:
    """A level that is not closed, or goes on after it was; branches that say nothing."""
    found = []
    open_levels: dict[int, int] = {}  # depth -> line of its last branch that did not close it
    closed: set[int] = set()
    before = -1
    for branch in tree:
        deeper = {depth for depth in open_levels if depth > branch.depth}
        for depth in sorted(deeper):
            line = open_levels.pop(depth) + 1
            found.append(Problem(name="broken_tree", detail=f"the level of line {line} is not closed by └─"))
        closed -= {depth for depth in closed if depth > branch.depth}
        # a new tree may begin after one that was closed at its root, when other lines stand between
        if branch.depth in closed and branch.line == before + 1:
            found.append(Problem(name="broken_tree", detail=f"line {branch.line + 1} follows the └─ of its level"))
        closed.discard(branch.depth)
        if branch.closes:
            open_levels.pop(branch.depth, None)
            closed.add(branch.depth)
        else:
            open_levels[branch.depth] = branch.line
        if not _SAID.search(f"{branch.key}{branch.value}"):
            found.append(Problem(name="broken_tree", detail=f"the branch in line {branch.line + 1} says nothing"))
        before = branch.line
    found.extend(
        Problem(name="broken_tree", detail=f"the level of line {line + 1} is not closed by └─")
        for line in open_levels.values()
    )
    return found
