use super::*;

mod fuzz;

const NO: Option<Reason> = Some(Reason::AccessDenied);
const ADMINISTRATOR: Option<Reason> = Some(Reason::AdminApproval);
const ERROR: Option<Reason> = Some(Reason::UpstreamRefused);

fn check(cases: &[(&str, Option<Reason>)]) {
    for (parameters, expected) in cases {
        assert_eq!(refusal(parameters), *expected, "{parameters}");
    }
}

#[test]
fn a_return_is_read_by_the_rules_of_oauth() {
    check(&[
        ("", None),
        ("success=true&credentialId=67a37f29e0aa276e50d7253a", None),
        ("code=access_denied&state=denied&scope=cancel", None),
        ("error=access_denied", NO),
        ("error=access_denied&error=server_error", NO),
        ("error=server_error&error=access_denied", ERROR),
        ("error=server_error&state=x", ERROR),
        ("error=%3Cscript%3E", ERROR),
        ("error=%ff%fe", ERROR),
        ("error=login_required", ERROR),
        ("error=consent_required", ERROR),
    ]);
}

#[test]
fn only_standard_codes_of_errors_are_logged() {
    for (parameters, expected) in [
        ("error=invalid_scope&error_description=secret", Some("invalid_scope")),
        ("success=true?error=unauthorized_client", Some("unauthorized_client")),
        ("error=access_denied", None),
        ("error=xoxb-secret", None),
        ("", None),
    ] {
        assert_eq!(standard_error(parameters), expected, "{parameters}");
    }
}

#[test]
fn parameter_without_value_counts_as_left_out() {
    check(&[
        ("error", None),
        ("error=", None),
        ("error=%20", None),
        ("error=%E2%80%8B&error_description=", None),
        ("error&success=true", None),
        ("error=null&success=true", None),
        ("error=&error=access_denied", NO),
        ("denied=&success", None),
    ]);
}

#[test]
fn each_provider_has_its_own_word_for_no() {
    check(&[
        ("error=user_cancelled_authorize&error_description=The+user+cancelled", NO),
        ("error=user_cancelled_login", NO),
        ("error=access_denied&error_code=200&error_reason=user_denied", NO),
        ("error=server_error&error_subtype=access_denied", NO),
        ("error=access_denied&error_subcode=cancel", NO),
        ("error=consent_declined", NO),
        ("error=invalid_grant&error_description=AADSTS65004%3A+User+declined", NO),
        ("denied=8ldIZyxQeVrFZXFOZH5tAwj6vzJYuLQpl0WUEYtWc", NO),
        ("oauth_problem=user_refused&oauth_token=x", NO),
        ("oauth_problem=permission_denied", NO),
        ("oauth_problem=signature_invalid", ERROR),
        ("openid.mode=cancel", NO),
        ("success=false", NO),
        ("success=false&error=server_error", ERROR),
        ("success=false&error=&error_description=nothing", NO),
    ]);
}

#[test]
fn administrators_no_is_recognized_by_code_and_sentence() {
    check(&[
        ("error=access_denied&error_description=AADSTS90094%3A+needs+an+administrator", ADMINISTRATOR),
        ("error=consent_required&error_description=AADSTS65001%3A+not+consented", ADMINISTRATOR),
        ("error=admin_policy_enforced", ADMINISTRATOR),
        ("success=false&message=AADSTS90094%3A+needs+an+administrator", ADMINISTRATOR),
        ("success=true&message=AADSTS90094+is+the+code+of+an+administrator", None),
        ("error=org_internal", ADMINISTRATOR),
        ("error=OAUTH_APP_BLOCKED&error_description=this+app+is+blocked+by+admin", ADMINISTRATOR),
        ("error=access_denied&error_description=this%20app%20is%20blocked%20by%20admin", ADMINISTRATOR),
        ("setup_action=request&state=x", ADMINISTRATOR),
        ("setup_action=install&installation_id=1", None),
    ]);
}

#[test]
fn other_cases_and_places_are_read() {
    check(&[
        ("error=ACCESS_DENIED", NO),
        ("Error=Access-Denied", NO),
        ("ERROR=accessDenied", NO),
        ("error[]=access_denied", NO),
        ("error=user_canceled", NO),
        ("state=x?error=access_denied", NO),
        ("?error=access_denied", NO),
        ("state=x;error=access_denied;y", NO),
        ("error%3Daccess_denied", NO),
        ("x=1&error%3Daccess_denied%26state%3Dy", NO),
        ("%3Ferror%3DACCESS%5FDENIED", NO),
        ("state=x#error=access_denied", NO),
        ("errorCode=access_denied", NO),
    ]);
    assert_eq!(refusal(&format!("{}error=access_denied", "x=1&".repeat(50))), NO);
    assert_eq!(refusal(&format!("scope={}&error=access_denied", "x".repeat(60_000))), NO);
    assert_eq!(refusal(&format!("error={}", "x".repeat(60_000))), ERROR);
}
