-- Locks the user's row, so that no other transaction reschedules the user until the event is written.
update outbox_count set next_at = case when next_at < $2 then next_at else $2 end
where user_id = (select user_id from outbox where id = $1)
