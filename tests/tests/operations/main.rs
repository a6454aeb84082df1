//! What whoever runs an installation does: backup, restore, doctor, metrics, logs, services.

mod container;
mod datasets;
mod doctor;
mod f05_full_disk;
mod f10_damage;
mod f16_backup;
mod f16_objects;
mod metrics;
mod restore;
mod storage_commands;
mod systemd;
mod t07_canaries;
