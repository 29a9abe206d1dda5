-- The pop-up or frame in which a session is shown, null for a session in the browser's own tab; whether another session
-- took the browser; and the sessions in which an attempt was continued.

-- popup or frame; null for a page.
alter table connect_session add column display text;
-- The number of the newest page that the window was answered; null before the first. Later pages have larger numbers.
alter table connect_session add column window_pages bigint;
-- When the browser was redirected to a provider. A later page of the window clears it.
alter table connect_session add column window_away_at bigint;
-- From when on the window counts as left. A later page of the window clears it.
alter table connect_session add column window_left_at bigint;
-- The number of changes of the three columns above; a further page in a row is none.
alter table connect_session add column window_changes bigint;
alter table connect_session add column end_shown_at bigint;
-- When another session took the browser, if the outcome was open then.
alter table connect_session add column replaced_at bigint;

-- The ids of other sessions of the same user in which the attempt was continued, separated by spaces.
alter table link_attempt add column continued_in text;

create index link_attempt_continued on link_attempt (user_id) where continued_in is not null;
