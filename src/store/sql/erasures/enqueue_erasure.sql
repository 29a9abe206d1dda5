insert into erasure (alloy_user_id, asked_at, tries, next_at) values ($1, $2, 0, $2)
on conflict (alloy_user_id) do update set asked_at = excluded.asked_at, tries = 0, next_at = excluded.next_at
