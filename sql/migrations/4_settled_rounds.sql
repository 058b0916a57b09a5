-- Layout 4: rounds of which nothing is open are summed up once; nothing is until a run of their cell does so.
delete from settled_rounds
