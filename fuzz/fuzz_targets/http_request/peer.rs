//! The other end of the connection.

use std::cell::LazyCell;
use std::time::Duration;

use exp_worker::limits::Limits;
use exp_worker::server::{Terms, serve_connection};
use exp_worker::stop::Stop;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, ReadHalf, WriteHalf, duplex, split};
use tokio::runtime::Runtime;
use tokio::task::yield_now;
use tokio::time::timeout;

use crate::conversation::{Conversation, Peer};
use crate::worker::Worker;

/// Bytes on their way, in each direction: less than most answers, so that a deaf peer is noticed.
const IN_FLIGHT: usize = 512;

/// Longer than all limits that one connection can run into, one after the other: as many requests for `/snapshot` as an input has room for wait half a second each.
const PATIENCE: Duration = Duration::from_secs(600);

/// Lets the conversation happen and gives back what the peer received.
pub(crate) fn talk(worker: &Worker, conversation: &Conversation<'_>) -> Vec<u8> {
    thread_local! {
        static RUNTIME: LazyCell<Runtime> = LazyCell::new(|| {
            tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
        });
    }
    let limits = Limits::default();
    let (near, far) = duplex(IN_FLIGHT);
    let (reading, writing) = split(near);
    let service = worker.router(&limits);
    let terms = Terms::new(limits, Stop::new());
    RUNTIME.with(|runtime| {
        runtime.block_on(async {
            let served = serve_connection(far, service, &terms);
            let said = say(conversation, writing);
            let heard = hear(conversation, reading);
            let ((), _kept, heard) = timeout(PATIENCE, async { tokio::join!(served, said, heard) })
                .await
                .expect("a connection hangs");
            heard
        })
    })
}

/// Gives back what the peer still holds of the connection.
async fn say(
    conversation: &Conversation<'_>,
    mut to: WriteHalf<DuplexStream>,
) -> Option<WriteHalf<DuplexStream>> {
    for piece in conversation.bytes.chunks(conversation.piece) {
        // The worker may have closed the connection.
        if to.write_all(piece).await.is_err() {
            break;
        }
        yield_now().await;
    }
    match conversation.peer {
        Peer::Waits | Peer::IsDeaf => Some(to),
        Peer::Closes => {
            let _ = to.shutdown().await;
            Some(to)
        }
        Peer::Leaves => None,
    }
}

async fn hear(conversation: &Conversation<'_>, mut from: ReadHalf<DuplexStream>) -> Vec<u8> {
    let mut heard = Vec::new();
    if matches!(conversation.peer, Peer::Waits | Peer::Closes) {
        // Fails when the worker cuts the connection: what came before counts.
        let _ = from.read_to_end(&mut heard).await;
    }
    heard
}
