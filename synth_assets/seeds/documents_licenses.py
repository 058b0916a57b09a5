"""What a document says of its licence, as an SPDX identifier."""

import re
from typing import Any

from synth_assets.seeds.licences import UNKNOWN, spdx_of

_SPDX_LINE = re.compile(r"SPDX-License-Identifier:[ \t]*([^\n]{1,200})")
_SPDX = re.compile(r"\(*[A-Za-z0-9][A-Za-z0-9.:-]*\+?(?:\)*\s+(?:AND|OR|WITH)\s+\(*[A-Za-z0-9][A-Za-z0-9.:-]*\+?)*\)*")


def spdx_expression(value: Any) -> str:
    """The value, where it is an SPDX licence expression by its form, else an empty string."""
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return text if len(text) <= 200 and _SPDX.fullmatch(text) else ""


def spdx_of_head(text: str, lines: int = 30) -> str:
    """What an `SPDX-License-Identifier:` line says that begins one of the first lines, but for marks of a comment."""
    for line in text.split("\n", lines)[:lines]:
        found = _SPDX_LINE.fullmatch(line.strip().lstrip("#/*<!-;%\" '").rstrip("*/-> "))
        if found:
            return spdx_expression(found[1].strip())
    return ""


def stated(text: str) -> str:
    """The SPDX identifier of what a document says its rights are, as `spdx_of` reads it; empty where it reads none."""
    found = spdx_of(text)
    return "" if found == UNKNOWN else found
