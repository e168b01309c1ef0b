//! Records that outlive the process: one row each, in the order of their making. What has been
//! answered to a client is in the file, also if the emulator is killed right after.

use crate::http::ApiError;
use crate::leftovers;
use nix::fcntl::{Flock, FlockArg};
use rusqlite::{params, Connection, OptionalExtension};
use serde::de::DeserializeOwned;
use serde::Serialize;
use std::fs::File;
use std::path::Path;
use std::sync::Mutex;

pub struct Store {
    connection: Mutex<Connection>,
    /// Locked as long as the data directory is ours.
    _lock: Flock<File>,
}

impl Store {
    /// Opens the records of a data directory, for this process alone. Those of a temporary one need
    /// not be there after a power cut, and nobody waits for the disk.
    pub fn open(folder: &Path, temporary: bool) -> Result<Store, String> {
        let named = |e: &dyn std::fmt::Display| format!("the data directory {}: {e}", folder.display());
        let lock = File::create(folder.join(leftovers::LOCK)).map_err(|e| named(&e))?;
        let lock = Flock::lock(lock, FlockArg::LockExclusiveNonblock)
            .map_err(|_| format!("the data directory {} is in use by another emulator; choose another --data-dir", folder.display()))?;
        let connection = Connection::open(folder.join("records.sqlite")).map_err(|e| named(&e))?;
        let synchronous = if temporary { "OFF" } else { "NORMAL" };
        connection.pragma_update(None, "synchronous", synchronous).map_err(|e| named(&e))?;
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL;
                 CREATE TABLE IF NOT EXISTS record (
                     made INTEGER PRIMARY KEY AUTOINCREMENT,
                     kind TEXT NOT NULL,
                     id TEXT NOT NULL,
                     body TEXT NOT NULL,
                     UNIQUE (kind, id)
                 );
                 CREATE TABLE IF NOT EXISTS lasting (
                     name TEXT PRIMARY KEY,
                     value TEXT NOT NULL
                 );",
            )
            .map_err(|e| named(&e))?;
        Ok(Store { connection: Mutex::new(connection), _lock: lock })
    }

    /// Adds a record, or replaces the one with that id where it stands.
    pub fn put<T: Serialize>(&self, kind: &str, id: &str, record: &T) -> Result<(), ApiError> {
        let body = serde_json::to_string(record).map_err(ApiError::internal)?;
        let connection = self.connection.lock().unwrap();
        let mut statement = connection
            .prepare_cached(
                "INSERT INTO record (kind, id, body) VALUES (?1, ?2, ?3)
                 ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
            )
            .map_err(ApiError::internal)?;
        statement.execute(params![kind, id, body]).map_err(ApiError::internal)?;
        Ok(())
    }

    pub fn remove(&self, kind: &str, id: &str) -> Result<(), ApiError> {
        let connection = self.connection.lock().unwrap();
        let removed = connection.execute("DELETE FROM record WHERE kind = ?1 AND id = ?2", params![kind, id]);
        removed.map(|_| ()).map_err(ApiError::internal)
    }

    /// All records of a kind, the oldest first.
    pub fn load<T: DeserializeOwned>(&self, kind: &str) -> Result<Vec<T>, String> {
        let connection = self.connection.lock().unwrap();
        let read = || {
            let mut statement = connection.prepare("SELECT body FROM record WHERE kind = ?1 ORDER BY made")?;
            let rows = statement.query_map([kind], |row| row.get::<_, String>(0))?;
            rows.collect::<Result<Vec<String>, _>>()
        };
        let bodies = read().map_err(|e| format!("the {kind} records cannot be read: {e}"))?;
        let parsed = bodies.iter().map(|body| serde_json::from_str(body));
        parsed.collect::<Result<_, _>>().map_err(|e| format!("a {kind} record cannot be read: {e}"))
    }

    /// What belongs to the data directory and to no record: made when it is first asked for, and
    /// not cleared.
    pub fn lasting(&self, name: &str, make: impl FnOnce() -> Result<String, ApiError>) -> Result<String, ApiError> {
        let connection = self.connection.lock().unwrap();
        let found = connection.query_row("SELECT value FROM lasting WHERE name = ?1", [name], |row| row.get(0));
        match found.optional().map_err(ApiError::internal)? {
            Some(value) => Ok(value),
            None => {
                let value = make()?;
                let kept = connection.execute("INSERT INTO lasting (name, value) VALUES (?1, ?2)", params![name, value]);
                kept.map_err(ApiError::internal)?;
                Ok(value)
            }
        }
    }

    /// How often this has been asked before, with this name and in this data directory.
    pub fn times(&self, name: &str) -> Result<u64, ApiError> {
        let connection = self.connection.lock().unwrap();
        let counted = connection.query_row(
            "INSERT INTO lasting (name, value) VALUES (?1, '0')
             ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING CAST(value AS INTEGER)",
            [name],
            |row| row.get::<_, i64>(0),
        );
        counted.map(i64::unsigned_abs).map_err(ApiError::internal)
    }

    /// Removes all records of a kind.
    pub fn clear(&self, kind: &str) -> Result<(), ApiError> {
        let connection = self.connection.lock().unwrap();
        connection.execute("DELETE FROM record WHERE kind = ?1", [kind]).map(|_| ()).map_err(ApiError::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> std::path::PathBuf {
        let path = std::env::temp_dir().join(crate::ids::Ids::new(None).next("store-test"));
        std::fs::create_dir(&path).unwrap();
        path
    }

    #[test]
    fn records_are_there_after_a_restart_in_the_order_of_their_making() {
        let folder = folder();
        let store = Store::open(&folder, false).unwrap();
        store.put("thing", "b", &1).unwrap();
        store.put("thing", "a", &2).unwrap();
        store.put("other", "a", &3).unwrap();
        store.put("thing", "b", &4).unwrap();
        assert!(Store::open(&folder, false).err().unwrap().contains("in use"));
        drop(store);
        let store = Store::open(&folder, false).unwrap();
        assert_eq!(store.load::<i32>("thing").unwrap(), [4, 2]);
        store.remove("thing", "b").unwrap();
        assert_eq!(store.load::<i32>("thing").unwrap(), [2]);
        store.clear("other").unwrap();
        assert_eq!(store.load::<i32>("other").unwrap(), [0; 0]);
        assert_eq!(store.load::<i32>("thing").unwrap(), [2]);
        assert_eq!((store.times("start").unwrap(), store.times("start").unwrap()), (0, 1));
        assert_eq!(store.lasting("key", || Ok("a".into())).unwrap(), "a");
        store.clear("thing").unwrap();
        assert_eq!(store.lasting("key", || Ok("b".into())).unwrap(), "a");
        assert_eq!(store.times("start").unwrap(), 2);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
