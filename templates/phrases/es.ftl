# The phrases of all pages, in Spanish: https://projectfluent.org. The file en.ftl says what the variables are.

# What this language calls itself.
language-name = Español

## On every page

language-choice = Idioma
# Read out before the title when something has to be checked.
title-mistake = Por favor, revise:
your-account = Su cuenta
who-name = { $name }
who-name-and-email = { $name } ({ $email })
who-account = su cuenta de { $host }
back = Volver a { $host }
try-again = Intentar de nuevo
check-again = Comprobar de nuevo
choose-another-app = Elegir otra aplicación
cancel = Cancelar
wait = Un momento…
wait-still = Seguimos esperando…
copied = Copiado
since = desde el { $day }
# Read out after a link.
new-tab = (se abre en otra pestaña)
# Stands before a number such as K7F3-92QD.
reference = Referencia
tell-the-host = Si vuelve a ocurrir, indique a { $host } la referencia que aparece abajo.

## In a window of the host’s page

window-close = Cerrar esta ventana
window-closes = Esta ventana se cierra sola.
window-can-be-closed = Ya puede cerrar esta ventana.
window-closed-heading = Puede cerrar esta ventana
window-closed-what = Después, continúe en { $host }.
frame-close = Cerrar
frame-closed-heading = Puede continuar en { $host }

## Time

time-ends = Su tiempo en esta página termina pronto. Hora límite: { $time }.
time-ends-utc = Su tiempo en esta página es limitado. Hora límite: { $time } (UTC).
time-more = Ampliar el tiempo
time-longer = Ahora tiene más tiempo. Nueva hora límite: { $time }.
time-last = Esta página no puede seguir abierta más allá de esa hora. Termine antes, por favor.
time-failed = No ha funcionado. Inténtelo de nuevo.

## Start: arrival by a link

start-heading = Conectar sus aplicaciones con { $host }
start-for = Está conectando aplicaciones para { $who }. Esta cuenta podrá usar lo que conecte aquí.
start-first = ¿Qué aplicación quiere conectar primero?
start-caution = Continúe solo si fue usted quien vino aquí desde { $host }.
start-not-you = ¿No es usted?
start-go-back = Volver a { $host }

## Switch accounts?

switch-heading = ¿Cambiar de cuenta?
switch-named = Este navegador está conectando aplicaciones para { $current }. Este enlace es para { $invited }.
switch-named-stay-safe = ¿Tiene dudas? Siga con { $current }.
switch-named-stay = Seguir con { $current }
switch-named-go = Cambiar a { $invited }
switch-unnamed = Este navegador está conectando aplicaciones para una cuenta de { $host }. Este enlace es para otra.
switch-unnamed-stay-safe = ¿Tiene dudas? Siga con la cuenta actual.
switch-unnamed-stay = Seguir con esta cuenta
switch-unnamed-go = Cambiar a la otra cuenta

## Choose an app

choose-heading = Elegir una aplicación
choose-find = Buscar una aplicación
choose-find-button = Buscar
choose-categories = Categorías
choose-all = Todas
choose-connected = Conectadas
choose-all-apps = Todas las aplicaciones
choose-matching = Aplicaciones que coinciden con «{ $query }»
choose-nothing = Ninguna aplicación coincide con «{ $query }».
choose-nothing-in-category = No hay aplicaciones en esta categoría.
choose-show-all = Ver todas las aplicaciones
# $n is a number that changes while somebody types: no plural is possible here.
choose-found = Resultados: { $n }
choose-more-accounts = y { $count } más
choose-manage = Gestionar
choose-attention = requiere su atención
choose-none = { $host } todavía no ofrece aplicaciones aquí.
choose-stale = El servicio de conexión de { $host } no responde en este momento. Por eso ve una lista anterior de aplicaciones.
choose-unknown = En este momento no podemos ver qué aplicaciones están conectadas. Lo que conectó antes se conserva.

## Connect one app

connect-heading = Conectar { $app } con { $host }
connect-heading-again = Volver a conectar { $app } con { $host }
connect-heading-another = Conectar otra cuenta de { $app } con { $host }
connect-for = Para { $who }
connect-ways = Formas de conectar
connect-way-sign-in = Iniciar sesión en { $app }
connect-renews = Así renueva la conexión con { $account }. Inicie sesión con la misma cuenta.
connect-needs-again = { $host } le pide que vuelva a conectar { $account }. Inicie sesión con la misma cuenta.
connect-asks-again = { $host } le pide que vuelva a conectar { $app }. Inicie sesión con la misma cuenta que antes.
connect-already = Cuentas ya conectadas
connect-full-heading = No se ha guardado nada
connect-full-what =
    { $count ->
        [one] Aquí solo se puede conectar una cuenta de { $app }. Desconéctela primero y vuelva a intentarlo.
        [many] Aquí se pueden conectar como máximo { $count } de cuentas de { $app }. Desconecte una que ya no necesite y vuelva a intentarlo.
       *[other] Aquí se pueden conectar como máximo { $count } cuentas de { $app }. Desconecte una que ya no necesite y vuelva a intentarlo.
    }
connect-permissions = { $host } podrá:
connect-docs = Más información sobre { $app } con { $host }
connect-next-named = A continuación, { $app } mostrará el nombre { $consent } y le pedirá que lo autorice. Es la aplicación que { $host } usa para conectarse.
connect-next-own = A continuación, { $app } le pedirá que autorice { $consent }.
connect-next = A continuación, { $app } le pedirá su autorización.
connect-lists = { $app } le mostrará exactamente qué autoriza.
connect-check-account = Compruebe allí que la cuenta elegida sea la correcta.
connect-continue = Continuar en { $app }
connect-save-key = Guardar clave
connect-save-sign-in = Guardar datos de acceso
connect-opening = Abriendo { $app }…
connect-checking-key = Comprobando su clave…
connect-checking-sign-in = Comprobando sus datos de acceso…
connect-still = Seguimos esperando a { $app }…
connect-administrator = Algunas cuentas necesitan la aprobación de un administrador.
connect-undo = Puede desconectarla aquí en cualquier momento.
connect-window-opened = Continúe en la ventana que se ha abierto.
connect-safe-sign-in = { $host } nunca ve su contraseña de { $app }.
connect-safe-key = No volveremos a mostrarla.
connect-safe-details = No volveremos a mostrar la contraseña.

## Inside another app: its built-in browser

built-in-notice = Es posible que { $app } no le permita iniciar sesión dentro de esta aplicación.
built-in-notice-any = Es posible que algunas aplicaciones no le permitan iniciar sesión dentro de esta.
built-in-open = Abrir en el navegador
built-in-anyway = Continuar aquí de todos modos
built-in-heading = Abrir esta página en el navegador
built-in-how = Copie el enlace y péguelo en la barra de direcciones de su navegador. Funciona una sola vez, durante diez minutos.
built-in-private = No se lo dé a nadie: sirve para conectar aplicaciones en su nombre.
built-in-link = Enlace
built-in-copy = Copiar enlace
built-in-back = Volver

## Forms

form-check = Revise los datos
form-optional = (opcional)
form-example = Por ejemplo:
form-where = ¿Dónde lo encuentro?
form-choose = Elegir…
form-show = Mostrar
form-hide = Ocultar
# A list of what a form asks for: the last two, and those before. $within is for English only; other languages use $other.
form-and = { $one } + { $other }
form-comma = { $one }, { $other }

## What is wrong with an answer. $within is the field's name inside of an English sentence; other languages put $label
## in quotation marks.

mistake-missing = Complete el campo «{ $label }».
mistake-missing-example = Complete el campo «{ $label }», por ejemplo: { $example }.
mistake-empty = Complete el campo «{ $label }». Si debe quedar vacío, déjelo así y vuelva a pulsar el botón.
mistake-choose = Elija una opción en «{ $label }».
mistake-email = Escriba la dirección completa en «{ $label }», por ejemplo: { $example }.
mistake-address = Escriba una dirección web en «{ $label }», por ejemplo: { $example }.
mistake-form = Esto no parece correcto. Vuelva a completar el campo «{ $label }».
mistake-form-example = Esto no parece correcto. Vuelva a completar el campo «{ $label }», por ejemplo: { $example }.
mistake-other-address = Escriba en «{ $label }» la parte de su dirección que va delante de { $domain }, por ejemplo: { $example }. Aquí no sirven otras direcciones.
mistake-part-only = Escriba en «{ $label }» solo la parte correspondiente de la dirección, por ejemplo: { $example }.
mistake-host-only = Escriba en «{ $label }» solo la dirección, sin nada detrás, por ejemplo: { $example }.
mistake-unseen = El campo «{ $label }» contiene caracteres invisibles. Escríbalo de nuevo sin ellos.
mistake-lines = El contenido de «{ $label }» tiene varias líneas, que se han perdido. Péguelo de nuevo aquí: el campo ya las acepta.
mistake-short =
    { $count ->
        [one] El campo «{ $label }» debe tener al menos { $count } carácter. Compruebe que no falte nada.
        [many] El campo «{ $label }» debe tener al menos { $count } de caracteres. Compruebe que no falte nada.
       *[other] El campo «{ $label }» debe tener al menos { $count } caracteres. Compruebe que no falte nada.
    }
mistake-long =
    { $count ->
        [one] El campo «{ $label }» puede tener como máximo { $count } carácter. Compruebe que no se haya pegado nada más.
        [many] El campo «{ $label }» puede tener como máximo { $count } de caracteres. Compruebe que no se haya pegado nada más.
       *[other] El campo «{ $label }» puede tener como máximo { $count } caracteres. Compruebe que no se haya pegado nada más.
    }
mistake-whole-number = Escriba un número entero en «{ $label }».
mistake-whole-number-example = Escriba un número entero en «{ $label }», por ejemplo: { $example }.
mistake-number = Escriba un número en «{ $label }».
mistake-number-example = Escriba un número en «{ $label }», por ejemplo: { $example }.
mistake-digits = «{ $label }» tiene más cifras de las que se pueden enviar sin cambios. Escriba un número más corto.
mistake-between = Escriba un número entre { $least } y { $most } en «{ $label }».
mistake-from = Escriba un número a partir de { $least } en «{ $label }».
mistake-up-to = Escriba un número hasta { $most } en «{ $label }».

## Fields that many apps have

field-value = Valor
field-none = Ninguno
field-api-key = Clave de API
field-access-key = Clave de acceso
    .hint = La encontrará en la configuración de la aplicación, a menudo en «API» o «Desarrolladores».
field-api-secret = Secreto de API
field-client-id = ID de cliente
field-client-secret = Secreto de cliente
field-username = Nombre de usuario
field-password = Contraseña
field-email = Correo electrónico
field-subdomain = Subdominio
    .hint = La primera parte de la dirección que ve después de iniciar sesión. Puede pegar la dirección completa.
field-domain = Dominio
    .hint = La dirección que ve después de iniciar sesión. Puede pegarla completa.
field-web-address = Dirección web
field-region = Región
field-account-id = ID de cuenta
field-company-id = ID de empresa
field-store-hash = Hash de la tienda

## Fields of single apps

field-freshdesk-address = Dirección de Freshdesk
    .hint = La primera parte de su dirección de Freshdesk: «acme» en acme.freshdesk.com. Puede pegar la dirección completa.
field-freshdesk-key = Clave de API
    .hint = En Freshdesk, abra la configuración de su perfil. Allí aparece la clave.
field-freshdesk-password = Contraseña
    .hint = Si usa una clave de API, escriba X: Freshdesk no comprueba este campo.
field-gorgias-address = Dirección de Gorgias
    .hint = La primera parte de su dirección de Gorgias: «acme» en acme.gorgias.com. Puede pegar la dirección completa.
field-jira-email = Correo electrónico
    .hint = La dirección con la que inicia sesión en Jira.
field-jira-key = Clave de API
    .hint = Cree una en la configuración de seguridad de su cuenta de Atlassian. Su contraseña no funciona aquí.
field-jira-address = Dirección de Jira
    .hint = La primera parte de su dirección de Jira: «acme» en acme.atlassian.net. Puede pegar la dirección completa.
field-mailgun-username = Nombre de usuario
    .hint = En Mailgun, el nombre de usuario es «api» para todos.
field-mailgun-key = Clave de API
    .hint = En Mailgun, abra la página «API Security» y cree una clave.
field-servicenow-address = Dirección de ServiceNow
    .hint = La primera parte de su dirección de ServiceNow: «acme» en acme.service-now.com. Puede pegar la dirección completa.
field-shippo-key = Clave de API
    .hint = En Shippo, abra «Settings» y luego «API».
field-shipstation-key = Clave de API
    .hint = En ShipStation, abra «Account settings» y luego «API settings».
field-shipstation-secret = Secreto de API
    .hint = Aparece junto a la clave de API.
field-shopify-shop = Nombre de la tienda
    .hint = La primera parte de la dirección de su tienda: «acme» en acme.myshopify.com. Puede pegar la dirección completa.
field-trello-key = Clave de API
    .hint = En Trello, abra la página de administración de Power-Ups, luego su Power-Up y luego «Clave de API».
field-trello-access-key = Clave de acceso
    .hint = El enlace junto a su clave de API lleva a una página de Trello. Cuando autorice allí el acceso, verá la clave.
field-zendesk-address = Dirección de Zendesk
    .hint = La primera parte de su dirección de Zendesk: «acme» en acme.zendesk.com. Puede pegar la dirección completa.
field-zoho-region = Región
    .hint = Dónde se guarda su cuenta de Zoho. Mire el final de la dirección después de iniciar sesión: zoho.com es Estados Unidos y zoho.eu es Europa.

## Regions

region-australia = Australia
region-canada = Canadá
region-china = China
region-europe = Europa
region-india = India
region-japan = Japón
region-saudi-arabia = Arabia Saudita
region-united-kingdom = Reino Unido
region-united-states = Estados Unidos

## While we look

checking-heading = Comprobando con { $app }…
checking-wait = Suele tardar unos segundos.
checking-heading-reported = { $app } comunicó un error
checking-reported = Seguimos comprobando si la conexión se estableció de todos modos.
checking-heading-asking = Aún no hay confirmación de { $app }
checking-reported-asking = { $app } comunicó un error. Seguimos comprobando si la conexión se estableció de todos modos.
checking-window-heading = Continúe en la ventana que se ha abierto
checking-window-what = Inicie sesión en { $app } allí. Esta página avanzará sola.
checking-window-again = Abrir la ventana de nuevo
checking-what-happened = ¿Qué ocurrió en { $app }?
checking-allowed = Lo autoricé: seguir comprobando
checking-canceled = Cancelé
checking-administrator = Se necesita un administrador
checking-error = Apareció un error

## Linked

linked-heading = { $app } está conectado
linked-heading-again = { $app } vuelve a estar conectado
linked-heading-key = Clave de { $app } guardada
linked-heading-details = Datos de acceso de { $app } guardados
linked-can-use = { $host } ya puede usar { $account }.
linked-can-use-app = { $host } ya puede usar su cuenta de { $app }.
linked-same-account = Es la misma cuenta que antes. Para conectar otra, inicie sesión primero con ella en { $app }.
linked-untried = { $host } comprobará si funciona cuando lo use por primera vez.
linked-earlier = La conexión anterior, { $account }, sigue ahí.
linked-other-account = No es la misma cuenta que antes: ahora es { $account } y antes era { $earlier }. Las dos están conectadas. ¿Desea conservar ambas o quitar la anterior?
linked-renewed-other-account = No es la misma cuenta que antes: ahora es { $account } y antes era { $earlier }, a la que sustituye. Para volver a conectar { $earlier }, inicie sesión primero con esa cuenta en { $app }.
linked-remove-earlier = Quitar la anterior
linked-keep-both = Conservar ambas
linked-close = Ya puede cerrar esta página.
linked-another-app = Conectar otra aplicación
linked-not-right = ¿No es la cuenta correcta?
linked-something-wrong = Cambiar

## Linked, and tried at once: it does not work

refused-heading-key = { $app } no aceptó esta clave
refused-heading-details = { $app } no aceptó estos datos de acceso
refused-heading = { $app } aún no da acceso a { $host }
refused-what = La conexión se guardó, pero { $app } la rechazó cuando la probamos.
refused-next-key = Compruebe los datos en { $app } y escríbalos de nuevo.
refused-next = Vuelva a conectar { $app } y autorice todo lo que se le pida.

## An app that is connected

manage-heading = { $app } está conectado
manage-heading-attention = { $app } requiere su atención
manage-attention = { $app } ya no acepta { $account }, por lo que { $host } no puede usar esta cuenta. Vuelva a conectarla; no cambiará nada más.
manage-connect-again = Conectar de nuevo
manage-accounts =
    { $count ->
        [one] { $host } puede usar esta cuenta:
        [many] { $host } puede usar estas cuentas:
       *[other] { $host } puede usar estas cuentas:
    }
manage-permissions = { $host } puede:
manage-reconnect = Volver a conectar
manage-disconnect = Desconectar
manage-another = Conectar otra cuenta
manage-all-apps = Ver todas las aplicaciones
manage-does-not-work = requiere su atención

## Disconnect

disconnect-heading = ¿Desconectar { $app }?
disconnect-what = { $host } ya no podrá usar { $account }.
disconnect-listed-named = Es posible que la aplicación { $consent } siga apareciendo en { $app } hasta que la quite allí.
disconnect-listed = Es posible que la aplicación que usa { $host } siga apareciendo en { $app } hasta que la quite allí.
disconnect-key-remains = La clave en sí sigue funcionando hasta que la elimine en { $app }.
disconnect-button = Desconectar
disconnect-keep = No desconectar
disconnected-heading = { $app } está desconectado
disconnected-what = { $host } ya no puede usar esta cuenta.
disconnected-again = Volver a conectar { $app }
disconnected-revoke = Quitar también el acceso en { $app }
disconnecting-heading = { $app } aún no está desconectado
disconnecting-what = Todavía no ha sido posible, así que { $host } quizá aún pueda usar esta cuenta. Seguimos intentándolo. No tiene que hacer nada y puede cerrar esta página.

## Not linked

not-linked-heading = { $app } no está conectado
not-linked-unconfirmed = Conexión con { $app } sin confirmar
not-linked-remove = Quitar el acceso en { $app }
canceled-what = Canceló la operación en { $app }. No se cambió nada.
denied-what = Canceló la operación en { $app }, o bien { $app } no la permitió. No se cambió nada.
administrator-heading = Su administrador de { $app } debe aprobarlo
administrator-next = Cuando lo apruebe, regrese y vuelva a conectar la aplicación.
administrator-again = Volver a conectar
administrator-message-label = Mensaje para su administrador
administrator-message-named = Me gustaría usar { $app } con { $host }. Para eso hace falta aprobar la aplicación { $consent } en nuestra cuenta de { $app }. ¡Gracias!
administrator-message = Me gustaría conectar { $app } con { $host }. Para eso hace falta aprobar la aplicación que usa { $host } en nuestra cuenta de { $app }. ¡Gracias!
administrator-copy = Copiar mensaje
not-confirmed-what = Usted volvió de { $app }, pero la conexión no apareció aquí.
not-confirmed-next = Inténtelo de nuevo.
error-reported-what = { $app } comunicó un error y la conexión no apareció aquí.
other-browser-heading = No se pudo confirmar esta conexión
not-kept-heading = Esta conexión se descartó
other-browser-what = Se inició en otro navegador. Si fue usted, regrese a él y vuelva a conectar la aplicación.
other-browser-warning = Si alguien le envió el enlace, no lo use.
finished-elsewhere-what = La conexión se completó en otro navegador. Por eso no pudimos aceptarla.
finished-elsewhere-next = Empiece aquí y siga en este navegador hasta el final.
other-user-what = { $host } no pudo confirmar que fuera usted quien completó la conexión.
nobody-came-what = No vimos que usted volviera de { $app }. Por eso no sabemos quién completó la conexión.
nobody-came-next = { $host } no la usa. Para conectar la aplicación, empiece de nuevo.
allowed-later-what = Más tarde se permitió la conexión en { $app }, pero no vimos que usted volviera de allí.
allowed-later-deleted = No se usó y se ha eliminado. Para conectar la aplicación, empiece de nuevo.
expired-what = No volvió de { $app } a tiempo. Por su seguridad, cada intento termina al cabo de un rato.
refused-by-app-what = La conexión fue rechazada. No se cambió nada.
refused-by-app-next = Si escribió algún dato, compruébelo. Después, inténtelo de nuevo.
service-down-heading = El servicio de conexión de { $host } no responde en este momento
service-down-what = { $app } aún no está conectado. No se cambió nada. Inténtelo de nuevo en uno o dos minutos.
unsafe-heading = No pudimos abrir { $app } de forma segura
unsafe-what = No confiamos en la dirección de la página de inicio de sesión de { $app }. Por eso no la abrimos.
unsafe-next = No se cambió nada.
not-set-up-heading = Esta aplicación aún no está lista
not-set-up-what = { $host } tiene que terminar de configurar { $app }. Usted no tiene que hacer nada.
superseded-heading = Un intento más reciente reemplazó a este
superseded-what = Empezó a conectar { $app } de nuevo con otros datos. Solo cuenta el intento más reciente.
superseded-go-on = Seguir con { $app }

## Problems

problem-start-again = Vuelva a { $host } y empiece de nuevo desde allí.
problem-not-found-heading = No encontramos esta página
problem-not-found-what = Puede que la dirección esté mal escrita o que la página ya no exista.
problem-choose = Elegir una aplicación
problem-expired-heading = Esta página ha caducado
problem-expired-what = Por su seguridad, solo funciona durante un tiempo corto. No se cambió nada.
problem-time-over-heading = Su tiempo en esta página ha terminado
problem-time-over-what = Lo que conectó antes se conserva.
problem-cookie-heading = Su navegador no guardó nuestra cookie
problem-cookie-what = Necesitamos una cookie para saber que sigue siendo usted. Permita las cookies en este sitio o use otro navegador.
problem-link-heading = Este enlace ya no funciona
problem-link-what = Por su seguridad, cada enlace funciona una sola vez y durante un tiempo corto.
problem-too-many-heading = Demasiados intentos en poco tiempo
problem-too-many-what = Espere un minuto y vuelva a intentarlo. Lo que conectó antes se conserva.
problem-not-from-here-heading = No se aceptó esta acción
problem-not-from-here-what = Por su seguridad, solo aceptamos lo que usted elige en este sitio. No se cambió nada.
problem-not-from-here-open = Abrir la página de nuevo
problem-address-heading = Esta página se abrió en otra dirección
problem-address-what = Solo funciona en { $address }. No se cambió nada.
problem-address-open = Abrirla allí
problem-not-understood-heading = No pudimos leer esto
problem-not-understood-what = Algo en la solicitud estaba incompleto o era demasiado largo. No se cambió nada.
problem-internal-heading = Algo falló de nuestro lado
problem-internal-what = No es un error suyo. Lo que conectó antes se conserva.
problem-user-heading = No podemos abrir sus conexiones
problem-user-what = Por su seguridad no se mostró ni se cambió nada. No es un error suyo, y volver a intentarlo no servirá.
problem-user-tell = Indique a { $host } la referencia que aparece abajo.
problem-service-down-what = Lo que conectó antes se conserva. Suele tardar uno o dos minutos. Después, inténtelo de nuevo.
problem-unknown-heading = En este momento no podemos saber qué está conectado
problem-unknown-what = La lista de sus conexiones es demasiado larga para leerla. No se ha cambiado nada y lo que conectó antes se conserva.
