select credential_id, user_id from claim where user_id in (select user_id from end_user where alloy_user_id = $1)
