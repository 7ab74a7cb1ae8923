//! An entry's diagnostic query with the ticket's values in place of the
//! runbook's examples. The query is shown, never run.

use super::Extraction;

/// Fills every SQL string literal that is a recognisable example with the first
/// fitting value of the ticket, as a literal with doubled quotes. A literal for
/// which the ticket has no value stays as it is.
#[must_use]
pub fn fill_query(sql: &str, found: &Extraction) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some((before, tail)) = rest.split_once('\'') {
        out.push_str(before);
        // Comments may hold a lone apostrophe, which opens no literal.
        let in_comment = before
            .rsplit('\n')
            .next()
            .is_some_and(|line| line.contains("--"));
        let literal = literal_length(tail).filter(|_| !in_comment);
        out.push('\'');
        let Some(length) = literal else {
            rest = tail;
            continue;
        };
        let value = tail.get(..length).unwrap_or_default();
        match value_for(value, before, found) {
            Some(filled) => out.push_str(&filled.replace('\'', "''")),
            None => out.push_str(value),
        }
        out.push('\'');
        rest = tail.get(length + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Bytes to the closing quote; two quotes are one inside the literal.
fn literal_length(tail: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        at += tail.get(at..)?.find('\'')?;
        if tail
            .get(at + 1..)
            .is_some_and(|rest| rest.starts_with('\''))
        {
            at += 2;
        } else {
            return Some(at);
        }
    }
}

/// The ticket's value for an example, with the example's `%` signs kept.
fn value_for(example: &str, before: &str, found: &Extraction) -> Option<String> {
    let bare = example.trim_matches('%');
    let value = plain_value(bare, before, found)?;
    if bare.len() == example.len() {
        return Some(value);
    }
    let sign = |there: bool| if there { "%" } else { "" };
    let (head, tail) = (sign(example.starts_with('%')), sign(example.ends_with('%')));
    Some(format!("{head}{value}{tail}"))
}

fn plain_value(example: &str, before: &str, found: &Extraction) -> Option<String> {
    if example.contains('@') {
        return found.emails.first().cloned();
    }
    if is_order(example) {
        return found
            .order_numbers
            .iter()
            .find(|order| order.well_formed || order.correct.is_some())
            .map(|order| order.value().to_owned());
    }
    if (7..=15).contains(&example.len()) && example.chars().all(|c| c.is_ascii_digit() || c == '+')
    {
        return found.phones.first().map(|phone| national(phone));
    }
    if example.ends_with("-uuid") || example.ends_with("_uuid") || example == "uuid" {
        return found.uuids.first().cloned();
    }
    let column = column_before(before);
    if example.ends_with("-slug") && column.ends_with("slug") {
        return found.urls.iter().find_map(|url| product_slug(url));
    }
    None
}

/// Phones are stored as customers give them: without the country code.
fn national(phone: &str) -> String {
    phone.strip_prefix("+977").unwrap_or(phone).to_owned()
}

fn is_order(example: &str) -> bool {
    example
        .get(..4)
        .is_some_and(|head| head.eq_ignore_ascii_case("ORD-"))
}

/// The column that a literal is compared with: the last name before it.
fn column_before(before: &str) -> String {
    before
        .trim_end_matches(|c: char| !c.is_alphanumeric() && c != '_')
        .rsplit(|c: char| !(c.is_alphanumeric() || c == '_'))
        .find(|word| {
            !["LIKE", "ILIKE", "IN", "NOT"]
                .iter()
                .any(|keyword| keyword.eq_ignore_ascii_case(word))
        })
        .unwrap_or_default()
        .to_ascii_lowercase()
}

/// The slug in a product's link: the part behind `/product/` or `/products/`.
fn product_slug(url: &str) -> Option<String> {
    let (_, tail) = url
        .split_once("/products/")
        .or_else(|| url.split_once("/product/"))?;
    let slug: String = tail
        .chars()
        .take_while(|&c| c.is_ascii_alphanumeric() || c == '-')
        .collect();
    (!slug.is_empty()).then_some(slug)
}
