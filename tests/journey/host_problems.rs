//! Every failure of the API names an address that explains it.

use gangway::host_api::Kind;
use strum::VariantArray as _;

use crate::{app::TestApp, bad_requests::dressed};

#[tokio::test]
async fn the_type_of_a_problem_leads_to_a_page_that_explains_it() {
    let app = TestApp::spawn().await;
    let (status, problem) = app.api("GET", "/link-attempts/x", None).await;
    assert_eq!((status, problem["detail"].as_str()), (404, Some("No link attempt has this id.")));
    let address = problem["type"].as_str().unwrap().to_owned();
    assert_eq!(address, format!("{}/problems/not-found", app.url));
    for kind in Kind::VARIANTS {
        let answer = app.request("GET", &format!("/problems/{}", kind.name())).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{kind:?}");
        dressed(&answer, kind.name());
        let page = answer.text().await.unwrap();
        for words in [kind.title(), kind.happened(), kind.advice()] {
            let words = words.replace('"', "&#34;");
            assert!(page.contains(&words), "{kind:?}: {words}: {page}");
        }
        let head = app.request("HEAD", &format!("/problems/{}", kind.name())).send().await.unwrap();
        assert_eq!(head.status(), 200);
    }
    assert_eq!(app.request("GET", "/problems/nothing").send().await.unwrap().status(), 404);
    assert_eq!(app.request("POST", "/problems/internal").send().await.unwrap().status(), 405);
}
