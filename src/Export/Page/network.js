"use strict";
/*
 * Runs the network: the plan's calls of kernels, one after the other, over one memory. It holds, in this order, what the kernels keep for
 * themselves, the workspace, the image, the scores, and the weights.
 */
const bytesOf = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));

const pageBytes = 65536;

class Network {
    constructor(module, plan, data) {
        const kernels = new WebAssembly.Instance(module).exports, at = plan.memory;
        if (kernels.__heap_base.value > at.workspace)
            throw new Error("the kernels need more memory than the page leaves them");
        const pages = Math.ceil(at.bytes / pageBytes) - kernels.memory.buffer.byteLength / pageBytes;
        if (pages > 0)
            kernels.memory.grow(pages);
        this.plan = plan;
        this.bytes = new Uint8Array(kernels.memory.buffer);
        this.words = new Uint32Array(kernels.memory.buffer);
        this.bytes.set(data, at.data);
        this.calls = plan.calls.map(([name, ...numbers]) => () => kernels[name](...numbers));
    }

    /** The scores of an image, [height, width, channels] bytes; `before` is told the number of each call before it. */
    run(image, before) {
        const at = this.plan.memory;
        this.bytes.set(image, at.image);
        this.calls.forEach((call, number) => {
            if (before)
                before(number);
            call();
        });
        return new Float32Array(this.bytes.slice(at.scores, at.scores + 4 * this.plan.classes.length).buffer);
    }

    /** The same, and a copy of the signs that each layer of signs reads. */
    look(image) {
        const signs = this.plan.layers.map(() => null);
        const scores = this.run(image, number => this.plan.layers.forEach((layer, i) => {
            if (layer.call === number)
                signs[i] = this.signs(layer);
        }));
        return { scores, signs };
    }

    /** The bits of what a layer reads without their margin, [channels][height][width], 1 for -1. */
    signs({ height, width, inputs, margin, bits }) {
        const words = Math.ceil(inputs / 32), row = (width + 2 * margin) * words, first = bits / 4 + margin * (row + words);
        const signs = new Uint8Array(inputs * height * width);
        let at = 0;
        for (let c = 0; c < inputs; c++)
            for (let p = 0; p < height; p++)
                for (let q = 0; q < width; q++)
                    signs[at++] = this.words[first + p * row + q * words + (c >> 5)] >>> (c & 31) & 1;
        return signs;
    }

    /** One bit of a layer's weights. */
    weight({ kernel, inputs, weights }, output, tap, input) {
        const bits = kernel === 3 && inputs <= 16 ? 16 : Math.ceil(inputs / 32) * 32, size = Math.ceil(kernel * kernel * bits / 32);
        const bit = tap * bits + input, at = ((output >> 4) * size + (bit >> 5)) * 16 + (output & 15);
        return this.words[weights / 4 + at] >>> (bit & 31) & 1;
    }
}
