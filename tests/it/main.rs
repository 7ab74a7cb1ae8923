//! Stories through the front door.

#[cfg(test)]
mod architecture;
