-- Tells credentials of the erased user from those of others.
insert into end_user (user_id, alloy_user_id, known_since)
select cast($2 as text), alloy_user_id, known_since from end_user
where user_id = $1 and (
    exists (select 1 from link_attempt where user_id = $2)
    or exists (select 1 from disconnection where user_id = $2)
    or exists (select 1 from shadow where user_id = $2)
)
