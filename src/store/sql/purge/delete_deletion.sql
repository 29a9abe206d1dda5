delete from deletion where credential_id = $1 and done_at is not null
