insert into end_user (user_id, alloy_user_id, known_since) values ($1, $2, $3)
on conflict (user_id) do nothing
