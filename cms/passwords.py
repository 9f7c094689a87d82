"""What a password must be, in words of the house where Django's own have no Chinese."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext


class LongEnough(MinimumLengthValidator):
    """Django's rule of length."""

    def get_error_message(self) -> str:
        return gettext("密码太短，至少 %(count)s 位。请加长。") % {"count": self.min_length}
