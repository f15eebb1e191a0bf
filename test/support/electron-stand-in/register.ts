// Loaded before the program's built main file (`node --import`): whoever asks for `electron` gets the stand-in.
import { registerHooks } from 'node:module';

const STAND_IN = new URL('./index.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) => (specifier === 'electron' ? { url: STAND_IN, format: 'module-typescript', shortCircuit: true } : next(specifier, context)),
});
Object.defineProperty(process.versions, 'electron', { value: '45.0.0-stand-in', enumerable: true });
if (process.env['STAND_IN_RESOURCES']) Object.defineProperty(process, 'resourcesPath', { value: process.env['STAND_IN_RESOURCES'] });
if (process.env['STAND_IN_PACKAGED']) process.argv.splice(1, 1);
else Object.assign(process, { defaultApp: true });
await import('./control.ts');
