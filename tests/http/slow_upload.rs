//! Files that come slowly arrive; files that stop coming are given up with words.

use std::time::{Duration, Instant};

use server::http::access::Limits;
use tests::{Database, TestServer, answers};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{sleep, timeout},
};

use crate::VI;

const HEAD: &str = "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7\n";
const SHORT: Duration = Duration::from_millis(200);
/// Bytes of the file that comes byte by byte.
const LENGTH: usize = 70;
const END: &str = "\r\n--edge--\r\n";

/// An enterprise in the middle of its answers, on a server with these limits.
struct Sender {
    server: TestServer,
    cookie: String,
    /// Where it sends a file.
    place: String,
}

impl Sender {
    /// It registers while there is time: what the limits end is the upload alone.
    async fn within(limits: Limits) -> Self {
        let server = TestServer::start(Database::sqlite(), &[]).await;
        let place = format!("{}/evidence/Q301", answers::register(&server.client(), 1).await);
        let signed_in = server.client().try_sign_in(&answers::email(1), answers::PASSWORD).await;
        let cookie = signed_in.cookies().concat().split(';').next().expect("a cookie").to_owned();
        let server = TestServer::within(limits, server.stop().await, &[]).await;
        Self { server, cookie, place }
    }

    /// Begins to send a file of so many bytes.
    async fn begin(&self, length: usize) -> TcpStream {
        let length = HEAD.len() + length + END.len();
        let mut socket = self.post(&self.place, "multipart/form-data; boundary=edge", length).await;
        socket.write_all(HEAD.as_bytes()).await.expect("sent");
        socket
    }

    /// Posts everything but the body.
    async fn post(&self, path: &str, media: &str, length: usize) -> TcpStream {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n\
             Content-Type: {media}\r\nContent-Length: {length}\r\n\r\n",
            self.server.address, self.cookie
        );
        let mut socket = TcpStream::connect(self.server.address).await.expect("a connection");
        socket.write_all(head.as_bytes()).await.expect("sent");
        socket
    }

    /// How many files are stored, and how many lie in the folder.
    async fn stored(&self) -> (i64, usize) {
        let rows = self.server.database.number("SELECT count(*) FROM evidence").await;
        (rows, std::fs::read_dir(self.server.evidence.path()).map_or(0, Iterator::count))
    }
}

/// The whole answer; a server that gives none is not waited for for ever.
async fn answer(mut socket: TcpStream) -> String {
    let mut answer = Vec::new();
    let read = timeout(Duration::from_secs(60), socket.read_to_end(&mut answer)).await;
    read.expect("an answer in time").expect("an answer");
    String::from_utf8(answer).expect("text")
}

#[tokio::test]
async fn a_file_may_take_longer_than_a_page_and_than_its_longest_silence() {
    let limits = Limits { longest: SHORT, silence: Duration::from_secs(3), ..Limits::default() };
    let sender = Sender::within(limits).await;
    let form = sender.post("/language", "application/x-www-form-urlencoded", 10).await;
    assert!(answer(form).await.starts_with("HTTP/1.1 503 "), "a form must come at once");
    let begun = Instant::now();
    let mut socket = sender.begin(LENGTH).await;
    for _ in 0..LENGTH {
        sleep(Duration::from_millis(50)).await;
        socket.write_all(b"x").await.expect("sent");
    }
    socket.write_all(END.as_bytes()).await.expect("sent");
    let answer = answer(socket).await;
    assert!(begun.elapsed() > limits.silence);
    assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
    assert_eq!(sender.stored().await, (1, 1));
}

#[tokio::test]
async fn a_file_that_stops_coming_is_given_up_with_words() {
    let silent = Limits { silence: SHORT, ..Limits::default() };
    let endless = Limits { longest_upload: SHORT, ..Limits::default() };
    for limits in [silent, endless] {
        let sender = Sender::within(limits).await;
        let begun = Instant::now();
        let answer = answer(sender.begin(1_000).await).await;
        assert!(begun.elapsed() >= SHORT, "not before its time");
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        assert!(answer.contains(&*VI.t("error-stalled")), "{answer}");
        assert_eq!(sender.stored().await, (0, 0));
    }
}
