-- Without a receiver, all events of a month may wait, and this runs often: at most 100,000 are counted.
select count(*) as waiting, min(at) as oldest from (
    select at from outbox where delivered_at is null and dead_at is null order by at, sequence, id limit 100000
) as first
