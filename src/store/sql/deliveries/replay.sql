update outbox set rung = 0, next_at = $2, holds_until = null, delivered_at = null, dead_at = null
where id = $1
