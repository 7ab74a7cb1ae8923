//! Stories through the front door.

#[cfg(test)]
mod api_guide;
#[cfg(test)]
mod architecture;
#[cfg(test)]
mod events;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod notifications;
#[cfg(test)]
mod openapi;
#[cfg(test)]
mod tickets;
