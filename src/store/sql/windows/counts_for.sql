-- Whether the attempt began or was continued in this session, or began in one that its user created from it.
select count(*) as attempts from link_attempt
where id = $1 and (
    session_id = $2 or continued_in like '%' || $2 || '%'
    or exists (
        select 1 from connect_session
        where connect_session.id = link_attempt.session_id and connect_session.parent_id = $2
    )
)
