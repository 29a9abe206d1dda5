//! How fast Gangway is beside a bare server that does only what cannot be left out. `cargo bench --bench journey`
//! prints the table. `cargo bench --bench journey -- crowd` prints what 4,000 slow connections do to it.
//!
//! Everything runs on loopback, each in a process of its own: the sandbox Alloy, Gangway as `gangway serve` starts it,
//! and the bare server, which is this program again (`bare`). One thread presses both in turn, over the same number of
//! connections, each of which sends its next request when the last is answered (`load`); the table has the medians.
//!
//! `tests/run -- cargo bench --bench journey -- host` prints what the host's server can count on, on both databases (`host`).
//!
//! `tests/run -- cargo bench --bench journey -- outcomes` prints what 5,000 pages of the host cost that wait for an outcome.
//!
//! `cargo bench --bench journey -- stall` shows Gangway while its upstream stalls (`stall`).
#![expect(clippy::print_stdout, reason = "a table on standard output is what it is for")]

mod bare;
mod crowd;
mod figures;
mod host;
mod load;
mod process;
mod stall;
mod table;
mod visitors;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["bare", upstream, user, database] => bare::serve(upstream, user, database),
        // Cargo adds `--bench`.
        ["crowd", ..] => {
            println!("{}", crowd::take()?);
            Ok(())
        }
        ["host", ..] => host::take(),
        ["outcomes", ..] => host::outcomes::take(),
        ["stall", ..] => {
            println!("{}", runtime()?.block_on(stall::take())?);
            Ok(())
        }
        _ => {
            println!("{}", runtime()?.block_on(figures::take())?);
            Ok(())
        }
    }
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}
