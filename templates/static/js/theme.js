// Runs before the first paint: there are scripts, so what only they can use is shown; and the reader's own choice of light or dark, if any.
document.documentElement.dataset.scripts = "";
try {
  var theme = localStorage.getItem("broadsheet:theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch (error) {
  // Storage may be forbidden: then the system's preference holds.
}
