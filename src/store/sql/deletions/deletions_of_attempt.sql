select count(*) as enqueued, count(case when done_at is null then 1 end) as open
from deletion where attempt_id = $1
