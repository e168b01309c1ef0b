//! The listener and its connections. Every connection can be ended from outside its protocol, so
//! that faults can cut it.

use crate::app::App;
use crate::cli::Options;
use crate::{http as api, object, sandbox::sys};
use axum::body::Body;
use http::{Request, Response, Version};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use std::io;
use std::os::fd::AsFd;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{signal, SignalKind};
use tokio::sync::Notify;

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
    let app = App::start(options, address).await?;
    announce(&app, address);
    let tasks = [
        tokio::spawn(accept(app.clone(), listener, Door::Api)),
        tokio::spawn(accept(app.clone(), contents, Door::Contents)),
        tokio::spawn(object::expire(app.clone())),
    ];
    let reason = end_asked_for(&app, watch_stdin).await;
    tasks.iter().for_each(|task| task.abort());
    reason?;
    eprintln!("runloop-emulator: {}", app.end().await);
    Ok(())
}

fn announce(app: &App, address: std::net::SocketAddr) {
    use std::io::Write;
    let mut out = io::stdout().lock();
    // Whoever started us may not listen; that is no reason to end.
    let _ = writeln!(out, "runloop-emulator listening on http://{address}");
    let _ = out.flush();
    eprintln!("runloop-emulator: isolation: {}", app.isolation.why);
}

async fn end_asked_for(app: &App, watch_stdin: bool) -> Result<(), String> {
    let listen = |kind| signal(kind).map_err(|e| format!("cannot wait for signals: {e}"));
    let mut terminate = listen(SignalKind::terminate())?;
    let mut interrupt = listen(SignalKind::interrupt())?;
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
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        () = stdin_closed => {}
        () = app.exit.notified() => {}
    }
    Ok(())
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
                tokio::spawn(serve(app.clone(), stream, door));
            }
            // Out of descriptors, most likely: others will be closed meanwhile.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn serve(app: Arc<App>, stream: TcpStream, door: Door) {
    let _ = stream.set_nodelay(true);
    let shared = Arc::new(Shared::default());
    let Ok(socket) = stream.as_fd().try_clone_to_owned() else {
        return;
    };
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
    builder.http2().timer(TokioTimer::new()).max_concurrent_streams(128);
    let ending = tokio::select! {
        _ = builder.serve_connection_with_upgrades(io, service) => return,
        ending = shared.ended() => ending,
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
    let answer = match door {
        Door::Api => api::answer(app, connection.clone(), request).await,
        Door::Contents => object::door::answer(app, connection.clone(), request).await,
    };
    match answer {
        Some(response) => Ok(response),
        None if connection.end(Ending::Finish) => {
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

/// How a connection ends early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Finish,
    Reset,
}

/// A handle on the connection that a request came by.
#[derive(Clone)]
pub struct Connection {
    shared: Arc<Shared>,
    /// The request has the connection to itself, as in HTTP/1.1.
    alone: bool,
}

impl Connection {
    /// Ends the connection once what is written so far has gone out. False where other requests
    /// share it: then only the stream is to end.
    pub fn end(&self, ending: Ending) -> bool {
        if self.alone {
            *self.shared.ending.lock().unwrap() = Some(ending);
        }
        self.alone
    }
}

#[derive(Default)]
struct Shared {
    ending: Mutex<Option<Ending>>,
    flushed: Notify,
}

impl Shared {
    fn asked(&self) -> Option<Ending> {
        *self.ending.lock().unwrap()
    }

    async fn ended(&self) -> Ending {
        loop {
            self.flushed.notified().await;
            if let Some(ending) = self.asked() {
                return ending;
            }
        }
    }
}

/// The socket, telling when an end that was asked for can take place: the protocol flushes only
/// when all it had to write is written.
struct Watched {
    stream: TcpStream,
    shared: Arc<Shared>,
}

impl AsyncRead for Watched {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.shared.asked().is_some() {
            self.shared.flushed.notify_one();
        }
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, parts: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }
}
