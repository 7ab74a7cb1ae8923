//! What became of one attempt to send.

/// The outcome of one attempt; each carries the peer's words, or what went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The peer took responsibility: a 250 after the final dot, a 2xx, a file.
    Sent(String),
    /// Not sent; trying again may help.
    Transient(String),
    /// Not sent; the peer refuses this message for good.
    Permanent(String),
    /// The final dot went out and no answer came: sent or not, nobody knows.
    Unknown(String),
    /// Not sent, and not the recipient's fault: credentials, certificates,
    /// settings. Trying again helps once an operator has mended them.
    Misconfigured(String),
}

impl Outcome {
    /// The peer's words, or what went wrong.
    #[must_use]
    pub fn reply(&self) -> &str {
        match self {
            Self::Sent(reply)
            | Self::Transient(reply)
            | Self::Permanent(reply)
            | Self::Unknown(reply)
            | Self::Misconfigured(reply) => reply,
        }
    }

    /// The outcome's name in SQL and JSON.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Sent(_) => "sent",
            Self::Transient(_) => "transient",
            Self::Permanent(_) => "permanent",
            Self::Unknown(_) => "unknown",
            Self::Misconfigured(_) => "misconfigured",
        }
    }
}
