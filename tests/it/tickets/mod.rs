//! Stories about tickets, one file per thing that is done with them.

mod attach;
mod file;
