from django.contrib.admin.apps import AdminConfig


class IbidAdminConfig(AdminConfig):
    default_site = "config.admin_site.IbidAdminSite"
