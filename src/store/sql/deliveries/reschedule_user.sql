-- A user who was served queues behind all who are due by now.
update outbox_count set
    served_at = $2,
    held_until = (select max(holds_until) from outbox where user_id = $1 and next_at is not null and holds_until > $2),
    next_at = (
        select case when min(due) < $2 then $2 else min(due) end from (
            select min(next_at) as due from outbox where user_id = $1 and next_at is not null
            union all
            select max(holds_until) from outbox where user_id = $1 and next_at is not null and holds_until > $2
        ) as timers
    )
where user_id = $1
