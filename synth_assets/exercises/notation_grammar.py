"""GBNF (llama.cpp) of SYNTH's reasoning notation, and the small pieces other grammars are made of.

A grammar keeps a small model to the form and bounds its length; what stands in the slots is the model's. Endpoints
without grammars get the same request without it, so every reader accepts the same text freely written.
"""

from collections.abc import Sequence

# Character ranges in GBNF's own escapes: quoted queries and formulas, but no stray symbols.
_ACCENTED, _GREEK = "\\u00c0-\\u017f", "\\u0370-\\u03ff"

# Most recall steps and verification lines of a trace, and most characters of a paragraph, by the complexity drawn.
_STEPS = {"moderate": (5, 2), "complex": (9, 4)}
# Most words of a line after its first.
_SLOT = {"simple": 17, "moderate": 25, "complex": 25}
# What words are made of; without the period where a line is one sentence.
_ALL = f'!\\"%-;=?A-Za-z{_ACCENTED}{_GREEK}'
_WORD = {"simple": f'!\\"%--/-;=?A-Za-z{_ACCENTED}{_GREEK}', "moderate": _ALL, "complex": _ALL}
_PARAGRAPH = {"moderate": 800, "complex": 900}


def literal(text: str) -> str:
    """Text as a GBNF literal."""
    escaped = text
    for plain, written in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        escaped = escaped.replace(plain, written)
    return f'"{escaped}"'


def one_of(texts: Sequence[str]) -> str:
    """A GBNF group that is one of the texts."""
    return f"({' | '.join(literal(text) for text in texts)})"


def trace_grammar(complexity: str, *, conclusion: str = "stated", facts: Sequence[str] = ()) -> str:
    """The grammar of a trace: task analysis as a tree, recall, verification, and a last line with ∴.

    Every mark that is forced opens its line (in the tree, after a short key): a small model runs on to the length limit
    when it must find its own way to an arrow in the middle of a sentence.
    `conclusion` is the rule for what follows "∴ ", for exercises that know its form. `facts` are English sentences of
    which the first recalled line is one: it keeps a small model to what is true, and the model chooses which.
    """
    first = f'"● " {one_of(facts)} "\\n"' if facts else "recall"
    if complexity == "simple":
        # One branch that asks and one that names the kind of answer, one fact, one short check: left to choose its own
        # parts, a small model wanders, and a line of reasoning after its one fact comes back in check and conclusion.
        tree = '"├─ asks → " part "\\n" "└─ kind → " part sure? "\\n" '
        recall, verification = "first ", '"✓ " brief "\\n" '
    else:
        steps, checks = _STEPS[complexity]
        tree = "branch{1,2} leaf "
        recall, verification = f'first recall{{0,{steps - 1}}} "→ " slot entropy? "\\n" ', f"check{{1,{checks}}} "
    return (
        f'root ::= "### 1. Task Analysis\\n" {tree}"### 2. Recall\\n" {recall}'
        f'"### 3. Verification\\n" {verification}"∴ " conclusion\n'
        'branch ::= "├─ " "⚠ "? key " → " part sure? "\\n"\n'
        'leaf ::= "└─ " "⚠ "? key " → " part sure? "\\n"\n'
        f"first ::= {first}\n"
        'recall ::= ("●" | "◐" | "○" | "※" | "≈" | "⚠" | "→") " " slot entropy? "\\n"\n'
        'check ::= ("✓" | "☐" | "⚠") " " slot "\\n"\n'
        'sure ::= " " ("●" | "◐" | "○")\n'
        'entropy ::= " ⟨H≈" ("0." [1-9] | "1." [0-8]) "⟩"\n'
        "key ::= [a-z] [a-z ]{2,20}\n"
        f"conclusion ::= {conclusion}\n"
        'brief ::= word (" " word){1,11} "."?\n'
        'stated ::= [A-Z] [a-z]* (" " word){2,17} "."?\n'
        'part ::= word (" " word){0,10}\n'
        f'slot ::= word (" " word){{0,{_SLOT[complexity]}}} "."?\n'
        f"word ::= [a-zA-Z0-9{_ACCENTED}\"'(] [{_WORD[complexity]}]{{0,23}}\n"
    )


def prose_grammar(complexity: str) -> str:
    """The grammar of an answer in prose: one paragraph, up to three for a complex query."""
    if complexity == "simple":  # one sentence: what a small model adds to it is seldom in the passage
        return 'root ::= [^\\n<>⟨ ] ([^\\n<>.⟨∴] | "." [^\\n<> ]){8,240} "."\n'
    more = 2 if complexity == "complex" else 0
    return (
        f'root ::= paragraph ("\\n\\n" paragraph){{0,{more}}}\n'
        f"paragraph ::= [^\\n<>⟨ ] [^\\n<>⟨∴]{{8,{_PARAGRAPH[complexity]}}}\n"
    )
