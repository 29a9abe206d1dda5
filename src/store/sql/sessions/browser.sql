select state, expires_at from browser where key_digest = $1 and expires_at > $2
