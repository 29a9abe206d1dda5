delete from browser where key_digest = $1
