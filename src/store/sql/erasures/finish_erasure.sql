delete from erasure where alloy_user_id = $1 and asked_at = $2
