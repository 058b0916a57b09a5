"""Text of somebody's files: in whatever encoding, and such that it can be stored."""

import re

from synth_assets.errors import Refused
from synth_assets.seeds.documents_converter import library
from synth_assets.seeds.packaged_json import printable

_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff]")
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
)  # fmt: skip


def clean(text: str) -> str:
    """Text that can be stored: no control characters, no half surrogates, lines ended by one \\n."""
    return printable(_CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")))


def decoded(content: bytes, declared: str = "") -> str:
    """The text of bytes in whatever encoding: by byte order mark, else UTF-8, else as declared, else as guessed.

    Raises:
        Refused: not text at all, or in no encoding that can be told.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            declared = encoding
            break
    else:
        if content.count(0) * 20 > len(content):
            raise Refused("not_text", "binary data")
    for encoding in ("utf-8", declared) if declared not in ("utf-16", "utf-32") else (declared,):
        try:
            return clean(content.decode(encoding or "ascii"))
        except (UnicodeDecodeError, LookupError):  # the next witness is heard
            continue
    guess = library("charset_normalizer", "text that is not UTF-8").from_bytes(content).best()
    if guess is None:
        raise Refused("unknown_encoding", "neither UTF-8 nor any encoding that could be told")
    return clean(str(guess))
