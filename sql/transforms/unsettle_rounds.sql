-- Forgets what is settled of these rounds, each of its cell; it is derived again, and can be noted again.
delete from settled_rounds
where (exercise, language, round) in (select (unnest($exercises), unnest($languages), unnest($rounds)))
