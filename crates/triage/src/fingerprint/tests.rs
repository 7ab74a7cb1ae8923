use proptest::prelude::*;

use super::{Fingerprint, fingerprint, similarity};

#[test]
fn copies_are_alike_and_others_are_not() {
    let first = fingerprint(
        "Payment failed",
        "I paid with eSewa twice and both times it failed at the last step",
    );
    let copy = fingerprint(
        "payment FAILED!",
        "I paid with esewa twice and both times it failed at the last step.",
    );
    let other = fingerprint(
        "Cart is empty",
        "All my items are gone since this morning, please help",
    );
    assert!(similarity(&first, &copy) > 0.9);
    assert!(similarity(&first, &other) < 0.2);
    assert!(similarity(&fingerprint("", ""), &fingerprint("", "")) == 0.0);
}

proptest! {
    #[test]
    fn signatures_survive_storage(title in any::<String>(), body in any::<String>()) {
        let print = fingerprint(&title, &body);
        prop_assert_eq!(Fingerprint::from_bytes(&print.to_bytes()), Some(print.clone()));
        prop_assert!((0.0..=1.0).contains(&similarity(&print, &print)));
    }
}
