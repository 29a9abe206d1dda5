-- A user disconnects an app: the wish is kept until it is done, and an event may be of no attempt of ours.

-- The rows stay. Whoever connects the app again gets another credential.
create table disconnection (
    credential_id text primary key,
    user_id text not null,
    alloy_user_id text not null,
    connector text not null,
    -- None, if no attempt of ours had made it.
    attempt_id text references link_attempt (id),
    asked_at bigint not null,
    tries bigint not null,
    -- How many lists in a row did not show it.
    missed bigint not null,
    next_at bigint not null,
    lease bigint,
    done_at bigint
);

create index disconnection_due on disconnection (next_at) where done_at is null;
create index disconnection_by_user on disconnection (user_id);

-- One of the two databases cannot take `not null` from a column. In this way whatever else the table has, and whoever
-- refers to it, stays.
alter table outbox add column attempt text references link_attempt (id);
update outbox set attempt = attempt_id;
alter table outbox drop column attempt_id;
alter table outbox rename column attempt to attempt_id;
