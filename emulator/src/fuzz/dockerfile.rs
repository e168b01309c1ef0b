//! Dockerfiles.

use crate::blueprint::dockerfile::{self, expand, Instruction};

/// A file is read the same with either kind of line end, its stages refer to those before them, and its words can be expanded or are
/// refused.
pub fn dockerfile(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let read = dockerfile::parse(text);
    if !text.contains('\r') {
        let other = dockerfile::parse(&text.replace('\n', "\r\n"));
        assert_eq!(format!("{read:?}"), format!("{other:?}"), "line ends make a difference");
    }
    let file = match read {
        Ok(file) => file,
        Err(why) => return assert!(!why.is_empty()),
    };
    let last = file.stages.len() - 1;
    let needed = file.needed();
    assert!(needed.contains(&last) && needed.iter().all(|at| *at <= last));
    let value = |name: &str| (name.len() % 2 == 0).then(|| name.to_owned());
    for (at, stage) in file.stages.iter().enumerate() {
        assert!(file.stage(&stage.from, at).is_none_or(|from| from < at));
        let _ = expand::word(&stage.from, file.escape, &value);
        for step in &stage.steps {
            assert!(step.line >= stage.line && !step.title.is_empty());
            for word in expand::words(&step.title, file.escape) {
                let _ = expand::word(&word, file.escape, &value);
            }
            let _ = expand::text(&step.title, file.escape, &value);
            if let Instruction::Copy(copy) = &step.instruction {
                let _ = copy.from.as_ref().map(|from| file.stage(from, at));
            }
        }
    }
}
