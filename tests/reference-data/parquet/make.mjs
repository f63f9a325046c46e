// Makes the Parquet files in this folder as Hugging Face lays them out, with DuckDB: another writer than the library that reads them.
//   npm install @duckdb/node-api && node make.mjs
// Pixel c of column x and row y of image i is (31 i + 7 x + 5 y + 60 c) mod 256, so that a reader knows what it should find.
import { DuckDBInstance } from '@duckdb/node-api';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 as zlibCrc32, deflateSync } from 'node:zlib';

const table = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
const crc32 = zlibCrc32 ?? (bytes => (bytes.reduce((c, b) => table[(c ^ b) & 255] ^ (c >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0);

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body) >>> 0, body.length + 4);
  return whole;
}

function png(i, width, height) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + 3 * width));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++) rows[y * (1 + 3 * width) + 1 + 3 * x + c] = (31 * i + 7 * x + 5 * y + 60 * c) % 256;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

const work = mkdtempSync(join(tmpdir(), 'shards-'));
const database = await DuckDBInstance.create(':memory:');
const sql = await database.connect();

// Images first to last, by a query over their numbers; `size` gives width and height.
async function shard(file, first, last, size, query, metadata = '') {
  const folder = mkdtempSync(join(work, 'images-'));
  for (let i = first; i < last; i++) writeFileSync(join(folder, `${String(i).padStart(4, '0')}.png`), png(i, ...size(i)));
  const files = `(select content, parse_filename(filename) as name, parse_filename(filename, true)::bigint as i
    from read_blob('${folder}/*.png') order by filename)`;
  await sql.run(`copy (${query.replace('FILES', files)}) to '${file}' (format parquet, compression snappy ${metadata})`);
}

const small = () => [32, 32];
const cifar10 = "select {'bytes': content, 'path': name} as img, i % 10 as label from FILES";
await shard('cifar10/train-00000-of-00002.parquet', 0, 12, small, cifar10);
await shard('cifar10/train-00001-of-00002.parquet', 12, 20, small, cifar10);
await shard('cifar10/test-00000-of-00001.parquet', 20, 30, small, cifar10);
const cifar100 = "select {'bytes': content, 'path': name} as img, (i * 3) % 100 as fine_label, i % 20 as coarse_label from FILES";
await shard('cifar100/train-00000-of-00001.parquet', 0, 12, small, cifar100);
await shard('cifar100/test-00000-of-00001.parquet', 12, 18, small, cifar100);
const names = JSON.stringify({ info: { features: { label: { names: ['a', 'b', 'c', 'd'], _type: 'ClassLabel' } } } });
const photographs = "select {'bytes': content, 'path': name} as image, i % 3 as label from FILES";
const large = i => [40 + (i % 5), 36 + (i % 3)];
await shard('photographs/data/train-00000-of-00002.parquet', 0, 7, large, photographs, `, kv_metadata {huggingface: '${names}'}`);
await shard('photographs/data/train-00001-of-00002.parquet', 7, 12, large, photographs);
await shard('photographs/data/validation-00000-of-00001.parquet', 12, 15, large, photographs);
await shard('photographs/data/test-00000-of-00001.parquet', 15, 16, large, photographs.replace('i % 3', '-1::bigint'));
// Three images in turn, each in the file once: a dictionary, and numbers in place of the images.
const shared = photographs.replace('FILES', '(select f.* from range(60) r join FILES f on f.i = r.range % 3 order by r.range)');
await shard('shared/train-00000-of-00001.parquet', 0, 3, large, shared);
await shard('shared/test-00000-of-00001.parquet', 3, 4, large, photographs);
const named = "select {'bytes': null::blob, 'path': name} as image, 0 as label from FILES";
await shard('named/train-00000-of-00001.parquet', 0, 2, large, named);
await shard('named/test-00000-of-00001.parquet', 2, 4, large, photographs.replace('i % 3', '0'));
await shard('other/train-00000-of-00001.parquet', 0, 2, large, 'select i as number, name as text from FILES');
await shard('other/test-00000-of-00001.parquet', 2, 4, large, 'select i as number, name as text from FILES');
rmSync(work, { recursive: true });
