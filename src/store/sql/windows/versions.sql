-- Counts every change of a session, its window and its attempts; the program does the same. Each id is looked up by
-- itself: for a join PostgreSQL reads all sessions. The row of `values` is repeated as often as needed.
with requested (id) as (values ($1))

select
    requested.id,
    (
        select
            cast(
                coalesce(watched.window_changes, 0)
                + case when watched.redeemed_at is null then 0 else 1 end
                + case when watched.ended_at is null then 0 else 1 end
                + case when watched.end_shown_at is null then 0 else 1 end
                + case when watched.replaced_at is null then 0 else 1 end
                + (
                    with related (id) as (
                        select watched.id
                        union all
                        select child.id from connect_session as child where child.parent_id = watched.id
                    )

                    select
                        (
                            select coalesce(sum(link_attempt.version + 1), 0) from related
                            join link_attempt on link_attempt.session_id = related.id
                        )
                        + (
                            select coalesce(sum(link_attempt.version + 1), 0) from link_attempt
                            where link_attempt.user_id = watched.user_id and link_attempt.continued_in is not null
                                and link_attempt.session_id not in (select related.id from related)
                                and exists (
                                    select 1 from related
                                    where link_attempt.continued_in like '%' || related.id || '%'
                                )
                        )
                ) as bigint
            )
        from connect_session as watched
        where watched.id = requested.id
    ) as version
from requested
