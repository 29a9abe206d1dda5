update connect_session set seen_at = $2
where id = $1 and ended_at is null and (seen_at is null or seen_at <= $3)
