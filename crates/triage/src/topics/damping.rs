//! How much what a text shows weighs: each thing once, and long texts not in
//! proportion.

/// Values are divided by the vector's length to this power.
const DAMPING: f32 = 0.75;
/// What brings damped values to a good size for training.
const SCALE: f32 = 3.0;

/// What has a key, such as a model's row, and a value.
pub(crate) trait Weighed: Copy {
    fn key(&self) -> u64;
    fn value(&mut self) -> &mut f32;
}

/// Each key once at its first place, the values damped.
pub(crate) fn damped<T: Weighed>(shown: &[T]) -> Vec<T> {
    let mut kept = each_once(shown);
    let square: f32 = kept.iter_mut().map(|shown| shown.value().powi(2)).sum();
    let scale = SCALE / square.sqrt().max(1.0).powf(DAMPING);
    for shown in &mut kept {
        *shown.value() *= scale;
    }
    kept
}

/// Of equal keys the first one, with the greatest value of all. The table of
/// places has two for each and is searched from where the key falls.
pub(super) fn each_once<T: Weighed>(shown: &[T]) -> Vec<T> {
    let places = (2 * shown.len()).next_power_of_two();
    let mut table = vec![usize::MAX; places];
    let mut kept: Vec<T> = Vec::with_capacity(shown.len());
    for mut next in shown.iter().copied() {
        let spread = next.key().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let start = usize::try_from(spread).unwrap_or(0);
        for step in 0..places {
            let Some(place) = table.get_mut((start + step) & (places - 1)) else {
                break;
            };
            let Some(other) = kept.get_mut(*place) else {
                *place = kept.len();
                kept.push(next);
                break;
            };
            if other.key() == next.key() {
                *other.value() = other.value().max(*next.value());
                break;
            }
        }
    }
    kept
}
