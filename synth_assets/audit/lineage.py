"""Lineage in a standard form: the life of a sample as W3C PROV (PROV-DM, 2013), serialized as PROV-JSON.

PROV rather than OpenLineage, because what is told is the descent of single things, and OpenLineage knows runs over
whole tables only. In PROV's words: entities are the article revision, the section, each prompt and reply, query, trace,
answer, verdicts, the sample and the releases it is a member of; activities are the steps, the calls and the verdicts;
agents are models, exercises and runs. A step is associated with its exercise by the candidate's plan: constraints,
pass, recipe. The shortest way back is `wasDerivedFrom`: sample, answer, trace, query, section, article.
"""

import json
import os
from collections.abc import Collection, Iterable, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from synth_assets.errors import SynthAssetsError

if TYPE_CHECKING:
    from prov.model import ProvDocument

NAMESPACE = "urn:synth-assets:"
# table, the column of its text, the step of its calls
STEPS = (("queries", "query", "query"), ("reasoning_drafts", "draft", "draft"), ("answers", "answer", "answer"))
_TOLD_OTHERWISE = frozenset(
    {"candidate_id", "exercise", "language", "call_ids", "run_id", "made_at", "judged_at", "decided_at"}
)
VERDICTS = ("quality_scores", "judgements", "contamination", "duplicates")


def lineage_of(life: Mapping[str, Any]) -> "ProvDocument":
    """The PROV document of one life, as `read_life` tells it."""
    return _Lineage(life).document


def write_lineage(path: Path, life: Mapping[str, Any]) -> None:
    """Write the lineage of one life to a file of PROV-JSON, whole or not at all.

    Raises:
        SynthAssetsError: the file cannot be written.
    """
    with _written(path) as file:
        lineage_of(life).serialize(file, format="json")


def write_lineages(path: Path, lives: Iterable[Mapping[str, Any]]) -> int:
    """Write the lineages of many lives to one file of PROV-JSON, each a bundle of its own; the number of them.

    A bundle is written before the next life is asked for, so that memory does not depend on how many there are.

    Raises:
        SynthAssetsError: the file cannot be written.
    """
    written = 0
    with _written(path) as file:
        file.write('{"prefix": ' + json.dumps({"sa": NAMESPACE}) + ', "bundle": {')
        for life in lives:
            name = f"sa:{_local('lineage', life['candidate']['candidate_id'])}"
            file.write(f"{', ' if written else ''}{json.dumps(name)}: ")
            lineage_of(life).serialize(file, format="json")
            written += 1
        file.write("}}")
    return written


@contextmanager
def _written(path: Path) -> Any:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("w", encoding="utf-8") as file:
            yield file
        temporary.replace(path)
    except OSError as error:
        raise SynthAssetsError(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)


def _local(kind: str, *parts: Any) -> str:
    """A name within the namespace; names of models and recipes may hold anything."""
    return "/".join([kind, *(quote(str(part), safe="-._~") for part in parts)])


class _Lineage:
    """Builds the document of one life; every part of it is added once."""

    def __init__(self, life: Mapping[str, Any]) -> None:
        from prov.model import PROV, ProvDocument

        self.document = ProvDocument()
        self._prov = PROV
        self._sa = self.document.add_namespace("sa", NAMESPACE)
        self._agents: dict[str, Any] = {}
        self._calls = list(life["calls"])
        self._candidate = life["candidate"]
        self._id = self._candidate["candidate_id"]
        plan = self._plan()
        sources = [self._passage(passage) for passage in (life["section"], *life["neighbours"]) if passage]
        made = self._steps(life, plan, sources)
        self._left_over(life)
        last = next((made[table] for table, _, _ in reversed(STEPS) if table in made), plan)
        verdicts = [self._verdict(table, life[table], last) for table in VERDICTS if life[table]]
        if life["sample"]:
            self._sample(life, made, verdicts)

    def _name(self, kind: str, *parts: Any) -> Any:
        return self._sa[_local(kind, *parts)]

    def _entity(self, kind: str, *parts: Any, **attributes: Any) -> Any:
        return self.document.entity(self._name(kind, *parts), self._attributes(kind, attributes))

    def _attributes(self, kind: str, given: Mapping[str, Any]) -> list[tuple[Any, Any]]:
        told = [(self._prov["type"], self._sa[kind])]
        for name, value in given.items():
            key = self._prov[name] if name in ("value", "label") else self._sa[name]
            values = value if isinstance(value, list | tuple) else [value]
            told += [(key, json.dumps(each, ensure_ascii=False) if isinstance(each, dict) else each)
                     for each in values if each not in (None, "")]  # fmt: skip
        return told

    def _agent(self, kind: str, *parts: Any, **attributes: Any) -> Any:
        name = _local(kind, *parts)
        if name not in self._agents:
            told = [*self._attributes(kind, attributes), (self._prov["type"], self._prov["SoftwareAgent"])]
            self._agents[name] = self.document.agent(self._sa[name], told)
        return self._agents[name]

    def _plan(self) -> Any:
        row = self._candidate
        plan = self._entity(
            "plan", self._id, exercise=row["exercise"], exerciseVersion=row["exercise_version"], passNumber=row["pass"],
            language=row["language"], seed=row["seed"], round=row["round"], constraints=row["constraints"],
            recipe=row["recipe_name"], recipeHash=row["recipe_hash"], source=row["source"], state=row["state"],
            refusedAt=row["refused_at"], refusedReason=row["refused_reason"],
        )  # fmt: skip
        plan.add_attributes([(self._prov["type"], self._prov["Plan"])])
        planning = self.document.activity(self._name("planning", self._id), None, row["planned_at"],
                                          self._attributes("planning", {}))  # fmt: skip
        self.document.generation(plan, planning, row["planned_at"])
        self.document.association(planning, self._agent("run", row["run_id"]))
        return plan

    def _passage(self, passage: Mapping[str, Any]) -> Any:
        article = self._name("article", passage["seed_id"])
        if not self.document.get_record(article):
            self._entity(
                "article", passage["seed_id"], label=passage["title"], url=passage["article_url"],
                revision=passage["revision"], license=passage["license"], collection=passage["collection"],
                language=passage["language"], contentHash=passage["article_hash"], sourceFile=passage["source_file"],
                retrievedAt=passage["retrieved_at"],
            )  # fmt: skip
        section = self._entity(
            "section", passage["section_id"], label=" > ".join(passage["heading_path"]), url=passage["url"],
            license=passage["license"], contentHash=passage["content_hash"], value=passage["text"],
        )  # fmt: skip
        self.document.derivation(section, article)
        return section

    def _steps(self, life: Mapping[str, Any], plan: Any, sources: list[Any]) -> dict[str, Any]:
        """The rows that were made, each derived from the row before, the first from the passages."""
        made: dict[str, Any] = {}
        before = sources
        exercise = self._agent("exercise", self._candidate["exercise"], self._candidate["exercise_version"])
        for table, column, step in STEPS:
            row = life[table]
            if row is None:
                continue
            activity = self.document.activity(
                self._name("step", step, self._id), None, row["made_at"],
                self._attributes("step", {"attempts": row["attempts"], "refusedReason": row["refused_reason"],
                                          "refusedDetail": row["refused_detail"]}),
            )  # fmt: skip
            self.document.association(activity, exercise, plan)
            self.document.association(activity, self._agent("run", row["run_id"]))
            for each in before:
                self.document.usage(activity, each)
            replies = [self._call(call, activity, before) for call in self._take(row["call_ids"])]
            if row["refused_reason"] is not None:
                break
            entity = self._entity(step, self._id, value=row[column], model=row["model"], template=row["templates"],
                                  fingerprint=row["fingerprint"])  # fmt: skip
            self.document.generation(entity, activity, row["made_at"])
            for each in (*before, *(reply for reply in replies if reply is not None)):
                self.document.derivation(entity, each, activity)
            made[table] = entity
            before = [entity]
        return made

    def _call(self, call: Mapping[str, Any], step: Any, before: list[Any]) -> Any:
        """A call with its prompt and its reply; the reply, None where the call failed."""
        ended = datetime.fromisoformat(call["finished_at"])
        activity = self.document.activity(
            self._name("call", call["call_id"], call["finished_at"]), datetime.fromisoformat(call["started_at"]), ended,
            self._attributes("call", {
                "role": call["role"], "step": call["step"], "attempt": call["attempt"], "sample": call["sample"],
                "address": call["address"], "finishReason": call["finish_reason"], "error": call["error"],
                "promptTokens": call["prompt_tokens"], "completionTokens": call["completion_tokens"],
                "costUsd": call["cost_usd"], "httpAttempts": call["http_attempts"],
            }),
        )  # fmt: skip
        model = self._agent("model", call["model"])
        self.document.association(activity, model)
        self.document.association(activity, self._agent("run", call["run_id"]))
        if step is not None:
            self.document.start(activity, None, step)
        prompt = self._name("prompt", call["call_id"])
        if not self.document.get_record(prompt):
            self._entity("prompt", call["call_id"], value=call["request"], template=call["templates"])
            for each in before:
                self.document.derivation(prompt, each)
        self.document.usage(activity, prompt)
        if call["reply"] is None:
            return None
        reply = self._entity("reply", call["call_id"], call["finished_at"], value=call["reply"])
        self.document.generation(reply, activity, ended)
        self.document.attribution(reply, model)
        self.document.derivation(reply, prompt, activity)
        return reply

    def _take(self, call_ids: Collection[str]) -> list[Mapping[str, Any]]:
        """The calls of these ids, which nothing else takes: one that failed and was answered later is two."""
        taken = [call for call in self._calls if call["call_id"] in call_ids]
        self._calls = [call for call in self._calls if call["call_id"] not in call_ids]
        return taken

    def _left_over(self, life: Mapping[str, Any]) -> None:
        """Calls that are in no row: they failed, or nobody has made a row of them yet; those of judges come later."""
        judged = set(life["judgements"]["call_ids"]) if life["judgements"] else set()
        for call in self._take({call["call_id"] for call in self._calls} - judged):
            self._call(call, None, [])

    def _verdict(self, table: str, row: Mapping[str, Any], judged: Any) -> Any:
        when = next(row[column] for column in ("made_at", "judged_at", "decided_at") if column in row)
        activity = self.document.activity(self._name("verdict", table, self._id), None, when,
                                          self._attributes("verdict", {"table": table}))  # fmt: skip
        self.document.association(activity, self._agent("run", row["run_id"]))
        self.document.usage(activity, judged)
        replies = [self._call(call, activity, [judged]) for call in self._take(row.get("call_ids") or ())]
        told = {name: value for name, value in row.items() if name not in _TOLD_OTHERWISE}
        entity = self._entity("scores", table, self._id, **told)
        self.document.generation(entity, activity, when)
        for each in (judged, *(reply for reply in replies if reply is not None)):
            self.document.derivation(entity, each, activity)
        return entity

    def _sample(self, life: Mapping[str, Any], made: Mapping[str, Any], verdicts: list[Any]) -> None:
        row = life["sample"]
        sample = self._entity(
            "sample", row["synth_id"], label=row["synth_id"], exercise=row["exercise"], language=row["language"],
            model=row["model"], license=row["seed_license"], quality=row["quality"], words=row["words"],
            recipeHash=row["recipe_hash"], byProgram=row["by_program"],
        )  # fmt: skip
        accepting = self.document.activity(self._name("accepting", self._id), None, row["sampled_at"],
                                           self._attributes("accepting", {}))  # fmt: skip
        self.document.association(accepting, self._agent("run", row["run_id"]))
        self.document.generation(sample, accepting, row["sampled_at"])
        for each in verdicts:
            self.document.usage(accepting, each)
        for table, _, _ in reversed(STEPS):
            if table in made:
                self.document.derivation(sample, made[table], accepting)
        for order in life["withdrawals"]:
            withdrawal = self.document.activity(
                self._name("withdrawal", order["order_id"] or self._id), None, order["withdrawn_at"],
                self._attributes("withdrawal", {"reason": order["reason"], "scope": order["scope"]}))  # fmt: skip
            self.document.invalidation(sample, withdrawal, order["withdrawn_at"])
        for release in life["releases"]:
            collection = self._entity(
                "release", release["version"], split=release["split"], packageVersion=release["package_version"],
                recipeHash=release["recipe_hash"], releasedAt=release["released_at"])  # fmt: skip
            collection.add_attributes([(self._prov["type"], self._prov["Collection"])])
            self.document.membership(collection, sample)
