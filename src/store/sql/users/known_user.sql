select alloy_user_id, known_since from end_user where user_id = $1
