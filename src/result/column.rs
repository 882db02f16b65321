//! Columns of tables as data: a figure, what it is called and is, and which of its ends is the better one.

use std::borrow::{Borrow, Cow};

use crate::measure::{Spread, nearly_equal, range};

/// A figure of an entry, as of a scheme or of a step.
#[derive(Debug, Clone)]
pub struct Column<T> {
    /// Its name in CSV.
    pub key: &'static str,
    /// Its title above a table.
    pub title: &'static str,
    /// Its title where there is room.
    pub long_title: &'static str,
    /// What it is.
    pub legend: Cow<'static, str>,
    /// Which end is the better one.
    pub better: Better,
    /// The figure; none where it is not defined.
    pub value: fn(&T) -> Option<Quantity>,
    /// The fraction in lowest terms, where the figure is exact.
    pub exact: Option<fn(&T) -> Option<&str>>,
    /// How it is spread over seeds, where it is one of several.
    pub spread: Option<fn(&T) -> Option<Spread>>,
}

/// A figure with its unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quantity {
    /// A number of any size.
    Number(f64),
    /// A number near 1, of which two decimals tell enough.
    Decimals(f64),
    /// A part of a whole.
    Share(f64),
    /// So many.
    Count(usize),
    /// So many of so many.
    Part(usize, usize),
    /// Whether several properties hold.
    Holds(bool),
    /// Whether one does.
    Verdict(bool),
}

/// Which end of a column is the better one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// The least.
    Less,
    /// The largest.
    More,
    /// Neither is.
    Neither,
}

/// An end of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The better one.
    Best,
    /// The other.
    Worst,
}

impl Quantity {
    /// The figure without its unit; a part as a part of 1.
    pub fn number(self) -> f64 {
        match self {
            Self::Number(x) | Self::Decimals(x) | Self::Share(x) => x,
            Self::Count(n) => n as f64,
            Self::Part(n, all) => n as f64 / all as f64,
            Self::Holds(holds) | Self::Verdict(holds) => f64::from(u8::from(holds)),
        }
    }
}

impl<T> Column<T> {
    /// A column of which neither end is better.
    pub const fn new(
        key: &'static str,
        title: &'static str,
        legend: &'static str,
        value: fn(&T) -> Option<Quantity>,
    ) -> Self {
        Self {
            key,
            title,
            long_title: title,
            legend: Cow::Borrowed(legend),
            better: Better::Neither,
            value,
            exact: None,
            spread: None,
        }
    }

    /// The same with another title where there is room.
    #[must_use]
    pub const fn long(mut self, title: &'static str) -> Self {
        self.long_title = title;
        self
    }

    /// The same with another legend.
    #[must_use]
    pub fn legend(mut self, legend: String) -> Self {
        self.legend = Cow::Owned(legend);
        self
    }

    /// The same where one end is the better one.
    #[must_use]
    pub const fn better(mut self, better: Better) -> Self {
        self.better = better;
        self
    }

    /// The same of a figure that can be exact.
    #[must_use]
    pub const fn exact(mut self, fraction: fn(&T) -> Option<&str>) -> Self {
        self.exact = Some(fraction);
        self
    }

    /// The same of a figure that is spread over seeds.
    #[must_use]
    pub const fn spread(mut self, spread: fn(&T) -> Option<Spread>) -> Self {
        self.spread = Some(spread);
        self
    }

    /// A column without a key and a legend: one that only tables have.
    pub const fn of_table(title: &'static str, value: fn(&T) -> Option<Quantity>) -> Self {
        Self::new("", title, "", value)
    }

    /// Which entries are at an end of the column. None where its ends are equal, and at an end where more than half of the
    /// entries are.
    pub fn ends<E: Borrow<T>>(&self, entries: &[E]) -> Vec<Option<End>> {
        let values: Vec<Option<f64>> = entries
            .iter()
            .map(|entry| (self.value)(entry.borrow()).map(Quantity::number))
            .collect();
        let known = || values.iter().flatten().copied();
        let [low, high] = range(known());
        let (best, worst) = match self.better {
            Better::Neither => return vec![None; entries.len()],
            _ if nearly_equal(low, high) => return vec![None; entries.len()],
            Better::Less => (low, high),
            Better::More => (high, low),
        };
        let rare =
            |end: f64| known().filter(|x| nearly_equal(*x, end)).count() * 2 <= known().count();
        let ends = [(best, End::Best), (worst, End::Worst)];
        let ends: Vec<(f64, End)> = ends.into_iter().filter(|(end, _)| rare(*end)).collect();
        let of = |x: f64| ends.iter().find(|(end, _)| nearly_equal(x, *end));
        let marked = values.iter().map(|x| Some(of((*x)?)?.1));
        marked.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Better, Column, End, Quantity};

    static SHARES: Column<f64> =
        Column::new("share", "share", "", |x| Some(Quantity::Share(*x))).better(Better::Less);

    #[test]
    fn the_few_at_either_end_are_marked_where_the_ends_differ() {
        let (best, worst) = (Some(End::Best), Some(End::Worst));
        assert_eq!(
            SHARES.ends(&[&0.5, &0.1, &0.2, &0.5]),
            [worst, best, None, worst]
        );
        assert_eq!(SHARES.ends(&[&0.0, &0.0, &0.2]), [None, None, worst]);
        assert_eq!(SHARES.ends(&[&0.3, &0.3]), [None, None]);
        let more = SHARES.clone().better(Better::More);
        assert_eq!(more.ends(&[&0.1, &0.2]), [worst, best]);
        assert_eq!(
            SHARES.clone().better(Better::Neither).ends(&[&0.1, &0.2]),
            [None; 2]
        );
    }
}
