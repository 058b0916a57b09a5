"""The notation's grammar: what the parser reads, what the linter finds, and that what we show and make keeps it."""

import random
import re

import pytest
import yaml

from synth_assets.exercises.notation_grammar import trace_grammar
from synth_assets.notation import ENTROPY_MARK, MARKS, PROBLEMS, PUBLISHED_SHARES, lint, mark_shares, parse_trace
from synth_assets.prompts import PROMPT_ROOT
from tests.transcripts.transcript import FOLDER, files, play, transcripts

TRACE = """### 1. Task Analysis
├─ asks → when the lock was first described ●
│  ├─ place: China
│  └─ ⚠ unit → a year, NOT a reign
└─ kind → one date ◐
### 2. Recall
● Qiao Weiyue built two gates on the Grand Canal.
◐ The canal ran near Huai'an ⟨H≈0.7⟩
※ Two gates make a chamber → the boat is lifted without a slope
≈ fifty paces between the gates ?maybe? more
### 3. Verification
✓ The Song dynasty had begun by then.
☐ the exact month BUT it is not asked
∴ The pound lock goes back to 984. ⟨H≈0.2⟩"""


def names(text):
    return [problem.name for problem in lint(parse_trace(text))]


def test_a_trace_is_read_into_sections_tree_lines_and_conclusion():
    trace = parse_trace(TRACE)
    assert [(section.number, section.title) for section in trace.sections] == [
        (1, "Task Analysis"), (2, "Recall"), (3, "Verification"),
    ]  # fmt: skip
    assert [(branch.depth, branch.closes, branch.key, branch.value) for branch in trace.tree] == [
        (0, False, "asks", "when the lock was first described"),
        (1, False, "place", "China"),
        (1, True, "unit", "a year, NOT a reign"),
        (0, True, "kind", "one date"),
    ]
    assert [branch.confidence for branch in trace.tree] == ["high", "", "", "medium"]
    assert [branch.warns for branch in trace.tree] == [False, False, True, False]
    recalled = trace.sections[1].lines
    assert [(line.marks, line.confidence) for line in recalled] == [
        ("●", "high"),
        ("◐", "medium"),
        ("※", ""),
        ("≈", ""),
    ]
    assert recalled[0].text == "Qiao Weiyue built two gates on the Grand Canal."
    assert trace.conclusion.startswith("The pound lock goes back to 984.")
    assert trace.concludes_last
    assert lint(trace) == ()


def test_marks_entropies_connectives_and_speculations_are_counted():
    trace = parse_trace(TRACE)
    assert [(entropy.line, entropy.value) for entropy in trace.entropies] == [(7, 0.7), (13, 0.2)]
    assert trace.confidences == {"high": 2, "medium": 2, "low": 0}
    assert (trace.derivations, trace.connectives, trace.speculations) == (4, 2, 1)
    assert trace.counts["≈"] == 1  # those of the entropies are no approximations
    assert trace.counts[ENTROPY_MARK] == 2


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("### 1. A\nnothing follows\n∴ 30 m", "no_derivation"),
        ("a →\n∴ 30 m", "no_derivation"),
        ("a → b", "no_conclusion"),
        ("∴ 30 m\na → b", "no_conclusion"),
        ("a → b ⟨H≈1.9⟩\n∴ b", "entropy_out_of_range"),
        ("a → b ⟨H≈0.05⟩\n∴ b", "entropy_out_of_range"),
        ("a → b ⟨H≈much⟩\n∴ b", "entropy_unreadable"),
        ("a → b, see en.wikipedia.org\n∴ b", "url_leaked"),
        ("├─ a → b\n├─ c → d\n∴ b", "broken_tree"),
        ("├─ a → b\n│  ├─ c → d\n└─ e → f\n∴ b", "broken_tree"),
        ("└─ a → b\n├─ c → d\n└─ e → f\n∴ b", "broken_tree"),
        ("├─ →\n└─ c → d\n∴ b", "broken_tree"),
        ("a → b\n●\n∴ b", "empty_mark"),
        ("### 1. A\na → b\n### 3. B\n∴ b", "sections_out_of_order"),
        ("### 2. A\na → b\n∴ b", "sections_out_of_order"),
    ],
)
def test_each_break_of_the_grammar_has_its_name(text, problem):
    assert names(text) == [problem]


@pytest.mark.parametrize(
    "text",
    [
        "a → b\n**All agrees ∴ b**",
        "├─ a → b\n└─ c → d\nweighed\n├─ e → f\n└─ g → h\n∴ b",
        "└─ a → b\n∴ b",
        "├─ a: b\n│   └─ c: d\n└─ e: f → g\n∴ b",
        "## Plan\na → b\n∴ b",
    ],
)
def test_other_ways_of_keeping_it_are_no_problem(text):
    assert names(text) == []


def test_the_linter_names_nothing_that_is_not_listed():
    assert set(names("http://x.org ⟨H≈9⟩ ⟨H≈z⟩\n├─\n●\n### 7. x")) == set(PROBLEMS)


@pytest.mark.parametrize("number", range(60))
def test_no_text_is_too_strange_to_read(number):
    rng = random.Random(number)
    signs = [
        *MARKS,
        "⟨H≈",
        "⟩",
        "\n",
        "###",
        "1.",
        ":",
        " ",
        "a",
        "ß",
        "\u202e",
        "\x00",
        "\ud800",
        "🂡",
        "│  ",
        "\u2028",
    ]
    text = "".join(rng.choice(signs) for _ in range(rng.randint(0, 120)))
    assert set(names(text)) <= set(PROBLEMS)


def test_shares_of_marks_stand_beside_the_published_ones():
    shares = {share.mark: share for share in mark_shares([TRACE, "a → b\n∴ b"])}
    assert list(shares) == list(PUBLISHED_SHARES)
    assert (shares["→"].share, shares["→"].published) == (1.0, 0.917)
    assert (shares["※"].share, shares["↺"].share, shares[ENTROPY_MARK].share) == (0.5, 0.0, 0.5)
    assert all(share.share == 0 for share in mark_shares([]))


# --- what we make and show


def generated(grammar, rng):
    """A text of a GBNF grammar, its choices and repetitions drawn by `rng`."""
    rules = dict(re.fullmatch(r"(\w+) ::= (.*)", line).groups() for line in grammar.strip().splitlines())
    token = re.compile(r'"(?:\\.|[^"\\])*"|\[(?:\\.|[^\]\\])*\]|\w+|[()|?*+]|\{\d+(?:,\d*)?\}|\s+')

    def expand(source):
        parts = [part for part in token.findall(source) if not part.isspace()]
        text, rest = alternatives(parts)
        assert rest == []
        return text

    def alternatives(parts):
        choices, current = [], []
        while parts and parts[0] != ")":
            if parts[0] == "|":
                choices.append(current)
                current, parts = [], parts[1:]
                continue
            item, parts = parts[0], parts[1:]
            if item == "(":
                depth, inner = 1, []
                while depth:
                    depth += {"(": 1, ")": -1}.get(parts[0], 0)
                    inner.append(parts[0])
                    parts = parts[1:]
                item = ("group", inner[:-1])
            repeat = parts[0] if parts and (parts[0] in "?*+" or parts[0].startswith("{")) else ""
            parts = parts[1:] if repeat else parts
            current.append((item, repeat))
        choices.append(current)
        return "".join(one(item, repeat) for item, repeat in rng.choice(choices)), parts

    def one(item, repeat):
        least, most = {"": (1, 1), "?": (0, 1), "*": (0, 4), "+": (1, 4)}.get(repeat) or bounds(repeat)
        return "".join(single(item) for _ in range(rng.randint(least, most)))

    def bounds(repeat):
        least, _, most = repeat[1:-1].partition(",")
        return int(least), min(int(most or least), int(least) + 5)

    def single(item):
        if isinstance(item, tuple):
            return alternatives(item[1])[0]
        if item.startswith('"'):
            return item[1:-1].replace("\\n", "\n").replace('\\"', '"')
        if item.startswith("["):
            return rng.choice("aeintrs") if "a-z" in item else rng.choice("123456789" if "1-9" in item else "012345678")
        return expand(rules[item])

    return expand(rules["root"])


@pytest.mark.parametrize("number", range(20))
@pytest.mark.parametrize("complexity", ["simple", "moderate", "complex"])
def test_whatever_the_grammar_lets_a_small_model_write_keeps_the_notation(complexity, number):
    text = generated(trace_grammar(complexity), random.Random(number))
    assert text.startswith("### 1. Task Analysis")
    assert names(text) == [], text


def drafts_of(node):
    """Every value of a key `draft` in parsed YAML."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "draft" and isinstance(value, str):
                yield value
            else:
                yield from drafts_of(value)
    elif isinstance(node, list):
        for value in node:
            yield from drafts_of(value)


@pytest.mark.parametrize("path", sorted(PROMPT_ROOT.glob("*/examples.jinja")), ids=lambda path: path.parent.name)
def test_every_worked_example_keeps_the_notation(path):
    parsed = yaml.safe_load(re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL))
    drafts = list(drafts_of(parsed))
    assert {draft: names(draft) for draft in drafts if names(draft)} == {}


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(FOLDER)))
def test_every_trace_of_a_good_transcript_keeps_the_notation(path):
    good = [
        play(transcript).made.get("draft", "") for transcript in transcripts(path) if transcript.verdict == "accepted"
    ]
    assert {draft: names(draft) for draft in good if draft and names(draft)} == {}
