insert into created_alloy_user (alloy_user_id, created_at) values ($1, $2)
on conflict (alloy_user_id) do nothing
