use super::*;

/// The example of the Standard Webhooks specification.
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

fn signed(secrets: &[&str], body: &str) -> Option<String> {
    let secrets: Vec<SecretString> = secrets.iter().map(|secret| (*secret).into()).collect();
    Some(Signer::new(&secrets)?.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body))
}

#[test]
fn example_of_the_specification_has_its_signature() {
    let body = r#"{"test": 2432232314}"#;
    assert_eq!(signed(&[SECRET], body).as_deref(), Some(SIGNATURE));
    let other = format!("whsec_{}", STANDARD.encode([7; 32]));
    let both = signed(&[&other, SECRET], body).unwrap();
    let (first, second) = both.split_once(' ').unwrap();
    assert!(first.starts_with("v1,") && first != SIGNATURE && second == SIGNATURE, "{both}");
    assert_ne!(signed(&[SECRET], r#"{"test": 2432232315}"#).as_deref(), Some(SIGNATURE));
}

#[test]
fn malformed_secrets_are_refused() {
    for wrong in ["", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_%%%"] {
        assert_eq!(signed(&[SECRET, wrong], ""), None, "{wrong}");
    }
}
