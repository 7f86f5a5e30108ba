use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::*;
use crate::sample;
use crate::token::Token;

/// A stuck test is a failed one.
const PATIENCE: Duration = Duration::from_secs(20);

/// A service that answers each connection with the next of these texts, and ends it; the last one it keeps open. Returns its address, and
/// what it was asked.
async fn service(answers: Vec<String>) -> (String, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (asked, questions) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let last = answers.len() - 1;
        let mut kept = Vec::new();
        for (number, answer) in answers.into_iter().enumerate() {
            let (mut connection, _) = listener.accept().await.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(connection.read_u8().await.unwrap());
            }
            connection.write_all(answer.as_bytes()).await.unwrap();
            if number == last {
                kept.push(connection);
            }
            // Told once the answer is on its way.
            asked.send(String::from_utf8(head).unwrap()).unwrap_or_default();
        }
        asked.closed().await;
        drop(kept);
    });
    (address, questions)
}

fn events(sequences: &[u64]) -> String {
    let events = sequences.iter().map(|sequence| {
        let document = sample::document().replace(r#""sequence":7"#, &format!(r#""sequence":{sequence}"#));
        format!("id: x.{sequence}\nevent: snapshot\ndata: {document}\n\n")
    });
    let events = events.collect::<String>();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\nretry: 2000\n\n{events}"
    )
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len())
}

struct Followed {
    news: mpsc::Receiver<News>,
    hurry: Arc<Notify>,
    running: JoinHandle<()>,
}

fn follow(address: &str, token: Option<Token>) -> Followed {
    let (sender, news) = mpsc::channel(1);
    let hurry = Arc::new(Notify::new());
    let client = Arc::new(Client::new(address.parse().unwrap(), token).unwrap());
    let stream = Stream { client, interval: Duration::from_secs(1), news: sender, hurry: Arc::clone(&hurry) };
    Followed { news, hurry, running: tokio::spawn(stream.run()) }
}

impl Followed {
    /// `#7` for a snapshot, or the kind of trouble and its reason.
    async fn next(&mut self) -> String {
        match timeout(PATIENCE, self.news.recv()).await.unwrap().unwrap() {
            News::Snapshot(snapshot) => format!("#{}", snapshot.sequence),
            News::Trouble(trouble) => format!("{:?}: {trouble}", trouble.kind),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_stream_that_ends_is_taken_up_again_and_again() {
    let (address, _questions) = service(vec![events(&[7]), events(&[]), events(&[8]), events(&[9])]).await;
    let mut followed = follow(&address, None);
    for expected in [
        "#7",
        "Gone: it ended the stream",
        "Gone: it ended the stream",
        "#8",
        "Gone: it ended the stream",
        "#9",
    ] {
        assert_eq!(followed.next().await, expected);
    }
}

#[tokio::test]
async fn of_snapshots_that_arrive_together_the_newest_is_taken() {
    let (address, _questions) = service(vec![events(&[7, 8, 9])]).await;
    assert_eq!(follow(&address, None).next().await, "#9");
}

#[tokio::test]
async fn a_refusal_is_told_with_its_reason_and_asked_again_at_once_if_the_viewer_wants() {
    let error = r#"{"error":"there are 64 viewers already; remedy: try again later"}"#;
    let refused = answer("503 Service Unavailable", "Retry-After: 60\r\n", error);
    let (address, _questions) = service(vec![refused, events(&[7])]).await;
    let mut followed = follow(&address, None);
    let told = "Refused: it answers 503: there are 64 viewers already; remedy: try again later";
    assert_eq!(followed.next().await, told);
    // Else it would come back after a minute, and the test would fail.
    followed.hurry.notify_one();
    assert_eq!(followed.next().await, "#7");
}

/// Bytes come all the time, and so the connection is kept.
#[tokio::test]
async fn a_service_that_sends_signs_of_life_and_no_snapshot_is_silent_until_one_comes() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (proceed, mut proceeds) = mpsc::channel(1);
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        connection.write_all(events(&[7]).as_bytes()).await.unwrap();
        while timeout(Duration::from_millis(100), proceeds.recv()).await.is_err() {
            connection.write_all(b":\n\n").await.unwrap();
        }
        let answer = events(&[8]);
        let (_, next) = answer.split_once("\r\n\r\n").unwrap();
        connection.write_all(next.as_bytes()).await.unwrap();
        proceeds.recv().await;
    });
    let mut followed = follow(&address, None);
    assert_eq!(followed.next().await, "#7");
    assert_eq!(followed.next().await, "Silent: it is connected, and no whole snapshot comes");
    proceed.send(()).await.unwrap();
    assert_eq!(followed.next().await, "#8");
}

#[tokio::test]
async fn a_token_is_sent_and_asked_for() {
    let unauthorised = || answer("401 Unauthorized", "", r#"{"error":"no"}"#);
    let (address, mut questions) = service(vec![unauthorised(), unauthorised()]).await;
    assert_eq!(
        follow(&address, None).next().await,
        "Unauthorised: it asks for its bearer token; remedy: quit, and give it"
    );
    let token = Token::new(b"s3cret", "a test").unwrap();
    assert_eq!(
        follow(&address, Some(token)).next().await,
        "Unauthorised: it does not take the bearer token that was given; remedy: look at which one it takes"
    );
    let asked =
        [questions.recv().await.unwrap(), questions.recv().await.unwrap()].map(|head| head.to_lowercase());
    assert!(
        asked[0].starts_with("get /events?interval=1 http/1.1\r\n") && !asked[0].contains("authorization")
    );
    assert!(asked[1].contains("\r\nauthorization: bearer s3cret\r\n"));
}

#[tokio::test]
async fn what_is_no_service_of_ours_is_refused_with_a_remedy_and_acts_on_no_terminal() {
    for (answer, expected) in [
        (
            answer("200 OK", "Content-Type: text/html\r\n", "<html>"),
            "Refused: its answer is of the type text/html, not text/event-stream; remedy:",
        ),
        (
            answer("404 Not Found", "", "no"),
            "Refused: it answers 404; remedy: give the path that its routes are below",
        ),
        (
            answer("301 Moved", "Location: https://h/sign-in\r\n", ""),
            "Refused: it answers 301, which is not followed; remedy: give the address that its routes are at (it points to https://h/sign-in)",
        ),
        (answer("301 Moved", "Location: https://h/\u{202e}\r\n", ""), "Refused: it answers 301"),
        (
            answer("200 OK", "Content-Type: text/event-stream\r\nContent-Encoding: gzip\r\n", ""),
            "Refused: its answer is compressed (gzip), which was not asked for; remedy:",
        ),
        (answer("500 Oh", "", r#"{"error":"\u001b[2J"}"#), "Refused: it answers 500: ‹U+001B›[2J"),
        ("SSH-2.0-OpenSSH_9.2\r\n".to_owned(), "Gone: no answer of HTTP from http://127.0.0.1"),
        (
            events(&[]) + "event: snapshot\ndata: {\"schemaVersion\":2}\n\n",
            "Refused: it is a snapshot document of version 2",
        ),
        (
            events(&[]) + "event: snapshot\ndata: hello\n\n",
            "Refused: it is no snapshot document (expected value",
        ),
    ] {
        let (address, _questions) = service(vec![answer]).await;
        let told = follow(&address, None).next().await;
        assert!(told.starts_with(expected), "{told}");
        assert!(!told.chars().any(char::is_control), "{told}");
    }
}

#[tokio::test]
async fn where_nobody_listens_that_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/base", listener.local_addr().unwrap());
    drop(listener);
    let told = follow(&address, None).next().await;
    assert!(
        told.starts_with(&format!("Gone: no connection to {address} (")) && told.contains("refused"),
        "{told}"
    );
}

#[tokio::test]
async fn a_document_longer_than_the_limit_is_refused_and_one_that_breaks_off_is_told() {
    let document = |length| {
        format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{{}}  "
        )
    };
    for (answer, most, expected) in [
        (document(4), 4, Ok(4)),
        (document(4), 3, Err("its answer is longer than 3 bytes, which is the most that is read")),
        (document(5), 9, Err("the answer broke off: ")),
    ] {
        // The second connection is never made: so the first one ends.
        let (address, _questions) = service(vec![answer, String::new()]).await;
        let client = Client::new(address.parse().unwrap(), None).unwrap();
        let found = client.document("/snapshot", most, PATIENCE).await;
        match (found, expected) {
            (Ok(found), Ok(length)) => assert_eq!(found.len(), length),
            (Err(trouble), Err(reason)) => assert!(trouble.reason.starts_with(reason), "{trouble}"),
            (found, expected) => panic!("{found:?} where {expected:?} was expected"),
        }
    }
}

#[tokio::test]
async fn a_stream_ends_when_nobody_watches() {
    let (address, _questions) = service(vec![events(&[7])]).await;
    let mut followed = follow(&address, None);
    assert_eq!(followed.next().await, "#7");
    drop(followed.news);
    timeout(PATIENCE, followed.running).await.unwrap().unwrap();
}
