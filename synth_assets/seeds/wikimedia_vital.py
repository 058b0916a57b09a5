"""The Vital Articles list as Wikipedia keeps it: JSON pages `Wikipedia:Vital articles/data/{A..Z, others}.json`.

A page is `{"Title": {"level", "topic", "section"}}`, with a list of such records under a title that stands in several
places, or as a whole a list of records with a `title`; the lowest level counts. About 50,000 titles on 27 pages.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from synth_assets.errors import SeedError
from synth_assets.seeds.structured_contents import Vital
from synth_assets.seeds.wikimedia_api import WikimediaApi

FOLDER = "Vital articles/data/"
_PROJECT_NAMESPACE = "4"


def read_vital_list(api: WikimediaApi, *, of_any_age: bool = False) -> dict[str, Vital]:
    """Title -> level and topic, from the wiki's own pages.

    Raises:
        SeedError: the wiki cannot be used, has no such list, or a page of it is no JSON of this form.
    """
    names = []
    asked = {
        "action": "query", "list": "allpages", "apprefix": FOLDER, "apnamespace": _PROJECT_NAMESPACE, "aplimit": "max",
    }  # fmt: skip
    for answer in api.pages_of(asked, of_any_age=of_any_age):
        names += [page["title"] for page in (answer.data.get("query") or {}).get("allpages") or []]
    found: dict[str, Vital] = {}
    for name in (name for name in names if name.endswith(".json")):
        asked = {"action": "query", "prop": "revisions", "rvprop": "content|ids", "rvslots": "main", "titles": name}
        for answer in api.pages_of(asked, of_any_age=of_any_age):
            for page in (answer.data.get("query") or {}).get("pages") or []:
                for title, place in read_vital_page(_content(page), name):
                    if title not in found or place.level < found[title].level:
                        found[title] = place
    if not found:
        raise SeedError(f"{api.host}: no page of this site begins with {FOLDER!r}: it has no Vital Articles list")
    return found


def read_vital_page(text: str, name: str) -> Iterator[tuple[str, Vital]]:
    """The (title, place) of each record of one page of the list; `name` is what errors call it.

    Raises:
        SeedError: not JSON of this form; names the record.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SeedError(f"{name}: not JSON: {error}") from error
    if isinstance(data, dict):
        records = [(str(title), record) for title, record in data.items()]
    elif isinstance(data, list):
        records = [(str(record.get("title") or "") if isinstance(record, dict) else "", record) for record in data]
    else:
        raise SeedError(f"{name}: a JSON {type(data).__name__} where an object or a list of records is expected")
    for title, value in records:
        for record in value if isinstance(value, list) else [value]:
            level = record.get("level") if isinstance(record, dict) else None
            if not title or isinstance(level, bool) or not isinstance(level, int) or not 1 <= level <= 5:
                raise SeedError(f"{name}: {title!r} has no level from 1 to 5")
            topic = record.get("topic")
            yield title.replace("_", " ").strip(), Vital(level=level, topic=topic if isinstance(topic, str) else "")


def _content(page: Mapping[str, Any]) -> str:
    for revision in page.get("revisions") or []:
        content = ((revision.get("slots") or {}).get("main") or {}).get("content")
        if isinstance(content, str):
            return content
    return ""
