-- The state of the return stays, because its link may still be used.
update link_attempt set
    user_id = $2, session_id = $3, input_digest = $4, reference = '', timeline = '', account = null, proof = null,
    answer = null, client_reference = null, completion_digest = null, completion_until = null, continued_in = null,
    version = version + 1
where user_id = $1
