//! Stories through the front door.
