-- Connections of that app that attempts of ours linked and that are not tried yet, each with the attempt that linked it
-- last. One that another connection took the place of is not tried any more.
select claim.credential_id, claim.user_id, linked.connector, linked.id as attempt_id
from claim
join link_attempt as claimant
    on claimant.id = claim.attempt_id and claimant.state = 'linked' and claimant.connector_key = $1
join link_attempt as linked on linked.id = (
    select last.id from link_attempt as last
    where last.user_id = claim.user_id and last.connector_key = $1 and last.credential_id = claim.credential_id
        and last.state = 'linked'
    order by last.settled_at desc limit 1
)
left join connection_health on connection_health.credential_id = claim.credential_id
where claim.credential_id > $2 and connection_health.next_check_at is null
    and not exists (select 1 from disconnection where disconnection.credential_id = claim.credential_id)
    and not exists (
        select 1 from link_attempt as later
        where later.user_id = claim.user_id and later.connector_key = $1 and later.replaces = claim.credential_id
            and later.state = 'linked' and later.credential_id <> later.replaces
    )
order by claim.credential_id
limit $3
