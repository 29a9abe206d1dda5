update connect_session set
    window_changes = coalesce(window_changes, 0)
        + case when window_pages is null or window_away_at is not null or window_left_at is not null then 1 else 0 end,
    window_pages = coalesce(window_pages, 0) + 1, window_away_at = null, window_left_at = null
where id = $1 and display is not null
returning window_pages
