# The phrases of all pages, in Modern Standard Arabic (العربية). en.ftl says what the variables are.

language-name = العربية

## On every page

language-choice = اللغة
title-mistake = يُرجى التحقق:
your-account = حسابك
who-name = { $name }
who-name-and-email = { $name } ({ $email })
who-account = حسابك في { $host }
back = العودة إلى { $host }
try-again = إعادة المحاولة
check-again = التحقق مرة أخرى
choose-another-app = اختيار تطبيق آخر
cancel = إلغاء
wait = لحظة من فضلك…
wait-still = ما زلنا ننتظر…
copied = تم النسخ
since = منذ { $day }
new-tab = (يُفتح في علامة تبويب جديدة)
reference = الرقم المرجعي
tell-the-host = إذا تكرر ذلك، فيُرجى إبلاغ فريق { $host } بالرقم المرجعي أدناه.

## In a window of the host’s page

window-close = إغلاق هذه النافذة
window-closes = ستُغلق هذه النافذة تلقائيًا.
window-can-be-closed = يمكنك إغلاق هذه النافذة الآن.
window-closed-heading = يمكنك إغلاق هذه النافذة
window-closed-what = بعد ذلك يمكنك المتابعة في { $host }.
frame-close = إغلاق
frame-closed-heading = يمكنك المتابعة في { $host }

## Time

time-ends = تنتهي مدة استخدام هذه الصفحة في الساعة { $time }.
time-ends-utc = تنتهي مدة استخدام هذه الصفحة في الساعة { $time } (بالتوقيت العالمي).
time-more = تمديد المدة
time-longer = تم تمديد المدة حتى الساعة { $time }.
time-last = لا يمكن تمديد المدة أكثر من ذلك. يُرجى الانتهاء قبل هذا الموعد.
time-failed = لم تنجح العملية. تُرجى المحاولة مرة أخرى.

## Start: arrival by a link

start-heading = ربط تطبيقاتك بحسابك في { $host }
start-for = سيتم ربط التطبيقات لصالح { $who }. كل ما يتم ربطه هنا سيصبح متاحًا لهذا الحساب.
start-first = بأي تطبيق نبدأ؟
start-caution = يُرجى المتابعة فقط إذا جئت بنفسك إلى هنا من { $host }.
start-not-you = ليس حسابك؟
start-go-back = العودة إلى { $host }

## Switch accounts?

switch-heading = تبديل الحساب؟
switch-named = يجري في هذا المتصفح ربط تطبيقات لصالح { $current }. أما هذا الرابط فيخص { $invited }.
switch-named-stay-safe = في حال عدم التأكد، من الأفضل البقاء على حساب { $current }.
switch-named-stay = البقاء على حساب { $current }
switch-named-go = التبديل إلى حساب { $invited }
switch-unnamed = يجري في هذا المتصفح ربط تطبيقات لصالح أحد حسابات { $host }. أما هذا الرابط فيخص حسابًا آخر.
switch-unnamed-stay-safe = في حال عدم التأكد، من الأفضل البقاء على الحساب الحالي.
switch-unnamed-stay = البقاء على الحساب الحالي
switch-unnamed-go = التبديل إلى الحساب الآخر

## Choose an app

choose-heading = اختيار تطبيق
choose-find = البحث عن تطبيق
choose-find-button = بحث
choose-categories = الفئات
choose-all = الكل
choose-connected = التطبيقات المرتبطة
choose-all-apps = كل التطبيقات
choose-matching = التطبيقات المطابقة لعبارة «{ $query }»
choose-nothing = لا توجد تطبيقات مطابقة لعبارة «{ $query }».
choose-nothing-in-category = لا توجد تطبيقات في هذه الفئة.
choose-show-all = عرض كل التطبيقات
choose-found = عدد النتائج: { $n }
choose-more-accounts =
    { $count ->
        [zero] ولا حسابات أخرى
        [one] وحساب آخر
        [two] وحسابان آخران
        [few] و{ $count } حسابات أخرى
        [many] و{ $count } حسابًا آخر
       *[other] و{ $count } حساب آخر
    }
choose-manage = إدارة
choose-attention = يحتاج إلى انتباهك
choose-none = لا تتوفر هنا أي تطبيقات من { $host } حتى الآن.
choose-stale = خدمة الربط في { $host } لا تستجيب حاليًا، لذلك تظهر هنا قائمة سابقة بالتطبيقات.
choose-unknown = لا يمكننا حاليًا معرفة التطبيقات المرتبطة. ما سبق ربطه لم يتأثر.

## Connect one app

connect-heading = ربط { $app } بحسابك في { $host }
connect-heading-again = إعادة ربط { $app } بحسابك في { $host }
connect-heading-another = ربط حساب آخر في { $app } بحسابك في { $host }
connect-for = لصالح { $who }
connect-ways = طرق الربط
connect-way-sign-in = تسجيل الدخول إلى { $app }
connect-renews = سيتم تجديد ربط الحساب { $account }. يُرجى تسجيل الدخول بالحساب نفسه.
connect-needs-again = ورد طلب من { $host } لإعادة ربط الحساب { $account }. يُرجى تسجيل الدخول بالحساب نفسه.
connect-asks-again = ورد طلب من { $host } لإعادة ربط { $app }. يُرجى تسجيل الدخول بالحساب نفسه المستخدم سابقًا.
connect-already = الحسابات المرتبطة
connect-full-heading = لم يُحفظ أي شيء
connect-full-what =
    { $count ->
        [zero] لا يمكن ربط أي حساب في { $app } هنا.
        [one] يمكن ربط حساب واحد فقط في { $app } هنا. يُرجى إلغاء ربطه أولًا ثم إعادة المحاولة.
        [two] يمكن ربط حسابين فقط في { $app } هنا. يُرجى إلغاء ربط حساب لم تعد هناك حاجة إليه ثم إعادة المحاولة.
        [few] يمكن ربط { $count } حسابات كحد أقصى في { $app } هنا. يُرجى إلغاء ربط حساب لم تعد هناك حاجة إليه ثم إعادة المحاولة.
        [many] يمكن ربط { $count } حسابًا كحد أقصى في { $app } هنا. يُرجى إلغاء ربط حساب لم تعد هناك حاجة إليه ثم إعادة المحاولة.
       *[other] يمكن ربط { $count } حساب كحد أقصى في { $app } هنا. يُرجى إلغاء ربط حساب لم تعد هناك حاجة إليه ثم إعادة المحاولة.
    }
connect-permissions = سيكون بإمكان { $host }:
connect-docs = المزيد عن استخدام { $app } مع { $host }
connect-next-named = في الخطوة التالية، يظهر في { $app } الاسم { $consent } ويُطلب منك السماح له. هذا هو التطبيق المستخدم في { $host } للربط.
connect-next-own = في الخطوة التالية، سيُطلب منك في { $app } السماح للتطبيق { $consent }.
connect-next = في الخطوة التالية، ستُطلب منك الموافقة في { $app }.
connect-lists = تظهر في { $app } قائمة بكل ما تشمله هذه الموافقة.
connect-check-account = يُرجى التأكد هناك من اختيار الحساب الصحيح.
connect-continue = متابعة إلى { $app }
connect-save-key = حفظ المفتاح
connect-save-sign-in = حفظ بيانات الدخول
connect-opening = جارٍ فتح { $app }…
connect-checking-key = جارٍ التحقق من مفتاحك…
connect-checking-sign-in = جارٍ التحقق من بيانات الدخول…
connect-still = ما زلنا ننتظر { $app }…
connect-administrator = تتطلب بعض الحسابات موافقة المسؤول.
connect-undo = يمكن إلغاء الربط هنا في أي وقت.
connect-window-opened = أكمل في النافذة التي فُتحت.
connect-safe-sign-in = كلمة مرورك في { $app } لا تصل إلى { $host } أبدًا.
connect-safe-key = لن نعرض المفتاح مرة أخرى.
connect-safe-details = لن نعرض كلمة المرور مرة أخرى.

## Inside another app: its built-in browser

built-in-notice = قد يتعذّر تسجيل الدخول إلى { $app } من داخل التطبيق المفتوح حاليًا.
built-in-notice-any = قد يتعذّر تسجيل الدخول إلى بعض التطبيقات من داخل التطبيق المفتوح حاليًا.
built-in-open = الفتح في المتصفح
built-in-anyway = المتابعة هنا على أي حال
built-in-heading = فتح هذه الصفحة في المتصفح
built-in-how = يُرجى نسخ الرابط ولصقه في شريط العنوان في المتصفح. يعمل الرابط مرة واحدة فقط، لمدة عشر دقائق.
built-in-private = يُرجى عدم إعطاء هذا الرابط لأي شخص، لأنه يتيح ربط تطبيقات بحسابك.
built-in-link = الرابط
built-in-copy = نسخ الرابط
built-in-back = العودة

## Forms

form-check = يُرجى مراجعة ما أدخلته
form-optional = (اختياري)
form-example = مثال:
form-where = أين أجد هذا؟
form-choose = يُرجى الاختيار…
form-show = إظهار
form-hide = إخفاء
form-and = { $one } و{ $other }
form-comma = { $one }، { $other }

## What is wrong with an answer. $within is the field's name inside of an English sentence; other languages put $label
## in quotation marks.

mistake-missing = يُرجى إدخال «{ $label }».
mistake-missing-example = يُرجى إدخال «{ $label }»، مثل { $example }.
mistake-empty = يُرجى إدخال «{ $label }». إذا كان المطلوب تركه فارغًا، فيُرجى تركه كذلك والضغط على الزر مرة أخرى.
mistake-choose = يُرجى اختيار «{ $label }».
mistake-email = يُرجى إدخال «{ $label }» بالكامل، مثل { $example }.
mistake-address = يُرجى إدخال «{ $label }» في صورة عنوان ويب، مثل { $example }.
mistake-form = يبدو أن هذا غير صحيح. يُرجى إدخال «{ $label }» مرة أخرى.
mistake-form-example = يبدو أن هذا غير صحيح. يُرجى إدخال «{ $label }» مرة أخرى، مثل { $example }.
mistake-other-address = يُرجى إدخال الجزء الذي يسبق { $domain } من عنوانك في «{ $label }»، مثل { $example }. لا تعمل هنا عناوين أخرى.
mistake-part-only = يُرجى إدخال الجزء المطلوب فقط من العنوان في «{ $label }»، مثل { $example }.
mistake-host-only = يُرجى إدخال «{ $label }» وحده دون أي شيء بعده، مثل { $example }.
mistake-unseen = توجد في «{ $label }» أحرف غير مرئية. يُرجى إعادة الكتابة من دونها.
mistake-lines = يتكوّن «{ $label }» من عدة أسطر وقد فُقدت. يُرجى لصقه هنا مرة أخرى، فالحقل يقبل الأسطر الآن.
mistake-short =
    { $count ->
        [zero] الحد الأدنى لطول «{ $label }» هو { $count } حرف. يُرجى التأكد من عدم نقص أي شيء.
        [one] الحد الأدنى لطول «{ $label }» هو حرف واحد. يُرجى التأكد من عدم نقص أي شيء.
        [two] الحد الأدنى لطول «{ $label }» هو حرفان. يُرجى التأكد من عدم نقص أي شيء.
        [few] الحد الأدنى لطول «{ $label }» هو { $count } أحرف. يُرجى التأكد من عدم نقص أي شيء.
        [many] الحد الأدنى لطول «{ $label }» هو { $count } حرفًا. يُرجى التأكد من عدم نقص أي شيء.
       *[other] الحد الأدنى لطول «{ $label }» هو { $count } حرف. يُرجى التأكد من عدم نقص أي شيء.
    }
mistake-long =
    { $count ->
        [zero] الحد الأقصى لطول «{ $label }» هو { $count } حرف. يُرجى التأكد من عدم لصق أي شيء زائد.
        [one] الحد الأقصى لطول «{ $label }» هو حرف واحد. يُرجى التأكد من عدم لصق أي شيء زائد.
        [two] الحد الأقصى لطول «{ $label }» هو حرفان. يُرجى التأكد من عدم لصق أي شيء زائد.
        [few] الحد الأقصى لطول «{ $label }» هو { $count } أحرف. يُرجى التأكد من عدم لصق أي شيء زائد.
        [many] الحد الأقصى لطول «{ $label }» هو { $count } حرفًا. يُرجى التأكد من عدم لصق أي شيء زائد.
       *[other] الحد الأقصى لطول «{ $label }» هو { $count } حرف. يُرجى التأكد من عدم لصق أي شيء زائد.
    }
mistake-whole-number = يُرجى إدخال عدد صحيح في «{ $label }».
mistake-whole-number-example = يُرجى إدخال عدد صحيح في «{ $label }»، مثل { $example }.
mistake-number = يُرجى إدخال رقم في «{ $label }».
mistake-number-example = يُرجى إدخال رقم في «{ $label }»، مثل { $example }.
mistake-digits = عدد أرقام «{ $label }» أكبر مما يمكن إرساله دون تغيير. يُرجى إدخال رقم أقصر.
mistake-between = يُرجى إدخال رقم بين { $least } و{ $most } في «{ $label }».
mistake-from = يُرجى إدخال رقم لا يقل عن { $least } في «{ $label }».
mistake-up-to = يُرجى إدخال رقم لا يزيد على { $most } في «{ $label }».

## Fields that many apps have

field-value = القيمة
field-none = لا شيء
field-api-key = مفتاح API
field-access-key = مفتاح الوصول
    .hint = يوجد هذا المفتاح في إعدادات التطبيق، وغالبًا ضمن «API» أو «Developers».
field-api-secret = مفتاح API السري
field-client-id = معرّف العميل
field-client-secret = المفتاح السري للعميل
field-username = اسم المستخدم
field-password = كلمة المرور
field-email = عنوان البريد الإلكتروني
field-subdomain = النطاق الفرعي
    .hint = الجزء الأول من العنوان الذي يظهر في المتصفح بعد تسجيل الدخول. يمكن لصق العنوان كاملًا.
field-domain = النطاق
    .hint = العنوان الذي يظهر في المتصفح بعد تسجيل الدخول. يمكن لصقه كاملًا.
field-web-address = عنوان الويب
field-region = المنطقة
field-account-id = معرّف الحساب
field-company-id = معرّف الشركة
field-store-hash = رمز المتجر (Store hash)

## Fields of single apps

field-freshdesk-address = عنوان Freshdesk
    .hint = الجزء الأول من عنوانك في Freshdesk: أي acme في acme.freshdesk.com. يمكن لصق العنوان كاملًا.
field-freshdesk-key = مفتاح API
    .hint = يظهر المفتاح في إعدادات ملفك الشخصي في Freshdesk.
field-freshdesk-password = كلمة المرور
    .hint = مع مفتاح API يكفي إدخال X هنا، فلا حاجة إلى كلمة المرور في Freshdesk.
field-gorgias-address = عنوان Gorgias
    .hint = الجزء الأول من عنوانك في Gorgias: أي acme في acme.gorgias.com. يمكن لصق العنوان كاملًا.
field-jira-email = عنوان البريد الإلكتروني
    .hint = العنوان المستخدم لتسجيل الدخول إلى Jira.
field-jira-key = مفتاح API
    .hint = يمكن إنشاؤه من إعدادات الأمان في حسابك في Atlassian. كلمة المرور لا تعمل هنا.
field-jira-address = عنوان Jira
    .hint = الجزء الأول من عنوانك في Jira: أي acme في acme.atlassian.net. يمكن لصق العنوان كاملًا.
field-mailgun-username = اسم المستخدم
    .hint = اسم المستخدم في Mailgun هو api للجميع.
field-mailgun-key = مفتاح API
    .hint = في Mailgun، يُرجى فتح صفحة «API security» وإضافة مفتاح.
field-servicenow-address = عنوان ServiceNow
    .hint = الجزء الأول من عنوانك في ServiceNow: أي acme في acme.service-now.com. يمكن لصق العنوان كاملًا.
field-shippo-key = مفتاح API
    .hint = في Shippo، يُرجى فتح «Settings» ثم «API».
field-shipstation-key = مفتاح API
    .hint = في ShipStation، يُرجى فتح «Account settings» ثم «API settings».
field-shipstation-secret = مفتاح API السري
    .hint = يظهر بجانب مفتاح API.
field-shopify-shop = اسم المتجر
    .hint = الجزء الأول من عنوان متجرك: أي acme في acme.myshopify.com. يمكن لصق العنوان كاملًا.
field-trello-key = مفتاح API
    .hint = في Trello، يُرجى فتح صفحة إدارة «Power-Ups»، ثم الإضافة الخاصة بك، ثم «API key».
field-trello-access-key = مفتاح الوصول
    .hint = يفتح الرابط الموجود بجانب مفتاح API صفحة في Trello تعرض مفتاح الوصول بعد السماح بالوصول.
field-zendesk-address = عنوان Zendesk
    .hint = الجزء الأول من عنوانك في Zendesk: أي acme في acme.zendesk.com. يمكن لصق العنوان كاملًا.
field-zoho-region = المنطقة
    .hint = المنطقة التي يُحفظ فيها حسابك في Zoho. تدل عليها نهاية العنوان بعد تسجيل الدخول: zoho.com يعني الولايات المتحدة، أما zoho.eu فيعني أوروبا.

## Regions

region-australia = أستراليا
region-canada = كندا
region-china = الصين
region-europe = أوروبا
region-india = الهند
region-japan = اليابان
region-saudi-arabia = المملكة العربية السعودية
region-united-kingdom = المملكة المتحدة
region-united-states = الولايات المتحدة

## While we look

checking-heading = جارٍ التحقق من { $app }…
checking-wait = يستغرق هذا عادةً بضع ثوانٍ.
checking-heading-reported = ورد خطأ من { $app }
checking-reported = ما زلنا نتحقق مما إذا كان الربط قد تم رغم ذلك.
checking-heading-asking = لم يصل تأكيد من { $app } بعد
checking-reported-asking = ورد خطأ من { $app }. ما زلنا نتحقق مما إذا كان الربط قد تم رغم ذلك.
checking-window-heading = أكمل في النافذة التي فُتحت
checking-window-what = سجّل الدخول إلى { $app } هناك، ثم تنتقل هذه الصفحة تلقائيًا.
checking-window-again = فتح النافذة مرة أخرى
checking-what-happened = ماذا حدث في { $app }؟
checking-allowed = سمحت بذلك: مواصلة التحقق
checking-canceled = ألغيت العملية
checking-administrator = طُلبت موافقة المسؤول
checking-error = ظهر خطأ

## Linked

linked-heading = تم ربط { $app }
linked-heading-again = تمت إعادة ربط { $app }
linked-heading-key = تم حفظ مفتاح { $app }
linked-heading-details = تم حفظ بيانات الدخول إلى { $app }
linked-can-use = أصبح بإمكان { $host } استخدام الحساب { $account }.
linked-can-use-app = أصبح بإمكان { $host } استخدام حسابك في { $app }.
linked-same-account = هذا هو الحساب نفسه الذي كان مرتبطًا. لربط حساب آخر، يُرجى تسجيل الدخول به في { $app } أولًا.
linked-untried = سيتم التحقق مما حفظته عند أول استخدام له في { $host }.
linked-earlier = ما زال الربط السابق { $account } موجودًا.
linked-other-account = هذا حساب آخر غير الحساب السابق: { $account } بدلًا من { $earlier }. كلا الحسابين مرتبط الآن. هل نُبقي على كليهما أم نزيل الربط السابق؟
linked-renewed-other-account = هذا حساب آخر غير الحساب السابق: { $account } بدلًا من { $earlier }، وقد حلّ محلّه. لربط { $earlier } من جديد، يُرجى تسجيل الدخول بهذا الحساب في { $app } أولًا.
linked-remove-earlier = إزالة الربط السابق
linked-keep-both = الإبقاء على كليهما
linked-close = يمكنك إغلاق هذه الصفحة الآن.
linked-another-app = ربط تطبيق آخر
linked-not-right = ليس الحساب الصحيح؟
linked-something-wrong = تغيير

## Linked, and tried at once: it does not work

refused-heading-key = لم يقبل تطبيق { $app } هذا المفتاح
refused-heading-details = لم يقبل تطبيق { $app } بيانات الدخول هذه
refused-heading = لا يسمح تطبيق { $app } بعد بوصول { $host } إليه
refused-what = تم الحفظ، لكننا جرّبنا مرة واحدة وجاء الرد من { $app } بالرفض.
refused-next-key = يُرجى مراجعة البيانات في { $app } وإدخالها مرة أخرى.
refused-next = يُرجى إعادة الربط والسماح بكل ما يطلبه تطبيق { $app }.

## An app that is connected

manage-heading = تطبيق { $app } مرتبط
manage-heading-attention = تطبيق { $app } يحتاج إلى انتباهك
manage-attention = لم يعد تطبيق { $app } يقبل الحساب { $account }، وليس بإمكان { $host } استخدامه. يُرجى ربطه من جديد، ولن يتغير شيء آخر.
manage-connect-again = الربط من جديد
manage-accounts =
    { $count ->
        [zero] بإمكان { $host } استخدام هذه الحسابات:
        [one] بإمكان { $host } استخدام هذا الحساب:
        [two] بإمكان { $host } استخدام هذين الحسابين:
        [few] بإمكان { $host } استخدام هذه الحسابات:
        [many] بإمكان { $host } استخدام هذه الحسابات:
       *[other] بإمكان { $host } استخدام هذه الحسابات:
    }
manage-permissions = بإمكان { $host }:
manage-reconnect = إعادة الربط
manage-disconnect = إلغاء الربط
manage-another = ربط حساب آخر
manage-all-apps = عرض كل التطبيقات
manage-does-not-work = يحتاج إلى انتباهك

## Disconnect

disconnect-heading = إلغاء ربط { $app }؟
disconnect-what = لن يكون بإمكان { $host } استخدام الحساب { $account } بعد ذلك.
disconnect-listed-named = قد يبقى التطبيق { $consent } ظاهرًا في { $app } إلى أن تتم إزالته من هناك.
disconnect-listed = قد يبقى التطبيق المستخدم في { $host } للربط ظاهرًا في { $app } إلى أن تتم إزالته من هناك.
disconnect-key-remains = يبقى المفتاح نفسه صالحًا إلى أن يُحذف من { $app }.
disconnect-button = إلغاء الربط
disconnect-keep = الإبقاء على الربط
disconnected-heading = تم إلغاء ربط { $app }
disconnected-what = لم يعد بإمكان { $host } استخدام هذا الحساب.
disconnected-again = إعادة ربط { $app }
disconnected-revoke = إزالة إذن الوصول من { $app } أيضًا
disconnecting-heading = لم يتم إلغاء ربط { $app } بعد
disconnecting-what = لم يكتمل الأمر حتى الآن، وقد يظل بإمكان { $host } استخدام هذا الحساب. نواصل المحاولة، ولا يلزم فعل أي شيء، ويمكن إغلاق هذه الصفحة.

## Not linked

not-linked-heading = تطبيق { $app } غير مرتبط
not-linked-unconfirmed = تعذّر تأكيد ربط { $app }
not-linked-remove = إزالة إذن الوصول من { $app }
canceled-what = ألغيت العملية في { $app }. لم يتغير أي شيء.
denied-what = إما أنك ألغيت العملية في { $app }، أو أن التطبيق لم يسمح بها. لم يتغير أي شيء.
administrator-heading = تلزم موافقة المسؤول عن { $app }
administrator-next = بعد الموافقة، يُرجى العودة إلى هنا وإعادة الربط.
administrator-again = إعادة الربط
administrator-message-label = رسالة إلى المسؤول
administrator-message-named = أرجو الموافقة على التطبيق { $consent } في { $app } لدينا، حتى أتمكن من استخدامه مع { $host }.
administrator-message = أرجو الموافقة في { $app } لدينا على التطبيق المستخدم في { $host } للربط، حتى أتمكن من الربط بينهما.
administrator-copy = نسخ الرسالة
not-confirmed-what = عدت من { $app }، لكن الربط لم يظهر هنا.
not-confirmed-next = يُرجى إعادة المحاولة.
error-reported-what = ورد خطأ من { $app }، ولم يظهر الربط هنا.
other-browser-heading = تعذّر تأكيد هذا الربط
not-kept-heading = لم يتم حفظ هذا الربط
other-browser-what = بدأ هذا الربط في متصفح آخر. إذا كنت من بدأه، فيُرجى العودة إلى ذلك المتصفح وإعادة الربط هناك.
other-browser-warning = إذا وصلك الرابط من شخص آخر، فيُرجى عدم استخدامه.
finished-elsewhere-what = اكتمل الربط في متصفح آخر، لذلك لم نتمكن من قبوله.
finished-elsewhere-next = للربط، يُرجى البدء من هنا والبقاء في هذا المتصفح حتى النهاية.
other-user-what = تعذّر على { $host } التأكد من أنك من أكمل الربط.
nobody-came-what = لم نتأكد من عودتك من { $app }، لذلك لا نعرف من أكمل الربط.
nobody-came-next = لا يُستخدم هذا الربط في { $host }. للربط، يُرجى البدء من جديد.
allowed-later-what = سُمح بالربط لاحقًا في { $app }، لكننا لم نتأكد من عودتك من هناك.
allowed-later-deleted = لم يُستخدم هذا الربط وقد حُذف. للربط، يُرجى البدء من جديد.
expired-what = لم تتم العودة من { $app } في الوقت المناسب. حفاظًا على أمانك، تنتهي كل محاولة بعد مدة.
refused-by-app-what = تم رفض الربط. لم يتغير أي شيء.
refused-by-app-next = إذا أدخلت بيانات، فيُرجى مراجعتها ثم إعادة المحاولة.
service-down-heading = خدمة الربط في { $host } لا تستجيب حاليًا
service-down-what = لم يتم ربط { $app } بعد. لم يتغير أي شيء. يُرجى إعادة المحاولة بعد دقيقة أو دقيقتين.
unsafe-heading = تعذّر فتح { $app } بأمان
unsafe-what = عنوان صفحة تسجيل الدخول إلى { $app } ليس من العناوين التي نثق بها، لذلك لم ننتقل إليه.
unsafe-next = لم يتغير أي شيء.
not-set-up-heading = هذا التطبيق غير جاهز بعد
not-set-up-what = لم يكتمل بعد إعداد { $app } من جانب { $host }. لا يلزمك فعل أي شيء.
superseded-heading = حلّت محاولة أحدث محل هذه المحاولة
superseded-what = بدأت ربط { $app } مرة أخرى ببيانات مختلفة. المحاولة الأحدث وحدها هي المعتمدة.
superseded-go-on = متابعة ربط { $app }

## Problems

problem-start-again = يُرجى العودة إلى { $host } والبدء من هناك مرة أخرى.
problem-not-found-heading = تعذّر العثور على هذه الصفحة
problem-not-found-what = ربما كُتب العنوان بشكل خاطئ، أو لم تعد الصفحة موجودة.
problem-choose = اختيار تطبيق
problem-expired-heading = انتهت صلاحية هذه الصفحة
problem-expired-what = حفاظًا على أمانك، تعمل هذه الصفحة لمدة قصيرة فقط. لم يتغير أي شيء.
problem-time-over-heading = انتهت مدة استخدام هذه الصفحة
problem-time-over-what = ما سبق ربطه لم يتأثر.
problem-cookie-heading = لم يحفظ متصفحك ملف تعريف الارتباط
problem-cookie-what = نحتاج إلى ملف تعريف ارتباط واحد للتأكد من أنك ما زلت الشخص نفسه. يُرجى السماح بملفات تعريف الارتباط لهذا الموقع، أو استخدام متصفح آخر.
problem-link-heading = لم يعد هذا الرابط يعمل
problem-link-what = حفاظًا على أمانك، يعمل الرابط مرة واحدة فقط، ولمدة قصيرة.
problem-too-many-heading = محاولات كثيرة في وقت قصير
problem-too-many-what = يُرجى الانتظار دقيقة ثم إعادة المحاولة. ما سبق ربطه لم يتأثر.
problem-not-from-here-heading = لم نقبل هذا الطلب
problem-not-from-here-what = حفاظًا على أمانك، لا نقبل إلا ما يتم من داخل هذا الموقع. لم يتغير أي شيء.
problem-not-from-here-open = فتح الصفحة مرة أخرى
problem-address-heading = فُتحت هذه الصفحة على عنوان آخر
problem-address-what = لا تعمل هذه الصفحة إلا على العنوان { $address }. لم يتغير أي شيء.
problem-address-open = فتحها على ذلك العنوان
problem-not-understood-heading = تعذّرت قراءة هذا الطلب
problem-not-understood-what = كان في الطلب شيء ناقص أو أطول من اللازم. لم يتغير أي شيء.
problem-internal-heading = حدث خطأ من جانبنا
problem-internal-what = هذا ليس خطأك. ما سبق ربطه لم يتأثر.
problem-user-heading = لا يمكننا فتح التطبيقات المرتبطة بحسابك
problem-user-what = حفاظًا على سلامتك لم يُعرض شيء ولم يتغيّر شيء. هذا ليس خطأك، ولن تفيد إعادة المحاولة.
problem-user-tell = يُرجى إبلاغ فريق { $host } بالرقم المرجعي أدناه.
problem-service-down-what = ما سبق ربطه لم يتأثر. يستغرق الأمر عادةً دقيقة أو دقيقتين، ثم يمكن إعادة المحاولة.
problem-unknown-heading = لا يمكننا الآن معرفة ما هو مرتبط
problem-unknown-what = قائمة الحسابات المرتبطة أطول من أن تُقرأ. لم يتغير شيء، وما سبق ربطه لم يتأثر.
