//! What people run on machines of their own: `atelier login`, `atelier data`, and the package for Python.

mod data;
mod f10_damage;
mod laptop;
mod login;
mod python;
