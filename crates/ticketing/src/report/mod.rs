//! Report figures (`domain.md` section 8): one pure definition of each.
//!
//! A ticket's [`Facts`] are what reports know of it; they are written with the
//! ticket, as a cache of what its events say. A report reads the facts of its
//! period once and adds each to a tally; figures are read off tallies.

mod backlog;
mod bits;
mod bucket;
mod collect;
mod distribution;
mod facts;
mod figures;
mod group;
mod kpi;
mod question;
mod tally;

pub use backlog::{
    AGE_BOUNDS, Backlog, BacklogCollector, BacklogFigures, BacklogTally, NextBreach,
};
pub use bits::{Bits, Field};
pub use bucket::{Buckets, TimeUnit, start_of};
pub use collect::{Accumulate, Collector, Grouped};
pub use distribution::{Distribution, Rate, nearest_rank};
pub use facts::{ClockFacts, Facts, FactsError, Measure, Recorded};
pub use figures::{ClockFigures, Durations, EscalationFigures, Figures};
pub use group::{Group, Key};
pub use kpi::{Kpi, KpiFigure, KpiMetric, KpiTarget, Kpis, kpi_targets};
pub use question::{ClockOutcome, Cohort, Dimension, Only, Question, ReportName};
pub use tally::{Sections, Tally};
