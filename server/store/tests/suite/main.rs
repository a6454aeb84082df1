//! The store, as whoever uses it sees it, on a folder and on an object store.

#[cfg(test)]
mod backends;
#[cfg(test)]
mod beside;
#[cfg(test)]
mod crashes;
#[cfg(test)]
mod damage;
#[cfg(test)]
mod edits;
#[cfg(test)]
mod faulty;
#[cfg(test)]
mod fit;
#[cfg(test)]
mod folders;
#[cfg(test)]
mod garbage;
#[cfg(test)]
mod kills;
#[cfg(test)]
mod merges;
#[cfg(test)]
mod model;
#[cfg(test)]
mod moto;
#[cfg(test)]
mod order;
#[cfg(test)]
mod reads;
#[cfg(test)]
mod resumed;
#[cfg(test)]
mod rights;
#[cfg(test)]
mod strace;
#[cfg(test)]
mod transfer;
#[cfg(test)]
mod wide;
#[cfg(test)]
mod world;
#[cfg(test)]
mod writer;
