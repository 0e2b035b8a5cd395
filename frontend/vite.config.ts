import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const apiUrl = process.env.MODEX_API_URL ?? 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react()],
  server: {
    host: '127.0.0.1',
    // The SPA knows one origin only, in development as behind the load balancer.
    proxy: {
      '/api': apiUrl,
      '/health': apiUrl,
      '/socket.io': { target: apiUrl, ws: true },
    },
  },
  build: {
    target: 'baseline-widely-available',
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Libraries change less often than our own code: apart, they stay in the browser's cache.
          groups: [
            {
              name: 'react',
              test: /node_modules[\\/](react|react-dom|react-router|scheduler)[\\/]/,
            },
            { name: 'mantine', test: /node_modules[\\/](@mantine|@floating-ui)[\\/]/ },
          ],
        },
      },
    },
  },
});
