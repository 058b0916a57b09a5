-- The tables of layout 5, as they were made then.
create table if not exists answers (
    candidate_id varchar not null,
    exercise varchar not null,
    language varchar not null,
    answer varchar,
    payload json not null,
    checks json not null,
    model varchar not null,
    templates varchar[] not null,
    call_ids varchar[] not null,
    attempts integer not null,
    fingerprint varchar not null,
    refused_reason varchar,
    refused_detail varchar,
    run_id varchar not null,
    made_at timestamptz not null
);
create table if not exists budget_stops (
    recipe_name varchar not null,
    limit_name varchar not null,
    limit_value double not null,
    day varchar not null,
    message varchar not null,
    run_id varchar not null,
    stopped_at timestamptz not null
);
create table if not exists candidates (
    candidate_id varchar not null,
    exercise varchar not null,
    exercise_version integer not null,
    language varchar not null,
    round integer not null,
    pass integer not null,
    seed bigint not null,
    source varchar not null,
    section_id varchar,
    section_key bigint,
    neighbour_ids varchar[] not null,
    constraints json not null,
    replaces varchar,
    recipe_name varchar not null,
    recipe_hash varchar not null,
    run_id varchar not null,
    planned_at timestamptz not null
);
create table if not exists chunk_embeddings (
    candidate_id varchar not null,
    exercise varchar not null,
    language varchar not null,
    encoder varchar not null,
    chunk integer not null,
    vector float[] not null,
    run_id varchar not null,
    made_at timestamptz not null
);
create table if not exists contamination (
    candidate_id varchar not null,
    exercise varchar not null,
    language varchar not null,
    passed boolean not null,
    reason varchar,
    benchmark varchar,
    item varchar,
    overlap double,
    method varchar,
    matches json not null,
    fingerprint varchar not null,
    run_id varchar not null,
    judged_at timestamptz not null
);
create table if not exists duplicates (
    candidate_id varchar not null,
    exercise varchar not null,
    language varchar not null,
    family varchar not null,
    key_hash varchar not null,
    verdict varchar not null,
    keeper_id varchar,
    similarity double,
    method varchar,
    threshold double not null,
    other_families json not null,
    run_id varchar not null,
    decided_at timestamptz not null
);
create table if not exists embeddings (
    candidate_id varchar not null,
    exercise varchar not null,
    language varchar not null,
    encoder varchar not null,
    key_hash varchar not null,
    vector float[] not null,
    run_id varchar not null,
    made_at timestamptz not null
);
create table if not exists judgements (
    candidate_id varchar not null,
    exercise varchar not null,
    language varchar not null,
    points json,
    total integer,
    model varchar not null,
    templates varchar[] not null,
    call_ids varchar[] not null,
    attempts integer not null,
    fingerprint varchar not null,
    refused_reason varchar,
    refused_detail varchar,
    run_id varchar not null,
    made_at timestamptz not null
);
create table if not exists left_out (
    candidate_id varchar not null,
    synth_id varchar not null,
    exercise varchar not null,
    language varchar not null,
    quality double not null,
    reason varchar not null
);
create table if not exists left_out_seeds (
    collection varchar not null,
    language varchar not null,
    name varchar not null,
    fingerprint varchar not null,
    url varchar not null,
    revision varchar not null,
    title varchar not null,
    license varchar not null,
    reason varchar not null,
    run_id varchar not null,
    left_out_at timestamptz not null
);
create table if not exists lexical_signatures (
    candidate_id varchar not null,
    exercise varchar not null,
    language varchar not null,
    threshold double not null,
    signature blob not null,
    shingles blob not null,
    bands bigint[] not null,
    run_id varchar not null,
    made_at timestamptz not null
);
create table if not exists orphaned_duplicates (
    candidate_id varchar not null,
    exercise varchar not null,
    language varchar not null,
    family varchar not null,
    key_hash varchar not null,
    verdict varchar not null,
    keeper_id varchar not null,
    similarity double,
    method varchar,
    threshold double not null,
    other_families json not null,
    run_id varchar not null,
    decided_at timestamptz not null,
    set_aside_at timestamptz not null
);
create table if not exists quality_scores (
    candidate_id varchar not null,
    exercise varchar not null,
    language varchar not null,
    scores json not null,
    composite double not null,
    passed boolean not null,
    reason varchar,
    scorer_version varchar not null,
    weighed_by varchar not null,
    judgement varchar,
    run_id varchar not null,
    made_at timestamptz not null
);
create table if not exists queries (
    candidate_id varchar not null,
    exercise varchar not null,
    language varchar not null,
    query varchar,
    payload json not null,
    model varchar not null,
    templates varchar[] not null,
    call_ids varchar[] not null,
    attempts integer not null,
    fingerprint varchar not null,
    refused_reason varchar,
    refused_detail varchar,
    run_id varchar not null,
    made_at timestamptz not null
);
create table if not exists reasoning_drafts (
    candidate_id varchar not null,
    exercise varchar not null,
    language varchar not null,
    draft varchar,
    payload json not null,
    model varchar not null,
    templates varchar[] not null,
    call_ids varchar[] not null,
    attempts integer not null,
    fingerprint varchar not null,
    refused_reason varchar,
    refused_detail varchar,
    run_id varchar not null,
    made_at timestamptz not null
);
create table if not exists release (
    version varchar not null,
    samples bigint not null,
    folder varchar not null,
    files json not null,
    cells json not null,
    run_id varchar not null,
    released_at timestamptz not null
);
create table if not exists reopened (
    candidate_id varchar not null,
    exercise varchar not null,
    language varchar not null,
    refused_at varchar not null,
    refused_reason varchar not null,
    refused_detail varchar,
    model varchar not null,
    templates varchar[] not null,
    call_ids varchar[] not null,
    attempts integer not null,
    fingerprint varchar not null,
    refused_run varchar not null,
    refused_on timestamptz not null,
    why varchar not null,
    run_id varchar not null,
    reopened_at timestamptz not null
);
create table if not exists rounds (
    exercise varchar not null,
    language varchar not null,
    round integer not null,
    recipe_name varchar not null,
    recipe_hash varchar not null,
    target integer not null,
    open_before integer not null,
    accepted_before integer not null,
    planned integer not null,
    pool_ids varchar[] not null,
    run_id varchar not null,
    claimed_at timestamptz not null
);
create table if not exists samples (
    synth_id varchar not null,
    language varchar not null,
    exercise varchar not null,
    model varchar not null,
    query varchar not null,
    query_seed_url varchar,
    query_seed_text varchar,
    additional_seed_url varchar,
    seed_license varchar,
    constraints varchar,
    script varchar,
    synthetic_reasoning varchar,
    synthetic_answer varchar not null,
    words bigint not null,
    candidate_id varchar not null,
    cell varchar not null,
    section_id varchar,
    seed_id varchar,
    payload json not null,
    quality double not null,
    by_program boolean not null,
    recipe_hash varchar not null,
    run_id varchar not null,
    sampled_at timestamptz not null
);
create table if not exists schema_version (
    version integer not null,
    made_at timestamptz not null
);
create table if not exists section_domains (
    section_id varchar not null,
    tree varchar not null,
    area varchar,
    domain varchar,
    similarity double not null,
    runner_up varchar not null,
    runner_up_similarity double not null,
    encoder varchar not null,
    refused_reason varchar,
    run_id varchar not null,
    made_at timestamptz not null
);
create table if not exists section_embeddings (
    content_hash varchar not null,
    encoder varchar not null,
    vector float[] not null,
    run_id varchar not null,
    made_at timestamptz not null
);
create table if not exists sections (
    section_id varchar not null,
    section_key bigint,
    seed_id varchar not null,
    content_hash varchar not null,
    seed_language varchar not null,
    collection varchar not null,
    title varchar not null,
    heading_path varchar[] not null,
    url varchar not null,
    license varchar not null,
    position integer not null,
    is_lead boolean not null,
    text varchar not null,
    words integer not null,
    refused_reason varchar,
    copy_of varchar,
    signature blob,
    run_id varchar not null,
    made_at timestamptz not null
);
create table if not exists seed_corpus (
    seed_id varchar not null,
    collection varchar not null,
    language varchar not null,
    title varchar not null,
    url varchar not null,
    license varchar not null,
    level integer,
    topic varchar,
    revision varchar,
    retrieved_at timestamptz,
    content_hash varchar not null,
    blocks json not null,
    source_file varchar not null,
    is_current boolean not null,
    run_id varchar not null,
    read_at timestamptz not null,
    attribution varchar,
    wikidata varchar,
    characters bigint
);
create table if not exists seed_places (
    collection varchar not null,
    language varchar not null,
    name varchar not null,
    fingerprint varchar not null,
    seed_id varchar not null
);
create table if not exists seed_sources (
    collection varchar not null,
    language varchar not null,
    name varchar not null,
    fingerprint varchar not null,
    seeds bigint not null,
    bad_records json not null,
    run_id varchar not null,
    read_at timestamptz not null,
    dropped json
);
create table if not exists settled_rounds (
    exercise varchar not null,
    language varchar not null,
    round integer not null,
    exercise_version integer not null,
    state varchar not null,
    refused_at varchar,
    refused_reason varchar,
    verdict varchar,
    is_published boolean not null,
    passed boolean,
    scorer_version varchar,
    weighed_by varchar,
    has_judgement boolean not null,
    judgement_counts boolean not null,
    is_seen boolean not null,
    least_draw double not null,
    greatest_draw double not null,
    held_against varchar,
    times_reopened bigint not null,
    candidates bigint not null,
    stamp bigint not null,
    settled_at timestamptz not null
);
create table if not exists withdrawal_orders (
    order_id varchar not null,
    scope varchar not null,
    value varchar not null,
    reason varchar not null,
    ordered_at timestamptz not null,
    ordered_by varchar not null,
    undone_at timestamptz,
    undone_because varchar
);
create table if not exists withdrawals (
    candidate_id varchar not null,
    reason varchar not null,
    withdrawn_at timestamptz not null,
    order_id varchar
);
