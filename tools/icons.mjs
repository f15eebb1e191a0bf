// node tools/icons.mjs: draws the program's icons out of the page's own icon.svg, for the installer and the window. The results are kept in
// the repository; run it again when the picture changes.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureNode, ROOT } from './node.mjs';

await ensureNode();
const { launchBrowser } = await import('../test/support/browser.ts');

const SVG = readFileSync(join(ROOT, 'src-renderer/public/icon.svg'), 'utf8');
const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];

const browser = await launchBrowser();
const page = await browser.newPage();

async function draw(size) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>html,body{margin:0;background:transparent}svg{display:block;width:${size}px;height:${size}px}</style>${SVG}`);
  return page.screenshot({ omitBackground: true });
}

/** An .ico file: a directory of pictures in PNG, which Windows has read since Vista. */
function icoOf(pictures) {
  const head = Buffer.alloc(6 + 16 * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let offset = head.length;
  pictures.forEach(({ size, png }, index) => {
    const at = 6 + 16 * index;
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(png.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += png.length;
  });
  return Buffer.concat([head, ...pictures.map(({ png }) => png)]);
}

const pictures = [];
for (const size of ICO_SIZES) pictures.push({ size, png: await draw(size) });
mkdirSync(join(ROOT, 'build'), { recursive: true });
writeFileSync(join(ROOT, 'build/icon.ico'), icoOf(pictures));
writeFileSync(join(ROOT, 'build/icon.png'), await draw(512));
writeFileSync(join(ROOT, 'resources/icon.png'), await draw(256));
await browser.close();
