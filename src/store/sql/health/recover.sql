update connection_health set refused_at = null where credential_id = $1 and refused_at is not null
