//! The listener and its connections. Every connection can be ended from outside its protocol, so
//! that faults can cut it.

mod connect;
mod dispatch;
pub mod repeat;
mod tls;

pub use tls::Tls;

use crate::app::App;
use crate::cli::Options;
use crate::devbox::Devboxes;
use crate::http::connection::{Connection, Ending, Shared};
use crate::part::{Builder, Parts};
use crate::{control, life, object, rooms, sandbox::procfs, sandbox::sys};
use axum::body::Body;
use http::{Method, Request, Response, Version};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::pin::{pin, Pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{signal, Signal, SignalKind};

/// Serves until told to end.
pub async fn run(mut options: Options) -> Result<(), String> {
    let address = (options.host.as_str(), options.port);
    let listener = TcpListener::bind(address).await.map_err(|e| format!("cannot listen on {}:{}: {e}", options.host, options.port))?;
    let address = listener.local_addr().map_err(|e| e.to_string())?;
    let contents = (options.host.as_str(), options.object_port);
    let contents = TcpListener::bind(contents).await;
    let contents = contents.map_err(|e| format!("cannot listen on {}:{} for objects: {e}", options.host, options.object_port))?;
    options.object_port = contents.local_addr().map_err(|e| e.to_string())?.port();
    let watch_stdin = options.exit_on_stdin_close;
    let mut signals = Signals::listen()?;
    let (app, tasks) = {
        let mut end_asked_for = pin!(end_asked_for(&mut signals, watch_stdin));
        // By itself: the start waits for disks and for devboxes, and must not keep the end waiting.
        let starting = tokio::spawn(async move { life::start(&options, address, register).await });
        let app = tokio::select! {
            started = starting => started.map_err(|e| format!("cannot start: {e}"))??,
            () = &mut end_asked_for => return Err("ended during its start; what is left to remove is removed by a later start".into()),
        };
        announce(&app, address);
        let mut tasks =
            vec![tokio::spawn(accept(app.clone(), listener, Door::Api)), tokio::spawn(accept(app.clone(), contents, Door::Contents))];
        tasks.extend(app.state::<Parts>().tasks(&app).into_iter().map(tokio::spawn));
        tokio::select! {
            () = &mut end_asked_for => {}
            () = app.exit.notified() => {}
        }
        (app, tasks)
    };
    tasks.iter().for_each(|task| task.abort());
    let alive = app.state::<Devboxes>().alive();
    tokio::select! {
        () = life::end(&app) => eprintln!("runloop-emulator: {}", running(&alive)),
        // The kernel ends the devboxes with this process, and their mounts with them.
        _ = signals.interrupt.recv() => return Err("ended at once; what was left to remove is removed by a later start".into()),
    }
    if let Some(folder) = std::env::var_os("RUNLOOP_EMULATOR_OPERATIONS") {
        control::write_operations(&app, folder.as_ref());
    }
    Ok(())
}

/// All nouns, and what only the server knows of.
fn register(builder: &mut Builder) -> Result<(), String> {
    builder.add(repeat::Answers::default());
    rooms::register(builder)
}

fn running(alive: &[String]) -> String {
    match alive {
        [] => "0 devboxes were still running".into(),
        [one] => format!("1 devbox was still running: {one}"),
        several => format!("{} devboxes were still running: {}", several.len(), several.join(", ")),
    }
}

fn announce(app: &App, address: std::net::SocketAddr) {
    use std::io::Write;
    let mut out = io::stdout().lock();
    // Whoever started us may not listen; that is no reason to end.
    let scheme = if app.tls.is_some() { "https" } else { "http" };
    let _ = writeln!(out, "runloop-emulator listening on {scheme}://{address}");
    let _ = out.flush();
    if let Some(tls) = &app.tls {
        eprintln!("runloop-emulator: TLS: trust {}", tls.path.display());
    }
    eprintln!("runloop-emulator: isolation: {}", app.isolation.why);
}

/// What ends the emulator from outside.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    /// Nothing under `nohup`.
    hangup: Option<Signal>,
}

impl Signals {
    fn listen() -> Result<Signals, String> {
        let listen = |kind| signal(kind).map_err(|e| format!("cannot wait for signals: {e}"));
        let hangup = SignalKind::hangup();
        Ok(Signals {
            hangup: (!procfs::ignores(hangup.as_raw_value())).then(|| listen(hangup)).transpose()?,
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
        })
    }
}

/// Returns when the emulator is to end, by a signal or by the end of standard input.
async fn end_asked_for(signals: &mut Signals, watch_stdin: bool) {
    let hung_up = async {
        match &mut signals.hangup {
            Some(hangup) => hangup.recv().await,
            None => std::future::pending().await,
        }
    };
    let stdin_closed = async {
        match watch_stdin {
            true => {
                let mut stdin = tokio::io::stdin();
                let _ = tokio::io::copy(&mut stdin, &mut tokio::io::sink()).await;
            }
            false => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = signals.terminate.recv() => {}
        _ = signals.interrupt.recv() => {
            eprintln!("runloop-emulator: ending; a second Ctrl-C ends at once");
        }
        _ = hung_up => {}
        () = stdin_closed => {}
    }
}

/// What a listener is for.
#[derive(Clone, Copy)]
enum Door {
    Api,
    /// Of objects, behind signed URLs.
    Contents,
}

async fn accept(app: Arc<App>, listener: TcpListener, door: Door) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(welcome(app.clone(), stream, door));
            }
            // Out of descriptors, most likely: others will be closed meanwhile.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn welcome(app: Arc<App>, stream: TcpStream, door: Door) {
    let _ = stream.set_nodelay(true);
    let Ok(socket) = stream.as_fd().try_clone_to_owned() else {
        return;
    };
    match &app.tls {
        Some(tls) if tls::is_spoken(&stream).await => {
            if let Ok(stream) = tls.acceptor.accept(stream).await {
                serve(app.clone(), stream, socket, door).await;
            }
        }
        _ => serve(app, stream, socket, door).await,
    }
}

/// Serves one connection, whose socket at the bottom is `socket`.
async fn serve<S>(app: Arc<App>, stream: S, socket: OwnedFd, door: Door)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let shared = Arc::new(Shared::new(socket.try_clone().ok()));
    let max_streams = app.max_streams;
    let service = {
        let shared = shared.clone();
        hyper::service::service_fn(move |request: Request<Incoming>| {
            let connection = Connection { shared: shared.clone(), alone: request.version() < Version::HTTP_2 };
            let app = app.clone();
            async move { answer(app, connection, request.map(Body::new), door).await }
        })
    };
    let io = TokioIo::new(Watched { stream, shared: shared.clone() });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new());
    builder.http2().timer(TokioTimer::new()).max_concurrent_streams(max_streams);
    let mut serving = pin!(builder.serve_connection_with_upgrades(io, service));
    let ending = loop {
        tokio::select! {
            _ = serving.as_mut() => return,
            () = shared.last.notified() => serving.as_mut().graceful_shutdown(),
            ending = shared.ended() => break ending,
        }
    };
    // The protocol's side of the socket is closed by now; this duplicate is what is left.
    if ending == Ending::Reset {
        let patience = Instant::now() + Duration::from_secs(10);
        while sys::unsent_bytes(socket.as_fd()).is_ok_and(|n| n > 0) && Instant::now() < patience {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        if let Ok(stream) = TcpStream::from_std(std::net::TcpStream::from(socket)) {
            let _ = stream.set_zero_linger();
        }
    } else {
        let _ = std::net::TcpStream::from(socket).shutdown(std::net::Shutdown::Both);
    }
}

async fn answer(app: Arc<App>, connection: Connection, request: Request<Body>, door: Door) -> Result<Response<Body>, Closed> {
    if request.method() == Method::CONNECT {
        let socket = connection.shared.socket.as_ref().and_then(|socket| socket.try_clone().ok());
        return Ok(connect::answer(app, request, socket));
    }
    let answer = match door {
        Door::Api => dispatch::answer(app, connection.clone(), request).await,
        Door::Contents => object::door::answer(app, connection.clone(), request).await,
    };
    match answer {
        Some(response) => Ok(response),
        None if connection.end(Ending::Finish) || connection.shared.asked().is_some() => {
            // Nothing is left to be written: the connection ends now.
            connection.shared.flushed.notify_one();
            std::future::pending().await
        }
        None => Err(Closed),
    }
}

/// The service's error that ends one stream of a shared connection.
#[derive(Debug)]
struct Closed;

impl std::fmt::Display for Closed {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("closed by a fault")
    }
}

impl std::error::Error for Closed {}

/// The socket, telling when an end that was asked for can take place: the protocol flushes only
/// when all it had to write is written.
struct Watched<S> {
    stream: S,
    shared: Arc<Shared>,
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        if flushed.is_ready() && self.shared.asked().is_some() {
            self.shared.flushed.notify_one();
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, parts: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
