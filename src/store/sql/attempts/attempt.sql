select
    id, version, session_id, user_id, connector, authentication_type, by_key, input_digest, state_digest,
    snapshot, replaces, began_at, began_at_vendor, deadline, returned_at, refused, foreign_at, answer, state,
    reason, credential_id, settled_at, needs_completion, deletes_unreturned, guest, completion_digest,
    completion_until, next_look, proof, account, beside, returned_again_at, derived_from
from link_attempt where id = $1
