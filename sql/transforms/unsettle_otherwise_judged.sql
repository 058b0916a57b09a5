-- Forgets what is settled of the rounds of a cell in which something was judged by other scorers, or waits for a judge.
delete from settled_rounds
where (exercise, language, round) in (
    select (exercise, language, round)
    from settled_rounds
    where
        exercise = $exercise
        and language = $language
        and scorer_version is not null
        and (
            scorer_version <> $scorer_version
            or if($judge_share > 0, not judgement_counts or (not is_seen and least_draw < $judge_share), has_judgement)
        )
)
