import { defineConfig } from 'vite'

export default defineConfig({
  // Wherever the page lies, its files lie beside it.
  base: './',
  build: {
    // Names without hashes, so that a change of the sources changes as few committed files as it must.
    rollupOptions: {
      output: {
        entryFileNames: 'page.js',
        assetFileNames: 'page[extname]'
      }
    },
    // Nothing inlined: the page's content security policy takes scripts and styles from files alone.
    assetsInlineLimit: 0,
    // The licences of what is built in ask to go with it.
    license: { fileName: 'licences.md' },
    modulePreload: { polyfill: false },
    target: 'es2022',
    chunkSizeWarningLimit: 1000
  }
})
