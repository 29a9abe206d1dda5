-- What is not named here is fixed when the attempt begins. An open attempt beside another one is stored as ended; see
-- the migration `beside`.
update link_attempt set
    version = version + 1, returned_at = $3, refused = $4, foreign_at = $5, answer = $6,
    state = case when $7 = 'pending' and beside = 1 then 'failed' else $7 end,
    reason = case when $7 = 'pending' and beside = 1 then 'superseded' else $8 end,
    credential_id = $9,
    settled_at = case when $7 = 'pending' and beside = 1 then began_at else cast($10 as bigint) end,
    beside = case when $7 = 'pending' then beside end,
    by_key = $11, timeline = timeline || $12, deadline = $13, guest = $14, completion_digest = $15,
    completion_until = $16, next_look = $17, proof = $18, account = $19, returned_again_at = $20, input_digest = $21,
    deletes_unreturned = $22
where id = $1 and version = $2
