//! Work that one of many processes takes for a while.

/// Takes what is due: `$1` is now, `$2` until when it is taken, `$3` how much at most. Whoever writes the lease has it: the
/// second of two processes finds the condition gone. A list of columns to return follows.
///
/// It is said so that neither database can read all that waits for each thing that is taken, whatever it believes to be
/// there: what is due is looked for once, and the condition of the second process fits no index but that of the key.
macro_rules! take {
    ($table:literal by $key:literal, lease $lease:literal, due $due:literal, order $order:literal) => {
        take!($table by $key, lease $lease, due $due, order $order, together $due)
    };
    // With what is due goes what else has its key and is this.
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
