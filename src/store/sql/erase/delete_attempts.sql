delete from link_attempt where user_id = $1 and not (
        -- Kept: attempts that may have created a credential that cannot be told from others', or whose link still works. A
        -- refused key creates nothing later, and a linked attempt hides nothing from other users.
        deadline > $2 or state = 'unverified' or (state <> 'linked' and by_key = 0)
        or exists (select 1 from deletion where deletion.attempt_id = link_attempt.id)
        -- Beside an attempt that could take its credential for what was allowed after a no.
        or exists (
            select 1 from link_attempt as other
            where other.user_id = link_attempt.user_id and other.connector_key = link_attempt.connector_key
                and other.id <> link_attempt.id and other.state <> 'linked' and other.deadline > $2
        )
    )
