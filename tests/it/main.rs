//! Stories through the front door.

mod architecture;
