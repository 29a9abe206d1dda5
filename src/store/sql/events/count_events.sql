-- Counts the events of a user. Another transaction that counts for the same user waits for the end of this one, so that
-- the numbers have no gaps and become visible in order. Returns what else an event names: Alloy's user, and the host's
-- reference of the attempt.
insert into outbox_count (user_id, counted) values ($1, $2)
on conflict (user_id) do update set counted = outbox_count.counted + excluded.counted
returning
    counted,
    (select end_user.alloy_user_id from end_user where end_user.user_id = $1) as alloy_user_id,
    (
        select coalesce(link_attempt.client_reference, (
            select connect_session.client_reference from connect_session
            where connect_session.id = link_attempt.session_id
        ))
        from link_attempt where link_attempt.id = $3
    ) as client_reference
