select timeline from link_attempt where id = $1
