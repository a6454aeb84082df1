//! What the server carries as files is made by `cargo xtask web` and `cargo xtask agent`, before or after it is
//! compiled: the folders must be there for their paths to hold, and a change in them compiles the server anew.

fn main() -> std::io::Result<()> {
    for folder in
        ["../target/embed/web", "../target/embed/agent", "../sandbox/images", "../sandbox/python/src"]
    {
        std::fs::create_dir_all(folder)?;
        println!("cargo:rerun-if-changed={folder}");
    }
    Ok(())
}
