//! SSH into devboxes: keys, and a port for each devbox that has one. Every connection gets a server of
//! its own, the devbox's `sshd`, which runs in the devbox as its user.

use crate::app::App;
use crate::devbox::{Devbox, Status};
use crate::execution::output_pipe;
use crate::http::error::json;
use crate::http::{ApiError, Call};
use crate::part::Builder;
use crate::part::Part;
use crate::sandbox::{Exit, Mode, Program, Sandbox};
use axum::body::Body;
use http::Response;
use serde_json::json;
use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex};
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};

/// Makes a key, which it prints, and lets it in. `$1` is the devbox's id, so that a disk made from a
/// snapshot of this one lets in none of its keys.
const MAKE_KEY: &str = r#"
PATH=$PATH:/usr/local/sbin:/usr/sbin
for program in sshd ssh-keygen; do
    command -v $program >/dev/null || { echo "it has no $program" >&2; exit 3; }
done
set -eu
umask 077
mkdir -p "$HOME/.runloop-ssh/$1"
cd "$HOME/.runloop-ssh/$1"
key=$(mktemp -d ./new.XXXXXX)
[ -e host ] || { ssh-keygen -q -t ed25519 -N '' -C "$1" -f "$key/host" && mv "$key"/host* .; }
ssh-keygen -q -t ed25519 -N '' -C "$1" -f "$key/key"
cat "$key/key.pub" >> authorized_keys
cat "$key/key"
rm -r "$key"
"#;

/// One connection on standard input and output. Nothing of the machine's own configuration applies.
/// `$2` are the variables of the session.
const SERVE: &str = r#"
PATH=$PATH:/usr/local/sbin:/usr/sbin
folder=$HOME/.runloop-ssh/$1
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
exec "$(command -v sshd)" -i -f /dev/null -o HostKey="$folder/host" -o AuthorizedKeysFile="$folder/authorized_keys" \
    -o StrictModes=no -o UsePAM=no -o PasswordAuthentication=no -o KbdInteractiveAuthentication=no \
    -o PermitRootLogin=prohibit-password -o Subsystem='sftp internal-sftp' -o LogLevel=QUIET -o SetEnv="$2"
"#;

pub fn register(builder: &mut Builder) -> Result<(), String> {
    builder.add(Doors::default());
    let routes = &mut builder.routes;
    routes.add("devboxes.create_ssh_key", create_key);
    Ok(())
}

/// Where devboxes are reached, by their ids.
#[derive(Default)]
pub struct Doors {
    open: Mutex<HashMap<String, SocketAddr>>,
}

async fn create_key(call: Call) -> Result<Response<Body>, ApiError> {
    let devbox = call.devbox("id")?;
    let sandbox = devbox.running()?;
    let refused = |why: &str| ApiError::bad_request(format!("devbox {} cannot be reached by SSH: {why}", devbox.id));
    if sandbox.setup.mode == Mode::Plain {
        return Err(refused("without isolation that would be a login of your own on this machine"));
    }
    let key = make_key(&devbox, &sandbox).await.map_err(|why| {
        refused(&format!("{why}; install openssh-server on this machine, or in the devbox's blueprint, if it is missing"))
    })?;
    let address = call.app.state::<Doors>().open(&call.app, &devbox).await.map_err(ApiError::internal)?;
    Ok(json(&json!({
        "id": devbox.id,
        "ssh_private_key": key,
        "ssh_user": sandbox.setup.user.name,
        "url": address.to_string(),
    })))
}

/// The private key, or why there can be none.
async fn make_key(devbox: &Devbox, sandbox: &Arc<Sandbox>) -> Result<String, String> {
    let pipe = || output_pipe().map_err(|e| e.to_string());
    let ((mut key, key_end), (mut complaint, complaint_end)) = (pipe()?, pipe()?);
    let program = program(devbox, sandbox, &[MAKE_KEY, "sh", &devbox.id], None, key_end, complaint_end);
    let running = sandbox.run(program).await.map_err(|e| e.what)?;
    let (mut printed, mut said) = (String::new(), String::new());
    let (first, second, exit) = tokio::join!(key.read_to_string(&mut printed), complaint.read_to_string(&mut said), running.exit);
    first.and(second).map_err(|e| e.to_string())?;
    match exit {
        Ok(Exit::Code(0)) => Ok(printed),
        _ => Err(said.trim().to_string()),
    }
}

fn program(devbox: &Devbox, sandbox: &Sandbox, script: &[&str], stdin: Option<OwnedFd>, stdout: OwnedFd, stderr: OwnedFd) -> Program {
    Program {
        argv: ["/bin/sh", "-c"].iter().chain(script).map(|word| word.to_string()).collect(),
        env: devbox.command_environment(sandbox),
        cwd: sandbox.setup.user.home.clone(),
        user: sandbox.setup.user.clone(),
        stdin,
        stdout,
        stderr,
    }
}

impl Part for Doors {
    /// The doors of devboxes that are gone close by themselves.
    fn clear(&self, _app: &Arc<App>) {
        self.open.lock().unwrap().clear();
    }
}

impl Doors {
    /// The devbox's address; it stays until the devbox ends.
    async fn open(&self, app: &Arc<App>, devbox: &Arc<Devbox>) -> io::Result<SocketAddr> {
        let listener = TcpListener::bind((app.address.ip(), 0)).await?;
        let mut open = self.open.lock().unwrap();
        if let Some(address) = open.get(&devbox.id) {
            return Ok(*address);
        }
        let address = listener.local_addr()?;
        open.insert(devbox.id.clone(), address);
        tokio::spawn(keep(app.clone(), devbox.clone(), listener));
        Ok(address)
    }
}

async fn keep(app: Arc<App>, devbox: Arc<Devbox>, listener: TcpListener) {
    let mut status = devbox.watch();
    loop {
        let connection = tokio::select! {
            connection = listener.accept() => connection,
            _ = status.wait_for(|status| status.is_end()) => break,
        };
        if let Ok((connection, _)) = connection {
            tokio::spawn(serve(devbox.clone(), connection));
        }
    }
    app.state::<Doors>().open.lock().unwrap().remove(&devbox.id);
}

/// The connection closes at once where the devbox doesn't run.
async fn serve(devbox: Arc<Devbox>, connection: TcpStream) {
    if devbox.status() != Status::Running {
        return;
    }
    let _in_use = devbox.in_use();
    let Ok(sandbox) = devbox.running() else { return };
    let Ok(program) = server(&devbox, &sandbox, connection) else { return };
    if let Ok(running) = sandbox.run(program).await {
        let _ = running.exit.await;
    }
}

fn server(devbox: &Devbox, sandbox: &Sandbox, connection: TcpStream) -> io::Result<Program> {
    let connection = connection.into_std()?;
    connection.set_nonblocking(false)?;
    let connection = OwnedFd::from(connection);
    let nowhere = OpenOptions::new().write(true).open("/dev/null")?;
    let variables = variables(devbox.command_environment(sandbox));
    let script = [SERVE, "sh", &devbox.id, &variables];
    Ok(program(devbox, sandbox, &script, Some(connection.try_clone()?), connection, nowhere.into()))
}

/// Variables as sshd's `SetEnv` reads them. It has no way to write a line feed.
fn variables(environment: Vec<(String, String)>) -> String {
    let quoted = environment.iter().filter(|(_, value)| !value.contains(['\n', '\r'])).map(|(name, value)| {
        let value = value.replace('\\', "\\\\").replace('"', "\\\"");
        format!("\"{name}={value}\"")
    });
    quoted.collect::<Vec<_>>().join(" ")
}
