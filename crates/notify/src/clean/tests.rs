use super::{lines, one_line};

#[test]
fn no_control_character_survives_in_a_line() {
    let hostile = "Hi\r\nBcc: all@example.com\0\u{7f}\u{85}\u{2028}x\u{202e}y";
    assert_eq!(one_line(hostile, 100), "Hi Bcc: all@example.com x y");
}

#[test]
fn texts_keep_their_lines_and_are_cut_by_characters() {
    assert_eq!(lines("a\r\nb\u{0}\n\tc\n", 100), "a\nb\n\tc");
    assert_eq!(lines("नमस्ते", 3).chars().count(), 3);
    assert_eq!(one_line("abcdef", 4), "abc…");
    assert_eq!(one_line("abcd", 4), "abcd");
}
