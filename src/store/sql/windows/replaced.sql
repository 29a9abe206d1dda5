update connect_session set replaced_at = cast($2 as bigint) where id = $1 and replaced_at is null
