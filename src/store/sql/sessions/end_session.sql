-- Sessions that its user created from it for another browser end too.
update connect_session set ended_at = $2, ended_by = $3
where (id = $1 or parent_id = $1) and ended_at is null
returning id
