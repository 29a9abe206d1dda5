delete from erased_session where erased_at < $1
