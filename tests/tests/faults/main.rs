//! The faults of the list of dangers, done to a real server, its Docker and its database. A file is named
//! after its fault.

mod data_in_sessions;
mod f01_kills;
mod f01_storage;
mod f01_uploads;
mod f02_order;
mod f03_dockerd;
mod f04_host;
mod f06_database;
mod f07_storage;
mod f08_clock;
mod f12_garbage;
mod f13_upgrade;
mod f15_descriptors;
mod t01_network;
mod t19_free_compute;
