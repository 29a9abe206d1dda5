-- A credential that its user disconnected is deleted already.
insert into deletion (credential_id, attempt_id, tries, missed, next_at, done_at)
values ($1, $2, 0, 0, $3, (select done_at from disconnection where credential_id = $1))
on conflict (credential_id) do nothing
