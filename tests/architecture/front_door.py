"""An import-linter contract: a module is entered only through its doors (actions, queries, access)."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class FrontDoor(Contract):
    """Breaks when a file of one module imports a file of another that is not one of its `doors`.

    `open_packages` are entered anywhere: whole modules without domain rules ("kernel"), or a package of a format inside
    one ("catalogue.marc").
    """

    root = fields.StringField()
    doors = fields.SetField(subfield=fields.StringField())
    open_packages = fields.SetField(subfield=fields.StringField())
    trusted_importers = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        broken = sorted(
            f"{importer} -> {imported}"
            for importer in graph.modules
            for imported in graph.find_modules_directly_imported_by(importer)
            if self._goes_around(importer.split("."), imported.split("."))
        )
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def _goes_around(self, importer: list[str], imported: list[str]) -> bool:
        if importer[0] != self.root or imported[0] != self.root or len(importer) < 2 or len(imported) < 3:
            return False
        here, there = importer[1], imported[1]
        if here == there or here in self.trusted_importers or "tests" in importer:
            return False
        if there in self.open_packages or f"{there}.{imported[2]}" in self.open_packages:
            return False
        return imported[2] not in self.doors

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["broken"]:
            output.print_error(line)
