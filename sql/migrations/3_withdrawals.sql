-- Layout 3: a withdrawn candidate says by which order; what was withdrawn earlier was marked by itself.
alter table withdrawals add column if not exists order_id varchar
