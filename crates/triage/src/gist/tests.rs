use super::{clusters, common_words, gist};

const TRY_ON: [(&str, &str); 5] = [
    (
        "AR try-on is black",
        "The virtual try-on shows a black picture",
    ),
    (
        "try on camera black screen",
        "when i open virtual try on it is all black",
    ),
    (
        "Virtual try-on broken",
        "I only see a black screen in the try-on",
    ),
    (
        "try on kaam gardaina",
        "virtual try on kholda kalo screen aauchha, black matra",
    ),
    (
        "mirror feature",
        "The virtual try on feature stays black on my phone",
    ),
];

#[test]
fn texts_that_tell_of_the_same_in_other_words_stand_together() {
    let others = [
        ("Invoice", "I need a tax invoice with our PAN number"),
        ("Job", "Are you hiring designers? I attached my CV"),
        ("Praise", "Lovely packaging, thank you"),
    ];
    let gists: Vec<_> = TRY_ON
        .iter()
        .chain(&others)
        .map(|(title, body)| gist(title, body))
        .collect();
    let found = clusters(&gists);
    assert_eq!(found.first().unwrap(), &[0, 1, 2, 3, 4]);
    assert!(
        found.iter().skip(1).all(|cluster| cluster.len() == 1),
        "{found:?}"
    );
    assert!(gist("Black try on", "virtual try-on is black").belongs_to(&gists[..5]));
    assert!(!gist("Invoice", "the invoice is wrong").belongs_to(&gists[..5]));
    assert!(!gist("", "").belongs_to(&gists[..5]));
}

#[test]
fn a_cluster_is_named_by_the_words_its_texts_have_in_common() {
    let words = common_words(&TRY_ON, 3);
    assert!(words.contains(&"black".to_owned()), "{words:?}");
    assert!(words.contains(&"virtual".to_owned()), "{words:?}");
}
