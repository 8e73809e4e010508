// The player of a replay: moves the month, and has both futures shown and told; the views stand in views.js.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const last = data.months.length - 1;
  const places = data.communities.length * data.levers.length;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let frame = 0;
  let timer = null;

  function bytes(text) {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  }
  const sides = data.sides.map((side) => ({
    title: side.title,
    colour: side.colour,
    dashes: side.dashes,
    numbers: side.numbers,
    indicators: new Int16Array(bytes(side.indicators).buffer),
    providers: bytes(side.providers),
    standing: bytes(side.standing),
    trust: side.trust === null ? null : bytes(side.trust),
  }));

  // What the month comes to
  function gaps(side) {
    const start = frame * places;
    let count = 0;
    for (let n = 0; n < places; n++) count += sides[side].providers[start + n] === 0;
    return count;
  }
  function inWords() {
    const told = sides.map((side, n) =>
      `${side.title}: outcome ${shown(side.numbers[0][frame], 1)} of 100, ${gaps(n)} of ${places} places served by nobody.`);
    const since = frame ? data.months[frame - 1] : 0; // where not every month has a frame, of all months since the last
    const events = data.events
      .filter((event) => event.month > since && event.month <= data.months[frame])
      .map((event) => `Event: ${event.text}`);
    const sentence = when(data.months[frame]);
    return [`${sentence[0].toUpperCase()}${sentence.slice(1)}.`, ...told, `Difference ${signed(data.differences[0][frame], 1)} points.`, ...events].join(" ");
  }

  // Numbers of the month
  const cells = [...find("numbers").tBodies[0].rows].map((row) => [...row.cells].slice(1));
  function showNumbers() {
    data.numbers.forEach(({ decimals }, n) => {
      sides.forEach((side, number) => { cells[n][number].textContent = shown(side.numbers[n][frame], decimals); });
      const difference = data.differences[n][frame];
      cells[n][2].textContent = difference === null ? "" : signed(difference, decimals);
    });
  }

  const views = makeViews(data, sides);

  // What is said aloud: at most every three seconds while playing, and once things have come to rest.
  let saidAt = 0;
  let pending = null;
  function say() {
    clearTimeout(pending);
    const wait = timer === null ? 300 : Math.max(0, saidAt + 3000 - Date.now());
    pending = setTimeout(() => {
      saidAt = Date.now();
      find("said").textContent = inWords();
    }, wait);
  }

  // The player
  function show() {
    const month = data.months[frame];
    find("month").value = frame;
    find("month").setAttribute("aria-valuetext", when(month));
    find("when").textContent = when(month);
    showNumbers();
    views.show(frame);
    say();
  }
  function go(to) {
    frame = Math.min(last, Math.max(0, to));
    show();
    if (frame === last) pause();
  }
  /** Frames that lie some months on or back; at least one. */
  function by(months) {
    const wanted = data.months[frame] + months;
    let to = frame;
    const way = Math.sign(months);
    do { to += way; } while (to > 0 && to < last && way * (data.months[to] - wanted) < 0);
    return to;
  }
  function pause() {
    clearInterval(timer);
    timer = null;
    find("play").textContent = "Play";
    say();
  }
  function play() {
    clearInterval(timer);
    if (frame === last) frame = 0;
    const pace = calm.matches ? 1500 : 1000 / Number(find("speed").value);
    timer = setInterval(() => go(calm.matches ? by(12) : frame + 1), pace);
    find("play").textContent = "Pause";
    show();
  }
  const toggle = () => (timer === null ? play() : pause());
  find("play").addEventListener("click", toggle);
  find("step").addEventListener("click", () => { pause(); go(frame + 1); });
  find("back").addEventListener("click", () => { pause(); go(frame - 1); });
  find("reset").addEventListener("click", () => { pause(); go(0); });
  find("speed").addEventListener("change", () => { if (timer !== null) play(); });
  find("month").addEventListener("input", (event) => { pause(); go(Number(event.target.value)); });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event;
    if (target.closest("a, select, .scroll") || (event.key === " " && target.closest("button"))) return;
    const moves = {
      " ": toggle,
      ArrowRight: () => { pause(); go(event.shiftKey ? by(12) : frame + 1); },
      ArrowLeft: () => { pause(); go(event.shiftKey ? by(-12) : frame - 1); },
      Home: () => { pause(); go(0); },
      End: () => { pause(); go(last); },
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    moves[event.key]();
  });
  new ResizeObserver(() => views.resize()).observe(find("chart"));
  show();
})();
