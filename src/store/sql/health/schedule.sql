insert into connection_health (credential_id, user_id, connector, attempt_id, next_check_at)
select $1, $2, $3, $4, cast($5 as bigint)
where exists (select 1 from end_user where user_id = $2)
on conflict (credential_id) do update
set next_check_at = excluded.next_check_at, attempt_id = excluded.attempt_id, user_id = excluded.user_id
where connection_health.next_check_at is null
