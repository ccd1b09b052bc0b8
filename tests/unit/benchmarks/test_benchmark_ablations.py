from __future__ import annotations

import pytest

from benchmarks._ablations import ABLATIONS, ablated
from benchmarks._pipelines import config_of, project_config


@pytest.mark.parametrize("name", ABLATIONS)
def test_each_changes_one_step_of_the_pipeline_and_leaves_the_rest(name: str) -> None:
    whole, part = (config_of(n, seed=0)["pipeline"] for n in ("project", name))
    kept = {step["name"]: step for step in part}
    changed = [step for step in whole if kept.get(step["name"]) != step]
    assert len(changed) == 1
    assert len(part) in (len(whole), len(whole) - 1)


def test_options_are_ones_that_the_component_knows() -> None:
    from rasa.shared.utils.common import class_from_module_path

    for name in ABLATIONS:
        for step in config_of(name, seed=0)["pipeline"]:
            known = class_from_module_path(step["name"]).get_default_config()
            assert set(step) - {"name"} <= set(known)


def test_a_part_that_is_not_there_cannot_be_taken_out() -> None:
    config = project_config()
    config["pipeline"] = config["pipeline"][1:]
    with pytest.raises(ValueError, match="no IntentNames"):
        ablated(config, "without-names")
