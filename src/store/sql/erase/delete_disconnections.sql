delete from disconnection where user_id = $1 and done_at is not null
