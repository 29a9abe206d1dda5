# The phrases of all pages, in German: https://projectfluent.org. The file en.ftl says what the variables are.

# What this language calls itself.
language-name = Deutsch

## On every page

language-choice = Sprache
# Read out before the title when something has to be checked.
title-mistake = Bitte prüfen:
your-account = Ihr Konto
who-name = { $name }
who-name-and-email = { $name } ({ $email })
who-account = Ihr { $host }-Konto
back = Zurück zu { $host }
try-again = Erneut versuchen
check-again = Erneut prüfen
choose-another-app = Andere App wählen
cancel = Abbrechen
wait = Einen Moment …
wait-still = Es dauert noch …
copied = Kopiert
since = seit dem { $day }
# Read out after a link.
new-tab = (öffnet einen neuen Tab)
# Stands before a number such as K7F3-92QD.
reference = Referenznummer
tell-the-host = Wenn es noch einmal passiert, nennen Sie { $host } die Referenznummer unten.

## In a window of the host’s page

window-close = Fenster schließen
window-closes = Dieses Fenster schließt sich von selbst.
window-can-be-closed = Sie können dieses Fenster jetzt schließen.
window-closed-heading = Sie können dieses Fenster schließen
window-closed-what = Machen Sie danach in { $host } weiter.
frame-close = Schließen
frame-closed-heading = Sie können in { $host } weitermachen

## Time

time-ends = Ihre Zeit auf dieser Seite endet um { $time } Uhr.
time-ends-utc = Ihre Zeit auf dieser Seite endet um { $time } Uhr (UTC).
time-more = Zeit verlängern
time-longer = Sie haben jetzt mehr Zeit: bis { $time } Uhr.
time-last = Länger kann diese Seite nicht offen bleiben. Bitte werden Sie bis dahin fertig.
time-failed = Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.

## Start: arrival by a link

start-heading = Ihre Apps mit { $host } verbinden
start-for = Sie verbinden Apps für { $who }. Was Sie hier verbinden, steht diesem Konto zur Verfügung.
start-first = Welche App zuerst?
start-caution = Fahren Sie nur fort, wenn Sie selbst von { $host } hierhergekommen sind.
start-not-you = Sind Sie das nicht?
start-go-back = Zurück zu { $host }

## Switch accounts?

switch-heading = Konto wechseln?
switch-named = In diesem Browser werden gerade Apps für { $current } verbunden. Dieser Link ist für { $invited }.
switch-named-stay-safe = Nicht sicher? Bleiben Sie bei { $current }.
switch-named-stay = Bei { $current } bleiben
switch-named-go = Zu { $invited } wechseln
switch-unnamed = In diesem Browser werden gerade Apps für ein { $host }-Konto verbunden. Dieser Link ist für ein anderes.
switch-unnamed-stay-safe = Nicht sicher? Bleiben Sie bei dem bisherigen Konto.
switch-unnamed-stay = Bei diesem Konto bleiben
switch-unnamed-go = Zum anderen Konto wechseln

## Choose an app

choose-heading = App auswählen
choose-find = App suchen
choose-find-button = Suchen
choose-categories = Kategorien
choose-all = Alle
choose-connected = Verbunden
choose-all-apps = Alle Apps
choose-matching = Apps zu „{ $query }“
choose-nothing = Keine App passt zu „{ $query }“.
choose-nothing-in-category = In dieser Kategorie gibt es keine App.
choose-show-all = Alle Apps anzeigen
# $n is a number that changes while somebody types: no plural is possible here.
choose-found = { $n } gefunden
choose-more-accounts =
    { $count ->
        [one] und { $count } weiteres Konto
       *[other] und { $count } weitere Konten
    }
choose-manage = Verwalten
choose-attention = braucht Ihre Aufmerksamkeit
choose-none = { $host } bietet hier noch keine Apps an.
choose-stale = Der Verbindungsdienst von { $host } antwortet gerade nicht. Deshalb sehen Sie eine frühere Liste der Apps.
choose-unknown = Wir können gerade nicht sehen, welche Apps verbunden sind. Ihre bisherigen Verbindungen bleiben erhalten.

## Connect one app

connect-heading = { $app } mit { $host } verbinden
connect-heading-again = { $app } erneut mit { $host } verbinden
connect-heading-another = Weiteres { $app }-Konto mit { $host } verbinden
connect-for = Für { $who }
connect-ways = Verbindungsarten
connect-way-sign-in = Bei { $app } anmelden
connect-renews = Damit erneuern Sie die Verbindung zu { $account }. Melden Sie sich mit demselben Konto an.
connect-needs-again = { $host } bittet Sie, { $account } erneut zu verbinden. Melden Sie sich mit demselben Konto an.
connect-asks-again = { $host } bittet Sie, { $app } erneut zu verbinden. Melden Sie sich mit demselben Konto wie bisher an.
connect-already = Bereits verbunden
connect-full-heading = Es wurde nichts gespeichert
connect-full-what =
    { $count ->
        [one] Hier kann nur ein Konto von { $app } verbunden werden. Trennen Sie es zuerst und versuchen Sie es dann noch einmal.
       *[other] Hier können höchstens { $count } Konten von { $app } verbunden werden. Trennen Sie eines, das Sie nicht mehr brauchen, und versuchen Sie es dann noch einmal.
    }
connect-permissions = { $host } kann dann:
connect-docs = Mehr über { $app } und { $host }
connect-next-named = Als Nächstes zeigt { $app } den Namen { $consent } und bittet Sie, das zuzulassen. Das ist die App, über die { $host } die Verbindung herstellt.
connect-next-own = Als Nächstes bittet { $app } Sie, { $consent } zuzulassen.
connect-next = Als Nächstes bittet { $app } Sie um Ihre Zustimmung.
connect-lists = { $app } zeigt Ihnen genau, was Sie damit erlauben.
connect-check-account = Prüfen Sie dort, ob das richtige Konto ausgewählt ist.
connect-continue = Weiter zu { $app }
connect-save-key = Schlüssel speichern
connect-save-sign-in = Anmeldedaten speichern
connect-opening = { $app } wird geöffnet …
connect-checking-key = Ihr Schlüssel wird geprüft …
connect-checking-sign-in = Ihre Anmeldedaten werden geprüft …
connect-still = { $app } lässt noch auf sich warten …
connect-administrator = Bei manchen Konten muss ein Administrator zustimmen.
connect-undo = Sie können die Verbindung hier jederzeit trennen.
connect-window-opened = Machen Sie in dem Fenster weiter, das sich geöffnet hat.
connect-safe-sign-in = { $host } sieht Ihr Passwort für { $app } nie.
connect-safe-key = Wir zeigen ihn danach nicht mehr an.
connect-safe-details = Wir zeigen das Passwort danach nicht mehr an.

## Inside another app: its built-in browser

built-in-notice = { $app } lässt die Anmeldung innerhalb dieser App möglicherweise nicht zu.
built-in-notice-any = Manche Apps lassen die Anmeldung innerhalb dieser App möglicherweise nicht zu.
built-in-open = Im Browser öffnen
built-in-anyway = Trotzdem hier fortfahren
built-in-heading = Diese Seite im Browser öffnen
built-in-how = Kopieren Sie den Link und fügen Sie ihn in die Adresszeile Ihres Browsers ein. Er funktioniert nur einmal und zehn Minuten lang.
built-in-private = Geben Sie ihn nicht weiter: Mit ihm werden Apps für Sie verbunden.
built-in-link = Link
built-in-copy = Link kopieren
built-in-back = Zurück

## Forms

form-check = Bitte prüfen Sie Ihre Eingaben
form-optional = (optional)
form-example = Zum Beispiel:
form-where = Wo finde ich das?
form-choose = Bitte wählen …
form-show = Anzeigen
form-hide = Verbergen
# A list of what a form asks for: the last two, and those before. $within is for English only; other languages use $other.
form-and = { $one } und { $other }
form-comma = { $one }, { $other }

## What is wrong with an answer. $within is the field's name inside of an English sentence; other languages put $label
## in quotation marks.

mistake-missing = Bitte füllen Sie das Feld „{ $label }“ aus.
mistake-missing-example = Bitte füllen Sie das Feld „{ $label }“ aus, zum Beispiel mit { $example }.
mistake-empty = Bitte füllen Sie das Feld „{ $label }“ aus. Wenn es leer bleiben soll, lassen Sie es leer und senden Sie das Formular noch einmal ab.
mistake-choose = Bitte wählen Sie bei „{ $label }“ etwas aus.
mistake-email = Bitte geben Sie bei „{ $label }“ die vollständige Adresse ein, zum Beispiel { $example }.
mistake-address = Bitte geben Sie bei „{ $label }“ eine Webadresse ein, zum Beispiel { $example }.
mistake-form = Das scheint nicht zu stimmen. Bitte füllen Sie das Feld „{ $label }“ noch einmal aus.
mistake-form-example = Das scheint nicht zu stimmen. Bitte füllen Sie das Feld „{ $label }“ noch einmal aus, zum Beispiel mit { $example }.
mistake-other-address = Bitte geben Sie bei „{ $label }“ den Teil ein, der in Ihrer Adresse vor { $domain } steht, zum Beispiel { $example }. Andere Adressen funktionieren hier nicht.
mistake-part-only = Bitte geben Sie bei „{ $label }“ nur diesen Teil der Adresse ein, zum Beispiel { $example }.
mistake-host-only = Bitte geben Sie bei „{ $label }“ nur die Adresse selbst ein, ohne etwas dahinter, zum Beispiel { $example }.
mistake-unseen = „{ $label }“ enthält unsichtbare Zeichen. Bitte tippen Sie alles neu ein.
mistake-lines = „{ $label }“ hat mehrere Zeilen, die verloren gegangen sind. Bitte fügen Sie den Inhalt hier noch einmal ein: Das Feld nimmt jetzt Zeilen an.
mistake-short =
    { $count ->
        [one] „{ $label }“ muss mindestens { $count } Zeichen lang sein. Prüfen Sie, ob etwas fehlt.
       *[other] „{ $label }“ muss mindestens { $count } Zeichen lang sein. Prüfen Sie, ob etwas fehlt.
    }
mistake-long =
    { $count ->
        [one] „{ $label }“ darf höchstens { $count } Zeichen lang sein. Prüfen Sie, ob noch etwas anderes mit eingefügt wurde.
       *[other] „{ $label }“ darf höchstens { $count } Zeichen lang sein. Prüfen Sie, ob noch etwas anderes mit eingefügt wurde.
    }
mistake-whole-number = Bitte geben Sie bei „{ $label }“ eine ganze Zahl ein.
mistake-whole-number-example = Bitte geben Sie bei „{ $label }“ eine ganze Zahl ein, zum Beispiel { $example }.
mistake-number = Bitte geben Sie bei „{ $label }“ eine Zahl ein.
mistake-number-example = Bitte geben Sie bei „{ $label }“ eine Zahl ein, zum Beispiel { $example }.
mistake-digits = „{ $label }“ hat mehr Ziffern, als unverändert übertragen werden können. Bitte geben Sie eine kürzere Zahl ein.
mistake-between = Bitte geben Sie bei „{ $label }“ eine Zahl von { $least } bis { $most } ein.
mistake-from = Bitte geben Sie bei „{ $label }“ eine Zahl ab { $least } ein.
mistake-up-to = Bitte geben Sie bei „{ $label }“ eine Zahl bis { $most } ein.

## Fields that many apps have

field-value = Wert
field-none = Keine Angabe
field-api-key = API-Schlüssel
field-access-key = Zugriffsschlüssel
    .hint = Sie finden ihn in den Einstellungen der App, oft unter „API“ oder „Entwickler“.
field-api-secret = API-Secret
field-client-id = Client-ID
field-client-secret = Client-Secret
field-username = Benutzername
field-password = Passwort
field-email = E-Mail-Adresse
field-subdomain = Subdomain
    .hint = Der erste Teil der Adresse, die Sie sehen, wenn Sie angemeldet sind. Sie können die ganze Adresse einfügen.
field-domain = Domain
    .hint = Die Adresse, die Sie sehen, wenn Sie angemeldet sind. Sie können die ganze Adresse einfügen.
field-web-address = Webadresse
field-region = Region
field-account-id = Konto-ID
field-company-id = Unternehmens-ID
field-store-hash = Store-Hash

## Fields of single apps

field-freshdesk-address = Freshdesk-Adresse
    .hint = Der erste Teil Ihrer Freshdesk-Adresse: „acme“ in acme.freshdesk.com. Sie können die ganze Adresse einfügen.
field-freshdesk-key = API-Schlüssel
    .hint = Öffnen Sie in Freshdesk Ihre Profileinstellungen. Dort wird der Schlüssel angezeigt.
field-freshdesk-password = Passwort
    .hint = Wenn Sie einen API-Schlüssel verwenden, geben Sie hier X ein: Freshdesk prüft dieses Feld dann nicht.
field-gorgias-address = Gorgias-Adresse
    .hint = Der erste Teil Ihrer Gorgias-Adresse: „acme“ in acme.gorgias.com. Sie können die ganze Adresse einfügen.
field-jira-email = E-Mail-Adresse
    .hint = Die Adresse, mit der Sie sich bei Jira anmelden.
field-jira-key = API-Schlüssel
    .hint = Erstellen Sie einen in den Sicherheitseinstellungen Ihres Atlassian-Kontos. Ihr Passwort funktioniert hier nicht.
field-jira-address = Jira-Adresse
    .hint = Der erste Teil Ihrer Jira-Adresse: „acme“ in acme.atlassian.net. Sie können die ganze Adresse einfügen.
field-mailgun-username = Benutzername
    .hint = Bei Mailgun ist der Benutzername für alle „api“.
field-mailgun-key = API-Schlüssel
    .hint = Öffnen Sie in Mailgun die Seite „API Security“ und legen Sie einen Schlüssel an.
field-servicenow-address = ServiceNow-Adresse
    .hint = Der erste Teil Ihrer ServiceNow-Adresse: „acme“ in acme.service-now.com. Sie können die ganze Adresse einfügen.
field-shippo-key = API-Schlüssel
    .hint = Öffnen Sie in Shippo „Settings“, dann „API“.
field-shipstation-key = API-Schlüssel
    .hint = Öffnen Sie in ShipStation „Account settings“, dann „API settings“.
field-shipstation-secret = API-Secret
    .hint = Es wird neben dem API-Schlüssel angezeigt.
field-shopify-shop = Shop-Name
    .hint = Der erste Teil der Adresse Ihres Shops: „acme“ in acme.myshopify.com. Sie können die ganze Adresse einfügen.
field-trello-key = API-Schlüssel
    .hint = Öffnen Sie in Trello die Verwaltung der Power-Ups, dann Ihr Power-Up, dann „API-Schlüssel“.
field-trello-access-key = Zugriffsschlüssel
    .hint = Der Link neben Ihrem API-Schlüssel führt zu einer Seite von Trello. Sobald Sie dort den Zugriff erlauben, zeigt sie den Zugriffsschlüssel an.
field-zendesk-address = Zendesk-Adresse
    .hint = Der erste Teil Ihrer Zendesk-Adresse: „acme“ in acme.zendesk.com. Sie können die ganze Adresse einfügen.
field-zoho-region = Region
    .hint = Wo Ihr Zoho-Konto gespeichert ist. Das zeigt das Ende der Adresse, wenn Sie angemeldet sind: zoho.com steht für die USA, zoho.eu für Europa.

## Regions

region-australia = Australien
region-canada = Kanada
region-china = China
region-europe = Europa
region-india = Indien
region-japan = Japan
region-saudi-arabia = Saudi-Arabien
region-united-kingdom = Vereinigtes Königreich
region-united-states = USA

## While we look

checking-heading = Wir fragen bei { $app } nach …
checking-wait = Das dauert meist nur ein paar Sekunden.
checking-heading-reported = { $app } meldet einen Fehler
checking-reported = Wir prüfen noch, ob die Verbindung trotzdem zustande gekommen ist.
checking-heading-asking = Noch keine Bestätigung von { $app }
checking-reported-asking = { $app } hat einen Fehler gemeldet. Wir prüfen noch, ob die Verbindung trotzdem zustande gekommen ist.
checking-window-heading = Machen Sie im neuen Fenster weiter
checking-window-what = Melden Sie sich dort bei { $app } an. Diese Seite geht dann von selbst weiter.
checking-window-again = Fenster erneut öffnen
checking-what-happened = Was ist bei { $app } passiert?
checking-allowed = Ich habe zugestimmt: weiter prüfen
checking-canceled = Ich habe abgebrochen
checking-administrator = Ein Administrator muss zustimmen
checking-error = Es kam eine Fehlermeldung

## Linked

linked-heading = { $app } ist verbunden
linked-heading-again = { $app } ist wieder verbunden
linked-heading-key = Schlüssel für { $app } gespeichert
linked-heading-details = Anmeldedaten für { $app } gespeichert
linked-can-use = { $host } kann { $account } jetzt nutzen.
linked-can-use-app = { $host } kann jetzt Ihr { $app }-Konto nutzen.
linked-same-account = Das ist dasselbe Konto wie zuvor. Um ein anderes zu verbinden, melden Sie sich zuerst bei { $app } damit an.
linked-untried = Ob alles stimmt, prüft { $host } bei der ersten Nutzung.
linked-earlier = Die frühere Verbindung { $account } besteht noch.
linked-other-account = Das ist ein anderes Konto als zuvor: { $account } statt { $earlier }. Beide sind jetzt verbunden. Möchten Sie beide behalten oder die frühere Verbindung entfernen?
linked-renewed-other-account = Das ist ein anderes Konto als zuvor: { $account } statt { $earlier }. Es hat das frühere ersetzt. Um { $earlier } wieder zu verbinden, melden Sie sich zuerst bei { $app } damit an.
linked-remove-earlier = Frühere entfernen
linked-keep-both = Beide behalten
linked-close = Sie können diese Seite jetzt schließen.
linked-another-app = Weitere App verbinden
linked-not-right = Nicht das richtige Konto?
linked-something-wrong = Ändern

## Linked, and tried at once: it does not work

refused-heading-key = { $app } hat diesen Schlüssel nicht angenommen
refused-heading-details = { $app } hat diese Anmeldedaten nicht angenommen
refused-heading = { $app } gibt { $host } noch keinen Zugriff
refused-what = Die Verbindung ist gespeichert, aber { $app } hat sie beim ersten Versuch abgelehnt.
refused-next-key = Prüfen Sie die Angaben bei { $app } und geben Sie sie noch einmal ein.
refused-next = Verbinden Sie { $app } noch einmal und erlauben Sie alles, worum Sie dort gebeten werden.

## An app that is connected

manage-heading = { $app } ist verbunden
manage-heading-attention = { $app } braucht Ihre Aufmerksamkeit
manage-attention = { $app } akzeptiert { $account } nicht mehr, daher kann { $host } das Konto nicht nutzen. Verbinden Sie es erneut; sonst ändert sich nichts.
manage-connect-again = Erneut verbinden
manage-accounts =
    { $count ->
        [one] { $host } kann dieses Konto nutzen:
       *[other] { $host } kann diese Konten nutzen:
    }
manage-permissions = { $host } kann:
manage-reconnect = Erneut verbinden
manage-disconnect = Trennen
manage-another = Weiteres Konto verbinden
manage-all-apps = Alle Apps anzeigen
manage-does-not-work = braucht Ihre Aufmerksamkeit

## Disconnect

disconnect-heading = { $app } trennen?
disconnect-what = { $host } kann { $account } dann nicht mehr nutzen.
disconnect-listed-named = Bei { $app } kann die App { $consent } weiter aufgeführt sein, bis Sie sie dort entfernen.
disconnect-listed = Bei { $app } kann die App, die { $host } nutzt, weiter aufgeführt sein, bis Sie sie dort entfernen.
disconnect-key-remains = Der Schlüssel selbst gilt weiter, bis Sie ihn bei { $app } löschen.
disconnect-button = Trennen
disconnect-keep = Nicht trennen
disconnected-heading = { $app } ist getrennt
disconnected-what = { $host } kann dieses Konto nicht mehr verwenden.
disconnected-again = { $app } wieder verbinden
disconnected-revoke = Zugriff auch bei { $app } entfernen
disconnecting-heading = { $app } ist noch nicht getrennt
disconnecting-what = Bisher hat es nicht geklappt, deshalb kann { $host } dieses Konto vielleicht noch verwenden. Wir versuchen es weiter. Sie müssen nichts tun und können diese Seite schließen.

## Not linked

not-linked-heading = { $app } ist nicht verbunden
not-linked-unconfirmed = Verbindung mit { $app } nicht bestätigt
not-linked-remove = Zugriff bei { $app } entfernen
canceled-what = Sie haben bei { $app } abgebrochen. Es wurde nichts geändert.
denied-what = Sie haben bei { $app } abgebrochen, oder { $app } hat es nicht zugelassen. Es wurde nichts geändert.
administrator-heading = Ihr { $app }-Administrator muss zustimmen
administrator-next = Kommen Sie danach zurück und verbinden Sie die App erneut.
administrator-again = Erneut verbinden
administrator-message-label = Nachricht an Ihren Administrator
administrator-message-named = Ich möchte { $app } mit { $host } nutzen. Dafür müsste die App { $consent } bei uns in { $app } freigegeben werden. Vielen Dank!
administrator-message = Ich möchte { $app } mit { $host } verbinden. Dafür müsste die App, die { $host } nutzt, bei uns in { $app } freigegeben werden. Vielen Dank!
administrator-copy = Nachricht kopieren
not-confirmed-what = Sie sind von { $app } zurückgekommen, aber die Verbindung ist hier nicht angekommen.
not-confirmed-next = Versuchen Sie es noch einmal.
error-reported-what = { $app } hat einen Fehler gemeldet, und die Verbindung ist hier nicht angekommen.
other-browser-heading = Diese Verbindung konnte nicht bestätigt werden
not-kept-heading = Diese Verbindung wurde verworfen
other-browser-what = Sie wurde in einem anderen Browser begonnen. Wenn Sie das waren, gehen Sie dorthin zurück und verbinden Sie die App erneut.
other-browser-warning = Wenn Ihnen jemand den Link geschickt hat, verwenden Sie ihn nicht.
finished-elsewhere-what = Die Verbindung wurde in einem anderen Browser abgeschlossen. Deshalb konnten wir sie nicht annehmen.
finished-elsewhere-next = Beginnen Sie hier und bleiben Sie bis zum Ende in diesem Browser.
other-user-what = { $host } konnte nicht bestätigen, dass Sie selbst die Verbindung abgeschlossen haben.
nobody-came-what = Wir haben nicht gesehen, dass Sie von { $app } zurückgekommen sind. Deshalb wissen wir nicht, wer die Verbindung abgeschlossen hat.
nobody-came-next = { $host } nutzt sie nicht. Beginnen Sie noch einmal, um die App zu verbinden.
allowed-later-what = Später wurde die Verbindung bei { $app } doch noch erlaubt, aber wir haben nicht gesehen, dass Sie von dort zurückgekommen sind.
allowed-later-deleted = Sie wurde nicht genutzt und ist gelöscht. Beginnen Sie noch einmal, um die App zu verbinden.
expired-what = Sie sind nicht rechtzeitig von { $app } zurückgekommen. Zu Ihrer Sicherheit endet jeder Versuch nach einer Weile.
refused-by-app-what = Die Verbindung wurde abgelehnt. Es wurde nichts geändert.
refused-by-app-next = Wenn Sie etwas eingegeben haben, prüfen Sie es. Versuchen Sie es dann noch einmal.
service-down-heading = Der Verbindungsdienst von { $host } antwortet gerade nicht
service-down-what = { $app } ist noch nicht verbunden. Es wurde nichts geändert. Versuchen Sie es in ein bis zwei Minuten noch einmal.
unsafe-heading = Wir konnten { $app } nicht sicher öffnen
unsafe-what = Der Adresse der Anmeldeseite von { $app } vertrauen wir nicht. Deshalb haben wir die Seite nicht geöffnet.
unsafe-next = Es wurde nichts geändert.
not-set-up-heading = Diese App ist noch nicht eingerichtet
not-set-up-what = { $host } muss { $app } noch fertig einrichten. Sie müssen nichts tun.
superseded-heading = Ein neuerer Versuch hat diesen ersetzt
superseded-what = Sie haben begonnen, { $app } mit anderen Angaben erneut zu verbinden. Nur der neuere Versuch zählt.
superseded-go-on = Mit { $app } weitermachen

## Problems

problem-start-again = Gehen Sie zurück zu { $host } und beginnen Sie dort noch einmal.
problem-not-found-heading = Wir können diese Seite nicht finden
problem-not-found-what = Vielleicht enthält die Adresse einen Tippfehler, oder es gibt die Seite nicht mehr.
problem-choose = App auswählen
problem-expired-heading = Diese Seite ist abgelaufen
problem-expired-what = Zu Ihrer Sicherheit funktioniert sie nur für kurze Zeit. Es wurde nichts geändert.
problem-time-over-heading = Ihre Zeit auf dieser Seite ist abgelaufen
problem-time-over-what = Ihre bisherigen Verbindungen bleiben erhalten.
problem-cookie-heading = Ihr Browser hat unser Cookie nicht gespeichert
problem-cookie-what = Wir brauchen ein Cookie, um Sie wiederzuerkennen. Erlauben Sie Cookies für diese Website oder verwenden Sie einen anderen Browser.
problem-link-heading = Dieser Link funktioniert nicht mehr
problem-link-what = Zu Ihrer Sicherheit funktioniert ein Link nur einmal und nur für kurze Zeit.
problem-too-many-heading = Zu viele Versuche in kurzer Zeit
problem-too-many-what = Bitte warten Sie eine Minute und versuchen Sie es dann noch einmal. Ihre bisherigen Verbindungen bleiben erhalten.
problem-not-from-here-heading = Das haben wir nicht angenommen
problem-not-from-here-what = Zu Ihrer Sicherheit nehmen wir nur an, was Sie auf dieser Website auswählen. Es wurde nichts geändert.
problem-not-from-here-open = Seite neu öffnen
problem-address-heading = Diese Seite wurde unter einer anderen Adresse geöffnet
problem-address-what = Sie funktioniert nur unter { $address }. Es wurde nichts geändert.
problem-address-open = Dort öffnen
problem-not-understood-heading = Das konnten wir nicht lesen
problem-not-understood-what = Etwas an der Anfrage war unvollständig oder zu lang. Es wurde nichts geändert.
problem-internal-heading = Bei uns ist etwas schiefgegangen
problem-internal-what = Es liegt nicht an Ihnen. Ihre bisherigen Verbindungen bleiben erhalten.
problem-user-heading = Wir können Ihre Verbindungen nicht öffnen
problem-user-what = Zu Ihrer Sicherheit wurde nichts angezeigt und nichts geändert. Es liegt nicht an Ihnen, und ein neuer Versuch hilft nicht.
problem-user-tell = Bitte nennen Sie { $host } die Referenznummer unten.
problem-service-down-what = Ihre bisherigen Verbindungen bleiben erhalten. Meist dauert es nur ein bis zwei Minuten. Versuchen Sie es dann noch einmal.
problem-unknown-heading = Wir können gerade nicht sagen, was verbunden ist
problem-unknown-what = Die Liste Ihrer Verbindungen ist zu lang, um gelesen zu werden. Es wurde nichts geändert, und Ihre bisherigen Verbindungen bleiben erhalten.
