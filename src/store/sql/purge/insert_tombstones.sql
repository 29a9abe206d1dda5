-- API-key attempts need no tombstone: only their own user can submit the key.
insert into shadow (attempt_id, user_id, connector, snapshot, made_from, made_until)
select
    id, user_id, connector, snapshot,
    began_at_vendor - case when snapshot is null then cast($5 as bigint) else cast($4 as bigint) end,
    began_at_vendor + deadline - began_at + case when snapshot is null then cast($5 as bigint) else cast($4 as bigint) end
from link_attempt
where by_key = 0 and settled_at > $1 and settled_at <= $2 and deadline < $3 and state <> 'pending'
    and not exists (select 1 from claim where claim.attempt_id = link_attempt.id)
    and not exists (select 1 from claim where claim.credential_id = link_attempt.credential_id)
    and not exists (select 1 from disconnection where disconnection.attempt_id = link_attempt.id)
    and not exists (select 1 from outbox where outbox.attempt_id = link_attempt.id)
on conflict (attempt_id) do nothing
