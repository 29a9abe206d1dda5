select count(*) from end_user
where alloy_user_id = $1 and not (substr(user_id, 1, 7) = 'erased-' and length(user_id) = 43)
