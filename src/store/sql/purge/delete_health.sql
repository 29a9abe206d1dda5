delete from connection_health
where credential_id = $1 and not exists (select 1 from deletion where credential_id = $1)
