select count(*) from erased_session where session_id = $1
