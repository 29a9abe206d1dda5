-- A later page of the window is there already, or this one is known to be left.
update connect_session set
    window_changes = coalesce(window_changes, 0) + 1, window_left_at = cast($2 as bigint)
where id = $1 and display is not null and window_pages = $3 and window_left_at is null
