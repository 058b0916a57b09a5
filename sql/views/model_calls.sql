-- One row per call to a model, answered or finally failed, with everything that was sent and came back.
create or replace view model_calls as
-- A call stands twice while its journal is being folded; one that was refused and is answered later has two rows.
select distinct on (call_id, finished_at) *
from (
    from read_parquet('{calls}/segments/*.parquet')
    union all by name
    from read_json(
        '{calls}/journal/*.jsonl',
        format = 'newline_delimited',
        ignore_errors = true,
        columns = {columns}
    )
)
where call_id is not null
