-- Questions about one moment are answered without reading all that a user ever began, and erasures say how far they are.

-- Attempts whose link lived for more than two hours, because they were continued: all others are found by their beginning.
create index link_attempt_long_lived on link_attempt (user_id, connector_key, deadline)
    where deadline - began_at > 7200000;
create index shadow_long_lived on shadow (user_id, made_until) where made_until - made_from > 14400000;
create index link_attempt_foreign_by_time on link_attempt (user_id, connector_key, foreign_at)
    where foreign_at is not null;

-- When the last progress was seen, and how many credentials were still to be deleted then.
alter table erasure add column progressed_at bigint;
alter table erasure add column remaining bigint;
