update outbox set dead_at = $3
where user_id = $1 and sequence > $2 and at < $4 and coalesce(next_at, delivered_at, dead_at) is null
