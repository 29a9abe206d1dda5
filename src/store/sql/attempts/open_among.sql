-- Each id is looked up by itself: for a long `in` list PostgreSQL compares each open attempt with each id, and for a
-- join SQLite reads all attempts. The row of `values` is repeated as often as needed.
with requested (id) as (values ($1))
select id from requested where 'pending' = (
    select case when beside = 1 and state = 'failed' then 'pending' else state end from link_attempt
    where link_attempt.id = requested.id
)
