-- All verdicts of a cell, where the recipe names no benchmark any more.
delete from contamination
where exercise = $exercise and language = $language
