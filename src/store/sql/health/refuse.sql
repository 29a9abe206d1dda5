-- Writes nothing if it is known already, for an erased user, or for a connection that is disconnected.
insert into connection_health (credential_id, user_id, connector, attempt_id, refused_at)
select $1, $2, $3, $4, cast($5 as bigint)
where exists (select 1 from end_user where user_id = $2)
    and not exists (select 1 from disconnection where credential_id = $1)
on conflict (credential_id) do update set refused_at = excluded.refused_at
where connection_health.refused_at is null
