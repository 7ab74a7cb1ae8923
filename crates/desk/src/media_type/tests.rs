use super::media_type;

#[test]
fn pictures_documents_and_archives_are_known_by_their_first_bytes() {
    for (content, expected) in [
        (&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "image/jpeg"),
        (b"GIF89a\x01\0\x01\0", "image/gif"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"PK\x03\x04\x14\0\0\0\x08\0", "application/zip"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "application/gzip"),
    ] {
        assert_eq!(media_type(content), Some(expected));
    }
}

#[test]
fn text_is_what_is_utf8_without_control_characters_whatever_its_language() {
    for text in [
        "2026-11-22 ERROR gateway returned 502\r\n",
        "\u{1b}[31mred\u{1b}[0m",
        "<script>alert(1)</script>",
        "#!/bin/sh\nrm -rf /\n",
        "भुक्तानी भएन",
    ] {
        assert_eq!(media_type(text.as_bytes()), Some("text/plain"), "{text}");
    }
}

#[test]
fn programs_and_unknown_bytes_are_not_taken() {
    for content in [
        &b"\x7fELF\x02\x01\x01\0\0\0\0\0"[..],
        b"MZ\x90\0\x03\0\0\0",
        b"\xca\xfe\xba\xbe\0\0\0\x34",
        b"abc\0def",
        b"\xff\xfeh\0i\0",
    ] {
        assert_eq!(media_type(content), None);
    }
}
