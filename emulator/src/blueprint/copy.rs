//! COPY and ADD: files from the build context, another stage, the web or the Dockerfile itself.

use super::dockerfile::{expand, Copy};
use super::fetch;
use super::stage::{pipe, work, Finished, Stage};
use super::users;
use crate::archive;
use crate::sandbox::jobs::Job;
use crate::sandbox::pack::{self, Pack};
use crate::sandbox::{Mode, Sandbox};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const FILE_MODE: u32 = 0o644;
/// What is fetched is nobody else's to read, unless the Dockerfile says so.
const FETCHED_MODE: u32 = 0o600;

impl Stage<'_> {
    pub async fn copy(&self, copy: &Copy, finished: &[Option<Finished>]) -> Result<(), String> {
        let target = self.word(&copy.target)?;
        let sources = copy.sources.iter().map(|source| self.word(source)).collect::<Result<Vec<_>, _>>()?;
        let several = sources.len() + copy.heredocs.len() > 1;
        if several && !target.ends_with('/') && !target.ends_with("/.") && target != "." {
            return Err(format!("several sources go into a folder: write the target as {target}/"));
        }
        let place = self.place(&target)?;
        let is_folder = self.job(Job::IsFolder { path: place.clone() }, None, None).await.is_ok();
        let order = Order {
            into: several || is_folder || target.ends_with('/'),
            target: place,
            owner: match &copy.owner {
                Some(owner) => Some(self.owner(&self.word(owner)?).await?),
                None => None,
            },
            mode: match &copy.mode {
                Some(mode) => Some(parse_mode(&self.word(mode)?)?),
                None => None,
            },
        };
        for heredoc in &copy.heredocs {
            let text = match heredoc.expand {
                true => expand::text(&heredoc.content, self.file.escape, &|name| self.value(name))?,
                false => heredoc.content.clone(),
            };
            self.put(&order.place(&heredoc.name), text.into_bytes(), order.owner(), order.mode.unwrap_or(FILE_MODE)).await?;
        }
        let (remote, local): (Vec<String>, Vec<String>) = sources.into_iter().partition(|source| copy.add && fetch::is_remote(source));
        for url in remote {
            self.add_remote(&url, &order).await?;
        }
        if local.is_empty() {
            return Ok(());
        }
        let pack = Pack {
            sources: local,
            target: order.target.clone(),
            into: order.into,
            exclude: copy.exclude.clone(),
            owner: order.owner,
            mode: order.mode,
            parents: copy.parents,
        };
        match &copy.from {
            Some(from) => self.copy_from_stage(&self.word(from)?, pack, finished).await,
            None => self.copy_from_context(copy.add, pack, &order).await,
        }
    }

    async fn owner(&self, name: &str) -> Result<(u32, u32), String> {
        let owner = users::owner(&self.sandbox, name).await?;
        // With another isolation there is one user, and all is its own.
        Ok(if self.sandbox.setup.mode == Mode::Overlay { owner } else { own() })
    }

    async fn copy_from_stage(&self, from: &str, pack: Pack, finished: &[Option<Finished>]) -> Result<(), String> {
        let number = self.file.stage(from, self.at);
        let layers = match number.and_then(|number| finished[number].as_ref()) {
            Some(stage) => stage.layers.clone(),
            None => {
                self.build.log.info(&format!("this machine's root stands in for {from}"));
                Vec::new()
            }
        };
        let name = format!("from-{}", number.map_or("image".into(), |number| number.to_string()));
        let source = self.build.sandbox(&format!("{name}-{}", self.at), &layers).await?;
        let pack = match source.setup.mode {
            Mode::Plain => pack_in_home(pack, &source)?,
            _ => pack,
        };
        let (reader, writer) = pipe()?;
        let packing = work(&source, Job::Pack(pack), None, Some(writer.into()));
        let unpacking = self.job(Job::Unpack { into: "/".into() }, Some(reader.into()), None);
        let (packed, unpacked) = tokio::join!(packing, unpacking);
        source.stop().await;
        let folder = source.setup.folder.clone();
        let _ = tokio::task::spawn_blocking(move || crate::sandbox::disk::remove(&folder)).await;
        packed.map_err(|why| format!("{from}: {why}"))?;
        unpacked
    }

    async fn copy_from_context(&self, unpack: bool, mut pack: Pack, order: &Order) -> Result<(), String> {
        let context = self.build.context().await?;
        if unpack {
            let mut files = Vec::new();
            for source in std::mem::take(&mut pack.sources) {
                let found = pack::expand(&context, &source).map_err(|e| e.to_string())?;
                if found.is_empty() {
                    files.push(source);
                }
                for (name, path) in found {
                    match archive_in(&path) {
                        Some(archive) => self.unpack(archive, &order.target).await.map_err(|why| format!("{}: {why}", name.display()))?,
                        None => files.push(name.display().to_string()),
                    }
                }
            }
            if files.is_empty() {
                return Ok(());
            }
            pack.sources = files;
        }
        pack.owner = pack.owner.or(Some(own_or_root(&self.sandbox)));
        self.stream("/".into(), move |out| pack::write(&context, &pack, out)).await.map_err(|why| format!("{why} (in the build context)"))
    }

    async fn add_remote(&self, url: &str, order: &Order) -> Result<(), String> {
        let (file, name) = fetch::fetch(url).await?;
        if order.into && name.is_empty() {
            return Err(format!("{url} has no file name; name the file in the target"));
        }
        let size = file.metadata().map_err(|e| e.to_string())?.len();
        let (path, owner, mode) = (order.place(&name), order.owner(), order.mode.unwrap_or(FETCHED_MODE));
        self.stream("/".into(), move |out| pack::file(out, &path, file, size, owner, mode)).await
    }

    async fn unpack(&self, mut archive: Box<dyn std::io::Read + Send>, into: &Path) -> Result<(), String> {
        self.stream(into.to_path_buf(), move |mut out| std::io::copy(&mut archive, &mut out).and_then(|_| out.flush())).await
    }

    /// A file mount: the default user's own.
    pub async fn write_file(&self, path: &str, content: &str) -> Result<(), String> {
        let user = self.user(&self.build.plan.user.0).await?;
        let home = user.home.display().to_string();
        let path = self.place(&match path.strip_prefix("~/") {
            Some(below) => format!("{home}/{below}"),
            None if path.starts_with('/') => path.to_string(),
            None => format!("{home}/{path}"),
        })?;
        // As the user, so that the folders are its own too; elsewhere as root.
        if crate::files::write(&self.sandbox, &path.display().to_string(), content.as_bytes().to_vec()).await.is_ok() {
            return Ok(());
        }
        self.put(&path, content.as_bytes().to_vec(), (user.ids.uid, user.ids.gid), FILE_MODE).await
    }

    pub async fn put(&self, path: &Path, content: Vec<u8>, owner: (u32, u32), mode: u32) -> Result<(), String> {
        let path = path.to_path_buf();
        let size = content.len() as u64;
        self.stream("/".into(), move |out| pack::file(out, &path, content.as_slice(), size, owner, mode)).await
    }

    /// Unpacks into the stage's disk what `write` writes on this side.
    async fn stream<F>(&self, into: PathBuf, write: F) -> Result<(), String>
    where
        F: FnOnce(File) -> std::io::Result<()> + Send + 'static,
    {
        let (reader, writer) = pipe()?;
        let writing = tokio::task::spawn_blocking(move || write(writer));
        let unpacked = self.job(Job::Unpack { into }, Some(reader.into()), None).await;
        match writing.await.map_err(|e| e.to_string())? {
            // A reader that has given up says why.
            Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => unpacked,
            Err(e) => Err(e.to_string()),
            Ok(()) => unpacked,
        }
    }
}

/// Where files go, and how.
struct Order {
    target: PathBuf,
    into: bool,
    owner: Option<(u32, u32)>,
    mode: Option<u32>,
}

impl Order {
    fn place(&self, name: &str) -> PathBuf {
        if self.into {
            self.target.join(name)
        } else {
            self.target.clone()
        }
    }

    fn owner(&self) -> (u32, u32) {
        self.owner.unwrap_or((0, 0))
    }
}

fn own() -> (u32, u32) {
    (nix::unistd::geteuid().as_raw(), nix::unistd::getegid().as_raw())
}

fn own_or_root(sandbox: &Sandbox) -> (u32, u32) {
    if sandbox.setup.mode == Mode::Plain {
        own()
    } else {
        (0, 0)
    }
}

/// In a plain stage, `/home/user` is the folder that stands for it, and there is nothing else.
fn pack_in_home(mut pack: Pack, source: &Arc<Sandbox>) -> Result<Pack, String> {
    let seen = PathBuf::from("/home").join(&source.setup.user.name);
    for path in &mut pack.sources {
        let below = Path::new("/").join(&*path);
        let below =
            below.strip_prefix(&seen).map_err(|_| format!("{path} is outside the home directory, and plain isolation has nothing else"))?;
        *path = source.setup.user.home.join(below).display().to_string();
    }
    Ok(pack)
}

fn archive_in(path: &Path) -> Option<Box<dyn std::io::Read + Send>> {
    let file = path.is_file().then(|| File::open(path).ok()).flatten()?;
    archive::open(file).ok()?
}

fn parse_mode(text: &str) -> Result<u32, String> {
    let mode = u32::from_str_radix(text, 8).ok().filter(|mode| *mode <= 0o7777);
    mode.ok_or_else(|| format!("--chmod={text} is no octal mode"))
}
