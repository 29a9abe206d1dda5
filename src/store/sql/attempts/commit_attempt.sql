-- What is not named here is fixed when the attempt begins.
update link_attempt set
    version = version + 1, returned_at = $3, refused = $4, foreign_at = $5, answer = $6, state = $7, reason = $8,
    credential_id = $9, settled_at = $10, by_key = $11, timeline = timeline || $12, deadline = $13, guest = $14,
    completion_digest = $15, completion_until = $16, next_look = $17, proof = $18, account = $19
where id = $1 and version = $2
