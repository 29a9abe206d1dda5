-- Counts the events of a user. Another transaction that counts for the same user waits for the end of this one, so that
-- the numbers have no gaps and become visible in order.
insert into outbox_count (user_id, counted) values ($1, $2)
on conflict (user_id) do update set counted = outbox_count.counted + excluded.counted
returning counted
