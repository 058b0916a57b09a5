"""A wiki on localhost that answers as MediaWiki's Action API does, with the shapes of formatversion 2.

It knows `action=query` (siteinfo; info by titles, with normalised titles, redirects, missing and invalid ones; the
generator and the list of a category's members, continued; allpages; revisions; extracts) and `action=parse`, and can be
told to say no first: `faults` are (status, headers, body) that the next requests get, one each.
"""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlsplit

CC_BY_SA = {"url": "https://creativecommons.org/licenses/by-sa/4.0/", "text": "Creative Commons BY-SA 4.0"}
NAMESPACES = {
    0: ("", True), 1: ("Talk", False), 10: ("Template", False), 14: ("Category", False), 102: ("Cookbook", True),
}  # fmt: skip
PAGE = """<div class="mw-content-ltr mw-parser-output" lang="en" dir="ltr"><div class="shortdescription noprint"
 style="display:none">Dish</div><div role="note" class="hatnote navigation-not-searchable">Main article: Soup</div>
<table class="infobox"><tbody><tr><th>Servings</th><td>4</td></tr></tbody></table>
<p><b>{title}</b> is a soup<sup id="cite_ref-1" class="reference"><a href="#cite_note-1">[1]</a></sup> of lentils.</p>
<div class="mw-heading mw-heading2"><h2 id="Ingredients">Ingredients</h2></div>
<ul><li>1 cup of lentils<ul><li>red ones</li></ul></li><li>Water</li></ul>
<h3><span class="mw-headline" id="For_the_pot">For the pot</span></h3><p>Its area is <span class="mwe-math-element">
<span style="display: none;"><math alttext="{{\\displaystyle \\pi r^{{2}}}}"><mi>x</mi></math></span>
<img alt="{{\\displaystyle \\pi r^{{2}}}}"></span> in all.</p>
<table class="wikitable"><tbody><tr><th>Pot</th><th>Litres</th></tr><tr><td>small</td><td>2</td></tr></tbody></table>
<h2 id="See_also">See also</h2><ul><li>Soup</li></ul>
<div class="mw-references-wrap"><ol class="references"><li>A book.</li></ol></div></div>"""


@dataclass(kw_only=True)
class WikiPage:
    """A page: what `action=parse` renders, and what TextExtracts gives."""

    id: int
    title: str
    revision: int = 100
    html: str = ""
    extract: str = "A soup of lentils.\n\n== Ingredients ==\n1 cup of lentils\n\n=== For the pot ===\nA pot."
    content: str = ""
    redirect_to: str = ""
    item: str = ""

    @property
    def ns(self) -> int:
        prefix = self.title.partition(":")[0] if ":" in self.title else ""
        return next((number for number, (name, _) in NAMESPACES.items() if name == prefix), 4 if prefix else 0)


@dataclass(kw_only=True)
class Wiki:
    """What the server holds. `asked` are the parameters of every request that it got, faults included.

    After `hold_after` requests it answers no more, and `holding` is set.
    """

    pages: dict[str, WikiPage] = field(default_factory=dict)
    categories: dict[str, list[str]] = field(default_factory=dict)
    rights: dict[str, str] = field(default_factory=lambda: dict(CC_BY_SA))
    language: str = "en"
    members_a_page: int = 2
    faults: list[tuple[int, dict[str, str], str]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    most_at_once: int = 0
    warning: str = ""
    hold_after: int | None = None
    holding: threading.Event = field(default_factory=threading.Event)

    def add(self, title: str, **values: object) -> WikiPage:
        page = WikiPage(id=1000 + len(self.pages), title=title, **values)
        self.pages[title] = page
        return page

    def put(self, category: str, *members: str) -> None:
        """Members by title; a subcategory is "Category:X", and everything else is a page, made where it lacks."""
        self.categories.setdefault(f"Category:{category}", []).extend(members)
        for title in (f"Category:{category}", *members):
            if title not in self.pages:
                self.add(title)

    def count(self, action: str) -> int:
        return sum(asked.get("action") == action for asked in self.asked)


def error(code: str, info: str = "", **more: object) -> str:
    """An error as it comes with HTTP 200."""
    return json.dumps({"error": {"code": code, "info": info, **more}, "servedby": "mw1"})


def answer(wiki: Wiki, asked: dict[str, str]) -> dict[str, object]:
    """What the API says to one request."""
    if asked["action"] == "parse":
        page = next((page for page in wiki.pages.values() if str(page.id) == asked["pageid"]), None)
        if page is None:
            return {"error": {"code": "nosuchpageid", "info": f"There is no page with ID {asked['pageid']}."}}
        return {"parse": {
            "title": page.title, "pageid": page.id, "revid": page.revision,
            "text": page.html or PAGE.format(title=page.title),
        }}  # fmt: skip
    found: dict[str, object] = {"batchcomplete": True}
    query: dict[str, object] = {}
    if asked.get("meta") == "siteinfo":
        query["general"] = {"sitename": "Wiki", "lang": wiki.language, "articlepath": "/wiki/$1"}
        query["rightsinfo"] = wiki.rights
        query["namespaces"] = {str(number): {"id": number, "name": name, "content": content}
                               for number, (name, content) in NAMESPACES.items()}  # fmt: skip
    elif asked.get("generator") == "categorymembers":
        members = wiki.categories.get(asked["gcmtitle"], [])
        start = int(asked.get("gcmcontinue", "page|0").partition("|")[2])
        stop = start + wiki.members_a_page
        if members:
            query["pages"] = [_info(wiki, wiki.pages[title]) for title in members[start:stop]]
        if stop < len(members):
            found["continue"] = {"gcmcontinue": f"page|{stop}", "continue": "gcmcontinue||"}
            del found["batchcomplete"]
    elif asked.get("list") == "allpages":
        prefix = f"Wikipedia:{asked['apprefix']}"
        query["allpages"] = [{"pageid": page.id, "ns": 4, "title": page.title}
                             for page in wiki.pages.values() if page.title.startswith(prefix)]  # fmt: skip
    elif "pageids" in asked:
        page = next(page for page in wiki.pages.values() if str(page.id) == asked["pageids"])
        query["pages"] = [{**_info(wiki, page), "extract": page.extract}]
    else:
        _by_titles(wiki, asked, query)
    if query:
        found["query"] = query
    return found


def _by_titles(wiki: Wiki, asked: dict[str, str], query: dict[str, object]) -> None:
    pages: dict[str, dict[str, object]] = {}
    for title in asked["titles"].split("|"):
        if title.startswith("wikt:"):
            query.setdefault("interwiki", []).append({"title": title, "iw": "wikt"})
            continue
        if "[" in title:
            pages[title] = {"title": title, "invalidreason": "The requested page title contains invalid characters",
                            "invalid": True}  # fmt: skip
            continue
        normal = title[:1].upper() + title[1:]
        if normal != title:
            query.setdefault("normalized", []).append({"fromencoded": False, "from": title, "to": normal})
        while (page := wiki.pages.get(normal)) is not None and page.redirect_to and asked.get("redirects"):
            query.setdefault("redirects", []).append({"from": normal, "to": page.redirect_to})
            normal = page.redirect_to
        pages[normal] = _info(wiki, page) if page else {"ns": 0, "title": normal, "missing": True}
        if page and "revisions" in asked["prop"]:
            slot = {"contentmodel": "json", "contentformat": "application/json", "content": page.content}
            pages[normal]["revisions"] = [{"revid": page.revision, "parentid": 1, "slots": {"main": slot}}]
    query["pages"] = list(pages.values())


def _info(wiki: Wiki, page: WikiPage) -> dict[str, object]:
    address = f"https://wiki.example/wiki/{quote(page.title.replace(' ', '_'), safe=':/')}"
    info = {"pageid": page.id, "ns": page.ns, "title": page.title, "contentmodel": "wikitext",
            "pagelanguage": wiki.language, "lastrevid": page.revision, "length": 9, "fullurl": address,
            "canonicalurl": address}  # fmt: skip
    if page.item:
        info["pageprops"] = {"wikibase_item": page.item}
    return {**info, "redirect": True} if page.redirect_to else info


class WikimediaServer:
    """Serves a wiki while the block runs; `address` is its api.php."""

    def __init__(self, wiki: Wiki) -> None:
        self.wiki = wiki
        self._lock = threading.Lock()
        self._at_once = 0
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server._serve(self, urlsplit(self.path).query)

            def do_POST(self) -> None:
                server._serve(self, self.rfile.read(int(self.headers["Content-Length"])).decode())

            def log_message(self, *_: object) -> None:
                """Tests read `asked` instead."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._http.server_port}/w/api.php"

    def _serve(self, handler: BaseHTTPRequestHandler, query: str) -> None:
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        with self._lock:
            self._at_once += 1
            self.wiki.most_at_once = max(self.wiki.most_at_once, self._at_once)
            self.wiki.asked.append(asked)
            self.wiki.agents.append(handler.headers.get("User-Agent", ""))
            held = self.wiki.hold_after is not None and len(self.wiki.asked) > self.wiki.hold_after
            status, headers, body = self.wiki.faults.pop(0) if self.wiki.faults else (200, {}, "")
        if held:  # until who asked is gone
            self.wiki.holding.set()
            handler.rfile.read(1)
            handler.close_connection = True
            with self._lock:
                self._at_once -= 1
            return
        if not body and status == 200:
            said = answer(self.wiki, asked)
            if self.wiki.warning:
                said["warnings"] = {"main": {"warnings": self.wiki.warning}}
            body = json.dumps(said)
        data = body.encode()
        with self._lock:
            self._at_once -= 1
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json; charset=utf-8", **headers}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    def __enter__(self) -> "WikimediaServer":
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
