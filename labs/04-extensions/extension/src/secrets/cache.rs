//! Answers of Secrets Manager, for a time.

use super::query::Query;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The bounds: an environment needs a few secrets, each of at most 64 KiB.
const MAX_ENTRIES: usize = 64;
const MAX_BYTES: usize = 1024 * 1024;

/// Oldest first. So few that looking through them is as quick as a map.
pub struct Cache {
    ttl: Duration,
    entries: VecDeque<Entry>,
    bytes: usize,
}

struct Entry {
    query: Query,
    body: Vec<u8>,
    fetched: Instant,
}

impl Cache {
    pub const fn new(ttl: Duration) -> Self {
        Self {
            ttl,
            entries: VecDeque::new(),
            bytes: 0,
        }
    }

    pub fn get(&self, query: &Query, now: Instant) -> Option<Vec<u8>> {
        let entry = self
            .entries
            .iter()
            .find(|entry| entry.query.asks_same(query))?;
        (now.duration_since(entry.fetched) < self.ttl).then(|| entry.body.clone())
    }

    pub fn put(&mut self, query: Query, body: Vec<u8>, now: Instant) {
        if self.ttl.is_zero() || body.len() > MAX_BYTES {
            return;
        }
        self.entries.retain(|entry| !entry.query.asks_same(&query));
        self.bytes = self
            .entries
            .iter()
            .map(|entry| entry.body.len())
            .sum::<usize>()
            + body.len();
        self.entries.push_back(Entry {
            query,
            body,
            fetched: now,
        });
        while self.entries.len() > MAX_ENTRIES || self.bytes > MAX_BYTES {
            self.bytes -= self.entries.pop_front().map_or(0, |entry| entry.body.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TTL: Duration = Duration::from_secs(300);

    fn query(id: usize) -> Query {
        Query::parse(&format!("secretId={id}")).unwrap()
    }

    #[test]
    fn an_entry_lives_for_its_time() {
        let start = Instant::now();
        let mut cache = Cache::new(TTL);
        cache.put(query(1), b"one".to_vec(), start);
        let almost = start + TTL - Duration::from_millis(1);
        assert_eq!(cache.get(&query(1), almost), Some(b"one".to_vec()));
        assert_eq!(cache.get(&query(1), start + TTL), None);
        assert_eq!(cache.get(&query(2), start), None);
    }

    #[test]
    fn no_time_is_no_cache() {
        let mut cache = Cache::new(Duration::ZERO);
        cache.put(query(1), b"one".to_vec(), Instant::now());
        assert!(cache.entries.is_empty());
    }

    #[test]
    fn the_oldest_make_room() {
        let now = Instant::now();
        let mut cache = Cache::new(TTL);
        for id in 0..200 {
            cache.put(query(id), vec![0; 60 * 1024], now);
            assert!(cache.bytes <= MAX_BYTES);
        }
        assert!(cache.get(&query(199), now).is_some());
        assert!(cache.get(&query(0), now).is_none());
        for id in 0..200 {
            cache.put(query(id), Vec::new(), now);
        }
        assert_eq!(cache.entries.len(), MAX_ENTRIES);
    }
}
