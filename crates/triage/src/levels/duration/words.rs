//! The words that durations are told with.

use std::sync::OnceLock;

use crate::text::lexicon::stem_key;

/// Words as keys of their stems.
pub(super) struct Words {
    pub(super) minute: Vec<u64>,
    pub(super) hour: Vec<u64>,
    pub(super) day: Vec<u64>,
    pub(super) week: Vec<u64>,
    /// Units only right behind a number: "2 h 14 m".
    pub(super) h: Vec<u64>,
    pub(super) m: Vec<u64>,
    pub(super) since: Vec<u64>,
    /// What tells of a beginning: "started 08:05".
    pub(super) began: Vec<u64>,
    /// "Began this morning", "went down last night".
    pub(super) begun: Vec<u64>,
    pub(super) went: Vec<u64>,
    pub(super) down: Vec<u64>,
    pub(super) within: Vec<u64>,
    /// "More than an hour" is a little more, "less than an hour" says nothing.
    pub(super) more: Vec<u64>,
    pub(super) less: Vec<u64>,
    /// "The last two hours", "last night".
    pub(super) recently: Vec<u64>,
    /// What may stand between an amount and its unit.
    pub(super) filler: Vec<u64>,
    /// "For days".
    pub(super) during: Vec<u64>,
    /// "I ordered five days ago", "returns within seven days": of other things.
    pub(super) purchases: Vec<u64>,
    pub(super) promises: Vec<u64>,
    /// "My parcel is late since Monday".
    pub(super) parcel: Vec<u64>,
    pub(super) ago: Vec<u64>,
    pub(super) half: Vec<u64>,
    pub(super) one_and_a_half: Vec<u64>,
    pub(super) two_and_a_half: Vec<u64>,
    /// "Third hour": two are over. From the second on.
    pub(super) ordinals: Vec<u64>,
    pub(super) and: Vec<u64>,
    pub(super) whole: Vec<u64>,
    /// "Din bhari", "rat bhari": behind the day or the night.
    pub(super) throughout: Vec<u64>,
    pub(super) day_long: Vec<u64>,
    pub(super) now: Vec<u64>,
    /// What stands beside the time of a note: "checked 08:05".
    pub(super) noted: Vec<u64>,
    pub(super) still: Vec<u64>,
    pub(super) morning: Vec<u64>,
    pub(super) recent: Vec<u64>,
    pub(super) evening: Vec<u64>,
    pub(super) yesterday: Vec<u64>,
    pub(super) weekdays: Vec<u64>,
    pub(super) last: Vec<u64>,
    pub(super) noon: Vec<u64>,
    pub(super) oclock: Vec<u64>,
    pub(super) is: Vec<u64>,
    /// "*Quarter past* nine".
    pub(super) about_hours: Vec<u64>,
    pub(super) at: Vec<u64>,
    pub(super) around: Vec<u64>,
    pub(super) good: Vec<u64>,
    pub(super) until: Vec<u64>,
    pub(super) part: Vec<u64>,
    /// The bits of the words that a duration has at least one of.
    pub(super) telling: u64,
}

/// A bit for a word: most others have another one.
pub(super) fn bit(key: u64) -> u64 {
    1 << (key >> 58)
}

pub(super) fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let keys = |text: &str| text.split_whitespace().map(stem_key).collect::<Vec<_>>();
        let mut words = Words {
            telling: 0,
            minute: keys("minute min mins minutes"),
            hour: keys("hour hr hrs hours"),
            day: keys("day"),
            week: keys("week month"),
            h: keys("h"),
            m: keys("m"),
            since: keys("since from"),
            began: keys("started start begun began beginning went alert opened failing"),
            begun: keys("begun began"),
            went: keys("went"),
            down: keys("down dark off offline blank dead away"),
            within: keys("within in every each"),
            more: keys("more over longer beyond"),
            less: keys("less under below"),
            recently: keys("last past"),
            filler: keys(
                "a an the full long whole entire good solid straight more than over past last and half about around almost nearly",
            ),
            during: keys("for"),
            purchases: keys("order buy bought purchase parcel"),
            promises: keys("deliver delivery return refund policy warranty"),
            parcel: keys("parcel package courier refund delivery"),
            ago: keys("ago"),
            half: keys("half"),
            one_and_a_half: keys("dedh ded dhedh dedha"),
            two_and_a_half: keys("adhai adai arhai adhaai"),
            ordinals: keys("second third fourth fifth sixth seventh eighth ninth tenth"),
            and: keys("and"),
            whole: keys("all whole entire full"),
            throughout: keys("bhari bhar"),
            day_long: keys("dinbhari dinvari dinbhar ratbhari raatbhari ratvari"),
            now: keys("now past almost already nearly still"),
            noted: keys("after check checked mail reported"),
            still: keys("still"),
            morning: keys("morning noon midnight dawn breakfast bihanai bihanaidekhi"),
            recent: keys("afternoon lunch"),
            evening: keys("evening"),
            yesterday: keys("yesterday"),
            weekdays: keys("monday tuesday wednesday thursday friday saturday sunday"),
            last: keys("night week"),
            noon: keys("noon midnight midday"),
            oclock: keys("oclock bajna"),
            is: keys("is its"),
            about_hours: keys("quarter half past to almost nearly about around now"),
            at: keys("at"),
            around: keys("around about"),
            good: keys("good"),
            until: keys("to till until through"),
            part: keys("morning night afternoon evening"),
        };
        let sets = [
            &words.minute,
            &words.hour,
            &words.day,
            &words.week,
            &words.h,
            &words.m,
            &words.part,
            &words.since,
            &words.began,
            &words.day_long,
        ];
        words.telling = sets
            .into_iter()
            .flatten()
            .fold(0, |bits, key| bits | bit(*key));
        words
    })
}
