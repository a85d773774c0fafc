//! Builds everything the browser gets and embeds it: the islands as wasm, the styles as one file,
//! all with hashed names and compressed once, here, instead of on every request.
//!
//! `THUOCSO_SKIP_BROWSER=1` skips it (editors, lints): the server then serves pages without styles and islands.

use std::{
    env,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, exit},
};

use lightningcss::{
    bundler::{Bundler, FileProvider},
    printer::PrinterOptions,
    stylesheet::{MinifyOptions, ParserOptions},
    targets::{Browsers, Targets},
};
use sha2::{Digest, Sha256};

const WASM_TARGET: &str = "wasm32-unknown-unknown";

struct File {
    name: String,
    bytes: Vec<u8>,
}

/// The names that pages refer to; empty when the browser part is skipped.
#[derive(Default)]
struct Names {
    script: String,
    stylesheet: String,
    icon: String,
}

fn main() {
    let workspace = PathBuf::from(variable("CARGO_MANIFEST_DIR")).join("..");
    let out = PathBuf::from(variable("OUT_DIR"));
    // `sqlx::migrate!` in `src/store` embeds the migrations that it finds, but only tells the compiler to watch these: the
    // folder is watched here, and whenever this script runs, the crate is compiled anew.
    for path in ["app", "migrations", "model", "style", "Cargo.lock", "Cargo.toml"] {
        println!("cargo::rerun-if-changed={}", workspace.join(path).display());
    }
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=THUOCSO_SKIP_BROWSER");

    let mut files = Vec::new();
    let mut names = Names::default();
    if env::var_os("THUOCSO_SKIP_BROWSER").is_none() {
        let css = styles(&workspace.join("style/main.css"));
        names.stylesheet = format!("thuocso-{}.css", hash(&css));
        files.push(File { name: names.stylesheet.clone(), bytes: css });
        let icon = read(&workspace.join("style/icon.svg"));
        names.icon = format!("icon-{}.svg", hash(&icon));
        files.push(File { name: names.icon.clone(), bytes: icon });
        let wasm = browser_part(&workspace, &out);
        names.script = format!("thuocso-{}", hash(&wasm));
        files.extend(bindings(&wasm, &names.script, &out.join("bindings")));
    }
    write_if_changed(&out.join("assets.rs"), table(&files, &names, &out).as_bytes());
}

/// Compiles `app` for the browser with its own target folder, so that the two builds never wait for each other's lock.
fn browser_part(workspace: &Path, out: &Path) -> Vec<u8> {
    need_wasm_target();
    let target_dir = out.ancestors().nth(4).unwrap_or(out).join("browser");
    let status = Command::new(variable("CARGO"))
        .current_dir(workspace)
        .args(["build", "--package", "app", "--lib", "--features", "hydrate", "--locked"])
        .args(["--target", WASM_TARGET, "--profile", "wasm-release", "--target-dir"])
        .arg(&target_dir)
        // Set by cargo for the outer build (and by clippy); they would leak into the inner one.
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env_remove("RUSTC_WORKSPACE_WRAPPER")
        .status();
    match status {
        Ok(status) if status.success() => {}
        _ => stop("the browser part (crate `app`, feature `hydrate`) does not compile; the messages are above"),
    }
    read(&target_dir.join(WASM_TARGET).join("wasm-release/app.wasm"))
}

fn need_wasm_target() {
    let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    let found = Command::new(rustc)
        .args(["--print", "target-libdir", "--target", WASM_TARGET])
        .output()
        .is_ok_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir());
    if found {
        return;
    }
    let added = Command::new("rustup").args(["target", "add", WASM_TARGET]).status();
    if !added.is_ok_and(|status| status.success()) {
        stop(
            "the browser part needs Rust's wasm target: type `rustup target add wasm32-unknown-unknown` \
              (or install your system's package of the Rust standard library for wasm32) and build again",
        );
    }
}

fn bindings(wasm: &[u8], name: &str, dir: &Path) -> Vec<File> {
    let _ = fs::remove_dir_all(dir);
    let input = dir.with_extension("wasm");
    write_if_changed(&input, wasm);
    let result = wasm_bindgen_cli_support::Bindgen::new().input_path(&input).web(true).and_then(|bindgen| {
        bindgen.typescript(false).remove_name_section(true).remove_producers_section(true).out_name(name).generate(dir)
    });
    if let Err(error) = result {
        stop(&format!("wasm-bindgen cannot read the browser part: {error:#}"));
    }
    let mut files = Vec::new();
    collect(dir, dir, &mut files);
    files
}

fn collect(root: &Path, dir: &Path, files: &mut Vec<File>) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(root, &path, files);
        } else if let Ok(name) = path.strip_prefix(root) {
            files.push(File { name: name.to_string_lossy().replace('\\', "/"), bytes: read(&path) });
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
}

fn styles(main: &Path) -> Vec<u8> {
    let provider = FileProvider::new();
    let targets = Targets::from(Browsers {
        chrome: Some(100 << 16),
        firefox: Some(100 << 16),
        safari: Some(15 << 16),
        ..Browsers::default()
    });
    let mut bundler = Bundler::new(&provider, None, ParserOptions::default());
    let mut sheet = match bundler.bundle(main) {
        Ok(sheet) => sheet,
        Err(error) => stop(&format!("style: {error}")),
    };
    if let Err(error) = sheet.minify(MinifyOptions { targets, ..MinifyOptions::default() }) {
        stop(&format!("style: {error}"));
    }
    match sheet.to_css(PrinterOptions { minify: true, targets, ..PrinterOptions::default() }) {
        Ok(css) => css.code.into_bytes(),
        Err(error) => stop(&format!("style: {error}")),
    }
}

/// Writes the files and their compressed forms to `out` and returns the Rust table that embeds them.
fn table(files: &[File], names: &Names, out: &Path) -> String {
    let mut code = format!(
        "/// Name of the script and the wasm file, without extension.\npub const SCRIPT: &str = {:?};\n\
         /// Name of the stylesheet.\npub const STYLESHEET: &str = {:?};\n\
         /// Name of the icon.\npub const ICON: &str = {:?};\nstatic FILES: &[Asset] = &[\n",
        names.script, names.stylesheet, names.icon
    );
    for (index, file) in files.iter().enumerate() {
        let plain = out.join(format!("asset-{index}"));
        let stale = fs::read(&plain).ok().as_deref() != Some(&file.bytes[..]);
        if stale {
            write_if_changed(&plain, &file.bytes);
            write_if_changed(&plain.with_extension("br"), &brotli(&file.bytes));
            write_if_changed(&plain.with_extension("gz"), &gzip(&file.bytes));
        }
        let _ = writeln!(
            code,
            "    Asset {{ name: {:?}, media: {:?}, plain: include_bytes!({:?}), brotli: include_bytes!({:?}), gzip: include_bytes!({:?}) }},",
            file.name,
            media(&file.name),
            plain,
            plain.with_extension("br"),
            plain.with_extension("gz"),
        );
    }
    code + "];\n"
}

fn media(name: &str) -> &'static str {
    match Path::new(name).extension().and_then(|extension| extension.to_str()) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::new();
    {
        let mut writer = brotli::CompressorWriter::new(&mut compressed, 1 << 16, 11, 22);
        if let Err(error) = writer.write_all(bytes) {
            stop(&format!("cannot compress: {error}"));
        }
    }
    compressed
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    match encoder.write_all(bytes).and_then(|()| encoder.finish()) {
        Ok(compressed) => compressed,
        Err(error) => stop(&format!("cannot compress: {error}")),
    }
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(6).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| stop(&format!("cannot read {}: {error}", path.display())))
}

fn write_if_changed(path: &Path, bytes: &[u8]) {
    if fs::read(path).ok().as_deref() == Some(bytes) {
        return;
    }
    if let Err(error) = fs::write(path, bytes) {
        stop(&format!("cannot write {}: {error}", path.display()));
    }
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| stop(&format!("{name} is not set; build with cargo")))
}

fn stop(message: &str) -> ! {
    println!("cargo::error={message}");
    exit(1)
}
