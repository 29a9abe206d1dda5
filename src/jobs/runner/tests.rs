use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use tokio::time::{Instant, advance};

use super::*;

/// Even items run into their deadline, item 1 panics, and the others end at once.
#[derive(Default)]
struct TestJob {
    queue: Mutex<Vec<usize>>,
    ended: AtomicUsize,
    most: AtomicUsize,
}

const DEADLINE: Duration = Duration::from_secs(10);

impl Job for Arc<TestJob> {
    type Item = usize;
    type Error = &'static str;

    fn limits(&self) -> Limits {
        Limits { kind: "test", slots: 2, slow_slots: 1, deadline: DEADLINE }
    }

    async fn lease(&self, most: usize) -> Result<Vec<usize>, &'static str> {
        self.most.fetch_max(most, Ordering::SeqCst);
        let mut queue = self.queue.lock().unwrap();
        let rest = queue.len().saturating_sub(most);
        Ok(queue.split_off(rest))
    }

    async fn run(&self, item: usize) -> Result<(), &'static str> {
        assert_ne!(item, 1, "expected by the test");
        if item.is_multiple_of(2) {
            std::future::pending::<()>().await;
        }
        self.ended.fetch_add(1, Ordering::SeqCst);
        Err("reported and retried")
    }
}

struct Running {
    job: Arc<TestJob>,
    wakeup: Arc<Notify>,
    shutdown: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

fn running(items: &[usize]) -> Running {
    let job = Arc::new(TestJob { queue: Mutex::new(items.to_vec()), ..TestJob::default() });
    let (wakeup, shutdown) = (Arc::new(Notify::new()), CancellationToken::new());
    let (own, notify, token) = (job.clone(), wakeup.clone(), shutdown.clone());
    let task = tokio::spawn(async move { run(own, &notify, &token).await });
    Running { job, wakeup, shutdown, task }
}

impl Running {
    async fn settle(&self) {
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
    }

    fn queued(&self) -> usize {
        self.job.queue.lock().unwrap().len()
    }
}

#[tokio::test(start_paused = true)]
async fn only_free_slots_are_leased_and_slow_items_move_to_slow_slots() {
    let running = running(&[2, 4, 6, 8]);
    running.settle().await;
    assert_eq!((running.queued(), running.job.most.load(Ordering::SeqCst)), (2, 2));
    advance(SLOW_AFTER + Duration::from_millis(1)).await;
    running.settle().await;
    assert_eq!(running.queued(), 1, "one slow slot");
    advance(DEADLINE).await;
    running.settle().await;
    assert_eq!(running.queued(), 0, "timed-out items free their slots");
}

#[tokio::test(start_paused = true)]
async fn failures_and_panics_do_not_stop_the_loop() {
    let running = running(&[3, 1, 5, 1, 7]);
    running.settle().await;
    assert_eq!((running.queued(), running.job.ended.load(Ordering::SeqCst)), (0, 3));
    running.job.queue.lock().unwrap().push(9);
    running.wakeup.notify_waiters();
    let began = Instant::now();
    running.settle().await;
    assert_eq!((running.job.ended.load(Ordering::SeqCst), began.elapsed()), (4, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn shutdown_waits_for_items_under_way_and_leases_no_more() {
    let running = running(&[3, 2]);
    running.settle().await;
    running.shutdown.cancel();
    running.job.queue.lock().unwrap().push(3);
    running.settle().await;
    assert!(!running.task.is_finished());
    advance(DEADLINE).await;
    running.task.await.unwrap();
    assert_eq!(running.job.queue.lock().unwrap().len(), 1);
}
