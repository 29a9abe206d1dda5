-- Events are delivered. Every column has a default, so that a process of an earlier release goes on writing events, and
-- those are delivered too.

-- When its next try is after one in vain; none before its first try, and none when it is done.
alter table outbox add column next_at bigint;
-- How many tries in a row were in vain: the rung of the ladder.
alter table outbox add column rung bigint not null default 0;
-- Until when the user's later events wait for it.
alter table outbox add column holds_until bigint;
alter table outbox add column delivered_at bigint;
-- It is not tried any more.
alter table outbox add column dead_at bigint;

-- What waits is looked for often, and what is done grows for ever: it is in none of these but the first.
create index outbox_newest on outbox (at, sequence, id);
create index outbox_waiting on outbox (at, sequence, id) where delivered_at is null and dead_at is null;
create index outbox_dead on outbox (at, sequence, id) where dead_at is not null;
create index outbox_untried on outbox (user_id, sequence)
    where next_at is null and delivered_at is null and dead_at is null;
create index outbox_failing on outbox (user_id, next_at) where next_at is not null;

-- A user's events stand in one line. Up to this number each has had its first try, or will have none.
alter table outbox_count add column tried_to bigint not null default 0;
-- When an event of this user was last sent; who waits longest is next.
alter table outbox_count add column served_at bigint not null default 0;
-- Until when the next first try waits for an event that fails.
alter table outbox_count add column held_until bigint;
-- When there is something to do beside first tries: an event is to be tried again, or the waiting is over.
alter table outbox_count add column next_at bigint;
-- Until when one process sends for this user: one event at a time.
alter table outbox_count add column lease bigint;

create index outbox_count_untried on outbox_count (served_at) where counted > tried_to and held_until is null;
create index outbox_count_failing on outbox_count (next_at) where next_at is not null;

-- What came of each try. It goes with its event.
create table delivery_try (
    event_id text not null references outbox (id) on delete cascade,
    number bigint not null,
    at bigint not null,
    duration_ms bigint not null,
    -- What the receiver answered, if it did.
    status bigint,
    -- What went wrong, in one word.
    failure text,
    primary key (event_id, number)
);

-- The host's receiver, by a digest of its address: another address is another receiver.
create table receiver (
    url_digest text primary key,
    paused_until bigint,
    -- It answered 410: nothing is sent any more.
    disabled_at bigint
);
