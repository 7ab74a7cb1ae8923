use super::{Security, Smtp};

#[test]
fn the_scheme_and_tls_say_how_to_speak() {
    let cases = [
        ("smtp://mail.example", Security::Plain, 25),
        ("smtp://mail.example:2525", Security::Plain, 2525),
        ("smtp://mail.example?tls=required", Security::Required, 25),
        (
            "smtp://mail.example?tls=opportunistic",
            Security::Opportunistic,
            25,
        ),
        ("smtps://mail.example", Security::Implicit, 465),
        ("smtps://u:p@mail.example", Security::Implicit, 465),
    ];
    for (url, security, port) in cases {
        let server = Smtp::from_url(url).unwrap();
        assert_eq!((server.security, server.port), (security, port), "{url}");
    }
}

#[test]
fn a_password_never_goes_out_in_the_clear() {
    for url in [
        "smtp://u:p@mail.example",
        "smtp://u:p@mail.example?tls=opportunistic",
    ] {
        assert_eq!(Smtp::from_url(url).unwrap().security, Security::Required);
    }
    for url in [
        "smtp://u:p@127.0.0.1",
        "smtp://u:p@localhost",
        "smtp://u:p@[::1]",
    ] {
        assert_eq!(
            Smtp::from_url(url).unwrap().security,
            Security::Plain,
            "{url}"
        );
    }
}

#[test]
fn login_and_host_are_decoded_and_never_shown() {
    let server = Smtp::from_url("smtps://desk%40x:p%40ss%C3%BC@[::1]:99").unwrap();
    assert_eq!(server.host, "::1");
    let login = server.login.clone().unwrap();
    assert_eq!(login, ("desk@x".to_owned(), "p@ssü".to_owned()));
    assert!(!format!("{server:?}").contains("p@ss"));
    for wrong in [
        "mail.example",
        "imap://x",
        "smtp://u:%zz@x",
        "smtp://u:%ff@x",
        "smtp://x?tls=1",
    ] {
        assert!(Smtp::from_url(wrong).is_err(), "{wrong}");
    }
}
