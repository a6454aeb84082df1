//! What the server carries as files is made by `cargo xtask web` and `cargo xtask agent`, before or after it is
//! compiled: the folders must be there for their paths to hold. A build for development reads them when it is
//! asked, as `cargo xtask up` has it, too; into any other they go as they are now, so a change in them compiles that
//! anew.

fn main() -> std::io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    // What rust-embed goes by.
    let carries = std::env::var_os("CARGO_CFG_DEBUG_ASSERTIONS").is_none();
    for folder in
        ["../target/embed/web", "../target/embed/agent", "../sandbox/images", "../sandbox/python/src"]
    {
        std::fs::create_dir_all(folder)?;
        if carries {
            println!("cargo:rerun-if-changed={folder}");
        }
    }
    Ok(())
}
