//! What this process may not do, whatever a hostile file makes of it: open files, dial, start programs, or take more
//! memory than it was given.

use anyhow::{Context, ensure};
use landlock::{
    ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetStatus, Scope,
    path_beneath_rules,
};
use rustix::process::{Resource, Rlimit, setrlimit};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch, apply_filter_all_threads};
use std::path::Path;

/// Above what queries may have: the program itself, its threads, what is on its way.
const BESIDE: u64 = 512 << 20;

/// No file but those below `spill`.
///
/// # Errors
/// If the kernel does not know how.
pub fn files(spill: &Path) -> anyhow::Result<()> {
    let abi = ABI::V6;
    let fenced = Ruleset::default()
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?
        .add_rules(path_beneath_rules([spill], AccessFs::from_all(abi) & !AccessFs::Execute))?
        .restrict_self()
        .context("landlock")?;
    // Without it, what a hostile file has taken over could read the server's own.
    ensure!(fenced.ruleset != RulesetStatus::NotEnforced, "this kernel has no Landlock (Linux 5.13)");
    Ok(())
}

/// An allocation beyond ends the process, and the server tells whoever asked why.
pub fn memory(bytes: u64) -> anyhow::Result<()> {
    let most = Some(bytes + BESIDE);
    setrlimit(Resource::Data, Rlimit { current: most, maximum: most }).context("limit of memory")?;
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }).context("limit of cores")
}

/// No system call that leads out, for all threads.
pub fn calls() -> anyhow::Result<()> {
    let denied = [
        libc::SYS_socket,
        libc::SYS_socketpair,
        libc::SYS_connect,
        libc::SYS_bind,
        libc::SYS_listen,
        libc::SYS_accept,
        libc::SYS_accept4,
        libc::SYS_execve,
        libc::SYS_execveat,
        libc::SYS_ptrace,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_pidfd_getfd,
        libc::SYS_kill,
        libc::SYS_tkill,
        libc::SYS_rt_sigqueueinfo,
        libc::SYS_rt_tgsigqueueinfo,
        libc::SYS_pidfd_send_signal,
        libc::SYS_mount,
        libc::SYS_umount2,
        libc::SYS_unshare,
        libc::SYS_setns,
        libc::SYS_bpf,
        libc::SYS_perf_event_open,
        libc::SYS_userfaultfd,
        libc::SYS_keyctl,
        libc::SYS_add_key,
        libc::SYS_io_uring_setup,
        libc::SYS_memfd_create,
        libc::SYS_kexec_load,
        libc::SYS_init_module,
        libc::SYS_finit_module,
    ];
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    let rules = denied.into_iter().map(|call| (call, Vec::new())).collect();
    let refused = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let program: BpfProgram = SeccompFilter::new(rules, SeccompAction::Allow, refused, arch)?.try_into()?;
    apply_filter_all_threads(&program).context("seccomp")
}
