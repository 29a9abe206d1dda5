delete from connect_session where id in (
    select id from connect_session where created_at < $1 order by created_at limit $2
)
