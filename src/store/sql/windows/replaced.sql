update connect_session set replaced_by = coalesce(replaced_by, $3), replaced_at = coalesce(replaced_at, cast($2 as bigint))
where id = $1
