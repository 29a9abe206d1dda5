//! The time of a page: a step may make several calls, and all of them together take no longer than one may.

use std::time::Duration;

use tokio::{task_local, time::Instant};

task_local! {
    static UNTIL: Instant;
}

/// Runs work whose calls, however many, all end within that time.
pub(super) async fn within<F: Future>(time: Duration, work: F) -> F::Output {
    UNTIL.scope(until(time), work).await
}

/// When a call that may take that long has to be over: sooner, if the page for which it is made has less time left.
pub(super) fn until(longest: Duration) -> Instant {
    let own = Instant::now() + longest;
    UNTIL.try_with(|page| own.min(*page)).unwrap_or(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_second_call_of_a_page_has_what_the_first_left() {
        let began = Instant::now();
        let [ten, one] = [10, 1].map(Duration::from_secs);
        let work = async {
            tokio::time::advance(one * 4).await;
            (until(ten), until(one), within(ten, async { until(ten) }).await)
        };
        let (second, short, nested) = within(ten, work).await;
        assert_eq!((second, short, nested), (began + ten, began + one * 5, began + ten));
        assert_eq!(until(ten), Instant::now() + ten);
    }
}
