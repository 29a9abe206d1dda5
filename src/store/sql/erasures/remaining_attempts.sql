-- Of users who were not erased, attempts that may still create a credential. Of the erased, those that may have created
-- one after the erasure: all earlier credentials are deleted anyway.
select
    id, version, session_id, user_id, connector, authentication_type, by_key, input_digest, state_digest,
    snapshot, replaces, began_at, began_at_vendor, deadline, returned_at, refused, foreign_at, answer, state,
    reason, credential_id, settled_at, needs_completion, deletes_unreturned, guest, completion_digest,
    completion_until, next_look, proof, account, beside, returned_again_at, derived_from
from link_attempt
where user_id in (select user_id from end_user where alloy_user_id = $1)
    and (deadline >= $2 or deadline >= $3 and (substr(user_id, 1, 7) = 'erased-' and length(user_id) = 43))
