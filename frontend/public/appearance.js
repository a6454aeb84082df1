// Runs before the first paint: the theme and language of last time. See src/contexts/appearance.rs.
try {
  const root = document.documentElement;
  root.dataset.theme = localStorage.getItem("theme") ?? "system";
  root.lang = localStorage.getItem("language") ?? (navigator.language.startsWith("fr") ? "fr" : "en");
} catch {
  // Storage is closed to us: the system's theme and English it is.
}
