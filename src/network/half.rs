//! Floating-point numbers of 16 bits, each exactly one of 32.

/// A number of 16 bits, IEEE 754 binary16: a sign, five bits of exponent and ten of fraction.
pub(super) fn half(bits: u16) -> f32 {
    let fraction = f32::from(bits & 0x3ff);
    let size = match i32::from(bits >> 10 & 0x1f) {
        0 => fraction * 2.0_f32.powi(-24),
        0x1f if fraction == 0.0 => f32::INFINITY,
        0x1f => f32::NAN,
        exponent => (1024.0 + fraction) * 2.0_f32.powi(exponent - 25),
    };
    if bits >> 15 == 0 { size } else { -size }
}

/// A bfloat16: the upper half of an f32.
pub(super) fn brain_half(bits: u16) -> f32 {
    f32::from_bits(u32::from(bits) << 16)
}

#[cfg(test)]
mod tests {
    use super::{brain_half, half};

    #[test]
    fn numbers_of_16_bits_are_those_of_ieee_754() {
        for (bits, value) in [
            (0x0000, 0.0),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0001, 2.0_f64.powi(-24)),
            (0x0400, 2.0_f64.powi(-14)),
            (0x3555, 0.333_251_953_125),
            (0x7c00, f64::INFINITY),
            (0xfc00, f64::NEG_INFINITY),
        ] {
            assert_eq!(
                f64::from(half(bits)).to_bits(),
                f64::to_bits(value),
                "of {bits:#x}"
            );
        }
        assert!(half(0x8000).is_sign_negative());
        assert!(half(0x7e01).is_nan());
    }

    #[test]
    fn a_bfloat16_is_the_upper_half_of_an_f32() {
        for (bits, value) in [(0x3f80, 1.0), (0xc040, -3.0), (0x3dcd, 0.100_097_656_25)] {
            assert_eq!(
                f64::from(brain_half(bits)).to_bits(),
                f64::to_bits(value),
                "of {bits:#x}"
            );
        }
    }
}
