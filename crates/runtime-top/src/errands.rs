//! Questions beside the stream, whose answers nothing depends on.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use tokio::sync::mpsc;

use crate::client::Client;
use crate::news::News;
use crate::past::{LONGEST_DOCUMENT, Past};

const PATIENCE: Duration = Duration::from_secs(8);

/// Asks for what a view wants to know, each time in a task of its own.
#[derive(Debug)]
pub(crate) struct Errands {
    pub(crate) client: Arc<Client>,
    pub(crate) news: mpsc::Sender<News>,
}

impl Errands {
    pub(crate) fn ask_past(&self) {
        let (client, news) = (Arc::clone(&self.client), self.news.clone());
        tokio::spawn(async move {
            let answer = client.document("/history", LONGEST_DOCUMENT, PATIENCE).await;
            let past = answer.ok().and_then(|text| Past::parse(&text)).map(Box::new);
            // Whoever does not watch any more needs no answer.
            let _ = news.send(News::Past(past)).await;
        });
    }

    /// For the process life of the given instance.
    pub(crate) fn ask_environment(&self, instance_id: String) {
        let (client, news) = (Arc::clone(&self.client), self.news.clone());
        tokio::spawn(async move {
            let name = environment(&client).await;
            let _ = news.send(News::Environment { instance_id, name }).await;
        });
    }
}

/// The name of the environment, if the service has one.
pub(crate) async fn environment(client: &Client) -> Option<String> {
    #[derive(Deserialize)]
    struct Health {
        environment: Option<String>,
    }
    let text = client.document("/api/health", LONGEST_DOCUMENT, PATIENCE).await.ok()?;
    serde_json::from_slice::<Health>(&text).ok()?.environment
}
