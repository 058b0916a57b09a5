-- What was left out of a file when it was read with other content than now.
delete from left_out_seeds
where collection = $collection and language = $language and name = $name and fingerprint not in ($fingerprint, '')
