// The views of a replay: communities, places, network and course of both futures, each drawn for one frame.
"use strict";

// Small makers of elements. Texts are set as text, never as markup.
const find = (id) => document.getElementById(id);
function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  Object.assign(element, properties);
  element.append(...children);
  return element;
}
function draw(name, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// Words and numbers
const minus = (text) => text.replace("-", "\u2212");
const shown = (value, decimals) => (value === null ? "none" : minus(value.toFixed(decimals)));
function signed(value, decimals) {
  const text = shown(Math.abs(value), decimals);
  return Number(text) === 0 ? text : (value < 0 ? "\u2212" : "+") + text;
}
function when(month) {
  if (month === 0) return "month 0, the start";
  return month % 12 ? `month ${month}` : `month ${month}, year ${month / 12}`;
}

/** The views, empty; what is returned draws a frame, and draws the course anew where its width has changed. */
function makeViews(data, sides) {
  const last = data.months.length - 1;
  const places = data.communities.length * data.levers.length;
  let frame = 0;

  // Communities: colour, bar and number say the same.
  const tiles = sides.map((_, side) => {
    const list = make("ul", { className: "tiles" });
    const made = data.communities.map((name, n) => {
      const value = make("span", { className: "value" });
      const bar = make("span", { className: "bar" });
      const gauge = make("span", { className: "gauge" }, bar);
      const label = make("span", { className: "name", title: name, textContent: (data.priority[n] ? "\u25c6 " : "") + name });
      const tile = make("li", { className: "tile" }, label, value, gauge);
      list.append(tile);
      return { tile, value, bar };
    });
    find(`map-${side}`).append(list);
    return made;
  });
  function showMap(side) {
    tiles[side].forEach(({ tile, value, bar }, n) => {
      const points = sides[side].indicators[frame * data.communities.length + n];
      tile.className = `tile level-${Math.min(4, Math.max(0, Math.floor(points / 20)))}`;
      value.textContent = minus(String(points));
      bar.style.height = `${Math.min(100, Math.max(0, points))}%`;
    });
  }

  // Who works where: a row for each community, a column for each lever.
  const grids = sides.map((side, number) => {
    const head = make("tr", {}, make("td"), ...data.levers.map((lever, n) =>
      make("th", { scope: "col", title: data.leverTitles[n] || lever }, make("span", { textContent: lever }))));
    const body = make("tbody");
    const made = data.communities.flatMap((name) => {
      const row = make("tr", {}, make("th", { scope: "row", textContent: name, title: name }));
      const line = data.levers.map(() => {
        const count = make("b");
        const cell = make("td", {}, count);
        row.append(cell);
        return { cell, count, shown: -1 };
      });
      body.append(row);
      return line;
    });
    const table = make("table", { className: "places" }, make("thead", {}, head), body);
    table.setAttribute("aria-label", `Programs at every place: ${side.title}`);
    const box = make("div", { className: "scroll", tabIndex: 0 }, table);
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", `Who works where: ${side.title}`);
    find(`grid-${number}`).append(box);
    return made;
  });
  function showGrid(side) {
    const start = frame * places;
    grids[side].forEach((place, n) => {
      const programs = sides[side].providers[start + n];
      if (programs === place.shown) return;
      place.shown = programs;
      place.cell.className = `place-${Math.min(2, programs)}`;
      place.count.textContent = programs;
    });
  }

  // The network: sectors by shape, trust by width.
  const count = data.organizations.length;
  const shapes = { government: "rect", business: "path" };
  const order = [...data.organizations.keys()].sort((a, b) =>
    data.organizations[a].sector.localeCompare(data.organizations[b].sector) || a - b);
  const at = [];
  order.forEach((organization, n) => {
    const angle = (2 * Math.PI * (n + 0.5)) / count;
    at[organization] = [180 + 160 * Math.sin(angle), 180 - 160 * Math.cos(angle)];
  });
  const size = Math.max(4, Math.min(9, 300 / count));
  function mark(organization) {
    const [x, y] = at[organization];
    const { name, sector } = data.organizations[organization];
    const shape = shapes[sector] || "circle";
    const attributes = {
      rect: { x: x - size, y: y - size, width: 2 * size, height: 2 * size },
      path: { d: `M${x} ${y - 1.2 * size}l${1.2 * size} ${2.1 * size}h${-2.4 * size}z` },
      circle: { cx: x, cy: y, r: size },
    }[shape];
    const title = draw("title");
    title.textContent = name;
    return draw(shape, attributes, title);
  }
  const networks = sides.map((side, number) => {
    if (side.trust === null) return null;
    const picture = draw("svg", { viewBox: "0 0 360 360", class: "net", role: "img" });
    const lines = [];
    for (let a = 0; a < count; a++) {
      for (let b = a + 1; b < count; b++) {
        const [x1, y1] = at[a];
        const [x2, y2] = at[b];
        const line = draw("line", { x1, y1, x2, y2, visibility: "hidden" });
        lines.push({ line, shown: -1 });
        picture.append(line);
      }
    }
    const marks = data.organizations.map((organization, n) => {
      const [x, y] = at[n];
      const node = mark(n);
      const kind = organization.sector === "government" || organization.sector === "business" ? organization.sector : "other";
      const cross = draw("path", { d: `M${x - size} ${y - size}l${2 * size} ${2 * size}m0 ${-2 * size}l${-2 * size} ${2 * size}`, class: "cross" });
      picture.append(node, cross);
      return { node, cross, kind };
    });
    find(`net-${number}`).append(picture);
    return { picture, lines, marks };
  });
  function showNetwork(side) {
    const network = networks[side];
    if (network === null) return;
    const { trust, standing, title, numbers } = sides[side];
    const many = Math.min(1, 12 / Math.sqrt(network.lines.length + 1));
    network.lines.forEach((tie, n) => {
      const value = trust[frame * network.lines.length + n];
      if (value === tie.shown) return;
      tie.shown = value;
      const share = value / 100;
      tie.line.setAttribute("visibility", value ? "visible" : "hidden");
      tie.line.setAttribute("stroke-width", (0.3 + 2.6 * many * share * share).toFixed(2));
      tie.line.setAttribute("stroke-opacity", (0.08 + 0.6 * many * share * share).toFixed(2));
    });
    let members = 0;
    network.marks.forEach(({ node, cross, kind }, n) => {
      const state = standing[frame * count + n];
      members += state === 1;
      node.setAttribute("class", `mark ${kind}${state === 1 ? "" : " outside"}`);
      cross.setAttribute("visibility", state === 2 ? "visible" : "hidden");
    });
    network.picture.setAttribute("aria-label",
      `${title}: ${members} of ${count} organizations take part, mean trust among them ${shown(numbers[6][frame], 0)} of 100.`);
  }

  // The course of both outcomes, drawn to the width there is.
  const chart = { picture: draw("svg", { class: "course", role: "img" }), left: 40, right: 14, top: 46, bottom: 36, height: 330 };
  find("chart").append(chart.picture);
  function drawChart() {
    const { picture, left, right, top, bottom, height } = chart;
    const width = Math.max(260, picture.clientWidth || 600);
    picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
    picture.replaceChildren();
    const values = [...data.bands.flatMap((band) => [...band.low, ...band.high]), ...sides.flatMap((side) => side.numbers[0])];
    const low = Math.min(0, 10 * Math.floor(Math.min(...values) / 10));
    const high = Math.max(100, 10 * Math.ceil(Math.max(...values) / 10));
    const end = Math.max(1, data.months[last]);
    const x = (month) => left + ((width - left - right) * month) / end;
    const y = (value) => top + ((height - top - bottom) * (high - value)) / (high - low);
    const text = (words, attributes) => {
      const made = draw("text", attributes);
      made.textContent = words;
      return made;
    };
    for (let value = 20 * Math.ceil(low / 20); value <= high; value += 20) {
      picture.append(draw("line", { x1: left, x2: width - right, y1: y(value), y2: y(value), class: "grid" }),
        text(minus(String(value)), { x: left - 6, y: y(value) + 4, "text-anchor": "end" }));
    }
    const inYears = end > 36;
    const unit = inYears ? 12 : 1;
    const step = [1, 2, 5, 10, 20, 50].find((every) => end / (unit * every) <= width / 60) || 100;
    for (let tick = 0; tick * unit <= end; tick += step) {
      picture.append(text(String(tick), { x: x(tick * unit), y: height - bottom + 16, "text-anchor": "middle" }));
    }
    picture.append(text(inYears ? "Time (years)" : "Time (months)", { x: (left + width - right) / 2, y: height - 4, "text-anchor": "middle" }));
    data.events.forEach((event) => {
      const title = draw("title");
      title.textContent = `Month ${event.month}: ${event.text}`;
      picture.append(draw("line", { x1: x(event.month), x2: x(event.month), y1: top, y2: height - bottom, class: "event" }, title));
    });
    const path = (line) => data.months.map((month, n) => `${n ? "L" : "M"}${x(month).toFixed(1)} ${y(line[n]).toFixed(1)}`).join("");
    const area = (band) => `${path(band.high)}L${data.months.map((month, n) => `${x(month).toFixed(1)} ${y(band.low[n]).toFixed(1)}`).reverse().join("L")}Z`;
    data.bands.forEach((band, n) => picture.append(draw("path", { d: area(band), class: "band", fill: sides[n].colour })));
    picture.append(draw("line", { x1: left, x2: width - right, y1: y(data.threshold), y2: y(data.threshold), class: "threshold" }),
      text(`threshold ${data.threshold}`, { x: width - right, y: y(data.threshold) - 4, "text-anchor": "end" }));
    sides.forEach((side, n) => {
      const look = { class: "line", stroke: side.colour, "stroke-dasharray": side.dashes || "none" };
      const height = 10 + 17 * n;
      picture.append(
        draw("path", { d: path(side.numbers[0]), ...look }),
        draw("path", { d: `M${left + 8} ${height}h34`, ...look }),
        text(side.title, { x: left + 48, y: height + 4 }),
      );
    });
    chart.now = draw("line", { y1: top, y2: height - bottom, class: "now" });
    chart.dots = sides.map((side) => draw("circle", { r: 5, fill: side.colour }));
    picture.append(chart.now, ...chart.dots);
    Object.assign(chart, { x, y });
  }
  function showChart() {
    const here = chart.x(data.months[frame]);
    chart.now.setAttribute("x1", here);
    chart.now.setAttribute("x2", here);
    chart.dots.forEach((dot, n) => {
      dot.setAttribute("cx", here);
      dot.setAttribute("cy", chart.y(sides[n].numbers[0][frame]));
    });
    const ends = sides.map((side) => `${side.title} ${shown(side.numbers[0][frame], 1)}`).join(", ");
    chart.picture.setAttribute("aria-label", `Outcome over ${data.months[last]} months, 0 to 100. In ${when(data.months[frame])}: ${ends}.`);
  }

  drawChart();
  return {
    show(to) {
      frame = to;
      sides.forEach((_, side) => { showMap(side); showGrid(side); showNetwork(side); });
      showChart();
    },
    resize() {
      drawChart();
      showChart();
    },
  };
}
