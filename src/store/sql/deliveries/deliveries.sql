-- A line with a `$` that the caller does not use is left out, and a line with another state.
select
    event.id, user_id, sequence, kind, attempt_id, body, event.at, next_at, delivered_at, dead_at,
    delivery_try.at as tried_at, duration_ms, status, failure
from (
    select * from outbox
    where (at, sequence, id) < ($1, $2, $3)
        and user_id = $5
        and delivered_at is null and dead_at is null -- waiting
        and delivered_at is not null -- delivered
        and dead_at is not null -- dead
    order by at desc, sequence desc, id desc limit $4
) as event
left join delivery_try on delivery_try.event_id = event.id
order by event.at desc, sequence desc, event.id desc, number
