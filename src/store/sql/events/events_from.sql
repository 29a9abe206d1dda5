-- A line with a `$` that the caller does not use is left out.
select id, user_id, sequence, kind, attempt_id, body, at from outbox
where at >= $1 and (at, sequence, id) > ($2, $3, $4)
    and user_id = $6
order by at, sequence, id limit $5
