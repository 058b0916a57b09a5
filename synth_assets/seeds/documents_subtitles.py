"""Subtitles, SubRip and WebVTT: what is said, without numbers, times and marks."""

import re

from synth_assets.errors import Refused
from synth_assets.seeds.base import Block
from synth_assets.seeds.documents_converter import Document
from synth_assets.seeds.documents_encoding import decoded

_TIMES = re.compile(
    r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[,.](\d{1,3})\s*-->\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[,.](\d{1,3}).*"
)
_TAG = re.compile(r"<[^<>\n]{0,200}>|\{\\[^{}\n]{0,200}\}")
PAUSE_S = 2.0
"""A silence this long ends a paragraph of subtitles."""


def read_subtitles(content: bytes) -> Document:
    """SubRip and WebVTT: what is said, one paragraph between pauses, a line that rolls over said once."""
    paragraphs: list[list[str]] = []
    ended: float | None = None
    cue = False
    previous = ""
    for line in map(str.strip, decoded(content).split("\n")):
        times = _TIMES.fullmatch(line)
        if times:
            start, end = (
                int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(part.ljust(3, "0")) / 1000
                for hours, minutes, seconds, part in (times.groups()[:4], times.groups()[4:])
            )
            if ended is None or start - ended >= PAUSE_S:
                paragraphs.append([])
            cue, ended = True, end
        elif not line:
            cue = False
        elif cue:
            said = " ".join(_TAG.sub("", line).split())
            if said and said != previous:
                paragraphs[-1].append(said)
                previous = said
    if ended is None:
        raise Refused("broken_file", "no cue with times")
    return Document(blocks=[Block(kind="paragraph", text=" ".join(lines)) for lines in paragraphs])
