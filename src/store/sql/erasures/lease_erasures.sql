with due as materialized (
    select alloy_user_id from erasure
    where next_at <= $1 and (lease is null or lease <= $1)
    order by next_at
    limit $3
)
update erasure set lease = $2
where alloy_user_id in (select alloy_user_id from due)
    -- `case` hides the condition from PostgreSQL's planner, which would otherwise search all due rows for each one.
    and case when next_at <= $1 and (lease is null or lease <= $1) then true end
returning
    alloy_user_id, asked_at, tries, progressed_at, remaining, deletes_user
