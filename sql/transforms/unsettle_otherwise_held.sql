-- Forgets what is settled of the rounds of a cell in which something passed and was not held against these benchmarks.
delete from settled_rounds
where (exercise, language, round) in (
    select (exercise, language, round)
    from settled_rounds
    where
        exercise = $exercise
        and language = $language
        and passed
        and held_against is distinct from $fingerprint
)
