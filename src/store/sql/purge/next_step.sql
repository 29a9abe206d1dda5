-- Attempts that ended at the same time are in the same step.
select max(settled_at) from (
    select settled_at from link_attempt where settled_at > $1 and settled_at < $2 order by settled_at limit $3
) as step
