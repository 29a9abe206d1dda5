delete from outbox_count where user_id = $1
