//! `fruix daemon`

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::ValueEnum;
use miette::{IntoDiagnostic as _, WrapErr as _};

use crate::{
    cli::{args::Global, building::proxies, output},
    daemon::{
        self,
        server::{Listener, Server, Setup},
        service::{Service, ServiceFile},
    },
    store::Layout,
    sys::{interrupt, process::this_program, sockets},
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
        None => serve(layout, &socket),
    }
}

fn serve(layout: Layout, socket: &Path) -> miette::Result<ExitCode> {
    let passed = sockets::passed_listener()?;
    let _watch = interrupt::watch()?;
    let _reload = interrupt::watch_for_reload()?;
    let launcher = this_program().into_diagnostic().wrap_err("cannot find the fruix program")?;
    let proxies = proxies(|name| std::env::var(name).ok());
    let setup = Setup { layout: layout.clone(), launcher, proxies };
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
