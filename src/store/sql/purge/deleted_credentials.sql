select credential_id from deletion where done_at < $1
union
select credential_id from disconnection where done_at < $1
limit $2
