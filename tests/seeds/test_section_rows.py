"""The rows of made-up articles, which no change of how they are made may change: other rows are other candidates."""

import orjson

from synth_assets.identity import hash_of
from synth_assets.seeds.base import SourceFile
from synth_assets.seeds.cutting import Article, cut_articles
from synth_assets.seeds.packing import Packed, pack_piece, read_packed
from synth_assets.seeds.processes import Workers
from synth_assets.seeds.selection import Choice, Chosen
from synth_assets.seeds.structured_contents import StructuredContents
from tests.benchmarks.seeds import pattern

PROSE = (
    "J. R. R. Tolkien, born c. 1892, wrote «\u00a0The Hobbit\u00a0» \u2013 a tale of 3½ dwarves… in Oxford (U.K.). "
    "L\u2019été à Paris, \u201cDer Straße\u201d and naïve ÉCOLES: İstanbul, ΑΘΗΝΑΣ, Ⅻ, ﬁne,"
    " e\u0301, 漢字 and \U0001f600 stand here. "
)


def strange_article():
    line = orjson.loads(pattern(7).replace(b"@NUMBER@", b"7"))
    line["name"], line["url"] = "Strange", "https://en.wikipedia.org/wiki/Strange"
    texts = [PROSE * 14, PROSE.replace(". ", " ") * 30, PROSE.replace(" ", "\u2009"), "x " * 900, PROSE[:60]]
    parts = [{"type": "paragraph", "value": text} for text in texts]
    items = [{"type": "list_item", "value": f"{number}. {PROSE}"} for number in range(30)]
    inner = [{"type": "section", "name": f"Part {n % 3}", "has_parts": parts[n : n + 1]} for n in range(5)]
    line["sections"] += [
        {"type": "section", "name": "Prose", "has_parts": parts},
        {"type": "section", "name": "Items", "has_parts": [{"type": "list", "has_parts": items}, *inner]},
    ]
    return orjson.dumps(line) + b"\n"


def test_rows_of_articles_are_the_same_in_every_version(tmp_path):
    lines = [pattern(number).replace(b"@NUMBER@", b"%d" % number) for number in range(4)]
    (tmp_path / "a.ndjson").write_bytes(b"".join([*lines, strange_article()]))
    reader = Chosen(StructuredContents(("a.ndjson",), base=tmp_path), Choice())
    file = SourceFile(collection="structured_contents", language="en", name="a.ndjson", fingerprint="f")
    with Workers(pack_piece, reader, 1) as workers:
        read = [item for item in read_packed(reader, file, workers) if isinstance(item, Packed)]
    cuts = cut_articles([Article(*(getattr(item, name) for name in Article._fields)) for item in read])
    assert (len(read), len(cuts)) == (5, 167)
    assert {cut.reason for cut in cuts} == {"not_compared", "too_long_sentence", "too_short"}
    assert (
        hash_of([item.seed_id for item in read]) == "bf6d8454346c3c8d7f5ab4862aba8acc9dabd36de5947d8e6bb45458956eef12"
    )
    assert (
        hash_of([[*cut[:-1], cut.signature.hex()] for cut in cuts])
        == "add14567707dd2c555a0ed9cfb55a002d82c41134438d2aa9795f694108ddc55"
    )
