delete from claim
where credential_id = $1 and not exists (select 1 from deletion where credential_id = $1)
