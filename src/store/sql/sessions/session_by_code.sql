select
    id, user_id, user_name, user_email, alloy_user_id, connectors, connector, reconnect, after_link,
    return_url, locale, created_at, code_expires_at, redeemed_at, arrival, seen_at, ended_at, ended_by,
    parent_id, ends_at, client_reference, display,
    (select end_user.alloy_user_id from end_user where end_user.user_id = connect_session.user_id) as known_as
from connect_session where code_digest = $1
