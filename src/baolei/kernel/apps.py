from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    name = "baolei.kernel"
    verbose_name = "内核"

    def ready(self):
        """Load what areas declare, so that the registries are whole in every command."""
        autodiscover_modules("access", "actions", "figures", "laws", "reactions", "imports", "privacy")
        from baolei.kernel import audit_laws  # noqa: F401 - declares a law of the kernel's own
        from baolei.kernel.ballots import laws as _ballots  # noqa: F401 - declares a law of the kernel's own
        from baolei.kernel.figures import laws  # noqa: F401 - declares the kernel's own laws
        from baolei.kernel.privacy import about, own  # noqa: F401 - declares the kernel's own tables and rules
