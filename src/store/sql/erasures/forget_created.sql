delete from created_alloy_user where alloy_user_id = $1
