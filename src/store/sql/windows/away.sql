update connect_session set
    window_changes = coalesce(window_changes, 0) + 1, window_away_at = cast($2 as bigint), window_left_at = null
where id = $1 and display is not null
