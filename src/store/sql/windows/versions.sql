-- Counts every change of a session, its window and its attempts; the program does the same. Each session is looked up by
-- itself. The row of `values` is repeated as often as needed.
with requested (id) as (values ($1))

select
    requested.id,
    cast(
        coalesce(watched.window_changes, 0)
        + case when watched.redeemed_at is null then 0 else 1 end
        + case when watched.ended_at is null then 0 else 1 end
        + case when watched.end_shown_at is null then 0 else 1 end
        + case when watched.replaced_at is null then 0 else 1 end
        + (
            select coalesce(sum(link_attempt.version + 1), 0) from link_attempt
            where link_attempt.session_id = watched.id
        )
        + (
            select coalesce(sum(link_attempt.version + 1), 0) from connect_session as child
            join link_attempt on link_attempt.session_id = child.id
            where child.parent_id = watched.id
        )
        + (
            select coalesce(sum(link_attempt.version + 1), 0) from link_attempt
            where link_attempt.user_id = watched.user_id and link_attempt.continued_in is not null
                and link_attempt.session_id <> watched.id
                and not exists (
                    select 1 from connect_session as child
                    where child.id = link_attempt.session_id and child.parent_id = watched.id
                )
                and (
                    link_attempt.continued_in like '%' || watched.id || '%'
                    or exists (
                        select 1 from connect_session as child
                        where child.parent_id = watched.id and link_attempt.continued_in like '%' || child.id || '%'
                    )
                )
        )
        as bigint
    ) as version
from requested
join connect_session as watched on watched.id = requested.id
