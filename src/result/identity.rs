//! Which sample a result is of.

use super::{ExactSample, Sample, Taylor, TaylorFunction};
use crate::samples::Record;

/// What results of one sample have alike.
macro_rules! of_one_sample {
    ($($result:ty),*) => {$(
        impl $result {
            /// The same result, of this sample.
            #[must_use]
            pub fn of(mut self, record: &Record) -> Self {
                self.sample = Some(record.number);
                self.id.clone_from(&record.id);
                self.label.clone_from(&record.label);
                self
            }
        }
    )*};
}

of_one_sample!(Sample, ExactSample, Taylor, TaylorFunction);
