update disconnection set user_id = $2 where user_id = $1
