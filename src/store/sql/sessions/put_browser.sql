insert into browser (key_digest, state, expires_at) values ($1, $2, $3)
on conflict (key_digest) do update set state = excluded.state, expires_at = excluded.expires_at
