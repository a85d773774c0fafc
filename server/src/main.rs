//! `thuocso`: the server and its tools in one program.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    server::commands::run().await
}
