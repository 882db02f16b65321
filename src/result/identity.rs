//! Which sample a result is of.

use super::{Sample, Taylor, TaylorFunction};
use crate::samples::Record;

/// What all results of one sample share.
macro_rules! of_one_sample {
    ($result:ty $(, $number:ident)?) => {
        impl$(<$number>)? $result {
            /// The same result, of this sample.
            #[must_use]
            pub fn of(mut self, record: &Record) -> Self {
                self.sample = Some(record.number);
                self.id.clone_from(&record.id);
                self.label.clone_from(&record.label);
                self
            }
        }
    };
}

of_one_sample!(Sample<N>, N);
of_one_sample!(Taylor);
of_one_sample!(TaylorFunction);
