update receiver set disabled_at = null, paused_until = null where url_digest = $1
