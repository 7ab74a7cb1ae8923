//! Full text: FTS5 or tsvector behind one question.

use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, Order, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select,
    sea_query::{Expr, JoinType, Query, SimpleExpr},
};

use crate::{
    connect::Store,
    entity::ticket::{self, Column as C},
};

/// How many of the newest hits are ranked.
const RANKED: u64 = 2000;

/// What of a ticket's text is indexed: plain words, so that both databases cut
/// the same text into the same tokens. PostgreSQL's parser would take mail
/// addresses, links and hyphened words as one token, FTS5 would not.
pub(crate) fn indexed(text: &str) -> String {
    words(text).join(" ")
}

impl Store {
    /// The tickets in which every term of `q` occurs.
    pub(crate) fn matching(
        &self,
        found: Select<ticket::Entity>,
        q: &str,
    ) -> Select<ticket::Entity> {
        self.with_search(found).filter(self.matches(q))
    }

    fn with_search(&self, mut found: Select<ticket::Entity>) -> Select<ticket::Entity> {
        // The sign keeps SQLite's planner from looking each ticket up in the
        // index: the index is walked, and says which tickets.
        let same = if self.is_sqlite() {
            "\"tickets\".\"seq\" = +ticket_search.rowid"
        } else {
            "\"tickets\".\"seq\" = ticket_search.seq"
        };
        QueryTrait::query(&mut found).join(JoinType::InnerJoin, "ticket_search", Expr::cust(same));
        found
    }

    /// In the order of the index itself, from the cursor on: a page ends where
    /// it is full, however many hits there are.
    pub(crate) fn in_match_order(
        &self,
        page: Select<ticket::Entity>,
        order: Order,
        after: Option<i64>,
    ) -> Select<ticket::Entity> {
        let seq = if self.is_sqlite() {
            Expr::cust("ticket_search.rowid")
        } else {
            Expr::cust("ticket_search.seq")
        };
        let page = match (after, &order) {
            (Some(after), Order::Asc) => page.filter(seq.clone().gt(after)),
            (Some(after), _) => page.filter(seq.clone().lt(after)),
            (None, _) => page,
        };
        page.order_by(seq, order)
    }

    /// Best match first among the newest of `page`'s tickets.
    pub(crate) fn by_relevance(
        &self,
        page: Select<ticket::Entity>,
        q: &str,
    ) -> Select<ticket::Entity> {
        let newest = page.clone().select_only().column(C::Seq);
        let newest = self.in_match_order(newest, Order::Desc, None).limit(RANKED);
        let (ranked, rank) = if self.is_sqlite() {
            // The same hits down to the oldest of the newest: the index ranks
            // in one walk, not once for each.
            let oldest = Query::select()
                .expr(Expr::cust("min(\"seq\")"))
                .from_subquery(newest.into_query(), "newest")
                .to_owned();
            let bound = Expr::cust("ticket_search.rowid")
                .gte(SimpleExpr::SubQuery(None, Box::new(oldest.into())));
            (page.filter(bound), Expr::cust("-ticket_search.rank"))
        } else {
            let rank = Expr::cust_with_values(
                "ts_rank(ticket_search.search_vector, to_tsquery('simple', $1))",
                [tsquery(q)],
            );
            let ranked = ticket::Entity::find().filter(C::Seq.in_subquery(newest.into_query()));
            (self.with_search(ranked), rank)
        };
        ranked.order_by_desc(rank).order_by_desc(C::Seq)
    }

    fn matches(&self, q: &str) -> SimpleExpr {
        if self.is_sqlite() {
            Expr::cust_with_values("ticket_search MATCH ?", [fts5(q)])
        } else {
            Expr::cust_with_values(
                "ticket_search.search_vector @@ to_tsquery('simple', $1)",
                [tsquery(q)],
            )
        }
    }
}

fn fts5(q: &str) -> String {
    let terms: Vec<String> = terms(q).iter().map(Term::fts5).collect();
    terms.join(" AND ")
}

fn tsquery(q: &str) -> String {
    let terms: Vec<String> = terms(q).iter().map(Term::tsquery).collect();
    terms.join(" & ")
}

/// One term of a full-text question.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    words: Vec<String>,
    prefix: bool,
}

/// Splits `q` into terms; everything that is no letter or digit separates, so
/// no operator of either database gets through.
fn terms(q: &str) -> Vec<Term> {
    let mut found = Vec::new();
    for (index, part) in q.split('"').enumerate() {
        let quoted = index % 2 == 1;
        if quoted {
            let words = words(part);
            if !words.is_empty() {
                found.push(Term {
                    words,
                    prefix: false,
                });
            }
        } else {
            for chunk in part.split_whitespace() {
                let words = words(chunk);
                if !words.is_empty() {
                    found.push(Term {
                        words,
                        prefix: chunk.ends_with('*'),
                    });
                }
            }
        }
    }
    if found.is_empty() {
        // Nothing to look for finds nothing.
        found.push(Term {
            words: vec!["\u{1}".to_owned()],
            prefix: false,
        });
    }
    found.truncate(32);
    found
}

fn words(text: &str) -> Vec<String> {
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

impl Term {
    fn fts5(&self) -> String {
        let star = if self.prefix { "*" } else { "" };
        format!("\"{}\"{star}", self.words.join(" "))
    }

    fn tsquery(&self) -> String {
        let star = if self.prefix { ":*" } else { "" };
        let words: Vec<String> = self.words.iter().map(|word| format!("'{word}'")).collect();
        format!("({}{star})", words.join(" <-> "))
    }
}
