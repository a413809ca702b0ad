"""What the readers' pages do beyond the deeds of the apps below."""

from tangthu.opac.actions.codes import send_code

__all__ = ["send_code"]
