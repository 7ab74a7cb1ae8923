use super::*;

#[test]
fn a_name_keeps_neither_path_nor_control_nor_turning_characters() {
    for (sent, kept) in [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\sita\\bill.pdf", "bill.pdf"),
        ("a\r\nSet-Cookie: x.png", "aSet-Cookie: x.png"),
        ("photo\u{202e}gnp.exe", "photognp.exe"),
        ("  ", "file"),
        ("..", "file"),
        (".htaccess", "htaccess"),
        ("बिल.pdf", "बिल.pdf"),
    ] {
        assert_eq!(plain_name(sent), kept);
    }
    assert_eq!(plain_name(&"x".repeat(1000)).len(), NAME_MAX);
}

#[test]
fn a_card_number_in_a_name_is_masked() {
    let file = NewFile {
        name: "4111 1111 1111 1111.txt".to_owned(),
        content: b"hello".to_vec(),
    };
    let new = new_attachment(Uuid::nil(), &file).unwrap();
    assert!(!new.name.contains("4111 1111"), "{}", new.name);
    assert_eq!(new.masked, ["card_number"]);
    assert_eq!(new.media_type, "text/plain");
}

#[test]
fn an_empty_file_and_a_program_are_refused() {
    for content in [&b""[..], b"\x7fELF\x02\x01\x01\0\0\0\0\0"] {
        let file = NewFile {
            name: "x.png".to_owned(),
            content: content.to_vec(),
        };
        assert!(matches!(
            new_attachment(Uuid::nil(), &file),
            Err(DeskError::Invalid {
                pointer: "/file",
                ..
            })
        ));
    }
}
