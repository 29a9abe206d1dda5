# The phrases of all pages, in English: https://projectfluent.org. This file is complete; every other file of this folder is
# a language of its own, and may lack nothing that is here.
#
# $host is the product's name, $app the app's, $account what an account of that app is called, $who the person, $consent the
# name that the app's own page asks the person to allow.

# What this language calls itself.
language-name = English

## On every page

language-choice = Language
# Read out before the title when something has to be checked.
title-mistake = Please check:
your-account = Your account
who-name = { $name }
who-name-and-email = { $name } ({ $email })
who-account = your { $host } account
back = Back to { $host }
try-again = Try again
check-again = Check again
choose-another-app = Choose another app
cancel = Cancel
# While the next page is on its way.
wait = One moment…
wait-still = Still waiting…
copied = Copied
since = since { $day }
# Read out after a link.
new-tab = (opens in a new tab)
# Stands before a number such as K7F3-92QD.
reference = Reference
tell-the-host = If it happens again, tell { $host } the reference below.

## In a window of the host’s page

window-close = Close this window
window-closes = This window closes by itself.
window-can-be-closed = You can close this window now.
window-closed-heading = You can close this window
window-closed-what = Then go on in { $host }.
frame-close = Close
frame-closed-heading = You can go on in { $host }

## Time

time-ends = Your time on this page ends at { $time }.
time-ends-utc = Your time on this page ends at { $time } (UTC).
time-more = Give me more time
time-longer = You have more time now: until { $time }.
time-last = This page cannot stay open any longer than that. Please finish before then.
time-failed = That did not work. Please try again.

## Start: arrival by a link

start-heading = Connect your apps to { $host }
start-for = You are connecting apps for { $who }. What you connect here can be used by this account.
start-first = Which app first?
start-caution = Continue only if you came here from { $host } yourself.
start-not-you = Not you?
start-go-back = Go back to { $host }

## Switch accounts?

switch-heading = Switch accounts?
switch-named = This browser is connecting apps for { $current }. This link is for { $invited }.
switch-named-stay-safe = Not sure? Stay with { $current }.
switch-named-stay = Stay with { $current }
switch-named-go = Switch to { $invited }
switch-unnamed = This browser is connecting apps for one { $host } account. This link is for another one.
switch-unnamed-stay-safe = Not sure? Stay with the account in use.
switch-unnamed-stay = Stay with this account
switch-unnamed-go = Switch to the other account

## Choose an app

choose-heading = Choose an app
choose-find = Find an app
choose-find-button = Find
choose-categories = Categories
choose-all = All
choose-connected = Connected
choose-all-apps = All apps
choose-matching = Apps that match “{ $query }”
choose-nothing = No app matches “{ $query }”.
choose-nothing-in-category = No app matches this category.
choose-show-all = Show all apps
# $n is a number that changes while somebody types: no plural is possible here.
choose-found = { $n } found
choose-more-accounts = and { $count } more
choose-manage = Manage
choose-attention = needs attention
choose-none = { $host } does not offer any apps here yet.
choose-stale = The connection service of { $host } does not answer right now, so this is an earlier list of apps.
choose-unknown = We cannot see right now which apps are connected. What you connected before is safe.

## Connect one app

connect-heading = Connect { $app } to { $host }
connect-heading-again = Connect { $app } to { $host } again
connect-heading-another = Connect another { $app } account to { $host }
connect-for = For { $who }
connect-ways = Ways to connect
connect-way-sign-in = Sign in at { $app }
connect-renews = This renews { $account }. Sign in with the same account.
connect-needs-again = { $host } asks you to connect { $account } again. Sign in with the same account.
connect-asks-again = { $host } asks you to connect { $app } again. Sign in with the same account as before.
connect-already = Connected already
connect-full-heading = Nothing was saved
connect-full-what =
    { $count ->
        [one] Only one account of { $app } can be connected here. Disconnect it first, then try again.
       *[other] No more than { $count } accounts of { $app } can be connected here. Disconnect one that you no longer need, then try again.
    }
connect-permissions = { $host } will be able to:
connect-docs = More about { $app } and { $host }
connect-next-named = Next, { $app } shows the name { $consent } and asks you to allow it. That is the app that { $host } uses to connect.
connect-next-own = Next, { $app } asks you to allow { $consent }.
connect-next = Next, { $app } asks you to agree.
connect-lists = { $app } lists exactly what this allows.
connect-check-account = Check there that the right account is chosen.
connect-continue = Continue to { $app }
connect-save-key = Save key
connect-save-sign-in = Save sign-in
# In the button that was pressed, until the next page is there.
connect-opening = Opening { $app }…
connect-checking-key = Checking your key…
connect-checking-sign-in = Checking your sign-in…
connect-still = Still waiting for { $app }…
connect-administrator = Some accounts need an administrator’s approval.
connect-undo = You can disconnect it here at any time.
connect-window-opened = Continue in the window that has opened.
connect-safe-sign-in = { $host } never sees your { $app } password.
connect-safe-key = We won’t show it again.
connect-safe-details = We won’t show the password again.

## Inside another app: its built-in browser

built-in-notice = { $app } may refuse to sign you in inside this app.
built-in-notice-any = Some apps may refuse to sign you in inside this app.
built-in-open = Open in your browser
built-in-anyway = Continue here anyway
built-in-heading = Open this page in your browser
built-in-how = Copy the link and paste it into the address bar of your browser. It works once, for ten minutes.
built-in-private = Do not give it to anybody: it connects apps for you.
built-in-link = Link
built-in-copy = Copy link
built-in-back = Go back

## Forms

form-check = Please check what you entered
form-optional = (optional)
form-example = For example:
form-where = Where do I find it?
form-choose = Choose…
form-show = Show
form-hide = Hide
# A list of what a form asks for: the last two, and those before. $within is for English only; other languages use $other.
form-and = { $one } and { $within }
form-comma = { $one }, { $within }

## What is wrong with an answer. $within is the field's name inside of an English sentence; other languages put $label
## in quotation marks.

mistake-missing = Enter your { $within }.
mistake-missing-example = Enter your { $within }, for example { $example }.
mistake-empty = Enter your { $within }. If it is meant to be empty, leave it empty and press the button again.
mistake-choose = Choose your { $within }.
mistake-email = Enter your { $within } in full, for example { $example }.
mistake-address = Enter your { $within } as a web address, for example { $example }.
mistake-form = This does not look right. Enter your { $within } again.
mistake-form-example = This does not look right. Enter your { $within } again, for example { $example }.
mistake-other-address = Enter your { $within } from an address that ends in { $domain }: the part before it, for example { $example }. Other addresses do not work here.
mistake-part-only = Enter only the part of the address that is your { $within }, for example { $example }.
mistake-host-only = Enter your { $within } alone, with nothing after it, for example { $example }.
mistake-unseen = Your { $within } has characters in it that cannot be seen. Type it again without them.
mistake-lines = Your { $within } has several lines, and they were lost. Paste it again here: the field takes them now.
mistake-short =
    { $count ->
        [one] Your { $within } has at least { $count } character. Check that nothing is missing.
       *[other] Your { $within } has at least { $count } characters. Check that nothing is missing.
    }
mistake-long =
    { $count ->
        [one] Your { $within } has at most { $count } character. Check that nothing else was pasted with it.
       *[other] Your { $within } has at most { $count } characters. Check that nothing else was pasted with it.
    }
mistake-whole-number = Enter your { $within } as a whole number.
mistake-whole-number-example = Enter your { $within } as a whole number, for example { $example }.
mistake-number = Enter your { $within } as a number.
mistake-number-example = Enter your { $within } as a number, for example { $example }.
mistake-digits = Your { $within } has more digits than can be passed on without a change. Enter a shorter number.
mistake-between = Enter your { $within } as a number between { $least } and { $most }.
mistake-from = Enter your { $within } as a number from { $least } upwards.
mistake-up-to = Enter your { $within } as a number up to { $most }.

## Fields that many apps have

field-value = Value
field-none = None
field-api-key = API key
field-access-key = Access key
    .hint = You find it in the app’s settings, often under API or Developers.
field-api-secret = API secret
field-client-id = Client ID
field-client-secret = Client secret
field-username = Username
field-password = Password
field-email = E-mail address
field-subdomain = Subdomain
    .hint = The first part of the address that you see when you are signed in. You can paste the whole address.
field-domain = Domain
    .hint = The address that you see when you are signed in. You can paste all of it.
field-web-address = Web address
field-region = Region
field-account-id = Account ID
field-company-id = Company ID
field-store-hash = Store hash

## Fields of single apps

field-freshdesk-address = Freshdesk address
    .hint = The first part of your Freshdesk address: acme in acme.freshdesk.com. You can paste the whole address.
field-freshdesk-key = API key
    .hint = In Freshdesk, open your profile settings. The key is shown there.
field-freshdesk-password = Password
    .hint = With an API key, enter X: Freshdesk does not look at it.
field-gorgias-address = Gorgias address
    .hint = The first part of your Gorgias address: acme in acme.gorgias.com. You can paste the whole address.
field-jira-email = E-mail address
    .hint = The address that you sign in to Jira with.
field-jira-key = API key
    .hint = Make one in the security settings of your Atlassian account. Your password does not work here.
field-jira-address = Jira address
    .hint = The first part of your Jira address: acme in acme.atlassian.net. You can paste the whole address.
field-mailgun-username = Username
    .hint = Mailgun’s username is api for everybody.
field-mailgun-key = API key
    .hint = In Mailgun, open the API security page and add a key.
field-servicenow-address = ServiceNow address
    .hint = The first part of your ServiceNow address: acme in acme.service-now.com. You can paste the whole address.
field-shippo-key = API key
    .hint = In Shippo, open Settings, then API.
field-shipstation-key = API key
    .hint = In ShipStation, open Account settings, then API settings.
field-shipstation-secret = API secret
    .hint = It is shown beside the API key.
field-shopify-shop = Shop name
    .hint = The first part of your shop’s address: acme in acme.myshopify.com. You can paste the whole address.
field-trello-key = API key
    .hint = In Trello, open the Power-Ups administration page, then your Power-Up, then API key.
field-trello-access-key = Access key
    .hint = The link beside your API key leads to a page of Trello’s that shows it once you allow access.
field-zendesk-address = Zendesk address
    .hint = The first part of your Zendesk address: acme in acme.zendesk.com. You can paste the whole address.
field-zoho-region = Region
    .hint = Where your Zoho account is kept. Look at the end of the address when you are signed in: zoho.com is the United States, zoho.eu is Europe.

## Regions

region-australia = Australia
region-canada = Canada
region-china = China
region-europe = Europe
region-india = India
region-japan = Japan
region-saudi-arabia = Saudi Arabia
region-united-kingdom = United Kingdom
region-united-states = United States

## While we look

checking-heading = Checking with { $app }…
checking-wait = This usually takes a few seconds.
checking-heading-reported = { $app } reported an error
checking-reported = We are still checking whether the connection was made.
checking-heading-asking = { $app } has not confirmed yet
checking-reported-asking = { $app } reported an error. We are still checking whether the connection was made.
checking-window-heading = Continue in the window that has opened
checking-window-what = Sign in to { $app } there. This page goes on by itself.
checking-window-again = Open the window again
checking-what-happened = What happened at { $app }?
checking-allowed = I allowed it: keep checking
checking-canceled = I cancelled
checking-administrator = It asked for an administrator
checking-error = I saw an error

## Linked

linked-heading = { $app } is connected
linked-heading-again = { $app } is connected again
linked-heading-key = { $app } key saved
linked-heading-details = { $app } sign-in saved
linked-can-use = { $host } can now use { $account }.
linked-can-use-app = { $host } can now use your { $app } account.
linked-same-account = This is the same account as before. To connect another one, sign in to it at { $app } first.
linked-untried = { $host } will check it the first time it is used.
linked-earlier = The earlier connection { $account } is still there.
linked-other-account = This is another account than before: { $account }, not { $earlier }. Both are connected now. Do you want to keep both, or to remove the earlier one?
linked-renewed-other-account = This is another account than before: { $account }, not { $earlier }. It took the place of the earlier one. To connect { $earlier } again, sign in to it at { $app } first.
linked-remove-earlier = Remove the earlier one
linked-keep-both = Keep both
linked-close = You can close this page now.
linked-another-app = Connect another app
linked-not-right = Not the right account?
linked-something-wrong = Change it

## Linked, and tried at once: it does not work

refused-heading-key = { $app } did not accept this key
refused-heading-details = { $app } did not accept this sign-in
refused-heading = { $app } does not let { $host } in yet
refused-what = It is saved, and we tried it once: { $app } said no.
refused-next-key = Check it at { $app }, and enter it again.
refused-next = Connect it again, and allow everything that { $app } asks for.

## An app that is connected

manage-heading = { $app } is connected
manage-heading-attention = { $app } needs attention
manage-attention = { $app } no longer accepts { $account }, so { $host } cannot use it. Connect it again; nothing else changes.
manage-connect-again = Connect again
manage-accounts =
    { $count ->
        [one] { $host } can use this account:
       *[other] { $host } can use these accounts:
    }
manage-permissions = { $host } can:
manage-reconnect = Reconnect
manage-disconnect = Disconnect
manage-another = Connect another account
manage-all-apps = See all apps
manage-does-not-work = needs attention

## Disconnect

disconnect-heading = Disconnect { $app }?
disconnect-what = { $host } will no longer be able to use { $account }.
disconnect-listed-named = { $app } may go on listing { $consent } until you remove it there.
disconnect-listed = { $app } may go on listing the app that { $host } uses until you remove it there.
disconnect-key-remains = The key itself goes on working until you delete it at { $app }.
disconnect-button = Disconnect
disconnect-keep = Keep it
disconnected-heading = { $app } is disconnected
disconnected-what = { $host } can no longer use this account.
disconnected-again = Connect { $app } again
disconnected-revoke = Remove access at { $app } too
disconnecting-heading = { $app } is not disconnected yet
disconnecting-what = It has not worked so far, so { $host } may still be able to use this account. We keep trying. You do not have to do anything, and you can close this page.

## Not linked

not-linked-heading = { $app } is not connected
not-linked-unconfirmed = { $app } could not be confirmed
not-linked-remove = Remove access at { $app }
canceled-what = You cancelled at { $app }. Nothing was changed.
denied-what = You cancelled at { $app }, or { $app } did not allow it. Nothing was changed.
administrator-heading = Your { $app } administrator needs to approve this
administrator-next = Once they have, come back and connect again.
administrator-again = Connect again
administrator-message-label = Message for your administrator
administrator-message-named = Please approve the app { $consent } in our { $app }, so that I can use it with { $host }.
administrator-message = Please approve the app that { $host } uses in our { $app }, so that I can connect them.
administrator-copy = Copy message
not-confirmed-what = You came back from { $app }, but the connection did not appear here.
not-confirmed-next = Try again.
error-reported-what = { $app } reported an error, and the connection did not appear here.
other-browser-heading = This connection could not be confirmed
not-kept-heading = This connection was not kept
other-browser-what = It was started in another browser. If that was you, go back there and connect again.
other-browser-warning = If someone sent you the link, do not use it.
finished-elsewhere-what = It was finished in another browser, so we could not accept it.
finished-elsewhere-next = To connect, start here and stay in this browser until the end.
other-user-what = { $host } could not confirm that it was you who finished it.
nobody-came-what = We did not see you come back from { $app }, so we cannot tell who finished it.
nobody-came-next = { $host } does not use it. To connect, start again.
allowed-later-what = Access was allowed at { $app } later, but we did not see you come back from there.
allowed-later-deleted = It was not used, and it has been deleted. To connect, start again.
expired-what = You did not come back from { $app } in time. For your safety, each try ends after a while.
refused-by-app-what = The connection was refused. Nothing was changed.
refused-by-app-next = If you entered something, check it. Then try again.
service-down-heading = The connection service of { $host } does not answer right now
service-down-what = { $app } is not connected yet. Nothing was changed. Try again in a minute or two.
unsafe-heading = We could not open { $app } safely
unsafe-what = The address of { $app }’s sign-in page was not one that we trust, so we stayed here.
unsafe-next = Nothing was changed.
not-set-up-heading = This app is not set up yet
not-set-up-what = { $host } has to finish setting up { $app }. You do not have to do anything.
superseded-heading = A newer try took the place of this one
superseded-what = You started to connect { $app } again with other answers. Only the newer try counts.
superseded-go-on = Go on with { $app }

## Problems

problem-start-again = Go back to { $host } and start again from there.
problem-not-found-heading = We cannot find this page
problem-not-found-what = The address may be mistyped, or the page is no longer here.
problem-choose = Choose an app
problem-expired-heading = This page has expired
problem-expired-what = For your safety it works for a short time only. Nothing was changed.
problem-time-over-heading = Your time on this page has ended
problem-time-over-what = What you connected before is safe.
problem-cookie-heading = Your browser did not keep our cookie
problem-cookie-what = We need one cookie to know that it is still you. Allow cookies for this site, or use another browser.
problem-link-heading = This link no longer works
problem-link-what = For your safety a link works only once, and only for a short time.
problem-too-many-heading = Too many tries in a short time
problem-too-many-what = Please wait a minute, then try again. What you connected before is safe.
problem-not-from-here-heading = We did not accept this
problem-not-from-here-what = For your safety we accept only what you press on this site. Nothing was changed.
problem-not-from-here-open = Open the page again
problem-address-heading = This page was opened at another address
problem-address-what = It works only at { $address }. Nothing was changed.
problem-address-open = Open it there
problem-not-understood-heading = We could not read this
problem-not-understood-what = Something in the request was incomplete or too long. Nothing was changed.
problem-internal-heading = Something went wrong on our side
problem-internal-what = It is not your mistake. What you connected before is safe.
problem-user-heading = We cannot open your connections
problem-user-what = For your safety nothing was shown or changed. It is not your mistake, and trying again will not help.
problem-user-tell = Please tell { $host } the reference below.
problem-service-down-what = What you connected before is safe. It usually takes a minute or two. Then try again.
problem-unknown-heading = We cannot tell right now what is connected
problem-unknown-what = The list of your connections is too long to be read. Nothing was changed, and what you connected before is safe.
