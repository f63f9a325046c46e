"""Makes the training images that `reste bench images` makes, with Pillow: the same files in the same order, cropped and mirrored alike.

    python3 pillow_peer.py FOLDER IMAGES [SUMS]

Prints images a second and milliseconds of processor an image over IMAGES images after a warm-up, or, with SUMS, writes there the SHA-256 of
every image's bytes. The crops are Philox 4x32-10 of seed 1234 and epoch 0, and torchvision's RandomResizedCrop with scale (0.08, 1.25).
"""
import hashlib
import math
import os
import sys
import time

from PIL import Image

SEED, SIDE, MASK = 1234, 224, 0xFFFFFFFF
AUGMENTATION, RESIZED_CROP = 3, 5
ENDINGS = (".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp")
WARMUP = 200


def philox(stream, index):
    x, y, z, w = index & MASK, index >> 32, 0, stream
    a, b = SEED & MASK, SEED >> 32
    for _ in range(10):
        p, q = 0xD2511F53 * x, 0xCD9E8D57 * z
        x, y, z, w = (q >> 32) ^ y ^ a, q & MASK, (p >> 32) ^ w ^ b, p & MASK
        a, b = (a + 0x9E3779B9) & MASK, (b + 0xBB67AE85) & MASK
    return x, y, z, w


def unit(word):
    return (word + 0.5) / 2**32


def part(index, width, height):
    """Left, top, right, bottom."""
    least, most = math.log(3 / 4), math.log(4 / 3)
    for i in range(10):
        x, y, z, w = philox(RESIZED_CROP, index | i << 32)
        area = width * height * (0.08 + (1.25 - 0.08) * unit(x))
        ratio = math.exp(least + (most - least) * unit(y))
        wide, high = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
        if 0 < wide <= width and 0 < high <= height:
            top, left = z * (height - high + 1) >> 32, w * (width - wide + 1) >> 32
            return left, top, left + wide, top + high
    wide = round(height * (4 / 3)) if width / height > 4 / 3 else width
    high = round(width / (3 / 4)) if width / height < 3 / 4 else height
    left, top = (width - wide) // 2, (height - high) // 2
    return left, top, left + wide, top + high


def files(folder):
    """Training images in the order of the data set: one of each class in turn."""
    train = os.path.join(folder, "train")
    classes = [sorted(os.path.join(train, name, file) for file in os.listdir(os.path.join(train, name)) if file.lower().endswith(ENDINGS))
               for name in sorted(os.listdir(train)) if os.path.isdir(os.path.join(train, name))]
    return [images[turn] for turn in range(max(map(len, classes))) for images in classes if turn < len(images)]


def drawn(index, path):
    """What is drawn for an image, before the clock runs: random numbers in Python are slow, and not what is compared."""
    with Image.open(path) as image:
        return path, part(index, *image.size), philox(AUGMENTATION, index)[2] & 1


def make(path, box, flip):
    with open(path, "rb") as file:
        image = Image.open(file).convert("RGB")
    image = image.crop(box).resize((SIDE, SIDE), Image.BILINEAR)
    return image.transpose(Image.FLIP_LEFT_RIGHT) if flip else image


def main(folder, images, sums=None):
    draws = [drawn(i, path) for i, path in enumerate(files(folder))]
    if sums:
        with open(sums, "w") as out:
            out.writelines(hashlib.sha256(make(*draw).tobytes()).hexdigest() + "\n" for draw in draws)
        return
    for i in range(WARMUP):
        make(*draws[i % len(draws)])
    wall, cpu = time.perf_counter(), time.process_time()
    for i in range(images):
        make(*draws[i % len(draws)])
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{images / wall:.1f} images/s, {cpu * 1000 / images:.3f} ms of a processor an image")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:4])
