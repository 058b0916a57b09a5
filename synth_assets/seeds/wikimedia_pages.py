"""Pages of a MediaWiki site: by title, by category with its subcategories, or by the Vital Articles list.

SYNTH's Wikibooks pages come this way, and Wikipedia's where no Structured Contents are at hand. What pages there are,
and in which revision, is asked first (fifty titles or five hundred members of a category a request); a page is fetched
only when it is read, and again only when its revision changed. A kill loses nothing: answers are kept on disk.

Title and category may be written as people write them: the wiki normalises them, redirects are followed, and two titles
that lead to one page give it once. Of a category the pages in the site's content namespaces are read (on Wikibooks
"Cookbook:" is one); talk, templates and files are not. Of level 5 of the Vital Articles the lead alone is read.

The licence is what the site states for all its pages (`siteinfo`, rightsinfo), as an SPDX identifier. Its terms want
the authors credited: every seed's attribution is the address of the page that names them.
"""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urljoin

from synth_assets.errors import Refused, SeedError
from synth_assets.identity import hash_of
from synth_assets.seeds.base import BadSeed, Dropped, Seed, SourceFile
from synth_assets.seeds.documents_converter import library
from synth_assets.seeds.licences import UNKNOWN, spdx_of
from synth_assets.seeds.packaged_json import printable
from synth_assets.seeds.structured_contents import APPARATUS, Vital
from synth_assets.seeds.vital_articles import SAFE_IN_TITLES
from synth_assets.seeds.wikimedia_api import WikimediaApi
from synth_assets.seeds.wikimedia_html import LEFT_OUT, PageText, read_extract, read_page
from synth_assets.seeds.wikimedia_vital import read_vital_list

READER_VERSION = 1
"""Part of every fingerprint: raised whenever the same page would give another seed."""

PAGES_A_FILE = 500
MOST_PAGES = 200_000
TITLES_A_REQUEST = 50
MOST_DEPTH = 20

REFUSALS = frozenset({
    "broken_file", "empty_category", "invalid_title", "missing_page", "no_text", "other_wiki", "page_refused",
    "same_page",
})  # fmt: skip
RULES = frozenset({
    "api_warning", "apparatus_section", "other_namespace", "redirect_page", "subcategory_below_depth", "too_many_pages",
    *LEFT_OUT, "infoboxes", "tables",
})  # fmt: skip
"""By which something is left out, and counted; of a warning nothing is lost, but it is told."""

_PROPERTIES = {"prop": "info|pageprops", "inprop": "url", "ppprop": "wikibase_item"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A page that is there; `asked` is the title that led to it."""

    id: int
    asked: str
    title: str
    url: str
    revision: str
    topic: str
    wikidata: str


@dataclass(slots=True, kw_only=True)
class _Listing:
    """What was found: pages by id in the order found, what is no page (name, reason), and what rules leave out."""

    site: str
    language: str
    license: str
    pages: dict[int, _Page] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    dropped: Counter[tuple[str, str]] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)

    def buckets(self) -> list[list[_Page]]:
        """The pages in parts of about `PAGES_A_FILE`, each page always in the same one while there are as many."""
        count = 1
        while len(self.pages) > count * PAGES_A_FILE:
            count *= 2
        parts: list[list[_Page]] = [[] for _ in range(count)]
        for page in self.pages.values():
            parts[int(hash_of("bucket", page.id)[:8], 16) % count].append(page)
        return parts


class WikimediaPages:
    """Reader of one site's pages.

    Args:
        site: "en.wikibooks.org", or the address of an `api.php`.
        cache_folder: where answers are kept.
        collection: what the recipe calls it.
        titles: pages by title.
        categories: categories by name, with or without "Category:".
        depth: how many levels of subcategories are entered; 0 takes a category's own pages.
        vital_levels: levels of the Vital Articles list of this site whose pages are read.
        vital: title -> level and topic, in place of the site's own list.
        language: ISO 639-1 code of the pages; the site's own when left out.
        license: SPDX identifier, in place of what the site states.
        topic: subject heading of all pages; the category's name when left out.
        contact: e-mail or web address of whoever runs this; `SYNTH_ASSETS_CONTACT` when left out.
        text: "html" reads rendered pages, with lists, tables and formulas (needs the extra `documents`); "extracts" the
            plain text of TextExtracts.
        infoboxes, tables: read these too, as text.
        apparatus: keep the sections that list sources.
        refresh_hours: how old a list of pages may be before it is asked for again.
        api: speaks to the site, in place of one made of site, cache_folder, contact and refresh_hours.

    Raises:
        SeedError: nothing to read is named, or a value is none; names it.
    """

    def __init__(
        self,
        *,
        site: str,
        cache_folder: Path,
        collection: str = "wikimedia",
        titles: Sequence[str] = (),
        categories: Sequence[str] = (),
        depth: int = 0,
        vital_levels: Sequence[int] = (),
        vital: Mapping[str, Vital] | None = None,
        language: str = "",
        license: str = "",
        topic: str = "",
        contact: str = "",
        text: Literal["html", "extracts"] = "html",
        infoboxes: bool = False,
        tables: bool = False,
        apparatus: bool = False,
        refresh_hours: float = 24,
        api: WikimediaApi | None = None,
    ) -> None:
        self.collection = collection
        if not (titles or categories or vital_levels):
            raise SeedError(f"{collection}: say what to read: titles, categories or vital_levels")
        if not 0 <= depth <= MOST_DEPTH:
            raise SeedError(f"{collection}: depth {depth} is not between 0 and {MOST_DEPTH}")
        if wrong := set(vital_levels) - {1, 2, 3, 4, 5}:
            raise SeedError(f"{collection}: the Vital Articles have levels 1 to 5, not {min(wrong)}")
        self._api = api or WikimediaApi(
            site, cache_folder, contact=contact, refresh_after=timedelta(hours=refresh_hours)
        )
        self._titles = tuple(titles)
        self._categories = tuple(categories)
        self._depth = depth
        self._levels = frozenset(vital_levels)
        self._given_vital = vital
        self._vital: Mapping[str, Vital] = vital or {}
        self._language = language
        self._license = license
        self._topic = topic
        self._text = text
        self._infoboxes = infoboxes
        self._tables = tables
        self._keep_apparatus = apparatus
        self._listing: _Listing | None = None

    def files(self, languages: tuple[str, ...]) -> list[SourceFile]:
        """The pages in parts, fingerprinted by their revisions; none where another language is asked for.

        Raises:
            SeedError: the site cannot be used, no contact is given, or the extra `documents` is not installed.
        """
        if self._language and self._language not in languages:
            return []
        if self._text == "html":
            library("lxml.etree", "a wiki's page as HTML")
        with self._api:
            self._listing = listed = self._listed(of_any_age=False)
        if listed.language not in languages:
            return []
        settings = [
            READER_VERSION, listed.license, self._text, self._infoboxes, self._tables, self._keep_apparatus,
        ]  # fmt: skip
        found = []
        for number, (name, pages) in enumerate(self._parts(listed).items()):
            state = [[page.id, page.title, page.url, page.revision, page.topic, page.wikidata, *self._place(page)]
                     for page in pages]  # fmt: skip
            others = [] if number else [listed.problems, sorted([*key, count] for key, count in listed.dropped.items())]
            found.append(
                SourceFile(
                    collection=self.collection,
                    language=listed.language,
                    name=name,
                    fingerprint=hash_of("wikimedia", self._api.address, settings, state, others),
                )
            )
        return found

    def read(self, file: SourceFile) -> Iterator[Seed | BadSeed | Dropped]:
        """The pages of one part, in the order found; then what is no page, and what was left out, counted by name.

        Raises:
            SeedError: the site cannot be used now; what was read is kept, so that running it again goes on from there.
        """
        left_out: Counter[str] = Counter()
        with self._api:
            listing = self._listing or self._listed(of_any_age=True)
            self._listing = listing
            parts = self._parts(listing)
            if file.name not in parts:
                raise SeedError(f"{file.name}: the list of pages has changed; ask for the files again")
            for page in parts[file.name]:
                try:
                    yield self._seed(listing, page, left_out)
                except Refused as refused:
                    yield BadSeed(source=file.name, record=printable(page.title), reason=str(refused))
        if file.name == next(iter(parts)):
            yield from self._others(file.name, listing)
        for name, count in sorted(left_out.items()):
            rule, _, what = name.partition(": ")
            yield Dropped(source=file.name, reason=rule, what=printable(what), count=count)

    # --- what there is -------------------------------------------------------------------------------------------

    def _parts(self, listing: _Listing) -> dict[str, list[_Page]]:
        buckets = listing.buckets()
        return {f"{self._api.host} {number} of {len(buckets)}": pages for number, pages in enumerate(buckets, 1)}

    def _others(self, name: str, listing: _Listing) -> Iterator[BadSeed | Dropped]:
        """What is no page, and what rules left out of the list; all of it stands with the first part."""
        for record, reason in listing.problems:
            yield BadSeed(source=name, record=printable(record), reason=printable(reason))
        for (reason, what), count in sorted(listing.dropped.items()):
            yield Dropped(source=name, reason=reason, what=printable(what), count=count)
        for said, count in sorted(listing.warnings.items()):
            yield Dropped(source=name, reason="api_warning", what=printable(said), count=count)

    def _listed(self, *, of_any_age: bool) -> _Listing:
        answer = self._api.ask(
            {"action": "query", "meta": "siteinfo", "siprop": "general|namespaces|rightsinfo"}, of_any_age=of_any_age
        )
        if answer.error is not None:
            raise SeedError(f"{self._api.host}: {answer.error[0]}: {answer.error[1]}")
        site = _mapping(answer.data.get("query"))
        general = _mapping(site.get("general"))
        listing = _Listing(
            site=" ".join(printable(_string(general.get("sitename"))).split()) or self._api.host,
            language=self._language or _string(general.get("lang")).partition("-")[0].lower(),
            license=self._license or _license_of(_mapping(site.get("rightsinfo"))),
        )
        listing.warnings.update(answer.warnings)
        content = {
            value.get("id")
            for value in map(_mapping, _mapping(site.get("namespaces")).values())
            if value.get("content")
        }
        titles = list(self._titles)
        if self._levels:
            if self._given_vital is None:
                self._vital = read_vital_list(self._api, of_any_age=of_any_age)
            titles += [title for title, place in self._vital.items() if place.level in self._levels]
        self._list_titles(listing, titles, of_any_age)
        self._list_categories(listing, content or {0}, of_any_age)
        return listing

    def _list_titles(self, listing: _Listing, titles: list[str], of_any_age: bool) -> None:
        wanted: dict[str, None] = {}
        for title in titles:
            if not title.strip() or "|" in title or "\x1f" in title:
                listing.problems.append((title, "invalid_title: empty, or with a vertical bar"))
            else:
                wanted[" ".join(title.replace("_", " ").split())] = None
        names = list(wanted)
        for start in range(0, len(names), TITLES_A_REQUEST):
            batch = names[start : start + TITLES_A_REQUEST]
            asked = {"action": "query", **_PROPERTIES, "redirects": "1", "titles": "|".join(batch)}
            found: dict[str, dict[str, Any]] = {}
            leads_to: dict[str, str] = {}
            for answer in self._api.pages_of(asked, of_any_age=of_any_age):
                listing.warnings.update(answer.warnings)
                query = _mapping(answer.data.get("query"))
                for step in (*_list(query.get("normalized")), *_list(query.get("redirects"))):
                    leads_to[_string(step.get("from"))] = _string(step.get("to"))
                for entry in _list(query.get("interwiki")):
                    found[_string(entry.get("title"))] = {"interwiki": True}
                for entry in _list(query.get("pages")):
                    found.setdefault(_string(entry.get("title")), {}).update(entry)
            for title in batch:
                end, steps = title, 0
                while end in leads_to and steps < 10:
                    end, steps = leads_to[end], steps + 1
                self._add(listing, title, found.get(end), self._topic)

    def _list_categories(self, listing: _Listing, content: set[Any], of_any_age: bool) -> None:
        for category in self._categories:
            name = category.strip() if ":" in category else f"Category:{category.strip()}"
            topic = self._topic or name.partition(":")[2].replace("_", " ")
            waiting, seen = deque([(name, 0)]), {name}
            while waiting:
                place, depth = waiting.popleft()
                asked = {
                    "action": "query", "generator": "categorymembers", "gcmtitle": place, "gcmtype": "page|subcat",
                    "gcmlimit": "max", **_PROPERTIES,
                }  # fmt: skip
                members: dict[Any, dict[str, Any]] = {}
                for answer in self._api.pages_of(asked, of_any_age=of_any_age):
                    listing.warnings.update(answer.warnings)
                    for entry in _list(_mapping(answer.data.get("query")).get("pages")):
                        members.setdefault(entry.get("pageid") or entry.get("title"), {}).update(entry)
                if not members and place == name:
                    listing.problems.append((name, "empty_category: the site has no pages in it"))
                for entry in members.values():
                    title, namespace = _string(entry.get("title")), entry.get("ns")
                    if namespace == 14:
                        if title not in seen and depth < self._depth:
                            waiting.append((title, depth + 1))
                        elif title not in seen:
                            listing.dropped["subcategory_below_depth", f"below {name}"] += 1
                        seen.add(title)  # categories may contain one another
                    elif namespace not in content:
                        listing.dropped["other_namespace", title.partition(":")[0]] += 1
                    elif entry.get("redirect"):
                        listing.dropped["redirect_page", f"in {name}"] += 1
                    else:
                        self._add(listing, title, entry, topic, repeats=True)

    def _add(
        self, listing: _Listing, asked: str, entry: Mapping[str, Any] | None, topic: str, *, repeats: bool = False
    ) -> None:
        """One page more, or why it is none. Categories name the same page again and again: that is no problem."""
        entry = entry or {"missing": True}
        if entry.get("interwiki"):
            listing.problems.append((asked, "other_wiki: the title leads to another site"))
        elif entry.get("invalid"):
            listing.problems.append((asked, f"invalid_title: {_string(entry.get('invalidreason'))}"))
        elif entry.get("missing") or not isinstance(entry.get("pageid"), int):
            listing.problems.append((asked, "missing_page: the site has no such page"))
        elif entry["pageid"] in listing.pages:
            if not repeats:
                listing.problems.append((asked, f"same_page: as {listing.pages[entry['pageid']].title!r}"))
        elif len(listing.pages) >= MOST_PAGES:
            listing.dropped["too_many_pages", f"after {MOST_PAGES:,}"] += 1
        else:
            title = _string(entry.get("title"))
            listing.pages[entry["pageid"]] = _Page(
                id=entry["pageid"],
                asked=asked,
                title=title,
                url=_string(entry.get("canonicalurl") or entry.get("fullurl")) or self._address_of(title),
                revision=str(entry.get("lastrevid") or ""),
                topic=topic,
                wikidata=_string(_mapping(entry.get("pageprops")).get("wikibase_item")),
            )

    def _address_of(self, title: str) -> str:
        return urljoin(self._api.address, f"/wiki/{quote(title.replace(' ', '_'), safe=SAFE_IN_TITLES)}")

    def _place(self, page: _Page) -> tuple[int | None, str]:
        place = self._vital.get(page.title) or self._vital.get(page.asked)
        return (place.level, place.topic) if place else (None, "")

    # --- one page ------------------------------------------------------------------------------------------------

    def _seed(self, listing: _Listing, page: _Page, left_out: Counter[str]) -> Seed:
        apparatus = frozenset() if self._keep_apparatus else APPARATUS.get(listing.language, frozenset())
        if self._text == "html":
            asked = {
                "action": "parse", "pageid": str(page.id), "prop": "text|revid", "disableeditsection": "1",
                "disabletoc": "1", "disablelimitreport": "1",
            }  # fmt: skip
        else:
            asked = {
                "action": "query", "pageids": str(page.id), "prop": "extracts|info", "explaintext": "1",
                "exsectionformat": "wiki", "exlimit": "1",
            }  # fmt: skip
        # the newest revision is what a wiki has at hand: asking for one by number is dear to it
        answer = self._api.ask(asked, revision=page.revision or "unknown")
        if answer.error is not None:
            raise Refused("page_refused", ": ".join(filter(None, answer.error)))
        left_out.update(f"api_warning: {said}" for said in answer.warnings)
        if self._text == "html":
            found = _mapping(answer.data.get("parse"))
            text, revision = _string(found.get("text")), found.get("revid")
            read = read_page(text, infoboxes=self._infoboxes, tables=self._tables, apparatus=apparatus)
        else:
            found = next(iter(_list(_mapping(answer.data.get("query")).get("pages"))), {})
            revision = found.get("lastrevid")
            read = read_extract(_string(found.get("extract")), apparatus=apparatus)
        level, topic = self._place(page)
        blocks = read.blocks if level != 5 else _lead_of(read)
        if all(block.kind == "heading" for block in blocks):
            raise Refused("no_text", "headings at most")
        left_out.update(read.left_out)
        return Seed(
            collection=self.collection,
            language=listing.language,
            title=printable(page.title),
            url=page.url,
            license=listing.license,
            blocks=blocks,
            level=level,
            topic=topic or page.topic,
            revision=str(revision or page.revision),
            retrieved_at=answer.retrieved_at,
            attribution=f"{listing.site} contributors, {history_url(page.url)}",
            wikidata=page.wikidata,
        )


def history_url(url: str) -> str:
    """The page that names everyone who wrote a page, as its licence wants them credited; `url` is the page's own."""
    site, found, title = url.partition("/wiki/")
    return f"{site}/w/index.php?title={title}&action=history" if found else f"{url}?action=history"


def _lead_of(page: PageText) -> tuple[Any, ...]:
    first = next((number for number, block in enumerate(page.blocks) if block.kind == "heading"), len(page.blocks))
    return page.blocks[:first]


def _license_of(rights: Mapping[str, Any]) -> str:
    """By its address, else by its name."""
    url = _string(rights.get("url"))
    known = spdx_of(f"https:{url}" if url.startswith("//") else url)
    return known if known != UNKNOWN else spdx_of(_string(rights.get("text")))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""
