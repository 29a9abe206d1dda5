-- A line with a `$` that the caller does not use is left out.
select
    timeline,
    (select end_user.alloy_user_id from end_user where end_user.user_id = link_attempt.user_id) as alloy_user_id,
    -- An earlier release, still running beside this one, begins attempts without it.
    coalesce(link_attempt.client_reference, (
        select connect_session.client_reference from connect_session where connect_session.id = link_attempt.session_id
    )) as client_reference,
    id, version, session_id, user_id, connector, authentication_type, by_key, input_digest, state_digest,
    snapshot, replaces, began_at, began_at_vendor, deadline, returned_at, refused, foreign_at, answer, state,
    reason, credential_id, settled_at, needs_completion, deletes_unreturned, guest, completion_digest,
    completion_until, next_look, proof, account, beside, returned_again_at, derived_from
from link_attempt
where not (substr(user_id, 1, 7) = 'erased-' and length(user_id) = 43)
    and session_id = $2
    and user_id = $3
    and $4 = case when beside = 1 and state = 'failed' then 'pending' else state end
    and (began_at, id) < ($5, $6)
order by began_at desc, id desc
limit $1
