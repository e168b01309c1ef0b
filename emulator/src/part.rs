//! The parts that the emulator consists of: what a noun adds to it.

use crate::app::App;
use crate::cli::Options;
use crate::http::Routes;
use futures_util::future::BoxFuture;
use std::future::Future;
use std::sync::Arc;

/// The state of a noun. The emulator has one of each type: `app.state::<T>()`.
pub trait Part: Send + Sync + 'static {
    /// Ends what is under way; returns when nothing of it goes on.
    fn end<'a>(&'a self, _app: &'a Arc<App>, _end: End) -> BoxFuture<'a, ()> {
        Box::pin(std::future::ready(()))
    }

    /// Whether there is something under way that a reset has to end.
    fn is_busy(&self) -> bool {
        false
    }

    /// Forgets everything, in the store too.
    fn clear(&self, _app: &Arc<App>) {}
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum End {
    Reset,
    /// With a data directory of the developer's own, the next start goes on from here.
    Exit,
}

type Start = Box<dyn Fn(Arc<App>) -> BoxFuture<'static, Result<(), String>> + Send + Sync>;
type Task = Box<dyn Fn(Arc<App>) -> BoxFuture<'static, ()> + Send + Sync>;

/// The emulator while its parts are added to it: a part comes after those that it uses.
pub struct Builder<'a> {
    pub app: App,
    pub options: &'a Options,
    pub routes: Routes,
    parts: Parts,
}

/// All parts, for what is done with each of them.
#[derive(Default)]
pub struct Parts {
    all: Vec<Arc<dyn Part>>,
    starts: Vec<Start>,
    tasks: Vec<Task>,
}

impl<'a> Builder<'a> {
    pub fn new(app: App, options: &'a Options) -> Builder<'a> {
        Builder { app, options, routes: Routes::default(), parts: Parts::default() }
    }

    pub fn add(&mut self, part: impl Part) {
        let part = Arc::new(part);
        self.app.keep(part.clone());
        self.parts.all.push(part);
    }

    /// To be done before the emulator listens, when all parts are there.
    pub fn at_start<F>(&mut self, start: impl Fn(Arc<App>) -> F + Send + Sync + 'static)
    where
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        self.parts.starts.push(Box::new(move |app| Box::pin(start(app))));
    }

    /// Goes on as long as the emulator serves.
    pub fn task<F>(&mut self, task: impl Fn(Arc<App>) -> F + Send + Sync + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.parts.tasks.push(Box::new(move |app| Box::pin(task(app))));
    }

    /// The whole emulator. Every route has to be an operation of the description.
    pub fn finish(mut self) -> Result<Arc<App>, String> {
        if let Some(unknown) = self.routes.operations().find(|operation| self.app.api.operation(operation).is_none()) {
            return Err(format!("{unknown} is served, and is no operation of the API's description"));
        }
        self.app.keep(Arc::new(self.routes));
        self.app.keep(Arc::new(self.parts));
        Ok(Arc::new(self.app))
    }
}

impl Parts {
    pub async fn start(&self, app: &Arc<App>) -> Result<(), String> {
        for start in &self.starts {
            start(app.clone()).await?;
        }
        Ok(())
    }

    pub fn tasks(&self, app: &Arc<App>) -> Vec<BoxFuture<'static, ()>> {
        self.tasks.iter().map(|task| task(app.clone())).collect()
    }

    /// Those that use others first.
    pub async fn end(&self, app: &Arc<App>, end: End) {
        for part in self.all.iter().rev() {
            part.end(app, end).await;
        }
    }

    pub fn are_busy(&self) -> bool {
        self.all.iter().any(|part| part.is_busy())
    }

    pub fn clear(&self, app: &Arc<App>) {
        for part in self.all.iter().rev() {
            part.clear(app);
        }
    }
}
