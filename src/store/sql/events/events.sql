select id, user_id, sequence, kind, attempt_id, body, at from outbox
where user_id = $1 and sequence > $2 order by sequence
