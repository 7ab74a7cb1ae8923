//! Diagnostic queries: which code is SQL, and whether it writes.

use crate::{
    entry::Query,
    markdown::{Block, Code, Item, Source},
};

/// Takes the SQL out of blocks, in order. Under a label that announces a query
/// every code block is one.
pub(crate) fn take(blocks: &mut Vec<Block>, announced: bool, source: &Source) -> Vec<Query> {
    let mut queries = Vec::new();
    let kept = std::mem::take(blocks);
    for mut block in kept {
        match &mut block {
            Block::Code(code) if announced || is_sql(code) => {
                queries.extend(query(code, source));
                continue;
            }
            Block::List(items) => {
                for Item { blocks, .. } in items {
                    queries.append(&mut take(blocks, announced, source));
                }
            }
            _ => {}
        }
        blocks.push(block);
    }
    queries
}

fn query(code: &Code, source: &Source) -> Option<Query> {
    let lines: Vec<&str> = code.lines.iter().map(|line| line.text.trim_end()).collect();
    let sql = lines.join("\n").trim_end().to_owned();
    let first = code
        .lines
        .iter()
        .find(|line| !line.text.trim().is_empty())?;
    Some(Query {
        line: source.line(first.offset),
        writes: writes(&sql),
        sql: sql.trim_start_matches('\n').to_owned(),
    })
}

fn is_sql(code: &Code) -> bool {
    if !code.language.is_empty() {
        return code.language.contains("sql");
    }
    let first = code.lines.iter().find(|line| !line.text.trim().is_empty());
    let word = first.and_then(|line| line.text.split_whitespace().next());
    // In capitals: "Update the address" is a step, not a query.
    word.is_some_and(|word| READING.contains(&word) || WRITING.contains(&word))
}

const READING: &[&str] = &["SELECT", "WITH", "EXPLAIN", "SHOW"];
const WRITING: &[&str] = &[
    "UPDATE", "INSERT", "DELETE", "MERGE", "TRUNCATE", "ALTER", "CREATE", "DROP",
];

/// Whether a SQL text may change anything. A statement that does not begin as
/// a reading one does counts as writing: to show it to too few is the lesser harm.
pub(crate) fn writes(sql: &str) -> bool {
    statements(sql).iter().any(|statement| {
        let mut words = statement.iter();
        let Some(first) = words.next() else {
            return false;
        };
        let reads = matches!(
            first.as_str(),
            "select" | "with" | "explain" | "show" | "values" | "table" | "describe" | "desc"
        );
        let inside = ["insert", "update", "delete", "merge", "into"];
        !reads || words.any(|word| inside.contains(&word.as_str()))
    })
}

/// The words of each statement, without comments, strings and quoted names.
fn statements(sql: &str) -> Vec<Vec<String>> {
    let mut statements = Vec::new();
    let mut words = Vec::new();
    let mut word = String::new();
    let mut chars = sql.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_alphanumeric() || c == '_' {
            word.extend(c.to_lowercase());
            continue;
        }
        if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        match c {
            '\'' | '"' | '`' => while chars.next().is_some_and(|inside| inside != c) {},
            '-' if chars.peek() == Some(&'-') => while chars.next().is_some_and(|c| c != '\n') {},
            '/' if chars.peek() == Some(&'*') => {
                let mut before = ' ';
                for inside in chars.by_ref() {
                    if before == '*' && inside == '/' {
                        break;
                    }
                    before = inside;
                }
            }
            ';' => statements.push(std::mem::take(&mut words)),
            _ => {}
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    statements.push(words);
    statements
}
