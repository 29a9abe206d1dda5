delete from connection_health where credential_id = $1
