"""HTML as blocks: headings with their anchors, paragraphs, list items, code; a table is one list item a row."""

import re
from collections.abc import Iterable
from html.entities import html5
from typing import Any
from urllib.parse import quote

from synth_assets.errors import Refused
from synth_assets.seeds.base import Block
from synth_assets.seeds.documents_converter import Document, library
from synth_assets.seeds.documents_encoding import decoded
from synth_assets.seeds.documents_licenses import stated

_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_DROPPED = frozenset({
    "script", "style", "noscript", "template", "nav", "aside", "form", "button", "select", "iframe", "svg", "math",
    "head", "object",
})  # fmt: skip
_PAGE_FRAME = frozenset(("header", "footer"))
_BLOCKS = frozenset({
    "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "main", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30};)")
_XML_ENTITIES = frozenset(("amp;", "lt;", "gt;", "quot;", "apos;"))


def read_html(content: bytes) -> Document:
    """A page, in the encoding that it declares; see `html_blocks`."""
    declared = _META_CHARSET.search(content[:4096])
    return html_blocks(decoded(content, declared[1].decode("ascii") if declared else ""))


def html_blocks(text: str, *, is_xml: bool = False) -> Document:
    """What a page says in `main`, a single `article`, or its body.

    Raises:
        SeedError: the extra `documents` is not installed.
    """
    etree = library("lxml.etree", "HTML")
    tree = parse(etree, text, is_xml)
    if tree is None:
        return Document(blocks=[])
    for element in tree.iter():
        if isinstance(element.tag, str) and "}" in element.tag:
            element.tag = element.tag.rpartition("}")[2]
    title = tree.find(".//title")
    license = next(
        (found for link in tree.iter("link", "a") if "license" in (link.get("rel") or "").lower().split()
         and (found := stated(link.get("href") or ""))),
        "",
    )  # fmt: skip
    articles = tree.findall(".//article")
    main = tree.find(".//main")
    body = main if main is not None else articles[0] if len(articles) == 1 else tree.find(".//body")
    return Document(
        blocks=blocks_of(etree, tree if body is None else body),
        title="" if title is None else " ".join("".join(title.itertext()).split()),
        license=license,
    )


def parse(etree: Any, text: str, is_xml: bool) -> Any:
    """The tree of a page, or None where there is nothing; nothing that it names is resolved or fetched.

    Raises:
        Refused: "broken_file", where it is no HTML or its elements are nested too deep.
    """
    if is_xml:
        # nothing is resolved or fetched: named entities are put in beforehand
        strict = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True)
        known = _ENTITY.sub(
            lambda found: found[0] if found[1] in _XML_ENTITIES else html5.get(found[1], found[0]), text
        )
        try:
            return etree.fromstring(known.encode("utf-8"), strict)
        except etree.XMLSyntaxError:  # pages of EPUBs are often HTML
            pass
    lenient = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    try:
        tree = etree.fromstring(text.encode("utf-8"), lenient)
    except etree.XMLSyntaxError as error:
        raise Refused("broken_file", f"not HTML: {error.msg}") from error
    if any("depth" in entry.message for entry in lenient.error_log):  # what lies deeper is left out without a word
        raise Refused("broken_file", "elements are nested too deep")
    return tree


def blocks_of(etree: Any, body: Any) -> list[Block]:
    """The blocks of an element in reading order; a walk, not a recursion, since pages nest without bound."""
    blocks: list[Block] = []
    said: list[str] = []
    lists = pre = 0
    row: list[str] | None = None

    def finish(kind: str = "", level: int = 0, anchor: str = "") -> None:
        text = "".join(said)
        said.clear()
        text = text.strip("\n") if kind == "code" else " ".join(text.split())
        if text.strip():
            kind = kind or ("list_item" if lists else "paragraph")
            blocks.append(Block(kind=kind, text=text, level=level, anchor=anchor))

    walk = etree.iterwalk(body, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        dropped = _is_dropped(element, tag)
        if event == "start" and dropped:
            if tag == "math":
                said.append(element.get("alttext") or "")
            elif row is None and tag in ("nav", "aside", "form", "header", "footer"):
                finish()
            walk.skip_subtree()
            continue
        if event == "start":
            if tag in _BLOCKS and row is None:
                finish()
            elif tag in _BLOCKS or tag == "br":
                said.append("\n" if pre else " ")
            lists += tag in ("li", "dd", "dt")
            pre += tag == "pre"
            if tag == "tr" and row is None:
                row = []
            said.append(element.text or "")
            continue
        if event == "end" and not dropped:
            if row is not None and tag in ("td", "th"):
                row.append("".join(said))
                said.clear()
            elif row is not None and tag == "tr":
                said[:] = [row_text([*row, "".join(said)])]
                row = None
                lists += 1
                finish()
                lists -= 1
            elif row is None and re.fullmatch("h[1-6]", tag):
                finish("heading", int(tag[1]), _anchor(element))
            elif row is None and tag in _BLOCKS:
                finish("code" if tag == "pre" else "")
            lists -= tag in ("li", "dd", "dt")
            pre -= tag == "pre"
        if element is not body:
            said.append(element.tail or "")
    finish()
    return blocks


def _is_dropped(element: Any, tag: str) -> bool:
    if not tag or tag in _DROPPED or element.get("hidden") is not None:
        return True
    # an article's own header holds its title; the page's holds the site's
    return tag in _PAGE_FRAME and (element.getparent() is None or element.getparent().tag == "body")


def _anchor(heading: Any) -> str:
    for element in heading.iter():
        if found := element.get("id") or element.get("name"):
            return quote(found, safe=";@$!*(),/~:'")
    return ""


def row_text(cells: Iterable[str]) -> str:
    """A table's row as one text, its empty cells left out."""
    return " | ".join(cell for cell in (" ".join(cell.split()) for cell in cells) if cell)
