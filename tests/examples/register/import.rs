//! Importing a file, and importing it again.

use std::{fmt::Write as _, fs, time::Instant};

use model::{classification, register::Mapping, text::Lang};
use server::{
    clock,
    http::register_import::store_file,
    import::{self, file::Kind},
    store::Store,
};
use tests::answers::tax_code;

/// Imports a file of so many rows twice and prints what it took.
pub async fn measure(store: &Store, rows: usize) -> anyhow::Result<()> {
    let file = file(rows);
    println!("{rows} rows, {} MB", file.len() / 1_000_000);
    println!("before: {}", memory());
    for round in ["first", "again"] {
        let begun = Instant::now();
        let headers = Kind::Csv.headers(file.as_bytes())?;
        let id = store_file(store, "register.csv", Kind::Csv, &headers, file.as_bytes(), None).await?;
        store.start_import(id, None, clock::id(), clock::now()).await?;
        let done = import::run(store, id, &mut |_| {}).await?;
        println!("{round}: {:.1} s, {done:?}", begun.elapsed().as_secs_f64());
        println!("{round}: {} (the file itself included)", memory());
    }
    let mapping = Mapping::propose(&Kind::Csv.headers(file.as_bytes())?.names);
    println!("{} columns recognised", mapping.columns.len());
    Ok(())
}

/// The most memory that this process has had.
fn memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let megabytes = peak.and_then(|peak| peak.trim().strip_suffix(" kB")?.parse::<u64>().ok()).map(|kb| kb / 1024);
    megabytes.map_or_else(|| "no peak memory here".to_owned(), |peak| format!("peak memory {peak} MB"))
}

/// A register file of so many enterprises, one in a hundred with a mistake.
fn file(rows: usize) -> String {
    let units = classification::units();
    let industries = ["4711", "4649", "1010", "2599", "4101", "4933", "5610", "6201", "0111", "3100"];
    let mut file =
        String::from("STT,Mã số thuế,Tên doanh nghiệp,Xã/phường,Địa chỉ,Mã ngành,Lao động,Doanh thu,Vốn,Điện thoại\n");
    for at in 0..rows {
        let name = name(at);
        let unit = units[at * 7 % units.len()].label(Lang::Vi);
        let industry = if at % 100 == 99 { "999" } else { industries[at * 3 % industries.len()] };
        let _ = writeln!(
            file,
            "{at},{},{name},{unit},\"Số {at}, đường Hùng Vương\",{industry},{},{},{},0204{at:07}",
            tax_code(at),
            at % 230,
            at as u64 * 1_000_000 % 300_000_000_000,
            at as u64 * 700_000 % 120_000_000_000,
        );
    }
    file
}

/// A name such as registers have them: a form, a trade and two to four words, scattered over the alphabet.
fn name(at: usize) -> String {
    const FORMS: [&str; 4] = ["Công ty TNHH", "Công ty Cổ phần", "Công ty TNHH MTV", "Doanh nghiệp tư nhân"];
    const TRADES: [&str; 8] =
        ["Thương mại", "Xây dựng", "Sản xuất và Thương mại", "Cơ khí", "Dịch vụ Vận tải", "Nội thất", "May mặc", ""];
    const WORDS: [&str; 40] = [
        "An",
        "Anh",
        "Bảo",
        "Bình",
        "Châu",
        "Cường",
        "Dũng",
        "Đại",
        "Đạt",
        "Đông",
        "Đức",
        "Gia",
        "Hà",
        "Hải",
        "Hòa",
        "Hoàng",
        "Hùng",
        "Hưng",
        "Khánh",
        "Kim",
        "Lâm",
        "Linh",
        "Long",
        "Minh",
        "Nam",
        "Ngọc",
        "Phát",
        "Phú",
        "Phúc",
        "Quang",
        "Sơn",
        "Tài",
        "Tân",
        "Thành",
        "Thịnh",
        "Tiến",
        "Trường",
        "Việt",
        "Vinh",
        "Xuân",
    ];
    // Knuth's multiplicative hash: neighbours in the file are strangers in the alphabet, as tax codes and names are.
    let mut rest = (at as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 16;
    let mut pick = |from: usize| {
        let picked = usize::try_from(rest % from as u64).unwrap_or_default();
        rest /= from as u64;
        picked
    };
    let mut words = vec![FORMS[pick(4)], TRADES[pick(8)]];
    for _ in 0..2 + pick(3) {
        words.push(WORDS[pick(40)]);
    }
    words.join(" ")
}
