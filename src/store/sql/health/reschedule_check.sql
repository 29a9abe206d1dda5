update connection_health set next_check_at = $2, lease = null where credential_id = $1
