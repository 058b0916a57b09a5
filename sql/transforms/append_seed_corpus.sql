-- New rows of seed_corpus, in their order.
insert into seed_corpus by name
select *
from incoming
