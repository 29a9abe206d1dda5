-- Several open attempts of a user for one app, one for each input.

-- An earlier release knows one open attempt of a user for one app, and needs `one_open_attempt` as long as its processes
-- run beside this one. Therefore a further open attempt is stored as that release would leave it, ended by the newer one
-- ('failed', 'superseded'), and marked here with 1 as long as it is open.
alter table link_attempt add column beside bigint;
create unique index one_open_attempt_per_input on link_attempt (user_id, connector_key, input_digest)
    where state = 'pending' or (beside = 1 and state = 'failed');

-- The last return to an attempt to which a browser returned before.
alter table link_attempt add column returned_again_at bigint;
-- The attempt to which the browser returned with a further credential.
alter table link_attempt add column derived_from text;
create index link_attempt_by_origin on link_attempt (derived_from, began_at) where derived_from is not null;
