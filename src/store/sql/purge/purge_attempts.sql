delete from link_attempt
where settled_at > $1 and settled_at <= $2 and deadline < $3 and state <> 'pending'
    and not exists (select 1 from claim where claim.attempt_id = link_attempt.id)
    and not exists (select 1 from claim where claim.credential_id = link_attempt.credential_id)
    and not exists (select 1 from disconnection where disconnection.attempt_id = link_attempt.id)
    and not exists (select 1 from outbox where outbox.attempt_id = link_attempt.id)
