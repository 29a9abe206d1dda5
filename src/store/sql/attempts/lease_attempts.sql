-- Leases all attempts of a user together, because one list at Alloy serves them all.
with due as materialized (
    select user_id from link_attempt
    where next_look <= $1 and (look_lease is null or look_lease <= $1)
    order by next_look
    limit $3
)
update link_attempt set look_lease = $2
where user_id in (select user_id from due)
    -- `case` hides the condition from PostgreSQL's planner, which would otherwise search all due rows for each one.
    and case when next_look is not null and (look_lease is null or look_lease <= $1) then true end
returning
    id, version, session_id, user_id, connector, authentication_type, by_key, input_digest, state_digest,
    snapshot, replaces, began_at, began_at_vendor, deadline, returned_at, refused, foreign_at, answer, state,
    reason, credential_id, settled_at, needs_completion, deletes_unreturned, guest, completion_digest,
    completion_until, next_look, proof, account, beside, returned_again_at, derived_from
