update disconnection set next_at = $2, tries = tries + 1, missed = $3, lease = null
where credential_id = $1 and done_at is null
