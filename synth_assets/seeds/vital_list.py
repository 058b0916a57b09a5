"""The list of Vital Articles as a file: title -> level and topic, as Wikipedia's own pages of data have it.

One file, or a folder of them (the 27 pages "A".."Z" and "others" of `Wikipedia:Vital_articles/data`). A title may stand
as `{"level": 3, "topic": "Physical sciences"}`, as a list of such records, or twice: the lowest level counts.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from synth_assets.errors import SeedError
from synth_assets.seeds.base import BadSeed
from synth_assets.seeds.packaged_json import read_records
from synth_assets.seeds.structured_contents import Vital

LEVELS = (1, 2, 3, 4, 5)


def read_vital_list(path: Path) -> dict[str, Vital]:
    """Title with spaces -> place.

    Raises:
        SeedError: a file is not there, is no such list, or an entry has no level from 1 to 5; names it.
    """
    if path.is_dir():
        files = sorted(entry for entry in path.glob("*.json") if entry.is_file())
        if not files:
            raise SeedError(f"{path}: no file in this folder ends in .json")
    else:
        files = [path]
    found: dict[str, Vital] = {}
    for file in files:
        for title, value in _entries(file):
            place = _place_of(value)
            if place is None:
                raise SeedError(f"{file}: {title[:80]!r} has no level from 1 to 5")
            title = title.replace("_", " ").strip()
            if title not in found or place.level < found[title].level:
                found[title] = place
    if not found:
        raise SeedError(f"{path}: no article stands in this list")
    return found


def _entries(file: Path) -> Iterator[tuple[str, Any]]:
    # a title that stands twice is read by its last value; the pages of one list do not repeat one within a page
    yield from (entry for entry in read_records(file) if not isinstance(entry, BadSeed))


def _place_of(value: Any) -> Vital | None:
    records = value if isinstance(value, list) else [value]
    places = []
    for record in records:
        level = record.get("level") if isinstance(record, dict) else record
        if isinstance(level, str) and level.isdecimal():
            level = int(level)
        if isinstance(level, bool) or level not in LEVELS:
            return None
        topic = record.get("topic") if isinstance(record, dict) else ""
        places.append(Vital(level=level, topic=topic.strip() if isinstance(topic, str) else ""))
    return min(places, key=lambda place: place.level, default=None)
