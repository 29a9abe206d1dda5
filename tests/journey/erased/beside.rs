//! With the erased user's credentials goes nothing that is somebody else's.

use std::collections::BTreeSet;

use gangway::sandbox::{Fault, Route};
use serde_json::json;
use sqlx::{Connection as _, Executor as _, PgConnection};
use time::Duration;

use super::{connected, erase, held, janet, last};
use crate::{app::TestApp, dump::dump};

#[tokio::test]
async fn who_comes_back_keeps_what_they_link_then_and_so_do_others_who_are_the_same_user_of_alloys() {
    let app = TestApp::spawn().await;
    let mut first = app.arrived_with(janet()).await;
    first.link_and_allow(&app.sandbox, "slack").await;
    let late = first.leave_for("notion").await;
    let user = app.sandbox.user("gangway-user-4711").unwrap().user_id;
    let sam = json!({ "user": { "id": "sam", "alloy_user_id": user } });
    app.arrived_with(sam).await.link_and_allow(&app.sandbox, "hubspot").await;
    let sams = app.connections("sam").await.into_iter().find(|one| one["connector"] == "hubspot").unwrap();
    app.sandbox.switch_on(Fault::ServerErrors.on(Route::DeleteUserCredential));
    assert_eq!(erase(&app, "?credentials=delete").await, 200, "Alloy's user is Sam's as well");
    app.pass_everywhere(Duration::minutes(3));
    let mut again = app.arrived_with(janet()).await;
    assert_eq!(again.link_and_allow(&app.sandbox, "asana").await.heading(), "Asana is connected");
    app.sandbox.approve(&late).unwrap();
    app.sandbox.switch_all_off();
    let asana = last(&app, "asana").await["credential_id"].as_str().unwrap().to_owned();
    let stays = BTreeSet::from([asana, sams["credential_id"].as_str().unwrap().to_owned()]);
    for _ in 0..4 {
        app.pass_everywhere(Duration::hours(1));
        app.until("the deletion", async || held(&app).into_iter().collect::<BTreeSet<_>>() == stays).await;
    }
    let names = async || dump(&app).await.remove("end_user").unwrap();
    app.until("the end", async || names().await.len() == 2).await;
    assert_eq!(app.sandbox.count(Route::DeleteUser), 0);
    assert_eq!(connected(&app).await.len(), 2, "Sam's is Alloy's for both");
    assert!(app.events("user-4711").await.len() == 2 && app.events("sam").await.len() == 2);
}

#[tokio::test]
async fn what_another_who_is_the_same_user_of_alloys_is_linking_just_then_stays() {
    let app = TestApp::spawn().await;
    app.arrived_with(janet()).await.leave_for("notion").await;
    let user = app.sandbox.user("gangway-user-4711").unwrap().user_id;
    let mut sam = app.arrived_with(json!({ "user": { "id": "sam", "alloy_user_id": user } })).await;
    let leaving = sam.leave_for("notion").await;
    assert_eq!(erase(&app, "?credentials=delete").await, 200, "Alloy's user is Sam's as well");
    let back = app.sandbox.approve(&leaving).unwrap().unwrap();
    // Janet's link may have made it as well, and Sam is not back yet when the erasure looks.
    let looked = app.sandbox.count(Route::ListUserCredentials);
    app.pass_everywhere(Duration::minutes(3));
    app.until("the look", async || app.sandbox.count(Route::ListUserCredentials) > looked).await;
    assert_eq!(sam.come_back(&back).await.heading(), "Notion is connected");
    app.pass_everywhere(Duration::hours(2));
    let looked_again = async || {
        app.pass_everywhere(Duration::minutes(5));
        dump(&app).await["end_user"].len() == 1
    };
    app.until("the end", looked_again).await;
    assert_eq!(held(&app).len(), 1, "it is Sam's");
}

#[tokio::test]
async fn user_with_very_many_rows_is_erased() {
    let app = TestApp::spawn_on_postgres().await;
    app.arrived_with(janet()).await;
    // As long as very many rows take, and longer than another statement may.
    let slow = "create function slow() returns trigger language plpgsql as \
                $$ begin perform pg_sleep(4); return old; end $$; \
                create trigger slow before delete on connect_session for each row execute function slow()";
    PgConnection::connect(&app.store_url()).await.unwrap().execute(slow).await.unwrap();
    assert!([200, 204].contains(&erase(&app, "?credentials=delete").await));
}
