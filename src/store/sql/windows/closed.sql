update connect_session set
    window_changes = coalesce(window_changes, 0) + 1, window_left_at = cast($2 as bigint), window_away_at = null
where id = $1 and display is not null and (window_left_at is null or window_left_at > $2)
