//! The database of one axon.

use super::rules;
use base64::Engine;
use rusqlite::hooks::{AuthContext, Authorization};
use rusqlite::types::{Value as Stored, ValueRef};
use rusqlite::{Connection, Statement};
use serde::Deserialize;
use serde_json::{json, Value};
use std::path::Path;
use std::time::{Duration, Instant};

/// An answer has no more rows than this.
const MOST_ROWS: usize = 10_000;
const LONGEST: Duration = Duration::from_secs(30);

pub struct Database {
    connection: Connection,
}

#[derive(Deserialize)]
pub struct Step {
    sql: String,
    #[serde(default)]
    params: Vec<Value>,
}

impl Database {
    pub fn open(path: &Path) -> rusqlite::Result<Database> {
        let connection = Connection::open(path)?;
        connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")?;
        Ok(Database { connection })
    }

    /// One statement, all of it or nothing. `Err` says what is wrong with it.
    pub fn query(&self, step: &Step, writable: bool) -> Result<Value, String> {
        self.guarded(writable, || self.run(step))
    }

    /// All statements or none. `Err` is the place of the one that failed, and why it did.
    pub fn batch(&self, steps: &[Step], writable: bool) -> Result<Vec<Value>, (usize, String)> {
        let begin = if writable { "BEGIN IMMEDIATE" } else { "BEGIN" };
        self.connection.execute_batch(begin).map_err(|e| (0, e.to_string()))?;
        let each = || steps.iter().enumerate().map(|(n, step)| self.run(step).map_err(|why| (n, why))).collect();
        let done: Result<Vec<Value>, _> = self.guarded(writable, each);
        let end = match &done {
            // Constraints that were deferred speak up here.
            Ok(_) => self.connection.execute_batch("COMMIT").map_err(|e| (steps.len().saturating_sub(1), e.to_string())),
            Err(_) => Ok(()),
        };
        let result = end.and(done);
        // A statement may have rolled back by itself already.
        if !self.connection.is_autocommit() {
            self.connection.execute_batch("ROLLBACK").map_err(|e| (0, e.to_string()))?;
        }
        result
    }

    /// Whatever `statements` run, they stay inside the database, and end in time.
    fn guarded<T>(&self, writable: bool, statements: impl FnOnce() -> T) -> T {
        let end = Instant::now() + LONGEST;
        self.connection.progress_handler(10_000, Some(move || Instant::now() > end));
        // Cannot fail: it is one flag of the connection.
        let _ = self.connection.pragma_update(None, "query_only", !writable);
        self.connection.authorizer(Some(rules::judge));
        let done = statements();
        self.connection.authorizer(None::<fn(AuthContext<'_>) -> Authorization>);
        let _ = self.connection.pragma_update(None, "query_only", false);
        self.connection.progress_handler(0, None::<fn() -> bool>);
        done
    }

    fn run(&self, step: &Step) -> Result<Value, String> {
        let started = Instant::now();
        let before = self.connection.total_changes();
        let mut statement = self.connection.prepare(&step.sql).map_err(say)?;
        if statement.expanded_sql().is_none() {
            return Err("there is no statement in sql".into());
        }
        bind(&mut statement, &step.params)?;
        let columns: Vec<Value> = statement
            .columns()
            .iter()
            .map(|column| json!({"name": column.name(), "type": column.decl_type().unwrap_or_default()}))
            .collect();
        let (rows, cut) = read(&mut statement, columns.len()).map_err(say)?;
        drop(statement);
        let changes = match self.connection.total_changes() == before {
            true => 0,
            false => self.connection.changes(),
        };
        let duration_ms = started.elapsed().as_secs_f64() * 1000.0;
        Ok(json!({
            "columns": columns,
            "rows": rows,
            "meta": {"changes": changes, "duration_ms": duration_ms, "rows_read_limit_reached": cut},
        }))
    }
}

fn read(statement: &mut Statement, columns: usize) -> rusqlite::Result<(Vec<Value>, bool)> {
    let mut rows = statement.raw_query();
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        if all.len() == MOST_ROWS {
            return Ok((all, true));
        }
        let cells = (0..columns).map(|n| row.get_ref(n).map(cell));
        all.push(Value::Array(cells.collect::<Result<_, _>>()?));
    }
    Ok((all, false))
}

/// Bytes are shown in base64: JSON has nothing for them.
fn cell(value: ValueRef) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(bytes) => base64::engine::general_purpose::STANDARD.encode(bytes).into(),
    }
}

fn bind(statement: &mut Statement, params: &[Value]) -> Result<(), String> {
    let wanted = statement.parameter_count();
    if wanted != params.len() {
        return Err(format!("the statement has {wanted} placeholders, but params has {} values", params.len()));
    }
    for (n, param) in params.iter().enumerate() {
        let value = match param {
            Value::Null => Stored::Null,
            Value::Bool(yes) => Stored::Integer((*yes).into()),
            Value::String(text) => Stored::Text(text.clone()),
            Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(whole), _) => Stored::Integer(whole),
                (None, Some(real)) if !number.is_u64() => Stored::Real(real),
                _ => return Err(format!("params[{n}] is too large for SQLite's integers")),
            },
            Value::Array(_) | Value::Object(_) => {
                return Err(format!("params[{n}] must be null, a boolean, a number or a string; encode it as JSON text"));
            }
        };
        statement.raw_bind_parameter(n + 1, value).map_err(say)?;
    }
    Ok(())
}

fn say(error: rusqlite::Error) -> String {
    match &error {
        rusqlite::Error::MultipleStatement => "sql holds several statements: send them as a batch".into(),
        rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
            rusqlite::ErrorCode::AuthorizationForStatementDenied => {
                "not allowed here: transactions, attached databases, and most pragmas".into()
            }
            rusqlite::ErrorCode::OperationInterrupted => format!("the statement took longer than {} s", LONGEST.as_secs()),
            _ => error.to_string(),
        },
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database() -> Database {
        Database { connection: Connection::open_in_memory().unwrap() }
    }

    fn step(sql: &str, params: Value) -> Step {
        Step { sql: sql.into(), params: params.as_array().cloned().unwrap_or_default() }
    }

    fn run(database: &Database, sql: &str) -> Result<Value, String> {
        database.query(&step(sql, json!([])), true)
    }

    #[test]
    fn values_go_in_and_come_out() {
        let database = database();
        run(&database, "CREATE TABLE t (a INTEGER, b TEXT, c REAL, d BLOB, e)").unwrap();
        let insert = step("INSERT INTO t VALUES (?, ?, ?, x'00ff', ?)", json!([true, "é", 1.5, null]));
        assert_eq!(database.query(&insert, true).unwrap()["meta"]["changes"], 1);
        let all = run(&database, "SELECT a, b, c, d, e, a + 1 AS f FROM t").unwrap();
        assert_eq!(all["rows"], json!([[1, "é", 1.5, "AP8=", null, 2]]));
        let columns: Vec<_> = all["columns"].as_array().unwrap().iter().map(|c| (c["name"].as_str(), c["type"].as_str())).collect();
        assert_eq!(columns[0], (Some("a"), Some("INTEGER")));
        assert_eq!(columns[5], (Some("f"), Some("")));
        assert_eq!(all["meta"]["changes"], 0);
        for (sql, params, word) in [
            ("SELECT ?", json!([]), "placeholders"),
            ("SELECT ?", json!([[1]]), "params[0]"),
            ("SELECT ?", json!([u64::MAX]), "too large"),
            ("SELECT 1; SELECT 2", json!([]), "batch"),
            (" -- nothing", json!([]), "no statement"),
            ("SELEC", json!([]), "syntax error"),
        ] {
            let said = database.query(&step(sql, params), true).unwrap_err();
            assert!(said.contains(word), "{sql}: {said}");
        }
    }

    #[test]
    fn nothing_leaves_the_database() {
        let database = database();
        let target = std::env::temp_dir().join(crate::ids::Ids::new(None).next("axon-test"));
        let target = target.display();
        for sql in [
            format!("ATTACH '{target}' AS other"),
            format!("VACUUM INTO '{target}'"),
            "BEGIN".into(),
            "COMMIT".into(),
            "SAVEPOINT a".into(),
            "PRAGMA journal_mode = DELETE".into(),
            "PRAGMA query_only = 0".into(),
            "PRAGMA temp_store_directory = '/'".into(),
            "SELECT load_extension('/x')".into(),
        ] {
            assert!(run(&database, &sql).is_err(), "{sql}");
        }
        assert!(!std::path::Path::new(&target.to_string()).exists());
        assert!(run(&database, "PRAGMA table_list").is_ok());
        assert!(run(&database, "SELECT * FROM pragma_database_list").is_err());
    }

    #[test]
    fn a_batch_is_all_or_nothing() {
        let database = database();
        run(&database, "CREATE TABLE t (a INTEGER PRIMARY KEY)").unwrap();
        let steps = |sqls: &[&str]| sqls.iter().map(|sql| step(sql, json!([]))).collect::<Vec<_>>();
        let count = || run(&database, "SELECT COUNT(*) FROM t").unwrap()["rows"][0][0].clone();
        let (at, why) = database.batch(&steps(&["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (1)"]), true).unwrap_err();
        assert!(at == 1 && why.contains("UNIQUE"), "{why}");
        let (at, _) = database.batch(&steps(&["INSERT INTO t VALUES (2)", "COMMIT"]), true).unwrap_err();
        assert_eq!((at, count()), (1, json!(0)));
        database.batch(&steps(&["INSERT INTO t VALUES (1)", "INSERT OR ROLLBACK INTO t VALUES (1)"]), true).unwrap_err();
        assert_eq!(count(), 0);
        assert_eq!(database.batch(&steps(&["INSERT INTO t VALUES (1)", "SELECT * FROM t"]), true).unwrap()[1]["rows"], json!([[1]]));
        assert!(database.batch(&steps(&["DELETE FROM t"]), false).is_err());
        assert!(database.query(&step("PRAGMA user_version = 3", json!([])), false).is_err());
        assert_eq!(count(), 1);
    }

    #[test]
    fn rows_are_limited() {
        let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n LIMIT";
        let many = run(&database(), &format!("{numbers} 10001")).unwrap();
        assert_eq!(many["rows"].as_array().unwrap().len(), MOST_ROWS);
        assert_eq!(many["meta"]["rows_read_limit_reached"], true);
        let fewer = run(&database(), &format!("{numbers} 10000")).unwrap();
        assert_eq!(fewer["meta"]["rows_read_limit_reached"], false);
    }
}
