//! The document of `/on-call`, as it is read and put.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use ticketing::{OnCall, Override, Person, Schedule, Turn};
use utoipa::ToSchema;
use validator::Validate;

use crate::http::{fault::Fault, problem::ApiError};

/// Who takes which turns.
#[derive(Debug, Deserialize, Serialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "people": [
        {"name": "Asha Rai", "email": "asha@example.com", "page": "asha-rai"},
        {"name": "Bishnu Thapa", "email": "bishnu@example.com"}
    ],
    "schedules": [{
        "level": 3, "time_zone": "Asia/Kathmandu", "every": "week", "handover": "09:00",
        "starting_on": "2026-11-22", "rotation": ["Asha Rai", "Bishnu Thapa"],
        "overrides": [{"from": "2026-11-25T03:15:00Z", "until": "2026-11-26T03:15:00Z",
                       "person": "Bishnu Thapa"}]
    }]
}))]
pub(crate) struct OnCallDocument {
    /// Everybody that a schedule names.
    #[schema(max_items = 200)]
    people: Vec<PersonForm>,
    /// At most one per level.
    #[schema(max_items = 4)]
    schedules: Vec<ScheduleForm>,
}

/// Someone who takes turns.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PersonForm {
    /// Unique.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Where a mail reaches them.
    #[serde(default)]
    #[schema(max_length = 254)]
    email: Option<String>,
    /// Their name at the pager; without it `name`.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 254)]
    page: Option<String>,
}

/// A level's rotation.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ScheduleForm {
    /// Which level it answers for.
    #[schema(minimum = 1, maximum = 4)]
    level: u8,
    /// An IANA zone: whose wall clock hands over.
    #[schema(example = "Asia/Kathmandu")]
    time_zone: String,
    /// How long a turn lasts.
    every: TurnWord,
    /// The time of day at which turns change, `HH:MM`. Where the clock jumps over
    /// it, the end of the jump; where it comes twice, the first.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "09:00")]
    handover: String,
    /// The day of the first handover, and the weekday of weekly ones.
    starting_on: NaiveDate,
    /// Names in the order of their turns.
    #[serde(default)]
    #[schema(max_items = 200)]
    rotation: Vec<String>,
    /// Somebody else for a while; of two at one instant the later one in the list
    /// stands.
    #[serde(default)]
    #[schema(max_items = 200)]
    overrides: Vec<OverrideForm>,
}

/// How long a turn lasts.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TurnWord {
    /// Handed over every day.
    Day,
    /// Handed over every week.
    Week,
}

/// Somebody else for a while.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OverrideForm {
    /// From this instant,
    from: DateTime<Utc>,
    /// until just before this one.
    until: DateTime<Utc>,
    /// Who takes over.
    person: String,
}

impl OnCallDocument {
    /// What can be followed, or every fault.
    pub(super) fn parse(self) -> Result<OnCall, ApiError> {
        let mut faults = Vec::new();
        let people = self.people.into_iter().map(|person| Person {
            name: person.name,
            email: person.email,
            page: person.page,
        });
        let people = people.collect();
        let mut schedules = Vec::new();
        let mut all = true;
        for (n, form) in self.schedules.into_iter().enumerate() {
            match schedule(form, &format!("/schedules/{n}")) {
                Ok(schedule) => schedules.push(schedule),
                Err(found) => {
                    faults.extend(found);
                    all = false;
                }
            }
        }
        let on_call = OnCall { people, schedules };
        // With a schedule left out the places of the others would be wrong.
        let listed = on_call.faults().into_iter();
        let listed = listed.filter(|fault| all || !fault.pointer.starts_with("/schedules"));
        faults.extend(listed.map(|fault| Fault::new(fault.pointer, "invalid", fault.message)));
        if faults.is_empty() {
            Ok(on_call)
        } else {
            Err(ApiError::Invalid(faults))
        }
    }
}

fn schedule(form: ScheduleForm, at: &str) -> Result<Schedule, Vec<Fault>> {
    let fault =
        |field: &str, message: &str| Fault::new(format!("{at}/{field}"), "invalid", message);
    let level = form.level.try_into();
    let time_zone = form.time_zone.parse();
    let handover = Some(form.handover.as_str()).filter(|text| text.len() == "HH:MM".len());
    let handover = handover.and_then(|text| NaiveTime::parse_from_str(text, "%H:%M").ok());
    let (Ok(level), Ok(time_zone), Some(handover)) = (level, time_zone, handover) else {
        let wrong = [
            level.is_err().then(|| fault("level", "must be 1 to 4")),
            time_zone.is_err().then(|| {
                fault(
                    "time_zone",
                    "is not an IANA time zone such as Asia/Kathmandu",
                )
            }),
            handover
                .is_none()
                .then(|| fault("handover", "must be a time of day such as 09:00")),
        ];
        return Err(wrong.into_iter().flatten().collect());
    };
    let overrides = form.overrides.into_iter().map(|over| Override {
        from: over.from,
        until: over.until,
        person: over.person,
    });
    Ok(Schedule {
        level,
        time_zone,
        every: match form.every {
            TurnWord::Day => Turn::Day,
            TurnWord::Week => Turn::Week,
        },
        handover,
        starting_on: form.starting_on,
        rotation: form.rotation,
        overrides: overrides.collect(),
    })
}

impl From<&OnCall> for OnCallDocument {
    fn from(on_call: &OnCall) -> Self {
        let person = |person: &Person| PersonForm {
            name: person.name.clone(),
            email: person.email.clone(),
            page: person.page.clone(),
        };
        Self {
            people: on_call.people.iter().map(person).collect(),
            schedules: on_call.schedules.iter().map(ScheduleForm::from).collect(),
        }
    }
}

impl From<&Schedule> for ScheduleForm {
    fn from(schedule: &Schedule) -> Self {
        let over = |over: &Override| OverrideForm {
            from: over.from,
            until: over.until,
            person: over.person.clone(),
        };
        Self {
            level: schedule.level.number(),
            time_zone: schedule.time_zone.name().to_owned(),
            every: match schedule.every {
                Turn::Day => TurnWord::Day,
                Turn::Week => TurnWord::Week,
            },
            handover: schedule.handover.format("%H:%M").to_string(),
            starting_on: schedule.starting_on,
            rotation: schedule.rotation.clone(),
            overrides: schedule.overrides.iter().map(over).collect(),
        }
    }
}
