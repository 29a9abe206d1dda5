-- What is old is taken away: by age, in small steps, and without reading what stays.

create index connect_session_by_age on connect_session (created_at);
create index link_attempt_by_end on link_attempt (settled_at) where settled_at is not null;
create index deletion_by_end on deletion (done_at) where done_at is not null;
create index disconnection_by_end on disconnection (done_at) where done_at is not null;

-- Whoever takes an attempt away asks whether these still speak of it, and so do their foreign keys.
create index claim_by_attempt on claim (attempt_id);
create index outbox_by_attempt on outbox (attempt_id) where attempt_id is not null;
create index disconnection_by_attempt on disconnection (attempt_id) where attempt_id is not null;

-- What is left of an attempt whose link may have been used: what was made in that time, and is claimed by nobody, does not
-- count as connected, however long ago that is. Times are by the vendor's clock, leeway included.
create table shadow (
    attempt_id text primary key,
    user_id text not null,
    connector text not null,
    -- What was listed before: it was not made by this attempt.
    snapshot text,
    made_from bigint not null,
    made_until bigint not null
);

create index shadow_by_user on shadow (user_id, made_until);
