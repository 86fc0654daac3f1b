"""All faults, room by room."""

from .faults_of_files import OF_FILES
from .faults_of_games import OF_GAMES
from .faults_of_play import OF_PLAY
from .faults_of_results import OF_RESULTS
from .faults_of_simulation import OF_SIMULATION
from .faults_of_solving import OF_SOLVING

FAULTS = (*OF_GAMES, *OF_PLAY, *OF_SOLVING, *OF_SIMULATION, *OF_RESULTS, *OF_FILES)
