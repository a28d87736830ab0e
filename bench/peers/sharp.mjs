// The sharp side of `./run bench image`: what a competent user of sharp writes. One request per line on stdin: the job, a
// file, and a folder for the outputs ("-" for none), separated by tabs; the answer is a line with the CPU microseconds.
import { readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import sharp from 'sharp';

// One operation at a time on both sides, and nothing remembered from one repetition to the next.
sharp.concurrency(1);
sharp.cache(false);

const SIZES = [
  ['thumb', { width: 150, height: 150, fit: 'cover', withoutEnlargement: true }],
  ['small', { width: 320, height: 240, fit: 'inside', withoutEnlargement: true }],
  ['medium', { width: 800, height: 600, fit: 'inside', withoutEnlargement: true }],
  ['large', { width: 1920, height: 1080, fit: 'inside', withoutEnlargement: true }],
];

const JOBS = {
  async eight(file, put) {
    for (const [name, size] of SIZES) {
      await put(`${name}.jpg`, await sharp(file).rotate().resize(size).jpeg().toBuffer());
      await put(`${name}.webp`, await sharp(file).rotate().resize(size).webp().toBuffer());
    }
  },
  // One input for all; sharp still decodes it for each output.
  async clone(file, put) {
    const input = sharp(await readFile(file)).rotate();
    for (const [name, size] of SIZES) {
      const resized = input.clone().resize(size);
      await put(`${name}.jpg`, await resized.clone().jpeg().toBuffer());
      await put(`${name}.webp`, await resized.clone().webp().toBuffer());
    }
  },
  async seed4(file, put) {
    const inside = (width, height) => sharp(file).rotate().resize({ width, height, fit: 'inside', withoutEnlargement: true });
    await put('full.webp', await sharp(file).rotate().webp({ quality: 80 }).toBuffer());
    await put('w300.jpg', await inside(300).jpeg({ quality: 80 }).toBuffer());
    await put('medium.jpg', await inside(800, 600).jpeg({ quality: 85 }).toBuffer());
  },
  // Not measured: upright sRGB pixels of any picture, with one and the same decoder for both sides.
  async decode(file, put) {
    const { data, info } = await sharp(file).rotate().removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    await put(`${info.width}x${info.height}x${info.channels}.raw`, data);
  },
};

console.log(`sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}, Node ${process.versions.node}`);
for await (const line of createInterface({ input: process.stdin })) {
  const [job, file, folder] = line.split('\t');
  const outputs = [];
  const before = process.cpuUsage();
  await JOBS[job](file, async (name, data) => outputs.push([name, data]));
  const { user, system } = process.cpuUsage(before);
  if (folder !== '-') {
    for (const [name, data] of outputs) {
      await writeFile(`${folder}/${name}`, data);
    }
  }
  console.log(user + system);
}
