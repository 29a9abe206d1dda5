-- A row for each claim and each open attempt, with the attempt, and one for each disconnected or refused credential. The
-- snapshots of ended attempts would be most of what is read, and only open attempts need theirs.
select
    claimed, made_at, disconnected, refused_credential, tried_proof, tried_account,
    id, version, session_id, user_id, connector, authentication_type, by_key, input_digest, state_digest,
    case when state = 'pending' or beside = 1 then snapshot end as snapshot,
    replaces, began_at, began_at_vendor, deadline, returned_at, refused, foreign_at, answer, state, reason,
    credential_id, settled_at, needs_completion, deletes_unreturned, guest, completion_digest,
    completion_until, next_look, proof, account, beside, returned_again_at, derived_from
from (
    select
        claim.attempt_id, claim.credential_id as claimed, claim.made_at, null as disconnected,
        null as refused_credential,
        tried.proof as tried_proof, tried.account as tried_account, tried.settled_at as tried_at
    from claim
    left join link_attempt as tried
        on tried.credential_id = claim.credential_id and tried.proof is not null and tried.state = 'linked'
    where claim.user_id in (
        select cast($1 as text)
        union all
        select other.user_id from end_user as own
        join end_user as other on other.alloy_user_id = own.alloy_user_id and other.user_id <> own.user_id
        where own.user_id = $1
    )
    union all
    select id, null, null, null, null, null, null, null from link_attempt
    where (state = 'pending' or (beside = 1 and state = 'failed')) and user_id in (
        select cast($1 as text)
        union all
        select other.user_id from end_user as own
        join end_user as other on other.alloy_user_id = own.alloy_user_id and other.user_id <> own.user_id
        where own.user_id = $1
    )
    union all
    select null, null, null, credential_id, null, null, null, null from disconnection
    where done_at is not null and user_id in (
        select cast($1 as text)
        union all
        select other.user_id from end_user as own
        join end_user as other on other.alloy_user_id = own.alloy_user_id and other.user_id <> own.user_id
        where own.user_id = $1
    )
    union all
    select null, null, null, null, credential_id, null, null, null from connection_health
    where refused_at is not null and user_id in (
        select cast($1 as text)
        union all
        select other.user_id from end_user as own
        join end_user as other on other.alloy_user_id = own.alloy_user_id and other.user_id <> own.user_id
        where own.user_id = $1
    )
) as known
left join link_attempt on link_attempt.id = known.attempt_id
order by began_at, id, tried_at
