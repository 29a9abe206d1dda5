-- Another user of the host, who shares the Alloy user, may have requested it.
update disconnection set attempt_id = null where attempt_id in (select id from link_attempt where user_id = $1)
