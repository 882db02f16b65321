//! Passes over numbers with the widest instructions that the processor has: the digits are the same, eight at a time.
//!
//! A function that is compiled for certain instructions may be called only where the processor has them; elsewhere anything may
//! happen. So nothing but [`vectorised`] calls the two that are, and it asks before, which costs one read of what std has
//! found out once. A pass is handed over and back as it is: neither is a vector of the processor itself, whose way through a call
//! would depend on the instructions.

/// What `pass` returns; its loops are compiled for the processor at hand, along with those that are inlined into it.
#[allow(
    clippy::inline_always,
    reason = "the pass is to be inlined into one function for each set of instructions"
)]
#[inline(always)]
pub fn vectorised<T>(pass: impl FnOnce() -> T) -> T {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl") {
            #[allow(unsafe_code, reason = "called for a processor that has been asked")]
            // SAFETY: the function wants AVX-512 F and VL and what these imply, AVX2 and FMA among it. The processor has the two,
            // and the system keeps their registers, as the macro has just asked of both; neither goes away while a program runs.
            return unsafe { with_avx512(pass) };
        }
        if fuses() {
            #[allow(unsafe_code, reason = "called for a processor that has been asked")]
            // SAFETY: the function wants AVX2 and FMA and what these imply. The processor has the two, and the system keeps their
            // registers, as `fuses` has just asked of both; neither goes away while a program runs.
            return unsafe { with_avx2(pass) };
        }
    }
    pass()
}

/// Whether the processor multiplies and adds with one rounding.
pub(super) fn fuses() -> bool {
    #[cfg(target_arch = "x86_64")]
    return is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
    #[cfg(not(target_arch = "x86_64"))]
    return cfg!(target_arch = "aarch64");
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl")]
fn with_avx512<T>(pass: impl FnOnce() -> T) -> T {
    pass()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn with_avx2<T>(pass: impl FnOnce() -> T) -> T {
    pass()
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::vectorised;

    /// A pass as those of the forward pass are: of many numbers, with a remainder at the end.
    fn pass(numbers: &[f64]) -> Vec<f64> {
        numbers.iter().map(|x| (x * 0.1).max(0.0) + x).collect()
    }

    #[test]
    fn a_pass_has_the_same_bits_with_and_without_wide_instructions_at_every_length_and_offset() {
        let numbers: Vec<f64> = (0..70).map(|i| f64::from(i - 30) / 7.0).collect();
        for first in 0..9 {
            for end in first..numbers.len() {
                // Numbers of eight bytes that begin anywhere in a vector of 64.
                let part = &numbers[first..end];
                let (wide, plain) = (vectorised(|| pass(part)), pass(part));
                assert_eq!(wide, plain, "{first}..{end}");
            }
        }
    }

    #[test]
    fn a_pass_may_own_what_it_uses_and_may_panic() {
        let owned = vec![1.0; 5];
        let moved = vectorised(move || owned);
        assert_eq!(moved, [1.0; 5]);
        let dropped = std::rc::Rc::new(());
        let inside = dropped.clone();
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            vectorised(move || {
                assert_eq!(std::rc::Rc::strong_count(&inside), 7, "a fault");
            });
        }));
        assert!(outcome.is_err());
        assert_eq!(std::rc::Rc::strong_count(&dropped), 1);
    }
}
