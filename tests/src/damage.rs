use std::path::Path;

/// Flips a bit in the middle of the largest object in a folder of objects, as a failing disk does.
///
/// # Errors
/// If there is no object, or it cannot be written.
pub fn damage(data_dir: &Path) -> anyhow::Result<()> {
    let mut left = vec![data_dir.join("objects")];
    let mut largest = None;
    while let Some(folder) = left.pop() {
        for entry in std::fs::read_dir(folder)? {
            let (path, length) = {
                let entry = entry?;
                (entry.path(), entry.metadata()?.len())
            };
            match path.is_dir() {
                true => left.push(path),
                false => largest = largest.max(Some((length, path))),
            }
        }
    }
    let Some((length, path)) = largest else { anyhow::bail!("there is no object") };
    let mut data = std::fs::read(&path)?;
    data[usize::try_from(length)? / 2] ^= 1;
    Ok(std::fs::write(&path, data)?)
}
