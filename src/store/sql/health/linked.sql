-- It was linked again, or its proof succeeded.
update connection_health set refused_at = null, attempt_id = $2 where credential_id = $1
