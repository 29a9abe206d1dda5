update connect_session set end_shown_at = cast($2 as bigint)
where id = $1 and display is not null and end_shown_at is null
