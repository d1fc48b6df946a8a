"""Tables of the authority file: authorities with their forms and relations, their history, changes on their way."""

from lienthu.authorities.models.changes import Change, ChangedRecord, ChangeKind, ChangeState, RecordState
from lienthu.authorities.models.file import Authority, Form, Kind, Relation, RelationKind, Status
from lienthu.authorities.models.history import Deed, HeadingName, Proposal, ProposalState, Revision
from lienthu.authorities.models.uploads import Upload, UploadLeft, UploadState

__all__ = [
    "Authority",
    "Change",
    "ChangeKind",
    "ChangeState",
    "ChangedRecord",
    "Deed",
    "Form",
    "HeadingName",
    "Kind",
    "Proposal",
    "ProposalState",
    "RecordState",
    "Relation",
    "RelationKind",
    "Revision",
    "Status",
    "Upload",
    "UploadLeft",
    "UploadState",
]
