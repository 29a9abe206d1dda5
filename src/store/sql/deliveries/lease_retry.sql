with due as materialized (
    select user_id from outbox_count
    where next_at <= $1 and (lease is null or lease <= $1)
    order by next_at
    limit $3
)
update outbox_count set lease = $2
where user_id in (select user_id from due)
    -- `case` hides the condition from PostgreSQL's planner, which would otherwise search all due rows for each one.
    and case when next_at <= $1 and (lease is null or lease <= $1) then true end
returning
    user_id, tried_to, counted
