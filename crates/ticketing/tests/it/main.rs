//! The rules of a ticket's life, without a database.

#[cfg(test)]
mod clocks;
#[cfg(test)]
mod contacts;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod on_call;
#[cfg(test)]
mod report;
#[cfg(test)]
mod steps;
#[cfg(test)]
mod support;
#[cfg(test)]
mod template;
