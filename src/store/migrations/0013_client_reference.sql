-- The host's own reference of a session. Attempts store it too, because they outlive their session.
alter table connect_session add column client_reference text;
alter table link_attempt add column client_reference text;
