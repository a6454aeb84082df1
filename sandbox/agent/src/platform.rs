//! The tasks of the platform's own one-shot containers.

use rustix::fs::{AtFlags, CWD, Gid, Uid, chownat, statat};
use std::{ffi::OsString, os::unix::process::CommandExt, process::Command};

/// User and group of the tools in every environment.
const OWNER: u32 = 1000;

/// Hands each folder itself, not what is in it, to the tools' user.
pub(crate) fn prepare(folders: impl Iterator<Item = OsString>) -> Result<(), String> {
    for folder in folders {
        let failed = |error| format!("{}: {error}", folder.to_string_lossy());
        // The last user of the volume chose what is in it: a link is never followed.
        let stat = statat(CWD, &folder, AtFlags::SYMLINK_NOFOLLOW).map_err(failed)?;
        if (stat.st_uid, stat.st_gid) != (OWNER, OWNER) {
            let (user, group) = (Uid::from_raw(OWNER), Gid::from_raw(OWNER));
            chownat(CWD, &folder, Some(user), Some(group), AtFlags::SYMLINK_NOFOLLOW).map_err(failed)?;
        }
    }
    Ok(())
}

/// Becomes a program of the system whose root is mounted at the first argument. Returns only on failure.
pub(crate) fn chroot(mut arguments: impl Iterator<Item = OsString>) -> Result<(), String> {
    let (Some(root), Some(program)) = (arguments.next(), arguments.next()) else {
        return Err("usage: chroot ROOT PROGRAM ARGUMENT...".into());
    };
    rustix::process::chroot(&root).map_err(|error| format!("{}: {error}", root.to_string_lossy()))?;
    let error = Command::new(&program).args(arguments).current_dir("/").exec();
    Err(format!("{}: {error}", program.to_string_lossy()))
}
