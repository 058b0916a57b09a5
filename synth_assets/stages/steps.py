"""The stages that plan candidates and carry them through query, draft and answer."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields, replace
from typing import Any

from synth_assets.encoder import nearest
from synth_assets.errors import BudgetSpent, SynthAssetsError
from synth_assets.exercises import EXERCISES
from synth_assets.exercises.base import Answer, Draft, Exercise, Passage, PoolItem, Query, Task, candidate_id
from synth_assets.generation import PROGRAM, StepInput, StepName, StepOutcome, run_step
from synth_assets.models import loop
from synth_assets.models.client import ModelClient
from synth_assets.models.client import Progress as CallProgress
from synth_assets.models.prices import price_of
from synth_assets.models.wire import model_name
from synth_assets.planning import (
    CellCounts,
    Planned,
    Shortfall,
    Source,
    next_draws,
    order_sources,
    passes_short,
    plan_candidates,
    rows_short,
)
from synth_assets.recipe import ExercisePlan, Recipe
from synth_assets.stages.benchmarks import fingerprint_of
from synth_assets.stages.corpus import encoder_name, pool_of, pool_sizes, pool_vectors
from synth_assets.stages.retries import TRANSIENT, reopen
from synth_assets.stages.settling import live_states, reading_live, settle, standing, states_of
from synth_assets.stages.shards import Claim, Shards
from synth_assets.stages.standards import judge_share_of, judged_otherwise_by_cell
from synth_assets.stages.work import Asking, Work, now
from synth_assets.warehouse import Transaction

TABLE_OF_STEP: dict[StepName, str] = {"query": "queries", "draft": "reasoning_drafts", "answer": "answers"}
STEP_OF_TABLE = {table: step for step, table in TABLE_OF_STEP.items()}
PARENT_FINGERPRINT = {"query": None, "draft": "query_fingerprint", "answer": "draft_fingerprint"}

Cell = tuple[str, str]

PAGE = 5_000
BEGINNING = {"round": -1, "pass": -1, "candidate_id": ""}
READ_BLOCK = 200
WAITING_MOST = 2_000
WRITE_EVERY_S = 1.0


def plan_round(
    work: Work, exercise_name: str, language: str, rows: int | None = None, *, force: bool = False
) -> dict[str, Any]:
    """Claim the next round of a cell and plan its candidates; returns what was claimed and why it stops where it does.

    `rows` replaces the recipe's accepted rows of the cell; `force` has what the steps refused tried again (see
    `retries`). Two runs that claim at once plan nothing twice: the plan is made outside the transaction and written
    only if the cell is still as it was read.
    """
    exercise = EXERCISES[exercise_name]
    plan = _plan_of_cell(work, exercise_name, language, rows)
    if plan is None:
        why = f"recipe {work.recipe.name} does not ask for this cell; give rows in the launch configuration"
        return {"round": None, "planned": 0, "missing": 0, "why": why}
    sources, pools = _sources(work, exercise, language, plan)
    reopened = 0
    while True:
        with work.warehouse.transaction("reading a cell") as open_:
            counts = _counts(open_, exercise_name, language)
            short = _shortfall(work, counts, plan, exercise_name, language, rows, len(sources))
            if counts.refused and (force or _wants_refused(plan, short)):
                taken = reopen(open_, work, exercise_name, language, why="forced" if force else "transient")
                if taken:
                    reopened += taken
                    force = False  # once a launch, however often the plan is made
                    counts = _counts(open_, exercise_name, language)
            passes = open_.rows(
                "transforms/next_passes", exercise=exercise_name, language=language, seed=work.recipe.seed
            )
            seen = {row["source"]: row["next_pass"] for row in passes}
            outdated = _outdated(open_, [exercise_name], [language])
            pool_ids = []
            if exercise.uses_pool:
                kept = [row["candidate_id"] for row in open_.rows(
                    "transforms/kept_of_cell", exercise=exercise_name, language=language)]  # fmt: skip
                stands = standing(open_, language, kept)
                pool_ids = [name for name in kept if name in stands]
        short = _shortfall(work, counts, plan, exercise_name, language, rows, len(sources))
        draws = _replacement_draws(outdated)[: work.recipe.round_cap]
        draws += [(source, number, None) for source, number in next_draws(sources, seen, short.new)]
        planned = plan_candidates(
            exercise, language=language, seed=work.recipe.seed, priors=work.recipe.priors(exercise_name), draws=draws
        )
        neighbours = _neighbours(work, exercise, planned, pools)
        with work.warehouse.transaction("claiming a round") as open_:
            if _counts(open_, exercise_name, language) != counts:
                continue  # another run claimed a round or finished rows meanwhile: plan again from what is there now
            fresh = _fresh(open_, planned)
            why = short.why or ("" if sources else "there are no sections (or templates) to draw from")
            if fresh:
                _write_round(open_, work, exercise, language, counts, fresh, neighbours, pool_ids, short, rows)
                # of what was withdrawn since the sources were read, nothing is asked about
                open_.execute("transforms/insert_withdrawn_late", exercise=exercise_name, language=language)
        report: dict[str, Any] = {
            "round": counts.last_round + 1 if fresh else None,
            "planned": len(fresh),
            "replacements": sum(item.replaces is not None for item in fresh),
            "missing": short.missing,
            "why": why,
        }
        return report | {"reopened": reopened} if reopened else report


def carry_step(
    work: Work, exercise_name: str, language: str, table: str, *, helping: bool = False,
    until: Callable[[], bool] = lambda: False,
) -> dict[str, Any]:  # fmt: skip
    """Carry the open candidates of a cell through one step; returns counts and what the calls came to.

    Any number of runs may be at one step: each carries what it claims (see `shards`) and waits, at the end, for what
    others hold. Rows are written as they finish, and no more than a window of candidates is held, however many there
    are.

    Args:
        helping: carry what is free and wait for nobody.
        until: asked before every claim; when it is true nothing more is claimed.

    Returns:
        `work` is what this run took up; `left_to_another_run` candidates are held by one that does not go on.

    Raises:
        ModelError: the model cannot be used now; what was finished is written, the rest stays open.
    """
    return _Stage(work, EXERCISES[exercise_name], language, table).run(helping=helping, until=until)


class _Stage:
    """One step of one cell, from its work list to its table."""

    def __init__(self, work: Work, exercise: Exercise, language: str, table: str) -> None:
        self.work = work
        self.exercise = exercise
        self.language = language
        self.table = table
        self.step: StepName = STEP_OF_TABLE[table]
        self.listing: dict[str, Any] = {}
        self.shards: Shards
        self.total = 0
        self.done = 0
        self.outcomes: dict[str, int] = {}
        self.calls = CallProgress()
        self.in_batches = 0
        self._claim_of: dict[str, Claim] = {}
        self._waiting: list[StepOutcome] = []
        self._room = asyncio.Event()
        self._stopped = False
        self._began = time.monotonic()

    def run(self, *, helping: bool = False, until: Callable[[], bool] = lambda: False) -> dict[str, Any]:
        """Carry what this run can claim, until nothing is left that goes on."""
        with Shards(
            self.work, self.exercise.name, self.language, self.table, listing=self.listing, helping=helping,
            until=until,
        ) as self.shards:  # fmt: skip
            while (claim := self.shards.next_or_wait()) is not None:
                before, self.calls = self.calls, CallProgress()
                self._room, self._stopped = asyncio.Event(), False
                try:
                    loop.run(self.carry(claim))
                finally:
                    self.calls = _both(before, self.calls)
                self.shards.release()
        return self.report()

    def read_page(self, claim: Claim, after: dict[str, Any]) -> tuple[list[str], dict[str, Any] | None]:
        """The ids of the page of a claim's work list that begins behind `after`, and where the next one does."""
        rows = self.work.warehouse.read(
            f"transforms/open_{self.table}", exercise=self.exercise.name, language=self.language, shards=claim.shards,
            most=PAGE, **after, **self.listing,
        )  # fmt: skip
        if not rows:
            return [], None
        ids = self.shards.pass_over([row["candidate_id"] for row in rows])
        self.total += len(ids) - len(rows) + (rows[0]["found"] if after is BEGINNING else 0)
        more = rows[0]["found"] > len(rows)
        return ids, {name: rows[-1][name] for name in BEGINNING} if more else None

    async def carry(self, claim: Claim) -> None:
        """Carry a claim, and what can be claimed after it, with one client."""
        async with _client(self.work) as client:
            for message in (await client.collect()).messages:
                self.work.log.warning("%s", message)
            writer = asyncio.create_task(self._write_now_and_then(client))
            try:
                await run_step(
                    self.exercise, self.step, self._inputs(client, claim), client,
                    attempts=self.work.recipe.attempts, window=_window(self.work), on_outcome=self._note,
                )  # fmt: skip
            except BudgetSpent:
                await client.submit()  # what the budget did hold is not held back for what it did not
                raise
            else:
                self.in_batches += await client.submit()
            finally:
                writer.cancel()
                (stopped,) = await asyncio.gather(writer, return_exceptions=True)
                self.calls = client.progress
                if isinstance(stopped, Exception):
                    raise stopped
                if self._waiting:
                    await self._write()

    def report(self) -> dict[str, Any]:
        """Counts, and what the calls took; for the asset's metadata."""
        made = self.outcomes.get("", 0)
        found: dict[str, Any] = {
            "work": self.total,
            "made": made,
            "refused": {reason: count for reason, count in sorted(self.outcomes.items()) if reason},
        }
        if self.shards.left:
            found["left_to_another_run"] = self.shards.left
        if self.in_batches:
            found["calls_in_batches"] = self.in_batches
        calls = self.calls
        if calls.answered or calls.failed or calls.replayed:
            found |= {
                "calls": calls.answered,
                "calls_replayed": calls.replayed,
                "calls_failed": calls.failed,
                "retries": calls.retries,
                "faults": dict(sorted((calls.faults or {}).items())),
                "tokens": calls.prompt_tokens + calls.completion_tokens,
                "cost_usd": calls.cost_usd,
                "prices": _prices(self.work.recipe),
            }
        return found

    async def _inputs(self, client: ModelClient, first: Claim) -> AsyncIterator[StepInput]:
        claim: Claim | None = first
        while claim is not None:  # the next is claimed while the calls of the one before are under way
            after: dict[str, Any] | None = BEGINNING
            while after is not None:
                page, after = await asyncio.to_thread(self.read_page, claim, after)
                if page:
                    await client.expect(page, self.step)
                for start in range(0, len(page), READ_BLOCK):
                    block = page[start : start + READ_BLOCK]
                    items = await asyncio.to_thread(self.read_inputs, block)
                    await client.preload(block, self.step)
                    for item in items:
                        while len(self._waiting) >= WAITING_MOST and not self._stopped:
                            self._room.clear()  # a slow database slows the calls
                            await self._room.wait()
                        if self._stopped:  # nobody writes any more: no call is paid for whose row has no place
                            return
                        claim.under_way.add(item.task.candidate_id)
                        self._claim_of[item.task.candidate_id] = claim
                        yield item
            claim.all_read = True
            if claim.done:
                await asyncio.to_thread(self.shards.let_go, claim)
            claim = await asyncio.to_thread(self.shards.next)

    def read_inputs(self, ids: list[str]) -> list[StepInput]:
        """What the step starts from for each of these candidates that it is still to carry."""
        return _read_inputs(self.work, self.exercise, self.language, self.step, ids)

    def row(self, outcome: StepOutcome) -> dict[str, Any]:
        """The row of an outcome."""
        return _step_row(self.work, self.exercise, self.language, self.step, outcome)

    def _note(self, outcome: StepOutcome) -> None:
        self._waiting.append(outcome)
        self.done += 1
        reason = outcome.refused_reason or ""
        self.outcomes[reason] = self.outcomes.get(reason, 0) + 1

    async def _write_now_and_then(self, client: ModelClient) -> None:
        try:
            while True:
                self._tell(client.progress)
                await asyncio.sleep(WRITE_EVERY_S)
                if self._waiting:
                    await self._write()
        finally:
            self._stopped = True
            self._room.set()

    async def _write(self) -> None:
        rows = [self.row(outcome) for outcome in self._waiting]
        await asyncio.to_thread(self._insert, rows)
        del self._waiting[: len(rows)]
        self._room.set()
        carried = []
        for row in rows:
            claim = self._claim_of.pop(row["candidate_id"])
            claim.under_way.discard(row["candidate_id"])
            if claim.done:
                carried.append(claim)
        for claim in carried:
            await asyncio.to_thread(self.shards.let_go, claim)

    def _insert(self, rows: list[dict[str, Any]]) -> None:
        for claim in {self._claim_of[row["candidate_id"]] for row in rows}:
            claim.check()
        self.work.warehouse.insert(self.table, rows)

    def _tell(self, calls: CallProgress) -> None:
        seconds = max(time.monotonic() - self._began, 1e-3)
        tokens = calls.prompt_tokens + calls.completion_tokens
        self.work.progress(
            self.table, self.done, max(self.total, self.shards.open_at_first),
            Asking(
                in_flight=calls.in_flight, limit=calls.limit, answered=calls.answered, tokens=tokens,
                tokens_per_s=tokens / seconds, cost_usd=calls.cost_usd, troubles=calls.retries + calls.failed,
            ),
        )  # fmt: skip


@asynccontextmanager
async def _client(work: Work) -> AsyncIterator[ModelClient]:
    """The engine of this run; what runs that died left in their journals is folded first, and its own at the end."""
    with work.warehouse.open_calls(work.run_id) as log:
        for broken in log.recover().broken:
            work.log.warning("%s:%d is no call; it was set aside in %s", broken.file, broken.line, broken.kept_in)
        async with ModelClient(
            work.recipe.models, work.budget, log, recipe=work.recipe.name, launch=work.launch,
            numbers=work.warehouse.numbers,
        ) as client:  # fmt: skip
            yield client
        log.fold()


def _both(before: CallProgress, after: CallProgress) -> CallProgress:
    """What two clients, one after the other, have done; what is under way is the second's."""
    sums = {
        name: getattr(before, name) + getattr(after, name)
        for name in ("answered", "failed", "replayed", "retries", "prompt_tokens", "completion_tokens", "cost_usd")
    }
    faults = dict(Counter(before.faults or {}) + Counter(after.faults or {}))
    return replace(after, **sums, faults=faults)


def _prices(recipe: Recipe) -> dict[str, str]:
    """Where the price of each model comes from: "free", "recipe", "litellm's table", or that none is known."""
    found = {}
    for entry in recipe.models.all():
        price = price_of(entry)
        found[model_name(entry)] = "no price is known" if price is None else price.source
    return found


def _window(work: Work) -> int:
    """Candidates under way at once: enough that no endpoint runs dry while others wait for their replies."""
    return 2 * max(entry.max_in_flight for entry in work.recipe.models.all())


def read_tasks(work: Work, exercise: Exercise, language: str, ids: list[str]) -> list[tuple[Task, dict[str, Any]]]:
    """These candidates as tasks, each with its row of sql/transforms/step_inputs.sql, in the order of `ids`."""
    with work.warehouse.reading("reading step inputs") as open_:
        rows = {row["candidate_id"]: row for row in open_.rows("transforms/step_inputs", candidate_ids=ids)}
        wanted = {row["section_id"] for row in rows.values() if row["section_id"]}
        wanted.update(neighbour for row in rows.values() for neighbour in row["neighbour_ids"])
        passages = {row["section_id"]: _passage(row) for row in open_.rows(
            "transforms/passages", section_ids=sorted(wanted))} if wanted else {}  # fmt: skip
        pools = _round_pools(open_, exercise, language, {row["round"] for row in rows.values()})
    tasks = []
    for candidate in ids:
        row = rows[candidate]
        task = Task(
            candidate_id=candidate,
            exercise=exercise.name,
            language=language,
            constraints=json.loads(row["constraints"]),
            section=passages[row["section_id"]] if row["section_id"] else None,
            neighbours=tuple(passages[neighbour] for neighbour in row["neighbour_ids"]),
            pool=pools.get(row["round"], ()),
            pass_number=row["pass"],
        )
        tasks.append((task, row))
    return tasks


def query_of(row: dict[str, Any]) -> Query:
    """The query in a row of sql/transforms/step_inputs.sql."""
    return Query(text=row["query"], payload=json.loads(row["query_payload"]))


def draft_of(row: dict[str, Any]) -> Draft:
    """The trace in a row of sql/transforms/step_inputs.sql."""
    return Draft(text=row["draft"], payload=json.loads(row["draft_payload"]))


def answer_of(row: dict[str, Any]) -> Answer:
    """The answer in a row of sql/transforms/step_inputs.sql."""
    return Answer(text=row["answer"], payload=json.loads(row["answer_payload"]))


def _read_inputs(work: Work, exercise: Exercise, language: str, step: StepName, ids: list[str]) -> list[StepInput]:
    parent = PARENT_FINGERPRINT[step]
    return [
        StepInput(
            task=task,
            query=query_of(row) if step != "query" else None,
            draft=draft_of(row) if step == "answer" else None,
            parent_fingerprint=row[parent] if parent else task.candidate_id,
        )
        for task, row in read_tasks(work, exercise, language, ids)
        if not row["withdrawn"]  # since the page was read: no call is paid for
    ]


def _step_row(work: Work, exercise: Exercise, language: str, step: StepName, outcome: StepOutcome) -> dict[str, Any]:
    row = {
        "candidate_id": outcome.candidate_id,
        "exercise": exercise.name,
        "language": language,
        step: outcome.value.text if outcome.value else None,
        "payload": dict(outcome.value.payload) if outcome.value else {},
        "model": outcome.model,
        "templates": list(outcome.templates),
        "call_ids": list(outcome.call_ids),
        "attempts": outcome.attempts,
        "fingerprint": outcome.fingerprint,
        "refused_reason": outcome.refused_reason,
        "refused_detail": outcome.refused_detail,
        "made_at": now(),
        **work.stamp(),
    }
    if step == "answer":
        row["checks"] = [
            {"name": check.name, "passed": check.passed, "detail": check.detail} for check in outcome.checks
        ]
    return row


def _plan_of_cell(work: Work, exercise: str, language: str, rows: int | None) -> ExercisePlan | None:
    plan = work.recipe.exercises.get(exercise)
    if rows is not None:
        return (plan or ExercisePlan(rows=rows)).model_copy(update={"rows": rows, "passes": None})
    return plan if language in work.recipe.languages_of(exercise) else None


def _shortfall(
    work: Work, counts: CellCounts, plan: ExercisePlan, exercise: str, language: str, rows: int | None, sources: int
) -> Shortfall:
    if plan.passes is not None:
        return passes_short(
            counts, sources=sources, passes=plan.passes, share=work.recipe.languages[language],
            round_cap=work.recipe.round_cap,
        )  # fmt: skip
    target = rows if rows is not None else work.recipe.rows_of_cell(exercise, language)
    return rows_short(
        counts, target=target, candidates_per_row=plan.candidates_per_row, round_cap=work.recipe.round_cap
    )


def _sources(
    work: Work, exercise: Exercise, language: str, plan: ExercisePlan
) -> tuple[list[Source], dict[str, list[dict[str, Any]]]]:
    if not exercise.uses_section:
        return [Source(source=template) for template in exercise.templates()], {}
    pools = {code: pool_of(work, code) for code in dict.fromkeys((language, "en"))}
    drawn = {
        code: [
            Source(source=row["content_hash"], section_id=row["section_id"], seed_id=row["seed_id"], language=code)
            for row in pool
            if plan.collections is None or row["collection"] in plan.collections
        ]
        for code, pool in pools.items()
    }
    ordered = order_sources(
        drawn, exercise=exercise.name, language=language, seed=work.recipe.seed, english_share=work.recipe.english_share
    )
    return ordered, pools


def _replacement_draws(outdated: list[dict[str, Any]]) -> list[tuple[Source, int, str | None]]:
    return [
        (Source(source=row["source_now"], section_id=row["section_id_now"] or ""), row["pass"], row["candidate_id"])
        for row in outdated
    ]


def _neighbours(
    work: Work, exercise: Exercise, planned: list[Planned], pools: dict[str, list[dict[str, Any]]]
) -> dict[str, list[str]]:
    """The nearest sections of other articles, from the pool of the section's own language, nearest first."""
    if not exercise.uses_section or not exercise.neighbours or not planned:
        return {}
    chosen: dict[str, list[str]] = {}
    for pool in pools.values():
        places = {row["content_hash"]: place for place, row in enumerate(pool)}
        here = [item for item in planned if item.source.source in places]
        if not here:
            continue
        vectors = pool_vectors(work, pool)
        offsets = {item.candidate_id: item.pass_number // exercise.distinct_draws for item in here}
        # an article's own sections may be the nearest, so more are asked for than are taken
        wanted = min(len(pool), exercise.neighbours + max(offsets.values()) + 12)
        found, _ = nearest(vectors, vectors[[places[item.source.source] for item in here]], wanted)
        for item, row in zip(here, found, strict=True):
            seed = pool[places[item.source.source]]["seed_id"]
            others = [pool[place]["section_id"] for place in row if place >= 0 and pool[place]["seed_id"] != seed]
            start = min(offsets[item.candidate_id], max(0, len(others) - exercise.neighbours))
            chosen[item.candidate_id] = others[start : start + exercise.neighbours]
    return chosen


def _fresh(open_: Transaction, planned: list[Planned]) -> list[Planned]:
    if not planned:
        return []
    ids = [item.candidate_id for item in planned]
    known = {row["candidate_id"] for row in open_.rows("transforms/known_candidates", candidate_ids=ids)}
    return [item for item in planned if item.candidate_id not in known]


def _write_round(
    open_: Transaction, work: Work, exercise: Exercise, language: str, counts: CellCounts, fresh: list[Planned],
    neighbours: dict[str, list[str]], pool_ids: list[str], short: Shortfall, rows: int | None,
) -> None:  # fmt: skip
    common = {
        "exercise": exercise.name,
        "language": language,
        "round": counts.last_round + 1,
        "recipe_name": work.recipe.name,
        "recipe_hash": work.recipe.hash,
        **work.stamp(),
    }
    claimed = open_.insert("rounds", [{
        **common,
        "target": counts.accepted + short.missing,
        "open_before": counts.open,
        "accepted_before": counts.accepted,
        "planned": len(fresh),
        "pool_ids": pool_ids,
        "claimed_at": now(),
    }])  # fmt: skip
    if claimed != 1:
        raise SynthAssetsError(
            f"round {counts.last_round + 1} of {exercise.name}|{language} was claimed by another run"
        )
    open_.insert("candidates", [{
        **common,
        "candidate_id": item.candidate_id,
        "exercise_version": exercise.version,
        "pass": item.pass_number,
        "seed": work.recipe.seed,
        "source": item.source.source,
        "section_id": item.source.section_id or None,
        "neighbour_ids": neighbours.get(item.candidate_id, []),
        "constraints": item.constraints,
        "replaces": item.replaces,
        "planned_at": now(),
    } for item in fresh])  # fmt: skip


def _counts(open_: Transaction, exercise: str, language: str) -> CellCounts:
    with live_states(open_):
        return CellCounts(**open_.rows("transforms/cell_counts", exercise=exercise, language=language)[0])


def _outdated(open_: Transaction, exercises: Sequence[str], languages: Sequence[str]) -> list[dict[str, Any]]:
    """Accepted candidates of these cells that something newer is to replace, for which nothing was planned yet."""
    found = open_.rows(
        "transforms/outdated_candidates", exercises=list(exercises), languages=list(languages),
        versions=[EXERCISES[name].version for name in exercises],
    )  # fmt: skip
    states = states_of(open_, [row["candidate_id"] for row in found])
    return [row for row in found if states[row["candidate_id"]] == "accepted"]


def _passage(row: dict[str, Any]) -> Passage:
    return Passage(
        section_id=row["section_id"],
        url=row["url"],
        title=row["title"],
        heading=" > ".join(row["heading_path"]),
        language=row["seed_language"],
        text=row["text"],
    )


def _round_pools(
    open_: Transaction, exercise: Exercise, language: str, rounds: set[int]
) -> dict[int, tuple[PoolItem, ...]]:
    if not exercise.uses_pool:
        return {}
    pools = {}
    for row in open_.rows("transforms/round_pools", exercise=exercise.name, language=language, rounds=sorted(rounds)):
        items = open_.rows("transforms/pool_items", candidate_ids=row["pool_ids"]) if row["pool_ids"] else []
        pools[row["round"]] = tuple(
            PoolItem(candidate_id=item["candidate_id"], query=item["query"], answer=item["answer"],
                     payload=json.loads(item["payload"]))
            for item in items
        )  # fmt: skip
    return pools


def is_by_program(row: dict[str, Any]) -> bool:
    """Whether no model had a part in a row of sql/transforms/step_inputs.sql."""
    return row["query_model"] == row["draft_model"] == row["answer_model"] == PROGRAM


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLeft:
    """What a cell still has to do: open candidates, accepted ones not published, new ones that may be planned.

    `again` are refusals that may pass and have attempts left (see `retries`), counted where the cell is short of rows.
    `overtaken` are samples and verdicts that stand although a withdrawal or a replacement has changed what they say;
    `unjudged` rows that were judged by other standards, or held against other benchmarks, than the recipe's are now.
    """

    open: int
    unpublished: int
    overtaken: int
    unjudged: int
    again: int
    new: int
    missing: int
    accepted: int
    why: str

    @property
    def any(self) -> bool:
        return bool(self.open or self.unpublished or self.overtaken or self.unjudged or self.again or self.new)


def work_left(work: Work, exercise_name: str, language: str, rows: int | None = None) -> WorkLeft:
    """What one more round of a cell would do; reads only."""
    return work_of_cells(work, [(exercise_name, language)], rows)[exercise_name, language]


def work_of_cells(work: Work, cells: Sequence[Cell], rows: int | None = None) -> dict[Cell, WorkLeft]:
    """What one more round of each of these cells would do, read in one transaction however many they are.

    `rows` replaces the recipe's accepted rows of each cell.

    Raises:
        HeadNotFit: see `standards_of`.
    """
    exercises = list(dict.fromkeys(exercise for exercise, _ in cells))
    languages = list(dict.fromkeys(language for _, language in cells))
    both = {"exercises": exercises, "languages": languages}
    with reading_live(work, "reading the work left", judge_share_of(work.recipe)) as (open_, live):
        with live:
            states = _by_cell(open_.rows(
                "transforms/work_of_cells", **both, fingerprint=fingerprint_of(work.recipe, encoder_name(work)),
                transient=list(TRANSIENT), attempts=work.recipe.attempts,
            ))  # fmt: skip
            rejudged = judged_otherwise_by_cell(open_, work, exercises, languages)
        outdated = _outdated(open_, exercises, languages)
        replacing = _replacing(open_, work, outdated)
    settle(work, [cell for cell, row in states.items() if row["unsettled"] >= SETTLED_BY_READERS])
    sizes: dict[str, Mapping[str, int]] = {}
    if any(EXERCISES[exercise].uses_section for exercise in exercises):
        sizes = pool_sizes(work, {*languages, "en"})
    return {
        cell: _work_of(work, cell, states.get(cell, _NOTHING), rejudged.get(cell, 0), replacing[cell], rows, sizes)
        for cell in cells
    }


# Finished candidates of a cell that nobody settled, as after an upgrade: whoever reads them all next settles them.
SETTLED_BY_READERS = 20_000

_NOTHING = dict.fromkeys(
    ("planned", "open", "refused", "duplicate", "accepted", "unpublished", "overtaken", "unjudged", "transient",
     "last_round"), 0,
)  # fmt: skip


def _by_cell(rows: list[dict[str, Any]]) -> dict[Cell, dict[str, Any]]:
    return {(row["exercise"], row["language"]): row for row in rows}


def _work_of(
    work: Work, cell: Cell, found: Mapping[str, int], rejudged: int, replacing: int, rows: int | None,
    sizes: Mapping[str, Mapping[str, int]],
) -> WorkLeft:  # fmt: skip
    exercise, language = cell
    plan = _plan_of_cell(work, exercise, language, rows)
    counts = CellCounts(**{item.name: found[item.name] for item in fields(CellCounts)})
    again = 0
    if plan is None:
        short = Shortfall(new=0, missing=0, why=f"recipe {work.recipe.name} does not ask for this cell")
    else:
        sources = _source_count(work, EXERCISES[exercise], language, plan, sizes)
        short = _shortfall(work, counts, plan, exercise, language, rows, sources)
        if _wants_refused(plan, short):
            again = found["transient"]
        if short.new and not sources:
            short = Shortfall(new=0, missing=short.missing, why="there are no sections (or templates) to draw from")
    return WorkLeft(
        open=counts.open,
        unpublished=found["unpublished"],
        overtaken=found["overtaken"],
        unjudged=found["unjudged"] + rejudged,
        again=again,
        new=short.new + replacing,
        missing=short.missing,
        accepted=counts.accepted,
        why=short.why,
    )


def _wants_refused(plan: ExercisePlan, short: Shortfall) -> bool:
    """Whether refusals that may pass are tried again: passes want every source, a target that is met wants no more."""
    return plan.passes is not None or short.missing > 0


def _replacing(open_: Transaction, work: Work, outdated: list[dict[str, Any]]) -> Counter[Cell]:
    """How many outdated candidates of each cell have no replacement planned yet."""
    if not outdated:
        return Counter()
    cell_of = {
        candidate_id(
            exercise=row["exercise"], version=EXERCISES[row["exercise"]].version, source=row["source_now"],
            language=row["language"], pass_number=row["pass"], seed=work.recipe.seed,
        ): (row["exercise"], row["language"])
        for row in outdated
    }  # fmt: skip
    known = {row["candidate_id"] for row in open_.rows("transforms/known_candidates", candidate_ids=list(cell_of))}
    return Counter(cell for name, cell in cell_of.items() if name not in known)


def _source_count(
    work: Work, exercise: Exercise, language: str, plan: ExercisePlan, sizes: Mapping[str, Mapping[str, int]]
) -> int:
    """How many sources a cell draws from, as `_sources` gives them; `sizes` are those of the pools."""
    if not exercise.uses_section:
        return len(exercise.templates())

    def drawn(code: str) -> int:
        held = sizes[code]
        return (
            sum(held.values()) if plan.collections is None else sum(held.get(name, 0) for name in set(plan.collections))
        )

    own = 0 if language == "en" else drawn(language)
    if not own:
        return drawn("en")
    share = work.recipe.english_share
    return (own if share < 1 else 0) + (drawn("en") if share > 0 else 0)
