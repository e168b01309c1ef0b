//! The events of one axon.

use rusqlite::{params, Connection, Result, Row};
use serde::Deserialize;
use serde_json::{json, Value};
use std::path::Path;

pub struct Events {
    connection: Connection,
}

/// An event as it is published.
#[derive(Deserialize)]
pub struct Published {
    pub event_type: String,
    pub origin: String,
    pub payload: String,
    pub source: String,
}

pub struct Event {
    pub sequence: i64,
    timestamp_ms: i64,
    pub published: Published,
}

impl Event {
    pub fn view(&self, axon: &str) -> Value {
        json!({
            "axon_id": axon,
            "sequence": self.sequence,
            "timestamp_ms": self.timestamp_ms,
            "event_type": self.published.event_type,
            "origin": self.published.origin,
            "payload": self.published.payload,
            "source": self.published.source,
        })
    }

    fn read(row: &Row) -> Result<Event> {
        let published = Published { event_type: row.get(2)?, origin: row.get(3)?, payload: row.get(4)?, source: row.get(5)? };
        Ok(Event { sequence: row.get(0)?, timestamp_ms: row.get(1)?, published })
    }
}

const COLUMNS: &str = "sequence, timestamp_ms, event_type, origin, payload, source";

impl Events {
    pub fn open(path: &Path) -> Result<Events> {
        let connection = Connection::open(path)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = NORMAL;
             CREATE TABLE IF NOT EXISTS event (
                 sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                 timestamp_ms INTEGER NOT NULL,
                 event_type TEXT NOT NULL,
                 origin TEXT NOT NULL,
                 payload TEXT NOT NULL,
                 source TEXT NOT NULL
             );",
        )?;
        Ok(Events { connection })
    }

    /// The sequence number that it gets: 1 for the first.
    pub fn append(&self, event: &Published, timestamp_ms: i64) -> Result<i64> {
        let insert = "INSERT INTO event (timestamp_ms, event_type, origin, payload, source) VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut statement = self.connection.prepare_cached(insert)?;
        statement.insert(params![timestamp_ms, event.event_type, event.origin, event.payload, event.source])
    }

    /// 0 where there is none yet.
    pub fn last(&self) -> Result<i64> {
        self.connection.query_row("SELECT COALESCE(MAX(sequence), 0) FROM event", [], |row| row.get(0))
    }

    pub fn count(&self, before: i64) -> Result<i64> {
        self.connection.query_row("SELECT COUNT(*) FROM event WHERE sequence < ?1", [before], |row| row.get(0))
    }

    /// The next ones, the oldest first.
    pub fn after(&self, sequence: i64, limit: usize) -> Result<Vec<Event>> {
        self.select("WHERE sequence > ?1 ORDER BY sequence", sequence, limit)
    }

    /// Those before it, the newest first.
    pub fn before(&self, sequence: i64, limit: usize) -> Result<Vec<Event>> {
        self.select("WHERE sequence < ?1 ORDER BY sequence DESC", sequence, limit)
    }

    fn select(&self, which: &str, sequence: i64, limit: usize) -> Result<Vec<Event>> {
        let select = format!("SELECT {COLUMNS} FROM event {which} LIMIT ?2");
        let mut statement = self.connection.prepare_cached(&select)?;
        let rows = statement.query_map(params![sequence, limit as i64], Event::read)?;
        rows.collect()
    }
}
