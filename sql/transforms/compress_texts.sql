-- Texts that are written are compressed by zstd at once: to try all ways first costs a third of the writing, and of
-- sections it then chooses ones that take a fifth more room.
set force_compression = 'zstd'
