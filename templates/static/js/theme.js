// Runs before the first paint: the reader's own choice of light or dark, when there is one.
try {
  var theme = localStorage.getItem("broadsheet:theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch (error) {
  // Storage may be forbidden: then the system's preference holds.
}
