//! The command line.

use crate::sandbox::Isolation;
use crate::settings::Manner;
use std::path::PathBuf;

pub const HELP: &str = "\
runloop-emulator: the Runloop API served from this machine, for developing and testing offline

usage: runloop-emulator [options]

  --host HOST             address to listen on (default 127.0.0.1)
  --port PORT             port to listen on, 0 for any free one (default 8080)
  --data-dir DIR          where everything is kept, for the next start to go on with (default: a
                          temporary one, removed at exit)
  --isolation MODE        auto, overlay (namespaces over a copy-on-write root) or plain
                          (directories, no isolation) (default auto)
  --seed N                the same ids in every run
  --time-scale F          a clock F times faster for keep-alive, holds and boot (default 1)
  --boot-ms N             time from provisioning to running (default 20)
  --offset-meaning WHICH  begin or end: which end of a chunk its offset names (default begin)
  --api-key KEY           accept this bearer token only (default: any that is not empty)
  --git-host URL          where code mounts are cloned from (default https://github.com)
  --object-port PORT      port for the contents of objects (default: any free one)
  --object-manner WHICH   plain, s3 or azure: the store that their URLs imitate (default plain)
  --tls                   serve https as well on the same port, with an authority of our own (its
                          certificate is ca.pem in the data directory)
  --domain NAME           be api.NAME and *.tunnel.NAME: --tls for these names, and an HTTP proxy for
                          them, so that clients need not resolve them
  --keep-output BYTES     what ended devboxes have printed is kept up to this, in all; the first to have
                          ended is forgotten first (default 268435456)
  --max-streams N         HTTP/2 requests that a connection may have at a time (default 128)
  --repeat-by-request-id  a create that is repeated with its x-request-id gives the first answer
  --check-answers         an answer that breaks the API's description becomes an error, for testing us
  --exit-on-stdin-close   exit when standard input ends
  --help                  this text
  --version               name and version

The first line on standard output is: runloop-emulator listening on http://HOST:PORT
A development tool, and no security boundary against hostile code.
";

#[derive(Debug)]
pub struct Options {
    pub host: String,
    pub port: u16,
    pub data_dir: Option<PathBuf>,
    pub isolation: Isolation,
    pub seed: Option<u64>,
    pub time_scale: f64,
    pub boot_ms: u64,
    pub offset_at_end: bool,
    pub api_key: Option<String>,
    pub git_host: String,
    pub object_port: u16,
    pub object_manner: Manner,
    pub tls: bool,
    pub domain: Option<String>,
    pub keep_output: u64,
    pub max_streams: u32,
    pub repeat_by_request_id: bool,
    pub check_answers: bool,
    pub exit_on_stdin_close: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            host: "127.0.0.1".into(),
            port: 8080,
            data_dir: None,
            isolation: Isolation::Auto,
            seed: None,
            time_scale: 1.0,
            boot_ms: 20,
            offset_at_end: false,
            api_key: None,
            git_host: "https://github.com".into(),
            object_port: 0,
            object_manner: Manner::Plain,
            tls: false,
            domain: None,
            keep_output: 256 << 20,
            max_streams: 128,
            repeat_by_request_id: false,
            check_answers: false,
            exit_on_stdin_close: false,
        }
    }
}

pub enum Wanted {
    Serve(Box<Options>),
    Help,
    Version,
}

pub fn parse(args: impl Iterator<Item = String>) -> Result<Wanted, String> {
    let mut options = Options::default();
    let mut args = args;
    while let Some(arg) = args.next() {
        let (name, mut given) = match arg.split_once('=') {
            Some((name, value)) => (name.to_string(), Some(value.to_string())),
            None => (arg, None),
        };
        let mut value = || given.take().or_else(|| args.next()).ok_or_else(|| format!("{name} needs a value"));
        match name.as_str() {
            "--help" | "-h" => return Ok(Wanted::Help),
            "--version" | "-V" => return Ok(Wanted::Version),
            "--host" => options.host = value()?,
            "--port" => options.port = number(&name, &value()?)?,
            "--data-dir" => options.data_dir = Some(value()?.into()),
            "--isolation" => {
                options.isolation = match value()?.as_str() {
                    "auto" => Isolation::Auto,
                    "overlay" => Isolation::Overlay,
                    "plain" => Isolation::Plain,
                    other => return Err(format!("--isolation is auto, overlay or plain, not {other:?}")),
                }
            }
            "--seed" => options.seed = Some(number(&name, &value()?)?),
            "--time-scale" => {
                options.time_scale = number(&name, &value()?)?;
                if !(options.time_scale.is_finite() && options.time_scale > 0.0) {
                    return Err("--time-scale must be greater than 0".into());
                }
            }
            "--boot-ms" => options.boot_ms = number(&name, &value()?)?,
            "--offset-meaning" => {
                options.offset_at_end = match value()?.as_str() {
                    "begin" => false,
                    "end" => true,
                    other => return Err(format!("--offset-meaning is begin or end, not {other:?}")),
                }
            }
            "--api-key" => options.api_key = Some(value()?),
            "--git-host" => options.git_host = value()?,
            "--object-port" => options.object_port = number(&name, &value()?)?,
            "--object-manner" => {
                let manner = value()?;
                let known = Manner::named(&manner);
                options.object_manner = known.ok_or_else(|| format!("--object-manner is plain, s3 or azure, not {manner:?}"))?;
            }
            "--tls" => options.tls = true,
            "--domain" => {
                options.domain = Some(domain(&value()?)?);
                options.tls = true;
            }
            "--keep-output" => options.keep_output = number(&name, &value()?)?,
            "--max-streams" => {
                options.max_streams = number(&name, &value()?)?;
                if options.max_streams == 0 {
                    return Err("--max-streams must be greater than 0".into());
                }
            }
            "--repeat-by-request-id" => options.repeat_by_request_id = true,
            "--check-answers" => options.check_answers = true,
            "--exit-on-stdin-close" => options.exit_on_stdin_close = true,
            _ => return Err(format!("unknown option {name}; see --help")),
        }
        if given.is_some() {
            return Err(format!("{name} takes no value"));
        }
    }
    Ok(Wanted::Serve(Box::new(options)))
}

/// Labels of letters, digits and hyphens.
fn domain(name: &str) -> Result<String, String> {
    let name = name.to_ascii_lowercase();
    let plain = |label: &str| {
        let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        !label.is_empty() && label.len() <= 63 && label.bytes().all(inner) && !label.starts_with('-') && !label.ends_with('-')
    };
    match name.len() <= 180 && name.split('.').all(plain) {
        true => Ok(name),
        false => Err(format!("--domain needs a host name, not {name:?}")),
    }
}

fn number<T: std::str::FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{name} needs a number, not {value:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(args: &[&str]) -> Result<Wanted, String> {
        parse(args.iter().map(|a| a.to_string()))
    }

    #[test]
    fn options_are_read_in_both_spellings() {
        let Ok(Wanted::Serve(o)) = parsed(&["--port=0", "--isolation", "plain", "--seed", "3"]) else {
            panic!("not parsed");
        };
        assert_eq!((o.port, o.isolation, o.seed), (0, Isolation::Plain, Some(3)));
    }

    #[test]
    fn wrong_options_are_named() {
        for (args, word) in [
            (vec!["--port", "x"], "--port"),
            (vec!["--nope"], "--nope"),
            (vec!["--object-manner", "ftp"], "s3"),
            (vec!["--seed"], "--seed"),
            (vec!["--domain", "a..b"], "--domain"),
            (vec!["--max-streams", "0"], "--max-streams"),
            (vec!["--time-scale", "0"], "--time-scale"),
            (vec!["--exit-on-stdin-close=1"], "no value"),
        ] {
            assert!(parsed(&args).err().unwrap().contains(word));
        }
    }
}
