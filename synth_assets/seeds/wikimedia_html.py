"""A wiki's pages as blocks: what MediaWiki renders (`action=parse`), or the plain text of TextExtracts.

Of a rendered page the reader sees headings with their anchors, paragraphs and list items. Formulas are their TeX,
between dollar signs. What is not the article's own text is left out and counted by name: footnote marks, lists of
references, navigation, notes to readers ("Main article: ..."), pictures with their captions, what is hidden; and,
unless they are asked for, infoboxes and tables (one list item a row). Sections that only list sources are left out as
the other readers leave them out.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from synth_assets.seeds.base import Block
from synth_assets.seeds.documents_converter import library
from synth_assets.seeds.documents_encoding import clean
from synth_assets.seeds.documents_html import blocks_of, parse

LEFT_OUT: dict[str, frozenset[str]] = {
    "footnote_marks": frozenset({"reference", "mw-ref"}),
    "reference_lists": frozenset({"mw-references-wrap", "references", "reflist", "refbegin"}),
    "notes_to_readers": frozenset({
        "hatnote", "ambox", "metadata", "mbox-small", "dablink", "rellink", "tmbox", "ombox",
    }),
    "hidden_text": frozenset({"mw-empty-elt", "noexcerpt", "shortdescription", "mw-ext-cite-error", "mw-editsection"}),
    "pictures": frozenset({"thumb", "gallery", "gallerybox", "mw-file-element", "tright", "mw-kartographer-container"}),
    "navigation": frozenset({
        "navbox", "vertical-navbox", "sidebar", "toc", "toccolours", "noprint", "catlinks", "printfooter", "navigation",
        "mw-jump-link", "navigation-not-searchable", "sistersitebox", "side-box", "portalbox", "mw-authority-control",
    }),
}  # fmt: skip
"""What is dropped by the classes of its element, by the name that it is counted under."""

_NOT_COUNTED = frozenset({"mw-empty-elt", "mw-editsection"})  # buttons, and elements that are empty
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_DISPLAYSTYLE = re.compile(r"\{\\(?:displaystyle|textstyle|scriptstyle)\s*(.*)\}\s*", re.DOTALL)
_HEADING_LINE = re.compile(r"(={2,6})\s*(.*?)\s*\1\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """A page's blocks, and what was left out of them: "name" or "name: what" -> how often."""

    blocks: tuple[Block, ...]
    left_out: Counter[str]


def read_page(
    text: str, *, infoboxes: bool = False, tables: bool = False, apparatus: frozenset[str] = frozenset()
) -> PageText:
    """The blocks of a page as `action=parse` renders it.

    Args:
        text: HTML, as rendered; a heading of `<h2>` is one of level 1.
        infoboxes, tables: read these too.
        apparatus: headings, in lower case, of sections that are left out with all below them.

    Raises:
        SeedError: the extra `documents` is not installed.
        Refused: "broken_file", where it is no HTML or nested too deep.
    """
    etree = library("lxml.etree", "a wiki's page as HTML")
    left_out: Counter[str] = Counter()
    tree = parse(etree, text, False) if text.strip() else None
    if tree is None:
        return PageText(blocks=(), left_out=left_out)
    _set_formulas(tree)
    for element in list(tree.iter()):
        name = _left_out_as(element, infoboxes, tables)
        if name is None or element.getparent() is None or not _is_below(tree, element):
            continue
        if name:
            left_out[name] += 1
        _drop(element)
    body = tree.find(".//body")
    found = blocks_of(etree, tree if body is None else body)
    blocks = [
        block._replace(text=said, level=max(block.level - 1, 1) if block.kind == "heading" else 0)
        for block in found
        if (said := clean(block.text).strip())
    ]
    return PageText(blocks=tuple(_without(blocks, apparatus, left_out)), left_out=left_out)


def read_extract(text: str, *, apparatus: frozenset[str] = frozenset()) -> PageText:
    """The blocks of a page's plain text with `exsectionformat=wiki`: a line is a paragraph, `== X ==` a heading.

    TextExtracts itself leaves out tables, pictures and references, and marks no lists; nobody can count them.
    """
    blocks: list[Block] = []
    left_out: Counter[str] = Counter()
    anchors: Counter[str] = Counter()
    for line in clean(text).split("\n"):
        heading = _HEADING_LINE.fullmatch(line)
        if heading and heading[2]:
            anchor = "_".join(heading[2].split())
            anchors[anchor] += 1
            if anchors[anchor] > 1:  # as MediaWiki tells headings apart
                anchor = f"{anchor}_{anchors[anchor]}"
            blocks.append(Block(kind="heading", text=heading[2], level=len(heading[1]) - 1, anchor=anchor))
        elif said := " ".join(line.split()):
            blocks.append(Block(kind="paragraph", text=said))
    return PageText(blocks=tuple(_without(blocks, apparatus, left_out)), left_out=left_out)


def _without(blocks: list[Block], apparatus: frozenset[str], left_out: Counter[str]) -> list[Block]:
    kept: list[Block] = []
    below: int | None = None
    for block in blocks:
        if block.kind == "heading":
            if below is not None and block.level > below:
                continue
            below = block.level if block.text.casefold() in apparatus else None
            if below is not None:
                left_out[f"apparatus_section: sections called {block.text.casefold()}"] += 1
        if below is None:
            kept.append(block)
    return kept


def _left_out_as(element: Any, infoboxes: bool, tables: bool) -> str | None:
    """The name that it is counted under, an empty one where nobody misses it, None where it stays."""
    tag = element.tag if isinstance(element.tag, str) else ""
    if not tag or tag in ("html", "body"):
        return None
    classes = frozenset((element.get("class") or "").split())
    if classes & _NOT_COUNTED or tag in ("style", "script", "link", "meta"):
        return ""
    if "infobox" in classes or any(name.startswith("infobox-") for name in classes):
        return None if infoboxes else "infoboxes"
    for name, marks in LEFT_OUT.items():
        if classes & marks:
            return name
    if tag == "figure" or (tag == "img" and element.get("alt") is not None):
        return "pictures"
    if _HIDDEN.search(element.get("style") or ""):
        return "hidden_text"
    if tag == "table" and not tables and not _in_infobox(element):
        return "tables"
    return None


def _in_infobox(element: Any) -> bool:
    return any("infobox" in (above.get("class") or "") for above in element.iterancestors())


def _is_below(tree: Any, element: Any) -> bool:
    """Whether it still hangs on the tree, and not only on something that was dropped already."""
    above = element
    while (parent := above.getparent()) is not None:
        above = parent
    return above is tree


def _drop(element: Any) -> None:
    """Takes an element out and leaves what stands after it."""
    parent, before, after = element.getparent(), element.getprevious(), element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + after
    else:
        parent.text = (parent.text or "") + after
    element.tail = None
    parent.remove(element)


def _set_formulas(tree: Any) -> None:
    """Puts a formula's TeX in place of what shows it, which is a picture and hidden MathML side by side."""
    for element in list(tree.iter("span", "div", "math")):
        is_whole = "mwe-math-element" in (element.get("class") or "").split()
        if not is_whole and (element.tag != "math" or _in_formula(element)):
            continue
        shown = next((tex for part in element.iter("math", "img") for name in ("alttext", "alt")
                      if (tex := (part.get(name) or "").strip())), "")  # fmt: skip
        styled = _DISPLAYSTYLE.fullmatch(shown)
        tex = " ".join((styled[1] if styled else shown).split())
        after = element.tail
        for child in list(element):
            element.remove(child)
        for name in list(element.attrib):
            del element.attrib[name]
        element.tag, element.text, element.tail = "span", f"${tex}$" if tex else "", after


def _in_formula(element: Any) -> bool:
    return any("mwe-math-element" in (above.get("class") or "") for above in element.iterancestors())
