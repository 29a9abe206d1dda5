-- Writes a row if the credential is unclaimed, or claimed by this attempt already.
insert into claim (credential_id, attempt_id, user_id, made_at) values ($1, $2, $3, $4)
on conflict (credential_id) do update set attempt_id = excluded.attempt_id
where claim.attempt_id = excluded.attempt_id
