select count(*) from deletion
join claim on claim.credential_id = deletion.credential_id
where deletion.done_at is null and claim.user_id in (select user_id from end_user where alloy_user_id = $1)
