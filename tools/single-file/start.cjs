'use strict';
// Stands beside the unpacked program: the script inside an executable cannot import files itself.
void import('./dist/main/polevik.mjs');
