"""Why a file is not received."""


class Unfit(ValueError):
    """The end of a French sentence whose subject is the file: « contient des macros : … »."""


DAMAGED = "est abîmé ou incomplet\u00a0: enregistrez-le de nouveau, puis recommencez."
TWO_IN_ONE = (
    "cache un autre fichier à la suite de son contenu\u00a0: il est refusé. Demandez un nouvel "
    "export à qui vous l’a remis."
)
TOO_LARGE_ONCE_UNPACKED = "se déploierait en un volume démesuré\u00a0: il est refusé."
