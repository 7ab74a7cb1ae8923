//! What `./bench` needs beside the desk: texts to file, and the floors under
//! SQLite.

mod bodies;
mod orm_server;
mod raw_sqlite;
mod schema;

use std::{error::Error, io, path::PathBuf};

use clap::Parser;

/// Helpers of ./bench.
#[derive(Debug, Parser)]
#[command(name = "bench-tool")]
enum Command {
    /// Write tickets, one JSON object per line.
    Bodies { count: u64, seed: u64 },
    /// Print the word of that rank; 0 is the commonest.
    Word { rank: u64 },
    /// Print how many transactions per second SQLite commits, one by one.
    RawSqlite { file: PathBuf, seconds: u64 },
    /// Serve filings with one ORM transaction per request.
    OrmServer { file: PathBuf, port: u16 },
}

fn main() -> Result<(), Box<dyn Error>> {
    match Command::parse() {
        Command::Bodies { count, seed } => {
            bodies::write(count, seed, &mut io::BufWriter::new(io::stdout().lock()))?;
        }
        Command::Word { rank } => println!("{}", bodies::spell(rank)),
        Command::RawSqlite { file, seconds } => {
            println!("{:.0}", raw_sqlite::run(&file, seconds)?);
        }
        Command::OrmServer { file, port } => orm_server::serve(&file, port)?,
    }
    Ok(())
}
