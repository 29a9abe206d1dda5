//! A catalogue of 1,000 apps.

use std::time::Duration;

use gangway::{
    config::{ConnectorSettings, Settings},
    sandbox::{Fault, Route},
    web::routes,
};

use crate::{
    browser::Browser,
    budget::{Budget, Table},
    first_view::figure,
    wire::{Answer, Wire},
    world::World,
};

const BYTES: f64 = 60_000.0;
/// Times as long as a list of an eighth of the apps: a longer list costs more in proportion, and no more than that. A
/// budget in milliseconds would depend on the machine.
const TIMES: f64 = 8.0;

/// How many answers count, after some that do not.
const ANSWERS: usize = 30;
const WARM_UP: usize = 5;

const APPS: usize = 1000;
const CATEGORIES: [&str; 8] =
    ["Accounting", "CRM", "Documents", "Marketing", "Messaging", "Online shop", "Shipping", "Support"];
/// What names are made of.
const SYLLABLES: &str = "ad air al am ark ba bel bo bri ca chi co cu da del do ed el en fa fi fol ga gra ha hel hu in \
     jo ka kin la len li lo ma me mi mo na net ni no on or pa pi plo qua ra ri ro sa sen shi so sta ta tel ti to \
     tri ul va ve wa zen zi";
/// What lines are made of.
const WORDS: &str = "accounts ads alerts assets audits badges bids bills boards bookings boxes brands budgets calls \
     campaigns cards carts cases channels chats checks claims classes clients codes comments contacts contracts courses \
     credits customers dates deals designs devices documents domains drafts drives emails employees events expenses \
     feeds fees files flows forms funds goals grants groups guests guides hours imports invoices issues items jobs \
     journals keys labels leads learners ledgers lessons letters lists loans logs mail maps matters meetings members \
     messages metrics milestones minutes models notes offers opportunities orders pages parcels partners parts \
     patients payments pipelines plans points policies polls posts prices products projects quotes ratings receipts \
     records refunds reminders rentals replies reports requests reviews rooms routes sales scans schedules scores \
     segments shifts shipments shops sites slots spaces sprints staff stores surveys tables tags tasks taxes teams \
     tenants terms tests texts threads tickets timesheets tools tours trades trips units users vehicles vendors videos \
     visits votes wallets weeks wikis zones";

/// Draws from lists, the same in every run: a catalogue that repeats itself would weigh too little.
struct Draw(u64);

impl Draw {
    fn one<'a>(&mut self, list: &[&'a str]) -> &'a str {
        // Knuth's MMIX constants; the high bits are the good ones.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        list[usize::try_from(self.0 >> 33).unwrap() % list.len()]
    }
}

/// The apps have only tables in the settings, for the vendor serves no catalogue.
fn only_a_thousand(settings: &mut Settings) {
    let syllables: Vec<&str> = SYLLABLES.split_whitespace().collect();
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let mut draw = Draw(1);
    settings.connectors.each.clear();
    while settings.connectors.each.len() < APPS {
        let id = [(); 4].map(|()| draw.one(&syllables)).concat();
        let [one, two, three] = [(); 3].map(|()| draw.one(&words));
        let app = ConnectorSettings {
            id: id.clone(),
            enabled: true,
            name: Some(capital(&id)),
            description: Some(format!("{}, {two} and {three}", capital(one))),
            category: Some(draw.one(&CATEGORIES).to_owned()),
            ..ConnectorSettings::default()
        };
        settings.connectors.each.insert(id, app);
    }
}

fn capital(word: &str) -> String {
    let (initial, rest) = word.split_at(1);
    initial.to_uppercase() + rest
}

/// Adds its figures.
pub(crate) async fn measure(table: &mut Table) {
    let world = World::with("localhost", "localhost", only_a_thousand).await;
    world.sandbox.switch_on(Fault::NotServed.on(Route::ListConnectors));
    let list = world.page(routes::CONNECTORS);
    let mut browser = Browser::open().await;
    browser.goto(&world.host_page()).await;
    browser.press("Connect your apps").await;
    browser.arrives("Choose an app").await;
    let wire = Wire::of(&browser, &list).await;
    drop(browser);
    let apps = wire.read(&list).await.matches("class=\"row\"").count();
    assert_eq!(apps, APPS, "apps on the page");
    let (mut answers, mut of_category) = (Vec::new(), Vec::new());
    for _ in 0..WARM_UP + ANSWERS {
        answers.push(wire.get(&list).await);
        of_category.push(wire.get(&world.page(&routes::category("CRM"))).await);
    }
    let bytes = answers.iter().map(|answer| answer.bytes).max().unwrap();
    table.add("list of 1,000 apps, bytes", figure(bytes), Budget::AtMost(BYTES), "");
    let ([_, category, _], [fastest, median, slowest]) = (times(&of_category), times(&answers));
    let note = format!("{median:.1} ms, {fastest:.1} to {slowest:.1}; {category:.1} ms for one category");
    table.add("list of 1,000 apps, times one category in eight", median / category, Budget::AtMost(TIMES), note);
}

/// The shortest, the median and the longest, in milliseconds.
fn times(answers: &[Answer]) -> [f64; 3] {
    let mut took: Vec<Duration> = answers.iter().skip(WARM_UP).map(|answer| answer.took).collect();
    took.sort();
    [took[0], took[ANSWERS / 2], took[ANSWERS - 1]].map(milliseconds)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
