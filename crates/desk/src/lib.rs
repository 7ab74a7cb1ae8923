//! The use cases of Runbook Desk: every effect goes through here.
//!
//! A use case reads the clock once, decides with the pure crates, renders what
//! must be known before the write, and hands the store one write. It knows no
//! HTTP.

mod access;
mod activate_runbook;
mod attach_file;
mod attempt;
mod backoff;
mod bundle;
mod call_webhook;
mod change_ticket;
mod clause;
mod clock;
mod deliver;
mod demo;
mod detect_incidents;
mod digest;
mod duplicates;
mod error;
mod feed;
mod feedback;
mod file_tickets;
mod find_ticket;
mod gaps;
mod gauges;
mod idempotent;
mod incidents;
mod learn;
mod list_tickets;
mod masking;
mod media_type;
mod merge_ticket;
mod notices;
mod on_call;
mod outbox;
mod pages;
mod readiness;
mod replay_sla;
mod report;
mod report_backfill;
mod rules;
mod send_digests;
mod sla_now;
mod suggestion;
mod sweep;
mod take_mail;
mod ticket_acts;
mod verdict;
mod verify_sla;
mod wake;
mod webhooks;
mod write;

use std::{fmt, sync::Arc};

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use store::Store;
use ticketing::{Actor, IncidentRules, PolicyBook, Scene};
use tokio::sync::RwLock;

pub use access::{ACTOR_NAMES, NewKey, is_actor_name};
pub use activate_runbook::{Activated, Reclassified, RunbookChange};
pub use attach_file::{FILE_MAX, NewFile};
pub use change_ticket::{Act, Changed, Precondition, Render};
pub use clock::Clock;
pub use deliver::Delivered;
pub use demo::{DemoError, DemoRequest};
pub use detect_incidents::Detected;
pub use digest::{DigestPreview, DigestSettings};
pub use duplicates::{Duplicate, DuplicateReason};
pub use error::DeskError;
pub use feed::{FeedReader, TicketChange};
pub use feedback::FeedbackAsked;
pub use file_tickets::{Filed, FiledAnswer, ItemResult};
pub use find_ticket::TimelinePage;
pub use gaps::{EntryGap, MissingEntry, PhraseGap, RunbookGaps};
pub use gauges::Gauges;
pub use idempotent::{Answer, RequestKey};
pub use incidents::IncidentPage;
pub use learn::{EntryQuality, Imported, NewExample, Quality};
pub use list_tickets::ListRequest;
pub use masking::mask_text;
pub use outbox::NotificationPage;
pub use readiness::Readiness;
pub use replay_sla::{ClockTally, ReplayRequest, Replayed, ReplayedChange};
pub use report::{Report, ReportFigures, ReportRequest};
pub use rules::{PageBudget, RuleSettings, Rules, RulesError};
pub use sla_now::{TicketClock, TicketSegment, TicketSla};
pub use store::{
    AccessKey, Attachment, Attempt, CountedIncident, Cursor, CursorError, FigureFilter, Label,
    LabelOrigin, Lane, Notification, NotificationFilter, OpenTickets, Page, RunbookRevision, Sort,
    StoredAnswer, TicketFilter, Webhook,
};
pub use suggestion::{Suggestion, extracted};
pub use sweep::Swept;
pub use take_mail::MailTaken;
pub use verify_sla::{SlaDifference, VerifiedSla};
pub use wake::Wakes;
pub use webhooks::NewWebhook;

/// What the settings say about the desk's behaviour.
#[derive(Clone, Debug)]
pub struct DeskSettings {
    /// Rules: policies, directory.
    pub rules: RuleSettings,
    /// From resolved to closed, in seconds.
    pub auto_close_seconds: i64,
    /// How long after closing a ticket can be reopened, in seconds.
    pub reopen_window_seconds: i64,
    /// Where webhooks of tools may lead.
    pub webhook_reach: notify::Reach,
    /// How many ordinary mails one recipient is sent in ten minutes; 0: any
    /// number.
    pub mails_per_recipient: usize,
    /// From when on many tickets are an incident.
    pub incidents: IncidentRules,
    /// Who is mailed digests, and when.
    pub digest: DigestSettings,
}

/// Fills a buffer with random bytes from the operating system.
pub type Fill = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// The desk: cheap to clone, shared by all workers.
#[derive(Clone)]
pub struct Desk {
    store: Store,
    clock: Clock,
    fill: Fill,
    rules: Arc<ArcSwap<Rules>>,
    rule_settings: Arc<RuleSettings>,
    auto_close_seconds: i64,
    reopen_window: ticketing::Window,
    incident_rules: IncidentRules,
    keys: Arc<RwLock<access::Keys>>,
    running: idempotent::Running,
    recent: duplicates::Recent,
    /// What the search for incidents remembers.
    watch: detect_incidents::Watch,
    /// What the classifier in force has learned from.
    learned: Arc<std::sync::Mutex<learn::Learned>>,
    feed: Arc<feed::Feed>,
    /// Signs the links by which reporters say how it went.
    feedback_key: Arc<ring::hmac::Key>,
    /// Whom to tell of events: those that are not disabled.
    webhooks: Arc<ArcSwap<Vec<Webhook>>>,
    webhook_reach: notify::Reach,
    mails_per_recipient: usize,
    digest_settings: Arc<DigestSettings>,
    digest_watch: Arc<send_digests::DigestWatch>,
    /// Rung when something was written that a loop may have to act on.
    wake: wake::Wake,
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Desk")
    }
}

impl Desk {
    /// Opens the desk on a store whose schema is current. `runbook` is the
    /// Markdown of the file, or of the embedded default.
    ///
    /// # Errors
    /// [`RulesError`] when the runbook or the policies are wrong.
    pub async fn open(
        store: Store,
        clock: Clock,
        fill: Fill,
        settings: DeskSettings,
        runbook: &str,
    ) -> Result<Self, RulesError> {
        let now = clock.now();
        let rules = rules::open(&store, &settings.rules, runbook, now).await?;
        let fresh = random_hex(&fill);
        let secret = store.secret(feedback::SECRET, &fresh, now).await?;
        let feedback_key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
        let desk = Self {
            store,
            clock,
            fill,
            rules: Arc::new(ArcSwap::from_pointee(rules)),
            rule_settings: Arc::new(settings.rules),
            auto_close_seconds: settings.auto_close_seconds,
            reopen_window: ticketing::Window(settings.reopen_window_seconds),
            incident_rules: settings.incidents,
            keys: Arc::default(),
            running: idempotent::Running::default(),
            recent: duplicates::Recent::default(),
            watch: detect_incidents::Watch::default(),
            learned: Arc::default(),
            feed: Arc::default(),
            feedback_key: Arc::new(feedback_key),
            webhooks: Arc::default(),
            webhook_reach: settings.webhook_reach,
            mails_per_recipient: settings.mails_per_recipient,
            digest_settings: Arc::new(settings.digest),
            digest_watch: Arc::default(),
            wake: wake::Wake::default(),
        };
        // A desk whose webhooks cannot be read would tell tools nothing.
        match desk.refresh_webhooks().await {
            Ok(()) => Ok(desk),
            Err(error) => Err(store::StoreError::Unusable(error.to_string()).into()),
        }
    }

    /// "sqlite" or "postgresql".
    #[must_use]
    pub fn backend(&self) -> &'static str {
        self.store.backend()
    }

    /// The instant, as the desk sees it.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Waits for writes under way and closes the database.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`], [`DeskError::Internal`].
    pub async fn close(self) -> Result<(), DeskError> {
        self.close_feed();
        Ok(self.store.close().await?)
    }

    /// Ten random bytes for an id.
    #[must_use]
    pub fn entropy(&self) -> [u8; 10] {
        let mut random = [0; 10];
        (self.fill)(&mut random);
        random
    }

    /// Calls `act` with the scene of a decision.
    fn in_scene<T>(
        &self,
        actor: &Actor,
        now: DateTime<Utc>,
        book: &PolicyBook,
        act: impl FnOnce(&Scene<'_>) -> T,
    ) -> T {
        let entropy = || self.entropy();
        act(&Scene {
            actor,
            now,
            book,
            entropy: &entropy,
        })
    }
}

/// 256 random bits as hex digits.
pub(crate) fn random_hex(fill: &Fill) -> String {
    let mut random = [0; 32];
    fill(&mut random);
    random.iter().map(|byte| format!("{byte:02x}")).collect()
}
