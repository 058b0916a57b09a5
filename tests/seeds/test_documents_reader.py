import os
import sys
import zipfile

import pytest

from synth_assets.errors import SeedError
from synth_assets.seeds.base import BadSeed, Seed, SourceFile
from synth_assets.seeds.documents_reader import MOST_BYTES, REFUSALS, Documents
from synth_assets.seeds.sections import split_sections

docx = pytest.importorskip("docx", reason="the extra `documents` is not installed")
pptx = pytest.importorskip("pptx", reason="the extra `documents` is not installed")
pytest.importorskip("pypdf", reason="the extra `documents` is not installed")


def reader_of(path, **settings):
    return Documents(**{"collection": "handbook", "path": path, "language": "en", **settings})


def read_all(path, **settings):
    reader = reader_of(path, **settings)
    return [item for file in reader.files(("en",)) for item in reader.read(file)]


def read_one(path, content, **settings):
    path.write_bytes(content)
    (item,) = read_all(path, **settings)
    return item


def shape(seed):
    return [(block.kind, block.level, block.text) for block in seed.blocks]


def pdf(pages, *, outline=(), trailer=b"", picture=False):
    """A PDF of one font; a page is (size, height, text) lines, an outline (page, title) pairs."""
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R %s>>" % (b"/Outlines 4 0 R " if outline else b"")}
    objects[3] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    first = 10
    kids = []
    for number, lines in enumerate(pages):
        text = "\n".join(f"BT /F {size} Tf 1 0 0 1 72 {height} Tm ({said}) Tj ET" for size, height, said in lines)
        content = text.encode("cp1252")
        page, stream = first + 2 * number, first + 2 * number + 1
        picture_ = b"/XObject << /I 5 0 R >> " if picture else b""
        objects[page] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << %s/Font << /F 3 0 R >> >> >>" % (stream, picture_)
        )
        objects[stream] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
        kids.append(b"%d 0 R" % page)
    objects[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    if picture:
        objects[5] = (
            b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 "
            b"/Length 1 >>\nstream\n0\nendstream"
        )
    if outline:
        marks = [900 + number for number in range(len(outline))]
        objects[4] = b"<< /Type /Outlines /First %d 0 R /Last %d 0 R /Count %d >>" % (marks[0], marks[-1], len(marks))
        for place, (page, title) in enumerate(outline):
            following = b"/Next %d 0 R " % marks[place + 1] if place + 1 < len(marks) else b""
            objects[marks[place]] = b"<< /Title (%s) /Parent 4 0 R %s/Dest [%d 0 R /Fit] >>" % (
                title.encode(), following, first + 2 * page,
            )  # fmt: skip
    out, places = b"%PDF-1.4\n", {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    return out + b"trailer\n<< /Size 1000 /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n" % (trailer, start)


# --- every format gives its headings ---------------------------------------------------------------------------------

EXPECTED = [
    ("paragraph", 0, "Bees live in hives."),
    ("heading", 1, "Honey"),
    ("paragraph", 0, "Honey is sweet & thick."),
    ("heading", 2, "Colour"),
    ("list_item", 0, "amber"),
    ("list_item", 0, "white"),
]


def as_markdown(path):
    path.write_text(
        "# Bees\nBees live\nin hives.\n\n## Honey\nHoney is *sweet* & thick.\n### Colour\n- amber\n- white\n"
    )


def as_html(path):
    path.write_text(
        "<!doctype html><title>Bees - Site</title><body><nav>Home</nav><main><h1>Bees</h1>"
        "<p>Bees <b>live</b>\nin hives.<script>x()</script><h2 id=honey>Honey</h2>Honey is sweet &amp; thick."
        "<h3>Colour</h3><ul><li>amber<li>white</ul></main><footer>Contact</footer>"
    )


def as_docx(path):
    document = docx.Document()
    document.add_paragraph("Bees", style="Title")
    document.add_paragraph("Bees live in hives.")
    document.add_heading("Honey", 1)
    document.add_paragraph("Honey is sweet & thick.")
    document.add_heading("Colour", 2)
    document.add_paragraph("amber", style="List Bullet")
    document.add_paragraph("white", style="List Number")
    document.save(path)


def as_epub(path):
    chapter = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{}</body></html>'
    with zipfile.ZipFile(path, "w") as book:
        book.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
        )
        book.writestr(
            "OEBPS/book.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
            "<dc:title>Bees</dc:title><dc:rights>https://creativecommons.org/licenses/by/4.0/</dc:rights></metadata>"
            '<manifest><item id="b" href="a%20b.xhtml" media-type="application/xhtml+xml"/>'
            '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
            '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>',
        )
        book.writestr("OEBPS/a.xhtml", chapter.format("<p>Bees live&nbsp;in hives.</p>"))
        book.writestr(
            "OEBPS/a b.xhtml",
            chapter.format(
                "<h1>Honey</h1><p>Honey is sweet &amp; thick.</p><h2>Colour</h2>"
                "<ul><li><p>amber</p></li><li>white</li></ul>"
            ),
        )


@pytest.mark.parametrize("write", [as_markdown, as_html, as_docx, as_epub])
def test_headings_lists_and_paragraphs_are_kept_under_the_title(tmp_path, write):
    path = tmp_path / f"file.{write.__name__.removeprefix('as_').replace('markdown', 'md')}"
    write(path)
    (seed,) = read_all(path)
    assert seed.title == "Bees"
    assert shape(seed) == EXPECTED


def test_slides_are_sections_under_their_titles(tmp_path):
    shown = pptx.Presentation()
    slide = shown.slides.add_slide(shown.slide_layouts[1])
    slide.shapes.title.text = "Honey"
    slide.placeholders[1].text = "sweet\nthick"
    slide.notes_slide.notes_text_frame.text = "Say how bees make it."
    table = shown.slides.add_slide(shown.slide_layouts[5])
    table.shapes.title.text = "Colour"
    cells = table.shapes.add_table(1, 2, 0, 0, 100, 100).table.rows[0].cells
    cells[0].text, cells[1].text = "amber", "white"
    shown.save(tmp_path / "bees.pptx")
    (seed,) = read_all(tmp_path / "bees.pptx")
    assert shape(seed) == [
        ("heading", 1, "Honey"),
        ("list_item", 0, "sweet"),
        ("list_item", 0, "thick"),
        ("paragraph", 0, "Say how bees make it."),
        ("heading", 1, "Colour"),
        ("list_item", 0, "amber | white"),
    ]


def test_a_pdf_without_outline_has_its_headings_by_size_and_its_running_lines_dropped(tmp_path):
    def page(number, *lines):
        return [(9, 820, "The Bee Book"), *lines, (9, 20, f"{number}")]

    content = pdf([
        page(1, (24, 760, "Bees"), (10, 720, "Bees live in hives and fly out to the mea-"), 
             (10, 708, "dows every day."), (10, 680, "A second paragraph begins here, and it")),
        page(2, (10, 780, "ends here."), (16, 740, "Honey"), (10, 720, "Honey is sweet.")),
        page(3, (10, 780, "It is thick."), (10, 768, "\u2022 amber, or"), (10, 756, "brown"),
             (10, 744, "\u2022 white")),
    ])  # fmt: skip
    seed = read_one(tmp_path / "bees.pdf", content)
    assert seed.title == "Bees"
    assert shape(seed) == [
        ("paragraph", 0, "Bees live in hives and fly out to the meadows every day."),
        ("paragraph", 0, "A second paragraph begins here, and it ends here."),
        ("heading", 1, "Honey"),
        ("paragraph", 0, "Honey is sweet."),
        ("paragraph", 0, "It is thick."),
        ("list_item", 0, "amber, or brown"),
        ("list_item", 0, "white"),
    ]


def test_a_pdf_with_an_outline_has_its_headings_from_there(tmp_path):
    content = pdf(
        [
            [(10, 750, "An author"), (9, 700, "1. First"), (9, 690, "things"), (10, 660, "Some text here.")],
            [(30, 700, "More text, in large letters.")],
        ],
        outline=[(0, "First things"), (1, "Second things")],
    )
    seed = read_one(tmp_path / "bees.pdf", content)
    assert shape(seed) == [
        ("paragraph", 0, "An author"),
        ("heading", 1, "First things"),
        ("paragraph", 0, "Some text here."),
        ("heading", 1, "Second things"),
        ("paragraph", 0, "More text, in large letters."),
    ]


def test_a_table_file_gives_a_named_line_a_row(tmp_path):
    seed = read_one(tmp_path / "hives.csv", b'name;bees;note\nEast;2000;"calm;\nold"\n;;\nWest;10;\n')
    assert seed.title == "hives"
    assert shape(seed) == [
        ("list_item", 0, "name: East; bees: 2000; note: calm; old"),
        ("list_item", 0, "name: West; bees: 10"),
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.srt", "1\n00:00:01,000 --> 00:00:02,000\n<i>Bees live</i>\n\n"
                  "2\n00:00:02,100 --> 00:00:03,000\nin hives.\n\n3\n00:01:00,000 --> 00:01:02,000\nThey fly.\n"),
        ("a.vtt", "WEBVTT\n\nNOTE made by hand\n\n00:01.000 --> 00:02.000 align:start\nBees live\n\n"
                  "00:02.000 --> 00:03.000\nBees live\nin hives.\n\n01:00:00.000 --> 01:00:02.000\nThey fly.\n"),
    ],
)  # fmt: skip
def test_subtitles_are_paragraphs_between_pauses(tmp_path, name, content):
    seed = read_one(tmp_path / name, content.encode())
    assert shape(seed) == [("paragraph", 0, "Bees live in hives."), ("paragraph", 0, "They fly.")]


def test_tables_code_and_html_of_markdown_are_kept(tmp_path):
    seed = read_one(
        tmp_path / "a.md",
        b"---\ntitle: All\nlicense: CC0-1.0\n---\n\n| a | b |\n|---|---|\n| 1 | `2` |\n\n"
        b"```python\nif x:\n    y()\n```\n\n<div>Some <b>HTML</b></div>\n\nSee [the *page*](x.html) ![a bee](b.png).\n",
    )
    assert (seed.title, seed.license) == ("All", "CC0-1.0")
    assert shape(seed) == [
        ("list_item", 0, "a | b"),
        ("list_item", 0, "1 | 2"),
        ("code", 0, "if x:\n    y()"),
        ("paragraph", 0, "Some HTML"),
        ("paragraph", 0, "See the page a bee."),
    ]


def test_tables_comments_and_hidden_parts_of_a_page_are_read_as_a_reader_sees_them(tmp_path):
    seed = read_one(
        tmp_path / "a.html",
        b"<body><header><h1>Site</h1></header><article><header><h1>Bees</h1></header>One<!-- no --> two<br>three"
        b"<div hidden>secret</div><table><caption>Hives</caption><tr><th>East<td><p>10<p>20</tr></table>"
        b"<pre>a\n  b</pre>end</article></body>",
    )
    assert seed.title == "Bees"
    assert shape(seed) == [
        ("paragraph", 0, "One two three"),
        ("paragraph", 0, "Hives"),
        ("list_item", 0, "East | 10 20"),
        ("code", 0, "a\n  b"),
        ("paragraph", 0, "end"),
    ]


def test_a_page_nested_ten_thousand_deep_is_read_or_refused_by_name(tmp_path):
    item = read_one(tmp_path / "deep.html", b"<div>" * 10_000 + b"Deep text." + b"</div>" * 10_000)
    assert (isinstance(item, Seed) and "Deep text." in item.blocks[-1].text) or item.reason.startswith("broken_file:")


# --- what is refused, by name ----------------------------------------------------------------------------------------


def encrypted_pdf():
    from io import BytesIO

    import pypdf

    writer = pypdf.PdfWriter(BytesIO(pdf([[(10, 700, "A secret.")]])))
    writer.encrypt("open sesame", algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def zip_of(entries):
    from io import BytesIO

    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
REFUSED = {
    "empty.txt": (b" \n", "no_text"),
    "headings.md": (b"# One\n## Two\n", "no_text"),
    "sheet.xlsx": (b"PK", "unknown_format"),
    "noise.txt": (bytes(range(0, 256, 16)) * 8, "not_text"),
    "cut.pdf": (pdf([[(10, 700, "A text that is cut.")]])[:200], "broken_file"),
    "page.pdf": (b"<html>Not found</html>", "broken_file"),
    "scan.pdf": (pdf([[], []], picture=True), "scanned_document"),
    "blank.pdf": (pdf([[], []]), "no_text"),
    "cut.docx": (zip_of({"[Content_Types].xml": "<Types/>"})[:-30], "broken_file"),
    "other.docx": (zip_of({"a.txt": "text"}), "broken_file"),
    "locked.docx": (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "password_protected"),
    "old.pptx": (OLE + b"\0" * 600, "old_format"),
    "locked.epub": (zip_of({"META-INF/rights.xml": "<rights/>"}), "password_protected"),
    "none.srt": (b"1\nHello.\n", "broken_file"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_document_that_cannot_be_used_is_refused_by_name(tmp_path, name):
    content, reason = REFUSED[name]
    item = read_one(tmp_path / name, content)
    assert isinstance(item, BadSeed)
    assert (item.source, item.reason.partition(":")[0]) == (name, reason)
    assert reason in REFUSALS


def test_a_locked_pdf_is_refused_by_name(tmp_path):
    assert read_one(tmp_path / "a.pdf", encrypted_pdf()).reason.startswith("password_protected:")


def test_an_archive_that_would_fill_the_memory_is_not_unpacked(tmp_path):
    # what an entry claims to unpack to stands in the archive's directory; no more of it is ever read
    honest = zip_of({"word/document.xml": b"x" * 1000})
    place = honest.rindex(b"PK\x01\x02") + 24
    item = read_one(tmp_path / "a.docx", honest[:place] + (2**31).to_bytes(4, "little") + honest[place + 4 :])
    assert item.reason.startswith("too_large:")


def test_a_file_that_is_too_large_is_not_read_in(tmp_path):
    with (tmp_path / "a.txt").open("wb") as opened:
        opened.truncate(MOST_BYTES + 1)
    (item,) = read_all(tmp_path)
    assert item.reason.startswith("too_large:")


def test_pages_that_are_pictures_in_a_document_with_text_are_named(tmp_path):
    (tmp_path / "a.pdf").write_bytes(
        pdf([[(10, 700, "A page that has quite enough text on it to be read by everybody.")], []], picture=True)
    )
    seed, left_out = read_all(tmp_path)
    assert seed.blocks[0].text == "A page that has quite enough text on it to be read by everybody."
    assert (left_out.record, left_out.reason.partition(":")[0]) == ("pages 2", "pages_without_text")


def test_entities_of_a_book_reach_no_file(tmp_path):
    (tmp_path / "secret").write_text("the secret")
    chapter = (
        f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Before &x; after.</p></body></html>'
    )
    as_epub(tmp_path / "a.epub")
    with zipfile.ZipFile(tmp_path / "a.epub") as book:
        entries = {name: book.read(name) for name in book.namelist()}
    (tmp_path / "a.epub").write_bytes(zip_of({**entries, "OEBPS/a.xhtml": chapter}))
    (seed,) = read_all(tmp_path / "a.epub")
    said = " ".join(block.text for block in seed.blocks)
    assert "Before" in said
    assert "the secret" not in said


# --- encodings -------------------------------------------------------------------------------------------------------

FRENCH = (
    "Les abeilles vivent dans des ruches, où elles préparent le miel de l'été.\n\nÀ l'automne, la colonie se repose."
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_the_encoding_it_is_in(tmp_path, encoding):
    seed = read_one(tmp_path / "a.txt", FRENCH.encode(encoding))
    assert [block.text for block in seed.blocks] == FRENCH.split("\n\n")


def test_a_page_is_read_in_the_encoding_it_declares(tmp_path):
    page = '<html><head><meta charset="iso-8859-2"></head><body><p>Pszczoły żyją w ulach.</p></body></html>'
    assert read_one(tmp_path / "a.html", page.encode("iso-8859-2")).blocks[0].text == "Pszczoły żyją w ulach."


def test_control_characters_are_left_out(tmp_path):
    said = (
        b"Bees\x00 live\x08 in hives and they fly out to the meadows every single day of the year, says the book.\r\n"
        * 2
    )
    assert read_one(tmp_path / "a.txt", said).blocks[0].text.startswith("Bees live in hives")


# --- folders ---------------------------------------------------------------------------------------------------------


def test_a_folder_is_read_in_order_without_hidden_files_and_without_following_links(tmp_path):
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    (folder / "part").mkdir(parents=True)
    (folder / ".git").mkdir()
    outside.mkdir()
    (outside / "b.txt").write_text("Outside.")
    (folder / "part" / "a b.txt").write_text("Inside.")
    (folder / ".hidden.txt").write_text("Hidden.")
    (folder / ".git" / "c.txt").write_text("Hidden.")
    (folder / "linked.txt").symlink_to(outside / "b.txt")
    (folder / "linked").symlink_to(outside)
    os.mkfifo(folder / "pipe.txt")
    items = read_all(folder)
    assert [(item.source, item.reason.partition(":")[0]) for item in items if isinstance(item, BadSeed)] == [
        ("linked", "link_not_followed"),
        ("linked.txt", "link_not_followed"),
        ("pipe.txt", "not_a_file"),
    ]
    assert [item.url for item in items if isinstance(item, Seed)] == ["urn:synth-assets:handbook:part/a%20b.txt"]


def test_a_folder_of_every_format_gives_a_seed_of_each_and_names_what_it_cannot_read(tmp_path):
    as_markdown(tmp_path / "a.md")
    as_html(tmp_path / "b.html")
    as_docx(tmp_path / "c.docx")
    as_epub(tmp_path / "d.epub")
    (tmp_path / "below").mkdir()
    slides = pptx.Presentation()
    slides.slides.add_slide(slides.slide_layouts[5]).shapes.title.text = "Honey"
    slides.slides[0].shapes.add_textbox(0, 0, 100, 100).text_frame.text = "Honey is sweet."
    slides.save(tmp_path / "below" / "e.pptx")
    lines = [(20, 760, "Honey"), (10, 720, "Honey is sweet."), (10, 708, "It is thick, and it keeps for many years.")]
    (tmp_path / "below" / "f.pdf").write_bytes(pdf([lines]))
    (tmp_path / "below" / "scan.pdf").write_bytes(pdf([[]], picture=True))
    (tmp_path / "g.txt").write_text("Honey is sweet.")
    (tmp_path / "h.csv").write_text("kind,colour\nacacia,white\n")
    (tmp_path / "i.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nHoney is sweet.\n")
    (tmp_path / "j.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nHoney is sweet.\n")
    (tmp_path / "empty.md").write_text("")
    items = read_all(tmp_path)
    seeds = {item.url.rpartition(".")[2] for item in items if isinstance(item, Seed)}
    assert seeds == {"md", "html", "docx", "epub", "pptx", "pdf", "txt", "csv", "srt", "vtt"}
    assert {(item.record, item.reason.partition(":")[0]) for item in items if isinstance(item, BadSeed)} == {
        ("scan.pdf", "scanned_document"), ("empty.md", "no_text"),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["../b.txt", "/etc/hostname", "part/../../b.txt"])
def test_a_name_that_leads_out_of_the_folder_is_an_error(tmp_path, name):
    file = SourceFile(collection="handbook", language="en", name=name, fingerprint="")
    with pytest.raises(SeedError, match="not a file of"):
        list(reader_of(tmp_path).read(file))


def test_a_folder_that_is_not_there_is_an_error_that_names_it(tmp_path):
    with pytest.raises(SeedError, match="nowhere: there is no such file or folder"):
        reader_of(tmp_path / "nowhere").files(("en",))


def test_a_converter_that_is_not_installed_is_one_line_with_the_command(tmp_path, monkeypatch):
    (tmp_path / "a.pdf").write_bytes(pdf([[(10, 700, "Text.")]]))
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(SeedError, match=r"a \.pdf file needs pypdf, .* `pip install 'synth-assets\[documents\]'`"):
        reader_of(tmp_path).files(("en",))


def test_another_language_has_no_files(tmp_path):
    (tmp_path / "a.txt").write_text("Text.")
    assert reader_of(tmp_path).files(("fr",)) == []


def test_a_fingerprint_changes_with_the_content_and_with_the_settings_and_with_nothing_else(tmp_path):
    def fingerprint(**settings):
        return reader_of(tmp_path, **settings).files(("en",))[0].fingerprint

    (tmp_path / "a.txt").write_text("Text.")
    first = fingerprint()
    os.utime(tmp_path / "a.txt", (1, 1))
    assert fingerprint() == first
    assert fingerprint(license="MIT") != first
    (tmp_path / "a.txt").write_text("Other text.")
    assert fingerprint() != first


# --- licence, address, sections --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "license"),
    [
        ("a.txt", "Text.", "unknown"),
        ("a.txt", "SPDX-License-Identifier: MIT OR Apache-2.0\n\nText.", "MIT OR Apache-2.0"),
        ("a.txt", "Write SPDX-License-Identifier: MIT into each file.", "unknown"),
        ("a.html", '<p>Text.<a rel="license" href="http://creativecommons.org/licenses/by/4.0/">cc</a>', "CC-BY-4.0"),
        ("a.html", '<p>Text. <a href="https://creativecommons.org/licenses/by-sa/4.0/">other</a>', "unknown"),
        ("a.md", "---\nlicense: !!python/object:os.system {}\n---\nText.", "unknown"),
    ],
)  # fmt: skip
def test_a_licence_is_the_documents_own_or_the_collections_or_unknown(tmp_path, name, content, license):
    (tmp_path / name).write_text(content)
    assert read_all(tmp_path)[0].license == license
    if license == "unknown":
        assert read_all(tmp_path, license="CC0-1.0")[0].license == "CC0-1.0"


def test_a_books_licence_is_that_of_its_rights(tmp_path):
    as_epub(tmp_path / "a.epub")
    assert read_all(tmp_path)[0].license == "CC-BY-4.0"


def test_a_published_folder_gives_the_addresses_of_its_pages(tmp_path):
    as_html(tmp_path / "bees.html")
    (seed,) = read_all(tmp_path, address="https://example.org/book/", topic="Biology")
    assert (seed.url, seed.topic) == ("https://example.org/book/bees.html", "Biology")
    assert seed.blocks[1].anchor == "honey"
    assert read_all(tmp_path, address="https://example.org/book", topic="Biology") == [seed]


def test_sections_of_a_document_keep_its_headings_and_lose_no_word(tmp_path):
    words = [f"word{number}" for number in range(300)]
    path = tmp_path / "a.md"
    path.write_text(
        "\n\n".join(f"{'#' * (2 + at % 2)} Part {at}\n{' '.join(words[at * 50 : at * 50 + 50])}" for at in range(6))
    )
    (seed,) = read_all(path)
    sections = split_sections(seed)
    assert " ".join(section.text for section in sections).split() == words
    assert sections[1].heading_path == ("Part 0", "Part 1")
