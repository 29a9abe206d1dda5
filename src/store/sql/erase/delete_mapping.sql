delete from end_user where user_id = $1
