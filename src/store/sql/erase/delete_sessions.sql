delete from connect_session where user_id = $1
