"""How static files are named when they are published."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedStaticFilesStorage(ManifestStaticFilesStorage):
    """Files named by their content, so browsers may keep them for ever; imports between our modules follow."""

    support_js_module_import_aggregation = True
