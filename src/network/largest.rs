//! Which value is the largest, and how large the largest is.

/// The first of the largest values; none of nothing.
pub fn argmax<T: PartialOrd>(values: impl IntoIterator<Item = T>) -> Option<usize> {
    let larger = |best: (usize, T), next: (usize, T)| if next.1 > best.1 { next } else { best };
    let largest = values.into_iter().enumerate().reduce(larger)?;
    Some(largest.0)
}

/// `max |v|`; 0 of nothing.
pub fn largest_size<'v>(values: impl IntoIterator<Item = &'v f64>) -> f64 {
    values
        .into_iter()
        .fold(0.0, |most: f64, v| most.max(v.abs()))
}

#[cfg(test)]
mod tests {
    use super::{argmax, largest_size};

    #[test]
    fn of_equal_ones_the_first_is_the_largest() {
        assert_eq!(argmax([1.0, 3.0, -4.0, 3.0]), Some(1));
        assert_eq!(argmax([-2, -1, -1]), Some(1));
        assert_eq!(argmax(Vec::<f64>::new()), None);
    }

    #[test]
    fn the_largest_size_is_that_of_a_value_of_either_sign() {
        assert_eq!(largest_size(&[1.0, -4.0, 3.0]).to_bits(), 4.0_f64.to_bits());
        assert_eq!(largest_size(&[]).to_bits(), 0.0_f64.to_bits());
    }
}
