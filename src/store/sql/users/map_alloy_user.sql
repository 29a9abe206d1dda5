-- Of two processes at once, the unique index on found mappings lets one insert. With $4 = 1 a session is required, so
-- that a request in progress while its user is erased leaves nothing behind.
insert into end_user (user_id, alloy_user_id, known_since, origin)
select $1, $2, cast($3 as bigint), 'found'
where ($4 = 0 or exists (select 1 from connect_session where user_id = $1))
and not exists (
    select 1 from end_user
    where alloy_user_id = $2 and user_id <> $1 and coalesce(origin, '') <> 'given'
        and not (substr(user_id, 1, 7) = 'erased-' and length(user_id) = 43)
)
on conflict do nothing
