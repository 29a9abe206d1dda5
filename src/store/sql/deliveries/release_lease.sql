-- Also locks the user's row, so that no other transaction counts or replays events until the remainder is written.
update outbox_count set lease = null, tried_to = case when tried_to < $3 then $3 else tried_to end
where user_id = $1 and lease = $2
