//! Which sample a result is of, in words.

use super::{ExactSample, Sample, Taylor, TaylorFunction};
use crate::samples::{Record, Tag};

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

            /// What it is called where it stands at place `n`, alone or among others: `sample 3, id a17`; nothing
            /// where that goes without saying.
            pub(crate) fn called(&self, n: usize, several: bool) -> Option<String> {
                called(self.sample.unwrap_or(n), [&self.id, &self.label], several)
            }
        }
    )*};
}

of_one_sample!(Sample, ExactSample, Taylor, TaylorFunction);

fn called(number: usize, [id, label]: [&Option<Tag>; 2], several: bool) -> Option<String> {
    let tags = [("id", id), ("label", label)];
    let tags: String = tags
        .into_iter()
        .filter_map(|(what, tag)| Some(format!(", {what} {}", tag.as_ref()?)))
        .collect();
    (several || number > 0 || !tags.is_empty()).then(|| format!("sample {number}{tags}"))
}
