update connect_session set replaced_at = coalesce(replaced_at, cast($2 as bigint)) where id = $1
