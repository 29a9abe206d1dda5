delete from connection_health where user_id = $1
