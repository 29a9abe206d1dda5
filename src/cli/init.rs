//! `gangway init`: a settings file with fresh keys.

use std::{fs, io::Write as _, os::unix::fs::OpenOptionsExt as _, path::Path};

use anyhow::Context as _;

use super::{Init, Terminal};
use crate::{
    config::safety::{ALLOY_KEY_PLACEHOLDER, fresh_host_key, fresh_session_key, fresh_webhook_secret},
    domain::clock::Entropy,
    web::routes,
};

/// Writes the file, readable by its owner only, and prints the next steps. An existing file is an error.
pub(crate) fn run(arguments: &Init, entropy: &dyn Entropy, terminal: &mut Terminal<'_>) -> anyhow::Result<()> {
    let host_key = fresh_host_key(entropy);
    let file = &arguments.out;
    write_new(file, &contents(&host_key, &fresh_session_key(entropy), &fresh_webhook_secret(entropy)))?;
    terminal.say(&next_steps(file, &host_key));
    Ok(())
}

fn write_new(file: &Path, text: &str) -> anyhow::Result<()> {
    let mut new = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).with_context(|| {
        if file.exists() {
            format!("{} is there already and stays as it is; name another file with --out", file.display())
        } else {
            format!("{} cannot be made", file.display())
        }
    })?;
    new.write_all(text.as_bytes()).with_context(|| format!("{} could not be written", file.display()))
}

/// The settings that differ from the defaults, or soon will.
fn contents(host_key: &str, session_key: &str, webhook_secret: &str) -> String {
    format!(
        r#"# The settings of Gangway. It holds secrets: keep it to yourself, and out of version control.
# What is not here has its default.

[server]
# How your users' browsers reach Gangway: https and a host of its own, once it is not only for you.
public_url = "http://localhost:3000"

[alloy]
# Your key from Alloy's dashboard. No account yet? Run `gangway sandbox` beside it and write here:
# base_url = "http://127.0.0.1:4040"
# api_key = "sandbox-key"
api_key = "{ALLOY_KEY_PLACEHOLDER}"

[session]
keys = ["{session_key}"]

[host]
# Your product's name, as the pages call it.
name = "My product"
# With this key your server calls Gangway.
api_keys = ["{host_key}"]
# Where your product is: its pages may send users here, and get them back at exactly these addresses.
origins = ["http://localhost:8080"]
return_urls = ["http://localhost:8080/"]
# What a user begins by a start link counts as linked only once your server has said who came back: the browser comes to a
# return URL with gangway_completion, and your server redeems it. `always`: after your own page's button too. `never`: not at all.
verify_completion = "links"

# Your server can be told of every link that ends (docs/webhooks.md). Once it listens, take the # from the four lines below.
# It has to know the secret too, which signs what it is sent; localhost is a private address.
# [webhook]
# url = "http://localhost:8080/hooks"
# secrets = ["{webhook_secret}"]
# allow_private = true
"#
    )
}

fn next_steps(file: &Path, host_key: &str) -> String {
    let file = file.display();
    let (sessions, complete) = (routes::api::CONNECT_SESSIONS, routes::api::COMPLETE);
    format!(
        r#"{file} is written, with fresh keys; only you can read it.

Run it with your key from Alloy's dashboard:

  GANGWAY__ALLOY__API_KEY='{ALLOY_KEY_PLACEHOLDER}' gangway serve --config {file}

(Or write the key into the file. `gangway check --config {file}` says what is wrong, and the exact line to write.
No account yet? The file says how to use `gangway sandbox` in its place.)

And ask for a start link, as your server will:

  curl -s http://localhost:3000{sessions} \
    -H 'Authorization: Bearer {host_key}' \
    -H 'Content-Type: application/json' \
    -d '{{"user":{{"id":"user-1","name":"Jane Doe"}}}}'

Open the "url" of its answer in a browser. Once you have allowed an app, the browser comes to your return URL, with
gangway_completion in its address. Within 5 minutes your server tells who is signed in there, and the app is linked:

  curl -s http://localhost:3000{complete} \
    -H 'Authorization: Bearer {host_key}' \
    -H 'Content-Type: application/json' \
    -d '{{"completion":"THE-CODE","user_id":"user-1"}}'

Then send the browser on to the "continue_url" of the answer."#
    )
}
