//! `thuocso`: the server and its tools in one program.

use std::process::ExitCode;

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("The program cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(server::commands::run());
    // Whoever ends the program does not wait for a computation: what is not finished is not stored and can be repeated.
    runtime.shutdown_background();
    code
}
