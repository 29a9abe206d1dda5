-- The account that the last proof of the credential named before this attempt renewed it.
select account from link_attempt
where credential_id = $1 and proof is not null and state = 'linked' and id <> $2 and settled_at <= $3
order by settled_at desc limit 1
