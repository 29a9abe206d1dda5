-- Where a mapping comes from: 'given' by the host, 'found' at Alloy by its name, or unknown (null) because an earlier
-- release made it. The host may give several of its users one user of Alloy; of those found, each belongs to one.
alter table end_user add column origin text;
create unique index end_user_found on end_user (alloy_user_id) where origin = 'found';
-- Only the host's own sessions hold an id that the host gave; a user's session for another browser repeats what was known.
update end_user set origin = 'given' where exists (
    select 1 from connect_session where connect_session.user_id = end_user.user_id
        and connect_session.alloy_user_id = end_user.alloy_user_id and connect_session.parent_id is null
);
