-- What came of trying what was linked, and whose account it is.

alter table link_attempt add column proof text;
alter table link_attempt add column account text;

-- A credential is claimed once, and may be tried for each attempt that renews it.
create index link_attempt_tried on link_attempt (credential_id) where proof is not null;
