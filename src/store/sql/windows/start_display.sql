-- Before it is redeemed, a session has a window only once its user closes it.
update connect_session set display = $2 where id = $1 and redeemed_at is null
