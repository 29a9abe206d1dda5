update disconnection set attempt_id = null where attempt_id in (
    select id from link_attempt where user_id in (
        select user_id from end_user where alloy_user_id = $1 and (substr(user_id, 1, 7) = 'erased-' and length(user_id) = 43)
    )
)
