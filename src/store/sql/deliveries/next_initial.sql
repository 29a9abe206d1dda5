-- `coalesce` keeps PostgreSQL's planner from the index of all waiting events, which it would read whole for one user.
select id, user_id, sequence, body, rung, at from outbox
where user_id = $1 and sequence > $2 and coalesce(next_at, delivered_at, dead_at) is null
order by sequence limit 1
