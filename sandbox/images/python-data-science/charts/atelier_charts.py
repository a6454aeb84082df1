"""Altair's charts are shown by this image's own JupyterLab extension, unless a person chose otherwise."""


def show(chart):
    import altair

    if altair.renderers.active == "default":
        altair.renderers.enable("mimetype")
    return chart._repr_mimebundle_()


def load_ipython_extension(shell):
    # By name: Altair is imported by those who use it, not by every kernel.
    formatter = shell.display_formatter.mimebundle_formatter
    formatter.for_type_by_name("altair.vegalite.v6.api", "TopLevelMixin", show)
