update erasure set
    next_at = $2, tries = tries + 1, lease = null,
    progressed_at = coalesce($3, progressed_at), remaining = coalesce($4, remaining)
where alloy_user_id = $1
