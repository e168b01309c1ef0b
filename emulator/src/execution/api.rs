//! The operations on executions.

use super::stream::events;
use super::{Command, EndedOutputs, Execution, Output};
use crate::http::error::json;
use crate::http::{sse, ApiError, Call};
use crate::part::Builder;
use axum::body::Body;
use http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// The service holds a request for a command's end no longer than this.
const LONGEST_HOLD_SECONDS: f64 = 25.0;
const LAST_LINES: usize = 100;
const KILL_SHOWS: Duration = Duration::from_secs(2);

type Answer = Result<Response<Body>, ApiError>;

pub fn register(builder: &mut Builder) -> Result<(), String> {
    builder.add(EndedOutputs::new(builder.options.keep_output));
    let routes = &mut builder.routes;
    routes.add("devboxes.execute", execute);
    routes.add("devboxes.execute_sync", execute_sync);
    routes.add("devboxes.execute_async", execute_async);
    routes.add("executions.retrieve", retrieve);
    routes.add("devboxes.wait_for_command", wait_for_status);
    routes.add("executions.stream_stdout_updates", |call| stream(call, |e| &e.stdout));
    routes.add("executions.stream_stderr_updates", |call| stream(call, |e| &e.stderr));
    routes.add("executions.send_std_in", send_std_in);
    routes.add("executions.kill", kill);
    Ok(())
}

impl Call {
    fn execution(&self) -> Result<Arc<Execution>, ApiError> {
        self.devbox("devbox_id")?.executions.get(self.path("execution_id"))
    }

    fn last_n(&self) -> Result<usize, ApiError> {
        match self.query_number::<usize>("last_n")? {
            Some(0) => Err(ApiError::bad_request("last_n must be greater than 0")),
            asked => Ok(asked.unwrap_or(LAST_LINES)),
        }
    }
}

#[derive(Deserialize)]
struct Execute {
    command: String,
    command_id: Option<String>,
    optimistic_timeout: Option<f64>,
    #[serde(default)]
    attach_stdin: Option<bool>,
}

async fn begin(call: &Call) -> Result<(Arc<Execution>, Execute), ApiError> {
    let asked: Execute = call.body()?;
    if asked.command.contains('\0') {
        return Err(ApiError::bad_request("command: a NUL cannot be part of a command"));
    }
    let devbox = call.devbox("id")?;
    let sandbox = devbox.running()?;
    let mut command = Command::new(asked.command.clone());
    command.attach_stdin = asked.attach_stdin == Some(true);
    command.id = asked.command_id.clone();
    let app = call.app.clone();
    // To its start, even if the client does not stay for it.
    let starting = tokio::spawn(async move { devbox.execute(&app, &sandbox, command).await });
    let execution = starting.await.map_err(ApiError::internal)??;
    Ok((execution, asked))
}

async fn execute(call: Call) -> Answer {
    let last_n = call.last_n()?;
    let (execution, asked) = begin(&call).await?;
    tokio::select! {
        _ = execution.completed() => {}
        () = call.app.hold(asked.optimistic_timeout, LONGEST_HOLD_SECONDS) => {}
    }
    Ok(json(&execution.view(last_n)?))
}

async fn execute_sync(call: Call) -> Answer {
    let (execution, _) = begin(&call).await?;
    let exit_status = execution.completed().await;
    let view = execution.view(usize::MAX)?;
    Ok(json(&json!({
        "devbox_id": view["devbox_id"],
        "exit_status": exit_status,
        "stdout": view["stdout"],
        "stderr": view["stderr"],
    })))
}

async fn execute_async(call: Call) -> Answer {
    let (execution, _) = begin(&call).await?;
    Ok(json(&execution.view(LAST_LINES)?))
}

async fn retrieve(call: Call) -> Answer {
    let last_n = call.last_n()?;
    Ok(json(&call.execution()?.view(last_n)?))
}

#[derive(Deserialize)]
struct Wait {
    statuses: Vec<String>,
    timeout_seconds: Option<f64>,
}

async fn wait_for_status(call: Call) -> Answer {
    let last_n = call.last_n()?;
    let execution = call.execution()?;
    let wait: Wait = call.body()?;
    let wants = |status: &str| wait.statuses.iter().any(|wanted| wanted == status);
    let ended = execution.exit_status().is_some();
    if (wants("running") && !ended) || (wants("completed") && ended) {
        return Ok(json(&execution.view(last_n)?));
    }
    tokio::select! {
        biased;
        _ = execution.completed(), if wants("completed") => Ok(json(&execution.view(last_n)?)),
        () = call.app.hold(wait.timeout_seconds, LONGEST_HOLD_SECONDS) => Err(ApiError::new(
            StatusCode::REQUEST_TIMEOUT,
            format!("execution {} has not reached any of these statuses yet", execution.id),
        )
        .with_header("x-should-retry", "true")),
    }
}

async fn stream(call: Call, which: fn(&Execution) -> &Arc<Output>) -> Answer {
    sse::accepts(&call.headers)?;
    let from = call.query_number::<u64>("offset")?.unwrap_or(0);
    let execution = call.execution()?;
    let meaning = call.app.settings().offset_meaning;
    Ok(sse::response(events(which(&execution).clone(), from, meaning)))
}

#[derive(Deserialize)]
struct Input {
    text: Option<String>,
    signal: Option<String>,
}

async fn send_std_in(call: Call) -> Answer {
    let execution = call.execution()?;
    let input: Input = call.body()?;
    let (text, signal) = match (input.text, input.signal) {
        (Some(text), None) if !text.is_empty() => (text, None),
        (None, Some(signal)) => (String::new(), Some(signal)),
        _ => return Err(ApiError::bad_request("exactly one is wanted: a text that is not empty, or the signal EOF or INTERRUPT")),
    };
    let taker = execution.clone();
    // Half a text would be worse than none: it goes to its end even if the client does not stay.
    let sending = tokio::spawn(async move {
        match signal.as_deref() {
            None => taker.stdin.write(text.as_bytes()).await,
            Some("EOF") => taker.stdin.is_attached() && taker.stdin.end().await,
            Some(_) => taker.interrupt().await,
        }
    });
    let success = sending.await.map_err(ApiError::internal)?;
    Ok(json(&json!({
        "devbox_id": execution.devbox_id,
        "execution_id": execution.id,
        "success": success,
    })))
}

#[derive(Deserialize)]
struct Kill {
    kill_process_group: Option<bool>,
}

async fn kill(call: Call) -> Answer {
    let execution = call.execution()?;
    let asked: Kill = call.body()?;
    execution.kill(asked.kill_process_group == Some(true)).await;
    // It ends at once, but for what it had printed: the answer can tell.
    let _ = tokio::time::timeout(KILL_SHOWS, execution.completed()).await;
    Ok(json(&execution.view(LAST_LINES)?))
}
