//! How loops hear that something was written.

use std::sync::Arc;

use tokio::sync::watch;

/// Rings every loop; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Wake(Arc<watch::Sender<()>>);

/// One loop's ear. What was written while it was busy is heard afterwards.
#[derive(Debug)]
pub struct Wakes(watch::Receiver<()>);

impl Default for Wake {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(())))
    }
}

impl Wake {
    pub(crate) fn ring(&self) {
        self.0.send_replace(());
    }

    pub(crate) fn listen(&self) -> Wakes {
        Wakes(self.0.subscribe())
    }
}

impl Wakes {
    /// Resolves when something was written since the last call.
    pub async fn next(&mut self) {
        if self.0.changed().await.is_err() {
            // The desk is gone, and so nothing is written any more.
            std::future::pending::<()>().await;
        }
    }
}

impl crate::Desk {
    /// A loop's own ear: every loop hears every write.
    #[must_use]
    pub fn wakes(&self) -> Wakes {
        self.wake.listen()
    }

    /// How many tickets were filed or changed since the start.
    #[must_use]
    pub fn tickets_written(&self) -> u64 {
        self.store.tickets_written()
    }
}
