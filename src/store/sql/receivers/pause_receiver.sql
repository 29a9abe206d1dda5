insert into receiver (url_digest, paused_until) values ($1, $2)
on conflict (url_digest) do update set paused_until = excluded.paused_until
where receiver.paused_until is null or receiver.paused_until < excluded.paused_until
