"""Small values that many messages share.

What is checked, by `characters` and `currencies` for instance, is explained to people by `problems`.
"""

from shared.contract.values.instants import *
from shared.contract.values.numbers import *
from shared.contract.values.people import *
from shared.contract.values.references import *
from shared.contract.values.taxonomy import *
from shared.contract.values.texts import *
from shared.contract.values.vocabulary import *
