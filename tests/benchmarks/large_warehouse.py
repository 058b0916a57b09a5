"""A warehouse of very many finished candidates, made by SQL: for benchmarks of what a run costs beside them.

88 cells, of which one holds seven candidates of ten. Rows stand as runs write them: rounds of 1,000 candidates of one
cell, each table in the order of time. One candidate in 11 is refused, one in 23 is a duplicate, all others are samples.
Queries are as long as real ones (220 characters) and differ, ids and hashes are of full length; the other texts are
short, for nothing that is measured reads them.
"""

from typing import Any

from synth_assets.warehouse import Warehouse
from tests.benchmarks.audit import PREPARE

ROUND = 1_000
LANGUAGES = ("en", "fr", "de", "it", "es", "pl", "nl", "la")
# The large cell: a program makes it, so that carrying it costs no model's time.
LARGE = ("math_exercise", "en")
EXERCISES = ("math_exercise", "memorization", "mcq", "rag", "textbook", "preference", "math_mcq", "creative_writing",
             "constrained_writing", "editing", "cooking")  # fmt: skip
CELLS = tuple((exercise, language) for language in LANGUAGES for exercise in EXERCISES)
OF_TEN = 7
SECTIONS_PER_ARTICLE = 5
DIMENSIONS = 384

# `plan` has one row a candidate: everything that the tables have in common.
PLAN = """create temp table plan as
with numbered as (
    select range as i, range // $round as number from range($first, $last)
),
placed as (
    select
        *,
        number // 10 * (10 - $of_ten) + number % 10 - $of_ten as other,
        if(number % 10 < $of_ten, 0, 1 + other % (len($exercises) - 1)) as place
    from numbered
)
select
    i,
    sha256('candidate ' || i) as candidate_id,
    (md5_number_lower(candidate_id[:16]) // 1099511627776)::integer as candidate_key,
    $exercises[place + 1] as exercise,
    $languages[place + 1] as language,
    cast(number + 1 as int) as round,
    sha256('run ' || number)[:32] as run_id,
    i % $sections as section,
    timestamptz '2026-01-01 00:00:00+00' + to_milliseconds(50 * $round * number) as planned_at,
    timestamptz '2026-01-01 00:00:00+00' + to_milliseconds(50 * i + 1000) as made_at,
    i % 11 = 0 as is_refused,
    i % 23 = 0 and i % 11 not in (0, 10) and i % $round <> $round - 1 as is_duplicate  -- whose keeper stands
from placed"""
STEP = """insert into {table} by name
select candidate_id, candidate_key, exercise, language, {text} as {step}, '{{"notes": "planted"}}' as payload, {more}
    'program' as model, [] as templates, [] as call_ids, 1 as attempts, sha256('{step} ' || i) as fingerprint,
    {refused} as refused_reason, run_id, made_at
from plan order by i"""
STANDING = "where not is_refused order by i"
ROWS = {
    "rounds": """insert into rounds by name
    select exercise, language, round, 'bench' as recipe_name, sha256('recipe') as recipe_hash, 1 as target,
        0 as open_before, 0 as accepted_before, count(*) as planned, [] as pool_ids, run_id,
        min(planned_at) as claimed_at
    from plan group by all order by round""",
    "candidates": """insert into candidates by name
    select candidate_id, candidate_key, exercise, v.exercise_version, language, round,
        cast(i // 88 as int) as pass, 1 as seed,
        'template ' || i % 88 as source, if(exercise in ('math_exercise', 'math_mcq', 'creative_writing',
        'constrained_writing'), null, sha256('section ' || section)) as section_id, [] as neighbour_ids,
        '{"tone": "plain"}' as constraints, 'bench' as recipe_name, sha256('recipe') as recipe_hash, run_id, planned_at
    from plan join versions as v using (exercise) order by i""",
    "queries": STEP.format(table="queries", step="query", text="prose(i, 11, 220)", more="", refused="null"),
    "reasoning_drafts": STEP.format(
        table="reasoning_drafts", step="draft", text="'a draft of ' || i", more="", refused="null"),
    "answers": STEP.format(table="answers", step="answer", text="case when not is_refused then 'answer ' || i end",
                           more="'[]' as checks,", refused="case when is_refused then 'answer_empty' end"),
    "quality_scores": f"""insert into quality_scores by name
    select candidate_id, candidate_key, exercise, language, '[]' as scores, 0.4 + (hash(i,
        15) % 600) / 1000 as composite,
        true as passed, v.scorer_version, v.weighed_by, run_id, made_at + interval 1 second as made_at
    from plan join versions as v using (exercise) {STANDING}""",
    "duplicates": f"""insert into duplicates by name
    select candidate_id, candidate_key, exercise, language, exercise as family, sha256('key ' || i) as key_hash,
        case when is_duplicate then 'duplicate' else 'kept' end as verdict,
        case when is_duplicate then sha256('candidate ' || i + 1) end as keeper_id, case when is_duplicate then 1.0 end
        as similarity, case when is_duplicate then 'exact' end as method, 1.0 as threshold, '[]' as other_families,
        run_id, made_at + interval 2 second as decided_at
    from plan {STANDING}""",
    "samples": """insert into samples by name
    select exercise || '_' || language || '_' || candidate_id[:16] as synth_id, language, exercise, 'program' as model,
        'the query of ' || i as query, 'answer ' || i as synthetic_answer, 300 as words, candidate_id,
        candidate_key, exercise as cell,
        '{}' as payload, 0.7 as quality, true as by_program, sha256('recipe') as recipe_hash, run_id,
        made_at + interval 3 second as sampled_at
    from plan where not is_refused and not is_duplicate order by i""",
}  # fmt: skip
CORPUS = {
    "seed_corpus": """insert into seed_corpus by name
    select sha256('seed ' || range) as seed_id, 'vital_articles' as collection, 'en' as language,
        'Article ' || range as title, 'https://example.org/wiki/' || range as url, 'CC-BY-SA-4.0' as license,
        sha256('article ' || range) as content_hash, '[]' as blocks, 'bench.jsonl' as source_file, true as is_current,
        'read' as run_id, timestamptz '2025-12-31 00:00:00+00' as read_at
    from range($sections // $per_article + 1)""",
    "sections": """insert into sections by name
    select sha256('section ' || range) as section_id, sha256('seed ' || range // $per_article) as seed_id,
        sha256('text ' || range) as content_hash, 'en' as seed_language, 'vital_articles' as collection,
        'Article ' || range // $per_article as title, ['Heading ' || range % $per_article] as heading_path,
        'https://example.org/wiki/' || range as url, 'CC-BY-SA-4.0' as license,
        cast(range % $per_article as int) as position, false as is_lead, prose(range, 10, 1000) as text,
        160 as words, 'read' as run_id, timestamptz '2025-12-31 00:00:00+00' as made_at
    from range($sections)""",
}  # fmt: skip
VECTORS = """insert into embeddings by name
select candidate_id, candidate_key, exercise, language, $encoder as encoder, sha256('key ' || i) as key_hash,
    list_transform(range($dimensions), lambda d: cast(hash(i, d) % 2000 as float) / 10000 - 0.1) as vector, run_id,
    made_at
from plan where not is_refused order by i"""


def plant_corpus(warehouse: Warehouse, sections: int) -> None:
    """So many sections of 1,000 characters, five to an article."""
    with warehouse.transaction("planting sections") as open_:
        for statement in (*PREPARE, *CORPUS.values()):
            _execute(open_.connection, statement, {"sections": sections, "per_article": SECTIONS_PER_ARTICLE})


def plant(
    warehouse: Warehouse, first: int, last: int, sections: int, standards: dict[str, tuple[int, str, str]]
) -> None:
    """The finished candidates with these numbers, one table after the other.

    Args:
        standards: exercise -> its version, and the marks of the scorers and weights that its rows bear.
    """
    versions = """create temp table versions as
    select unnest($names) as exercise, unnest($versions) as exercise_version, unnest($scorers) as scorer_version,
        unnest($weights) as weighed_by"""
    values = _of_plan(first, last, sections) | {
        "names": list(standards), "versions": [each[0] for each in standards.values()],
        "scorers": [each[1] for each in standards.values()], "weights": [each[2] for each in standards.values()],
    }  # fmt: skip
    for table, statement in ROWS.items():
        with warehouse.transaction(f"planting {table}") as open_:
            open_.connection.execute("set preserve_insertion_order = true")
            for each in (*(PREPARE if "prose(" in statement else ()), versions, PLAN, statement):
                _execute(open_.connection, each, values)


def plant_vectors(warehouse: Warehouse, first: int, last: int, sections: int, encoder: str = "planted") -> None:
    """Vectors of the answered candidates with these numbers; of no meaning, and of no encoder that is asked for."""
    values = _of_plan(first, last, sections) | {"encoder": encoder, "dimensions": DIMENSIONS}
    with warehouse.transaction("planting vectors") as open_:
        for each in (PLAN, VECTORS):
            _execute(open_.connection, each, values)


def _of_plan(first: int, last: int, sections: int) -> dict[str, Any]:
    large = CELLS.index(LARGE)
    ordered = [CELLS[large], *CELLS[:large], *CELLS[large + 1 :]]
    return {
        "round": ROUND, "first": first, "last": last, "of_ten": OF_TEN, "sections": sections,
        "exercises": [exercise for exercise, _ in ordered], "languages": [language for _, language in ordered],
    }  # fmt: skip


def _execute(connection: Any, statement: str, values: dict[str, Any]) -> None:
    connection.execute(statement, {name: value for name, value in values.items() if f"${name}" in statement})
