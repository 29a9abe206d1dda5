insert into erased_session (session_id, erased_at)
select id, cast($2 as bigint) from connect_session where user_id = $1
on conflict (session_id) do nothing
