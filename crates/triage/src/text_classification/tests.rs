use super::train;

const LABELS: [&str; 3] = ["card_arrival", "exchange_rate", "lost_or_stolen_phone"];

fn first(model: &super::Model, text: &str) -> String {
    model.predict(text)[0].label.to_owned()
}

#[test]
fn names_alone_answer_without_examples() {
    let model = train(&[], &LABELS);
    assert_eq!(first(&model, "my card has not come yet"), "card_arrival");
    assert_eq!(
        first(&model, "what rate do I get for dollars"),
        "exchange_rate"
    );
    assert_eq!(
        first(&model, "someone stole my mobile"),
        "lost_or_stolen_phone"
    );
}

#[test]
fn examples_teach_what_names_do_not_say() {
    let examples: Vec<(String, &str)> = (0..8)
        .flat_map(|at| {
            [
                (format!("zorgle purple {at}"), "exchange_rate"),
                (format!("frobnik spins {at}"), "card_arrival"),
            ]
        })
        .collect();
    let pairs: Vec<(&str, &str)> = examples
        .iter()
        .map(|(text, label)| (text.as_str(), *label))
        .collect();
    let model = train(&pairs, &LABELS);
    assert_eq!(first(&model, "my zorgle"), "exchange_rate");
    assert_eq!(first(&model, "a frobnik"), "card_arrival");
    assert_eq!(first(&model, "my phone was stolen"), "lost_or_stolen_phone");
}

#[test]
fn probabilities_sum_to_one_and_training_repeats() {
    let examples = [
        ("where is my card", "card_arrival"),
        ("rate today", "exchange_rate"),
    ];
    let (one, other) = (train(&examples, &LABELS), train(&examples, &LABELS));
    let answers = one.predict("card rate");
    assert_eq!(answers, other.predict("card rate"));
    let sum: f64 = answers.iter().map(|answer| answer.confidence).sum();
    assert!((sum - 1.0).abs() < 1e-4);
    assert!(train(&[], &[]).predict("x").is_empty());
}
