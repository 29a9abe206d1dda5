-- A mapping of unknown origin that the host confirms counts as given. Only a written row is returned.
insert into end_user (user_id, alloy_user_id, known_since, origin) values ($1, $2, $3, 'given')
on conflict (user_id) do update set origin = case
    when end_user.origin is null and end_user.alloy_user_id = excluded.alloy_user_id then 'given'
    else end_user.origin
end
returning alloy_user_id
