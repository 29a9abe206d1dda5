-- TEXT and BIGINT only, and times as milliseconds since the Unix epoch: the same statements serve both databases.
-- What is a secret elsewhere (start codes, states, cookies) is here as a digest.

create table connect_session (
    id text primary key,
    code_digest text not null unique,
    user_id text not null,
    user_name text,
    user_email text,
    alloy_user_id text,
    connectors text not null,
    connector text,
    reconnect text,
    after_link text not null,
    return_url text,
    locale text,
    created_at bigint not null,
    code_expires_at bigint not null,
    redeemed_at bigint,
    arrival text,
    seen_at bigint,
    ended_at bigint,
    ended_by text
);

create table browser (
    key_digest text primary key,
    state text not null,
    expires_at bigint not null
);

create index browser_by_expiry on browser (expires_at);

create table end_user (
    user_id text primary key,
    alloy_user_id text not null,
    known_since bigint not null
);

-- `session_id` is no foreign key: an attempt outlives the session in which it began.
create table link_attempt (
    id text primary key,
    reference text not null,
    version bigint not null,
    session_id text not null,
    user_id text not null,
    connector text not null,
    -- In lower case, made by the program: databases differ on what that is.
    connector_key text not null,
    authentication_type text not null,
    -- 1 or 0: not every database has truth values.
    by_key bigint not null,
    input_digest text not null,
    state_digest text not null unique,
    snapshot text,
    replaces text,
    began_at bigint not null,
    began_at_vendor bigint not null,
    deadline bigint not null,
    returned_at bigint,
    refused text,
    foreign_at bigint,
    answer text,
    state text not null,
    reason text,
    credential_id text,
    settled_at bigint,
    -- A line for each step. A change of the attempt only adds to it, so that most changes are one statement.
    timeline text not null
);

create unique index one_open_attempt on link_attempt (user_id, connector_key) where state = 'pending';
create index link_attempt_by_user on link_attempt (user_id, connector_key, began_at);
create index link_attempt_by_reference on link_attempt (reference);

-- Nothing cascades: a claim that went with its attempt would let an unverified credential pass as one of the host's.
create table claim (
    credential_id text primary key,
    attempt_id text not null references link_attempt (id),
    user_id text not null
);

create index claim_by_user on claim (user_id);

create table outbox (
    id text primary key,
    user_id text not null,
    sequence bigint not null,
    kind text not null,
    attempt_id text not null references link_attempt (id),
    body text not null,
    at bigint not null,
    unique (user_id, sequence)
);

-- How far the events of a user are counted. Its row is also what two commits for one user wait at.
create table outbox_count (
    user_id text primary key,
    counted bigint not null
);
