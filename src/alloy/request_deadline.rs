//! Deadline of the current request: all calls for one page together take no longer than one call may.

use std::time::Duration;

use tokio::{task_local, time::Instant};

task_local! {
    static DEADLINE: Instant;
}

pub(crate) async fn with_deadline<F: Future>(timeout: Duration, work: F) -> F::Output {
    DEADLINE.scope(deadline(timeout), work).await
}

/// After `timeout`, or at the end of the request if that is earlier.
pub(crate) fn deadline(timeout: Duration) -> Instant {
    let own = Instant::now() + timeout;
    DEADLINE.try_with(|request| own.min(*request)).unwrap_or(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn second_call_gets_the_remaining_time() {
        let began = Instant::now();
        let [ten, one] = [10, 1].map(Duration::from_secs);
        let work = async {
            tokio::time::advance(one * 4).await;
            (deadline(ten), deadline(one), with_deadline(ten, async { deadline(ten) }).await)
        };
        let (second, short, nested) = with_deadline(ten, work).await;
        assert_eq!((second, short, nested), (began + ten, began + one * 5, began + ten));
        assert_eq!(deadline(ten), Instant::now() + ten);
    }
}
