-- Forgets what is settled of a cell, before rows of it are changed.
delete from settled_rounds
where exercise = $exercise and language = $language
