"""Croissant metadata: what the files are, what the columns mean, and where it all came from.

Source: MLCommons Croissant 1.0 and its Responsible AI vocabulary 1.0; `wasDerivedFrom` and `wasGeneratedBy` are W3C
PROV. There is no date of publication in it: the same rows must give the same bytes.
"""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl

from synth_assets.release.card import sources_of
from synth_assets.release.info import ReleaseInfo
from synth_assets.release.manifest import Manifest
from synth_assets.release.parquet import EXTENDED_SCHEMA, LINEAGE, SYNTH_SCHEMA

CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "prov": "http://www.w3.org/ns/prov#",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_COLUMNS = {
    "synth_id": "id of the sample",
    "language": "language of question and answer, ISO 639-1",
    "exercise": "published label of the exercise",
    "model": "{base}-{exercise}, or program",
    "query": "the question",
    "query_seed_url": "address of the section it was asked about",
    "query_seed_text": "text of that section",
    "additional_seed_url": "address of the neighbour paragraph",
    "seed_license": "licence of the seed",
    "constraints": "axis:value, with commas between",
    "script": "name of the program's template",
    "synthetic_reasoning": "the reasoning trace, in English",
    "synthetic_answer": "the answer",
    "words": "words of question, trace and answer",
}
_TYPES = {pl.String: "sc:Text", pl.Int64: "sc:Integer", pl.Float64: "sc:Float", pl.Boolean: "sc:Boolean"}
_MEDIA = {".parquet": "application/x-parquet", ".jsonl": "application/jsonlines"}


def write_croissant(path: Path, about: ReleaseInfo, manifest: Manifest) -> None:
    """Write croissant.json of a release whose files are listed in the manifest."""
    path.write_text(json.dumps(metadata(about, manifest), indent=1, ensure_ascii=False) + "\n", "utf-8")


def metadata(about: ReleaseInfo, manifest: Manifest) -> dict[str, Any]:
    """The JSON-LD as a mapping."""
    licenses = sorted({each.license for each in about.articles})
    sources = sources_of(about.articles)
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": ["http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"],
        "name": re.sub(r"[^A-Za-z0-9_.-]+", "-", about.name).strip("-") or "release",
        "alternateName": about.name,
        "description": about.description
        or f"{manifest.samples:,} samples made from real articles by the SYNTH recipe with synth-assets "
        f"{about.package_version}, recipe {about.recipe_name}.",
        "version": _semantic(about.version),
        "citeAs": f"{about.name}, version {about.version}, made with synth-assets {about.package_version}",
        "license": [_license_url(name) for name in licenses] or ["https://choosealicense.com/no-permission/"],
        "inLanguage": sorted({each.language for each in manifest.cells}),
        "keywords": ["synthetic", "reasoning", "SYNTH"],
        "isLiveDataset": False,
        "prov:wasDerivedFrom": [
            {
                "@type": "prov:Entity",
                "sc:name": row["collection"],
                "sc:license": _license_url(row["license"]),
                "sc:description": f"{row['articles']:,} articles, {row['samples']:,} samples, see attribution.jsonl",
            }
            for row in sources
        ],
        "prov:wasGeneratedBy": {
            "@type": "prov:Activity",
            "sc:name": f"synth-assets {about.package_version}",
            "sc:description": f"recipe {about.recipe_name}, {about.recipe_hash}, in recipe.yaml",
            "prov:wasAssociatedWith": [
                {"@type": "prov:SoftwareAgent", "sc:name": model} for model in sorted({m.model for m in about.models})
            ],
        },
        **_responsible(about, manifest),
        "distribution": _distribution(manifest),
        "recordSet": [
            _record_set("samples", "SYNTH's 14 columns", "data-files", SYNTH_SCHEMA),
            _record_set("extended", "the same rows with all that leads back", "extended-files", EXTENDED_SCHEMA),
        ],
    }


def _responsible(about: ReleaseInfo, manifest: Manifest) -> dict[str, Any]:
    refused = sum(each.candidates for each in about.refusals)
    cells: Counter[tuple[str, str]] = Counter()
    for each in manifest.cells:
        cells[each.cell, each.language] += each.samples
    (exercise, language), largest = min(cells.items(), key=lambda item: (-item[1], item[0]))
    return {
        "rai:dataCollection": "Sections of real articles were drawn by a recipe; questions, traces and answers were "
        "written by language models and programs.",
        "rai:dataCollectionType": ["Secondary Data Analysis", "Software Collection", "Other"],
        "rai:dataCollectionRawData": "Seed articles; attribution.jsonl gives address, licence, revision.",
        "rai:machineAnnotationTools": sorted({each.model for each in about.models}) or ["programs of synth-assets"],
        "rai:dataManipulationProtocol": f"Formal checks, scores with thresholds, and removal of duplicates within the "
        f"exercise's family; {refused:,} candidates were refused, each with a reason that the card counts.",
        "rai:dataAnnotationProtocol": "No person annotated these rows.",
        "rai:dataUseCases": ["Training", "Validation", "Testing", "Fine Tuning"],
        "rai:dataLimitations": "What no program can check may be wrong; errors of the seed articles are repeated.",
        "rai:dataBiases": f"Shares of exercises and languages are the recipe's; {exercise} in {language} is "
        f"{largest / manifest.samples:.1%} of the rows.",
        "rai:personalSensitiveInformation": "People named in seed articles may be named here; no step removes them.",
        "rai:dataReleaseMaintenancePlan": "A version is never changed; what is withdrawn is left out of the next one.",
    }


def _distribution(manifest: Manifest) -> list[dict[str, Any]]:
    objects = [
        {
            "@type": "cr:FileObject",
            "@id": file.name,
            "name": file.name,
            "contentUrl": file.name,
            "contentSize": f"{file.bytes} B",
            "encodingFormat": _MEDIA[Path(file.name).suffix],
            "sha256": file.sha256,
        }
        for file in manifest.files
        if Path(file.name).suffix in _MEDIA
    ]
    sets = [
        {
            "@type": "cr:FileSet",
            "@id": f"{folder}-files",
            "name": f"{folder}-files",
            "encodingFormat": _MEDIA[".parquet"],
            "includes": f"{folder}/*.parquet",
        }
        for folder in ("data", "extended")
    ]
    return [*objects, *sets]


def _record_set(name: str, description: str, files: str, schema: pl.Schema) -> dict[str, Any]:
    """The columns that are of one value; lists and scores stand in the Parquet schema and on the card."""
    fields = [
        {
            "@type": "cr:Field",
            "@id": f"{name}/{column}",
            "name": column,
            "description": _COLUMNS.get(column) or LINEAGE[column][1],
            "dataType": _TYPES[type(kind)],
            "source": {"fileSet": {"@id": files}, "extract": {"column": column}},
        }
        for column, kind in schema.items()
        if type(kind) in _TYPES
    ]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": description,
        "key": {"@id": f"{name}/synth_id"},
        "field": fields,
    }


def _semantic(version: str) -> str:
    """The version in the form that Croissant recommends; a name that is none is what semver calls build metadata."""
    plain = re.fullmatch(r"\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?", version)
    return version if plain else "0.0.0+" + re.sub(r"[^0-9A-Za-z]+", "-", version).strip("-")


def _license_url(name: str) -> str:
    """The address of an SPDX licence; another name as it is."""
    return f"https://spdx.org/licenses/{name}.html" if re.fullmatch(r"[A-Za-z0-9.+-]+", name) else name
