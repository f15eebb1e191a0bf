// Unpacks the Chromium that comes in an npm package into the folder that TMPDIR names; run as a process of its own, because the package
// unpacks into the temporary folder of its process and nowhere else.
import chromium from '@sparticuz/chromium';

await chromium.executablePath();
