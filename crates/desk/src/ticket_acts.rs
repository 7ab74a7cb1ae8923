//! The acts of agents and tools on a ticket, one function each.

use runbook::{Level, Slug};
use ticketing::{CommentAuthor, NewComment, Patch, Relation, Resolution, Role, TicketRef};

use crate::{
    Desk,
    access::require,
    change_ticket::{Act, Render},
    clause::clause_for,
    error::DeskError,
    idempotent::Answer,
    masking::{mask_members, mask_text},
};

impl Desk {
    /// Applies a merge patch.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`], [`DeskError::Refused`], [`DeskError::Stale`].
    pub async fn patch_ticket(
        &self,
        act: Act<'_>,
        mut patch: Patch,
        render: impl Render,
    ) -> Result<Answer, DeskError> {
        require(act.actor, Role::Agent)?;
        mask_patch(&mut patch);
        self.change(
            act,
            |ticket, scene| ticketing::patch(ticket, patch.clone(), scene),
            render,
        )
        .await
    }

    /// Adds a comment. A tool may post the reporter's words on its own tickets.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`], [`DeskError::Refused`].
    pub async fn add_comment(
        &self,
        act: Act<'_>,
        mut new: NewComment,
        render: impl Render,
    ) -> Result<Answer, DeskError> {
        if new.author == CommentAuthor::Agent {
            require(act.actor, Role::Agent)?;
        }
        mask_text(&mut new.text, &mut new.masked);
        self.change(
            act,
            |ticket, scene| ticketing::comment(ticket, new.clone(), scene),
            render,
        )
        .await
    }

    /// Assigns a ticket to someone or nobody.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`], [`DeskError::Refused`].
    pub async fn assign_ticket(
        &self,
        act: Act<'_>,
        to: Option<String>,
        render: impl Render,
    ) -> Result<Answer, DeskError> {
        require(act.actor, Role::Agent)?;
        self.change(
            act,
            |ticket, scene| ticketing::assign(ticket, to.clone(), scene),
            render,
        )
        .await
    }

    /// Resolves a ticket, naming the entry and the step that helped.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`], [`DeskError::Refused`], [`DeskError::Invalid`]
    /// for an entry or step that the runbook does not have.
    pub async fn resolve_ticket(
        &self,
        act: Act<'_>,
        mut resolution: Resolution,
        render: impl Render,
    ) -> Result<Answer, DeskError> {
        require(act.actor, Role::Agent)?;
        if let Some(note) = &mut resolution.note {
            mask_text(note, &mut Vec::new());
        }
        self.check_resolution(&mut resolution)?;
        self.change(
            act,
            |ticket, scene| ticketing::resolve(ticket, resolution.clone(), scene),
            render,
        )
        .await
    }

    fn check_resolution(&self, resolution: &mut Resolution) -> Result<(), DeskError> {
        let Some(slug) = &resolution.entry else {
            return match resolution.step {
                Some(_) => Err(DeskError::Invalid {
                    pointer: "/step",
                    message: "a step needs the entry it belongs to".to_owned(),
                }),
                None => Ok(()),
            };
        };
        let rules = self.rules();
        let entry = self.known_entry(&rules, slug, "/entry")?;
        resolution.entry = Some(entry.slug.clone());
        let steps = entry.steps.len();
        let beyond = resolution.step.is_some_and(|step| {
            usize::try_from(step).map_or(true, |step| step == 0 || step > steps)
        });
        if beyond {
            let message = format!("{} has the steps 1 to {steps}", entry.slug);
            return Err(DeskError::Invalid {
                pointer: "/step",
                message,
            });
        }
        Ok(())
    }

    fn known_entry<'r>(
        &self,
        rules: &'r crate::Rules,
        slug: &Slug,
        pointer: &'static str,
    ) -> Result<&'r runbook::Entry, DeskError> {
        rules.runbook.entry(slug).ok_or_else(|| DeskError::Invalid {
            pointer,
            message: format!("the runbook has no entry {slug}; see GET /v1/runbook/entries"),
        })
    }

    /// Reopens a ticket.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`], [`DeskError::Refused`].
    pub async fn reopen_ticket(
        &self,
        act: Act<'_>,
        reason: Option<String>,
        render: impl Render,
    ) -> Result<Answer, DeskError> {
        require(act.actor, Role::Agent)?;
        let reason = masked(reason);
        let window = self.reopen_window;
        self.change(
            act,
            |ticket, scene| ticketing::reopen(ticket, reason.clone(), window, scene),
            render,
        )
        .await
    }

    /// Closes a ticket.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`], [`DeskError::Refused`].
    pub async fn close_ticket(
        &self,
        act: Act<'_>,
        reason: Option<String>,
        render: impl Render,
    ) -> Result<Answer, DeskError> {
        require(act.actor, Role::Agent)?;
        let reason = masked(reason);
        self.change(
            act,
            |ticket, scene| ticketing::close(ticket, reason.clone(), scene),
            render,
        )
        .await
    }

    /// Links a ticket with another one that the actor may see.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`], [`DeskError::NotFound`].
    pub async fn link_ticket(
        &self,
        act: Act<'_>,
        relation: Relation,
        to: TicketRef,
        render: impl Render,
    ) -> Result<Answer, DeskError> {
        require(act.actor, Role::Agent)?;
        let to = self.ticket(act.actor, to).await?.number;
        self.change(
            act,
            |ticket, scene| ticketing::link(ticket, relation, to, scene),
            render,
        )
        .await
    }

    /// Corrects or confirms the classification; `None` means that no entry fits.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`], [`DeskError::Invalid`] for an unknown entry.
    pub async fn classify_ticket(
        &self,
        act: Act<'_>,
        entry: Option<Slug>,
        render: impl Render,
    ) -> Result<Answer, DeskError> {
        require(act.actor, Role::Agent)?;
        let rules = self.rules();
        let entry = match &entry {
            Some(slug) => Some(self.known_entry(&rules, slug, "/entry")?.slug.clone()),
            None => None,
        };
        self.change(
            act,
            |ticket, scene| ticketing::classify(ticket, entry.clone(), scene),
            render,
        )
        .await
    }

    /// Raises a ticket's level with a reason; the runbook's rule for that level
    /// is cited where one asks for it.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`], [`DeskError::Refused`].
    pub async fn escalate_ticket(
        &self,
        act: Act<'_>,
        to: Level,
        reason: String,
        render: impl Render,
    ) -> Result<Answer, DeskError> {
        require(act.actor, Role::Agent)?;
        let reason = masked(Some(reason)).unwrap_or_default();
        let rules = self.rules();
        self.change(
            act,
            |ticket, scene| {
                let clause = clause_for(&rules, ticket, to, &reason);
                ticketing::escalate(ticket, to, &reason, clause.as_ref(), scene)
            },
            render,
        )
        .await
    }

    /// Takes responsibility for an escalation.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`], [`DeskError::Refused`].
    pub async fn acknowledge_escalation(
        &self,
        act: Act<'_>,
        n: u32,
        render: impl Render,
    ) -> Result<Answer, DeskError> {
        require(act.actor, Role::Agent)?;
        self.change(
            act,
            |ticket, scene| ticketing::acknowledge(ticket, n, scene),
            render,
        )
        .await
    }

    /// Lowers a ticket's level with a reason.
    ///
    /// # Errors
    /// [`DeskError::Forbidden`], [`DeskError::Refused`].
    pub async fn deescalate_ticket(
        &self,
        act: Act<'_>,
        to: Level,
        reason: String,
        render: impl Render,
    ) -> Result<Answer, DeskError> {
        require(act.actor, Role::Agent)?;
        let reason = masked(Some(reason)).unwrap_or_default();
        self.change(
            act,
            |ticket, scene| ticketing::deescalate(ticket, to, &reason, scene),
            render,
        )
        .await
    }
}

pub(crate) fn masked(text: Option<String>) -> Option<String> {
    text.map(|mut text| {
        mask_text(&mut text, &mut Vec::new());
        text
    })
}

fn mask_patch(patch: &mut Patch) {
    let mut kinds = Vec::new();
    if let Some(title) = &mut patch.title {
        mask_text(title, &mut kinds);
    }
    if let Some(tags) = &mut patch.tags {
        tags.iter_mut().for_each(|tag| mask_text(tag, &mut kinds));
    }
    if let Some(metadata) = &mut patch.metadata {
        mask_members(metadata, &mut kinds);
    }
    if let Some(Some(name)) = patch
        .reporter
        .as_mut()
        .and_then(|reporter| reporter.name.as_mut())
    {
        mask_text(name, &mut kinds);
    }
    kinds.sort();
    kinds.dedup();
    patch.masked = kinds;
}
