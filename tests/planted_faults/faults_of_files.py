"""Faults in what is read and written: folders of results, files of records, tables, scenarios."""

from .fault import Fault

OF_FILES = (
    Fault(
        "only new files are taken back",
        "gamelab/report/swap.py",
        "if os.path.lexists(stage / OLD / name):",
        'if name in plan["fresh"] and os.path.lexists(stage / OLD / name):',
        "after a failure some older results are gone",
        ("tests/report/test_swap.py::test_a_run_that_ends_at_any_step_leaves_the_older_set_or_the_new_one",),
    ),
    Fault(
        "all leftovers are finished",
        "gamelab/report/swap.py",
        'if (stage / FORWARD).exists() and may_stand(folder, _plan(stage / FORWARD)["files"]):',
        "if (stage / FORWARD).exists():",
        "a killed run's files replace what somebody else has put there since",
        ("tests/report/test_swap.py::test_what_a_killed_run_cannot_finish_any_more_is_undone",),
    ),
    Fault(
        "everything is ours",
        "gamelab/report/folder.py",
        "return not head or (mark is not None and mark in head)",
        "return not head or mark is not None",
        "a home page of somebody else is replaced",
        ("tests/report/test_folder.py::test_files_of_others_are_not_replaced",),
    ),
    Fault(
        "unfinished records take the name",
        "gamelab/model/record_files.py",
        "elif complete or not self.place.exists():",
        "elif complete or self.rows:",
        "an interrupt replaces an older file of records by half a new one",
        ("tests/model/test_record_files.py::test_an_interrupt_does_not_replace_an_older_file",),
    ),
    Fault(
        "links out of the folder",
        "gamelab/scenario/files.py",
        "(folder / name).resolve().is_relative_to(folder.resolve())",
        "(folder / name).absolute().is_relative_to(folder.absolute())",
        "a stranger's scenario reads other files of the reader through a link",
        ("tests/scenario/test_assembly.py::test_a_scenario_names_files_in_its_own_folder_only",),
    ),
    Fault(
        "apostrophes do not come back",
        "gamelab/frames.py",
        'return cell[1:] if cell[:1] == "\'" and guarded(cell[1:]) == cell else cell',
        'return cell[1:] if cell[:1] == "\'" else cell',
        "a name that begins with an apostrophe is read without it",
        ("tests/test_frames.py::test_what_it_would_not_stays",),
    ),
)
