-- The rule for foreign returns in `domain/attempt/evidence.rs`. A linked attempt implicates nothing. The row of
-- `values` is repeated as often as needed.
with people (person) as (
    select cast($1 as text)
    union all
    select other.user_id from end_user as own
    join end_user as other on other.alloy_user_id = own.alloy_user_id and other.user_id <> own.user_id
    where own.user_id = $1
),
listed (credential, app, low, high) as (values ($7, $8, cast($9 as bigint), cast($10 as bigint)))
select credential from listed
where exists (select 1 from people where 1 = (
        select 1 from link_attempt
        where user_id = person and connector_key = app
            and foreign_at >= high - 7200000 and state <> 'linked' and id <> $5 and began_at <= $6
            and began_at_vendor + foreign_at - began_at
                + case when snapshot is null then cast($3 as bigint) else cast($4 as bigint) end >= high
            and began_at_vendor - case when snapshot is null then cast($3 as bigint) else cast($2 as bigint) end <= low
            and began_at_vendor + deadline - began_at
                + case when snapshot is null then cast($3 as bigint) else cast($2 as bigint) end >= high
            and (snapshot is null or replace(snapshot, '"' || credential || '"', '') = snapshot)
        limit 1
    ))
