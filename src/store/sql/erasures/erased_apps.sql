select distinct connector from link_attempt where user_id in (select user_id from end_user where alloy_user_id = $1)
