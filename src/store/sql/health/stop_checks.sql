update connection_health set next_check_at = null, lease = null where credential_id = $1
