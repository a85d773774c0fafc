//! The life of a campaign: draft → open → closed → archived.

use time::OffsetDateTime;

/// What was decided about a campaign. Whether an open one takes answers right now is its [`Phase`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Being prepared; no enterprise sees it.
    Draft,
    /// Takes answers between its two dates.
    Open,
    /// Closed by hand; may be reopened.
    Closed,
    /// Over for good: kept for reading.
    Archived,
}

impl State {
    /// Every state, in the order of a campaign's life.
    pub const ALL: [State; 4] = [State::Draft, State::Open, State::Closed, State::Archived];

    /// The stored form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Open => "open",
            State::Closed => "closed",
            State::Archived => "archived",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// What a campaign is at a moment, as people see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Being prepared.
    Draft,
    /// Opened, but its first moment is still to come.
    Scheduled,
    /// Takes answers.
    Open,
    /// Takes no answers: it was closed, or its last moment has passed.
    Closed,
    /// Over for good.
    Archived,
}

/// State and dates of a campaign. It takes answers from `opens_at` on and no longer at `closes_at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// What was decided.
    pub state: State,
    /// The first moment.
    pub opens_at: OffsetDateTime,
    /// The moment after the last.
    pub closes_at: OffsetDateTime,
}

/// Why a step is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The campaign is not where this step begins.
    #[error("this step does not begin at {0:?}")]
    WrongPhase(Phase),
    /// It would close before it opens.
    #[error("it would close before it opens")]
    ClosesBeforeOpening,
    /// It would close in the past.
    #[error("it would close in the past")]
    ClosesInThePast,
    /// The new closing is not later than the present one.
    #[error("the new closing is not later")]
    NotLater,
}

impl Schedule {
    /// A new draft.
    ///
    /// # Errors
    /// When it would close before it opens.
    pub fn draft(opens_at: OffsetDateTime, closes_at: OffsetDateTime) -> Result<Self, Refusal> {
        if closes_at <= opens_at {
            return Err(Refusal::ClosesBeforeOpening);
        }
        Ok(Self { state: State::Draft, opens_at, closes_at })
    }

    /// What the campaign is at this moment.
    #[must_use]
    pub fn phase(&self, now: OffsetDateTime) -> Phase {
        match self.state {
            State::Draft => Phase::Draft,
            State::Open if now < self.opens_at => Phase::Scheduled,
            State::Open if now < self.closes_at => Phase::Open,
            State::Open | State::Closed => Phase::Closed,
            State::Archived => Phase::Archived,
        }
    }

    /// Opens a draft; its first moment may be still to come.
    ///
    /// # Errors
    /// When it is no draft or would be closed already.
    pub fn open(self, now: OffsetDateTime) -> Result<Self, Refusal> {
        self.expect(now, &[Phase::Draft])?;
        if self.closes_at <= now {
            return Err(Refusal::ClosesInThePast);
        }
        Ok(Self { state: State::Open, ..self })
    }

    /// Moves the closing of a campaign that is open or about to open to later.
    ///
    /// # Errors
    /// When it is neither, or the new closing is not later than the present one.
    pub fn extend(self, closes_at: OffsetDateTime, now: OffsetDateTime) -> Result<Self, Refusal> {
        self.expect(now, &[Phase::Scheduled, Phase::Open])?;
        if closes_at <= self.closes_at {
            return Err(Refusal::NotLater);
        }
        Ok(Self { closes_at, ..self })
    }

    /// Closes a campaign that is open now. Drafts of answers are locked by the passing of `closes_at`; none is lost.
    ///
    /// # Errors
    /// When it is not open.
    pub fn close(self, now: OffsetDateTime) -> Result<Self, Refusal> {
        self.expect(now, &[Phase::Open])?;
        Ok(Self { state: State::Closed, closes_at: now, ..self })
    }

    /// Opens a closed campaign once more, until a new closing.
    ///
    /// # Errors
    /// When it is not closed or the new closing is in the past.
    pub fn reopen(self, closes_at: OffsetDateTime, now: OffsetDateTime) -> Result<Self, Refusal> {
        self.expect(now, &[Phase::Closed])?;
        if closes_at <= now {
            return Err(Refusal::ClosesInThePast);
        }
        Ok(Self { state: State::Open, closes_at, ..self })
    }

    /// Puts a closed campaign away for good.
    ///
    /// # Errors
    /// When it is not closed.
    pub fn archive(self, now: OffsetDateTime) -> Result<Self, Refusal> {
        self.expect(now, &[Phase::Closed])?;
        Ok(Self { state: State::Archived, ..self })
    }

    fn expect(&self, now: OffsetDateTime, phases: &[Phase]) -> Result<(), Refusal> {
        let phase = self.phase(now);
        if phases.contains(&phase) { Ok(()) } else { Err(Refusal::WrongPhase(phase)) }
    }
}

#[cfg(test)]
mod tests {
    use time::{Duration, macros::datetime};

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-24 03:00 UTC);
    const DAY: Duration = Duration::DAY;

    type Step = fn(Schedule) -> Result<Schedule, Refusal>;

    fn schedule(state: State) -> Schedule {
        Schedule { state, opens_at: NOW - DAY, closes_at: NOW + DAY }
    }

    #[test]
    fn states_and_names_are_one_to_one() {
        for state in State::ALL {
            assert_eq!(State::named(state.as_str()), Some(state));
        }
        assert_eq!(State::named("Open"), None);
    }

    #[test]
    fn an_open_campaign_takes_answers_from_its_first_to_before_its_last_moment() {
        let open = schedule(State::Open);
        let second = Duration::SECOND;
        let phases = [open.opens_at - second, open.opens_at, open.closes_at - second, open.closes_at];
        assert_eq!(phases.map(|at| open.phase(at)), [Phase::Scheduled, Phase::Open, Phase::Open, Phase::Closed]);
    }

    #[test]
    fn a_campaign_goes_its_way() {
        let draft = Schedule::draft(NOW, NOW + DAY).unwrap();
        let open = draft.open(NOW - DAY).unwrap();
        assert_eq!(open.phase(NOW - DAY), Phase::Scheduled);
        let longer = open.extend(NOW + DAY * 2, NOW).unwrap();
        assert_eq!((longer.phase(NOW + DAY), longer.opens_at), (Phase::Open, NOW));
        let closed = longer.close(NOW + DAY).unwrap();
        assert_eq!((closed.state, closed.closes_at), (State::Closed, NOW + DAY));
        let again = closed.reopen(NOW + DAY * 3, NOW + DAY * 2).unwrap();
        assert_eq!(again.phase(NOW + DAY * 2), Phase::Open);
        let archived = again.archive(NOW + DAY * 3).unwrap();
        assert_eq!(archived.phase(NOW), Phase::Archived);
    }

    #[test]
    fn every_step_begins_only_where_it_may() {
        let steps: [(&str, Step, &[Phase]); 5] = [
            ("open", |s| s.open(NOW), &[Phase::Draft]),
            ("extend", |s| s.extend(NOW + DAY * 9, NOW), &[Phase::Scheduled, Phase::Open]),
            ("close", |s| s.close(NOW), &[Phase::Open]),
            ("reopen", |s| s.reopen(NOW + DAY * 9, NOW), &[Phase::Closed]),
            ("archive", |s| s.archive(NOW), &[Phase::Closed]),
        ];
        let shifted = |by: Duration| Schedule { opens_at: NOW + by, closes_at: NOW + by + DAY, state: State::Open };
        let mut all: Vec<Schedule> = State::ALL.into_iter().map(schedule).collect();
        all.extend([shifted(DAY), shifted(-DAY * 3)]);
        for (name, step, from) in steps {
            for schedule in &all {
                let phase = schedule.phase(NOW);
                let taken = step(*schedule);
                assert_eq!(taken.is_ok(), from.contains(&phase), "{name} from {phase:?}: {taken:?}");
                if !from.contains(&phase) {
                    assert_eq!(taken, Err(Refusal::WrongPhase(phase)));
                }
            }
        }
    }

    #[test]
    fn closings_that_make_no_sense_are_refused() {
        assert_eq!(Schedule::draft(NOW, NOW), Err(Refusal::ClosesBeforeOpening));
        let past = Schedule::draft(NOW - DAY * 2, NOW).unwrap();
        assert_eq!(past.open(NOW), Err(Refusal::ClosesInThePast));
        let open = schedule(State::Open);
        assert_eq!(open.extend(open.closes_at, NOW), Err(Refusal::NotLater));
        assert_eq!(schedule(State::Closed).reopen(NOW, NOW), Err(Refusal::ClosesInThePast));
    }
}
