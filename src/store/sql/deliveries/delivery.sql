select
    event.id, user_id, sequence, kind, attempt_id, body, event.at, next_at, delivered_at, dead_at,
    delivery_try.at as tried_at, duration_ms, status, failure
from outbox as event
left join delivery_try on delivery_try.event_id = event.id
where event.id = $1
order by number
