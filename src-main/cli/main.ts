import { keepCompiledCode } from '../core/compiled-code.ts';

keepCompiledCode();
const { runProgram } = await import('./program.ts');
await runProgram();
