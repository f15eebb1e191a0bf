import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'src-renderer',
  base: '/',
  plugins: [react()],
  build: { outDir: '../dist/ui', emptyOutDir: true, target: 'es2023', assetsInlineLimit: 0, assetsDir: 'static', chunkSizeWarningLimit: 1500 },
  server: { port: 5173, proxy: { '/rpc': 'http://127.0.0.1:7411', '/events': 'http://127.0.0.1:7411', '/api': 'http://127.0.0.1:7411' } },
});
