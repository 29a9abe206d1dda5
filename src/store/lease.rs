//! Work that one of many processes takes for a while.

/// Takes what is due: `$1` is now, `$2` until when it is taken, `$3` how much at most. Whoever writes the lease has it: the
/// second of two processes finds the condition gone. A list of columns to return follows.
///
/// What is due is looked for once (`materialized`), and its rows are then found by their key: `case` hides the condition from
/// the planner. PostgreSQL, which mostly knows a time when nothing was due, would otherwise go through all that is due for
/// each row of it.
macro_rules! take {
    ($table:literal by $key:literal, lease $lease:literal, due $due:literal, order $order:literal) => {
        take!($table by $key, lease $lease, due $due, order $order, together $due)
    };
    // Also takes what has the same key and meets `together`, due or not.
    ($table:literal by $key:literal, lease $lease:literal, due $due:literal, order $order:literal, together $all:literal) => {
        concat!(
            "with turn as materialized (select ", $key, " from ", $table, " where ", $due,
            " and (", $lease, " is null or ", $lease, " <= $1) order by ", $order, " limit $3) ",
            "update ", $table, " set ", $lease, " = $2 where ", $key, " in (select ", $key, " from turn) ",
            "and case when ", $all, " and (", $lease, " is null or ", $lease, " <= $1) then true end returning "
        )
    };
}

pub(super) use take;
