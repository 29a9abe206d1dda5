-- The disconnections of the Alloy user who has the one that is due first: one list serves them.
with due as materialized (
    select credential_id from disconnection
    where done_at is null and next_at <= $1
        and alloy_user_id = (
            select alloy_user_id from disconnection
            where done_at is null and next_at <= $1 and (lease is null or lease <= $1)
            order by next_at limit 1
        )
        and (lease is null or lease <= $1)
    order by next_at
    limit $3
)
update disconnection set lease = $2
where credential_id in (select credential_id from due)
    -- `case` hides the condition from PostgreSQL's planner, which would otherwise search all due rows for each one.
    and case when done_at is null and next_at <= $1 and (lease is null or lease <= $1) then true end
returning
    credential_id, user_id, alloy_user_id, connector, attempt_id, asked_at, tries, missed, lease, done_at
