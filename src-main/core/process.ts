import { keepCompiledCode } from './compiled-code.ts';

keepCompiledCode();
await import('./window-process.ts');
