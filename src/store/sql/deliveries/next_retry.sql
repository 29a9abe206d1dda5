select id, user_id, sequence, body, rung, at from outbox
where user_id = $1 and next_at <= $2
order by next_at limit 1
