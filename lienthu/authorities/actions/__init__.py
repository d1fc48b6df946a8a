"""Every write of the authority file: making, editing, merging, splitting, and carrying changes to the records."""

from lienthu.authorities.actions.carrying import carry_change
from lienthu.authorities.actions.creating import create_authority, create_from_heading
from lienthu.authorities.actions.deleting import delete_authority
from lienthu.authorities.actions.editing import Edited, edit_authority
from lienthu.authorities.actions.errors import ChangedMeanwhile, NotPossible
from lienthu.authorities.actions.importing import ImportReport, import_file
from lienthu.authorities.actions.likeness import note_headings
from lienthu.authorities.actions.merging import align_records, merge_authorities, split_authority
from lienthu.authorities.actions.proposing import answer, propose
from lienthu.authorities.actions.returning import request_return, return_change
from lienthu.authorities.actions.state import AuthorityData
from lienthu.authorities.actions.taking_back import request_taking_back
from lienthu.authorities.actions.uploads import commit_upload, start_upload, work_on_upload

__all__ = [
    "AuthorityData",
    "ChangedMeanwhile",
    "Edited",
    "ImportReport",
    "NotPossible",
    "align_records",
    "answer",
    "carry_change",
    "commit_upload",
    "create_authority",
    "create_from_heading",
    "delete_authority",
    "edit_authority",
    "import_file",
    "merge_authorities",
    "note_headings",
    "propose",
    "request_return",
    "request_taking_back",
    "return_change",
    "split_authority",
    "start_upload",
    "work_on_upload",
]
