//! What people run on machines of their own: `atelier login`, `atelier data`, and the package for Python.

mod data;
mod laptop;
mod login;
mod python;
