-- Alloy's user is deleted, too, if Gangway created it and no other user of the host has it.
insert into erasure (alloy_user_id, asked_at, tries, next_at, deletes_user)
select $1, cast($2 as bigint), 0, cast($2 as bigint), case
    when exists (select 1 from created_alloy_user where alloy_user_id = $1) and not exists (
        select 1 from end_user
        where alloy_user_id = $1 and not (substr(user_id, 1, 7) = 'erased-' and length(user_id) = 43)
    ) then 1
    else 0
end
where true
on conflict (alloy_user_id) do update set
    asked_at = excluded.asked_at, tries = 0, next_at = excluded.next_at, deletes_user = excluded.deletes_user
returning deletes_user
