"""Licences as SPDX names them, of whatever a source calls them, and which of them a recipe refuses.

`packaging.licenses` holds the SPDX list and knows the grammar of expressions ("MIT OR Apache-2.0"); this module adds
what sources write instead: addresses, names with blanks ("CC BY-SA 4.0"), and the short forms of the hub.
"""

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

UNKNOWN = "unknown"

_ADDRESS = re.compile(r"https?://(?:www\.)?([\w.-]+)(/\S*)?")
_CREATIVE_COMMONS = re.compile(r"/(licenses|publicdomain)/([a-z-]{2,12})/(\d\.\d)(?:/([a-z]{2}))?")
_SPDX_PAGE = re.compile(r"/licenses/([A-Za-z0-9.+-]+?)(?:\.html|\.txt|\.json)?/?")
_PAGES = {
    "www.apache.org/licenses/license-2.0": "Apache-2.0",
    "apache.org/licenses/license-2.0": "Apache-2.0",
    "opensource.org/licenses/mit": "MIT",
    "opensource.org/license/mit": "MIT",
    "gnu.org/licenses/fdl-1.3": "GFDL-1.3-only",
    "gnu.org/copyleft/fdl": "GFDL-1.3-or-later",
    "gnu.org/licenses/gpl-3.0": "GPL-3.0-only",
    "opendatacommons.org/licenses/by/1-0": "ODC-By-1.0",
    "opendatacommons.org/licenses/by": "ODC-By-1.0",
    "opendatacommons.org/licenses/odbl": "ODbL-1.0",
    "opendatacommons.org/licenses/pddl": "PDDL-1.0",
}
_NAMES = {
    "apache 2.0": "Apache-2.0", "apache license 2.0": "Apache-2.0", "apache license, version 2.0": "Apache-2.0",
    "mit license": "MIT", "cc0": "CC0-1.0", "cc0 1.0 universal": "CC0-1.0", "odc-by": "ODC-By-1.0",
    "odbl": "ODbL-1.0", "pddl": "PDDL-1.0", "gfdl": "GFDL-1.3-or-later", "gfdl-1.3": "GFDL-1.3-only",
    "gpl-3.0": "GPL-3.0-only", "gpl-2.0": "GPL-2.0-only", "lgpl-3.0": "LGPL-3.0-only", "agpl-3.0": "AGPL-3.0-only",
    "gplv3": "GPL-3.0-only", "gplv2": "GPL-2.0-only", "public domain": "CC-PDM-1.0", "cc-pdm-1.0": "CC-PDM-1.0",
    "bsd": "BSD-3-Clause", "the unlicense": "Unlicense",
}  # fmt: skip
_CC_NAME = re.compile(
    r"(?:creative commons|cc)[ -]*"
    r"(?P<parts>(?:attribution|non[ -]?commercial|no[ -]?deriv(?:ative)?s?|share[ -]?alike|by|nc|nd|sa|[ -])+)"
    r"(?:license)?[ -]*(?P<version>\d\.\d)(?:[ -](?:international|unported|generic|deed))?"
)
_CC_PARTS = (("by", ("attribution", "by")), ("nc", ("noncommercial", "nc")), ("nd", ("noderiv", "nd")),
             ("sa", ("sharealike", "sa")))  # fmt: skip
_MOST_CHARACTERS = 300  # of a name or an expression
_ADDRESS_INSIDE = re.compile(r"https?://[^\s\"'<>]{1,300}")
_MOST_SEARCHED = 100_000  # characters of a longer text in which an address may stand


def spdx_of(text: str) -> str:
    """The SPDX expression of what a source says its licence is; "unknown" where it says none that is on the list.

    "CC BY-SA 4.0", "Creative Commons Attribution-ShareAlike License 4.0", "cc-by-sa-4.0" and
    "https://creativecommons.org/licenses/by-sa/4.0/deed.en" are CC-BY-SA-4.0. "GPL-3.0", which does not say whether
    later versions are meant too, is read as the one that promises less. Of a sentence, or of the rights that a file
    states as markup, the first address in it that leads to a licence counts.
    """
    if len(text) <= _MOST_CHARACTERS and (found := _of_whole(text)) != UNKNOWN:
        return found
    inside = (_of_whole(found[0].rstrip(".,;:!?)]")) for found in _ADDRESS_INSIDE.finditer(text[:_MOST_SEARCHED]))
    return next((found for found in inside if found != UNKNOWN), UNKNOWN)


@lru_cache(maxsize=4096)
def _of_whole(text: str) -> str:
    plain = " ".join(text.split())
    if not plain:
        return UNKNOWN
    lower = plain.casefold()
    if address := _ADDRESS.match(lower):
        return _of_address(address, plain)
    if lower in _NAMES:
        return _NAMES[lower]
    if found := _CC_NAME.fullmatch(lower):
        said = found["parts"].replace("-", "").split()
        joined = "".join(said)
        parts = [short for short, forms in _CC_PARTS if any(form in joined for form in forms)]
        if parts and parts[0] == "by":
            return _canonical(f"CC-{'-'.join(parts).upper()}-{found['version']}")
    return _canonical(plain)


def _of_address(address: re.Match[str], plain: str) -> str:
    host, path = address[1], (address[2] or "").rstrip("/")
    if host == "creativecommons.org" and (found := _CREATIVE_COMMONS.match(path)):
        family, name, version, _ = found.groups()
        if family == "publicdomain":
            return {"zero": "CC0-1.0", "mark": "CC-PDM-1.0"}.get(name, UNKNOWN)
        return _canonical(f"CC-{name.upper()}-{version}")
    if host == "spdx.org" and (page := _SPDX_PAGE.fullmatch(path)):
        return _canonical(page[1])
    place = (host + path).removesuffix(".html").removesuffix(".txt").removesuffix(".en")
    return _PAGES.get(place, UNKNOWN)


def _canonical(text: str) -> str:
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    if text.upper() == "CC-PDM-1.0":  # newer than the library's list
        return "CC-PDM-1.0"
    try:
        return str(canonicalize_license_expression(text))
    except (InvalidLicenseExpression, RecursionError):
        return UNKNOWN


def is_forbidden(license: str, forbidden: Sequence[str]) -> bool:
    """Whether a recipe's list forbids a licence; a "*" in the list stands for anything ("CC-BY-NC-*").

    Of "A OR B" one may choose, so both must be forbidden; of "A AND B" one suffices. An expression with parentheses is
    forbidden when any licence in it is.
    """

    def hit(expression: str) -> bool:
        names = [name for name in re.split(r"[()\s]+", expression) if name not in ("", "AND", "OR", "WITH")]
        return any(fnmatchcase(name.casefold(), pattern.casefold()) for name in names for pattern in forbidden)

    if "(" in license:
        return hit(license)
    return all(hit(choice) for choice in license.split(" OR "))
