-- The deletions of the attempt whose deletion is due first: they have one user, and one list serves them.
with due as materialized (
    select credential_id from deletion
    where done_at is null and next_at <= $1
        and attempt_id = (
            select attempt_id from deletion
            where done_at is null and next_at <= $1 and (lease is null or lease <= $1)
            order by next_at limit 1
        )
        and (lease is null or lease <= $1)
    order by next_at
    limit $3
)
update deletion set lease = $2
where credential_id in (select credential_id from due)
    -- `case` hides the condition from PostgreSQL's planner, which would otherwise search all due rows for each one.
    and case when done_at is null and next_at <= $1 and (lease is null or lease <= $1) then true end
returning
    credential_id, attempt_id, tries, missed
