# The phrases of all pages, in Japanese (日本語). en.ftl says what the variables are.

language-name = 日本語

## On every page

language-choice = 言語
title-mistake = ご確認ください:
your-account = お使いのアカウント
who-name = { $name }
who-name-and-email = { $name }（{ $email }）
who-account = お使いの { $host } アカウント
back = { $host } に戻る
try-again = もう一度試す
check-again = もう一度確認する
choose-another-app = 別のアプリを選ぶ
cancel = キャンセル
wait = しばらくお待ちください…
wait-still = まだ待っています…
copied = コピーしました
since = { $day }から
new-tab = （新しいタブで開きます）
reference = お問い合わせ番号
tell-the-host = 同じことが続く場合は、下のお問い合わせ番号を { $host } にお知らせください。

## In a window of the host’s page

window-close = このウィンドウを閉じる
window-closes = このウィンドウは自動的に閉じます。
window-can-be-closed = このウィンドウは閉じてかまいません。
window-closed-heading = このウィンドウを閉じてください
window-closed-what = そのあと、{ $host } で続けてください。
frame-close = 閉じる
frame-closed-heading = { $host } で続けられます

## Time

time-ends = このページを使えるのは { $time } までです。
time-ends-utc = このページを使えるのは { $time }（UTC）までです。
time-more = 時間を延ばす
time-longer = 時間を延ばしました。{ $time } まで使えます。
time-last = これ以上は延ばせません。それまでに操作を終えてください。
time-failed = うまくいきませんでした。もう一度お試しください。

## Start: arrival by a link

start-heading = アプリを { $host } に接続
start-for = { $who }としてアプリを接続します。ここで接続したアプリは、このアカウントで使えるようになります。
start-first = どのアプリから接続しますか？
start-caution = ご自分で { $host } からこのページに来た場合だけ、先に進んでください。
start-not-you = アカウントが違いますか？
start-go-back = { $host } に戻る

## Switch accounts?

switch-heading = アカウントを切り替えますか？
switch-named = このブラウザでは、{ $current } としてアプリを接続しています。このリンクは { $invited } 用です。
switch-named-stay-safe = 迷ったら、{ $current } のままにしてください。
switch-named-stay = { $current } のまま続ける
switch-named-go = { $invited } に切り替える
switch-unnamed = このブラウザでは、すでに { $host } アカウントでアプリを接続しています。このリンクは別のアカウント用です。
switch-unnamed-stay-safe = 迷ったら、今のアカウントのままにしてください。
switch-unnamed-stay = 今のアカウントのまま続ける
switch-unnamed-go = 別のアカウントに切り替える

## Choose an app

choose-heading = アプリを選ぶ
choose-find = アプリを検索
choose-find-button = 検索
choose-categories = カテゴリ
choose-all = すべて
choose-connected = 接続済み
choose-all-apps = すべてのアプリ
choose-matching = 「{ $query }」に一致するアプリ
choose-nothing = 「{ $query }」に一致するアプリはありません。
choose-nothing-in-category = このカテゴリのアプリはありません。
choose-show-all = すべてのアプリを表示
choose-found = { $n } 件見つかりました
choose-more-accounts = ほか { $count } 件
choose-manage = 管理
choose-attention = 確認が必要です
choose-none = { $host } で接続できるアプリは、まだありません。
choose-stale = { $host } の接続サービスが現在応答していないため、以前のアプリ一覧を表示しています。
choose-unknown = どのアプリが接続済みか、現在確認できません。これまでに接続したアプリへの影響はありません。

## Connect one app

connect-heading = { $app } を { $host } に接続
connect-heading-again = { $app } を { $host } にもう一度接続
connect-heading-another = 別の { $app } アカウントを { $host } に接続
connect-for = { $who }として接続
connect-ways = 接続方法
connect-way-sign-in = { $app } にログイン
connect-renews = { $account } の接続を更新します。同じアカウントでログインしてください。
connect-needs-again = { $host } から、{ $account } をもう一度接続するよう求められています。同じアカウントでログインしてください。
connect-asks-again = { $host } から、{ $app } をもう一度接続するよう求められています。これまでと同じアカウントでログインしてください。
connect-already = 接続済みのアカウント
connect-full-heading = 保存されませんでした
connect-full-what =
    { $count ->
       *[other] ここで接続できる { $app } のアカウントは { $count } 件までです。不要なアカウントの接続を解除してから、もう一度試してください。
    }
connect-permissions = { $host } ができるようになること:
connect-docs = { $app } と { $host } について詳しく見る
connect-next-named = 次の { $app } の画面に { $consent } という名前が表示され、許可を求められます。これは { $host } が接続に使うアプリです。
connect-next-own = 次の { $app } の画面で、{ $consent } の許可を求められます。
connect-next = 次の { $app } の画面で、同意を求められます。
connect-lists = 許可する内容は、すべて { $app } の画面に表示されます。
connect-check-account = その画面で、正しいアカウントが選ばれているか確認してください。
connect-continue = { $app } に進む
connect-save-key = キーを保存
connect-save-sign-in = ログイン情報を保存
connect-opening = { $app } を開いています…
connect-checking-key = キーを確認しています…
connect-checking-sign-in = ログイン情報を確認しています…
connect-still = { $app } の応答を待っています…
connect-administrator = アカウントによっては、管理者の承認が必要です。
connect-undo = 接続は、ここでいつでも解除できます。
connect-window-opened = 開いたウィンドウで続けてください。
connect-safe-sign-in = { $app } のパスワードが { $host } に伝わることはありません。
connect-safe-key = 保存したキーは、画面に再び表示されません。
connect-safe-details = 保存したパスワードは、画面に再び表示されません。

## Inside another app: its built-in browser

built-in-notice = 今開いているアプリの中では、{ $app } にログインできないことがあります。
built-in-notice-any = 今開いているアプリの中では、一部のアプリにログインできないことがあります。
built-in-open = ブラウザで開く
built-in-anyway = このまま続ける
built-in-heading = このページをブラウザで開く
built-in-how = リンクをコピーして、ブラウザのアドレスバーに貼り付けてください。リンクは 10 分間、1 回だけ使えます。
built-in-private = 誰にも渡さないでください。このリンクを使うと、あなたのアカウントにアプリを接続できます。
built-in-link = リンク
built-in-copy = リンクをコピー
built-in-back = 戻る

## Forms

form-check = 入力内容を確認してください
form-optional = （任意）
form-example = 例:
form-where = どこで確認できますか？
form-choose = 選択してください
form-show = 表示
form-hide = 非表示
form-and = { $one }と{ $other }
form-comma = { $one }、{ $other }

## What is wrong with an answer. $within is the field's name inside of an English sentence; other languages put $label
## in quotation marks.

mistake-missing = 「{ $label }」を入力してください。
mistake-missing-example = 「{ $label }」を入力してください（例: { $example }）。
mistake-empty = 「{ $label }」を入力してください。空欄のままでよい場合は、そのままもう一度ボタンを押してください。
mistake-choose = 「{ $label }」を選択してください。
mistake-email = 「{ $label }」は省略せずに入力してください（例: { $example }）。
mistake-address = 「{ $label }」には URL を入力してください（例: { $example }）。
mistake-form = 「{ $label }」が正しくないようです。もう一度入力してください。
mistake-form-example = 「{ $label }」が正しくないようです。もう一度入力してください（例: { $example }）。
mistake-other-address = 「{ $label }」には、URL のうち { $domain } の前の部分を入力してください（例: { $example }）。ほかの URL は使えません。
mistake-part-only = 「{ $label }」には、URL のうち該当する部分だけを入力してください（例: { $example }）。
mistake-host-only = 「{ $label }」だけを、後ろに何も付けずに入力してください（例: { $example }）。
mistake-unseen = 「{ $label }」に目に見えない文字が含まれています。その文字を除いて、もう一度入力してください。
mistake-lines = 「{ $label }」の改行が失われています。この欄は改行を受け付けるようになりましたので、もう一度貼り付けてください。
mistake-short = 「{ $label }」は { $count } 文字以上です。足りない部分がないか確認してください。
mistake-long = 「{ $label }」は { $count } 文字以内です。余分なものを一緒に貼り付けていないか確認してください。
mistake-whole-number = 「{ $label }」には整数を入力してください。
mistake-whole-number-example = 「{ $label }」には整数を入力してください（例: { $example }）。
mistake-number = 「{ $label }」には数字を入力してください。
mistake-number-example = 「{ $label }」には数字を入力してください（例: { $example }）。
mistake-digits = 「{ $label }」は桁数が多く、そのままの値では送信できません。もっと短い数字を入力してください。
mistake-between = 「{ $label }」には { $least } から { $most } までの数字を入力してください。
mistake-from = 「{ $label }」には { $least } 以上の数字を入力してください。
mistake-up-to = 「{ $label }」には { $most } 以下の数字を入力してください。

## Fields that many apps have

field-value = 値
field-none = なし
field-api-key = API キー
field-access-key = アクセスキー
    .hint = アプリの設定画面で確認できます。「API」や「開発者（Developers）」の項目にあることが多いです。
field-api-secret = API シークレット
field-client-id = クライアント ID
field-client-secret = クライアントシークレット
field-username = ユーザー名
field-password = パスワード
field-email = メールアドレス
field-subdomain = サブドメイン
    .hint = ログインしているときに表示される URL の最初の部分です。URL 全体を貼り付けてもかまいません。
field-domain = ドメイン
    .hint = ログインしているときに表示される URL です。全体を貼り付けてもかまいません。
field-web-address = URL
field-region = 地域
field-account-id = アカウント ID
field-company-id = 会社 ID
field-store-hash = ストアハッシュ

## Fields of single apps

field-freshdesk-address = Freshdesk の URL
    .hint = Freshdesk の URL の最初の部分です（acme.freshdesk.com なら acme）。URL 全体を貼り付けてもかまいません。
field-freshdesk-key = API キー
    .hint = Freshdesk でご自分のプロフィール設定を開くと、キーが表示されます。
field-freshdesk-password = パスワード
    .hint = API キーを使う場合は、X と入力してください。Freshdesk はこの欄の内容を確認しません。
field-gorgias-address = Gorgias の URL
    .hint = Gorgias の URL の最初の部分です（acme.gorgias.com なら acme）。URL 全体を貼り付けてもかまいません。
field-jira-email = メールアドレス
    .hint = Jira へのログインに使うメールアドレスです。
field-jira-key = API キー
    .hint = Atlassian アカウントのセキュリティ設定で作成してください。ここではパスワードは使えません。
field-jira-address = Jira の URL
    .hint = Jira の URL の最初の部分です（acme.atlassian.net なら acme）。URL 全体を貼り付けてもかまいません。
field-mailgun-username = ユーザー名
    .hint = Mailgun のユーザー名は、全員共通で api です。
field-mailgun-key = API キー
    .hint = Mailgun の「API security」ページを開き、キーを追加してください。
field-servicenow-address = ServiceNow の URL
    .hint = ServiceNow の URL の最初の部分です（acme.service-now.com なら acme）。URL 全体を貼り付けてもかまいません。
field-shippo-key = API キー
    .hint = Shippo で「Settings」を開き、「API」を選んでください。
field-shipstation-key = API キー
    .hint = ShipStation で「Account settings」を開き、「API settings」を選んでください。
field-shipstation-secret = API シークレット
    .hint = API キーの隣に表示されます。
field-shopify-shop = ストア名
    .hint = ストアの URL の最初の部分です（acme.myshopify.com なら acme）。URL 全体を貼り付けてもかまいません。
field-trello-key = API キー
    .hint = Trello で Power-Ups の管理ページを開き、ご自分の Power-Up を選んで「API key」を開いてください。
field-trello-access-key = アクセスキー
    .hint = API キーの隣のリンクから Trello のページを開き、アクセスを許可すると表示されます。
field-zendesk-address = Zendesk の URL
    .hint = Zendesk の URL の最初の部分です（acme.zendesk.com なら acme）。URL 全体を貼り付けてもかまいません。
field-zoho-region = 地域
    .hint = Zoho アカウントが保管されている地域です。ログインしているときの URL の末尾で分かります。zoho.com はアメリカ、zoho.eu はヨーロッパです。

## Regions

region-australia = オーストラリア
region-canada = カナダ
region-china = 中国
region-europe = ヨーロッパ
region-india = インド
region-japan = 日本
region-saudi-arabia = サウジアラビア
region-united-kingdom = イギリス
region-united-states = アメリカ

## While we look

checking-heading = { $app } に確認しています…
checking-wait = 通常は数秒で終わります。
checking-heading-reported = { $app } からエラーが返されました
checking-reported = 接続が完了しているかどうかを引き続き確認しています。
checking-heading-asking = { $app } からの確認がまだ届いていません
checking-reported-asking = { $app } からエラーが返されました。接続が完了しているかどうかを引き続き確認しています。
checking-window-heading = 開いたウィンドウで続けてください
checking-window-what = そのウィンドウで { $app } にログインしてください。完了すると、このページは自動的に切り替わります。
checking-window-again = ウィンドウをもう一度開く
checking-what-happened = { $app } の画面ではどうなりましたか？
checking-allowed = 許可した（確認を続ける）
checking-canceled = キャンセルした
checking-administrator = 管理者の承認を求められた
checking-error = エラーが表示された

## Linked

linked-heading = { $app } が接続されました
linked-heading-again = { $app } が再び接続されました
linked-heading-key = { $app } のキーを保存しました
linked-heading-details = { $app } のログイン情報を保存しました
linked-can-use = { $host } で { $account } を使えるようになりました。
linked-can-use-app = { $host } で { $app } アカウントを使えるようになりました。
linked-same-account = 以前と同じアカウントです。別のアカウントを接続するには、先に { $app } でそのアカウントにログインしてください。
linked-untried = 正しく使えるかどうかは、{ $host } が最初に使うときに確認します。
linked-earlier = 以前の接続（{ $account }）はまだ残っています。
linked-other-account = 以前とは別のアカウントです（今回は { $account }、以前は { $earlier }）。今は両方とも接続されています。両方とも残しますか、それとも以前の接続を削除しますか？
linked-renewed-other-account = 以前とは別のアカウントです（今回は { $account }、以前は { $earlier }）。以前のアカウントと入れ替わりました。{ $earlier } をもう一度接続するには、先に { $app } でそのアカウントにサインインしてください。
linked-remove-earlier = 以前の接続を削除
linked-keep-both = 両方とも残す
linked-close = このページは閉じてかまいません。
linked-another-app = 別のアプリを接続
linked-not-right = アカウントが違いますか？
linked-something-wrong = 変更する

## Linked, and tried at once: it does not work

refused-heading-key = このキーは { $app } で使えませんでした
refused-heading-details = このログイン情報は { $app } で使えませんでした
refused-heading = { $host } ではまだ { $app } を使えません
refused-what = 保存して一度試したところ、{ $app } に拒否されました。
refused-next-key = { $app } で内容を確認して、もう一度入力してください。
refused-next = もう一度接続し、{ $app } が求める許可をすべて与えてください。

## An app that is connected

manage-heading = { $app } は接続済みです
manage-heading-attention = { $app } の確認が必要です
manage-attention = { $app } が { $account } を受け付けなくなったため、{ $host } でこのアカウントを使えません。もう一度接続してください。ほかに変わることはありません。
manage-connect-again = もう一度接続する
manage-accounts =
    { $count ->
       *[other] { $host } で使えるアカウント:
    }
manage-permissions = { $host } ができること:
manage-reconnect = もう一度接続
manage-disconnect = 接続を解除
manage-another = 別のアカウントを接続
manage-all-apps = すべてのアプリを見る
manage-does-not-work = 確認が必要です

## Disconnect

disconnect-heading = { $app } の接続を解除しますか？
disconnect-what = 解除すると、{ $host } で { $account } を使えなくなります。
disconnect-listed-named = { $consent } は、{ $app } で削除するまで { $app } の一覧に残ることがあります。
disconnect-listed = { $host } が使うアプリは、{ $app } で削除するまで { $app } の一覧に残ることがあります。
disconnect-key-remains = キー自体は、{ $app } で削除するまで有効です。
disconnect-button = 接続を解除
disconnect-keep = 接続したままにする
disconnected-heading = { $app } の接続を解除しました
disconnected-what = { $host } はこのアカウントを利用できなくなりました。
disconnected-again = { $app } をもう一度接続する
disconnected-revoke = { $app } でもアクセスを取り消す
disconnecting-heading = { $app } の接続はまだ解除されていません
disconnecting-what = まだ完了していないため、{ $host } がこのアカウントを利用できる場合があります。引き続き試みています。お客様の操作は不要です。このページは閉じてもかまいません。

## Not linked

not-linked-heading = { $app } は接続されていません
not-linked-unconfirmed = { $app } の接続を確認できませんでした
not-linked-remove = { $app } でアクセスを取り消す
canceled-what = { $app } でキャンセルされました。何も変更されていません。
denied-what = { $app } でキャンセルされたか、{ $app } に許可されませんでした。何も変更されていません。
administrator-heading = { $app } の管理者の承認が必要です
administrator-next = 承認されたら、ここに戻ってもう一度接続してください。
administrator-again = もう一度接続
administrator-message-label = 管理者へのメッセージ
administrator-message-named = { $app } と { $host } を一緒に使いたいので、{ $app } でアプリ「{ $consent }」を承認していただけますか。
administrator-message = { $app } と { $host } を接続したいので、{ $host } が使うアプリを { $app } で承認していただけますか。
administrator-copy = メッセージをコピー
not-confirmed-what = { $app } から戻りましたが、接続がここに表示されませんでした。
not-confirmed-next = もう一度試してください。
error-reported-what = { $app } からエラーが返され、接続がここに表示されませんでした。
other-browser-heading = この接続は確認できませんでした
not-kept-heading = この接続は保存されませんでした
other-browser-what = この接続は、別のブラウザで始められたものです。ご自分で始めた場合は、そのブラウザに戻って、もう一度接続してください。
other-browser-warning = 誰かから送られてきたリンクの場合は、使わないでください。
finished-elsewhere-what = 別のブラウザで完了したため、受け付けられませんでした。
finished-elsewhere-next = 接続するには、ここから始めて、最後までこのブラウザで操作してください。
other-user-what = 接続を完了したのがご本人かどうか、{ $host } で確認できませんでした。
nobody-came-what = { $app } から戻ったことを確認できなかったため、誰が接続を完了したのか分かりません。
nobody-came-next = この接続は { $host } では使われません。接続するには、もう一度始めてください。
allowed-later-what = その後 { $app } で接続が許可されましたが、戻ったことを確認できませんでした。
allowed-later-deleted = この接続は使われず、削除されました。接続するには、もう一度始めてください。
expired-what = 時間内に { $app } から戻りませんでした。安全のため、接続の操作は一定の時間で終了します。
refused-by-app-what = 接続が拒否されました。何も変更されていません。
refused-by-app-next = 入力した内容があれば確認して、もう一度試してください。
service-down-heading = { $host } の接続サービスが現在応答していません
service-down-what = { $app } はまだ接続されていません。何も変更されていません。1〜2 分後に、もう一度試してください。
unsafe-heading = { $app } を安全に開けませんでした
unsafe-what = { $app } のログインページの URL が信頼できるものではなかったため、移動しませんでした。
unsafe-next = 何も変更されていません。
not-set-up-heading = このアプリはまだ準備中です
not-set-up-what = { $host } による { $app } の設定がまだ終わっていません。操作の必要はありません。
superseded-heading = 接続の操作がやり直されました
superseded-what = 別の入力内容で { $app } の接続を始め直したため、新しいほうだけが有効です。
superseded-go-on = { $app } の接続を続ける

## Problems

problem-start-again = { $host } に戻り、そこからもう一度始めてください。
problem-not-found-heading = ページが見つかりません
problem-not-found-what = URL が間違っているか、ページがなくなった可能性があります。
problem-choose = アプリを選ぶ
problem-expired-heading = このページの有効期限が切れました
problem-expired-what = 安全のため、このページは短い時間しか使えません。何も変更されていません。
problem-time-over-heading = このページを使える時間が終わりました
problem-time-over-what = これまでに接続したアプリへの影響はありません。
problem-cookie-heading = ブラウザに Cookie が保存されませんでした
problem-cookie-what = ご本人の操作であることを確認するため、Cookie が 1 つ必要です。このサイトの Cookie を許可するか、別のブラウザを使ってください。
problem-link-heading = このリンクは使えなくなりました
problem-link-what = 安全のため、リンクは短い時間に 1 回だけ使えます。
problem-too-many-heading = 短い時間に何度も操作されました
problem-too-many-what = 1 分ほど待ってから、もう一度試してください。これまでに接続したアプリへの影響はありません。
problem-not-from-here-heading = この操作は受け付けられませんでした
problem-not-from-here-what = 安全のため、このサイトで行われた操作だけを受け付けます。何も変更されていません。
problem-not-from-here-open = もう一度ページを開く
problem-address-heading = 別の URL でページが開かれています
problem-address-what = このページは { $address } でのみ使えます。何も変更されていません。
problem-address-open = 正しい URL で開く
problem-not-understood-heading = 内容を読み取れませんでした
problem-not-understood-what = 送信された内容に足りない部分があるか、長すぎます。何も変更されていません。
problem-internal-heading = こちら側で問題が発生しました
problem-internal-what = 操作に問題があったわけではありません。これまでに接続したアプリへの影響はありません。
problem-user-heading = 接続済みのアプリを表示できません
problem-user-what = 安全のため、何も表示せず、何も変更していません。操作に問題があったわけではなく、もう一度試しても解決しません。
problem-user-tell = 下のお問い合わせ番号を { $host } にお知らせください。
problem-service-down-what = これまでに接続したアプリへの影響はありません。通常は 1〜2 分で元に戻りますので、そのあともう一度試してください。
problem-unknown-heading = 現在、何が接続されているかを確認できません
problem-unknown-what = 接続の一覧が長すぎて読み込めません。何も変更されておらず、これまでに接続したアプリへの影響はありません。
