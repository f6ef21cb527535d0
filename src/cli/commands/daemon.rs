//! `fruix daemon`

use std::{
    io::{self, Read, Write as _},
    net::Shutdown,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::ExitCode,
    thread,
};

use clap::ValueEnum;
use miette::{IntoDiagnostic as _, WrapErr as _};

use crate::{
    cli::{args::Global, building::proxies, output},
    daemon::{
        self, ConnectionError,
        server::{Listener, Server, Setup, serve_one},
        service::{Service, ServiceFile},
    },
    store::Layout,
    sys::{interrupt, process::this_program, sockets},
    util::threads,
};

/// Owns the store, and puts things into it for users who may not write it (docs/daemon.md). Runs until it gets SIGTERM
/// or Ctrl-C; SIGHUP has it read its settings again.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Listen at PATH instead of /frx/var/fruix/daemon-socket/socket. A socket that a service manager passes comes first.
    #[arg(long, value_name = "PATH")]
    socket: Option<PathBuf>,
    /// Print the file by which a system starts the daemon, and do nothing.
    #[arg(long, value_name = "FILE", value_enum)]
    print_rc: Option<Kind>,
    /// Serve whoever is at standard input and output, and no one else: as the owner of the store, or by way of the daemon
    /// that runs. So fruix on another machine reaches this one over SSH.
    #[arg(long, conflicts_with_all = ["socket", "print_rc"])]
    stdio: bool,
}

/// Of which system the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// FreeBSD: /usr/local/etc/rc.d/fruix_daemon
    Freebsd,
    /// Linux: /etc/systemd/system/fruix-daemon.service, which needs the other
    SystemdService,
    /// Linux: /etc/systemd/system/fruix-daemon.socket
    SystemdSocket,
}

pub fn run(global: &Global, args: &Args) -> miette::Result<ExitCode> {
    let layout = Layout::new(global.root.as_deref().unwrap_or(Path::new("/")))?;
    let socket = args.socket.clone().unwrap_or_else(|| daemon::socket(&layout));
    match args.print_rc {
        Some(kind) => print(global, kind, socket),
        None if args.stdio => serve_stdio(layout, &socket),
        None => serve(layout, &socket),
    }
}

fn setup(layout: Layout) -> miette::Result<Setup> {
    let launcher = this_program().into_diagnostic().wrap_err("cannot find the fruix program")?;
    Ok(Setup { layout, launcher, proxies: proxies(|name| std::env::var(name).ok()) })
}

/// Carries a connection between standard input and output and the one who serves it.
fn serve_stdio(layout: Layout, socket: &Path) -> miette::Result<ExitCode> {
    let (ours, server) = if layout.is_writable() {
        let (ours, theirs) = UnixStream::pair().into_diagnostic()?;
        let setup = setup(layout)?;
        (ours, Some(threads::spawn(move || serve_one(setup, theirs))?))
    } else {
        let error = |error| ConnectionError::Unreachable { path: socket.to_owned(), error };
        (UnixStream::connect(socket).map_err(error)?, None)
    };
    let mut to_server = ours.try_clone().into_diagnostic()?;
    // It may wait for input for ever, and ends with the process.
    threads::spawn(move || {
        let _ = io::copy(&mut io::stdin().lock(), &mut to_server);
        let _ = to_server.shutdown(Shutdown::Write);
    })?;
    relay(ours)?;
    if let Some(Ok(served)) = server.map(thread::JoinHandle::join) {
        served?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Passes on what the server says, as soon as it comes.
fn relay(mut from: impl Read) -> Result<(), output::OutputError> {
    let mut buffer = vec![0; 64 << 10];
    output::stream(|out| {
        loop {
            match from.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(count) => out.write_all(&buffer[..count]).and_then(|()| out.flush())?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    })
}

fn serve(layout: Layout, socket: &Path) -> miette::Result<ExitCode> {
    let passed = sockets::passed_listener()?;
    let _watch = interrupt::watch()?;
    let _reload = interrupt::watch_for_reload()?;
    let setup = setup(layout.clone())?;
    let listener = Listener::new(&layout, passed, socket)?;
    let server = Server::new(setup, listener)?;
    output::note(format_args!("serving the store at {}", layout.store_dir().display()));
    server.run(&interrupt::requested, &interrupt::reload_requested);
    output::note("ended in order");
    Ok(ExitCode::SUCCESS)
}

fn print(global: &Global, kind: Kind, socket: PathBuf) -> miette::Result<ExitCode> {
    let program = std::env::current_exe().into_diagnostic().wrap_err("cannot find the fruix program")?;
    let service = Service { program: &program, root: global.root.as_deref(), socket };
    output::text(service.file(match kind {
        Kind::Freebsd => ServiceFile::Freebsd,
        Kind::SystemdService => ServiceFile::SystemdService,
        Kind::SystemdSocket => ServiceFile::SystemdSocket,
    }))?;
    Ok(ExitCode::SUCCESS)
}
