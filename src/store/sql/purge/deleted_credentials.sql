-- Each half has the limit too: a union of all rows would take too long.
select credential_id from (select credential_id from deletion where done_at < $1 limit $2) as deleted
union
select credential_id from (select credential_id from disconnection where done_at < $1 limit $2) as disconnected
limit $2
