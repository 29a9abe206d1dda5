-- The planned time of each kind's first item, due or not.
select
    (select min(next_look) from link_attempt where next_look is not null),
    (select min(next_at) from deletion where done_at is null),
    (select min(next_at) from disconnection where done_at is null),
    (select min(next_at) from erasure),
    (select min(next_check_at) from connection_health where next_check_at is not null)
