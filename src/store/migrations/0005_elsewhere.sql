-- A session that its user made out of another one, to go on in another browser.

alter table connect_session add column parent_id text;
alter table connect_session add column ends_at bigint;

create index connect_session_by_parent on connect_session (parent_id) where parent_id is not null;
