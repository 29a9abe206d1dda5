-- The rule of `may_have_created` in `domain/attempt/evidence.rs`. A scalar subquery per person keeps PostgreSQL from
-- beginning with all attempts of that period. Links live for about an hour, so an attempt is found near its beginning;
-- the few that were continued for longer have an index of their own. Our clock and Alloy's may be an hour apart here;
-- the exact comparison uses Alloy's. An API key can only be submitted by its own user. `I` is replaced before `lower`:
-- in some locales its lower case is not `i`. The row of `values` is repeated as often as needed.
with people (person) as (
    select cast($1 as text)
    union all
    select other.user_id from end_user as own
    join end_user as other on other.alloy_user_id = own.alloy_user_id and other.user_id <> own.user_id
    where own.user_id = $1
),
listed (credential, app, low, high) as (values ($4, $5, cast($6 as bigint), cast($7 as bigint)))
select credential from listed
where exists (select 1 from people where 1 = (
        select 1 from link_attempt
        where user_id = person and connector_key = app
            and began_at >= high - 14400000 and began_at <= low + 7200000 and by_key = 0 and state <> 'pending'
            and began_at_vendor - case when snapshot is null then cast($3 as bigint) else cast($2 as bigint) end <= low
            and began_at_vendor + deadline - began_at
                + case when snapshot is null then cast($3 as bigint) else cast($2 as bigint) end >= high
            and (snapshot is null or replace(snapshot, '"' || credential || '"', '') = snapshot)
        limit 1
    ))
    or exists (select 1 from people where 1 = (
        select 1 from link_attempt
        where user_id = person and connector_key = app
            and deadline - began_at > 7200000 and deadline >= high - 7200000 and by_key = 0 and state <> 'pending'
            and began_at_vendor - case when snapshot is null then cast($3 as bigint) else cast($2 as bigint) end <= low
            and began_at_vendor + deadline - began_at
                + case when snapshot is null then cast($3 as bigint) else cast($2 as bigint) end >= high
            and (snapshot is null or replace(snapshot, '"' || credential || '"', '') = snapshot)
        limit 1
    ))
    or exists (select 1 from people where 1 = (
        select 1 from shadow
        where user_id = person and made_until <= low + 14400000
            and made_until >= high and made_from <= low and lower(replace(connector, 'I', 'i')) = app
            and (snapshot is null or replace(snapshot, '"' || credential || '"', '') = snapshot)
        limit 1
    ))
    or exists (select 1 from people where 1 = (
        select 1 from shadow
        where user_id = person and made_until - made_from > 14400000
            and made_until >= high and made_from <= low and lower(replace(connector, 'I', 'i')) = app
            and (snapshot is null or replace(snapshot, '"' || credential || '"', '') = snapshot)
        limit 1
    ))
