select
    count(*) as waiting,
    count(case when asked_at < $1 and (progressed_at is null or progressed_at < $1) then 1 end) as stalled
from erasure
