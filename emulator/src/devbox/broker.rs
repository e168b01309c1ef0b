//! Brokers: an agent in the devbox that an axon's events are given to, a line of its input each, and
//! whose output becomes the axon's events, one for each line.

use super::log::{Level, Source};
use super::mount::Broker;
use super::{Devbox, Status};
use crate::app::App;
use crate::axon::Axons;
use crate::execution::{Command, Execution};
use crate::sandbox::Sandbox;
use serde_json::Value;
use std::sync::Arc;

/// Read at a time.
const PIECE: usize = 64 << 10;

/// At every start of the devbox.
pub async fn start(app: &Arc<App>, devbox: &Arc<Devbox>, sandbox: &Arc<Sandbox>) {
    for broker in devbox.launch.brokers() {
        let note = |message: String| devbox.log.note(app.clock.now_ms(), Level::Warn, Source::Kmsg, message);
        let Some(command) = broker.command() else {
            note(format!("the broker of axon {} has no agent_binary, so that nothing is launched", broker.axon_id));
            continue;
        };
        match devbox.execute(app, sandbox, Command::new(command).of(Source::Entrypoint).fed()).await {
            Ok(agent) => {
                tokio::spawn(listen(app.clone(), broker.clone(), agent.clone()));
                tokio::spawn(feed(app.clone(), devbox.clone(), broker.axon_id.clone(), agent));
            }
            Err(e) => note(format!("the agent of axon {} cannot start: {}", broker.axon_id, e.message())),
        }
    }
}

/// One line, also where the payload was written over several.
fn line(payload: &str) -> String {
    let compact = serde_json::from_str::<Value>(payload).map(|value| value.to_string());
    compact.unwrap_or_else(|_| payload.replace('\n', " ")) + "\n"
}

async fn feed(app: Arc<App>, devbox: Arc<Devbox>, axon: String, agent: Arc<Execution>) {
    let after = devbox.state.lock().unwrap().record.brokers.get(&axon).copied().unwrap_or(0);
    let Ok(mut events) = app.state::<Axons>().follow(&axon, after) else { return };
    loop {
        let event = tokio::select! {
            event = events.next() => event,
            code = agent.completed() => {
                if devbox.status() == Status::Running {
                    let message = format!("the agent of axon {axon} has ended with exit code {code}");
                    devbox.log.note(app.clock.now_ms(), Level::Warn, Source::Kmsg, message);
                }
                return;
            }
        };
        let Some(event) = event else { return };
        if !event.from_agent {
            devbox.was_active();
            if !agent.feed(&line(&event.payload)).await {
                return;
            }
        }
        // One that cannot be recorded is told on standard error, and given again after a restart.
        let _ = devbox.change(&app, |record| {
            record.brokers.insert(axon.clone(), event.sequence);
        });
    }
}

async fn listen(app: Arc<App>, broker: Broker, agent: Arc<Execution>) {
    let kind = broker.protocol.as_deref().unwrap_or("agent");
    let said = |line: &[u8]| match line.is_empty() {
        true => Ok(()),
        false => app.state::<Axons>().say(&broker.axon_id, kind, String::from_utf8_lossy(line).into_owned(), app.clock.now_ms()),
    };
    let output = agent.stdout();
    let mut progress = output.watch();
    let (mut at, mut held) = (0, Vec::new());
    loop {
        let now = *progress.borrow_and_update();
        while at < now.length {
            let mut piece = vec![0; PIECE.min((now.length - at) as usize)];
            let Ok(read @ 1..) = output.read_at(&mut piece, at) else { return };
            at += read as u64;
            held.extend_from_slice(&piece[..read]);
            while let Some(end) = memchr::memchr(b'\n', &held) {
                let line: Vec<u8> = held.drain(..=end).collect();
                // An axon that has been deleted hears nothing more.
                if said(&line[..end]).is_err() {
                    return;
                }
            }
        }
        if now.finished {
            let _ = said(&held);
            return;
        }
        if progress.changed().await.is_err() {
            return;
        }
    }
}
