update deletion set done_at = $2, lease = null where credential_id = $1 and done_at is null
