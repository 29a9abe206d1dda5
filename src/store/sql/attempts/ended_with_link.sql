select
    id, version, session_id, user_id, connector, authentication_type, by_key, input_digest, state_digest,
    snapshot, replaces, began_at, began_at_vendor, deadline, returned_at, refused, foreign_at, answer, state,
    reason, credential_id, settled_at, needs_completion, deletes_unreturned, guest, completion_digest,
    completion_until, next_look, proof, account, beside, returned_again_at, derived_from
from link_attempt
where user_id in (
        select cast($1 as text)
        union all
        select other.user_id from end_user as own
        join end_user as other on other.alloy_user_id = own.alloy_user_id and other.user_id <> own.user_id
        where own.user_id = $1
    )
    and connector_key = $2 and deadline > $3 and id <> $4 and state in ('linked', 'denied', 'failed')
