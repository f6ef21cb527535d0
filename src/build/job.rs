//! One derivation on its way to its outputs.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
    time::Instant,
};

use super::{
    BuildError, Cancellation, Event, Progress,
    copy::{Special, copy},
    estimate,
    log::{self, LogWriter},
    machine,
    outputs::{self, OutputError},
    realise::Options,
    request::output_path,
    run::{self, Ended},
    sandbox::{
        BUILD_DIR, LOCAL_FILE, Sandbox, Task,
        skeleton::{Skeleton, is_directory},
    },
    users::BuildUser,
};
use crate::{
    builders::{self, fetch},
    derivation::Derivation,
    store::{
        Origin, PathLock, Program, Realisation, SealRequest, Sealed, Store, StoreError, layout::log_name, now,
    },
    store_path::StorePath,
    sys::{Ids, Network},
    util::fs::{FsError, create_dir, create_dir_all, exists, remove_tree, rename},
};

/// The kind of machine whose programs run here, as derivations write it.
pub const SYSTEM: &str = if cfg!(target_os = "freebsd") { "x86_64-freebsd" } else { "x86_64-linux" };
/// The kind of machine of a derivation that runs no program.
pub const ANY_SYSTEM: &str = "builtin";

/// One derivation on its way to its outputs.
pub struct Job<'a> {
    pub store: &'a Store,
    pub options: &'a Options,
    pub progress: &'a dyn Progress,
    pub cancellation: &'a Cancellation,
    pub drv: &'a StorePath,
    pub derivation: &'a Derivation,
    /// The directory that its log is kept in.
    pub logs: PathBuf,
}

impl Job<'_> {
    /// Builds, unless another process has by the time it is our turn. Tells whether it did.
    pub fn realise(&self) -> Result<bool, BuildError> {
        let outputs = self.output_paths()?;
        let _locks = self.lock(&outputs)?;
        let mut missing = BTreeMap::new();
        for (name, path) in &outputs {
            if !self.store.is_valid(path)? {
                missing.insert(name.clone(), path.clone());
            }
        }
        if missing.is_empty() {
            return Ok(false);
        }
        self.refuse_to_overwrite(&outputs, &missing)?;
        self.refuse_local_file()?;
        let disallowed = self.disallowed()?;
        self.told(|| self.build(&outputs, &missing, &disallowed))?;
        Ok(true)
    }

    /// Builds what is in the store once more, and shows each output and where it came out now, which says where to keep
    /// that, if anywhere. The store stays as it is.
    pub fn build_again(
        &self,
        mut compare: impl FnMut(&StorePath, &Path) -> Result<Option<PathBuf>, BuildError>,
    ) -> Result<(), BuildError> {
        let outputs = self.output_paths()?;
        let _locks = self.lock(&outputs)?;
        self.refuse_local_file()?;
        let temporary = self.store.temporary()?;
        let written = self.told(|| {
            create_dir(temporary.path(), 0o700)?;
            self.build_in(temporary.path(), &self.input_closure()?, &outputs, &outputs)
        })?;
        for (name, path) in &outputs {
            let again = written.join(path.base_name());
            if !exists(&again)? {
                let missing = OutputError::Missing { output: name.clone(), path: path.clone() };
                return Err(self.bad_output(missing));
            }
            outputs::make_readable(&again).map_err(|source| self.bad_output(source))?;
            match compare(path, &again)? {
                Some(keep) if exists(&keep)? => return Err(BuildError::KeptExists { path: keep }),
                Some(keep) => move_away(&again, &keep)?,
                None => {}
            }
        }
        Ok(())
    }

    /// Runs a build, and tells when it starts and how it ended.
    fn told<T>(&self, build: impl FnOnce() -> Result<T, BuildError>) -> Result<T, BuildError> {
        let started = Instant::now();
        let estimate = estimate::recall(self.store, &estimate::kind(self.drv, self.derivation))?;
        self.progress.event(Event::Started { drv: self.drv.clone(), estimate });
        let result = build();
        let (drv, elapsed) = (self.drv.clone(), started.elapsed());
        self.progress.event(match result {
            Ok(_) => Event::Finished { drv, elapsed },
            Err(_) => Event::Failed { drv, elapsed },
        });
        result
    }

    fn output_paths(&self) -> Result<BTreeMap<String, StorePath>, BuildError> {
        let names = self.derivation.outputs.keys();
        names.map(|name| Ok((name.clone(), output_path(self.drv, self.derivation, name)?))).collect()
    }

    /// Keeps other processes from building any of the outputs. In the order of the paths, as they do: so no
    /// two wait for each other.
    fn lock(&self, outputs: &BTreeMap<String, StorePath>) -> Result<Vec<PathLock>, BuildError> {
        let paths: BTreeSet<_> = outputs.values().collect();
        let give_up = || self.cancellation.is_cancelled();
        let lock = |path| match self.store.lock_path(path, &give_up) {
            Err(StoreError::Interrupted { .. }) => Err(BuildError::Cancelled),
            lock => Ok(lock?),
        };
        paths.into_iter().map(lock).collect()
    }

    /// Without a sandbox, a builder writes to where its outputs will be, to all of them.
    fn refuse_to_overwrite(
        &self,
        outputs: &BTreeMap<String, StorePath>,
        missing: &BTreeMap<String, StorePath>,
    ) -> Result<(), BuildError> {
        match outputs.iter().find(|(name, _)| !missing.contains_key(*name)) {
            Some((_, path)) if !self.options.isolated => {
                Err(BuildError::WouldOverwrite { drv: self.drv.clone(), output: path.clone() })
            }
            _ => Ok(()),
        }
    }

    /// Not every user may have a file of this machine read.
    fn refuse_local_file(&self) -> Result<(), BuildError> {
        match self.named_file() {
            Some(file) if !self.options.local_files => {
                Err(BuildError::LocalFile { drv: self.drv.clone(), file: file.to_owned() })
            }
            _ => Ok(()),
        }
    }

    /// Runs the builder and registers what it made.
    fn build(
        &self,
        outputs: &BTreeMap<String, StorePath>,
        missing: &BTreeMap<String, StorePath>,
        disallowed: &BTreeSet<StorePath>,
    ) -> Result<(), BuildError> {
        let began = now();
        let temporary = self.store.temporary()?;
        let directory = temporary.path();
        // No other user may look into it: until it is checked, a builder may leave anything there.
        create_dir(directory, 0o700)?;
        let inputs = self.input_closure()?;
        let sealed = self
            .build_in(directory, &inputs, outputs, missing)
            .and_then(|written| self.seal(directory, &written, &inputs, disallowed, outputs));
        let is_failure = matches!(sealed, Err(BuildError::Failed { .. } | BuildError::Outputs { .. }));
        if is_failure && self.options.keep_failed {
            self.keep(directory);
        }
        let records = missing.values().map(|path| self.record(path, began)).collect::<Vec<_>>();
        // Of the outputs, those that are valid already stay as they are.
        self.store.commit(sealed?, &records)?;
        Ok(())
    }

    /// Runs the builder in the directory, which is this build's own. Gives the one that the outputs are in then.
    fn build_in(
        &self,
        directory: &Path,
        inputs: &BTreeSet<StorePath>,
        outputs: &BTreeMap<String, StorePath>,
        missing: &BTreeMap<String, StorePath>,
    ) -> Result<PathBuf, BuildError> {
        let mut skeleton = Skeleton::new(directory)?;
        self.furnish(&mut skeleton, inputs)?;
        let written = skeleton.store();
        let give_up = || self.cancellation.is_cancelled();
        let user = self.options.users.as_ref().map(|users| users.acquire(&give_up)).transpose()?;
        if let Some(user) = &user {
            user.receive(directory)?;
        }
        let sandbox = self.sandbox(skeleton, directory, outputs, user.as_ref().map(BuildUser::ids));
        let ended = self.run_and_gather(&sandbox, &written, missing);
        user.map(|user| user.release(directory)).transpose()?;
        ended.and_then(|()| self.check_names(&written, inputs, outputs))?;
        Ok(written)
    }

    /// Moves the directory of the failed build out of the way of cleaning. Why that did not work is told; the
    /// error of the build is the one that counts.
    fn keep(&self, directory: &Path) {
        let path = self.store.layout().failed_dir().join(self.drv.base_name().trim_end_matches(".drv"));
        let drv = self.drv.clone();
        self.progress.event(match move_away(directory, &path) {
            Ok(()) => Event::Kept { drv, path },
            Err(error) => Event::NotKept { drv, error: error.to_string() },
        });
    }

    /// What the builder may see: what the derivation names, and all that refers to.
    fn input_closure(&self) -> Result<BTreeSet<StorePath>, BuildError> {
        let mut named = self.derivation.input_srcs.clone();
        for (input, outputs) in &self.derivation.input_drvs {
            let derivation = self.store.derivation(input)?;
            for output in outputs {
                named.insert(output_path(input, &derivation, output)?);
            }
        }
        for input in &named {
            if !self.store.is_valid(input)? {
                return Err(BuildError::MissingInput { drv: self.drv.clone(), input: input.clone() });
            }
        }
        Ok(self.store.closure(&named)?)
    }

    /// Decides what the sandbox shows.
    fn furnish(&self, skeleton: &mut Skeleton, inputs: &BTreeSet<StorePath>) -> Result<(), BuildError> {
        for input in inputs {
            skeleton.show_item(&self.store.layout().physical(input), input.base_name())?;
        }
        // Before the tool chain, which may have an `etc` as well.
        skeleton.show_network(self.network())?;
        let toolchain = self.input_tree("toolchain", inputs);
        if let Some(toolchain) = &toolchain {
            skeleton.show_toolchain(toolchain)?;
        }
        if let Some(source) = self.input_tree("source", inputs) {
            skeleton.show_source(&source, toolchain.as_deref())?;
        }
        if let Some(file) = self.local_file() {
            skeleton.show_file(&file)?;
        }
        Ok(())
    }

    /// Where the tree lies that a variable names, if it is one of the inputs: nothing else may be shown.
    fn input_tree(&self, variable: &str, inputs: &BTreeSet<StorePath>) -> Option<PathBuf> {
        let item = StorePath::from_absolute(self.derivation.env.get(variable)?).ok()?;
        let place = inputs.contains(&item).then(|| self.store.layout().physical(&item))?;
        is_directory(&place).then_some(place)
    }

    /// The file of this machine that a fetch names by its address, wherever symlinks lead. It may be read, for the
    /// digest tells whether it is what was declared.
    fn local_file(&self) -> Option<PathBuf> {
        self.derivation.fixed_output()?;
        let file = self.named_file()?.canonicalize().ok()?;
        file.is_file().then_some(file)
    }

    /// The file that a fetch names by its address, whether it is there or not.
    fn named_file(&self) -> Option<&Path> {
        if self.is_fetch() { fetch::local_file(self.derivation.env.get("url")?) } else { None }
    }

    fn is_fetch(&self) -> bool {
        self.derivation.builder.strip_prefix(builders::PREFIX) == Some(fetch::NAME)
    }

    /// What the builder is told of the machine: nothing, unless a digest pins what it makes.
    fn machine(&self) -> BTreeMap<String, String> {
        if self.derivation.fixed_output().is_none() {
            return BTreeMap::new();
        }
        let mut machine = self.options.proxies.clone();
        if self.options.isolated && self.local_file().is_some() {
            machine.insert(fetch::FILE_VARIABLE.to_owned(), LOCAL_FILE.to_owned());
        }
        machine
    }

    fn network(&self) -> Network {
        if self.derivation.fixed_output().is_some() { Network::Host } else { Network::None }
    }

    fn sandbox(
        &self,
        skeleton: Skeleton,
        directory: &Path,
        outputs: &BTreeMap<String, StorePath>,
        user: Option<Ids>,
    ) -> Sandbox {
        let isolated = self.options.isolated;
        let build_dir = if isolated { PathBuf::from(BUILD_DIR) } else { directory.join("build") };
        let task = Task {
            builder: self.derivation.builder.clone(),
            args: self.derivation.args.clone(),
            env: self.derivation.env.clone(),
            machine: self.machine(),
            outputs: outputs.iter().map(|(name, path)| (name.clone(), path.to_string().into())).collect(),
            build_dir,
            cores: self.options.cores.get(),
        };
        let parent = nix::unistd::getpid().as_raw();
        let network = self.network();
        Sandbox { root: skeleton.root(), binds: skeleton.into_binds(), network, isolated, parent, user, task }
    }

    /// Runs the builder, after which the outputs are in `written`.
    fn run_and_gather(
        &self,
        sandbox: &Sandbox,
        written: &Path,
        missing: &BTreeMap<String, StorePath>,
    ) -> Result<(), BuildError> {
        if self.options.isolated {
            return self.run(sandbox);
        }
        // Without a sandbox, the builder writes to where the outputs will be: what an earlier one left there
        // goes first, and what this one leaves is taken away until it is checked.
        let place = |path: &StorePath| self.store.layout().physical(path);
        missing.values().try_for_each(|path| remove_tree(&place(path)))?;
        let result = self.run(sandbox);
        for path in missing.values().map(place).filter(|path| fs::symlink_metadata(path).is_ok()) {
            let to = written.join(path.file_name().unwrap_or_default());
            rename(&path, &to)?;
        }
        result
    }

    /// Runs the builder; an error unless it succeeds.
    fn run(&self, sandbox: &Sandbox) -> Result<(), BuildError> {
        let mut log = LogWriter::create(&self.logs, self.drv)?;
        if let Some(note) = self.options.notes.get(self.drv) {
            log.note(note)?;
        }
        let log_path = log.path().to_owned();
        let launcher = &self.options.launcher;
        let tell = |line: &str| self.tell(line);
        let Ended { status, tail } = run::run(self.drv, launcher, sandbox, log, self.cancellation, tell)?;
        if status == 0 {
            return Ok(());
        }
        let reason = run::describe(status);
        Err(BuildError::Failed { drv: self.drv.clone(), reason, tail, log: log_path })
    }

    fn tell(&self, line: &str) {
        let drv = self.drv.clone();
        self.progress.event(match run::phase_in(line) {
            Some(phase) => Event::Phase { drv, phase: phase.to_owned() },
            None => Event::Line { drv, line: line.to_owned() },
        });
    }

    /// Refuses a store directory in which the builder left more than its outputs.
    fn check_names(
        &self,
        written: &Path,
        inputs: &BTreeSet<StorePath>,
        outputs: &BTreeMap<String, StorePath>,
    ) -> Result<(), BuildError> {
        if !self.options.isolated {
            return Ok(());
        }
        let expected = inputs.iter().chain(outputs.values()).map(StorePath::base_name).collect();
        outputs::check_names(written, &expected).map_err(|source| self.bad_output(source))
    }

    /// Checks what the builder left in `written`, and makes it ready to be registered.
    fn seal(
        &self,
        directory: &Path,
        written: &Path,
        inputs: &BTreeSet<StorePath>,
        disallowed: &BTreeSet<StorePath>,
        outputs: &BTreeMap<String, StorePath>,
    ) -> Result<Sealed, BuildError> {
        let failed = |source| self.bad_output(source);
        let fixed = self.derivation.fixed_output();
        let mut places = BTreeMap::new();
        for (name, path) in outputs {
            let mut place = written.join(path.base_name());
            if fs::symlink_metadata(&place).is_err() {
                return Err(failed(OutputError::Missing { output: name.clone(), path: path.clone() }));
            }
            outputs::make_readable(&place).map_err(failed)?;
            outputs::check_kinds(name, &place).map_err(failed)?;
            if let Some(fixed) = fixed {
                // A builder with a network may have handed an open file to a process outside of its sandbox, which
                // lives on. What is checked is a copy that it knows nothing of.
                let copied = directory.join(path.base_name());
                copy(&place, &copied, Special::Refuse)?;
                place = copied;
                outputs::check_digest(name, &place, fixed).map_err(failed)?;
            }
            places.insert(path.clone(), place);
        }
        let sealed = self.store.seal(SealRequest {
            outputs: places.clone(),
            candidates: inputs.union(disallowed).cloned().collect(),
            deriver: Some(self.drv.clone()),
            fixed: fixed.map(|fixed| (fixed.method, fixed.digest)),
        })?;
        for info in sealed.infos() {
            let name = outputs.iter().find(|(_, path)| **path == info.path).map_or("", |(name, _)| name);
            outputs::check_sealed(name, &places[&info.path], info, fixed, disallowed).map_err(failed)?;
        }
        Ok(sealed)
    }

    fn bad_output(&self, source: OutputError) -> BuildError {
        let log = log::path(&self.logs, self.drv);
        BuildError::Outputs { drv: self.drv.clone(), source, log }
    }

    /// What no output may refer to: store items, or other outputs by their names.
    fn disallowed(&self) -> Result<BTreeSet<StorePath>, BuildError> {
        let words = self.derivation.env.get("disallowedReferences").map(String::as_str).unwrap_or_default();
        let resolve = |word: &str| match StorePath::from_absolute(word) {
            Ok(path) => Ok(path),
            Err(_) if self.derivation.outputs.contains_key(word) => {
                output_path(self.drv, self.derivation, word)
            }
            Err(_) => Err(BuildError::NoReference { drv: self.drv.clone(), word: word.to_owned() }),
        };
        words.split_ascii_whitespace().map(resolve).collect()
    }

    /// How an output came to be.
    fn record(&self, output: &StorePath, started: u64) -> Realisation {
        let host = nix::unistd::gethostname().unwrap_or_default();
        Realisation {
            output: output.clone(),
            derivation: Some(self.drv.clone()),
            origin: Origin::Built,
            kind: estimate::kind(self.drv, self.derivation),
            started,
            ended: now(),
            host: host.to_string_lossy().into_owned(),
            machine: machine::this(),
            fruix: Some(Program::this()),
            sandboxed: self.options.isolated,
            builder: self.derivation.builder.clone(),
            log: Some(log_name(self.drv)),
        }
    }
}

/// Moves a tree, or copies it where another file system begins.
fn move_away(from: &Path, to: &Path) -> Result<(), FsError> {
    create_dir_all(to.parent().unwrap_or(to))?;
    remove_tree(to)?;
    match rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => copy(from, to, Special::LeaveOut),
        renamed => renamed,
    }
}
