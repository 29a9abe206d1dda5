-- The attempts of a session, of those that its user created from it for another browser, and those of others that were
-- continued in one of these.
with related (id, relation) as (
    select cast($1 as text), 'own'
    union all
    select id, 'child' from connect_session where parent_id = $1
),

counted (id, relation) as (
    select link_attempt.id, related.relation
    from related
    join link_attempt on link_attempt.session_id = related.id
    union all
    select
        link_attempt.id, case when link_attempt.continued_in like '%' || $1 || '%' then 'continued' else 'child' end
    from connect_session as watched
    join link_attempt on link_attempt.user_id = watched.user_id and link_attempt.continued_in is not null
    where watched.id = $1
        and link_attempt.session_id not in (select id from related)
        and exists (select 1 from related where link_attempt.continued_in like '%' || related.id || '%')
)

select
    link_attempt.id, link_attempt.connector, link_attempt.version, link_attempt.began_at, link_attempt.returned_at,
    link_attempt.state, link_attempt.beside, link_attempt.reason, link_attempt.settled_at, counted.relation
from counted
join link_attempt on link_attempt.id = counted.id
order by link_attempt.began_at, link_attempt.id
