-- Nothing if a later page was answered to the window, or if it is known to be left.
update connect_session set
    window_changes = coalesce(window_changes, 0) + 1, window_left_at = cast($2 as bigint), window_away_at = null
where id = $1 and display is not null and coalesce(window_pages, 0) <= $3 and window_left_at is null
