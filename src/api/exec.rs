//! `/v1/devboxes/{id}/execute…` and `/v1/devboxes/{devbox_id}/executions`

use std::time::Duration;

use serde_json::{json, Value};

use super::operations::Operation;
use super::{operations, path};
use crate::error::Result;
use crate::transport::{Request, Traffic};

/// The service waits so long for a command to end before it answers, and could be asked for 25. But
/// until it does nobody can name the command to be killed where the call is cancelled; one that
/// takes longer costs another request, and does not notice.
const OPTIMISTIC_SECONDS: u64 = 2;
/// How much longer than that the answer may take: a connection that has died unnoticed is found out by it.
const MARGIN: Duration = Duration::from_secs(28);

/// POST `/v1/devboxes/{id}/execute`: answers with the result where the command is quick.
pub fn execute(devbox: &str, command: &str, command_id: &str) -> Result<Request> {
    let mut request = operations::EXECUTE.request(&[devbox])?;
    request.body = Some(json!({ "command": command, "command_id": command_id, "optimistic_timeout": OPTIMISTIC_SECONDS }));
    request.hold = Duration::from_secs(OPTIMISTIC_SECONDS);
    request.timeout = Duration::from_secs(OPTIMISTIC_SECONDS) + MARGIN;
    request.traffic = Traffic::Wait;
    Ok(request)
}

/// POST `/v1/devboxes/{id}/execute_async`: answers when the command has been started.
pub fn execute_async(devbox: &str, command: &str, attach_stdin: bool) -> Result<Request> {
    let mut request = operations::EXECUTE_ASYNC.request(&[devbox])?;
    let mut body = json!({ "command": command });
    if attach_stdin {
        body["attach_stdin"] = Value::Bool(true);
    }
    request.body = Some(body);
    Ok(request)
}

/// GET `/v1/devboxes/{devbox_id}/executions/{execution_id}`
pub fn retrieve(devbox: &str, execution: &str) -> Result<Request> {
    operations::EXECUTION_RETRIEVE.request(&[devbox, execution])
}

/// POST `…/wait_for_status`
pub fn wait_for_status(devbox: &str, execution: &str) -> Result<Request> {
    let mut request = operations::EXECUTION_WAIT.request(&[devbox, execution])?;
    request.traffic = Traffic::Wait;
    Ok(request)
}

/// The body of a question for the command's end, to be held for so long, in whole seconds.
pub fn wait_body(hold: Duration) -> Value {
    json!({ "statuses": ["completed"], "timeout_seconds": hold.as_secs_f64().ceil() as u64 })
}

/// POST `…/kill`
pub fn kill(devbox: &str, execution: &str, process_group: bool) -> Result<Request> {
    let mut request = operations::EXECUTION_KILL.request(&[devbox, execution])?;
    if process_group {
        request.body = Some(json!({ "kill_process_group": true }));
    }
    Ok(request)
}

/// POST `…/send_std_in`
pub fn send_stdin(devbox: &str, execution: &str, body: Value) -> Result<Request> {
    let mut request = operations::EXECUTION_STDIN.request(&[devbox, execution])?;
    request.body = Some(body);
    Ok(request)
}

/// GET `…/stream_stdout_updates`
pub fn stream_stdout(devbox: &str, execution: &str, offset: Option<i64>) -> Result<Request> {
    stream(&operations::EXECUTION_STDOUT, devbox, execution, offset)
}

/// GET `…/stream_stderr_updates`
pub fn stream_stderr(devbox: &str, execution: &str, offset: Option<i64>) -> Result<Request> {
    stream(&operations::EXECUTION_STDERR, devbox, execution, offset)
}

fn stream(operation: &Operation, devbox: &str, execution: &str, offset: Option<i64>) -> Result<Request> {
    let mut request = operation.request(&[devbox, execution])?;
    request.accept = "text/event-stream";
    request.traffic = Traffic::Stream;
    if let Some(offset) = offset {
        request.query.push(("offset".to_owned(), offset.to_string()));
    }
    Ok(request)
}

/// Fails where an execution cannot have this identifier.
pub fn check_id(id: &str) -> Result<()> {
    path::check("execution id", id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_answer_of_a_command_is_waited_for_as_long_as_its_hold_and_a_margin() {
        let request = execute("dbx_1", "sleep 1000", "id").unwrap();
        assert_eq!(request.timeout, Duration::from_secs(OPTIMISTIC_SECONDS) + MARGIN);
        assert!(request.timeout <= Duration::from_secs(30));
    }
}
