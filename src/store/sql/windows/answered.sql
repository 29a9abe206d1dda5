-- A page, or a redirect to a provider, was answered to the window. Nothing if a later one was before, or if the window was
-- left or closed while the request was under way.
update connect_session set
    window_changes = coalesce(window_changes, 0) + case
        when window_pages is null or window_away_at is not null or window_left_at is not null then 1
        when cast($3 as bigint) is not null then 1
        else 0
    end,
    window_pages = cast($2 as bigint), window_away_at = cast($3 as bigint), window_left_at = null
where id = $1 and display is not null and coalesce(window_pages, 0) < $2
    and (window_left_at is null or coalesce(window_changes, 0) <= $4)
