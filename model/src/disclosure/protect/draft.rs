//! A pattern in the making, with the circulations that prove it protects.

use super::super::DisclosureError;
use super::super::audit::Protection;
use super::super::circulation::{Ask, Network};
use super::super::table::Table;

/// What a pattern is built for.
pub struct Setting<'a> {
    pub table: &'a Table,
    pub nmin: u32,
    /// Sensitive cells, those that need most protection first.
    pub sensitive: Vec<(usize, Protection)>,
    /// Cells that are suppressed in any case.
    pub forced: Vec<bool>,
    /// Those of them that may become known.
    known: Vec<bool>,
    /// What suppressing each cell costs.
    pub prices: Vec<f64>,
    pub network: Network,
    lines_of: Vec<Vec<usize>>,
    contributor: Vec<Option<usize>>,
}

/// A pattern in the making.
#[derive(Debug, Clone)]
pub struct Draft {
    member: Vec<bool>,
    /// Per cell the circulations found that move it.
    witnesses: Vec<Vec<Witness>>,
    /// Work done so far, in operations.
    pub work: u64,
}

/// A circulation.
#[derive(Debug, Clone)]
struct Witness {
    amount: f64,
    cells: Vec<usize>,
}

/// A circulation that a safe pattern must allow.
#[derive(Debug, Clone, Copy)]
struct Need {
    target: usize,
    /// The least amount, negative for down; none for any.
    amount: Option<f64>,
    /// A contributor's own cell, which it knows.
    without: Option<usize>,
}

/// Price of moving a suppressed cell further: small, so that circulations stay short.
const SUPPRESSED: f64 = 1e-3;

/// Passes until a pattern must have settled.
const PASSES: usize = 50;

impl<'a> Setting<'a> {
    pub fn new(
        table: &'a Table,
        nmin: u32,
        sensitive: Vec<(usize, Protection)>,
        (forced, known): (Vec<usize>, Vec<usize>),
        prices: Vec<f64>,
    ) -> Self {
        let flags = |cells: Vec<usize>| {
            let mut flags = vec![false; table.cells().len()];
            cells.into_iter().for_each(|cell| flags[cell] = true);
            flags
        };
        let (forced, known) = (flags(forced), flags(known));
        let mut lines_of = vec![Vec::new(); table.cells().len()];
        for (number, line) in table.lines().iter().enumerate() {
            line.terms.iter().for_each(|&(cell, _)| lines_of[cell].push(number));
        }
        let (network, contributor) = (Network::new(table), table.single_contributors());
        Self { table, nmin, sensitive, forced, known, prices, network, lines_of, contributor }
    }

    /// Contributors of the suppressed parts of a line with a published total, if they are too few.
    fn union(&self, line: usize, member: &[bool]) -> Option<u32> {
        let line = &self.table.lines()[line];
        let n: u32 = line.parts().filter(|&cell| member[cell]).map(|cell| self.table.cells()[cell].n).sum();
        (!member[line.total] && 0 < n && n < self.nmin).then_some(n)
    }

    fn unprotectable(&self, cell: usize, problem: &str) -> DisclosureError {
        let cell = self.table.cells()[cell].id.clone();
        DisclosureError::Unprotectable { cell, problem: problem.to_owned() }
    }
}

impl Draft {
    pub fn new(setting: &Setting) -> Self {
        let witnesses = vec![Vec::new(); setting.forced.len()];
        Self { member: setting.forced.clone(), witnesses, work: 0 }
    }

    /// The suppressed cells, ascending.
    pub fn members(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.member.len()).filter(|&cell| self.member[cell])
    }

    pub fn remove(&mut self, cell: usize) {
        self.member[cell] = false;
    }

    /// What the cells cost that need not be suppressed.
    pub fn cost(&self, setting: &Setting) -> f64 {
        self.members().filter(|&cell| !setting.forced[cell]).map(|cell| setting.prices[cell]).sum()
    }

    /// Adds cells until every need is met; `round` turns the order of the sensitive cells.
    pub fn build(&mut self, setting: &Setting, prices: &[f64], round: u64) -> Result<(), DisclosureError> {
        for _ in 0..PASSES {
            let before = self.members().count();
            let mut needs = self.needs(setting);
            if round > 0 && !needs.is_empty() {
                let turn = usize::try_from(round).unwrap_or(0) % needs.len();
                needs.rotate_left(turn);
            }
            for need in needs {
                self.meet(setting, prices, need)?;
            }
            for line in 0..setting.table.lines().len() {
                self.widen(setting, prices, line)?;
            }
            if self.members().count() == before {
                return Ok(());
            }
        }
        Err(DisclosureError::Invalid {
            place: "protect".into(),
            problem: "the pattern does not settle; report it".into(),
        })
    }

    /// Publishes again what the pattern can do without, dearest first.
    pub fn clean(&mut self, setting: &Setting) {
        let mut secondary: Vec<usize> = self.members().filter(|&cell| !setting.forced[cell]).collect();
        secondary.sort_by(|&a, &b| setting.prices[b].total_cmp(&setting.prices[a]).then(a.cmp(&b)));
        for cell in secondary {
            self.member[cell] = false;
            if !self.is_enough(setting, cell) {
                self.member[cell] = true;
            }
        }
    }

    /// Whether the pattern still meets every need after `removed` was published.
    fn is_enough(&mut self, setting: &Setting, removed: usize) -> bool {
        if setting.lines_of[removed].iter().any(|&line| setting.union(line, &self.member).is_some()) {
            return false;
        }
        let alone = |&line: &usize| {
            let mut members = setting.table.lines()[line].terms.iter().filter(|term| self.member[term.0]);
            members.next().is_some_and(|first| !setting.known[first.0]) && members.next().is_none()
        };
        if setting.lines_of[removed].iter().any(alone) {
            return false;
        }
        let only = self.member.iter().map(|&member| if member { 1.0 } else { f64::INFINITY }).collect::<Vec<_>>();
        self.needs(setting).into_iter().all(|need| self.is_met(need) || self.find(setting, &only, need).is_some())
    }

    /// What the pattern must allow: sensitive cells move far enough, also without each single contributor's cell, and
    /// no other suppressed cell is exact unless it may be, so that unions of suppressed cells stay unions.
    fn needs(&self, setting: &Setting) -> Vec<Need> {
        let single: Vec<usize> = self.members().filter(|&cell| setting.table.cells()[cell].n == 1).collect();
        let mut needs = Vec::new();
        let mut sensitive = vec![false; self.member.len()];
        for &(target, protection) in &setting.sensitive {
            sensitive[target] = true;
            let amounts = [protection.upper, -protection.lower].into_iter().filter(|amount| *amount != 0.0);
            needs.extend(amounts.map(|amount| Need { target, amount: Some(amount), without: None }));
            if protection == Protection::default() {
                needs.push(Need { target, amount: None, without: None });
            }
        }
        for &(target, _) in &setting.sensitive {
            let own = setting.contributor[target];
            let others = single.iter().filter(|&&insider| insider != target && setting.contributor[insider] != own);
            needs.extend(others.map(|&insider| Need { target, amount: None, without: Some(insider) }));
        }
        let secondary = self.members().filter(|&cell| !sensitive[cell] && !setting.known[cell]);
        needs.extend(secondary.map(|target| Need { target, amount: None, without: None }));
        needs
    }

    fn is_met(&self, need: Need) -> bool {
        let far = |amount: f64| need.amount.is_none_or(|least| amount / least >= 1.0);
        self.witnesses[need.target].iter().any(|witness| {
            far(witness.amount)
                && need.without.is_none_or(|cell| witness.cells.binary_search(&cell).is_err())
                && witness.cells.iter().all(|&cell| self.member[cell])
        })
    }

    /// Adds the cells of a cheapest circulation that meets the need.
    fn meet(&mut self, setting: &Setting, prices: &[f64], need: Need) -> Result<(), DisclosureError> {
        if !self.member[need.target] || self.is_met(need) {
            return Ok(());
        }
        let prices = self.present(prices);
        let Some(cells) = self.find(setting, &prices, need) else {
            let insider =
                |cell: usize| format!("nothing hides it from the contributor of {}", setting.table.cells()[cell].id);
            let problem = need.without.map_or("no suppression hides it well enough".to_owned(), insider);
            return Err(setting.unprotectable(need.target, &problem));
        };
        cells.into_iter().for_each(|cell| self.member[cell] = true);
        Ok(())
    }

    /// Prices with suppressed cells almost free.
    fn present(&self, prices: &[f64]) -> Vec<f64> {
        prices.iter().zip(&self.member).map(|(&price, &member)| if member { SUPPRESSED } else { price }).collect()
    }

    /// The cells of a cheapest circulation that meets the need, which is noted.
    fn find(&mut self, setting: &Setting, prices: &[f64], need: Need) -> Option<Vec<usize>> {
        let size = setting.table.cells()[need.target].value.abs().max(1.0);
        // Well above what the audit calls exact.
        let small = 2e-5 * size;
        let ladder = [small.max(1.0), -small.max(1.0), small, -small];
        let amounts = need.amount.map_or(ladder.to_vec(), |amount| vec![amount]);
        for amount in amounts {
            let ask = Ask { target: need.target, amount, without: need.without, prices };
            let (cells, work) = setting.network.cheapest(ask);
            self.work += work;
            if let Some(cells) = cells {
                self.witnesses[need.target].push(Witness { amount, cells: cells.clone() });
                return Some(cells);
            }
        }
        None
    }

    /// Adds cells to a line whose suppressed parts have too few contributors: the one that costs least with all it
    /// takes to hide it.
    fn widen(&mut self, setting: &Setting, prices: &[f64], line: usize) -> Result<(), DisclosureError> {
        while let Some(n) = setting.union(line, &self.member) {
            let present = self.present(prices);
            let mut best: Option<(f64, Vec<usize>)> = None;
            for &(cell, _) in &setting.table.lines()[line].terms {
                if self.member[cell] || prices[cell].is_infinite() {
                    continue;
                }
                let need = Need { target: cell, amount: None, without: None };
                let Some(cells) = self.find(setting, &present, need) else { continue };
                let enough =
                    cell == setting.table.lines()[line].total || n + setting.table.cells()[cell].n >= setting.nmin;
                let cost: f64 = cells.iter().map(|&cell| present[cell]).sum::<f64>() + if enough { 0.0 } else { 1.0 };
                if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                    best = Some((cost, cells));
                }
            }
            let Some((_, cells)) = best else {
                let total = setting.table.lines()[line].total;
                let problem = format!("its suppressed parts have only {n} contributors together");
                return Err(setting.unprotectable(total, &problem));
            };
            cells.into_iter().for_each(|cell| self.member[cell] = true);
        }
        Ok(())
    }
}
