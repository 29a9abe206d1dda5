delete from link_attempt where user_id = $1 and not (
        -- Kept: attempts that may have created a credential that cannot be told from others', or whose link still works. A
        -- refused key creates nothing later, and a linked attempt hides nothing from other users.
        deadline > $2 or state = 'unverified' or (state <> 'linked' and by_key = 0)
        or exists (select 1 from deletion where deletion.attempt_id = link_attempt.id)
    )
