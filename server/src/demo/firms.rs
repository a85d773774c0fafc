//! The enterprises of the demonstration's province, and the file by which its register is imported.

use std::fmt::Write as _;

use fastrand::Rng;
use model::{
    classification::{self, Unit, UnitKind},
    enterprise::TaxCode,
    text::Lang,
};

/// How many enterprises the province has.
const FIRMS: usize = 12_000;
/// One in so many of those that take part is missing in the register.
const UNKNOWN: usize = 80;

/// An enterprise of the province.
#[derive(Clone, Debug)]
pub struct Firm {
    /// Its tax code.
    pub tax_code: String,
    /// Its name.
    pub name: String,
    /// The code of its legal form.
    pub legal_form: &'static str,
    /// Its ward or commune.
    pub unit: &'static Unit,
    /// Its industry.
    pub trade: &'static Trade,
    /// How many people work there.
    pub employees: i64,
    /// Revenue of the year before, in million đồng.
    pub revenue: i64,
    /// Capital, in million đồng.
    pub capital: i64,
    /// Its e-mail address, which its account signs in with.
    pub email: String,
    /// Whether it registers itself and takes part in the campaign.
    pub takes_part: bool,
}

/// An industry of the demonstration.
#[derive(Debug)]
pub struct Trade {
    /// How frequent it is.
    weight: u32,
    /// The code in the register; its first two digits are the division.
    code: &'static str,
    /// What such enterprises call themselves.
    word: &'static str,
}

impl Trade {
    /// The division of VSIC 2025.
    pub fn division(&self) -> &'static str {
        &self.code[..2]
    }
}

const fn trade(weight: u32, code: &'static str, word: &'static str) -> Trade {
    Trade { weight, code, word }
}

const TRADES: [Trade; 28] = [
    trade(10, "4649", "Thương mại"),
    trade(6, "4663", "Vật liệu"),
    trade(9, "4711", "Siêu thị"),
    trade(9, "4773", "Phân phối"),
    trade(4, "4759", "Điện máy"),
    trade(3, "1079", "Thực phẩm"),
    trade(2, "1020", "Nông sản"),
    trade(2, "1392", "Dệt"),
    trade(4, "1410", "May mặc"),
    trade(4, "1629", "Gỗ mỹ nghệ"),
    trade(2, "1702", "Bao bì"),
    trade(3, "2220", "Nhựa"),
    trade(6, "2592", "Cơ khí"),
    trade(3, "2599", "Kim khí"),
    trade(5, "2610", "Điện tử"),
    trade(4, "3100", "Nội thất"),
    trade(5, "4101", "Xây dựng"),
    trade(4, "4329", "Xây lắp"),
    trade(6, "4933", "Vận tải"),
    trade(1, "5224", "Kho vận"),
    trade(2, "5510", "Khách sạn"),
    trade(4, "5610", "Ẩm thực"),
    trade(2, "6201", "Phần mềm"),
    trade(1, "6820", "Bất động sản"),
    trade(3, "7110", "Tư vấn thiết kế"),
    trade(1, "8559", "Đào tạo"),
    trade(3, "0118", "Nông nghiệp"),
    trade(2, "9529", "Sửa chữa"),
];

/// The code of a legal form, and what stands in front of the name.
const KINDS: [(&str, &str); 5] = [
    ("TNHH2", "Công ty TNHH"),
    ("TNHH1", "Công ty TNHH Một thành viên"),
    ("CTCP", "Công ty Cổ phần"),
    ("DNTN", "Doanh nghiệp tư nhân"),
    ("HTX", "Hợp tác xã"),
];
const FIRST: [&str; 24] = [
    "An Phát",
    "Bảo Long",
    "Bình Minh",
    "Đại Thành",
    "Đức Hòa",
    "Gia Hưng",
    "Hải Đăng",
    "Hoàng Gia",
    "Hồng Hà",
    "Khánh Linh",
    "Long Khánh",
    "Mai Anh",
    "Minh Đức",
    "Nam Phong",
    "Ngọc Ánh",
    "Phú Cường",
    "Phúc Lộc",
    "Quang Trung",
    "Tân Tiến",
    "Thành Công",
    "Thiên Phú",
    "Trường Sơn",
    "Tuấn Tú",
    "Việt Nhật",
];
const SECOND: [&str; 20] = [
    "Kinh Bắc",
    "Hà Bắc",
    "Sông Cầu",
    "Sông Thương",
    "Sông Đuống",
    "Lạng Giang",
    "Lục Ngạn",
    "Yên Dũng",
    "Yên Phong",
    "Thuận Thành",
    "Tiên Du",
    "Gia Bình",
    "Lương Tài",
    "Đông Hồ",
    "Đồng Kỵ",
    "Phù Lãng",
    "Vân Hà",
    "Tây Yên Tử",
    "Đông Bắc",
    "Bắc Á",
];

/// All enterprises of the province, the same for the same seed.
pub fn firms(rng: &mut Rng) -> Vec<Firm> {
    (0..FIRMS).map(|number| firm(rng, number)).collect()
}

fn firm(rng: &mut Rng, number: usize) -> Firm {
    let (legal_form, kind) = KINDS[rng.usize(..KINDS.len())];
    let trade = one_of(rng, &TRADES);
    let unit = unit(rng);
    let employees = employees(rng);
    // The first two digits are those of the province that issued the code.
    let begin = if unit.former_province_code == "27" { 230_010_000 } else { 240_010_000 };
    let (first, second) = (FIRST[rng.usize(..FIRST.len())], SECOND[rng.usize(..SECOND.len())]);
    Firm {
        tax_code: with_check_digit(begin + 7 * u64::try_from(number).unwrap_or_default()),
        name: format!("{kind} {} {first} {second}", trade.word),
        legal_form,
        unit,
        trade,
        employees,
        revenue: employees * rng.i64(250..1_600),
        capital: employees * rng.i64(120..900),
        email: format!("dn{:05}@example.vn", number + 1),
        takes_part: rng.f64() < interest(employees),
    }
}

/// How likely an enterprise of so many people takes part: the larger, the likelier, so that weights have something to do.
fn interest(employees: i64) -> f64 {
    match employees {
        ..10 => 0.12,
        10..50 => 0.24,
        50..200 => 0.4,
        _ => 0.6,
    }
}

fn one_of(rng: &mut Rng, trades: &'static [Trade]) -> &'static Trade {
    let weights: u32 = trades.iter().map(|trade| trade.weight).sum();
    let mut at = rng.u32(..weights);
    let found = trades.iter().find(|trade| {
        let is_it = at < trade.weight;
        at = at.saturating_sub(trade.weight);
        is_it
    });
    found.unwrap_or(&trades[0])
}

/// A ward more often than a commune.
fn unit(rng: &mut Rng) -> &'static Unit {
    let units = classification::units();
    let first = &units[rng.usize(..units.len())];
    let is_ward = first.kind == UnitKind::Ward;
    if is_ward || rng.f64() < 0.4 { first } else { &units[rng.usize(..units.len())] }
}

/// Many small ones and few large ones.
fn employees(rng: &mut Rng) -> i64 {
    match rng.u32(..100) {
        0..14 => 1,
        14..66 => rng.i64(2..10),
        66..91 => rng.i64(10..50),
        91..98 => rng.i64(50..200),
        _ => rng.i64(200..2_000),
    }
}

/// The first tax code that is ever issued for nine digits, counting up where none is.
pub fn with_check_digit(from: u64) -> String {
    let candidates = (from..).flat_map(|body| (0..10).map(move |digit| format!("{body:09}{digit}")));
    candidates.into_iter().find(|code| TaxCode::parse(code).is_ok()).unwrap_or_default()
}

/// The register as an office would send it: written in several ways, with gaps and with rows that are wrong.
pub fn file<'a>(rng: &mut Rng, firms: impl Iterator<Item = &'a Firm>) -> String {
    let mut file = String::from(
        "STT,Mã số thuế,Tên doanh nghiệp,Loại hình doanh nghiệp,Xã/Phường,Huyện (cũ),Địa chỉ trụ sở chính,\
         Mã ngành chính,Số lao động,Doanh thu (triệu đồng),Tổng nguồn vốn (triệu đồng),Trạng thái,Thư điện tử,\
         Điện thoại\n",
    );
    let mut rows = 0;
    let mut taking_part = 0;
    for firm in firms {
        taking_part += usize::from(firm.takes_part);
        if firm.takes_part && taking_part.is_multiple_of(UNKNOWN) {
            continue;
        }
        rows += 1;
        let _ = writeln!(file, "{rows},{}", row(rng, firm));
    }
    for wrong in WRONG {
        rows += 1;
        let _ = writeln!(file, "{rows},{wrong}");
    }
    file
}

/// Rows that an import names with their reasons.
const WRONG: [&str; 6] = [
    "2300100001,Công ty TNHH Thương mại Sai Số,TNHH2,Phường Kinh Bắc,,,4649,5,,,,,",
    "23001x,Công ty TNHH Chữ Lẫn,TNHH2,Phường Kinh Bắc,,,4649,5,,,,,",
    "0100109106,Công ty Cổ phần Ngoại Tỉnh,CTCP,Phường Hoàn Kiếm,,,4649,5,,,,,",
    "0100109106,Công ty Cổ phần Ngành Lạ,CTCP,Phường Kinh Bắc,,,0400,5,,,,,",
    "0100109106,,CTCP,Phường Kinh Bắc,,,4649,5,,,,,",
    "0100109106,Công ty Cổ phần Đông Người,CTCP,Phường Kinh Bắc,,,4649,nhiều,,,,,",
];

fn row(rng: &mut Rng, firm: &Firm) -> String {
    let house = rng.u32(1..400);
    let unit = firm.unit.label(Lang::Vi);
    // Some rows have the place in the address alone, some with the district of 2024 beside it.
    let (unit, district, address) = match rng.u32(..10) {
        0..2 => (String::new(), String::new(), format!("Số {house}, {unit}, tỉnh Bắc Ninh")),
        2..4 => (unit, firm.unit.former_district.clone(), format!("Số {house}")),
        _ => (unit, String::new(), format!("Số {house}, đường Hùng Vương")),
    };
    let status = match rng.u32(..100) {
        _ if firm.takes_part => "Đang hoạt động",
        0..2 => "Đã giải thể",
        2..5 => "Tạm ngừng kinh doanh",
        _ => "Đang hoạt động",
    };
    let is_silent = !firm.takes_part && rng.u32(..100) < 4;
    let figure = |value: i64| if is_silent { String::new() } else { value.to_string() };
    let (email, phone) =
        if rng.u32(..10) < 7 { (firm.email.as_str(), phone(&firm.tax_code)) } else { ("", String::new()) };
    format!(
        "{},{},{},{unit},{district},\"{address}\",{},{},{},{},{status},{email},{phone}",
        firm.tax_code,
        firm.name,
        firm.legal_form,
        firm.trade.code,
        figure(firm.employees),
        figure(firm.revenue),
        figure(firm.capital),
    )
}

/// A telephone number that nobody has.
fn phone(tax_code: &str) -> String {
    format!("0204 {}", &tax_code[3..])
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use model::enterprise::LegalForm;

    use super::*;
    use crate::import::file::Kind;

    #[test]
    fn every_kind_is_a_legal_form_and_every_industry_a_division() {
        assert!(KINDS.iter().all(|(code, _)| code.parse::<LegalForm>().is_ok()));
        assert!(TRADES.iter().all(|trade| classification::division(trade.division()).is_some()));
    }

    #[test]
    fn about_two_thousand_take_part_and_no_two_have_one_tax_code() {
        let firms = firms(&mut Rng::with_seed(super::super::SEED));
        let part = firms.iter().filter(|firm| firm.takes_part).count();
        assert!((1_800..2_300).contains(&part), "{part}");
        let codes: HashSet<&str> = firms.iter().map(|firm| firm.tax_code.as_str()).collect();
        assert_eq!(codes.len(), FIRMS);
    }

    #[test]
    fn the_file_is_read_but_for_its_wrong_rows() {
        let mut rng = Rng::with_seed(1);
        let firms: Vec<Firm> = (0..300).map(|number| firm(&mut rng, number)).collect();
        let file = file(&mut rng, firms.iter());
        let headers = Kind::Csv.headers(file.as_bytes()).unwrap();
        let mapping = model::register::Mapping::propose(&headers.names);
        assert_eq!(mapping.columns.len(), model::register::Column::ALL.len());
        let (mut read, mut rejected) = (0, Vec::new());
        Kind::Csv
            .rows(file.as_bytes(), &mut |line, cells| {
                if line > headers.line {
                    match model::register::read(&mapping, &cells) {
                        Ok(_) => read += 1,
                        Err(problems) => rejected.push(format!("{cells:?} {problems:?}")),
                    }
                }
                std::ops::ControlFlow::Continue(())
            })
            .unwrap();
        assert_eq!(rejected.len(), WRONG.len(), "{rejected:#?}");
        assert!(read > 290);
    }
}
