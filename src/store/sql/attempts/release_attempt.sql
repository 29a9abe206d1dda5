-- An attempt that changed since it was leased has its next observation already.
update link_attempt set look_lease = null, next_look = case when version = $2 then $3 else next_look end where id = $1
