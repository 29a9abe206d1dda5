select credential_id, done_at from disconnection where alloy_user_id = $1
