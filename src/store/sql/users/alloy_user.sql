select alloy_user_id from end_user where user_id = $1
