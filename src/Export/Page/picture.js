"use strict";
/*
 * Makes any picture into one of the network's size: the shorter side is resized, the middle taken. The resize is Pillow's antialiased
 * bilinear filter in its fixed point, as `reste predict` has it, and so the same in every browser.
 */
const precision = 22;

/** Which source pixels make each of `count` output pixels from `first` on, and with which weights. */
function taps(source, target, first, count) {
    const scale = source / target, support = Math.max(scale, 1);
    return Array.from({ length: count }, (_, i) => {
        const centre = (first + i + 0.5) * scale;
        const begin = Math.max(Math.trunc(centre - support + 0.5), 0), end = Math.min(Math.trunc(centre + support + 0.5), source);
        const heights = Array.from({ length: end - begin }, (_, k) => Math.max(0, 1 - Math.abs((k + begin - centre + 0.5) / support)));
        const sum = heights.reduce((a, b) => a + b, 0);
        return { begin, weights: heights.map(height => Math.trunc(0.5 + height / sum * 2 ** precision)) };
    });
}

const halfToEven = x => x - Math.floor(x) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x);

/** From `width` x `height` pixels of four bytes to [to.height, to.width, 3] bytes. */
function resized(pixels, width, height, to) {
    const factor = Math.max(to.width / width, to.height / height);
    const short = to.width === 224 && to.height === 224 && (width !== 224 || height !== 224) ? 256 / 224 : 1;
    const newWidth = Math.max(to.width, Math.trunc(width * factor * short + 1e-9));
    const newHeight = Math.max(to.height, Math.trunc(height * factor * short + 1e-9));
    const columns = taps(width, newWidth, halfToEven((newWidth - to.width) / 2), to.width);
    const rows = taps(height, newHeight, halfToEven((newHeight - to.height) / 2), to.height);
    const half = 2 ** (precision - 1), between = new Uint8Array(height * to.width * 3), result = new Uint8Array(to.height * to.width * 3);
    for (let p = 0; p < height; p++)
        columns.forEach(({ begin, weights }, q) => {
            for (let c = 0; c < 3; c++) {
                let sum = half;
                for (let k = 0, at = (p * width + begin) * 4 + c; k < weights.length; k++, at += 4)
                    sum += pixels[at] * weights[k];
                between[(p * to.width + q) * 3 + c] = sum >> precision;
            }
        });
    rows.forEach(({ begin, weights }, p) => {
        for (let i = 0; i < to.width * 3; i++) {
            let sum = half;
            for (let k = 0; k < weights.length; k++)
                sum += between[(begin + k) * to.width * 3 + i] * weights[k];
            result[p * to.width * 3 + i] = sum >> precision;
        }
    });
    return result;
}

/** ITU-R 601, in Pillow's fixed point. */
function grey(colours) {
    return Uint8Array.from({ length: colours.length / 3 },
        (_, i) => (colours[3 * i] * 19595 + colours[3 * i + 1] * 38470 + colours[3 * i + 2] * 7471 + 0x8000) >> 16);
}

/** The bytes that a network takes, of a picture's file. */
async function imageOf(file, { height, width, channels }) {
    const picture = await createImageBitmap(file, { colorSpaceConversion: "none" });
    // Larger than any screen: the browser makes it smaller first, for the sake of memory.
    const smaller = Math.min(1, 4096 / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * smaller));
    canvas.height = Math.max(1, Math.round(picture.height * smaller));
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const colours = resized(data, canvas.width, canvas.height, { height, width });
    return channels === 1 ? grey(colours) : colours;
}
