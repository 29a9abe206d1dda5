select credential_id from connection_health
where credential_id = $1 and refused_at is not null and user_id in (
    select cast($2 as text)
    union all
    select other.user_id from end_user as own
    join end_user as other on other.alloy_user_id = own.alloy_user_id and other.user_id <> own.user_id
    where own.user_id = $2
)
