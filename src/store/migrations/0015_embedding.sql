-- The pop-up or frame in which a session is shown, null for a session in the browser's own tab; and the session that
-- took the browser, for both.

-- popup or frame; null for a page.
alter table connect_session add column display text;
-- The number of pages that the window was served; null before the first.
alter table connect_session add column window_pages bigint;
-- When the browser was redirected to a provider. A later page of the window clears it.
alter table connect_session add column window_away_at bigint;
-- From when on the window counts as left. A later page of the window clears it.
alter table connect_session add column window_left_at bigint;
-- The number of changes of the three columns above; a further page in a row is none.
alter table connect_session add column window_changes bigint;
alter table connect_session add column end_shown_at bigint;
-- The session of the same user that took the browser.
alter table connect_session add column replaced_by text;
-- When another session took the browser, if the outcome was open then.
alter table connect_session add column replaced_at bigint;

create index connect_session_by_successor on connect_session (replaced_by) where replaced_by is not null;
