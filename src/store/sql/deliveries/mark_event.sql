update outbox set
    rung = $2, next_at = $3, holds_until = coalesce(holds_until, $4), delivered_at = $5, dead_at = $6
where id = $1
