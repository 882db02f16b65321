//! Passes over numbers with the widest instructions that the processor has: the digits are the same, eight at a time.

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
            // SAFETY: the processor has the two features, and with them those of AVX2 and FMA.
            return unsafe { with_avx512(pass) };
        }
        if fuses() {
            // SAFETY: the processor has the two features.
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
