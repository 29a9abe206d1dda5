-- Users of Alloy that Gangway created. Only they may be deleted there: users that were found, and those of earlier
-- releases, have no row.
create table created_alloy_user (alloy_user_id text not null primary key, created_at bigint not null);
-- 1: once the credentials are deleted, Alloy's user is deleted, too.
alter table erasure add column deletes_user bigint;
