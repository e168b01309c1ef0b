//! The Runloop API served from the developer's own machine.

mod account;
mod app;
mod archive;
mod axon;
mod blueprint;
mod cli;
mod clock;
mod control;
mod data_dir;
mod devbox;
mod execution;
mod faults;
mod files;
mod filter;
#[cfg(test)]
mod fuzz;
mod gateway_config;
mod http;
mod ids;
mod journal;
mod layers;
mod leftovers;
mod life;
mod mcp_config;
mod names;
mod network_policy;
mod object;
mod part;
mod pty;
mod records;
mod rooms;
mod sandbox;
mod secret;
mod server;
mod settings;
mod snapshot;
mod ssh;
mod store;
mod timestamp;
mod tunnel;
mod upstream;

/// The whole program.
pub fn main() {
    if sandbox::sudo::is_asked_for() {
        std::process::exit(sandbox::sudo::main());
    }
    let mut args = std::env::args().skip(1).peekable();
    if args.peek().is_some_and(|arg| arg == sandbox::agent::SUBCOMMAND) {
        std::process::exit(sandbox::agent::main());
    }
    match cli::parse(args) {
        Ok(cli::Wanted::Help) => print!("{}", cli::HELP),
        Ok(cli::Wanted::Version) => println!("runloop-emulator {}", env!("CARGO_PKG_VERSION")),
        Ok(cli::Wanted::Serve(options)) => {
            if let Err(why) = serve(*options) {
                eprintln!("runloop-emulator: {why}");
                std::process::exit(1);
            }
        }
        Err(why) => {
            eprintln!("runloop-emulator: {why}");
            std::process::exit(2);
        }
    }
}

fn serve(options: cli::Options) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| format!("cannot start: {e}"))?;
    let result = runtime.block_on(server::run(options));
    // Held connections and stdin readers must not keep the process.
    runtime.shutdown_background();
    result
}
