from django.apps import AppConfig


class LoanRulesApp(AppConfig):
    name = "lienthu.loanrules"
    label = "loanrules"
