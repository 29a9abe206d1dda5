-- What the host's server asks: the same answer once more, attempts by the page, and users who are to be forgotten.

-- Digests of an `Idempotency-Key` and of the body that it came with. They live as long as the session.
alter table connect_session add column repeat_key text;
alter table connect_session add column repeat_body text;

create unique index connect_session_by_repeat on connect_session (repeat_key) where repeat_key is not null;
create index connect_session_by_user on connect_session (user_id);

-- Attempts are listed newest first, and a page begins where the last one ended.
create index link_attempt_in_order on link_attempt (began_at, id);
create index link_attempt_of_user_in_order on link_attempt (user_id, began_at, id);
create index link_attempt_of_session_in_order on link_attempt (session_id, began_at, id);

-- Sessions of users who were erased: a request that had read one of them writes nothing any more.
create table erased_session (
    session_id text primary key,
    erased_at bigint not null
);

-- Users of Alloy whose credentials are to be deleted, with all that is left of them here.
create table erasure (
    alloy_user_id text primary key,
    asked_at bigint not null,
    tries bigint not null,
    next_at bigint not null,
    lease bigint
);

create index erasure_due on erasure (next_at);
