// The other side of `./run bench transform`: an HTTP server over a folder of pictures, on a free port of 127.0.0.1. The first
// argument says which, the second names the folder. The first line of stdout says what it is, the second is the port.
//   ipx     ipx as its own command starts it: /w_300,f_webp/NAME
//   sharp   what a competent user of sharp writes: /300/NAME is an AVIF, 300 wide
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';

const [kind, folder] = process.argv.slice(2);
const node = `Node ${process.versions.node}`;

async function ipx() {
  const { createIPX, createIPXNodeServer, ipxFSStorage } = await import('ipx');
  const own = createRequire(createRequire(import.meta.url).resolve('ipx'));
  const { default: sharp } = await import(own.resolve('sharp'));
  const { version } = JSON.parse(readFileSync(new URL('node_modules/ipx/package.json', import.meta.url)));
  const name = `ipx ${version}, sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}, ${node}`;
  return [name, createIPXNodeServer(createIPX({ storage: ipxFSStorage({ dir: folder }) }))];
}

async function plainSharp() {
  const { default: sharp } = await import('sharp');
  const answer = async (request, response) => {
    const [, width, file] = request.url.split('/');
    try {
      const bytes = await sharp(join(folder, basename(decodeURIComponent(file)))).rotate().resize(Number(width)).avif().toBuffer();
      response.writeHead(200, { 'Content-Type': 'image/avif', 'Content-Length': bytes.length }).end(bytes);
    } catch (failed) {
      response.writeHead(500).end(String(failed));
    }
  };
  return [`sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}, ${node}`, answer];
}

const [name, answer] = await { ipx, sharp: plainSharp }[kind]();
const server = createServer(answer);
server.listen(0, '127.0.0.1', () => console.log(`${name}\n${server.address().port}`));
