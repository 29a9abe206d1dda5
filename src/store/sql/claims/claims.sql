-- A row for each proof of a claimed credential; the last one counts.
select
    claim.credential_id, claim.attempt_id, claim.made_at,
    case when link_attempt.beside = 1 and link_attempt.state = 'failed' then 'pending' else link_attempt.state end as state,
    tried.proof as tried_proof, tried.account as tried_account, tried.settled_at as tried_at
from claim
left join link_attempt as tried
    on tried.credential_id = claim.credential_id and tried.proof is not null and tried.state = 'linked'
join link_attempt on link_attempt.id = claim.attempt_id
where claim.user_id in (
    select cast($1 as text)
    union all
    select other.user_id from end_user as own
    join end_user as other on other.alloy_user_id = own.alloy_user_id and other.user_id <> own.user_id
    where own.user_id = $1
)
order by tried_at
