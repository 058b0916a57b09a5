-- Forget which samples the last release left out.
delete from left_out
