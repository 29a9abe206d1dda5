-- The ids stand one after another, each once.
update link_attempt set continued_in = coalesce(continued_in || ' ', '') || $2
where id = $1 and session_id <> $2 and (continued_in is null or continued_in not like '%' || $2 || '%')
