//! Atelier's page: everything that a person sees, client-side rendered, over the same API as everyone's.

mod api;
mod app;
mod components;
mod contexts;
mod data;
mod format;
mod pages;
mod problems;
mod text;
mod uploads;
mod viewer;
mod words;

fn main() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::App);
}
