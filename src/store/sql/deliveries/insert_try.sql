insert into delivery_try (event_id, number, at, duration_ms, status, failure)
select $1, coalesce(max(number), 0) + 1, cast($2 as bigint), cast($3 as bigint), cast($4 as bigint), $5
from delivery_try where event_id = $1
