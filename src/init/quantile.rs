//! The quantile of the standard normal distribution: what turns a uniform number into a normal one.
//!
//! Wichura, *Algorithm AS 241: The Percentage Points of the Normal Distribution* (Applied Statistics 37, 1988),
//! routine PPND16: rational approximations, exact to about 1 part in 10¹⁶. One uniform number makes one normal
//! number, and a truncated one without a rejected draw.

/// A quotient of two polynomials, coefficients from the constant term up.
struct Rational {
    above: [f64; 8],
    below: [f64; 8],
}

/// In r = 0.180625 − (p − ½)², for |p − ½| ≤ 0.425.
const CENTRE: Rational = Rational {
    above: [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    below: [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_854,
    ],
};

/// In r − 1.6, r = √(−ln p), for r ≤ 5.
const TAIL: Rational = Rational {
    above: [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ],
    below: [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
};

/// In r − 5, beyond.
const FAR_TAIL: Rational = Rational {
    above: [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    below: [
        1.0,
        0.599_832_206_555_888,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_445_8e-7,
        2.044_263_103_389_939_8e-15,
    ],
};

impl Rational {
    fn at(&self, r: f64) -> f64 {
        let horner =
            |coefficients: &[f64; 8]| coefficients.iter().rev().fold(0.0, |sum, c| sum * r + c);
        horner(&self.above) / horner(&self.below)
    }
}

/// The z with Φ(z) = p, for p in (0, 1).
pub fn quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        return q * CENTRE.at(0.180_625 - q * q);
    }
    let r = (-libm::log(if q < 0.0 { p } else { 1.0 - p })).sqrt();
    let z = if r <= 5.0 {
        TAIL.at(r - 1.6)
    } else {
        FAR_TAIL.at(r - 5.0)
    };
    z.copysign(q)
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::quantile;

    /// As Python's `statistics.NormalDist().inv_cdf` gives them.
    const KNOWN: [(f64, f64); 9] = [
        (1e-300, -37.047_096_299_361_2),
        (5.551_115_123_125_783e-17, -8.292_361_075_813_595),
        (1e-10, -6.361_340_902_404_056),
        (0.001, -3.090_232_306_167_813),
        (0.07, -1.475_791_028_179_170_2),
        (0.3, -0.524_400_512_708_040_7),
        (0.6, 0.253_347_103_135_799_8),
        (0.93, 1.475_791_028_179_170_8),
        (0.999, 3.090_232_306_167_813),
    ];

    #[test]
    fn the_quantiles_are_those_of_an_independent_implementation() {
        for (p, z) in KNOWN {
            assert_relative_eq!(quantile(p), z, max_relative = 1e-15);
        }
        assert_eq!(quantile(0.5).to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn the_quantile_rises_across_the_seams_of_its_three_pieces() {
        for seam in [0.075, 0.925, 1.388_794_386_496_402e-11] {
            let (below, above) = (
                quantile(seam * (1.0 - 1e-12)),
                quantile(seam * (1.0 + 1e-12)),
            );
            assert!(
                below < above && above - below < 1e-9,
                "{seam}: {below}, {above}"
            );
        }
    }
}
