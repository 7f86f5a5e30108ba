//! Who acts in which scene.
//!
//! | scene | limits | what it is about |
//! |---|---|---|
//! | `wide` | room for all | 9,000 series: scans are long, causes and effects lie far apart |
//! | `quick` | room for all, portable fences | few series: as many cuts as can be |
//! | `crowded` | 100 series, 64 bytes | hostile labels: everything overflows, totals stay exact |

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use runtime_metrics::{BuildError, Metrics};

use super::account::{Account, Kind};
use super::actor::Actor;
use super::bounds::Bounds;
use super::churn::Churn;
use super::documents::Documents;
use super::filler::Filler;
use super::flood::Flood;
use super::forker::Forker;
use super::ledger::Chain;
use super::link::{Link, Place};
use super::reader::Reader;
use super::resetter::Resetter;
use super::scene::{Scene, Shared};
use super::taker::Taker;
use super::writer::{Means, Pace, Writer};

/// A scene and those who act in it.
#[derive(Debug)]
pub struct Cast {
    /// Where.
    pub scene: Arc<Scene>,
    /// Who.
    pub actors: Vec<Box<dyn Actor>>,
}

/// All scenes of a soak.
///
/// # Errors
///
/// If a registry cannot be built.
pub fn scenes(shared: &Arc<Shared>) -> Result<Vec<Cast>, BuildError> {
    Ok(vec![wide(shared)?, quick(shared)?, crowded(shared)?])
}

const DELIVERY: Kind = Kind::Delivery { values: 3 };

/// Of a scene that has room for everything: no more labels than this are in use.
const ROOMY: Bounds = Bounds { series: 10_000, label_bytes: 1_024, has_room: true };

fn wide(shared: &Arc<Shared>) -> Result<Cast, BuildError> {
    let metrics = Metrics::builder().build()?;
    let mut troupe = Troupe::default();
    troupe.write("/tight", Kind::Request, Means::Counter, TIGHT);
    troupe.write("plan", DELIVERY, Means::Plan, resting(1));
    troupe.write("/path", Kind::Request, Means::Path, resting(2));
    troupe.write("labels", DELIVERY, Means::Labels, resting(2));
    troupe.fill(9_000);
    troupe.chain(("/cause", Kind::Request), ("effect", DELIVERY));
    troupe.take("/taker", Duration::ZERO);
    troupe.churn(2);
    troupe.act(Reader);
    troupe.act(Resetter::new(millis(600)));
    troupe.act(Forker::new(millis(400)));
    Ok(troupe.on("wide", metrics, ROOMY, shared))
}

fn quick(shared: &Arc<Shared>) -> Result<Cast, BuildError> {
    let metrics = Metrics::builder().portable_fences().build()?;
    let mut troupe = Troupe::default();
    troupe.write("/tight", Kind::Request, Means::Counter, TIGHT);
    troupe.write("plan", DELIVERY, Means::Plan, resting(2));
    troupe.chain(("cause", DELIVERY), ("/effect", Kind::Request));
    troupe.take("/taker", Duration::ZERO);
    troupe.take("/taker/kilohertz", millis(1));
    troupe.act(Resetter::new(millis(50)));
    troupe.act(Forker::new(millis(1_100)));
    Ok(troupe.on("quick", metrics, ROOMY, shared))
}

fn crowded(shared: &Arc<Shared>) -> Result<Cast, BuildError> {
    let bounds = Bounds { series: 100, label_bytes: 64, has_room: false };
    let metrics = Metrics::builder()
        .request_series_limit(bounds.series)
        .delivery_series_limit(bounds.series)
        .max_label_bytes(bounds.label_bytes)
        .build()?;
    let mut troupe = Troupe::default();
    troupe.write("/counter", Kind::Request, Means::Counter, resting(1));
    troupe.write("plan", DELIVERY, Means::Plan, resting(1));
    troupe.write("labels", Kind::Delivery { values: 0 }, Means::Labels, resting(5));
    troupe.flood(Kind::Request);
    troupe.flood(Kind::Delivery { values: 2 });
    troupe.deliver_documents();
    troupe.take("/taker", millis(1));
    troupe.churn(4);
    troupe.act(Reader);
    troupe.act(Resetter::new(millis(130)));
    troupe.act(Forker::new(millis(700)));
    Ok(troupe.on("crowded", metrics, bounds, shared))
}

/// A loop of half a million records, a few milliseconds. With less rest these threads leave the others
/// too little of a machine with two processors: the chains hardly get on then.
const TIGHT: Pace = Pace { rounds: 400, rest: millis(6) };

/// A round, some microseconds, and so many milliseconds of rest.
const fn resting(rest: u64) -> Pace {
    Pace { rounds: 1, rest: millis(rest) }
}

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// The accounts, chains and actors of a scene to be.
#[derive(Debug, Default)]
struct Troupe {
    accounts: Vec<Arc<Account>>,
    chains: Vec<Chain>,
    actors: Vec<Box<dyn Actor>>,
}

impl Troupe {
    fn act(&mut self, actor: impl Actor + 'static) {
        self.actors.push(Box::new(actor));
    }

    fn account(&mut self, kind: Kind, labels: Vec<String>) -> Arc<Account> {
        let account = Arc::new(Account::new(kind, labels));
        self.accounts.push(Arc::clone(&account));
        account
    }

    fn write(&mut self, label: &str, kind: Kind, means: Means, pace: Pace) {
        let account = self.account(kind, vec![label.to_owned()]);
        self.act(Writer::new(account, means, pace));
    }

    fn fill(&mut self, series: usize) {
        let account = self.account(Kind::Request, Vec::new());
        self.act(Filler::new(account, series));
    }

    fn flood(&mut self, kind: Kind) {
        let account = self.account(kind, Vec::new());
        self.act(Flood::new(account));
    }

    fn deliver_documents(&mut self) {
        let responses = self.account(Kind::Delivery { values: 0 }, Vec::new());
        let values = self.account(Kind::Value, Vec::new());
        self.act(Documents::new(responses, values));
    }

    fn take(&mut self, label: &str, rest: Duration) {
        let account = self.account(Kind::Request, vec![label.to_owned()]);
        self.act(Taker::new(account, rest));
    }

    fn churn(&mut self, threads: usize) {
        let labels = (0..threads).map(|thread| format!("/short-lived/{thread}"));
        let accounts = labels.map(|label| self.account(Kind::Request, vec![label])).collect();
        self.act(Churn::new(accounts));
    }

    /// Two links, each with so many labels that some lie far from each other.
    fn chain(&mut self, cause: (&str, Kind), effect: (&str, Kind)) {
        const LABELS: usize = 16;
        let chain = Chain { cause: self.accounts.len(), effect: self.accounts.len() + 1 };
        self.chains.push(chain);
        let turn = Arc::new(AtomicU64::new(0));
        for ((label, kind), place) in [(cause, Place::Cause), (effect, Place::Effect)] {
            let account = self.account(kind, (0..LABELS).map(|number| format!("{label}/{number}")).collect());
            self.act(Link::new(account, place, Arc::clone(&turn)));
        }
    }

    fn on(self, name: &'static str, metrics: Metrics, bounds: Bounds, shared: &Arc<Shared>) -> Cast {
        let Self { accounts, chains, actors } = self;
        let scene = Scene::new(name, metrics, bounds, accounts, chains, Arc::clone(shared));
        Cast { scene: Arc::new(scene), actors }
    }
}
