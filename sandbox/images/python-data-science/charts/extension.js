// JupyterLab shows Vega-Lite 5, Altair makes Vega-Lite 6 and would have it shown by scripts from the
// internet. This shows it by scripts of the image: `vega.js` is made when the image is built, in exactly
// Altair's version. It is a federated module as JupyterLab loads them, small enough to need no bundler.
(() => {
  const types = ['application/vnd.vegalite.v6.json', 'application/vnd.vega.v6.json'];
  const library = new URL('vega.js', document.currentScript.src).href;
  let shared;

  async function plugin() {
    const [{ get }] = Object.values(shared['@lumino/widgets']);
    const { Widget } = (await get())();

    class Chart extends Widget {
      constructor(mimeType) {
        super();
        this.mimeType = mimeType;
        this.addClass('jp-RenderedVegaCommon');
      }

      async renderModel(model) {
        const { vegaEmbed } = await import(library);
        const place = document.createElement('div');
        this.node.replaceChildren(place);
        this.shown?.finalize();
        // The editor is another site, to which the chart's data would go.
        const actions = { export: true, source: true, compiled: true, editor: false };
        const wished = model.metadata[this.mimeType]?.embed_options;
        const mode = this.mimeType === types[0] ? 'vega-lite' : 'vega';
        this.shown = await vegaEmbed(place, model.data[this.mimeType], { actions, mode, ...wished });
        // Saved with the notebook, for readers that show pictures alone.
        if (!model.data['image/png']) {
          const url = await this.shown.view.toImageURL('png');
          model.setData({ data: { ...model.data, 'image/png': url.split(',')[1] } });
        }
      }

      dispose() {
        this.shown?.finalize();
        super.dispose();
      }
    }

    const rendererFactory = {
      safe: true,
      mimeTypes: types,
      createRenderer: (options) => new Chart(options.mimeType),
    };
    return { id: 'atelier-charts:plugin', rendererFactory, rank: 50, dataType: 'json' };
  }

  globalThis._JUPYTERLAB ??= {};
  globalThis._JUPYTERLAB['atelier-charts'] = {
    init: (scope) => {
      shared = scope;
    },
    get: async () => {
      const made = await plugin();
      return () => made;
    },
  };
})();
