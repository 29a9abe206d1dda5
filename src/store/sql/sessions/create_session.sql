-- A session whose parent was erased, or that was erased itself, is not created again.
insert into connect_session (
    code_digest,
    id, user_id, user_name, user_email, alloy_user_id, connectors, connector, reconnect, after_link,
    return_url, locale, created_at, code_expires_at, redeemed_at, arrival, seen_at, ended_at, ended_by,
    parent_id, ends_at, client_reference, display,
    repeat_key, repeat_body
)
select
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, cast($13 as bigint), cast($14 as bigint), cast($15 as bigint),
    $16, cast($17 as bigint), cast($18 as bigint), $19, $20, cast($21 as bigint), $22, $23, $24, $25
where not exists (select 1 from erased_session where session_id in ($2, $20))
on conflict do nothing
