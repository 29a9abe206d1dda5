insert into receiver (url_digest, disabled_at) values ($1, $2)
on conflict (url_digest) do update set disabled_at = excluded.disabled_at
where receiver.disabled_at is null
