-- Who finished a link: the host's completion, returns in other browsers, what is looked at again, what is deleted.

alter table link_attempt add column needs_completion bigint not null default 0;
alter table link_attempt add column deletes_unreturned bigint not null default 0;
alter table link_attempt add column guest bigint not null default 0;
alter table link_attempt add column completion_digest text;
alter table link_attempt add column completion_until bigint;
-- When the reconciler looks at it again, and until when one process has it.
alter table link_attempt add column next_look bigint;
alter table link_attempt add column look_lease bigint;

-- What was open before this step is looked at too.
update link_attempt set next_look = deadline where state = 'pending';

create unique index link_attempt_by_completion on link_attempt (completion_digest) where completion_digest is not null;
create index link_attempt_to_look_at on link_attempt (next_look) where next_look is not null;
create index link_attempt_foreign on link_attempt (user_id, connector_key) where foreign_at is not null;

alter table claim add column made_at bigint;

-- Users of the host who are one user of Alloy's are judged together.
create index end_user_by_alloy_user on end_user (alloy_user_id);

-- A credential that is to be deleted upstream. The row stays when that is done: a page says "removed" only then.
create table deletion (
    credential_id text primary key references claim (credential_id),
    attempt_id text not null references link_attempt (id),
    tries bigint not null,
    -- How many lists in a row did not show it.
    missed bigint not null,
    next_at bigint not null,
    lease bigint,
    done_at bigint
);

create index deletion_due on deletion (next_at) where done_at is null;
create index deletion_by_attempt on deletion (attempt_id);
