insert into link_attempt (
    reference, connector_key, timeline, client_reference, continued_in,
    id, version, session_id, user_id, connector, authentication_type, by_key, input_digest, state_digest,
    snapshot, replaces, began_at, began_at_vendor, deadline, returned_at, refused, foreign_at, answer, state,
    reason, credential_id, settled_at, needs_completion, deletes_unreturned, guest, completion_digest,
    completion_until, next_look, proof, account, beside, returned_again_at, derived_from
)
select
    $1, $2, $3, (select client_reference from connect_session where id = $6),
    (select origin.continued_in from link_attempt as origin where origin.id = $36),
    $4, cast($5 as bigint), $6, $7, $8, $9, cast($10 as bigint), $11, $12, $13, $14,
    cast($15 as bigint), cast($16 as bigint), cast($17 as bigint), cast($18 as bigint), $19, cast($20 as bigint), $21,
    $22, $23, $24, cast($25 as bigint), cast($26 as bigint), cast($27 as bigint), cast($28 as bigint), $29,
    cast($30 as bigint), cast($31 as bigint), $32, $33, cast($34 as bigint), cast($35 as bigint), $36
where not exists (
    select 1 from link_attempt
    where user_id = $7 and connector_key = $2 and input_digest = $11 and reason = 'key_saved' and settled_at > $37
)
and not exists (select 1 from erased_session where session_id = $6)
on conflict do nothing
