//! Rate limits per access key: a token bucket, told in `RateLimit` headers
//! (draft-ietf-httpapi-ratelimit-headers).

use std::num::NonZeroU32;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DefaultKeyedStateStore,
};

use super::problem::ApiError;

/// What each key may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests per second, sustained; 0: no limit.
    pub per_second: u32,
    /// Requests at once.
    pub burst: u32,
}

type Limiter =
    RateLimiter<String, DefaultKeyedStateStore<String>, DefaultClock, StateInformationMiddleware>;

/// The buckets of this process.
#[derive(Debug)]
pub struct Limits(Option<(RateLimit, Limiter)>);

/// What is left of a key's bucket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spent {
    limit: RateLimit,
    remaining: u32,
}

impl Limits {
    /// Buckets of that size; none when the rate is 0.
    #[must_use]
    pub fn new(limit: RateLimit) -> Self {
        let quota = NonZeroU32::new(limit.per_second)
            .zip(NonZeroU32::new(limit.burst))
            .map(|(rate, burst)| Quota::per_second(rate).allow_burst(burst));
        Self(quota.map(|quota| (limit, RateLimiter::keyed(quota).with_middleware())))
    }

    /// Takes one request from a key's bucket.
    pub(crate) fn spend(&self, key: &str) -> Result<Option<Spent>, ApiError> {
        let Some((limit, limiter)) = &self.0 else {
            return Ok(None);
        };
        match limiter.check_key(&key.to_owned()) {
            Ok(state) => Ok(Some(Spent {
                limit: *limit,
                remaining: state.remaining_burst_capacity(),
            })),
            Err(not_until) => {
                let wait = not_until.wait_time_from(DefaultClock::default().now());
                Err(ApiError::TooManyRequests(Refused {
                    limit: *limit,
                    seconds: wait.as_secs() + 1,
                }))
            }
        }
    }
}

/// A request beyond what its key may ask for.
#[derive(Clone, Copy, Debug)]
pub struct Refused {
    limit: RateLimit,
    /// How long to wait.
    pub(crate) seconds: u64,
}

impl Spent {
    pub(crate) fn write_headers(self, headers: &mut HeaderMap) {
        write(
            self.limit,
            &format!("\"key\";r={}", self.remaining),
            headers,
        );
    }
}

impl Refused {
    pub(crate) fn write_headers(self, headers: &mut HeaderMap) {
        headers.insert(RETRY_AFTER, HeaderValue::from(self.seconds));
        let left = format!("\"key\";r=0;t={}", self.seconds);
        write(self.limit, &left, headers);
    }
}

fn write(limit: RateLimit, left: &str, headers: &mut HeaderMap) {
    let RateLimit { per_second, burst } = limit;
    let window = burst.div_ceil(per_second.max(1));
    let policy = format!("\"key\";q={burst};w={window}");
    for (name, value) in [("ratelimit-policy", policy.as_str()), ("ratelimit", left)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}
