//! The binary from outside.

#[cfg(test)]
mod command_line;
