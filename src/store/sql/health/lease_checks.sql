-- The checks of the user whose check is due first, unless one of this user is under way: one at a time.
with due as materialized (
    select credential_id from connection_health
    where next_check_at <= $1 and (lease is null or lease <= $1)
        and user_id = (
            select user_id from connection_health
            where next_check_at <= $1
                and not exists (
                    select 1 from connection_health as running
                    where running.user_id = connection_health.user_id and running.lease > $1
                )
            order by next_check_at limit 1
        )
    order by next_check_at
    limit $3
)
update connection_health set lease = $2
where credential_id in (select credential_id from due)
    -- `case` hides the condition from PostgreSQL's planner, which would otherwise search all due rows for each one.
    and case when next_check_at <= $1 and (lease is null or lease <= $1) then true end
returning
    credential_id, user_id, connector, attempt_id, refused_at
