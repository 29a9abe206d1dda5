-- Another user of the host has that Alloy user, and the host did not give it. Erased users do not count.
select count(*) from (select 1 where exists (
    select 1 from end_user
    where alloy_user_id = $2 and user_id <> $1 and coalesce(origin, '') <> 'given'
        and not (substr(user_id, 1, 7) = 'erased-' and length(user_id) = 43)
)) as found
