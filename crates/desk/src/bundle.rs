//! Nobody's mailbox is flooded: what goes beyond a recipient's ceiling of
//! ordinary mails becomes one mail, or waits until there is room for it.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use notify::{Channels, Message};
use store::{Claimed, NewNotification, Next, Settlement};
use ticketing::{
    Audience, Block, Content, Letter, LetterKind, Medium, Notice, NotificationId, TicketRef,
    superseded,
};

use crate::{Desk, backoff::untried, error::DeskError};

/// In which time a recipient's mails are counted.
const WINDOW: TimeDelta = TimeDelta::minutes(10);

/// Rows for one reader, who must not read what is for others.
type Reader = (String, bool);

impl Desk {
    /// Parts what may be sent now from what is bundled, or waits.
    pub(crate) async fn bundle(
        &self,
        channels: &Channels,
        claimed: Vec<Claimed>,
    ) -> Result<(Vec<Claimed>, Vec<Settlement>), DeskError> {
        let ceiling = self.mails_per_recipient;
        if ceiling == 0 {
            return Ok((claimed, Vec::new()));
        }
        let mut rows = Vec::new();
        let mut readers: BTreeMap<Reader, Vec<Claimed>> = BTreeMap::new();
        for row in claimed {
            match &row.content {
                Content::Notice { notice, .. } if row.recipient.medium == Medium::Email => {
                    let customer = notice.kind.audience() == Audience::Reporter;
                    let reader = (row.recipient.address.clone(), customer);
                    readers.entry(reader).or_default().push(row);
                }
                _ => rows.push(row),
            }
        }
        let mut ended = Vec::new();
        let now = self.clock.now();
        let addresses = readers.keys().map(|(address, _)| address);
        let mailed = self.store.mailed_since(addresses, now - WINDOW).await?;
        for ((address, customer), theirs) in readers {
            let sent = mailed.get(&address);
            let room = ceiling.saturating_sub(sent.map_or(0, |sent| sent.count));
            if theirs.len() <= room {
                rows.extend(theirs);
            } else if room == 0 {
                let free = sent.map_or(now, |sent| sent.first) + WINDOW;
                ended.extend(theirs.iter().map(|row| untried(row, free)));
            } else {
                let (single, settled) = self.as_one(channels, theirs, customer).await?;
                rows.extend(single);
                ended.extend(settled);
            }
        }
        rows.sort_by_key(|row| (row.created_at, row.id));
        Ok((rows, ended))
    }

    /// One letter that says what all of them would have said.
    async fn as_one(
        &self,
        channels: &Channels,
        rows: Vec<Claimed>,
        customer: bool,
    ) -> Result<(Option<Claimed>, Vec<Settlement>), DeskError> {
        let mut ended = Vec::new();
        let mut told: Vec<(Claimed, Message)> = Vec::new();
        for row in rows {
            let Content::Notice { ticket, notice } = &row.content else {
                continue;
            };
            let found = self.store.find_ticket(TicketRef::Number(*ticket)).await?;
            match found.as_ref().map(|found| superseded(notice, found)) {
                Some(Some(why)) => {
                    ended.push(self.settlement(&row, "superseded", why, Next::Superseded));
                }
                Some(None) => {
                    let message = found
                        .as_ref()
                        .map(|found| self.write_notice(channels, &row, notice, found));
                    told.extend(message.map(|message| (row, message)));
                }
                None => {
                    ended.push(self.settlement(&row, "permanent", "the ticket is gone", Next::Dead))
                }
            }
        }
        if told.len() < 2 {
            return Ok((told.pop().map(|(row, _)| row), ended));
        }
        let now = self.clock.now();
        let id = NotificationId::new(now, self.entropy());
        let why = format!("told in one mail with others: {id}");
        let mut letter = Some(letter(id, &told, customer));
        for (row, _) in told {
            let mut settlement = self.settlement(&row, "superseded", &why, Next::Superseded);
            settlement.instead = letter.take().map(|letter| NewNotification {
                id,
                recipient: row.recipient.clone(),
                level: row.level,
                content: Content::Letter(letter),
                created_at: now,
            });
            ended.push(settlement);
        }
        Ok((None, ended))
    }
}

fn letter(id: NotificationId, told: &[(Claimed, Message)], customer: bool) -> Letter {
    let count = told.len();
    let subject = if customer {
        format!("News of your messages ({count})")
    } else {
        format!("{count} notices")
    };
    let blocks = told.iter().flat_map(|(row, message)| {
        let heading = Block::Heading(message.subject.clone());
        let text = match &row.content {
            Content::Notice {
                notice: Notice { reason, .. },
                ..
            } if !customer => reason.clone(),
            _ => message.text.clone(),
        };
        let link = message.link.clone().filter(|_| !customer);
        let link = link.map(|to| Block::Link {
            text: message.about.clone(),
            to,
        });
        [Some(heading), Some(Block::Paragraph(text)), link]
    });
    Letter {
        kind: LetterKind::Bundle,
        cause: format!("bundle:{id}"),
        subject,
        blocks: blocks.flatten().collect(),
    }
}
