c = get_config()  # noqa: F821
c.InteractiveShellApp.extensions = ["atelier_charts"]
