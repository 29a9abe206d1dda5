-- The attempts of a session, of those that its user created from it for another browser, and of those that it replaced
-- in its browser, of the last twenty.
with recursive inherited (id, depth) as (
    select id, 1 from connect_session where replaced_by = $1
    union all
    select connect_session.id, inherited.depth + 1 from inherited
    join connect_session on connect_session.replaced_by = inherited.id
    where inherited.depth < 20
),

related (id, relation) as (
    select cast($1 as text), 'own'
    union all
    select id, 'child' from connect_session where parent_id = $1
    union all
    select id, 'inherited' from inherited
)

select
    link_attempt.id, link_attempt.connector, link_attempt.version, link_attempt.began_at, link_attempt.returned_at,
    link_attempt.state, link_attempt.beside, link_attempt.reason, link_attempt.settled_at, related.relation
from related
join link_attempt on link_attempt.session_id = related.id
order by link_attempt.began_at, link_attempt.id
