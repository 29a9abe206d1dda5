-- An event with a retry ahead stays, however old it is: it may have been replayed.
delete from outbox where id in (
    select id from outbox where at < $1 and next_at is null order by at limit $2
)
