-- The health of connections: which ones the app or the provider refused, and when each is tried again.

-- `attempt_id` is the attempt that linked the connection last, or null for one that no attempt made. It is no foreign
-- key: nothing here keeps an attempt.
create table connection_health (
    credential_id text primary key,
    user_id text not null,
    connector text not null,
    attempt_id text,
    -- Null while it works, as far as is known.
    refused_at bigint,
    -- Null where connections of this app are not tried at intervals.
    next_check_at bigint,
    lease bigint
);

create index connection_health_by_user on connection_health (user_id);
create index connection_health_due on connection_health (next_check_at) where next_check_at is not null;

-- What a proof found before this step.
insert into connection_health (credential_id, user_id, connector, attempt_id, refused_at)
select claim.credential_id, claim.user_id, tried.connector, tried.id, tried.settled_at
from claim
join link_attempt as claimant on claimant.id = claim.attempt_id and claimant.state = 'linked'
join link_attempt as tried
    on tried.credential_id = claim.credential_id and tried.state = 'linked' and tried.proof = 'refused'
where not exists (
        select 1 from link_attempt as later
        where later.credential_id = claim.credential_id and later.state = 'linked' and later.proof is not null
            and (later.settled_at > tried.settled_at or (later.settled_at = tried.settled_at and later.id > tried.id))
    )
    and not exists (select 1 from disconnection where disconnection.credential_id = claim.credential_id);
