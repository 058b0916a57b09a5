-- Forgets what is settled of these cells; it is derived again, and can be noted again.
delete from settled_rounds
where (exercise, language) in (select (unnest($exercises), unnest($languages)))
