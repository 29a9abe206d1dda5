select paused_until, disabled_at from receiver where url_digest = $1
