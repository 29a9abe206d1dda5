-- A window in which the start page was closed is not this one.
update connect_session set redeemed_at = $2, arrival = $3, display = $4, window_left_at = null
where code_digest = $1 and code_expires_at > $2 and redeemed_at is null and ended_at is null
returning
    id, user_id, user_name, user_email, alloy_user_id, connectors, connector, reconnect, after_link,
    return_url, locale, created_at, code_expires_at, redeemed_at, arrival, seen_at, ended_at, ended_by,
    parent_id, ends_at, client_reference, display,
    (select end_user.alloy_user_id from end_user where end_user.user_id = connect_session.user_id) as known_as
