delete from browser where key_digest in (
    select key_digest from browser where expires_at < $1 order by expires_at limit $2
)
