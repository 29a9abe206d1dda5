-- Mapped while the user was being deleted at Alloy: the next use creates the user anew.
delete from end_user where alloy_user_id = $1 and origin = 'found'
