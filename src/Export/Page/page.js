"use strict";
/* What the page shows and listens to. All text goes in as text. */
const find = id => document.getElementById(id);
const plan = JSON.parse(find("plan").textContent);
const size = { height: plan.image[0], width: plan.image[1], channels: plan.image[2] };
const sections = [];
let network = null, seen = null;

function element(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
}

const percent = (part, whole, digits = 0) => `${(100 * part / whole).toFixed(digits)} %`;

const grouped = number => number.toLocaleString("en-US");

function trouble(text) {
    find("trouble").textContent = text;
    find("trouble").hidden = !text;
}

/** An image's bytes on a canvas of its size. */
function paint(canvas, image) {
    [canvas.width, canvas.height] = [size.width, size.height];
    const pixels = new ImageData(size.width, size.height), c = size.channels;
    for (let i = 0; i < size.width * size.height; i++)
        for (let k = 0; k < 4; k++)
            pixels.data[4 * i + k] = k === 3 ? 255 : image[i * c + (c >= 3 ? k : 0)];
    canvas.getContext("2d").putImageData(pixels, 0, 0);
}

/** The colours of +1, of -1 and of nothing, as the page has them in light or dark. */
function colours() {
    const style = getComputedStyle(document.documentElement);
    const of = name => [1, 3, 5].map(at => parseInt(style.getPropertyValue(name).trim().slice(at, at + 2), 16));
    return [[...of("--plus"), 255], [...of("--minus"), 255], [0, 0, 0, 0]];
}

/** A canvas of one pixel a bit, `scale` of the page's pixels each; `bit` gives 0, 1, or 2 for a gap. */
function drawBits(canvas, width, height, scale, bit) {
    [canvas.width, canvas.height] = [width, height];
    [canvas.style.width, canvas.style.height] = [`${width * scale}px`, `${height * scale}px`];
    const pixels = new ImageData(width, height), three = colours();
    for (let y = 0, at = 0; y < height; y++)
        for (let x = 0; x < width; x++, at += 4)
            pixels.data.set(three[bit(x, y)], at);
    canvas.getContext("2d").putImageData(pixels, 0, 0);
}

/** How many tiles side by side, and pixels a bit: rows of like length that fill the page's width well and not too much of its height. */
function arranged(layer, room) {
    const wide = layer.width + 1, high = layer.height + 1;
    let best = null;
    for (let scale = 1; scale <= 12 && (scale === 1 || wide * scale <= room); scale++) {
        const most = Math.max(1, Math.min(layer.inputs, Math.floor(room / (wide * scale))));
        let columns = most;
        while (columns > most / 2 && layer.inputs % columns > 0)
            columns--;
        columns = layer.inputs % columns === 0 ? columns : most;
        const good = columns * wide * scale / room + 0.02 * scale;
        if (!best || (good > best.good && Math.ceil(layer.inputs / columns) * high * scale <= 300))
            best = { columns, wide, high, scale, good };
    }
    return best;
}

function drawLayer(i) {
    const layer = plan.layers[i], section = sections[i], signs = seen.signs[i], pixels = layer.height * layer.width;
    const { columns, wide, high, scale } = section.tiles = arranged(layer, find("layers").clientWidth);
    const rows = Math.ceil(layer.inputs / columns);
    drawBits(section.canvas, columns * wide - 1, rows * high - 1, scale, (x, y) => {
        const c = Math.floor(y / high) * columns + Math.floor(x / wide), q = x % wide, p = y % high;
        return c >= layer.inputs || q === layer.width || p === layer.height ? 2 : signs[c * pixels + p * layer.width + q];
    });
    const minus = signs.reduce((sum, bit) => sum + bit, 0), share = percent(minus, signs.length);
    section.said = section.share.textContent = `${share} are \u22121`;
    section.canvas.setAttribute("aria-label", `Signs that ${layer.name} reads: ${layer.inputs} channels of ${layer.height} by `
        + `${layer.width}, ${share} of them -1`);
}

/** Says of the bit under the pointer which one it is. */
function tell(i, event) {
    const layer = plan.layers[i], { tiles, share } = sections[i], pixels = layer.height * layer.width;
    const x = Math.floor(event.offsetX / tiles.scale), y = Math.floor(event.offsetY / tiles.scale);
    const c = Math.floor(y / tiles.high) * tiles.columns + Math.floor(x / tiles.wide), q = x % tiles.wide, p = y % tiles.high;
    if (c < 0 || c >= layer.inputs || q >= layer.width || p >= layer.height)
        return;
    const channel = seen.signs[i].subarray(c * pixels, (c + 1) * pixels), minus = channel.reduce((sum, bit) => sum + bit, 0);
    share.textContent = `channel ${c}, row ${p}, column ${q}: ${channel[p * layer.width + q] ? "\u22121" : "+1"}; `
        + `${percent(minus, pixels)} of the channel are \u22121`;
}

function drawWeights(i) {
    const layer = plan.layers[i], { weights } = sections[i], k = layer.kernel, tile = k === 1 ? 1 : k + 1;
    // Canvases have an end: of the largest layers the first outputs are shown.
    const outputs = Math.min(layer.outputs, Math.max(1, Math.floor(6e6 / (layer.inputs * tile * tile))));
    const width = layer.inputs * tile - (k > 1), height = outputs * tile - (k > 1);
    const scale = Math.max(1, Math.min(4, Math.floor(find("layers").clientWidth / width)));
    drawBits(weights.canvas, width, height, scale, (x, y) => {
        const a = y % tile, b = x % tile;
        return a === k || b === k ? 2 : network.weight(layer, Math.floor(y / tile), a * k + b, Math.floor(x / tile));
    });
    const shown = outputs < layer.outputs ? `the first ${grouped(outputs)} of ${grouped(layer.outputs)} outputs` : "outputs";
    weights.caption.textContent = `Rows are ${shown}, columns input channels.`;
    weights.canvas.setAttribute("aria-label", `Signs of the weights of ${layer.name}: ${layer.outputs} by ${layer.inputs} kernels of `
        + `${k} by ${k}`);
}

function addLayer(layer, i) {
    const canvas = element("canvas"), share = element("span", { className: "share" });
    const weights = { canvas: element("canvas"), caption: element("p", { className: "note" }) };
    canvas.setAttribute("role", "img");
    weights.canvas.setAttribute("role", "img");
    const count = layer.outputs * layer.inputs * layer.kernel ** 2;
    const details = element("details", {}, element("summary", { textContent: `Its weights: ${grouped(count)} signs` }), weights.caption,
        element("div", { className: "scroll" }, weights.canvas));
    details.addEventListener("toggle", () => details.open && drawWeights(i));
    for (const kind of ["pointermove", "pointerdown"])
        canvas.addEventListener(kind, event => tell(i, event));
    canvas.addEventListener("pointerleave", () => share.textContent = sections[i].said);
    const what = `${layer.kernel}\u2009\u00d7\u2009${layer.kernel}, ${layer.inputs} \u2192 ${layer.outputs} channels`
        + `${layer.stride > 1 ? `, stride ${layer.stride}` : ""}; gives ${layer.gives}`;
    find("layers").append(element("section", { className: "layer" },
        element("div", { className: "head" }, element("h3", { textContent: layer.name }),
            element("span", { className: "what", textContent: what }), share),
        element("div", { className: "bits scroll" }, canvas), details));
    sections.push({ canvas, share, details, weights });
}

function probabilities(scores) {
    const most = Math.max(...scores), powers = Array.from(scores, score => Math.exp(score - most));
    const sum = powers.reduce((a, b) => a + b, 0);
    return powers.map(power => power / sum);
}

/** The bars, and what the network says; the right label is known of test images. */
function drawScores(scores, right) {
    const shares = probabilities(scores), names = plan.classes;
    const order = names.map((_, i) => i).sort((a, b) => scores[b] - scores[a] || a - b);
    find("bars").replaceChildren(...order.slice(0, names.length <= 10 ? 10 : 5).map((label, rank) => {
        const bar = element("span", {}, element("i"));
        bar.firstChild.style.width = `${100 * shares[label]}%`;
        return element("li", { className: rank === 0 ? "first" : "" }, element("span", { textContent: names[label] }), bar,
            element("span", { textContent: percent(shares[label], 1, 1) }));
    }));
    const said = element("small");
    if (right !== null)
        said.append(element("span", order[0] === right ? { className: "right", textContent: "right" }
            : { className: "wrong", textContent: `wrong: it is labelled ${names[right]}` }));
    find("verdict").replaceChildren(names[order[0]], said);
}

/** Runs an image often enough for the clock, which browsers make coarse. */
function timed(image) {
    let runs = 0;
    const start = performance.now();
    while (runs < 3 || (performance.now() - start < 30 && runs < 100)) {
        network.run(image);
        runs++;
    }
    return (performance.now() - start) / runs;
}

function show(image, name, right) {
    paint(find("shown"), image);
    find("shown").setAttribute("aria-label", name);
    find("name").textContent = name;
    seen = network.look(image);
    drawScores(seen.scores, right);
    find("layers").hidden = false;
    plan.layers.forEach((_, i) => drawLayer(i));
    const time = timed(image);
    // A clock that stands still says nothing.
    find("time").textContent = time === 0 ? "\u2013" : `${time.toFixed(time < 10 ? 2 : 0)} ms`;
}

function press(button) {
    for (const other of find("strip").children)
        other.setAttribute("aria-pressed", String(other === button));
}

function addSample({ pixels, label }, i) {
    const image = bytesOf(pixels), canvas = element("canvas"), name = `Test image ${i + 1}`;
    const button = element("button", { type: "button", title: plan.classes[label] }, canvas);
    paint(canvas, image);
    button.setAttribute("aria-label", `${name}, labelled ${plan.classes[label]}`);
    button.addEventListener("click", () => {
        trouble("");
        press(button);
        show(image, name, label);
    });
    find("strip").append(button);
}

async function take(file) {
    if (!file)
        return;
    let image;
    try {
        image = await imageOf(file, size);
    } catch {
        trouble(`${file.name || "What was pasted"} is no picture that this browser can read.`);
        return;
    }
    trouble("");
    press(null);
    show(image, file.name || "A pasted picture", null);
}

function listen() {
    const drop = find("drop");
    find("file").addEventListener("change", event => {
        take(event.target.files[0]);
        event.target.value = "";
    });
    document.addEventListener("paste", event => take([...event.clipboardData.files][0]));
    // Anywhere: a picture that misses would replace the page.
    document.addEventListener("dragover", event => {
        event.preventDefault();
        drop.classList.add("over");
    });
    document.addEventListener("dragleave", () => drop.classList.remove("over"));
    document.addEventListener("drop", event => {
        event.preventDefault();
        drop.classList.remove("over");
        take(event.dataTransfer.files[0]);
    });
}

function redraw() {
    if (!seen)
        return;
    plan.layers.forEach((_, i) => drawLayer(i));
    sections.forEach((section, i) => section.details.open && drawWeights(i));
}

function begin(module) {
    network = new Network(module, plan, bytesOf(find("data").textContent));
    plan.layers.forEach(addLayer);
    plan.samples.forEach(addSample);
    find("tests").hidden = plan.samples.length === 0;
    if (size.channels === 1 || size.channels === 3)
        listen();
    else
        find("hint").hidden = find("choose").hidden = true;
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
    let width = innerWidth;
    addEventListener("resize", () => {
        if (innerWidth !== width) {
            width = innerWidth;
            redraw();
        }
    });
    if (plan.samples.length > 0)
        find("strip").firstChild.click();
}

WebAssembly.compile(bytesOf(find("kernels").textContent)).then(begin).catch(problem => trouble("This browser cannot run the network; "
    + `it takes one with WebAssembly's vectors: Chrome 91, Firefox 89, Safari 16.4 or a later one. (${problem.message})`));
