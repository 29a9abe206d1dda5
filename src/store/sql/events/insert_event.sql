insert into outbox (id, user_id, sequence, kind, attempt_id, body, at)
values ($1, $2, $3, $4, $5, $6, $7)
