// Runs before each page's own scripts, in every frame: whatever a hostile script would do first is
// told to the test.
(() => {
  const tell = (what) => void window.told(`${location.href.slice(0, 200)}\n    ${what}`);
  for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
    window[name] = (...words) => tell(`ran ${name}(${words.join(", ")})`);
  }
  for (const name of ["log", "info", "warn", "error", "debug"]) {
    console[name] = (...words) => tell(`console.${name}(${words.join(", ")})`);
  }
  Object.defineProperty(window, "pwned", { set: (value) => tell(`set pwned = ${value}`) });
})();
