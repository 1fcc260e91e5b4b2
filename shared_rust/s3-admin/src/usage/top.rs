//! The first `k` of any number of items, in memory for `k`.

use std::collections::BinaryHeap;

/// Keeps the `k` smallest items by their order; an item's `Ord` says what comes first in a report.
#[derive(Debug)]
pub struct Top<T: Ord> {
    // A max-heap: its head is the item that has to go first when a better one comes.
    kept: BinaryHeap<T>,
    k: usize,
}

impl<T: Ord> Top<T> {
    pub fn new(k: usize) -> Self {
        Self {
            kept: BinaryHeap::new(),
            k,
        }
    }

    /// True when an item that compares to the last one kept as `comes_first` says would be kept.
    /// Asking first saves building an item that is thrown away at once.
    pub fn admits(&self, comes_first: impl FnOnce(&T) -> bool) -> bool {
        self.k > 0 && (self.kept.len() < self.k || self.kept.peek().is_some_and(comes_first))
    }

    pub fn push(&mut self, item: T) {
        if self.kept.len() < self.k {
            self.kept.push(item);
        } else if let Some(mut last) = self.kept.peek_mut()
            && item < *last
        {
            *last = item;
        }
    }

    /// In order, the first item first.
    pub fn finish(self) -> Vec<T> {
        self.kept.into_sorted_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn keeps_what_sorting_would(items in prop::collection::vec(any::<u8>(), 0..50), k in 0usize..12) {
            let mut top = Top::new(k);
            for &item in &items {
                top.push(item);
            }
            let mut sorted = items;
            sorted.sort_unstable();
            sorted.truncate(k);
            prop_assert_eq!(top.finish(), sorted);
        }
    }
}
