select coalesce(window_pages, 0) as window_pages, coalesce(window_changes, 0) as window_changes
from connect_session where id = $1
