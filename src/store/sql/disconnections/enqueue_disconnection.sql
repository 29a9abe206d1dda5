-- Nothing is written for a user who was erased meanwhile.
insert into disconnection (
    next_at,
    credential_id, user_id, alloy_user_id, connector, attempt_id, asked_at, tries, missed, lease, done_at
)
select
    cast($1 as bigint), $2, $3, $4, $5, $6, cast($7 as bigint), cast($8 as bigint), cast($9 as bigint),
    cast($10 as bigint), cast($11 as bigint)
where exists (select 1 from end_user where user_id = $3)
on conflict (credential_id) do nothing
